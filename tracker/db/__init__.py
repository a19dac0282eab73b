"""The database: engines, sessions and what every connection must have set.

Two databases are served alike, SQLite and PostgreSQL. Writers begin at once with the write lock (`BEGIN IMMEDIATE`
on SQLite), since a reader that upgrades to a writer half-way can be refused with an error that waiting cannot cure.
The public pages use connections that cannot write and, on SQLite, cannot even read a private table.
"""

import json
import os
import sqlite3
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import DateTime, Dialect, Engine, MetaData, Text, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.pool import PoolProxiedConnection
from sqlalchemy.types import TypeDecorator

from tracker.db.held import Held, driver, held
from tracker.settings import Settings

PUBLIC_PREFIX = "public_"

# For how long a writer waits for another one before it gives up.
SECONDS_TO_WAIT = 10

# On every SQLite connection: durable commits, enforced keys, and deleted content overwritten with zeros.
SQLITE_PRAGMAS = {
    "busy_timeout": SECONDS_TO_WAIT * 1_000,
    "foreign_keys": 1,
    "synchronous": 2,
    "secure_delete": 1,
    "trusted_schema": 0,
    "cell_size_check": 1,
    "temp_store": 2,
    "cache_size": -16_384,
}

# What one connection of the public pages keeps of the file. Each thread of a worker comes to hold one; whatever else is
# asked for again lies in the memory of the system.
KIBIBYTES_FOR_PUBLIC = 2_048


class Base(DeclarativeBase):
    """The base of all tables of both houses, with fixed names for keys and constraints."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class UTCDateTime(TypeDecorator[datetime]):
    """An instant in UTC; naive values are refused, since they say nothing about when."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Json(TypeDecorator[Any]):
    """A JSON value kept as text, byte for byte the same on both databases."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        return None if value is None else canonical_json(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        return None if value is None else json.loads(value)


def canonical_json(value: Any) -> str:
    """The one way in which this project writes JSON: no blanks, keys in the order given, text not escaped."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def utc_now() -> datetime:
    """The present instant; the only clock that records use."""
    return datetime.now(UTC)


def make_engine(url: str, *, writer: bool = False, public: bool = False) -> Engine:
    """An engine for `url`; `writer` takes the write lock at BEGIN, `public` can only read public tables."""
    if make_url(url).get_backend_name() == "sqlite":
        return _sqlite_engine(url, writer=writer, public=public)
    # An answer takes several statements, and all of them have to see the same dataset, as on SQLite.
    isolation: dict[str, Any] = {"isolation_level": "REPEATABLE READ"} if public else {}
    engine = create_engine(
        url,
        pool_pre_ping=True,
        # Values are private; without this they would stand in every error message and so in logs.
        hide_parameters=True,
        # Files are made of the bytes as they come, whatever the surroundings of the server would have them be.
        connect_args={"client_encoding": "utf8"},
        **isolation,
    )
    if not writer:

        @event.listens_for(engine, "connect")
        def _read_only(connection: DBAPIConnection, _record: object) -> None:
            cursor = connection.cursor()
            cursor.execute("SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY")
            cursor.close()
            connection.commit()

    return engine


def _sqlite_engine(url: str, *, writer: bool, public: bool) -> Engine:
    # The driver's own transaction handling is switched off: it begins late and commits around schema changes.
    engine = create_engine(
        url, connect_args={"isolation_level": None, "timeout": SECONDS_TO_WAIT}, hide_parameters=True
    )

    @event.listens_for(engine, "do_connect")
    def _make_private(*_of_the_connection: object) -> None:
        path = sqlite_path(url)
        if path is not None:
            make_private(path)

    @event.listens_for(engine, "connect")
    def _configure(connection: sqlite3.Connection, _record: object) -> None:
        if writer:
            connection.execute("PRAGMA journal_mode=WAL")
        for name, value in SQLITE_PRAGMAS.items():
            connection.execute(f"PRAGMA {name}={value}")
        for name in ("foreign_keys", "secure_delete", "synchronous"):
            if connection.execute(f"PRAGMA {name}").fetchone()[0] != SQLITE_PRAGMAS[name]:
                raise RuntimeError(f"SQLite did not accept PRAGMA {name}")
        if not writer:
            connection.execute("PRAGMA query_only=1")
        if public:
            connection.execute(f"PRAGMA cache_size=-{KIBIBYTES_FOR_PUBLIC}")
            connection.set_authorizer(_only_public_tables)

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        # Upkeep such as VACUUM cannot run in a transaction, and asks for a connection without one.
        if connection.get_execution_options().get("isolation_level") != "AUTOCOMMIT":
            connection.exec_driver_sql("BEGIN IMMEDIATE" if writer else "BEGIN")

    return engine


_ALLOWED_ALWAYS = frozenset(
    {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_FUNCTION, sqlite3.SQLITE_TRANSACTION, sqlite3.SQLITE_RECURSIVE}
)
_READABLE_PRAGMAS = frozenset({"data_version", "query_only"})


def _only_public_tables(
    action: int, first: str | None, second: str | None, database: str | None, trigger: str | None
) -> int:
    """SQLite's authorizer for public connections: reading `public_…` tables and nothing else."""
    if action in _ALLOWED_ALWAYS:
        return sqlite3.SQLITE_OK
    if action == sqlite3.SQLITE_READ and (first or "").startswith((PUBLIC_PREFIX, "sqlite_master", "alembic_version")):
        return sqlite3.SQLITE_OK
    # The text search declares its columns so; a statement that writes there is refused by SQLite itself.
    if action == sqlite3.SQLITE_UPDATE and first == "sqlite_master":
        return sqlite3.SQLITE_OK
    # A count over a subquery reads "no table"; SQLite names it by an empty string.
    if action == sqlite3.SQLITE_READ and not first:
        return sqlite3.SQLITE_OK
    # What a parameter lists is a table of SQLite's own: the ids of a batch.
    if action == sqlite3.SQLITE_READ and first == "json_each":
        return sqlite3.SQLITE_OK
    if action == sqlite3.SQLITE_PRAGMA and first in _READABLE_PRAGMAS and second is None:
        return sqlite3.SQLITE_OK
    return sqlite3.SQLITE_DENY


class Unreadable(RuntimeError):
    """The database could not be read at a glance."""


class Database:
    """The engines of one process. Make it after the server has forked its workers, never before."""

    def __init__(self, settings: Settings) -> None:
        self.url = settings.database_url
        self._turn = threading.Lock()
        self._writer = make_engine(settings.database_url, writer=True)
        self._reader = make_engine(settings.database_url)
        self._public = make_engine(settings.address_for_public, public=True)
        self._glancing: deque[PoolProxiedConnection] = deque()

    @property
    def writer_engine(self) -> Engine:
        """The engine that may write: for migrations, maintenance and `write`."""
        return self._writer

    @property
    def is_sqlite(self) -> bool:
        """Whether this is the embedded database."""
        return self._writer.dialect.name == "sqlite"

    @contextmanager
    def write(self) -> Iterator[Session]:
        """One writing transaction: committed when the block ends, rolled back when it raises."""
        with self._my_turn(), Session(self._writer, expire_on_commit=False) as session, session.begin():
            yield session

    @contextmanager
    def _my_turn(self) -> Iterator[None]:
        """Let the writers of one process go one after the other where the database takes one at a time anyway.

        SQLite has them try again and again, and among many somebody can be unlucky until they are told that it is
        locked. Whoever waits too long here goes on and is told so by SQLite itself.
        """
        mine = self.is_sqlite and self._turn.acquire(timeout=SECONDS_TO_WAIT)
        try:
            yield
        finally:
            if mine:
                self._turn.release()

    @contextmanager
    def read(self) -> Iterator[Session]:
        """One reading transaction over both houses."""
        with Session(self._reader, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def public(self) -> Iterator[Session]:
        """One reading transaction that sees public tables alone."""
        with Session(self._public, expire_on_commit=False) as session:
            yield session

    def glance(self, statement: str) -> Sequence[Any] | None:
        """The first row that a fixed statement over public tables gives, at the least cost there is.

        It is for the one thing that every request asks for first: no session is made and no transaction stays open.
        The values are those of the driver. Raises `Unreadable`.
        """
        try:
            connection = self._glancing.pop() if self._glancing else self._for_glances()
        except IndexError:
            # Another thread took the last one between the question and the answer.
            connection = self._for_glances()
        try:
            # All rows are fetched, since SQLite goes on reading, and so blocks upkeep, until there is none left.
            rows = driver(connection).execute(statement).fetchall()
        except self._public.dialect.loaded_dbapi.Error as error:
            connection.close()
            raise Unreadable from error
        self._glancing.append(connection)
        return rows[0] if rows else None

    def _for_glances(self) -> PoolProxiedConnection:
        try:
            connection = self._public.raw_connection()
        except (SQLAlchemyError, self._public.dialect.loaded_dbapi.Error) as error:
            raise Unreadable from error
        # It stays open for long, and others shall not wait for its place.
        connection.detach()
        if not self.is_sqlite:
            driver(connection).autocommit = True
        return connection

    def dispose(self) -> None:
        """Close all connections."""
        while self._glancing:
            self._glancing.pop().close()
        for engine in (self._writer, self._reader, self._public):
            engine.dispose()


def make_private(path: Path) -> None:
    """Make an empty file that its owner alone may read, unless something is there already, whatever its mode is.

    SQLite would make it readable to others; the files that it puts beside it (-wal, -shm) get the mode of this one.
    """
    # What stands against it, SQLite tells in its own words when it opens the file.
    with suppress(OSError):
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))


def sqlite_path(url: str) -> Path | None:
    """The file behind an SQLite address, or None for another database."""
    parsed = make_url(url)
    in_no_file = not parsed.database or parsed.database.startswith((":memory:", "file:"))
    return None if parsed.get_backend_name() != "sqlite" or in_no_file else Path(parsed.database or "")


__all__ = [
    "PUBLIC_PREFIX",
    "SQLITE_PRAGMAS",
    "Base",
    "Database",
    "Held",
    "Json",
    "UTCDateTime",
    "Unreadable",
    "canonical_json",
    "held",
    "make_engine",
    "make_private",
    "sqlite_path",
    "utc_now",
]
