"""An ordinary publication looks back: what it withholds goes from what was told before, in topics too."""

import pytest
from sqlalchemy.orm import Session

from tests.support.drafts import draft, found, minimal, record, rich, victim, with_victims
from tests.support.restricting import NAME, TOLD, all_versions, amend, public, restrict, save
from tracker import publication
from tracker.dataset import store
from tracker.dataset.fields import Kind
from tracker.publication import Gate, merging
from tracker.registry import operations
from tracker.registry.drafts import NameDraft, TopicDraft
from tracker.registry.mapping import snapshot
from tracker.registry.merges import merges_of
from tracker.registry.models import Incident, Person, Source, Topic
from tracker.registry.operations import Refused

SILENT = with_victims(victim("aida", naming="withheld", name_published_in=[]), key="told", topics=["election"],
                      summary={"en": "One was beaten.", "ru": "Одна избита."})  # fmt: skip


def topic_says(session: Session, words: str) -> Topic:
    """Save another summary of the topic."""
    topic = found(session, Topic, "election")
    said = draft(TopicDraft, {**snapshot(topic), "summary": {"en": words}})
    assert operations.amend(session, topic, said, by="staff:anna")
    return topic


def in_outspoken_topic(session: Session) -> Incident:
    """A public incident whose topic tells a name too."""
    made = record(session, TOLD | {"topics": ["election"]})[0]
    topic_says(session, "Aida Testova was beaten.")
    publication.publish(session, made, by="editor")
    return made


# Names that somebody had before.


def test_a_text_that_tells_a_former_name_of_somebody_withheld_is_not_published(session: Session) -> None:
    save(session, Person, "aida", name="Mira Otherova", other_names=[])
    made = record(session, SILENT | {"summary": {"en": "Aida Testova was beaten."}})[0]
    with pytest.raises(Refused, match=r"summary\.en: tells a name that is withheld"):
        publication.publish(session, made, by="editor")
    assert [problem.where for problem in publication.problems(session, made)] == ["summary.en"]


def test_nor_is_one_that_tells_the_name_of_whoever_was_merged_into_them(session: Session) -> None:
    merging.merge(session, found(session, Person, "aida"), found(session, Person, "bakyt"), by="editor", names=False)
    made = record(session, SILENT | {"summary": {"en": "Proberov was beaten."}})[0]
    with pytest.raises(Refused, match="tells a name that is withheld"):
        publication.publish(session, made, by="editor")


def test_a_topic_that_tells_a_former_name_is_not_published_either(session: Session) -> None:
    save(session, Person, "aida", name="Mira Otherova", other_names=[])
    topic_says(session, "Aida Testova was beaten.")
    made = record(session, SILENT)[0]
    with pytest.raises(Refused, match="tells a name that is withheld in incident told"):
        publication.publish(session, made, by="editor")


def test_what_somebody_else_is_called_who_is_named_may_be_told_though_a_merge_lent_it_by_mistake(
    session: Session,
) -> None:
    aida, bakyt = found(session, Person, "aida"), found(session, Person, "bakyt")
    merging.merge(session, aida, bakyt, by="editor")
    merging.undo(session, merges_of(session, aida)[0], by="editor")
    both = with_victims(victim("aida", naming="withheld", name_published_in=[]), victim("bakyt"))
    made = record(session, both | {"summary": {"en": "Bakyt Proberov was beaten."}})[0]
    publication.publish(session, made, by="editor")
    assert public(session, made)["summary"] == {"en": "Bakyt Proberov was beaten."}


# Somebody of whom the incident no longer says who it is.

SOMEBODY = {"kind": "person", "naming": "withheld"}
STRANGER = with_victims(SOMEBODY, key="told", topics=["election"])


def test_a_text_does_not_go_on_telling_the_name_of_whoever_was_taken_out_of_the_record(session: Session) -> None:
    made = record(session, TOLD)[0]
    publication.publish(session, made, by="editor")
    amend(session, made, **STRANGER | {"summary": {"en": "Aida Testova was beaten."}})
    with pytest.raises(Refused, match=r"summary\.en: tells a name that is withheld"):
        publication.publish(session, made, by="editor")
    assert [problem.where for problem in publication.problems(session, made)] == ["summary.en"]
    amend(session, made, **STRANGER | {"summary": {"en": "One was beaten."}})
    publication.publish(session, made, by="editor")
    assert "Testova" not in all_versions(session)


def test_whoever_is_still_named_in_the_record_may_stand_in_its_texts(session: Session) -> None:
    made = record(session, TOLD)[0]
    publication.publish(session, made, by="editor")
    both = with_victims(victim("aida"), SOMEBODY, key="told")
    amend(session, made, **both | {"topics": ["election"], "summary": {"en": "Aida Testova and one more were beaten."}})
    publication.publish(session, made, by="editor")
    assert public(session, made)["summary"]["en"].startswith("Aida Testova")


# The versions before.


def test_a_former_name_goes_from_the_versions_before_once_its_bearer_is_withheld(session: Session) -> None:
    made = record(session, TOLD)[0]
    publication.publish(session, made, by="editor")
    save(session, Person, "aida", name="Mira Otherova", other_names=[])
    amend(session, made, **SILENT)
    publication.publish(session, made, by="editor")
    assert "Testova" not in all_versions(session)


def test_a_name_goes_from_a_version_before_the_last_when_its_bearer_is_recorded_as_withheld(session: Session) -> None:
    made = record(session, minimal(summary={"en": "Bakyt Proberov saw it."}))[0]
    publication.publish(session, made, by="editor")
    amend(session, made, summary={"en": "Somebody saw it."})
    publication.publish(session, made, by="editor")
    assert "Proberov" in all_versions(session)
    withheld = victim("bakyt", naming="withheld", name_published_in=[])
    amend(session, made, acts=[{"violation": "assault", "victims": [withheld]}])
    publication.publish(session, made, by="editor")
    assert "Proberov" not in all_versions(session)
    assert public(session, made)["summary"] == {"en": "Somebody saw it."}


def test_a_new_name_of_somebody_withheld_goes_from_the_past_of_a_record_that_says_the_same(session: Session) -> None:
    made = record(session, SILENT | {"summary": {"en": "The Fox was beaten."}})[0]
    publication.publish(session, made, by="editor")
    amend(session, made, summary={"en": "Somebody was beaten."})
    publication.publish(session, made, by="editor")
    save(session, Person, "aida", other_names=[NameDraft(name="The Fox")])
    aida, before = found(session, Person, "aida"), public(session, made)["revision"]
    publication.refresh(session, publication.affected(session, aida), by="editor", entity=aida)
    assert "Fox" not in all_versions(session)
    publication.refresh(session, publication.affected(session, aida), by="editor", entity=aida)
    assert public(session, made)["revision"] == before + 1


# Topics.


def test_a_restriction_takes_a_name_from_the_past_of_a_topic(session: Session) -> None:
    made = in_outspoken_topic(session)
    Gate(session, by="editor").publish_entities([topic_says(session, "A disputed vote.")])
    restrict(session, made, NAME)
    assert "Testova" not in all_versions(session)
    assert "A disputed vote." in all_versions(session)


def test_a_publication_takes_it_from_there_too(session: Session) -> None:
    made = in_outspoken_topic(session)
    topic_says(session, "A disputed vote.")
    amend(session, made, **SILENT)
    publication.publish(session, made, by="editor")
    assert "Testova" not in all_versions(session)
    assert "A disputed vote." in all_versions(session)


def test_so_does_a_new_incident_that_withholds_somebody(session: Session) -> None:
    Gate(session, by="editor").publish_entities([topic_says(session, "Aida Testova was beaten.")])
    Gate(session, by="editor").publish_entities([topic_says(session, "A disputed vote.")])
    publication.publish(session, record(session, SILENT)[0], by="editor")
    assert "Testova" not in all_versions(session)


@pytest.mark.parametrize("restricting", [True, False], ids=["restricted", "published"])
def test_a_name_goes_from_the_past_of_a_topic_that_the_incident_has_left_since(
    session: Session, restricting: bool
) -> None:
    made = in_outspoken_topic(session)
    Gate(session, by="editor").publish_entities([topic_says(session, "A disputed vote.")])
    amend(session, made, topics=[])
    publication.publish(session, made, by="editor")
    if restricting:
        restrict(session, made, NAME)
    else:
        amend(session, made, **SILENT | {"topics": []})
        publication.publish(session, made, by="editor")
    assert "Testova" not in all_versions(session)


def test_a_source_that_proves_the_name_in_another_incident_is_not_withheld_while_its_topic_tells_the_name(
    session: Session, full: Incident
) -> None:
    in_outspoken_topic(session)
    save(session, Source, "report", confidential=True)
    report = found(session, Source, "report")
    with pytest.raises(Refused, match="tells a name that is withheld"):
        publication.refresh(session, publication.affected(session, report), by="editor", entity=report)


# Sources that are confidential by now, whatever they were called.


def test_a_source_goes_from_all_versions_of_what_is_published_though_it_was_retitled_meanwhile(
    session: Session,
) -> None:
    made = record(session, rich("full"))[0]
    publication.publish(session, made, by="editor")
    save(session, Source, "wire", confidential=True, title="Another title")
    amend(session, made, title={"en": "New words"})
    publication.publish(session, made, by="editor")
    assert "Agency" not in all_versions(session)


def test_an_open_source_that_is_merged_into_a_confidential_one_goes_from_everywhere(session: Session) -> None:
    once, full = record(session, minimal("once", sources=[{"source": "wire"}, {"source": "report"}]), rich("full"))
    Gate(session, by="editor").publish([once, full])
    amend(session, once, sources=[{"source": "report"}])
    publication.publish(session, once, by="editor")
    merging.merge(session, found(session, Source, "insider"), found(session, Source, "wire"), by="editor")
    assert "Agency" not in all_versions(session)
    assert store.current(session, Kind.INCIDENT, once.id) is not None
