"""Saying less, at once: what may change under a restriction, and that nothing that waits gets out with it."""

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.support.desk import Desk
from tests.support.drafts import found, minimal, record, rich
from tests.support.leaks import hits, public_dump
from tests.support.restricting import (
    COARSER,
    NAME,
    TOLD,
    WITHOUT_WIRE,
    amend,
    public,
    public_records,
    restrict,
    save,
)
from tracker import publication
from tracker.dataset import store
from tracker.dataset.fields import Kind
from tracker.dataset.models import PublicVersion
from tracker.db import Database
from tracker.publication.less import MARK, only_without, tells_more, without
from tracker.publication.published import published_text
from tracker.publication.restricting import Restriction, edit_problems, restrict_public
from tracker.registry import operations, upkeep
from tracker.registry.drafts import PersonDraft
from tracker.registry.mapping import draft_of
from tracker.registry.models import Entity, Incident, Outlet, Person, Revision, Source, Topic
from tracker.registry.operations import Refused, Stale
from tracker.vocabulary import PlacePrecision, Status

# Taking words out.


@pytest.mark.parametrize(
    ("words", "less"),
    [
        ("Aida Testova was beaten.", "[…] was beaten."),
        ("They beat Testova; AIDA fled.", "They beat […]; […] fled."),
        ("Testova's camera", "[…]'s camera"),
        ("Аи\u0306да Тестова", "[…]"),
        ("Aidana was there.", "Aidana was there."),
        ("Аида Тестова избита", "[…] избита"),
    ],
)
def test_a_mark_stands_wherever_a_name_stood(words: str, less: str) -> None:
    assert without(words, ["Aida Testova", "Аида Тестова"]) == less
    assert only_without(words, less)


def test_a_part_that_a_public_name_shares_stays() -> None:
    assert (
        without("Bakyt Proberov and Dina Proberov", ["Bakyt Proberov"], ["Dina Proberov"])
        == f"{MARK} and Dina Proberov"
    )


def test_a_short_name_is_found_only_whole() -> None:
    assert without("Li went to Li Na's house.", ["Li Na"]) == f"Li went to {MARK}'s house."
    assert without("記者李娜被打", ["李娜"]) == f"記者{MARK}被打"


@pytest.mark.parametrize("more", ["A man was beaten", "beaten was Aida", "Aida Testova was beaten badly"])
def test_words_can_only_be_taken_out(more: str) -> None:
    assert not only_without("Aida Testova was beaten", more)
    assert edit_problems({"title.en": "Aida Testova was beaten"}, {"title.en": more})


def test_a_record_tells_no_more_than_itself_and_less_than_one_that_tells_something_else(
    session: Session, told: Incident
) -> None:
    old = public(session, told)
    assert tells_more(old, old) == []
    for name, value in {"title": {"en": "Other words"}, "verification": "confirmed", "covering": ["elections"]}.items():
        assert tells_more(old, {**old, name: value}) != [], name
    assert tells_more(old, {**old, "summary": {}, "acts": [], "sources": []}) == []
    finer = {**old["place"], "precision": "locality", "generalised": False, "latitude": 1.0}
    assert tells_more(old, {**old, "place": finer}) != []


# What can be withheld.


def test_a_name_goes_from_the_record_its_texts_and_all_its_versions(session: Session, told: Incident) -> None:
    amend(session, told, verification="confirmed")
    publication.publish(session, told, by="editor")
    restrict(session, told, NAME)
    record_now = public(session, told)
    assert record_now["acts"][0]["victims"][0]["naming"] == "withheld"
    assert record_now["title"] == {"en": f"{MARK} is beaten"}
    assert record_now["summary"] == {"en": f"{MARK} was beaten at Old Square.\n\nShe left.", "ru": f"{MARK} избита."}
    past = session.scalars(select(PublicVersion.json).where(PublicVersion.record_id == told.id)).all()
    assert [text is None for text in past] == [True, True, False]
    assert upkeep.is_wanted(session, upkeep.PURGE)


def test_an_account_goes_with_the_consent_to_publish_it(session: Session, told: Incident) -> None:
    restrict(session, told, Restriction(accounts=frozenset({"aida"})))
    shown = public(session, told)["acts"][0]["victims"][0]
    assert (shown["harm"], shown["followed"], shown["name"]) == (None, [], "Aida Testova")
    assert told.acts[0].victims[0].consent_publish_account == "withdrawn"


def test_a_place_becomes_coarser_and_never_finer(session: Session, told: Incident) -> None:
    restrict(session, told, Restriction(precision=PlacePrecision.LOCALITY))
    place = public(session, told)["place"]
    assert (place["precision"], place["venue"], place["generalised"]) == ("locality", None, True)
    assert "Old Square" not in str(public(session, told))
    with pytest.raises(Refused, match="nothing would be withheld"):
        restrict(session, told, Restriction(precision=PlacePrecision.STREET))


def test_a_source_becomes_confidential_and_what_hung_on_it_goes_too(session: Session, told: Incident) -> None:
    other = record(session, minimal("other"))[0]
    publication.publish(session, other, by="editor")
    restrict(session, told, Restriction(sources=frozenset({"report"})))
    for made in (told, other):
        assert (public(session, made)["sources"], public(session, made)["confidential_sources"]) == ([], 1)
    # The name was public by that source alone.
    assert "Testova" not in str(public(session, told))


def test_words_are_taken_out_by_hand_too(session: Session, told: Incident) -> None:
    restrict(session, told, Restriction(texts={"summary.en": "Aida Testova was beaten."}))
    assert public(session, told)["summary"]["en"] == "Aida Testova was beaten."
    with pytest.raises(Refused, match="would tell more"):
        restrict(session, told, Restriction(texts={"summary.en": "She was beaten by three men."}))


@pytest.mark.parametrize("restriction", [Restriction(), Restriction(names=frozenset({"bakyt"}))], ids=["none", "other"])
def test_a_restriction_of_nothing_is_refused(session: Session, told: Incident, restriction: Restriction) -> None:
    with pytest.raises(Refused, match="nothing would be withheld"):
        restrict(session, told, restriction)


def test_a_restriction_of_what_is_not_public_or_has_changed_is_refused(session: Session, told: Incident) -> None:
    with pytest.raises(Stale):
        restrict_public(session, told, NAME, by="editor", why="asked", expected_version=1)
    with pytest.raises(Refused):
        restrict(session, record(session, minimal())[0], NAME)


# What waits goes on waiting.


def test_changes_that_wait_do_not_get_out_with_a_restriction_and_are_restricted_too(
    session: Session, told: Incident
) -> None:
    amend(session, told, title={"en": "Aida Testova: new words"}, verification="confirmed")
    restrict(session, told, NAME)
    assert public(session, told)["title"] == {"en": f"{MARK} is beaten"}
    assert public(session, told)["verification"] is None
    assert (told.status, told.stage) == (Status.PUBLISHED, Status.IN_REVIEW)
    assert told.title == {"en": f"{MARK}: new words"}
    assert told.acts[0].victims[0].naming == "withheld"
    actions = [revision.action for revision in operations.revisions(session, told)]
    assert actions == ["record", "publish", "amend", "restrict", "publish", "reapply"]
    assert told.version == operations.revisions(session, told)[-1].number
    assert published_text(session, told).title == {"en": f"{MARK} is beaten"}


# What was saved of the records that an incident names goes on waiting too, and stands in the way of nothing.


@pytest.mark.parametrize("restriction", [NAME, WITHOUT_WIRE, COARSER], ids=["name", "source", "place"])
@pytest.mark.parametrize(
    ("model", "key", "known"),
    [
        (Outlet, "herald", {"name": "SAVED"}),
        (Outlet, "herald", {"website": "https://saved.example.org", "country": "RU"}),
        (Topic, "election", {"title": {"en": "SAVED"}}),
        (Topic, "election", {"summary": {"en": "SAVED"}}),
        (Source, "report", {"title": "SAVED"}),
        (Source, "report", {"archived_url": "https://saved.example.org"}),
        (Source, "insider", {"confidential": False, "title": "SAVED"}),
        (Person, "aida", {"name": "Saved Otherova"}),
    ],
)
def test_what_was_saved_of_a_named_record_does_not_get_out_with_a_restriction_and_does_not_hinder_it(
    session: Session,
    full: Incident,
    model: type[Entity],
    key: str,
    known: dict[str, Any],
    restriction: Restriction,
) -> None:
    before = public(session, full)
    save(session, model, key, **known)
    restrict(session, full, restriction)
    told = str(public_records(session))
    assert "saved" not in told.lower()
    assert "Somebody inside" not in told
    after = public(session, full)
    assert (after["outlets"], after["topics"]) == (before["outlets"], before["topics"])
    closed = 1 if restriction is WITHOUT_WIRE else 0
    assert len(after["sources"]) == len(before["sources"]) - closed
    assert after["confidential_sources"] == before["confidential_sources"] + closed
    assert all(getattr(found(session, model, key), name) == value for name, value in known.items())


def test_a_name_under_which_readers_know_somebody_is_withheld_though_another_was_saved_since(
    session: Session, told: Incident
) -> None:
    save(session, Person, "aida", name="Saved Otherova", other_names=[])
    restrict(session, told, NAME)
    assert public(session, told)["title"] == {"en": f"{MARK} is beaten"}
    assert "Testova" not in str(public_records(session))


def test_a_source_that_was_made_confidential_but_not_taken_from_readers_goes_with_any_restriction(
    session: Session, full: Incident
) -> None:
    save(session, Source, "wire", confidential=True)
    restrict(session, full, COARSER)
    assert "Agency" not in str(public(session, full))


def test_a_source_that_becomes_confidential_goes_from_every_topic_and_incident_and_nothing_else_gets_out(
    session: Session, full: Incident
) -> None:
    other = record(session, minimal("other", sources=[{"source": "wire"}, {"source": "report"}],
                                    topics=["election"]))[0]  # fmt: skip
    publication.publish(session, other, by="editor")
    mine = record(session, minimal("mine", sources=[{"source": "wire"}, {"source": "report"}]))[0]
    publication.publish(session, mine, by="editor")
    save(session, Topic, "election", summary={"en": "SAVED"})
    save(session, Source, "report", title="SAVED")
    save(session, Source, "wire", title="Another title")
    restrict(session, mine, WITHOUT_WIRE)
    everything = str(public_records(session))
    assert "Agency" not in everything
    assert "SAVED" not in everything
    topic = store.current(session, Kind.TOPIC, full.topics[0].id)
    assert topic is not None
    assert [each["title"] for each in topic.record["sources"]] == ["Attacks on the press"]
    assert (topic.record["timeline"][0]["sources"], topic.record["follow_ups"][0]["sources"]) == ([1], [])
    past = session.scalars(select(PublicVersion.json).where(PublicVersion.kind == Kind.TOPIC)).all()
    assert [json is None for json in past] == [True, False]


def test_a_new_name_reaches_public_records_without_the_changes_that_wait(session: Session, told: Incident) -> None:
    amend(session, told, title={"en": "New words"}, summary={})
    aida = found(session, Person, "aida")
    operations.amend(session, aida, PersonDraft(key="aida", name="Aida Otherova"), by="editor")
    assert publication.affected(session, aida) == [told]
    publication.refresh(session, publication.affected(session, aida), by="editor")
    assert public(session, told)["acts"][0]["victims"][0]["name"] == "Aida Otherova"
    assert public(session, told)["title"] == {"en": "Aida Testova is beaten"}
    assert (told.title, told.stage) == ({"en": "New words"}, Status.IN_REVIEW)


def test_an_incident_is_affected_by_what_its_public_text_names_though_what_waits_does_not(
    session: Session, told: Incident
) -> None:
    amend(session, told, acts=minimal()["acts"], title={"en": "Somebody is beaten"}, summary={})
    assert publication.affected(session, found(session, Person, "aida")) == [told]
    assert publication.affected(session, found(session, Person, "bakyt")) == []


def test_a_source_that_becomes_confidential_restricts_all_public_records_that_show_it(session: Session) -> None:
    made = record(session, rich())[0]
    publication.publish(session, made, by="editor")
    wire = found(session, Source, "wire")
    closed = draft_of(wire).model_copy(update={"confidential": True})
    operations.amend(session, wire, closed, by="editor")
    publication.refresh(session, publication.affected(session, wire), by="editor", entity=wire)
    assert "Agency" not in str(public(session, made))
    topic = store.current(session, Kind.TOPIC, made.topics[0].id)
    assert topic is not None
    assert "Agency" not in str(topic.record)
    assert upkeep.is_wanted(session, upkeep.PURGE)


def test_a_refresh_that_would_tell_what_is_withheld_is_refused_with_the_reference(
    session: Session, told: Incident
) -> None:
    report = found(session, Source, "report")
    operations.amend(
        session, report, draft_of(report).model_copy(update={"confidential": True}), by="editor", action="restrict"
    )
    with pytest.raises(Refused, match=told.reference or ""):
        publication.refresh(session, publication.affected(session, report), by="editor")


def test_what_is_restricted_is_gone_from_every_public_table_on_both_databases(world: Database) -> None:
    with world.write() as session:
        made = record(session, TOLD)[0]
        publication.publish(session, made, by="editor")
        amend(session, made, title={"en": "Aida Testova again"})
    with world.write() as session:
        desk = Desk(session)
        made = found(session, Incident, "told")
        restrict_public(session, made, NAME, by=desk.editor, why="asked", expected_version=made.version)
    assert hits(public_dump(world), ["Testova", "testova"]) == []
    with world.read() as session:
        numbers = session.scalars(select(Revision.number).where(Revision.entity_kind == "incident")).all()
        assert sorted(numbers) == list(range(1, len(numbers) + 1))
    assert publication.purge(world) is True
    with world.read() as session:
        assert not upkeep.is_wanted(session, upkeep.PURGE)


def test_what_was_merged_since_is_named_by_what_stands_for_it_in_the_published_text(
    session: Session, told: Incident
) -> None:
    amend(session, told, title={"en": "New words"})
    merged = ((Person, "aida", "bakyt"), (Source, "report", "wire"))
    for table, gone, kept in merged:
        found(session, table, gone).merged_into = found(session, table, kept).id  # type: ignore[attr-defined]
    text = published_text(session, told)
    assert text.acts[0].victims[0].person == "bakyt"
    assert text.acts[0].victims[0].name_published_in == ["wire"]
    assert [citation.source for citation in text.sources] == ["wire"]
