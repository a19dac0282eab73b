"""The only writes to the public house, all inside the publishing transaction of the gate.

A publishing transaction takes one dataset version with `next_version`, then puts, withdraws or hides records under
it. A restriction, a withdrawal and a hiding remove the content of all earlier versions of the record at once; after
the commit the caller has `maintenance.purge_storage` clear what the database files still hold of it.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from tracker.dataset import renderings
from tracker.dataset.canonical import RecordProblem, canonical
from tracker.dataset.fields import SCHEMA_VERSION, Kind
from tracker.dataset.maintenance import purge_storage
from tracker.dataset.models import DatasetCounter, DatasetVersion, PublicTombstone, PublicVersion
from tracker.dataset.records import COLUMNS, PublicRecord
from tracker.dataset.renderings import Span, batches
from tracker.vocabulary import Nature, WithdrawalReason

Count = Literal["additions", "corrections", "restrictions", "withdrawals"]
_COUNTS: Mapping[Nature, Count] = {
    Nature.ADDITION: "additions",
    Nature.CORRECTION: "corrections",
    Nature.RESTRICTION: "restrictions",
}
_UNSYNCHRONISED = {"synchronize_session": False}


class NotPublic(LookupError):
    """The record has no public version, so there is nothing to withdraw or hide."""


@dataclass(frozen=True, slots=True)
class Publication:
    """One record on its way into the dataset.

    Attributes:
        kind: which of the four kinds of public record.
        record_id: the record's stable random id.
        key: what it is called in addresses: the reference of an incident, the slug of a topic or outlet.
        record: exactly the public fields of its kind.
        nature: addition, correction or restriction.
    """

    kind: Kind
    record_id: str
    key: str
    record: Mapping[str, Any]
    nature: Nature


def take_turn(session: Session) -> None:
    """Wait until no other transaction publishes, and have others that would publish wait for the end of this one."""
    session.execute(select(DatasetCounter.version).with_for_update())


def next_version(session: Session, at: datetime) -> int:
    """Open the next dataset version, once per transaction; other publishing transactions wait for its end.

    Versions are in order by their number; should the clock have gone back, the new one takes the time of the last.
    """
    counter = session.execute(select(DatasetCounter).with_for_update()).scalar_one()
    last = session.get(DatasetVersion, counter.version)
    counter.version += 1
    published_at = at if last is None else max(at, last.published_at)
    stamp = secrets.token_hex(8)
    session.add(DatasetVersion(version=counter.version, published_at=published_at, stamp=stamp))
    session.flush()
    return counter.version


def put(
    session: Session,
    *,
    dataset_version: int,
    kind: Kind,
    record_id: str,
    key: str,
    record: Mapping[str, Any],
    nature: Nature,
    at: datetime,
) -> int:
    """Publish one record and return the id of its version; see `put_many`."""
    publication = Publication(kind, record_id, key, record, nature)
    return put_many(session, [publication], dataset_version=dataset_version, at=at)[0]


def put_many(session: Session, publications: Iterable[Publication], *, dataset_version: int, at: datetime) -> list[int]:
    """Publish records, each at most once, and return the ids of their versions in the same order.

    A record that was public before gets a new version, and the one before it ends. Raises `RecordProblem` for a
    record that has not the shape of its kind; the transaction is then to be rolled back.
    """
    ids: list[int] = []
    for batch in batches(publications):
        ids += _put_batch(session, batch, dataset_version, at)
    return ids


def _put_batch(session: Session, batch: list[Publication], dataset_version: int, at: datetime) -> list[int]:
    texts = [canonical(publication.kind, publication.record) for publication in batch]
    for kind in {publication.kind for publication in batch}:
        same = [publication for publication in batch if publication.kind == kind]
        _close(session, kind, [publication.record_id for publication in same], dataset_version)
        restricted = [item.record_id for item in same if item.nature == Nature.RESTRICTION]
        _purge(session, kind, restricted)
        keys = [publication.key for publication in same]
        gone = delete(PublicTombstone).where(PublicTombstone.kind == kind, PublicTombstone.key.in_(keys))
        session.execute(gone, execution_options=_UNSYNCHRONISED)
    ids = _insert_versions(session, batch, texts, dataset_version, at)
    spans = [
        Span(version_id, dataset_version, None, text)
        for version_id, publication, text in zip(ids, batch, texts, strict=True)
        if publication.kind == Kind.INCIDENT
    ]
    renderings.store(session, spans)
    for nature, name in _COUNTS.items():
        _count(session, dataset_version, name, sum(item.nature == nature for item in batch))
    return ids


def _insert_versions(
    session: Session, batch: list[Publication], texts: list[str], dataset_version: int, at: datetime
) -> list[int]:
    rows = [
        {
            "kind": publication.kind.value,
            "record_id": publication.record_id,
            "key": publication.key,
            "valid_from": dataset_version,
            "valid_to": None,
            "published_at": at,
            "nature": publication.nature.value,
            "schema_version": SCHEMA_VERSION,
            "json": text,
        }
        for publication, text in zip(batch, texts, strict=True)
    ]
    statement = insert(PublicVersion).returning(PublicVersion.id, sort_by_parameter_order=True)
    return list(session.scalars(statement, rows))


def withdraw(
    session: Session,
    *,
    dataset_version: int,
    kind: Kind,
    record_id: str,
    reason: WithdrawalReason,
    at: datetime,
    successor: str | None = None,
    key: str | None = None,
) -> None:
    """Take a record out of public view for good and say so: its address answers with a tombstone from now on.

    `successor` is the reference of the record that it was merged into. A record that is hidden at the time is
    withdrawn by giving its `key`; without one `NotPublic` is raised for a record that has no public version.
    """
    found = current(session, kind, record_id)
    known_as = key or (found.key if found else None)
    if known_as is None:
        raise NotPublic(kind)
    _remove(session, kind, record_id, dataset_version)
    tombstone = PublicTombstone(
        kind=kind,
        key=known_as,
        record_id=record_id,
        reason=reason,
        successor=successor,
        dataset_version=dataset_version,
        withdrawn_at=at,
    )
    session.merge(tombstone)
    session.flush()
    _count(session, dataset_version, "withdrawals")


def hide(session: Session, *, dataset_version: int, kind: Kind, record_id: str) -> None:
    """Take a record out of public view without a word (quarantine): it answers as if it had never been."""
    if current(session, kind, record_id) is None:
        raise NotPublic(kind)
    _remove(session, kind, record_id, dataset_version)
    _count(session, dataset_version, "restrictions")


def forget_successors(session: Session, references: Collection[str]) -> None:
    """Have no tombstone of an incident name these references as the one that it was merged into."""
    of_them = (PublicTombstone.kind == Kind.INCIDENT, PublicTombstone.successor.in_(references))
    session.execute(update(PublicTombstone).where(*of_them).values(successor=None))


def forget_tombstones(session: Session, kind: Kind, record_ids: Collection[str]) -> None:
    """Have nothing said of these withdrawn records any more."""
    of_them = (PublicTombstone.kind == kind, PublicTombstone.record_id.in_(record_ids))
    session.execute(delete(PublicTombstone).where(*of_them), execution_options=_UNSYNCHRONISED)


def current(session: Session, kind: Kind, record_id: str) -> PublicRecord | None:
    """What is public of a record now, or None."""
    return current_many(session, kind, [record_id]).get(record_id)


def current_many(session: Session, kind: Kind, record_ids: Iterable[str]) -> dict[str, PublicRecord]:
    """What is public of many records now, by record id; those that are not public are left out."""
    found: dict[str, PublicRecord] = {}
    for batch in batches(record_ids):
        statement = select(*COLUMNS).where(
            PublicVersion.kind == kind, PublicVersion.record_id.in_(batch), PublicVersion.valid_to.is_(None)
        )
        for row in session.execute(statement):
            found[row.record_id] = PublicRecord.of(row)
    return found


def _remove(session: Session, kind: Kind, record_id: str, dataset_version: int) -> None:
    _close(session, kind, [record_id], dataset_version)
    _purge(session, kind, [record_id])


def _close(session: Session, kind: Kind, record_ids: list[str], dataset_version: int) -> None:
    open_ones = select(PublicVersion.id).where(
        PublicVersion.kind == kind, PublicVersion.record_id.in_(record_ids), PublicVersion.valid_to.is_(None)
    )
    ids = list(session.scalars(open_ones))
    if not ids:
        return
    statement = update(PublicVersion).where(PublicVersion.id.in_(ids)).values(valid_to=dataset_version)
    session.execute(statement, execution_options=_UNSYNCHRONISED)
    if kind == Kind.INCIDENT:
        renderings.close(session, ids, dataset_version)


def _purge(session: Session, kind: Kind, record_ids: list[str]) -> None:
    """Empty all versions of these records. No hash of what was there is kept either."""
    if not record_ids:
        return
    of_these = (PublicVersion.kind == kind, PublicVersion.record_id.in_(record_ids))
    if kind == Kind.INCIDENT:
        renderings.remove(session, list(session.scalars(select(PublicVersion.id).where(*of_these))))
    statement = update(PublicVersion).where(*of_these).values(json=None, key=None)
    session.execute(statement, execution_options=_UNSYNCHRONISED)


def _count(session: Session, dataset_version: int, name: Count, number: int = 1) -> None:
    if number:
        version = session.get_one(DatasetVersion, dataset_version)
        setattr(version, name, getattr(version, name) + number)
        session.flush()


__all__ = [
    "NotPublic",
    "PublicRecord",
    "Publication",
    "RecordProblem",
    "current",
    "current_many",
    "forget_successors",
    "forget_tombstones",
    "hide",
    "next_version",
    "purge_storage",
    "put",
    "put_many",
    "take_turn",
    "withdraw",
]
