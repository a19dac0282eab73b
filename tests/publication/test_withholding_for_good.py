"""What is withheld goes under every name and from every version, and nothing that was saved since stands in its way."""

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy.orm import Session

from tests.support.drafts import Raw, draft, found, minimal, record, victim, with_victims
from tests.support.restricting import (
    COARSER,
    NAME,
    WITHOUT_WIRE,
    all_versions,
    amend,
    public,
    restrict,
    save,
)
from tracker import publication
from tracker.publication import Gate, merging
from tracker.publication.gate import without_history
from tracker.publication.less import MARK
from tracker.publication.restricting import Restriction
from tracker.registry import operations
from tracker.registry.drafts import NameDraft, TopicDraft
from tracker.registry.mapping import draft_of, snapshot
from tracker.registry.merges import merges_of
from tracker.registry.models import Incident, Person, Source, Topic
from tracker.registry.operations import Refused

BOTH: list[Raw] = [{"source": "wire"}, {"source": "report"}]


def other(session: Session, key: str = "other", **known: object) -> Incident:
    """Another public incident."""
    made = record(session, minimal(key, **known))[0]
    publication.publish(session, made, by="editor")
    return made


def rename(session: Session, *, apply: bool) -> None:
    """Have Aida called otherwise alone, for readers too or not yet."""
    save(session, Person, "aida", name="Mira Otherova", other_names=[])
    if apply:
        aida = found(session, Person, "aida")
        publication.refresh(session, publication.affected(session, aida), by="editor", entity=aida)


# Names.


@pytest.mark.parametrize("apply", [True, False], ids=["published", "saved"])
def test_every_name_that_somebody_ever_had_goes_from_the_texts(session: Session, told: Incident, apply: bool) -> None:
    rename(session, apply=apply)
    save(session, Person, "aida", name="Third Name")
    restrict(session, told, NAME)
    assert "Testova" not in all_versions(session)
    assert "Тестова" not in all_versions(session)


def test_so_does_the_name_of_somebody_who_was_merged_into_them(session: Session, told: Incident) -> None:
    aida, bakyt = found(session, Person, "aida"), found(session, Person, "bakyt")
    merging.merge(session, bakyt, aida, by="editor", names=False)
    restrict(session, told, Restriction(names=frozenset({"bakyt"})))
    assert "Testova" not in all_versions(session)


def test_a_former_name_in_the_title_of_a_source_is_told_to_whoever_withholds_it(session: Session) -> None:
    save(session, Source, "leaflet", title="Aida Testova beaten")
    made = record(session, with_victims(victim("aida"), sources=[{"source": "leaflet"}, {"source": "report"}]))[0]
    publication.publish(session, made, by="editor")
    rename(session, apply=True)
    with pytest.raises(Refused, match=r"sources\[0\]\.title: tells a name that is withheld"):
        restrict(session, made, NAME)
    restrict(session, made, Restriction(names=NAME.names, sources=frozenset({"leaflet"})))
    assert "Testova" not in all_versions(session)


def test_the_name_of_somebody_else_stays_that_a_merge_lent_them_by_mistake(session: Session) -> None:
    two = with_victims(victim("aida"), victim("bakyt"), title={"en": "Aida Testova and Bakyt Proberov beaten"})
    made = record(session, two)[0]
    publication.publish(session, made, by="editor")
    aida, bakyt = found(session, Person, "aida"), found(session, Person, "bakyt")
    merging.merge(session, aida, bakyt, by="editor")
    merging.undo(session, merges_of(session, aida)[0], by="editor")
    restrict(session, made, NAME)
    assert public(session, made)["title"] == {"en": f"{MARK} and Bakyt Proberov beaten"}


# Sources.


def _by_restricting(session: Session, incident: Incident) -> None:
    restrict(session, incident, WITHOUT_WIRE)


def _by_making_it_confidential(session: Session, _incident: Incident) -> None:
    save(session, Source, "wire", confidential=True)
    wire = found(session, Source, "wire")
    publication.refresh(session, publication.affected(session, wire), by="editor", entity=wire)


either_way = pytest.mark.parametrize("withhold", [_by_restricting, _by_making_it_confidential])
Withholding = Callable[[Session, Incident], None]


@either_way
def test_a_source_goes_from_a_topic_though_what_was_saved_of_the_topic_names_it_no_more(
    session: Session, full: Incident, withhold: Withholding
) -> None:
    _save_without_follow_ups(session)
    withhold(session, full)
    assert "Agency" not in all_versions(session)
    assert "It regrets." in all_versions(session)


@either_way
def test_a_source_goes_from_earlier_versions_that_named_it(
    session: Session, full: Incident, withhold: Withholding
) -> None:
    Gate(session, by="editor").publish_entities([_save_without_follow_ups(session)])
    once = other(session, sources=BOTH)
    amend(session, once, sources=[{"source": "report"}])
    publication.publish(session, once, by="editor")
    retitled = other(session, "retitled", sources=BOTH)
    amend(session, retitled, verification="confirmed")
    publication.publish(session, retitled, by="editor")
    before = public(session, once)
    save(session, Source, "wire", title="Another title")
    withhold(session, full)
    assert "Agency" not in all_versions(session)
    after = public(session, once)
    assert after["revision"] == before["revision"] + 1
    assert without_history(after) == without_history(before)


def _save_without_follow_ups(session: Session) -> Topic:
    topic = found(session, Topic, "election")
    less = draft(TopicDraft, {**snapshot(topic), "follow_ups": []})
    assert operations.amend(session, topic, less, by="staff:anna")
    return topic


def test_a_source_goes_though_it_was_made_confidential_before_and_readers_still_saw_it(
    session: Session, full: Incident
) -> None:
    other(session, sources=BOTH)
    save(session, Source, "wire", confidential=True)
    restrict(session, full, WITHOUT_WIRE)
    assert "Agency" not in all_versions(session)


def test_a_source_goes_with_all_that_was_told_of_one_that_was_merged_into_it(session: Session, full: Incident) -> None:
    other(session, sources=BOTH)
    merging.merge(session, found(session, Source, "leaflet"), found(session, Source, "wire"), by="editor")
    restrict(session, full, Restriction(sources=frozenset({"leaflet"})))
    assert "Agency" not in all_versions(session)
    assert "A leaflet" not in all_versions(session)


def test_a_source_goes_from_an_incident_of_which_changes_wait_and_they_do_not_get_out(
    session: Session, full: Incident
) -> None:
    once = other(session, sources=BOTH)
    amend(session, once, sources=[{"source": "report"}], title={"en": "WAITS"}, related=["full"])
    restrict(session, full, WITHOUT_WIRE)
    assert "Agency" not in all_versions(session)
    assert "WAITS" not in all_versions(session)
    assert public(session, once)["related"] == []
    assert once.title == {"en": "WAITS"}


@either_way
def test_a_source_that_was_recorded_twice_goes_with_all_that_its_other_record_told(
    session: Session, full: Incident, withhold: Withholding
) -> None:
    once = other(session, sources=[{"source": _wire_recorded_again(session)}, {"source": "report"}])
    amend(session, once, title={"en": "New words"})
    publication.publish(session, once, by="editor")
    withhold(session, full)
    assert "Agency" not in all_versions(session)
    assert public(session, once)["confidential_sources"] == 1


def test_so_does_a_name_that_only_its_other_record_proves(session: Session, full: Incident) -> None:
    proving = _wire_recorded_again(session)
    named = [{"violation": "assault", "victims": [victim("bakyt", name_published_in=[proving])]}]
    other(session, sources=[{"source": proving}, {"source": "report"}], acts=named)
    restrict(session, full, WITHOUT_WIRE)
    assert "Proberov" not in all_versions(session)


def _wire_recorded_again(session: Session) -> str:
    twin = draft_of(found(session, Source, "wire")).model_copy(update={"key": "twin", "accessed_on": date(2020, 11, 3)})
    operations.record_many(session, [twin], by="monitor")
    return "twin"


def test_another_source_of_the_same_publisher_stays(session: Session, full: Incident) -> None:
    of_agency = draft_of(found(session, Source, "wire")).model_copy(update={"key": "more", "title": "Another story"})
    operations.record_many(session, [of_agency], by="monitor")
    once = other(session, sources=[{"source": "more"}])
    restrict(session, full, WITHOUT_WIRE)
    assert [each["title"] for each in public(session, once)["sources"]] == ["Another story"]


# What was saved hinders nothing, and what is only related does not come out.


@pytest.mark.parametrize("known", [{"confidential": True}, {"url": None, "title": None}], ids=["confidential", "lost"])
def test_a_source_that_proves_no_name_any_more_hinders_no_restriction_and_the_name_goes(
    session: Session, told: Incident, known: dict[str, object]
) -> None:
    save(session, Source, "report", **known)
    restrict(session, told, COARSER)
    assert "Testova" not in all_versions(session)


@pytest.mark.parametrize("restriction", [NAME, WITHOUT_WIRE, COARSER], ids=["name", "source", "place"])
@pytest.mark.parametrize("name", ["Bakyt Herald", "An election"])
def test_a_new_name_of_somebody_withheld_hinders_no_restriction_where_it_stood_before(
    session: Session, full: Incident, restriction: Restriction, name: str
) -> None:
    also = with_victims(victim("bakyt", naming="withheld", name_published_in=[], outlet="herald"),
                        key="also", sources=BOTH, topics=["election"])  # fmt: skip
    publication.publish(session, record(session, also)[0], by="editor")
    save(session, Person, "bakyt", other_names=[NameDraft(name=name)])
    before = public(session, full)
    restrict(session, full, restriction)
    assert public(session, full)["revision"] == before["revision"] + 1


def test_a_relation_that_waits_does_not_come_out_with_what_becomes_of_the_other_incident(
    session: Session, full: Incident
) -> None:
    naming = other(session)
    later = record(session, minimal("later"))[0]
    amend(session, naming, related=["full", "later"])
    restrict(session, full, COARSER)
    publication.publish(session, later, by="editor")
    assert public(session, naming)["related"] == []
    publication.publish(session, naming, by="editor")
    assert public(session, naming)["related"] == [full.reference, later.reference]
    amend(session, naming, title={"en": "New words"})
    publication.withdraw(session, later, by="editor", why="wrong")
    assert public(session, naming)["related"] == [full.reference]
