"""Clearing what the database files still hold of removed content."""

from __future__ import annotations

from sqlalchemy import Connection, Engine, text

from tracker.dataset.search import TABLE_NAME
from tracker.db import PUBLIC_PREFIX, Base


def purge_storage(engine: Engine) -> bool:
    """Leave nothing of removed content in the files of the public tables; to be called after the commit.

    SQLite: the words of removed documents leave the text search only when its index is merged; the file is written
    anew, because overwriting deleted rows does not reach the copies that stay behind where a page was split; and the
    write-ahead log is emptied. False is returned when a reader kept the log from being emptied, which the next call
    or the last closed connection makes up for.

    PostgreSQL: the public tables are written anew. Its write-ahead log is kept as long as its operator has set.
    """
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if engine.dialect.name == "sqlite":
            return _purge_sqlite(connection)
        for name in sorted([*_public_tables(), TABLE_NAME]):
            connection.execute(text(f"VACUUM (FULL) {name}"))
        return True


def _purge_sqlite(connection: Connection) -> bool:
    connection.execute(text("INSERT INTO public_search(public_search) VALUES ('optimize')"))
    connection.execute(text("VACUUM"))
    busy, _, _ = connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)")).one()
    return not busy


def _public_tables() -> list[str]:
    return [name for name in Base.metadata.tables if name.startswith(PUBLIC_PREFIX)]
