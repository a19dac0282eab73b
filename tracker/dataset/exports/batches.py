"""Reading what goes into a file: stored texts in batches, each in a transaction of its own.

A slow reader holds no transaction open between batches. All batches belong to the version pinned by the export; a
record that is restricted meanwhile has lost its stored texts and does not come out any more. While one batch is sent,
the next ones are read; where sending took long, they are read once more, since something may have been taken back.

A hundred thousand short strings cost more than a hundred long ones: SQLite joins the texts of a batch itself;
PostgreSQL gives the bytes that it holds, from a statement that the driver has prepared, which is quicker there than
joining them or COPY. Each reader has a connection of its own, without a session, which would cost as much as a batch.
"""

from __future__ import annotations

import json
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from enum import Enum, auto
from functools import cache, partial
from itertools import cycle, islice
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Dialect,
    Engine,
    Integer,
    LargeBinary,
    Select,
    Text,
    any_,
    bindparam,
    cast,
    func,
    literal,
    select,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.orm import InstrumentedAttribute, Session
from sqlalchemy.sql.functions import Function

from tracker.dataset.exports.meta import Export
from tracker.dataset.fields import Kind
from tracker.dataset.models import PublicLine, PublicVersion, public_at, rendered_at
from tracker.db import Held, held

Sessions = Callable[[], AbstractContextManager[Session]]
"""Opens a reading session, such as `Database.public`."""

Reading = Callable[[dict[str, Any], Any], bytes]
"""Reads a batch, given its parameters and a connection of the driver's own."""

Read = Callable[[], bytes]
"""Reads one batch, in a transaction of its own, as often as it is called; nothing where no text of it is left."""


class Chosen(Enum):
    """Which texts a batch holds: all between two ids, those of ids that ascend, or of ids in an order of their own.

    Where ids ascend, so do the keys that SQLite finds them by; else it sorts, texts and all, which takes twice as long.
    """

    BETWEEN = auto()
    ASCENDING = auto()
    IN_ORDER = auto()


VERSION, IDS = "version", "ids"
SECONDS_TO_WAIT = 1.0
"""For so long a batch may lie ready before it has to be read anew."""
READERS = 2
"""So many batches are read at the same time: reading one takes longer than sending it."""
FEW = 100
"""So many are not worth a thread."""
FEW_HERE = 5_000
"""So many are not worth two where the database reads in this process: they take half as much again of the processor."""
WIDE = 60_000
"""So long a text has PostgreSQL's library take 64 kB at a time, four times as much as before, for half its work."""
BATCH = 250
"""The more texts are read at once, the fewer statements there are, and the more memory each takes on its way."""


@dataclass(frozen=True, slots=True)
class Stored:
    """A stored text: the version id by which it is found, its column, and how many of them are read at once."""

    key: InstrumentedAttribute[int]
    text: InstrumentedAttribute[Any]
    batches: int = 1

    @property
    def at_once(self) -> int:
        """How many are read at once."""
        return self.batches * BATCH

    def statement(self, version: ColumnElement[int], *, in_order: bool) -> Select[Any]:
        """All texts that were public at a dataset version and have not been removed since.

        `in_order` keeps SQLite to the order of the ids, in which the texts lie; PostgreSQL knows by itself what is
        quickest, unless it is kept from knowing how many records are incidents.
        """
        found = select(self.text.label("text"))
        if self.key is not PublicVersion.id:
            return found.where(rendered_at(PublicLine, version))
        kind = PublicVersion.kind.concat("") if in_order else PublicVersion.kind
        of_kind = kind == Kind.INCIDENT.value
        return found.where(of_kind, PublicVersion.json.is_not(None), public_at(version))


# Lines and features are shorter than whole records by so much.
CSV_LINE = Stored(PublicLine.version_id, PublicLine.csv, 2)
FEATURE = Stored(PublicLine.version_id, PublicLine.feature, 3)
JSON = Stored(PublicVersion.id, PublicVersion.json)


def texts(sessions: Sessions, export: Export, stored: Stored, separator: str = "") -> Iterator[bytes]:
    """The texts of an export in batches, each text behind a `separator`, the first one of all too (UTF-8).

    So a batch can be sent as it is: what is sent between two of them would be sent while the next one waits. Whoever
    takes them is told by `export.told` how many batches are done with, and of how many.
    """
    with sessions() as session:
        engine = session.get_bind()
        assert isinstance(engine, Engine)
        newest = None if export.version_ids is not None else session.scalar(select(func.max(stored.key))) or 0
    with ExitStack() as kept:
        readers = _readers(export, engine.dialect)
        databases = [kept.enter_context(held(engine)) for _ in range(readers or 1)]
        if engine.dialect.name == "postgresql" and readers:
            for database in databases:
                database.ask(_widen)
        reads = _reads(databases, engine.dialect, export, stored, separator.encode(), newest)
        last = newest if newest is not None else len(export.version_ids or ())
        total = -(-last // _at_once(export, stored))
        for number, batch in enumerate(_ahead(reads, readers) if readers else (read() for read in reads), start=1):
            if batch:
                yield batch
            if export.told is not None:
                export.told(number, total)


def _readers(export: Export, dialect: Dialect) -> int:
    """How many threads read, while what was read before is sent; none where that is not worth it."""
    number = len(export.version_ids) if export.version_ids is not None else None
    if number is not None and number <= FEW:
        return 0
    return 1 if number is not None and number <= FEW_HERE and dialect.name == "sqlite" else READERS


def _widen(connection: Any) -> None:
    """Have a connection to PostgreSQL take more at a time, which the library does once it had something that long."""
    connection.execute("SELECT repeat(' ', %s)", [WIDE])


def _at_once(export: Export, stored: Stored) -> int:
    """How many texts are read at once, or ids tried where all are read."""
    if export.version_ids is None:
        return stored.at_once
    # Of a short file all readers shall have their part, and the first bytes go early.
    return min(stored.at_once, max(FEW, -(-len(export.version_ids) // (3 * READERS))))


def _ahead(reads: Iterator[Read], readers: int) -> Iterator[bytes]:
    """Each batch while those behind it are being read; whoever stops early waits for these and no longer.

    A reader who takes long must not get what was taken back meanwhile: what has waited for them is read anew.
    """
    with ThreadPoolExecutor(readers, "export") as threads:
        coming = deque((read, threads.submit(_timed, read)) for read in islice(reads, readers))
        while coming:
            read, reading = coming.popleft()
            batch, at = reading.result()
            if time.monotonic() - at > SECONDS_TO_WAIT:
                batch = read()
            coming.extend((read, threads.submit(_timed, read)) for read in islice(reads, 1))
            yield batch


def _timed(read: Read) -> tuple[bytes, float]:
    """A batch, and since when it lies ready."""
    return read(), time.monotonic()


def _reads(
    databases: Sequence[Held], dialect: Dialect, export: Export, stored: Stored, separator: bytes, newest: int | None
) -> Iterator[Read]:
    """What reads each batch: the texts of the given ids in their order, or of all up to the `newest`, in theirs.

    The order of all is that of publication: as many ids at once, of which some are of other records. Asking for the ids
    between two numbers costs the databases less than counting off so many rows.
    """
    is_sqlite = dialect.name == "sqlite"
    # No two that are read at the same time are read over the same connection.
    next_database = cycle(databases)
    reading = partial(_joining if is_sqlite else _fetching, dialect, stored, separator)
    at: dict[str, Any] = {VERSION: export.edition.version}
    at_once = _at_once(export, stored)
    if newest is not None:
        for last in range(0, newest, at_once):
            between = at | {"after": last, "to": last + at_once}
            yield partial(next(next_database).ask, partial(reading(Chosen.BETWEEN), between))
        return
    ids = export.version_ids or ()
    for start in range(0, len(ids), at_once):
        wanted = list(ids[start : start + at_once])
        # Given one by one they would have to be read as a part of the SQL.
        given = at | {IDS: json.dumps(wanted) if is_sqlite else wanted}
        chosen = Chosen.ASCENDING if wanted == sorted(wanted) else Chosen.IN_ORDER
        yield partial(next(next_database).ask, partial(reading(chosen), given))


def _joining(dialect: Dialect, stored: Stored, separator: bytes, chosen: Chosen) -> Reading:
    """What has SQLite join the texts of a batch, in the order in which the subquery gives them."""
    sql, always = _joined(stored, separator.decode(), chosen)

    def read(parameters: dict[str, Any], connection: Any) -> bytes:
        # All rows are fetched, since SQLite goes on reading until there is none left.
        rows = connection.execute(sql, always | parameters).fetchall()
        return rows[0][0] or b""

    return read


def _fetching(dialect: Dialect, stored: Stored, separator: bytes, chosen: Chosen) -> Reading:
    """What has PostgreSQL give the texts of a batch as the bytes that it holds."""
    # Who has SQLite need not load it.
    from psycopg.types.string import ByteaBinaryLoader

    sql, always = _fetched(stored, chosen)

    def read(parameters: dict[str, Any], connection: Any) -> bytes:
        with connection.cursor(binary=True) as cursor:
            cursor.adapters.register_loader("text", ByteaBinaryLoader)
            rows = cursor.execute(sql, always | parameters).fetchall()
        # Behind nothing stands a separator too.
        return separator.join([b"", *(text for (text,) in rows)])

    return read


@cache
def _joined(stored: Stored, separator: str, chosen: Chosen) -> tuple[str, dict[str, Any]]:
    found = stored.statement(bindparam(VERSION, type_=Integer), in_order=chosen is not Chosen.IN_ORDER)
    ids = func.json_each(bindparam(IDS)).table_valued("key", "value")
    if chosen is Chosen.IN_ORDER:
        found = found.join(ids, stored.key == ids.c.value).order_by(ids.c.key)
    elif chosen is Chosen.ASCENDING:
        found = found.where(stored.key.in_(select(ids.c.value))).order_by(stored.key)
    else:
        found = _between(found, stored)
    before = literal(separator)
    # The name that SQLAlchemy has for it takes no parameter.
    texts: ColumnElement[str] = Function("group_concat", found.subquery().c.text, before, type_=Text())
    whole = select(cast(before.concat(texts) if separator else texts, LargeBinary))
    return _as_sql(whole, SQLiteDialect_pysqlite(paramstyle="named"))


@cache
def _fetched(stored: Stored, chosen: Chosen) -> tuple[str, dict[str, Any]]:
    found = stored.statement(bindparam(VERSION, type_=Integer), in_order=False)
    wanted = cast(bindparam(IDS), ARRAY(Integer))
    if chosen is Chosen.IN_ORDER:
        ids = func.unnest(wanted).table_valued("value", with_ordinality="place").render_derived()
        found = found.join(ids, stored.key == ids.c.value).order_by(ids.c.place)
    elif chosen is Chosen.ASCENDING:
        found = found.where(stored.key == any_(wanted)).order_by(stored.key)
    else:
        found = _between(found, stored)
    return _as_sql(found, PGDialect_psycopg())  # type: ignore[no-untyped-call]


def _between(found: Select[Any], stored: Stored) -> Select[Any]:
    return found.where(stored.key > bindparam("after"), stored.key <= bindparam("to")).order_by(stored.key)


def _as_sql(statement: Select[Any], dialect: Dialect) -> tuple[str, dict[str, Any]]:
    """A statement as text, and the values in it; putting it together takes about as long as carrying it out."""
    asked = statement.compile(dialect=dialect)
    return str(asked), {name: value for name, value in asked.params.items() if value is not None}
