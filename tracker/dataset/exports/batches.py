"""Reading what goes into a file: stored texts in batches, each in a transaction of its own.

A slow reader holds no transaction open between batches. All batches belong to the version pinned by the export; a
record that is restricted meanwhile has lost its stored texts and does not come out any more. While one batch is sent,
the next is read; where sending took long, it is read once more, since something in it may have been taken back.

A hundred thousand short strings cost more than a hundred long ones: SQLite joins the texts of a batch itself;
PostgreSQL copies them out (COPY) as the bytes that it holds, which is quicker there than joining them.
"""

from __future__ import annotations

import json
import time
from array import array
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import partial
from typing import Any

from sqlalchemy import Integer, LargeBinary, Select, any_, bindparam, cast, func, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import InstrumentedAttribute, Session

from tracker.dataset.exports.meta import Export
from tracker.dataset.fields import Kind
from tracker.dataset.models import PublicLine, PublicVersion, public_at, rendered_at

Sessions = Callable[[], AbstractContextManager[Session]]
"""Opens a reading session, such as `Database.public`."""

Reading = Callable[[Session, dict[str, Any]], bytes]
"""Reads a batch, given its parameters."""

Read = Callable[[], bytes]
"""Reads one batch, in a transaction of its own, as often as it is called; nothing where no text of it is left."""

IDS = "ids"
SECONDS_TO_WAIT = 1.0
"""For so long a batch may lie ready before it has to be read anew."""
BATCH = 500
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

    def statement(self, version: int, *, in_order: bool) -> Select[Any, Any]:
        """All ids and texts that were public at a dataset version and have not been removed since.

        `in_order` keeps SQLite to the order of the ids, in which the texts lie; PostgreSQL knows by itself what is
        quickest, unless it is kept from knowing how many records are incidents.
        """
        found = select(self.key.label("id"), self.text.label("text"))
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

    So a batch can be sent as it is: what is sent between two of them would be sent while the next one waits.
    """
    if export.version_ids is None:
        return _ahead(_all(sessions, export, stored, separator))
    chosen = _chosen(sessions, export, stored, export.version_ids, separator)
    # A single batch has no next one.
    return (read() for read in chosen) if len(export.version_ids) <= stored.at_once else _ahead(chosen)


def _ahead(reads: Iterator[Read]) -> Iterator[bytes]:
    """Each batch while the one behind it is being read; whoever stops early waits for that one and no longer.

    A reader who takes long must not get what was taken back meanwhile: what has waited for them is read anew.
    """
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="export") as reader:
        coming = _begun(reader, reads)
        while coming is not None:
            read, (batch, at) = coming[0], coming[1].result()
            if time.monotonic() - at > SECONDS_TO_WAIT:
                batch = read()
            coming = _begun(reader, reads)
            if batch:
                yield batch


def _begun(reader: ThreadPoolExecutor, reads: Iterator[Read]) -> tuple[Read, Future[tuple[bytes, float]]] | None:
    read = next(reads, None)
    return None if read is None else (read, reader.submit(_timed, read))


def _timed(read: Read) -> tuple[bytes, float]:
    """A batch, and since when it lies ready."""
    return read(), time.monotonic()


def _all(sessions: Sessions, export: Export, stored: Stored, separator: str) -> Iterator[Read]:
    """In the order of the ids, which is that of publication: as many ids at once, of which some are of other records.

    Asking for the ids between two numbers costs the databases less than counting off so many rows.
    """
    with sessions() as session:
        newest = session.scalar(select(func.max(stored.key))) or 0
        found = stored.statement(export.edition.version, in_order=_is_sqlite(session))
        between = (stored.key > bindparam("after"), stored.key <= bindparam("to"))
        read = _reading(session, found.where(*between).order_by(stored.key), separator)
    for last in range(0, newest, stored.at_once):
        yield partial(_read, sessions, read, {"after": last, "to": last + stored.at_once})


def _chosen(
    sessions: Sessions, export: Export, stored: Stored, version_ids: array[int], separator: str
) -> Iterator[Read]:
    """In the order of the ids that are given; those that lost their texts meanwhile are left out."""
    with sessions() as session:
        found = stored.statement(export.edition.version, in_order=False)
        read = _reading(session, _of_given(session, stored, found), separator)
    for start in range(0, len(version_ids), stored.at_once):
        wanted = version_ids[start : start + stored.at_once].tolist()
        # Given one by one they would have to be read as a part of the SQL.
        given = json.dumps(wanted) if _is_sqlite(session) else wanted
        yield partial(_read, sessions, read, {IDS: given})


def _read(sessions: Sessions, read: Reading, given: dict[str, Any]) -> bytes:
    with sessions() as session:
        return read(session, given)


def _of_given(session: Session, stored: Stored, statement: Select[Any, Any]) -> Select[Any, Any]:
    """The texts of the versions whose ids are given, on SQLite in the order of these."""
    if _is_sqlite(session):
        given = func.json_each(bindparam(IDS)).table_valued("key", "value")
        return statement.join(given, stored.key == given.c.value).order_by(given.c.key)
    return statement.where(stored.key == any_(cast(bindparam(IDS), ARRAY(Integer))))


def _reading(session: Session, batch: Select[Any, Any], separator: str) -> Reading:
    """What reads the texts of a batch as one; putting a statement together takes about as long as carrying it out."""
    if _is_sqlite(session):
        # The rows come in the order in which the subquery gives them. A batch is too large to be copied for nothing.
        texts = func.aggregate_strings(batch.subquery().c.text, separator)
        joined = select(cast(separator + texts if separator else texts, LargeBinary))
        return lambda session, given: session.scalar(joined, given) or b""
    return _copying(session, batch, separator.encode())


def _copying(session: Session, batch: Select[Any, Any], separator: bytes) -> Reading:
    asked = batch.compile(dialect=session.get_bind().dialect)
    copying = f"COPY ({asked}) TO STDOUT (FORMAT BINARY)"

    def read(session: Session, given: dict[str, Any]) -> bytes:
        cursor: Any = session.connection().connection.cursor()
        with cursor, cursor.copy(copying, asked.construct_params(given)) as rows:
            # They are texts, but of what is sent on as it is nothing has to be decoded.
            rows.set_types(["int4", "bytea"])
            found = dict(rows.rows())
        order = given.get(IDS, found)
        # Behind nothing stands a separator too, and in front of nothing else none.
        return separator.join([b"", *(found[version_id] for version_id in order if version_id in found)])

    return read


def _is_sqlite(session: Session) -> bool:
    return session.get_bind().dialect.name == "sqlite"
