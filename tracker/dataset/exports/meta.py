"""What every file says of itself: version, filter, licence, rows and unit; and which incidents go into it."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy.orm import Session

from tracker.dataset import queries
from tracker.dataset.counts import act_rows, act_rows_of, total, unavailable
from tracker.dataset.editions import Edition, dataset_version
from tracker.dataset.filter_words import filter_words
from tracker.dataset.filters import DatasetFilter
from tracker.dataset.map.credits import Credits, credits_due
from tracker.dataset.map.memory import memory
from tracker.dataset.matching import matching_ids
from tracker.dataset.problems import FilterError, Problem
from tracker.dataset.selection import check_names
from tracker.phrases import Phrase, phrase
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
        rows: how many the file holds of its `unit`. A restriction while it is written takes its records out.
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
    """A file that is ready to be written.

    Attributes:
        version_ids: the versions that go into it; None for all of the edition.
        fields: the columns that were chosen, in that order; empty for all.
        hxl: whether a row of hashtags stands under the header.
        site: where readers reach the site, without a slash at the end, if the operator has said so.
        told: is told while the file is made how many parts of the dataset were read, and of how many.
    """

    meta: ExportMeta
    edition: Edition
    version_ids: array[int] | None
    fields: tuple[str, ...] = ()
    hxl: bool = False
    site: str | None = None
    told: Callable[[int, int], None] | None = None


def prepare(
    session: Session,
    wanted: DatasetFilter,
    *,
    columns: Sequence[str] = (),
    unit: str = UNIT,
    paged: bool = True,
    site: str | None = None,
    edition: Edition | None = None,
) -> Export:
    """Decide what a file will hold, before its first byte is sent.

    With `limit` or `after` it holds that page in the order of the list, else all incidents that match in the order
    in which they were published. Raises `FilterError`: `columns` are those that can be chosen (`fields`), and a file
    that is not `paged` always holds all that match. Rows are counted in `unit`. Whoever knows the `edition` of the
    filter already spares asking for it again.
    """
    if columns:
        refuse_other_columns(wanted, columns)
    else:
        refuse_columns(wanted)
    if not paged:
        refuse_pages(wanted)
    edition = edition or dataset_version(session, wanted)
    check_names(session, wanted, edition)
    token: str | None = None
    version_ids: array[int] | None = None
    if wanted.limit is not None or wanted.after is not None:
        page = queries.incident_page(session, wanted)
        version_ids = array("q", [record.version_id for record in page.records])
        token = str(page.after) if page.after else None
    elif not wanted.is_empty:
        version_ids = matching_ids(session, wanted, edition)
    rows = _rows(session, wanted, edition, version_ids, unit)
    meta = describe(session, wanted, edition, rows, token, unit=unit)
    return Export(meta, edition, version_ids, wanted.fields, wanted.hxl is not None, site)


def _rows(session: Session, wanted: DatasetFilter, edition: Edition, version_ids: array[int] | None, unit: str) -> int:
    if unit == UNIT:
        return total(session, wanted, edition) if version_ids is None else len(version_ids)
    if wanted.limit is not None or wanted.after is not None:
        return act_rows_of(session, edition, version_ids or ())
    return act_rows(session, wanted, edition)


def refuse_columns(wanted: DatasetFilter) -> None:
    """Raise `FilterError` for a choice of columns or hashtags, where there are none."""
    messages = {
        "fields": phrase("Columns can be chosen for CSV files only."),
        "hxl": phrase("Hashtags stand in CSV files only."),
    }
    _refuse(wanted, messages)


def refuse_pages(wanted: DatasetFilter) -> None:
    """Raise `FilterError` for a page of a file that is always whole."""
    message = phrase("This file always holds all that match.")
    _refuse(wanted, {"limit": message, "after": message})


def _refuse(wanted: DatasetFilter, messages: Mapping[str, Phrase]) -> None:
    allowed = (phrase("leave it out"),)
    given = ((name, ",".join(wanted.values(name))) for name in messages if wanted.values(name))
    if problems := [Problem.of(name, value, messages[name], allowed) for name, value in given]:
        raise FilterError(problems)


def refuse_other_columns(wanted: DatasetFilter, columns: Sequence[str]) -> None:
    """Raise `FilterError` for a column that another file has and this one has not."""
    strange = [name for name in wanted.fields if name not in columns]
    if strange:
        message = phrase("There is no such column in this file.")
        raise FilterError(Problem.of("fields", name, message, columns) for name in strange)


def describe(
    session: Session,
    wanted: DatasetFilter,
    edition: Edition,
    rows: int,
    token: str | None = None,
    *,
    unit: str = UNIT,
) -> ExportMeta:
    """The metadata of an answer to a filter that holds so many rows of a unit, `token` leading to its next page."""
    return ExportMeta(
        dataset_version=edition.version,
        as_of=edition.published_at,
        filter=tuple(filter_words(wanted, names=queries.names(session, wanted, edition))),
        query=wanted.query_string(),
        rows=rows,
        unavailable=unavailable(session, edition),
        licence=_licence(session, edition),
        next=token,
        unit=unit,
        credits=credits_due(session, edition),
    )


def _licence(session: Session, edition: Edition) -> Licence | None:
    """The licence of the data at an edition, read once until the next publication."""

    def read() -> Licence | None:
        site = queries.site(session, edition.version)
        return _LICENCES[site.record["licence"]] if site else None

    return memory.get(edition, ("licence",), read, lambda made: 100)


def iso_instant(instant: datetime | None) -> str | None:
    """An instant as ISO 8601 in UTC, to the second."""
    if instant is None:
        return None
    return instant.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
