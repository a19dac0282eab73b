"""Reading what goes into a file: stored texts in batches, each in a transaction of its own.

A slow reader holds no transaction open between batches. All batches belong to the version pinned by the export; a
record that is restricted meanwhile has lost its stored texts and does not come out any more. The database joins the
texts of a batch itself, since a hundred thousand short strings cost more than a hundred long ones.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, LargeBinary, Select, cast, func, literal, select
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import InstrumentedAttribute, Session

from tracker.dataset.exports.meta import Export
from tracker.dataset.models import PublicIncident, PublicLine, PublicVersion, rendered_at

Sessions = Callable[[], AbstractContextManager[Session]]
"""Opens a reading session, such as `Database.public`."""

BATCH = 2_000


@dataclass(frozen=True, slots=True)
class Stored:
    """A stored text: the version id by which it is found, its column, and what tells when it was public."""

    key: InstrumentedAttribute[int]
    text: InstrumentedAttribute[Any]
    table: type[PublicLine] | type[PublicIncident]

    def statement(self, version: int) -> Select[Any, Any]:
        """All ids and texts that were public at a dataset version and have not been removed since."""
        found = select(self.key.label("id"), self.text.label("text")).where(rendered_at(self.table, version))
        if self.table is PublicIncident:
            # The narrow table leads, so that the long texts are read in the order of their ids.
            found = found.join(PublicVersion, PublicVersion.id == PublicIncident.version_id)
        return found


CSV_LINE = Stored(PublicLine.version_id, PublicLine.csv, PublicLine)
FEATURE = Stored(PublicLine.version_id, PublicLine.feature, PublicLine)
JSON = Stored(PublicIncident.version_id, PublicVersion.json, PublicIncident)


def texts(sessions: Sessions, export: Export, stored: Stored, separator: str = "") -> Iterator[bytes]:
    """The texts of an export in batches, those of a batch joined by `separator` (UTF-8)."""
    statement = stored.statement(export.edition.version)
    if export.version_ids is None:
        return _all(sessions, statement, stored.key, separator)
    return _chosen(sessions, statement, stored.key, export.version_ids, separator.encode())


def _all(
    sessions: Sessions, statement: Select[Any, Any], key: InstrumentedAttribute[int], separator: str
) -> Iterator[bytes]:
    ordered = statement.order_by(key).limit(BATCH)
    last: int | None = 0
    while True:
        batch = ordered.where(key > last).subquery()
        with sessions() as session:
            joined = _joined(session, batch.c.id, batch.c.text, separator)
            last, text = session.execute(select(func.max(batch.c.id), joined)).one()
        if last is None:
            return
        yield text if isinstance(text, bytes) else text.encode()


def _joined(session: Session, key: ColumnElement[Any], text: ColumnElement[Any], separator: str) -> ColumnElement[Any]:
    """The texts of a batch as one, in the order of their ids."""
    if session.get_bind().dialect.name == "sqlite":
        # SQLite takes the rows in the order in which the limited subquery gives them.
        return cast(func.group_concat(text, separator), LargeBinary)
    return func.string_agg(text, aggregate_order_by(literal(separator), key))


def _chosen(
    sessions: Sessions,
    statement: Select[Any, Any],
    key: InstrumentedAttribute[int],
    version_ids: array[int],
    separator: bytes,
) -> Iterator[bytes]:
    for start in range(0, len(version_ids), BATCH):
        wanted = version_ids[start : start + BATCH].tolist()
        with sessions() as session:
            found = {row.id: row.text for row in session.execute(statement.where(key.in_(wanted)))}
        batch = [found[version_id].encode() for version_id in wanted if version_id in found]
        if batch:
            yield separator.join(batch)
