"""That an import publishes and changes nothing that the staff have taken into their workflow or made say less."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.importing.material import file_of, imported, incident, meaning
from tests.support.desk import AMENDED, WAY, Desk
from tracker.db import Database
from tracker.importing import load
from tracker.importing.report import Report
from tracker.publication.restricting import Restriction, restrict_public
from tracker.registry import operations
from tracker.registry.mapping import draft_of
from tracker.registry.models import Incident, Source
from tracker.vocabulary import Status
from tracker.vocabulary.staff import Action

FIRST = file_of()
NEWER = file_of(incident(title={"en": "New words of the file"}))
FILES = (FIRST, NEWER)
WITH_NAME = {"kind": "person", "naming": "named", "person": "a-person", "name_published_in": ["a-source"]}
NAMED = [{"violation": "assault", "victims": [WITH_NAME]}]


def only(session: Session) -> Incident:
    return session.scalars(select(Incident)).one()


def standing(database: Database) -> tuple[Any, ...]:
    """Where the incident stands, what it says, what has been done with it, and what is public of it."""
    with database.read() as session:
        found = only(session)
        history = [(each.number, each.action, each.actor) for each in operations.revisions(session, found)]
        stands = found.status, found.amendment, found.embargo_until
        return *stands, draft_of(found), history, public(database)


def public(database: Database) -> list[Any]:
    """The public record of the incident, if there is one."""
    return [row for row in meaning(database)["public"] if row[0] == "incident"]


def unchanged_by(database: Database, *files: dict[str, Any], **choices: Any) -> list[Report]:
    """The reports of imports that leave everything of the incident as it was, overwriting or not."""
    before, reports = standing(database), []
    for overwrite in (False, True):
        for data in files:
            reports.append(imported(database, data, publish=True, overwrite=overwrite, **choices))
            assert standing(database) == before
    return reports


@pytest.mark.parametrize("stage", [stage for stage in WAY if stage not in (Status.SUBMITTED, Status.PUBLISHED)])
def test_what_staff_took_up_is_neither_changed_nor_published(database: Database, stage: Status) -> None:
    imported(database, FIRST)
    with database.write() as session:
        Desk(session).bring(only(session), stage)
    for number, report in enumerate(unchanged_by(database, *FILES)):
        assert report.held_back == [f"an-incident ({stage})"]
        assert report.for_staff == ["incident an-incident"] * (number % 2)
        assert report.kept == []


def test_what_staff_published_is_changed_by_staff(database: Database) -> None:
    imported(database, FIRST)
    with database.write() as session:
        Desk(session).bring(only(session), Status.PUBLISHED)
    same, newer, *_ = unchanged_by(database, *FILES)
    assert (same.for_staff, same.held_back) == ([], [])
    assert (newer.for_staff, newer.held_back) == (["incident an-incident"], [])


@pytest.mark.parametrize("stage", [stage for stage in AMENDED if stage is not Status.IN_REVIEW])
def test_a_change_that_the_file_made_and_the_staff_took_further_is_theirs(database: Database, stage: Status) -> None:
    imported(database, FIRST, publish=True)
    imported(database, NEWER)
    with database.write() as session:
        Desk(session).bring(only(session), stage)
    reports = unchanged_by(database, NEWER, file_of(incident(title={"en": "Newer still"})))
    assert {tuple(report.held_back) for report in reports} == {(f"an-incident ({stage})",)}
    assert "New words of the file" not in str(meaning(database)["public"])


def test_a_change_that_the_file_made_and_nobody_touched_is_published(database: Database) -> None:
    imported(database, FIRST, publish=True)
    imported(database, NEWER)
    assert "New words of the file" not in str(meaning(database)["public"])
    assert imported(database, NEWER, publish=True).held_back == []
    assert "New words of the file" in str(meaning(database)["public"])


def test_an_amendment_of_staff_is_told_and_stays_unpublished(database: Database) -> None:
    imported(database, FIRST, publish=True)
    with database.write() as session:
        record = only(session)
        draft = draft_of(record).model_copy(update={"title": {"en": "A person's words"}})
        operations.amend(session, record, draft, by=Desk(session).editor)
    before = standing(database)
    for data in FILES:
        assert imported(database, data, publish=True).held_back == ["an-incident (in_review)"]
        assert standing(database) == before


@pytest.mark.parametrize("stage", [Status.QUARANTINED, Status.WITHDRAWN])
def test_what_was_taken_off_the_site_never_comes_back(database: Database, stage: Status) -> None:
    imported(database, FIRST, publish=True)
    with database.write() as session:
        Desk(session).bring(only(session), stage)
    assert public(database) == []
    unchanged_by(database, *FILES)


def test_what_was_reopened_after_a_quarantine_waits_for_its_review(database: Database) -> None:
    imported(database, FIRST, publish=True)
    with database.write() as session:
        desk = Desk(session)
        desk.step(desk.bring(only(session), Status.QUARANTINED), Action.REOPEN)
    unchanged_by(database, *FILES)


def test_a_name_that_staff_withheld_stays_withheld(database: Database) -> None:
    named = file_of(incident(acts=NAMED))
    imported(database, named, publish=True)
    with database.write() as session:
        record, editor = only(session), Desk(session).editor
        withheld = Restriction(names=frozenset({"a-person"}))
        restrict_public(session, record, withheld, by=editor, why="asked to", expected_version=record.version)
    reports = unchanged_by(database, named, file_of(incident(acts=NAMED, title={"en": "Other words"})))
    assert [report.for_staff for report in reports] == [[], ["incident an-incident"]] * 2
    assert "Aida" not in str(meaning(database)["public"])


def test_a_source_that_staff_closed_stays_closed(database: Database) -> None:
    imported(database, FIRST, publish=True)
    with database.write() as session:
        record, editor = only(session), Desk(session).editor
        closed = Restriction(sources=frozenset({"a-source"}))
        restrict_public(session, record, closed, by=editor, why="asked to", expected_version=record.version)
    other = {"key": "a-source", "type": "ngo_report", "publisher": "A Watchdog", "title": "A report, second edition"}
    reports = unchanged_by(database, FIRST, file_of(sources=[other]))
    assert [report.for_staff for report in reports] == [[], ["source a-source"]] * 2
    with database.read() as session:
        assert session.scalars(select(Source)).one().confidential


def test_what_staff_do_between_writing_and_publishing_a_batch_counts(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(load, "LARGEST_TRANSACTION", 2)
    imported(database, FIRST)
    batches = load.Import._batches

    def with_staff_between(work: load.Import, entries: Any) -> Iterator[load.Batch]:
        taken_up = False
        for batch in batches(work, entries):
            if not taken_up and batch.func.__name__ == "_publish":  # type: ignore[attr-defined]
                taken_up = True
                with database.write() as session:
                    Desk(session).bring(only(session), Status.IN_REVIEW)
            yield batch

    monkeypatch.setattr(load.Import, "_batches", with_staff_between)
    assert imported(database, NEWER, publish=True).held_back == ["an-incident (in_review)"]
    assert public(database) == []
