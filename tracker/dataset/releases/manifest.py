"""What a release says of itself: what it holds, how to cite it, and what changed since the one before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tracker.dataset import queries
from tracker.dataset.changes import feed
from tracker.dataset.counts import unavailable
from tracker.dataset.editions import dataset_version
from tracker.dataset.exports.meta import iso_instant
from tracker.dataset.fields import SCHEMA_VERSION, Kind
from tracker.dataset.filters import DatasetFilter
from tracker.dataset.flatten import first_text
from tracker.dataset.models import PublicRelease, PublicVersion
from tracker.dataset.releases.contents import PLURALS, ReleaseFile
from tracker.vocabulary import Licence

_LICENCES = {licence.value: licence for licence in Licence}
_NAMELESS = "Register of attacks on the press"


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of an issue before its files are written."""

    name: str
    version: int
    created_at: datetime
    notes: str | None
    issue: int
    issued_at: datetime
    base_url: str | None


def manifest(session: Session, facts: Facts, files: list[ReleaseFile], rows: dict[str, int]) -> dict[str, Any]:
    """The manifest of an issue with these data files, which hold so many records of each kind."""
    edition = dataset_version(session, DatasetFilter(dataset=facts.version))
    site = queries.site(session, facts.version)
    record = site.record if site else None
    licence = _LICENCES[record["licence"]] if record else None
    title = (first_text(record["name"]) if record else "") or _NAMELESS
    address = f"{facts.base_url}/releases/{facts.name}" if facts.base_url else None
    as_of = iso_instant(edition.published_at)
    return {
        "release": facts.name,
        "title": title,
        "dataset_version": facts.version,
        "as_of": as_of,
        "created_at": iso_instant(facts.created_at),
        "issue": facts.issue,
        "issued_at": iso_instant(facts.issued_at),
        "unavailable": unavailable(session, edition),
        "schema_version": SCHEMA_VERSION,
        "licence": licence.value if licence else None,
        "licence_url": licence.url if licence else None,
        "address": address,
        "citation": _citation(title, facts, as_of, address),
        "notes": facts.notes,
        "rows": rows,
        "changes": _changes(session, facts.version),
        "files": [file.as_dict() for file in files],
    }


def _citation(title: str, facts: Facts, as_of: str | None, address: str | None) -> str:
    issue = f", issue {facts.issue}" if facts.issue > 1 else ""
    return f"{title}, release {facts.name}{issue}, dataset version {facts.version} of {as_of}." + (
        f" {address}" if address else ""
    )


def release_before(session: Session, version: int) -> PublicRelease | None:
    """The release before that of a dataset version, or None for the first one."""
    before = select(PublicRelease).where(PublicRelease.dataset_version < version)
    return session.scalar(before.order_by(PublicRelease.dataset_version.desc()).limit(1))


def _changes(session: Session, version: int) -> dict[str, Any] | None:
    """How many records of each kind the release before did not have, had otherwise, or had and this one has not."""
    before = release_before(session, version)
    if before is None:
        return None
    since = before.dataset_version
    counts = {kind: {"added": 0, "corrected": 0, "withdrawn": 0, "no_longer_available": 0} for kind in PLURALS.values()}
    put = feed.puts(since, version).subquery()
    for kind, corrected, number in session.execute(
        select(put.c.kind, put.c.corrected, func.count()).group_by(put.c.kind, put.c.corrected)
    ):
        counts[PLURALS[Kind(kind)]]["corrected" if corrected else "added"] = number
    told = feed.has_tombstone(version)
    for name, rows in (
        ("withdrawn", feed.gone(since, version).where(told)),
        ("no_longer_available", feed.gone(since, version).where(~told)),
    ):
        for kind, number in session.execute(_by_kind(rows)):
            counts[PLURALS[Kind(kind)]][name] = number
    return {"since": {"release": before.name, "dataset_version": since}, **counts}


def _by_kind(rows: feed.Rows) -> feed.Rows:
    return rows.with_only_columns(PublicVersion.kind, func.count()).group_by(PublicVersion.kind)
