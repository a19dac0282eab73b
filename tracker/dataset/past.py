"""What the gate looks up in all versions of public records, those of the past too, before it takes something away."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, case, false, func, or_, select
from sqlalchemy.orm import Session

from tracker.dataset.fields import Kind
from tracker.dataset.models import PublicFacet, PublicIncidentTopic, PublicTombstone, PublicVersion
from tracker.dataset.renderings import batches
from tracker.db import canonical_json


def only_named_by(session: Session, record_id: str) -> list[tuple[Kind, str]]:
    """The outlets and topics that came out with a version of an incident, and that no other incident names or named.

    That they are there tells that something was published that named them.
    """
    own = (PublicVersion.kind == Kind.INCIDENT, PublicVersion.record_id == record_id)
    versions = session.execute(select(PublicVersion.valid_from, PublicVersion.json).where(*own)).all()
    records = [json.loads(text) for _, text in versions if text]
    others = ~PublicVersion.id.in_(select(PublicVersion.id).where(*own))
    found: list[tuple[Kind, str]] = []
    for kind, name, column in (
        (Kind.OUTLET, "outlets", PublicFacet.outlet),
        (Kind.TOPIC, "topics", PublicIncidentTopic.topic),
    ):
        for slug in sorted({each["slug"] for record in records for each in record[name]}):
            elsewhere = select(column).join(PublicVersion).where(column == slug, others).limit(1)
            known_as = _id_of(session, kind, slug) if session.scalar(elsewhere) is None else None
            if known_as and _first_version(session, kind, known_as) in {version for version, _ in versions}:
                found.append((kind, known_as))
    return found


def hidden(session: Session, kind: Kind, record_ids: Sequence[str]) -> set[str]:
    """Those records that were public and are not, and of which nothing is said."""
    found: set[str] = set()
    for batch in batches(record_ids):
        of_these = (PublicVersion.kind == kind, PublicVersion.record_id.in_(batch))
        is_open = func.max(case((PublicVersion.valid_to.is_(None), 1), else_=0))
        said = select(PublicTombstone.record_id).where(PublicTombstone.kind == kind)
        gone = select(PublicVersion.record_id).where(*of_these, PublicVersion.record_id.not_in(said))
        found |= set(session.scalars(gone.group_by(PublicVersion.record_id).having(is_open == 0)))
    return found


def _id_of(session: Session, kind: Kind, key: str) -> str | None:
    """The id of the record that is called so in addresses now."""
    of_it = (PublicVersion.kind == kind, PublicVersion.key == key, PublicVersion.valid_to.is_(None))
    return session.scalar(select(PublicVersion.record_id).where(*of_it))


def _first_version(session: Session, kind: Kind, record_id: str) -> int | None:
    of_it = (PublicVersion.kind == kind, PublicVersion.record_id == record_id)
    return session.scalar(select(func.min(PublicVersion.valid_from)).where(*of_it))


def naming(session: Session, references: Collection[str]) -> list[str]:
    """The ids of the incidents of which any version, past ones too, names one of these references as related.

    All versions that still have their content are read for it, as no table keeps what was related in the past.
    """
    found = (v for v in holding(session, references) if v.kind == Kind.INCIDENT)
    return sorted({v.record_id for v in found if not set(references).isdisjoint(json.loads(v.json)["related"])})


def earlier(session: Session, kind: Kind, record_ids: Sequence[str]) -> dict[str, list[dict[str, Any]]]:
    """What can still be asked for of the versions of records before the present ones, by record id."""
    found: dict[str, list[dict[str, Any]]] = {}
    for batch in batches(record_ids):
        of_these = (PublicVersion.kind == kind, PublicVersion.record_id.in_(batch))
        ended = (PublicVersion.valid_to.is_not(None), PublicVersion.json.is_not(None))
        wanted = select(PublicVersion.record_id, PublicVersion.json).where(*of_these, *ended)
        for record_id, text in session.execute(wanted.order_by(PublicVersion.id)):
            found.setdefault(record_id, []).append(json.loads(text or "{}"))
    return found


def successors(session: Session) -> set[str]:
    """The references that tombstones of incidents name as what they were merged into."""
    named = select(PublicTombstone.successor).where(PublicTombstone.kind == Kind.INCIDENT)
    return set(filter(None, session.scalars(named)))


@dataclass(frozen=True, slots=True)
class Version:
    """A version of a public record of any kind that still has its content; the last one is open."""

    kind: Kind
    record_id: str
    is_open: bool
    json: str


def holding(session: Session, words: Iterable[str]) -> list[Version]:
    """All versions of all records in which one of these words stands, in capitals or not; ASCII without quotes.

    It may be a part of a longer word. All versions that still have their content are read for it.
    """
    told = func.lower(PublicVersion.json)
    return _versions(session, [_place_in(session, told, word.lower()) > 0 for word in words])


def quoting(session: Session, texts: Iterable[str]) -> list[Version]:
    """All versions of all records in which one of these texts stands, whole and as it is.

    All versions that still have their content are read for it.
    """
    found = [_place_in(session, PublicVersion.json, canonical_json(words)) > 0 for words in dict.fromkeys(texts)]
    return _versions(session, found)


def _versions(session: Session, holds: Sequence[ColumnElement[bool]]) -> list[Version]:
    columns = (PublicVersion.kind, PublicVersion.record_id, PublicVersion.valid_to, PublicVersion.json)
    wanted = select(*columns).where(PublicVersion.json.is_not(None), or_(false(), *holds))
    rows = session.execute(wanted.order_by(PublicVersion.id))
    return [Version(Kind(kind), record_id, end is None, text or "") for kind, record_id, end, text in rows]


def _place_in(session: Session, text: Any, word: str) -> ColumnElement[int]:
    place = func.instr if session.get_bind().dialect.name == "sqlite" else func.strpos
    found: ColumnElement[int] = place(text, word)
    return found
