"""The log of the desk: who did what to which record, in a closed vocabulary, each entry chained to the one before.

An entry never holds a confidential value: `detail` takes codes, ids, numbers and names of fields, and `write` refuses
anything that could be more. Changing, removing or inserting an entry breaks the chain, and so does cutting off its
end, since the head keeps the last number and digest; `broken_at` finds all of these.

Whoever can write to the whole database can also write the whole chain and its head anew. Only a head that was noted
elsewhere (`tracker log head`) betrays that: `broken_at` takes it as `known`.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from tracker.db import canonical_json, utc_now
from tracker.registry.models import AuditEntry, AuditHead
from tracker.vocabulary.staff import AuditEvent, Outcome

Detail = Mapping[str, str | int | bool | list[str] | None]
AT_ONCE = 1_000

# Codes, ids, paths of fields and days; no blank, so that no name and no sentence can pass.
_CODE = re.compile(r"[A-Za-z0-9_.:\[\]-]{0,100}", re.ASCII)
_COLUMNS = tuple(AuditEntry.__table__.columns)


@dataclass(frozen=True, slots=True)
class Head:
    """The end of the log: the number of its last entry, and the digest in which all entries before have a part."""

    number: int
    digest: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which entries are asked for; what is None is not asked about.

    Attributes:
        since: the first day (UTC).
        until: the last day (UTC).
    """

    event: str | None = None
    actor: str | None = None
    object_id: str | None = None
    since: date | None = None
    until: date | None = None


def write(
    session: Session,
    event: AuditEvent,
    *,
    by: str,
    kind: str | None = None,
    id: str | None = None,
    outcome: Outcome = Outcome.DONE,
    detail: Detail | None = None,
    at: datetime | None = None,
) -> AuditEntry:
    """Write one entry in the caller's transaction; others who write wait until it ends.

    Raises `ValueError` for a detail that is no code, id, number or name of a field.
    """
    _refuse_words(detail or {})
    # The first statement of two writers must be the one that makes the second wait.
    head = session.execute(select(AuditHead).with_for_update().execution_options(populate_existing=True)).scalar_one()
    entry = AuditEntry(
        number=head.number + 1,
        at=(at or utc_now()).astimezone(UTC),
        actor=by,
        event=str(event),
        outcome=str(outcome),
        object_kind=kind,
        object_id=id,
        detail=dict(detail or {}),
        previous=head.digest,
    )
    entry.digest = _digest(entry)
    session.add(entry)
    head.number, head.digest = entry.number, entry.digest
    session.flush()
    return entry


def head_of(session: Session) -> Head:
    """The end of the log, to be noted where nobody who holds the database can change it."""
    found = session.execute(select(AuditHead.number, AuditHead.digest)).one()
    return Head(found.number, found.digest)


def broken_at(session: Session, known: Head | None = None) -> int | None:
    """The number of the first entry that is missing, changed or out of its order; None if the whole chain holds.

    `known` is a head that was noted earlier: the entry of its number must still have its digest.
    """
    number, digest = 0, ""
    for entry in _every_entry(session):
        out_of_order = entry.number != number + 1 or entry.previous != digest
        if out_of_order or entry.digest != _digest(entry) or _contradicts(entry, known):
            return number + 1
        number, digest = entry.number, entry.digest
    head = head_of(session)
    shorter_than_known = known is not None and known.number > number
    return number + 1 if (head.number, head.digest) != (number, digest) or shorter_than_known else None


def entries(session: Session, wanted: Wanted, before: int | None = None, limit: int = 100) -> Sequence[Any]:
    """Entries that are asked for, the last first, from those with numbers below `before`."""
    statement = _asked(wanted).order_by(AuditEntry.number.desc()).limit(limit)
    return session.execute(statement.where(AuditEntry.number < before) if before else statement).all()


def _asked(wanted: Wanted) -> Select[Any]:
    statement = select(*_COLUMNS)
    if wanted.event is not None:
        statement = statement.where(AuditEntry.event == wanted.event)
    if wanted.actor is not None:
        statement = statement.where(AuditEntry.actor == wanted.actor)
    if wanted.object_id is not None:
        statement = statement.where(AuditEntry.object_id == wanted.object_id)
    if wanted.since is not None:
        statement = statement.where(AuditEntry.at >= datetime.combine(wanted.since, time(), UTC))
    if wanted.until is not None:
        statement = statement.where(AuditEntry.at < datetime.combine(wanted.until, time(), UTC) + timedelta(days=1))
    return statement


def _every_entry(session: Session) -> Iterator[Any]:
    number = 0
    while batch := session.execute(
        select(*_COLUMNS).where(AuditEntry.number > number).order_by(AuditEntry.number).limit(AT_ONCE)
    ).all():
        yield from batch
        number = batch[-1].number


def _contradicts(entry: Any, known: Head | None) -> bool:
    return known is not None and entry.number == known.number and entry.digest != known.digest


def _refuse_words(detail: Detail) -> None:
    for name, value in detail.items():
        parts = value if isinstance(value, list) else [value]
        if not _CODE.fullmatch(name) or any(isinstance(part, str) and not _CODE.fullmatch(part) for part in parts):
            raise ValueError(f"the log takes no words, only codes: {name[:40]!r}")


def _digest(entry: Any) -> str:
    told = [
        entry.number,
        entry.at.isoformat(),
        entry.actor,
        entry.event,
        entry.outcome,
        entry.object_kind,
        entry.object_id,
        entry.detail,
        entry.previous,
    ]
    return hashlib.sha256(canonical_json(told).encode()).hexdigest()
