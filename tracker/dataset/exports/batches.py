"""Reading what goes into a file: stored texts in batches, each in a transaction of its own.

A slow reader holds no transaction open between batches. All batches belong to the version pinned by the export; a
record that is restricted meanwhile has lost its stored texts and does not come out any more. While one batch is sent,
the next is read.

A hundred thousand short strings cost more than a hundred long ones: SQLite joins the texts of a batch itself;
PostgreSQL copies them out (COPY) as the bytes that it holds, which is quicker there than joining them.
"""

from __future__ import annotations

import json
from array import array
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Integer, LargeBinary, Select, any_, bindparam, cast, func, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import InstrumentedAttribute, Session

from tracker.dataset.exports.meta import Export
from tracker.dataset.fields import Kind
from tracker.dataset.models import PublicLine, PublicVersion, public_at, rendered_at

Sessions = Callable[[], AbstractContextManager[Session]]
"""Opens a reading session, such as `Database.public`."""

IDS = "ids"
BATCH = 500
"""The more texts are read at once, the fewer statements there are, and the more memory each takes on its way."""


@dataclass(frozen=True, slots=True)
class Stored:
    """A stored text: the version id by which it is found, and its column."""

    key: InstrumentedAttribute[int]
    text: InstrumentedAttribute[Any]

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


CSV_LINE = Stored(PublicLine.version_id, PublicLine.csv)
FEATURE = Stored(PublicLine.version_id, PublicLine.feature)
JSON = Stored(PublicVersion.id, PublicVersion.json)


def texts(sessions: Sessions, export: Export, stored: Stored, separator: str = "") -> Iterator[bytes]:
    """The texts of an export in batches, those of a batch joined by `separator` (UTF-8)."""
    if export.version_ids is None:
        return _ahead(_all(sessions, export, stored, separator))
    chosen = _chosen(sessions, export, stored, export.version_ids, separator)
    # A single batch has no next one.
    return chosen if len(export.version_ids) <= BATCH else _ahead(chosen)


def _ahead(batches: Iterator[bytes]) -> Iterator[bytes]:
    """Each batch while the one behind it is being read; whoever stops early waits for that one and no longer."""
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="export") as reader:
        coming = reader.submit(next, batches, None)
        while (batch := coming.result()) is not None:
            coming = reader.submit(next, batches, None)
            yield batch


def _all(sessions: Sessions, export: Export, stored: Stored, separator: str) -> Iterator[bytes]:
    """In the order of the ids, which is that of publication: as many ids at once, of which some are of other records.

    Asking for the ids between two numbers costs the databases less than counting off so many rows.
    """
    with sessions() as session:
        newest = session.scalar(select(func.max(stored.key))) or 0
        found = stored.statement(export.edition.version, in_order=_is_sqlite(session))
        between = (stored.key > bindparam("after"), stored.key <= bindparam("to"))
        read = _reading(session, found.where(*between).order_by(stored.key), separator)
    for last in range(0, newest, BATCH):
        with sessions() as session:
            batch = read(session, {"after": last, "to": last + BATCH})
        if batch:
            yield batch


def _chosen(
    sessions: Sessions, export: Export, stored: Stored, version_ids: array[int], separator: str
) -> Iterator[bytes]:
    """In the order of the ids that are given; those that lost their texts meanwhile are left out."""
    with sessions() as session:
        found = stored.statement(export.edition.version, in_order=False)
        read = _reading(session, _of_given(session, stored, found), separator)
    for start in range(0, len(version_ids), BATCH):
        wanted = version_ids[start : start + BATCH].tolist()
        with sessions() as session:
            # Given one by one they would have to be read as a part of the SQL.
            batch = read(session, {IDS: json.dumps(wanted) if _is_sqlite(session) else wanted})
        if batch:
            yield batch


def _of_given(session: Session, stored: Stored, statement: Select[Any, Any]) -> Select[Any, Any]:
    """The texts of the versions whose ids are given, on SQLite in the order of these."""
    if _is_sqlite(session):
        given = func.json_each(bindparam(IDS)).table_valued("key", "value")
        return statement.join(given, stored.key == given.c.value).order_by(given.c.key)
    return statement.where(stored.key == any_(cast(bindparam(IDS), ARRAY(Integer))))


def _reading(session: Session, batch: Select[Any, Any], separator: str) -> Callable[[Session, dict[str, Any]], bytes]:
    """What reads the texts of a batch as one; putting a statement together takes about as long as carrying it out."""
    if _is_sqlite(session):
        # The rows come in the order in which the subquery gives them.
        joined = select(cast(func.aggregate_strings(batch.subquery().c.text, separator), LargeBinary))
        return lambda session, given: session.scalar(joined, given) or b""
    return _copying(session, batch, separator.encode())


def _copying(session: Session, batch: Select[Any, Any], separator: bytes) -> Callable[[Session, dict[str, Any]], bytes]:
    asked = batch.compile(dialect=session.get_bind().dialect)
    copying = f"COPY ({asked}) TO STDOUT (FORMAT BINARY)"

    def read(session: Session, given: dict[str, Any]) -> bytes:
        cursor: Any = session.connection().connection.cursor()
        with cursor, cursor.copy(copying, asked.construct_params(given)) as rows:
            # They are texts, but of what is sent on as it is nothing has to be decoded.
            rows.set_types(["int4", "bytea"])
            found = dict(rows.rows())
        order = given.get(IDS, found)
        return separator.join([found[version_id] for version_id in order if version_id in found])

    return read


def _is_sqlite(session: Session) -> bool:
    return session.get_bind().dialect.name == "sqlite"
