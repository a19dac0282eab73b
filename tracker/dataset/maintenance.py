"""Clearing what the database files still hold of removed content."""

from __future__ import annotations

import time

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import OperationalError

from tracker.dataset.search import TABLE_NAME
from tracker.db import PUBLIC_PREFIX, Base

MILLISECONDS_TO_WAIT = 2_000

# What the two databases say of a lock that somebody else holds (SQLITE_BUSY, SQLITE_LOCKED; SQLSTATE).
SQLITE_BUSY = frozenset({5, 6})
LOCK_NOT_AVAILABLE = "55P03"


def purge_storage(engine: Engine) -> bool:
    """Leave nothing of removed content in the files of the public tables; to be called after the commit.

    SQLite: the words of removed documents leave the text search only when its index is merged; the file is written
    anew, because overwriting deleted rows does not reach the copies that stay behind where a page was split; and the
    write-ahead log is emptied. Readers are answered meanwhile, and writers wait.

    PostgreSQL: the public tables are written anew, one after the other; readers of one wait until it is done. Its
    write-ahead log is kept as long as its operator has set.

    False is returned where somebody else stood in the way, such as a long reader or a writer; nothing is lost by
    calling again.
    """
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        try:
            return _purge_sqlite(connection) if engine.dialect.name == "sqlite" else _purge_postgres(connection)
        except OperationalError as error:
            if _is_busy(error):
                return False
            raise


def _is_busy(error: OperationalError) -> bool:
    """Whether somebody else held a lock for longer than was waited for."""
    primary_code = getattr(error.orig, "sqlite_errorcode", 0) & 0xFF
    return primary_code in SQLITE_BUSY or getattr(error.orig, "sqlstate", None) == LOCK_NOT_AVAILABLE


# Rows that somebody may still see are carried over into a table that is written anew: a reader who began before the
# rows went, or the database's own upkeep; and so does a writer who is at it, in
# another database of the server too. What another role is at is only told to those who may know.
_STILL_SEEING = text(
    "SELECT (pg_snapshot_xmin(pg_current_snapshot()) <> pg_snapshot_xmax(pg_current_snapshot()))::int + count(*) "
    "FROM pg_stat_activity WHERE datname = current_database() "
    "AND pid <> pg_backend_pid() AND age(backend_xmin) > 0"
)


def _purge_postgres(connection: Connection) -> bool:
    # Whoever waits for a table keeps all later readers of it waiting too, so that nobody waits here for long.
    connection.execute(text(f"SET lock_timeout = {MILLISECONDS_TO_WAIT}"))
    undisturbed = _nobody_sees_the_past(connection)
    try:
        for name in sorted([*_public_tables(), TABLE_NAME]):
            connection.execute(text(f"VACUUM (FULL) {name}"))
    finally:
        connection.execute(text("RESET lock_timeout"))
    return undisturbed


def _nobody_sees_the_past(connection: Connection) -> bool:
    """Wait a moment for those who began before what is gone was gone, and say whether they have ended."""
    until = time.monotonic() + MILLISECONDS_TO_WAIT / 1_000
    while connection.scalar(_STILL_SEEING):
        if time.monotonic() > until:
            return False
        time.sleep(0.1)
    return True


def _purge_sqlite(connection: Connection) -> bool:
    connection.execute(text("INSERT INTO public_search(public_search) VALUES ('optimize')"))
    connection.execute(text("VACUUM"))
    busy, _, _ = connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)")).one()
    return not busy


def _public_tables() -> list[str]:
    return [name for name in Base.metadata.tables if name.startswith(PUBLIC_PREFIX)]
