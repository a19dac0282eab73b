"""The look before a restriction shows what the restriction then does, with all that follows from closing a source."""

import pytest
from sqlalchemy.orm import Session

from tests.support.drafts import found, minimal, record, victim, with_victims
from tests.support.restricting import COARSER, NAME, WITHOUT_WIRE, all_versions, amend, public, restrict, save
from tracker import publication
from tracker.publication.gate import without_history
from tracker.publication.less import MARK
from tracker.publication.restricting import Restriction, look
from tracker.registry import operations
from tracker.registry.mapping import draft_of
from tracker.registry.models import Incident, Source, Topic
from tracker.registry.operations import Refused

WITHOUT_REPORT = Restriction(sources=frozenset({"report"}))
SHORTER = Restriction(texts={"summary.en": "A colleague were beaten."})


def record_again(session: Session, key: str) -> None:
    twin = draft_of(found(session, Source, key)).model_copy(update={"key": "twin"})
    operations.record_many(session, [twin], by="monitor")


@pytest.mark.parametrize("waits", [False, True], ids=["", "waiting"])
@pytest.mark.parametrize(
    "restriction",
    [NAME, WITHOUT_WIRE, COARSER, WITHOUT_REPORT, SHORTER],
    ids=["name", "source", "place", "proof", "text"],
)
def test_the_look_shows_the_very_record_that_the_restriction_leaves(
    session: Session, full: Incident, restriction: Restriction, waits: bool
) -> None:
    if waits:
        amend(session, full, title={"en": "New words"})
    before = all_versions(session)
    shown, problems = look(session, full, restriction)
    assert problems == []
    assert not [*session.new, *session.dirty, *session.deleted]
    assert all_versions(session) == before
    restrict(session, full, restriction)
    assert without_history(public(session, full)) == without_history(shown)


def test_a_name_that_only_the_closed_source_proves_is_gone_in_the_look(session: Session, full: Incident) -> None:
    shown, _problems = look(session, full, WITHOUT_REPORT)
    assert shown["acts"][0]["victims"][0]["name"] is None
    assert shown["summary"]["en"].startswith(f"{MARK} and a colleague")
    assert [source["title"] for source in shown["sources"]] == ["Crews attacked in the capital"]


def test_the_look_counts_every_record_of_a_source_as_closed(session: Session) -> None:
    record_again(session, "wire")
    both = [{"source": "wire"}, {"source": "twin"}, {"source": "report"}]
    made = record(session, minimal(sources=both))[0]
    publication.publish(session, made, by="editor")
    shown, problems = look(session, made, WITHOUT_WIRE)
    assert (problems, shown["confidential_sources"], len(shown["sources"])) == ([], 2, 1)
    restrict(session, made, WITHOUT_WIRE)
    assert without_history(public(session, made)) == without_history(shown)


@pytest.mark.parametrize("restriction", [NAME, WITHOUT_REPORT], ids=["name", "proof"])
def test_the_look_says_what_would_refuse_the_restriction(
    session: Session, full: Incident, restriction: Restriction
) -> None:
    save(session, Topic, "election", summary={"en": "Aida Testova was beaten."})
    topic = found(session, Topic, "election")
    publication.refresh(session, publication.affected(session, topic), by="editor", entity=topic)
    _shown, problems = look(session, full, restriction)
    assert [problem.message for problem in problems] == ["tells a name that is withheld in incident full"]
    with pytest.raises(Refused) as refused, session.begin_nested():
        restrict(session, full, restriction)
    assert [(p.message, p.value) for p in refused.value.problems] == [(p.message, p.value) for p in problems]


def test_the_look_says_what_another_incident_would_still_tell(session: Session, full: Incident) -> None:
    proven = [{"source": "wire"}, {"source": "report", "locator": "by Bakyt Proberov"}]
    other = with_victims(victim("bakyt", name_published_in=["wire"]), key="other", sources=proven)
    publication.publish(session, record(session, other)[0], by="editor")
    _shown, problems = look(session, full, WITHOUT_WIRE)
    assert [(p.where, p.message) for p in problems] == [
        ("KGZ-2020-0002.sources[0].locator", "tells a name that is withheld")
    ]
    with pytest.raises(Refused), session.begin_nested():
        restrict(session, full, WITHOUT_WIRE)
    assert not found(session, Source, "wire").confidential
