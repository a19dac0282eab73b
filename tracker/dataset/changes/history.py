"""What each dataset version brought, for people: what of it may still be shown, the newest version first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tracker.dataset.changes.asked import ChangesAsked, Place, not_a_page, since_version
from tracker.dataset.editions import Edition, dataset_version
from tracker.dataset.fields import Kind
from tracker.dataset.models import DatasetVersion, PublicTombstone, PublicVersion
from tracker.dataset.records import COLUMNS, PublicRecord
from tracker.vocabulary import Nature

VERSIONS = 20
MOST_LISTED = 10
"""How many records are listed of one version; the others are counted."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A record as a version brought it: its kind, and whether that was its first publication or a correction."""

    kind: str
    is_new: bool
    record: PublicRecord


@dataclass(frozen=True, slots=True)
class Brought:
    """What one dataset version brought.

    Attributes:
        added, corrected: how many records it published or corrected whose content may still be shown.
        listed: the first of them; `more` says how many others there are.
        withdrawn: the first of the records that were withdrawn with it; `withdrawn_in_all` how many there are.
    """

    version: int
    published_at: datetime
    added: int
    corrected: int
    listed: tuple[Listed, ...]
    withdrawn: tuple[PublicTombstone, ...]
    withdrawn_in_all: int

    @property
    def more(self) -> int:
        """How many records are counted here and not listed."""
        return self.added + self.corrected - len(self.listed)

    @property
    def withdrawn_more(self) -> int:
        """How many withdrawn records are counted here and not listed."""
        return self.withdrawn_in_all - len(self.withdrawn)


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """A page of dataset versions; `older` is the version behind which the next page begins, if there is one."""

    versions: tuple[Brought, ...]
    edition: Edition
    since: int
    older: int | None


def history_page(session: Session, asked: ChangesAsked) -> HistoryPage:
    """The dataset versions after `since`, newest first. Raises `FilterError`."""
    edition = dataset_version(session)
    since = since_version(session, asked, edition)
    limit = asked.limit or VERSIONS
    wanted = select(DatasetVersion).where(DatasetVersion.version > since)
    if asked.after is not None:
        if isinstance(asked.after, Place) or not since < asked.after <= edition.version:
            raise not_a_page(asked.after)
        wanted = wanted.where(DatasetVersion.version < asked.after)
    found = list(session.scalars(wanted.order_by(DatasetVersion.version.desc()).limit(limit + 1)))
    shown = found[:limit]
    older = shown[-1].version if len(found) > limit else None
    brought = tuple(_brought(session, version) for version in shown)
    return HistoryPage(brought, edition, since, older)


def _brought(session: Session, version: DatasetVersion) -> Brought:
    number = version.version
    counts = _counts(session, number)
    new = counts.get(Nature.ADDITION, 0)
    stones = select(PublicTombstone).where(PublicTombstone.dataset_version == number)
    in_all = session.scalar(select(func.count()).select_from(stones.subquery())) or 0
    return Brought(
        version=number,
        published_at=version.published_at,
        added=new,
        # Whether a correction also took something back is not told.
        corrected=sum(counts.values()) - new,
        listed=tuple(_listed(session, number)),
        withdrawn=tuple(session.scalars(stones.order_by(PublicTombstone.record_id).limit(MOST_LISTED))),
        withdrawn_in_all=in_all,
    )


def _counts(session: Session, number: int) -> Mapping[str, int]:
    counted = (
        select(PublicVersion.nature, func.count())
        .where(PublicVersion.valid_from == number, PublicVersion.json.is_not(None))
        .group_by(PublicVersion.nature)
    )
    return {row[0]: row[1] for row in session.execute(counted)}


def _listed(session: Session, number: int) -> list[Listed]:
    wanted = (
        select(PublicVersion.kind, *COLUMNS)
        .where(PublicVersion.valid_from == number, PublicVersion.json.is_not(None))
        .order_by(PublicVersion.kind != Kind.INCIDENT, PublicVersion.id)
        .limit(MOST_LISTED)
    )
    found = ((row[0], PublicRecord.of(row[1:])) for row in session.execute(wanted))
    return [Listed(kind, record.nature == Nature.ADDITION, record) for kind, record in found]
