"""What a copy of the dataset has to do to follow it from one dataset version to another.

Each record that has changed is told once, as it stands at the end:

* **added** or **corrected**, with the record itself. The copy puts it in the place of all that it held of it. Whether
  a correction also took something back is not told, so that nobody is led to the old copies worth looking for.
* **withdrawn**: the reference, the reason and the successor that stand in its tombstone.
* **removed**: the random id and nothing else, and only to those who ask from a version at which the record was public,
  since others hold no copy. Between such a version and a later one a record may have come and gone without a word.

What was emptied by a restriction is never told again, whatever version is asked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from heapq import merge
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, exists, false, or_, select
from sqlalchemy.orm import Session, aliased

from tracker.dataset.changes.asked import ChangesAsked, Place, Position, pinned, since_version
from tracker.dataset.editions import Edition, dataset_version
from tracker.dataset.models import DatasetVersion, PublicTombstone, PublicVersion, public_at
from tracker.dataset.parameters import DEFAULT_LIMIT

PUT, REMOVED, WITHDRAWN = range(3)
"""The three queries, in the order in which their entries follow one another within a dataset version."""

Rows = Select[*tuple[Any, ...]]
"""A query of changes."""

_Other = aliased(PublicVersion)
_AtStart = aliased(PublicVersion)


@dataclass(frozen=True, slots=True)
class Entry:
    """One record that has changed.

    Attributes:
        change: added, corrected, withdrawn or removed.
        version: the dataset version that brought it to where it stands now.
        json: the record as stored, where it was added or corrected.
        tombstone: what is said of it, where it was withdrawn.
    """

    change: str
    version: int
    kind: str
    record_id: str
    source: int
    mark: str
    key: str | None = None
    json: str | None = None
    tombstone: PublicTombstone | None = None


@dataclass(frozen=True, slots=True)
class ChangePage:
    """A page of changes, oldest first.

    Attributes:
        edition: the dataset version up to which the pages go.
        since: the version from which on they go.
        days: when each version of an entry was published, as ISO days (UTC).
        after: where the next page begins, or None on the last one.
        position: from where to ask the next time, on the last page alone.
    """

    entries: tuple[Entry, ...]
    edition: Edition
    since: int
    days: dict[int, str]
    after: Place | None
    position: Position | None


def change_page(session: Session, asked: ChangesAsked) -> ChangePage:
    """A page of the changes asked for. Raises `FilterError`."""
    newest = dataset_version(session)
    since = since_version(session, asked, newest)
    edition = pinned(session, asked, since, newest)
    place = asked.after if isinstance(asked.after, Place) else None
    limit = asked.limit or DEFAULT_LIMIT
    # One entry more than the page holds tells whether there is a next page.
    found = _entries(session, since, edition.version, place, limit + 1)
    shown = found[:limit]
    after = None
    if len(found) > limit:
        last = shown[-1]
        after = Place(edition.version, since, last.version, last.source, last.mark)
    return ChangePage(
        entries=tuple(shown),
        edition=edition,
        since=since,
        days=_days(session, {entry.version for entry in shown}),
        after=after,
        position=_position(session, edition) if after is None else None,
    )


def _position(session: Session, edition: Edition) -> Position | None:
    found = session.get(DatasetVersion, edition.version)
    return Position(found.version, found.stamp) if found else None


def _days(session: Session, versions: set[int]) -> dict[int, str]:
    wanted = select(DatasetVersion.version, DatasetVersion.published_at).where(DatasetVersion.version.in_(versions))
    return {row.version: row.published_at.date().isoformat() for row in session.execute(wanted)} if versions else {}


def _entries(session: Session, since: int, latest: int, place: Place | None, limit: int) -> list[Entry]:
    put = [_put(row) for row in session.execute(_after(puts(since, latest), PUT, place).limit(limit))]
    # What comes behind a page full of these need not be looked for.
    until = put[-1].version if len(put) == limit else latest
    ended = removals(since, latest).where(PublicVersion.valid_to <= until)
    gone = [_gone(row) for row in session.execute(_after(ended, REMOVED, place).limit(limit))]
    taken = session.scalars(_after(withdrawals(since, until), WITHDRAWN, place).limit(limit))
    tombs = [_withdrawn(tombstone) for tombstone in taken]
    return list(merge(put, gone, tombs, key=lambda entry: (entry.version, entry.source)))[:limit]


def puts(since: int, latest: int) -> Rows:
    """The records that are public at `latest` with content that was not public at `since`, with their JSON."""
    return select(
        PublicVersion.id,
        PublicVersion.valid_from,
        PublicVersion.kind,
        PublicVersion.record_id,
        PublicVersion.key,
        PublicVersion.json,
        _public_before(since).label("corrected"),
    ).where(PublicVersion.json.is_not(None), PublicVersion.valid_from > since, public_at(latest))


def gone(since: int, latest: int) -> Rows:
    """The records that were public at `since` and are not at `latest`, by the last of their versions.

    Whatever leaves the public view is emptied by it, so that no other rows need be looked at.
    """
    same = (_Other.kind == PublicVersion.kind, _Other.record_id == PublicVersion.record_id)
    later = exists().where(*same, _Other.valid_from >= PublicVersion.valid_to, _Other.valid_from <= latest)
    return select(PublicVersion.id, PublicVersion.valid_to, PublicVersion.kind, PublicVersion.record_id).where(
        PublicVersion.json.is_(None),
        PublicVersion.valid_to > since,
        PublicVersion.valid_to <= latest,
        ~later,
        _public_before(since),
    )


def has_tombstone(latest: int) -> ColumnElement[bool]:
    """Whether something is said of the record of a row that is gone at `latest`."""
    return exists().where(
        PublicTombstone.record_id == PublicVersion.record_id,
        PublicTombstone.kind == PublicVersion.kind,
        PublicTombstone.dataset_version <= latest,
    )


def removals(since: int, latest: int) -> Rows:
    """The records that were public at `since`, are not at `latest`, and of which nothing is said."""
    return gone(since, latest).where(~has_tombstone(latest))


def _public_before(since: int) -> ColumnElement[bool]:
    """Whether the record of a row was public at `since`, in a version that has ended since."""
    if not since:
        return false()
    return exists().where(
        _AtStart.kind == PublicVersion.kind,
        _AtStart.record_id == PublicVersion.record_id,
        _AtStart.valid_from <= since,
        _AtStart.valid_to > since,
    )


def withdrawals(since: int, latest: int) -> Rows:
    """The tombstones that were set after `since`."""
    return select(PublicTombstone).where(
        PublicTombstone.dataset_version > since, PublicTombstone.dataset_version <= latest
    )


def _after(statement: Rows, source: int, place: Place | None) -> Rows:
    """The entries of one query behind a place, in order."""
    version, mark = _ORDER[source]
    ordered = statement.order_by(version, mark)
    if place is None:
        return ordered
    if source != place.source:
        return ordered.where(version >= place.version if source > place.source else version > place.version)
    last: Any = place.mark if source == WITHDRAWN else int(place.mark)
    return ordered.where(version >= place.version, or_(version > place.version, mark > last))


_ORDER: Sequence[tuple[Any, Any]] = (
    (PublicVersion.valid_from, PublicVersion.id),
    (PublicVersion.valid_to, PublicVersion.id),
    (PublicTombstone.dataset_version, PublicTombstone.record_id),
)


def _put(row: Row[Any]) -> Entry:
    change = "corrected" if row.corrected else "added"
    return Entry(change, row.valid_from, row.kind, row.record_id, PUT, str(row.id), row.key, row.json)


def _gone(row: Row[Any]) -> Entry:
    return Entry("removed", row.valid_to, row.kind, row.record_id, REMOVED, str(row.id))


def _withdrawn(stone: PublicTombstone) -> Entry:
    return Entry(
        "withdrawn", stone.dataset_version, stone.kind, stone.record_id, WITHDRAWN, stone.record_id, stone.key,
        tombstone=stone,
    )  # fmt: skip
