"""Counting for the map out of the columns behind the figures, where they are in memory."""

from __future__ import annotations

import numpy as np

from tracker.dataset.map.points import NO_MONTH, OPEN_MONTH, cell_of, coarse_cell
from tracker.dataset.map.table import Counted, Point
from tracker.dataset.statistics.columns import ALWAYS, NEVER, NOWHERE, Array, Columns

MOST_POINTS = 50_000
"""How many different points are told apart here at most; with more, the database is quicker."""
FEW = 1 << 20
"""So many different numbers are counted each in a place of its own, without sorting them."""
_BITS, _LATITUDE, _LONGITUDE = 62, 90 * 100_000, 180 * 100_000


def count(columns: Columns, which: Array) -> Counted | None:
    """Count these incidents; None where they lie at too many different points."""
    places = np.flatnonzero(which)
    points = _points(columns, places)
    return None if points is None else Counted(_placings(columns, places), _spans(columns, places), points)


def _placings(columns: Columns, places: Array) -> tuple[tuple[str, str, int], ...]:
    placing, country = columns.words["placing"].list, columns.words["country"].list
    found = _pairs(columns.incidents["placing"][places], columns.incidents["country"][places], len(country))
    return tuple((placing[one], country[other], count) for one, other, count in found)


def _spans(columns: Columns, places: Array) -> tuple[tuple[int, int, int], ...]:
    first, last = (of_all[places] for of_all in columns.months())
    known = [months[(months != NEVER) & (months != ALWAYS)] for months in (first, last)]
    lowest = min((int(months.min()) for months in known if len(months)), default=0) - 1
    highest = max((int(months.max()) for months in known if len(months)), default=0) + 1
    # Whatever is open lies beside the months that are known, so that few numbers are counted.
    ones, others = (months.clip(lowest, highest) - lowest for months in (first, last))

    def month(code: int) -> int:
        return NO_MONTH if code == 0 else OPEN_MONTH if code == highest - lowest else lowest + code

    found = _pairs(ones, others, highest - lowest + 1)
    return tuple((month(one), month(other), count) for one, other, count in found)


def _points(columns: Columns, places: Array) -> tuple[tuple[Point, int], ...] | None:
    metres, group = (columns.words[name].list for name in ("metres", "violation_group"))
    alike = len(metres) * len(group)
    wide = 2 * _LONGITUDE + 1
    if (2 * _LATITUDE + 1) * wide * alike >= 1 << _BITS:
        return None
    places = places[columns.incidents["latitude"][places] != NOWHERE]
    key = columns.incidents["latitude"][places].astype(np.int64) + _LATITUDE
    for name, shift, size in (
        ("longitude", _LONGITUDE, wide),
        ("metres", 0, len(metres)),
        ("violation_group", 0, len(group)),
    ):
        key *= size
        key += columns.incidents[name][places] + shift
    found, counts = np.unique(key, return_counts=True)
    if len(found) > MOST_POINTS:
        return None
    made = []
    for one, count in zip(found.tolist(), counts.tolist(), strict=True):
        at, kind = divmod(one, alike)
        latitude, longitude = at // wide - _LATITUDE, at % wide - _LONGITUDE
        x, y = cell_of(latitude, longitude)
        drawn = (int(metres[kind // len(group)]), int(group[kind % len(group)]))
        made.append((Point(latitude, longitude, *drawn, coarse_cell(x, y), x, y), count))
    return tuple(made)


def _pairs(ones: Array, others: Array, size: int) -> list[tuple[int, int, int]]:
    """How often each pair of codes comes, of which the others are below `size`."""
    keys = ones.astype(np.int64) * size + others
    if keys.max(initial=0) < FEW:
        counts = np.bincount(keys)
        found = np.flatnonzero(counts)
        counts = counts[found]
    else:
        found, counts = np.unique(keys, return_counts=True)
    return [(*divmod(key, size), count) for key, count in zip(found.tolist(), counts.tolist(), strict=True)]
