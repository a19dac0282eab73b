"""The log of the desk: nothing in it can be changed unnoticed, and no words get into it."""

import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from tracker.db import Database
from tracker.registry import audit
from tracker.registry.audit import Head, Wanted
from tracker.registry.models import AuditEntry, AuditHead
from tracker.vocabulary.staff import AuditEvent

Tampering = Callable[[Session], object]


def fill(database: Database, number: int = 6) -> None:
    with database.write() as session:
        for each in range(number):
            audit.write(session, AuditEvent.AMENDED, by="staff:somebody", kind="incident", id="x", detail={"n": each})


def broken(database: Database, known: Head | None = None) -> int | None:
    with database.read() as session:
        return audit.broken_at(session, known)


def test_an_untouched_log_holds(database: Database) -> None:
    assert broken(database) is None
    fill(database)
    assert broken(database) is None


def _insert(session: Session) -> None:
    session.execute(update(AuditEntry).where(AuditEntry.number == 6).values(number=7))
    copied = session.execute(select(*AuditEntry.__table__.columns).where(AuditEntry.number == 5)).one()
    session.add(AuditEntry(**(copied._asdict() | {"number": 6})))


def _cut(session: Session) -> None:
    session.execute(delete(AuditEntry).where(AuditEntry.number > 4))


def _cut_with_head(session: Session) -> None:
    _cut(session)
    last = session.execute(select(AuditEntry.digest).where(AuditEntry.number == 4)).scalar_one()
    session.execute(update(AuditHead).values(number=4, digest=last))


@pytest.mark.parametrize(
    ("tampering", "number"),
    [
        (lambda s: s.execute(update(AuditEntry).where(AuditEntry.number == 3).values(actor="staff:other")), 3),
        (lambda s: s.execute(update(AuditEntry).where(AuditEntry.number == 3).values(detail={"n": 9})), 3),
        (lambda s: s.execute(update(AuditEntry).where(AuditEntry.number == 3).values(event="moved")), 3),
        (lambda s: s.execute(update(AuditEntry).where(AuditEntry.number == 3).values(object_id=None)), 3),
        (lambda s: s.execute(update(AuditEntry).where(AuditEntry.number == 3).values(outcome="refused")), 3),
        (
            lambda s: s.execute(
                update(AuditEntry).where(AuditEntry.number == 3).values(at=datetime(2020, 1, 1, tzinfo=UTC))
            ),
            3,
        ),
        (lambda s: s.execute(delete(AuditEntry).where(AuditEntry.number == 2)), 2),
        (lambda s: s.execute(delete(AuditEntry).where(AuditEntry.number == 1)), 1),
        (_insert, 6),
        (_cut, 5),
        (lambda s: s.execute(delete(AuditEntry)), 1),
    ],
    ids=["actor", "detail", "event", "object", "outcome", "time", "removed", "first", "inserted", "cut", "emptied"],
)
def test_tampering_is_noticed_where_it_was_done(database: Database, tampering: Tampering, number: int) -> None:
    fill(database)
    with database.write() as session:
        tampering(session)
    assert broken(database) == number


def test_a_log_written_anew_with_its_head_contradicts_a_head_noted_elsewhere(database: Database) -> None:
    fill(database)
    with database.read() as session:
        known = audit.head_of(session)
    with database.write() as session:
        _cut_with_head(session)
    assert broken(database) is None
    assert broken(database, known) == 5
    with database.write() as session:
        for _ in range(3):
            audit.write(session, AuditEvent.MOVED, by="staff:other")
    assert broken(database) is None
    assert broken(database, known) == 6


def test_a_noted_head_holds_while_the_log_goes_on(database: Database) -> None:
    fill(database)
    with database.read() as session:
        known = audit.head_of(session)
    fill(database)
    assert broken(database, known) is None


def test_an_entry_that_is_taken_back_leaves_no_gap(database: Database) -> None:
    fill(database, 1)
    with database.write() as session:
        audit.write(session, AuditEvent.MOVED, by="staff:somebody")
        session.rollback()
    fill(database, 1)
    assert broken(database) is None


@pytest.mark.parametrize(
    "detail",
    [{"why": "Aida Testova"}, {"fields": ["title", "They were beaten"]}, {"Aida Testova": 1}, {"x": "é"}, {"x": "a\n"}],
    ids=["words", "list", "name", "letter", "line"],
)
def test_no_words_get_into_the_log(database: Database, detail: audit.Detail) -> None:
    with pytest.raises(ValueError, match="only codes"), database.write() as session:
        audit.write(session, AuditEvent.AMENDED, by="staff:somebody", detail=detail)


def test_an_instant_of_another_time_zone_is_kept_as_utc(database: Database) -> None:
    with database.write() as session:
        at = datetime(2020, 10, 5, 1, tzinfo=timezone(timedelta(hours=6)))
        audit.write(session, AuditEvent.MOVED, by="staff:somebody", at=at)
    assert broken(database) is None
    with database.read() as session:
        (entry,) = audit.entries(session, Wanted())
    assert entry.at == datetime(2020, 10, 4, 19, tzinfo=UTC)


def test_entries_are_found_by_event_person_record_and_day(database: Database) -> None:
    day = datetime(2020, 10, 5, 23, 59, tzinfo=UTC)
    with database.write() as session:
        audit.write(session, AuditEvent.MOVED, by="staff:a", kind="incident", id="x", at=day)
        audit.write(session, AuditEvent.AMENDED, by="staff:a", kind="incident", id="y", at=day + timedelta(minutes=1))
        audit.write(session, AuditEvent.AMENDED, by="staff:b", kind="incident", id="x", at=day + timedelta(days=2))

    def numbers(wanted: Wanted, **more: int) -> list[int]:
        with database.read() as session:
            return [entry.number for entry in audit.entries(session, wanted, **more)]

    assert numbers(Wanted()) == [3, 2, 1]
    assert numbers(Wanted(event="amended")) == [3, 2]
    assert numbers(Wanted(actor="staff:a")) == [2, 1]
    assert numbers(Wanted(object_id="x")) == [3, 1]
    assert numbers(Wanted(since=date(2020, 10, 6))) == [3, 2]
    assert numbers(Wanted(until=date(2020, 10, 5))) == [1]
    assert numbers(Wanted(), before=3, limit=1) == [2]


def test_ten_thousand_entries_are_checked_quickly(database: Database) -> None:
    fill(database, 20)
    with database.read() as session:
        began = time.process_time()
        for _ in range(50):
            assert audit.broken_at(session) is None
        # A thousand entries in all; ten thousand may take two seconds of work on a slow machine.
        assert time.process_time() - began < 1.0
