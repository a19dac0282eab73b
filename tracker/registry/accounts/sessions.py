"""Sessions on the server: a browser holds a random token, the database only its hash (OWASP ASVS 5.0, chapter 7)."""

import contextlib
import hashlib
import secrets
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, delete, func, select, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session, joinedload

from tracker.db import SQLITE_PRAGMAS, Database, utc_now
from tracker.registry import audit
from tracker.registry.models import StaffMember, StaffSession
from tracker.vocabulary.staff import AuditEvent

IDLE = timedelta(minutes=30)
ABSOLUTE = timedelta(hours=8)
# How long a proof of who one is holds for grave steps.
CONFIRMED_FOR = timedelta(minutes=10)
# A session that was seen just now is not written again at each request.
SEEN_ANEW = timedelta(seconds=30)
# Whoever has proved a password and nothing more has so long to go on.
HALF_OPEN = timedelta(minutes=10)
KEPT_FOR = timedelta(days=30)


def begin(
    session: Session, staff: StaffMember, *, stage: str = "full", browser: str | None = None, at: datetime | None = None
) -> tuple[str, StaffSession]:
    """Open a session and return its token, which is told this once."""
    now = at or utc_now()
    token = secrets.token_urlsafe(32)
    opened = StaffSession(
        token_hash=token_hash(token),
        staff_id=staff.id,
        stage=stage,
        browser=browser,
        created_at=now,
        seen_at=now,
        confirmed_at=now if stage == "full" else None,
    )
    session.add(opened)
    session.flush()
    return token, opened


def find(session: Session, token: str, *, at: datetime | None = None) -> StaffSession | None:
    """The living session of a token, with its staff member; None where it ended, ran out or never was."""
    wanted = (
        select(StaffSession).where(StaffSession.token_hash == token_hash(token)).options(joinedload(StaffSession.staff))
    )
    found = session.scalar(wanted)
    return found if found is not None and lives(found, at or utc_now()) else None


def lives(found: StaffSession, now: datetime) -> bool:
    """Whether a session is neither ended nor idle nor too old, and its account open."""
    if found.stage == "password" and now - found.created_at >= HALF_OPEN:
        return False
    return (
        found.ended_at is None
        and found.staff.disabled_at is None
        and now - found.seen_at < IDLE
        and now - found.created_at < ABSOLUTE
    )


def token_hash(token: str) -> str:
    """What the database keeps of a token."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def touch(database: Database, found: StaffSession, *, at: datetime | None = None) -> None:
    """Note that a session was seen, at most every half a minute; where the database is busy it is noted next time."""
    now = at or utc_now()
    if now - found.seen_at < SEEN_ANEW:
        return
    seen = update(StaffSession).where(StaffSession.id == found.id, StaffSession.ended_at.is_(None)).values(seen_at=now)
    # A page must not wait for an import that holds the database.
    with (
        contextlib.suppress(OperationalError),
        database.writer_engine.connect() as connection,
        _impatient(connection),
    ):
        connection.execute(seen)
        connection.commit()


@contextlib.contextmanager
def _impatient(connection: Connection) -> Iterator[None]:
    """Let a connection wait for others no longer than a fifth of a second."""
    if connection.dialect.name != "sqlite":
        connection.exec_driver_sql("SET LOCAL lock_timeout = '200ms'")
        yield
        return
    # Set on the driver's own connection, before the transaction begins and would wait.
    driver: Any = connection.connection.driver_connection
    driver.execute("PRAGMA busy_timeout=200")
    try:
        yield
    finally:
        connection.rollback()
        driver.execute(f"PRAGMA busy_timeout={SQLITE_PRAGMAS['busy_timeout']}")


def confirm(session: Session, found: StaffSession, *, at: datetime | None = None) -> None:
    """Note that whoever holds a session has proved once more who they are."""
    now = at or utc_now()
    session.execute(update(StaffSession).where(StaffSession.id == found.id).values(confirmed_at=now))
    audit.write(session, AuditEvent.CONFIRMED, by=f"staff:{found.staff_id}", kind="staff", id=found.staff_id, at=now)


def is_confirmed(found: StaffSession, *, at: datetime | None = None) -> bool:
    """Whether who one is was proved so lately that grave steps may be taken."""
    return found.confirmed_at is not None and (at or utc_now()) - found.confirmed_at < CONFIRMED_FOR


def end(session: Session, found: StaffSession, *, at: datetime | None = None) -> None:
    """End one session."""
    if found.ended_at is None:
        found.ended_at = at or utc_now()
        session.flush()


def end_all(session: Session, staff: StaffMember, *, but: str | None = None, at: datetime | None = None) -> int:
    """End all sessions of somebody, except the one of the id `but`; returns how many."""
    ended = [one for one in living(session, staff, at=at) if one.id != but]
    session.execute(
        update(StaffSession)
        .where(StaffSession.staff_id == staff.id, StaffSession.ended_at.is_(None), StaffSession.id != (but or ""))
        .values(ended_at=at or utc_now())
    )
    session.flush()
    return len(ended)


def living(session: Session, staff: StaffMember, *, at: datetime | None = None) -> list[StaffSession]:
    """The living sessions of somebody, the latest seen first."""
    wanted = select(StaffSession).where(StaffSession.staff_id == staff.id, StaffSession.ended_at.is_(None))
    found = session.scalars(wanted.options(joinedload(StaffSession.staff)).order_by(StaffSession.seen_at.desc()))
    return [one for one in found if lives(one, at or utc_now())]


def forget_old(session: Session, *, at: datetime | None = None) -> None:
    """Remove what is left of sessions that ended long ago; the log keeps that somebody signed in."""
    session.execute(delete(StaffSession).where(StaffSession.created_at < (at or utc_now()) - KEPT_FOR))


def by_id(session: Session, id: str) -> StaffSession | None:
    """A session by its id, living or not."""
    return session.get(StaffSession, id)


def last_seen(session: Session) -> dict[str, datetime]:
    """When each member of the staff was last seen, by their ids, as far as sessions are kept."""
    wanted = select(StaffSession.staff_id, func.max(StaffSession.seen_at)).group_by(StaffSession.staff_id)
    return {row[0]: row[1] for row in session.execute(wanted)}
