"""Years, quarters and months as the cells of a table."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import numpy as np

from tracker.dataset.statistics.columns import ALWAYS, NEVER
from tracker.dataset.statistics.counting import Axis
from tracker.dataset.statistics.narrowing import Narrowed
from tracker.dataset.statistics.periods import period_key
from tracker.dataset.statistics.question import Dimension

NO_CELLS = np.zeros(0, dtype=np.int64)


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
