"""Years, quarters and months as the cells of a table."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from datetime import date

import numpy as np

from tracker.dataset.statistics.columns import ALWAYS, NEVER
from tracker.dataset.statistics.counting import Axis
from tracker.dataset.statistics.narrowing import Narrowed
from tracker.dataset.statistics.question import Dimension

NO_CELLS = np.zeros(0, dtype=np.int64)


def period_key(number: int, months: int) -> str:
    """What a period is called (2020, 2020-Q4, 2020-10), by its number: they are counted from the year 0."""
    year, part = divmod(number, 12 // months)
    if months == 12:
        return f"{year:04d}"
    return f"{year:04d}-Q{part + 1}" if months == 3 else f"{year:04d}-{part + 1:02d}"


def period_days(key: str) -> tuple[date, date]:
    """The first and the last day of a period by its key."""
    year, _, part = key.partition("-")
    if not part:
        return date(int(year), 1, 1), date(int(year), 12, 31)
    first = (int(part[1:]) - 1) * 3 + 1 if part.startswith("Q") else int(part)
    last = first + 2 if part.startswith("Q") else first
    return date(int(year), first, 1), date(int(year), last, monthrange(int(year), last)[1])


def period_axis(narrowed: Narrowed, dimension: Dimension) -> Axis:
    """The periods from the first to the last one in which a known day lies, or those of the filter, without a gap."""
    bounds = list(_bounds(narrowed))
    if not bounds:
        return Axis(dimension, (), NO_CELLS)
    first, last = min(bounds) // dimension.months, max(bounds) // dimension.months
    keys = tuple(period_key(number, dimension.months) for number in range(first, last + 1))
    return Axis(dimension, keys, NO_CELLS, first)


def _bounds(narrowed: Narrowed) -> Iterable[int]:
    """The months between which the periods lie."""
    asked = [_month(day) for day in (narrowed.first, narrowed.last) if day is not None]
    chosen = narrowed.incidents & narrowed.dated
    known = [months[chosen & (months > NEVER) & (months < ALWAYS)] for months in narrowed.columns.months()]
    found = [int(bound) for months in known if len(months) for bound in (months.min(), months.max())]
    if narrowed.first is not None:
        found = [max(month, asked[0]) for month in found]
    if narrowed.last is not None:
        found = [min(month, asked[-1]) for month in found]
    return [*found, *asked]


def _month(day: int) -> int:
    on = date.fromordinal(day)
    return on.year * 12 + on.month - 1


def clipped(key: str, first: int | None, last: int | None) -> tuple[date, date]:
    """The days of a period that lie within the period of the filter."""
    start, end = period_days(key)
    return max(start, date.fromordinal(first or 1)), min(end, date.fromordinal(last or date.max.toordinal()))
