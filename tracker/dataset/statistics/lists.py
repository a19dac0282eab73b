"""Lists out of the columns: how many incidents match, which, and those of one page in the order of the list."""

from __future__ import annotations

from array import array
from calendar import monthrange
from collections.abc import Sequence
from datetime import date
from functools import partial

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.dataset.editions import Edition
from tracker.dataset.filters import DatasetFilter
from tracker.dataset.given import given_ids
from tracker.dataset.models import PublicIncident
from tracker.dataset.statistics.bits import Bits
from tracker.dataset.statistics.columns import Array, Columns
from tracker.dataset.statistics.distinct import first_facets
from tracker.dataset.statistics.narrowing import Narrowed, narrow
from tracker.dataset.statistics.question import Unit

MOST_BYTES = 8_000_000
"""How much memory the remembered matches of one set of columns take: a bit for each incident and filter."""


def total(session: Session, columns: Columns, wanted: DatasetFilter, edition: Edition) -> int:
    """How many incidents match."""
    return int(np.count_nonzero(matching(session, columns, wanted, edition)))


def act_rows(session: Session, columns: Columns, wanted: DatasetFilter, edition: Edition) -> int:
    """How many pairs of an act and a victim there are in the incidents that match."""
    found = matching(session, columns, wanted, edition)
    whole = Narrowed(columns, found, facets=None, certain=None, first=None, last=None)
    return len(first_facets(whole, Unit.ACTS, ()))


def ids(session: Session, columns: Columns, wanted: DatasetFilter, edition: Edition) -> array[int]:
    """The ids of all versions that match, ascending: eight bytes for each."""
    found = columns.incidents["version_id"][matching(session, columns, wanted, edition)]
    return array("q", found.astype(np.int64).tobytes())


def page(
    session: Session, columns: Columns, wanted: DatasetFilter, edition: Edition, limit: int
) -> Sequence[tuple[int, str]]:
    """The version ids of a page with the keys that they are sorted by.

    The columns know the days, by which the list is sorted first; the database puts those of one day into their order.
    """
    all_found = matching(session, columns, wanted, edition)
    begins_after = wanted.after.sort_key if wanted.after else None
    last = _day_number(begins_after[:10]) if begins_after is not None else None
    places = _newest(columns, all_found, last, limit)
    incident = PublicIncident
    chosen = given_ids(session, columns.incidents["version_id"][places].tolist())
    found = select(incident.version_id, incident.sort_key).where(incident.version_id.in_(chosen))
    if begins_after is not None:
        found = found.where(incident.sort_key < begins_after)
    # In this form the key leads the database to no walk down the whole list.
    rows = session.execute(found.order_by(incident.sort_key.concat("").desc()).limit(limit))
    return [(row[0], row[1]) for row in rows]


def _newest(columns: Columns, matching: Array, last: int | None, limit: int) -> Array:
    """The places of at least so many incidents that match, or all: those of the newest days, each of them whole.

    With `last` those of that day, any number of which may be unwanted, and so many of the days before it.
    """
    days = columns.list_days()
    if last is not None:
        matching = matching & (days <= last)
    of_day = np.bincount(days[matching])[::-1]
    needed = limit if last is None or not len(of_day) else limit + int(of_day[0])
    counted = np.cumsum(of_day)
    back = int(np.searchsorted(counted, needed))
    return np.flatnonzero(matching & (days >= len(of_day) - 1 - back))


def values(columns: Columns, edition: Edition, name: str) -> list[tuple[str, int]]:
    """How many incidents of an edition hold each value of a column of incidents; what none holds is left out."""
    held = np.bincount(columns.incidents[name][columns.public_at(edition.version)])
    return [(columns.words[name].list[code], int(held[code])) for code in np.flatnonzero(held).tolist()]


def matching(session: Session, columns: Columns, wanted: DatasetFilter, edition: Edition) -> Array:
    """Which incidents match."""
    bits = columns.once("lists", partial(Bits, MOST_BYTES))
    # The whole selection and not its digest, which is short enough for somebody to forge another filter's.
    key = (edition.version, wanted.selection())
    known = bits.get(key)
    if known is None:
        known = narrow(session, columns, wanted, edition).incidents
        bits.put(key, known)
    return known


def _day_number(text: str) -> int:
    """The last day that is not after ten characters of a page token, which need not be a day; 0 before all days."""
    year, month, day = int(text[:4]), int(text[5:7]), int(text[8:])
    if year == 0:
        return 0
    if month > 12:
        return date(year, 12, 31).toordinal()
    if month == 0:
        return date(year, 1, 1).toordinal() - 1
    return date(year, month, 1).toordinal() - 1 + min(day, monthrange(year, month)[1])
