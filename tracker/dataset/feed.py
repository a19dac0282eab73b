"""What was published, updated and withdrawn, the latest first: what a feed of a filter holds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.dataset import queries
from tracker.dataset.counts import page_plan
from tracker.dataset.editions import Edition, dataset_version, refuse_page
from tracker.dataset.fields import Kind
from tracker.dataset.filters import DatasetFilter
from tracker.dataset.models import DatasetVersion, PublicIncident, PublicTombstone
from tracker.dataset.paging import PageToken
from tracker.dataset.parameters import DEFAULT_LIMIT
from tracker.dataset.records import PublicRecord
from tracker.dataset.selection import check_names, conditions


@dataclass(frozen=True, slots=True)
class FeedPage:
    """One page of a feed.

    Attributes:
        records: incidents as they are public, the one that was published or revised last first.
        withdrawn: what was withdrawn since the last of these was published, whatever it once was: a withdrawn
            record has no content left that a filter could ask for. What was restricted or hidden is not told.
        began_on: the day of the first publication of all; None before it.
        after: the token of the next page, or None on the last one.
        edition: the dataset version that the page is made from.
    """

    records: tuple[PublicRecord, ...]
    withdrawn: tuple[PublicTombstone, ...]
    began_on: date | None
    after: PageToken | None
    edition: Edition


def feed_page(session: Session, wanted: DatasetFilter) -> FeedPage:
    """One page of the feed of a filter. Raises `FilterError` (see `dataset_version`)."""
    edition = dataset_version(session, wanted)
    check_names(session, wanted, edition)
    below = _below(wanted)
    limit = wanted.limit or DEFAULT_LIMIT
    statement = (
        select(PublicIncident.version_id)
        .where(*conditions(session, wanted, edition, page_plan(session, wanted, edition)))
        # Versions get their ids in the order in which they are published.
        .order_by(PublicIncident.version_id.desc())
        .limit(limit + 1)
    )
    if below is not None:
        statement = statement.where(PublicIncident.version_id < below)
    ids = list(session.scalars(statement))
    shown = queries.records(session, ids[:limit])
    more = len(ids) > limit
    after = PageToken.of_feed(edition.version, wanted.digest(), ids[limit - 1]) if more else None
    return FeedPage(
        records=tuple(shown),
        withdrawn=tuple(_withdrawn(session, edition, shown, first=below is None, last=not more)),
        began_on=_began_on(session),
        after=after,
        edition=edition,
    )


def _below(wanted: DatasetFilter) -> int | None:
    if wanted.after is None:
        return None
    below = wanted.after.below
    if below is None:
        refuse_page(wanted.after)
    return below


def _withdrawn(
    session: Session, edition: Edition, shown: list[PublicRecord], *, first: bool, last: bool
) -> list[PublicTombstone]:
    """The withdrawals that belong between the records of this page."""
    found = [one for one in queries.tombstones(session) if one.kind == Kind.INCIDENT]
    newest = edition.version if first or not shown else shown[0].valid_from
    oldest = 0 if last or not shown else shown[-1].valid_from
    return [one for one in found if oldest < one.dataset_version <= newest]


def _began_on(session: Session) -> date | None:
    first = session.scalar(select(DatasetVersion.published_at).order_by(DatasetVersion.version).limit(1))
    return first.date() if first else None
