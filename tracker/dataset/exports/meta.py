"""What every file says of itself: version, filter, licence, rows and unit; and which incidents go into it."""

from __future__ import annotations

from array import array
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.dataset import queries
from tracker.dataset.counts import list_plan, total, unavailable
from tracker.dataset.editions import Edition, dataset_version
from tracker.dataset.filter_words import filter_words
from tracker.dataset.filters import DatasetFilter
from tracker.dataset.map.credits import Credits, credits_due
from tracker.dataset.models import PublicIncident
from tracker.dataset.problems import FilterError, Problem
from tracker.dataset.selection import check_names, conditions
from tracker.phrases import phrase
from tracker.vocabulary import Licence

UNIT = "incidents"
_LICENCES = {licence.value: licence for licence in Licence}


@dataclass(frozen=True, slots=True)
class ExportMeta:
    """The metadata of a file.

    Attributes:
        dataset_version: number of the dataset version that the file is made from.
        as_of: when that version was published (UTC); None while nothing has been published.
        filter: the applied filter in words; empty for all incidents.
        query: the same as a canonical query string.
        rows: how many incidents the file holds. A restriction while it is written takes its records out.
        unavailable: how many incidents of that version were removed by restrictions since.
        licence: licence of the data, as the site's own record states it.
        next: token of the next page, where a page was asked for.
        credits: who is to be named for places of that version, whatever the filter.
    """

    dataset_version: int
    as_of: datetime | None
    filter: tuple[str, ...]
    query: str
    rows: int
    unavailable: int
    licence: Licence | None
    next: str | None = None
    unit: str = UNIT
    credits: Credits = ()

    def as_dict(self) -> dict[str, Any]:
        """The metadata as they stand in JSON."""
        return {
            "dataset_version": self.dataset_version,
            "as_of": iso_instant(self.as_of),
            "filter": list(self.filter),
            "query": self.query,
            "unit": self.unit,
            "rows": self.rows,
            "unavailable": self.unavailable,
            "licence": self.licence.value if self.licence else None,
            "licence_url": self.licence.url if self.licence else None,
            "place_credits": [credit.notice for credit in self.credits],
            "next": self.next,
        }


@dataclass(frozen=True, slots=True)
class Export:
    """A file that is ready to be written: its metadata and the versions that go into it (None: all of the edition)."""

    meta: ExportMeta
    edition: Edition
    version_ids: array[int] | None
    fields: tuple[str, ...] = ()


def prepare(session: Session, wanted: DatasetFilter, *, columns: bool = False) -> Export:
    """Decide what a file will hold, before its first byte is sent.

    With `limit` or `after` it holds that page in the order of the list, else all incidents that match in the order
    in which they were published. Raises `FilterError`; a choice of columns (`fields`) is refused unless `columns`.
    """
    if not columns:
        refuse_columns(wanted)
    edition = dataset_version(session, wanted)
    check_names(session, wanted, edition)
    token: str | None = None
    version_ids: array[int] | None = None
    if wanted.limit is not None or wanted.after is not None:
        page = queries.incident_page(session, wanted)
        version_ids = array("q", [record.version_id for record in page.records])
        token = str(page.after) if page.after else None
    elif not wanted.is_empty:
        version_ids = _matching(session, wanted, edition)
    rows = total(session, wanted, edition) if version_ids is None else len(version_ids)
    return Export(describe(session, wanted, edition, rows, token), edition, version_ids, wanted.fields)


def refuse_columns(wanted: DatasetFilter) -> None:
    """Raise `FilterError` for a choice of columns, where there are none to choose from."""
    if wanted.fields:
        message = phrase("Columns can be chosen for CSV files only.")
        raise FilterError([Problem.of("fields", ",".join(wanted.fields), message, (phrase("leave it out"),))])


def _matching(session: Session, wanted: DatasetFilter, edition: Edition) -> array[int]:
    """The matching versions: eight bytes for each, so that the filter is asked once and not for every batch."""
    plan = list_plan(session, wanted, edition)
    statement = select(PublicIncident.version_id).where(*conditions(session, wanted, edition, plan))
    return array("q", session.scalars(statement.order_by(PublicIncident.version_id)))


def describe(
    session: Session, wanted: DatasetFilter, edition: Edition, rows: int, token: str | None = None
) -> ExportMeta:
    """The metadata of an answer to a filter that holds so many incidents, `token` leading to its next page."""
    site = queries.site(session, edition.version)
    return ExportMeta(
        dataset_version=edition.version,
        as_of=edition.published_at,
        filter=tuple(filter_words(wanted, names=queries.names(session, wanted, edition))),
        query=wanted.query_string(),
        rows=rows,
        unavailable=unavailable(session, edition),
        licence=_LICENCES[site.record["licence"]] if site else None,
        next=token,
        credits=credits_due(session, edition),
    )


def iso_instant(instant: datetime | None) -> str | None:
    """An instant as ISO 8601 in UTC, to the second."""
    if instant is None:
        return None
    return instant.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
