"""What the public pages read. All answers are made from public tables alone, at one dataset version."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.dataset import tallies
from tracker.dataset.at_hand import columns_at_hand
from tracker.dataset.counts import page_plan, total, unavailable
from tracker.dataset.editions import Edition, dataset_version, refuse_page
from tracker.dataset.fields import Kind
from tracker.dataset.filters import EVERYTHING, DatasetFilter
from tracker.dataset.flatten import first_text
from tracker.dataset.models import (
    DatasetVersion,
    PublicIncident,
    PublicTombstone,
    PublicVersion,
    public_at,
)
from tracker.dataset.paging import PageToken
from tracker.dataset.parameters import DEFAULT_LIMIT
from tracker.dataset.records import COLUMNS, PublicRecord
from tracker.dataset.selection import check_names, conditions, page_order


@dataclass(frozen=True, slots=True)
class IncidentPage:
    """One page of a list of incidents, newest first, undated ones last.

    Attributes:
        records: the incidents of this page.
        total: how many incidents match in all, on all pages.
        unavailable: how many incidents were public at this version, whatever the filter, whose content was
            removed by a restriction since.
        after: the token of the next page, or None on the last one.
        edition: the dataset version that the page is made from.
    """

    records: tuple[PublicRecord, ...]
    total: int
    unavailable: int
    after: PageToken | None
    edition: Edition

    @property
    def incidents(self) -> list[dict[str, Any]]:
        """The incidents as objects."""
        return [record.record for record in self.records]


def incident_page(session: Session, wanted: DatasetFilter = EVERYTHING) -> IncidentPage:
    """One page of the incidents that match, with the total. Raises `FilterError` (see `dataset_version`)."""
    edition = dataset_version(session, wanted)
    check_names(session, wanted, edition)
    if wanted.after is not None and wanted.after.below is not None:
        refuse_page(wanted.after)
    matching = total(session, wanted, edition)
    limit = wanted.limit or DEFAULT_LIMIT
    # One row more than the page holds tells whether there is a next page.
    rows = _page_rows(session, wanted, edition, limit + 1) if matching else []
    shown = rows[:limit]
    after = PageToken(edition.version, wanted.digest(), shown[-1][1]) if len(rows) > limit else None
    return IncidentPage(
        records=tuple(records(session, [version_id for version_id, _ in shown])),
        total=matching,
        unavailable=unavailable(session, edition),
        after=after,
        edition=edition,
    )


def _page_rows(session: Session, wanted: DatasetFilter, edition: Edition, limit: int) -> Sequence[tuple[int, str]]:
    """The version ids of a page with the keys that they are sorted by."""
    # A page of everything is found by going down the list.
    columns = None if wanted.is_empty else columns_at_hand(session, edition)
    if columns is not None:
        from tracker.dataset.statistics import lists

        return lists.page(session, columns, wanted, edition, limit)
    plan = page_plan(session, wanted, edition)
    statement = (
        select(PublicIncident.version_id, PublicIncident.sort_key)
        .where(*conditions(session, wanted, edition, plan))
        .order_by(page_order(plan))
        .limit(limit)
    )
    if wanted.after is not None:
        statement = statement.where(PublicIncident.sort_key < wanted.after.sort_key)
    return [(row[0], row[1]) for row in session.execute(statement)]


def records(session: Session, version_ids: Sequence[int]) -> list[PublicRecord]:
    """The records of these versions in this order; those whose content was removed meanwhile are left out."""
    statement = select(*COLUMNS).where(PublicVersion.id.in_(version_ids), PublicVersion.json.is_not(None))
    found = {row.id: PublicRecord.of(row) for row in session.execute(statement)}
    return [found[version_id] for version_id in version_ids if version_id in found]


def record(session: Session, kind: Kind, key: str, at: int | None = None) -> PublicRecord | None:
    """The record of this name as it is public now, or at dataset version `at`; None where there is none."""
    statement = select(*COLUMNS).where(
        PublicVersion.kind == kind, PublicVersion.key == key, PublicVersion.json.is_not(None)
    )
    when = PublicVersion.valid_to.is_(None) if at is None else public_at(at)
    row = session.execute(statement.where(when)).one_or_none()
    return PublicRecord.of(row) if row else None


def incident(session: Session, reference: str, at: int | None = None) -> PublicRecord | None:
    """An incident by its reference; see `record`."""
    return record(session, Kind.INCIDENT, reference, at)


def topic(session: Session, slug: str, at: int | None = None) -> PublicRecord | None:
    """A topic by its slug; see `record`."""
    return record(session, Kind.TOPIC, slug, at)


def outlet(session: Session, slug: str, at: int | None = None) -> PublicRecord | None:
    """An outlet by its slug; see `record`."""
    return record(session, Kind.OUTLET, slug, at)


def site(session: Session, at: int | None = None) -> PublicRecord | None:
    """What the site says of itself, or None before that was published."""
    found = all_of(session, Kind.SITE, at)
    return found[0] if found else None


def topics(session: Session, at: int | None = None) -> list[PublicRecord]:
    """All topics, by slug."""
    return all_of(session, Kind.TOPIC, at)


def outlets(session: Session, at: int | None = None) -> list[PublicRecord]:
    """All outlets, by slug."""
    return all_of(session, Kind.OUTLET, at)


def all_of(session: Session, kind: Kind, at: int | None = None) -> list[PublicRecord]:
    """All records of a kind that has few of them (never the incidents), by key."""
    when = PublicVersion.valid_to.is_(None) if at is None else public_at(at)
    statement = select(*COLUMNS).where(PublicVersion.kind == kind, PublicVersion.json.is_not(None), when)
    return [PublicRecord.of(row) for row in session.execute(statement.order_by(PublicVersion.key))]


def names(session: Session, wanted: DatasetFilter, edition: Edition) -> dict[str, str]:
    """The names of the outlets and topics that a filter asks for, by slug, to say the filter in words."""
    asked = (*wanted.outlet, *wanted.topic)
    if not asked:
        return {}
    statement = select(*COLUMNS).where(
        PublicVersion.kind.in_((Kind.OUTLET, Kind.TOPIC)),
        PublicVersion.key.in_(asked),
        PublicVersion.json.is_not(None),
        public_at(edition.version),
    )
    found = {row.key: PublicRecord.of(row).record for row in session.execute(statement)}
    return {key: each.get("name") or first_text(each.get("title")) or key for key, each in found.items()}


def was_restricted(session: Session, record_id: str, at: int) -> bool:
    """Whether a record that is public was public at version `at` too, with content that was removed since."""
    gone = select(PublicVersion.id).where(
        PublicVersion.record_id == record_id, PublicVersion.json.is_(None), public_at(at)
    )
    return session.execute(gone.limit(1)).first() is not None


def tombstone(session: Session, key: str, kind: Kind = Kind.INCIDENT) -> PublicTombstone | None:
    """What is said of a withdrawn record, or None."""
    return session.get(PublicTombstone, (kind, key))


def tombstones(session: Session) -> list[PublicTombstone]:
    """All withdrawn records, the latest first."""
    order = (PublicTombstone.dataset_version.desc(), PublicTombstone.key)
    return list(session.scalars(select(PublicTombstone).order_by(*order)))


def versions(session: Session, limit: int = DEFAULT_LIMIT) -> list[DatasetVersion]:
    """The latest dataset versions with what each brought, newest first."""
    return list(session.scalars(select(DatasetVersion).order_by(DatasetVersion.version.desc()).limit(limit)))


def countries(session: Session, edition: Edition) -> list[str]:
    """The codes of the countries in which there are incidents."""
    return tallies.values(session, edition, "country")
