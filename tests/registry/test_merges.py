"""Making two records one, and taking that back."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.support.drafts import draft, found, incident, minimal, record, rich, settle, victim, with_victims
from tracker.db import Database
from tracker.registry import merges, operations
from tracker.registry.drafts import OutletDraft, PersonDraft, SourceDraft
from tracker.registry.mapping import draft_of, snapshot
from tracker.registry.models import AuditEntry, Entity, Incident, Outlet, Person, Source, Topic
from tracker.registry.operations import Refused, Stale
from tracker.vocabulary import Status, VictimRole

TWIN: dict[str, Any] = {"key": "twin", "name": "Aida Testowa", "other_names": [{"name": "А. Тестова"}]}


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    """A transaction in which the world is recorded, and second records of a person, an outlet and a source."""
    with database.write() as session:
        settle(session)
        operations.record_many(
            session,
            [
                draft(PersonDraft, TWIN),
                draft(OutletDraft, {"key": "herald-2", "name": "Herald KG"}),
                draft(SourceDraft, {"key": "report-2", "type": "ngo_report", "url": "https://example.org/report?x"}),
            ],
            by="m",
        )
        yield session


def of(session: Session, model: type[Entity], kept: str, merged: str) -> tuple[Any, Any]:
    """Two records by their keys."""
    return found(session, model, kept), found(session, model, merged)


def people(made: Incident) -> list[str | None]:
    """The keys of the people in an incident."""
    return [v.person.key if v.person else None for act in made.acts for v in act.victims]


def test_victims_move_to_the_kept_person_in_one_revision_of_each_incident(session: Session) -> None:
    first, other = record(
        session, with_victims(victim("twin"), victim("bakyt"), key="one"), with_victims(victim("aida"), key="two")
    )
    kept, merged = of(session, Person, "aida", "twin")
    merges.merge(session, kept, merged, by="staff:e", why="the same person")
    assert people(first) == ["aida", "bakyt"]
    history = [(r.number, r.action, r.actor, r.why) for r in operations.revisions(session, first)]
    assert history == [(1, "record", "monitor", None), (2, "merge", "staff:e", "the same person")]
    assert (first.version, other.version) == (2, 1)
    assert [(r.number, r.action) for r in operations.revisions(session, merged)] == [(1, "record"), (2, "merge")]
    assert merged.merged_into == kept.id
    entry = session.scalars(select(AuditEntry).where(AuditEntry.event == "merged")).one()
    assert (entry.object_id, entry.detail) == (kept.id, {"merged": merged.id, "touched": 2})


@pytest.mark.parametrize(
    ("names", "expected"), [(True, ["Аида Тестова", "Aida Testowa", "А. Тестова"]), (False, ["Аида Тестова"])]
)
def test_its_names_are_kept_where_somebody_wants_that(session: Session, names: bool, expected: list[str]) -> None:
    kept, merged = of(session, Person, "aida", "twin")
    merges.merge(session, kept, merged, by="e", names=names)
    assert [other["name"] for other in kept.other_names] == expected


def test_a_published_incident_stays_as_it_was_approved(session: Session) -> None:
    made = record(session, with_victims(victim("twin")))[0]
    operations.publish_incident(session, made, by="e")
    merges.merge(session, *of(session, Person, "aida", "twin"), by="e")
    assert (made.status, made.amendment) == (Status.PUBLISHED, None)


def test_sources_move_with_citations_proofs_follow_ups_and_timelines(session: Session) -> None:
    raw = rich()
    raw["sources"].append({"source": "report-2", "supports": ["place", "what"]})
    raw["acts"][0]["victims"][0]["name_published_in"] = ["report-2"]
    raw["follow_ups"][0]["sources"] = ["report-2", "wire"]
    made = record(session, raw)[0]
    topic = found(session, Topic, "election")
    changed = draft_of(topic).model_copy(deep=True)
    changed.timeline[0].sources = ["report-2"]  # type: ignore[attr-defined]
    operations.amend(session, topic, changed, by="e")
    before = snapshot(made), snapshot(topic)
    merges.merge(session, *of(session, Source, "report", "report-2"), by="e")
    now = snapshot(made)
    assert [c["source"] for c in now["sources"]] == ["report", "insider"]
    assert now["sources"][0]["supports"] == ["what", "date", "place"]
    assert now["acts"][0]["victims"][0]["name_published_in"] == ["report"]
    assert now["follow_ups"][0]["sources"] == ["report", "wire"]
    assert snapshot(topic)["timeline"][0]["sources"] == ["report"]
    merge = merges.merges_of(session, found(session, Source, "report"))[0]
    assert merges.undo(session, merge, by="e").left == []
    assert (snapshot(made), snapshot(topic)) == before


def test_undoing_gives_back_exactly_what_was_moved(session: Session) -> None:
    made = record(session, rich(), with_victims({"kind": "outlet", "outlet": "herald-2"}, key="two"))
    kept, merged = of(session, Outlet, "herald", "herald-2")
    before = [snapshot(entity) for entity in (*made, kept, merged)]
    merges.merge(session, kept, merged, by="e")
    assert snapshot(made[1])["acts"][0]["victims"][0]["outlet"] == "herald"
    merge = merges.merges_of(session, merged)[0]
    done = merges.undo(session, merge, by="staff:e")
    assert [snapshot(entity) for entity in (*made, kept, merged)] == before
    assert (done.left, merged.merged_into, merge.undone_by) == ([], None, "staff:e")
    assert merges.merges_of(session, kept) == []
    with pytest.raises(Refused, match="undone already"):
        merges.undo(session, merge, by="e")


def test_undoing_leaves_what_somebody_has_changed_since_and_says_what(session: Session) -> None:
    made = record(session, with_victims(victim("twin"), victim("twin"), key="one"))[0]
    merges.merge(session, *of(session, Person, "aida", "twin"), by="e")
    changed = draft_of(made).model_copy(deep=True)
    changed.acts[0].victims[0].role = VictimRole.EDITOR  # type: ignore[attr-defined]
    operations.amend(session, made, changed, by="e")
    merge = merges.merges_of(session, found(session, Person, "aida"))[0]
    done = merges.undo(session, merge, by="e")
    assert people(made) == ["aida", "twin"]
    assert done.left == [(made, "acts[0].victims[0]")]


def test_what_cannot_be_made_one_is_refused(session: Session) -> None:
    kept, merged = of(session, Person, "aida", "twin")
    for pair in [(kept, kept), (kept, found(session, Outlet, "herald")), (record(session, minimal())[0], kept)]:
        with pytest.raises(Refused):
            merges.merge(session, *pair, by="e")
    with pytest.raises(Stale):
        merges.merge(session, kept, merged, by="e", expected=(1, 7))
    merges.merge(session, kept, merged, by="e", expected=(1, 1))
    with pytest.raises(Refused, match="merged already"):
        merges.merge(session, found(session, Person, "bakyt"), merged, by="e")


def test_a_rich_incident_is_the_same_after_there_and_back(session: Session) -> None:
    made = record(session, rich())[0]
    merges.merge(session, *of(session, Outlet, "herald-2", "herald"), by="e")
    assert snapshot(made) != snapshot_of(rich())
    merges.undo(session, merges.merges_of(session, found(session, Outlet, "herald"))[0], by="e")
    assert draft_of(made) == incident(rich())


def snapshot_of(raw: dict[str, Any]) -> dict[str, Any]:
    """A raw incident as its draft writes it."""
    return incident(raw).model_dump(mode="json")
