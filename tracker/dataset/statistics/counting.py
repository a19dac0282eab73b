"""Counting what a filter leaves, by one dimension, by two or by none.

What is counted is told apart within each incident (the incident itself, its pairs of act and victim, its victims) or
across all of them (outlets). Each counts once in a cell, however many facets put it there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tracker.dataset.facets import GROUP, NAMED, UNNAMED
from tracker.dataset.statistics.columns import Array, Columns
from tracker.dataset.statistics.distinct import distinct, first_facets, numbered
from tracker.dataset.statistics.narrowing import Narrowed
from tracker.dataset.statistics.question import Dimension, Level, Unit
from tracker.vocabulary import NOT_RECORDED, UNKNOWN

MEASURES = {Unit.VICTIMS: (NAMED, UNNAMED, GROUP)}
"""What stands beside each other in the counts of a unit, and is never added up; other units have one measure."""


@dataclass(frozen=True, eq=False)
class Axis:
    """A dimension with its cells.

    Attributes:
        keys: what the cells are called, in their order.
        place: for each code of the column, its cell; -1 where it has none.
        base: for periods, the number of the first one, counted from the year 0.
    """

    dimension: Dimension
    keys: tuple[str, ...]
    place: Array
    base: int = 0

    @property
    def size(self) -> int:
        """How many cells there are."""
        return len(self.keys)


@dataclass(frozen=True)
class Counts:
    """Counts by measure and by the cells of the axes: those that may lie in a cell, and those that surely do."""

    possible: Array
    certain: Array


def count(narrowed: Narrowed, unit: Unit, axes: Sequence[Axis]) -> Counts:
    """Count the distinct things of a unit in each cell; the first index is the measure, then follow the axes."""
    if not all(axis.size for axis in axes) or not narrowed.incidents.any():
        nothing = np.zeros((len(MEASURES.get(unit, ("",))), *(axis.size for axis in axes)), dtype=np.int64)
        return Counts(nothing, nothing)
    counted = _across(narrowed, axes) if unit is Unit.OUTLETS else _within(narrowed, unit, axes)
    measures = len(MEASURES.get(unit, ("",)))
    ordered = sorted(axes, key=_order)
    shape = (measures, *(axis.size for axis in ordered))
    back = (0, *(1 + ordered.index(axis) for axis in axes))
    possible = counted.possible.reshape(shape).transpose(back)
    return Counts(possible, counted.certain.reshape(shape).transpose(back))


_ORDER = tuple(Level)


def _order(axis: Axis) -> int:
    """Inside, facets come first and periods last, since their cells are filled by spans."""
    return _ORDER.index(axis.dimension.level)


@dataclass(frozen=True)
class _Rows:
    """Things to be counted: their cell so far, and their incident."""

    cell: Array
    incident: Array
    cells: int

    def keep(self, which: Array) -> _Rows:
        return _Rows(self.cell[which], self.incident[which], self.cells)

    def into(self, axis: Axis, columns: Columns) -> _Rows:
        """The same, divided up by an axis of the incident or of its topics."""
        if axis.dimension.level is Level.INCIDENT:
            return self._placed(axis.place[columns.incidents[axis.dimension.column][self.incident]], axis)
        # Most incidents have one topic and all have a first one; only the others are spread out.
        first = columns.topic_start[:-1][self.incident]
        more = np.diff(columns.topic_start)[self.incident] - 1
        rows, topic = self, columns.topic[first]
        if more.any():
            several = np.flatnonzero(more)
            each = np.repeat(several, more[several])
            further = columns.topic[ragged(first[several] + 1, more[several])]
            cell, incident = (np.concatenate([one, one[each]]) for one in (self.cell, self.incident))
            rows, topic = _Rows(cell, incident, self.cells), np.concatenate([topic, further])
        return rows._placed(axis.place[topic], axis)

    def _placed(self, place: Array, axis: Axis) -> _Rows:
        has_one = place >= 0
        rows = self if has_one.all() else self.keep(has_one)
        return rows.divided(place[has_one] if rows is not self else place, axis.size)

    def divided(self, place: Array, size: int) -> _Rows:
        """The same with the cells that `place` gives inside each cell; every one has a place."""
        return _Rows(self.cell * size + place, self.incident, self.cells * size)


def _within(narrowed: Narrowed, unit: Unit, axes: Sequence[Axis]) -> Counts:
    of_facets = [axis for axis in axes if axis.dimension.level is Level.FACET]
    rows = _divided_by_incidents(_things(narrowed, unit, of_facets), narrowed.columns, axes)
    period = _period_of(axes)
    if period is not None:
        return _by_period(narrowed, rows, period)
    possible = np.bincount(rows.cell, minlength=rows.cells)
    if narrowed.certain is None:
        return Counts(possible, possible)
    return Counts(possible, np.bincount(rows.cell[narrowed.certain[rows.incident]], minlength=rows.cells))


def _period_of(axes: Sequence[Axis]) -> Axis | None:
    return next((axis for axis in axes if axis.dimension.level is Level.PERIOD), None)


def _divided_by_incidents(rows: _Rows, columns: Columns, axes: Sequence[Axis]) -> _Rows:
    for axis in sorted(axes, key=_order):
        if axis.dimension.level in (Level.INCIDENT, Level.TOPIC):
            rows = rows.into(axis, columns)
    return rows


def _divided_by_facets(rows: _Rows, columns: Columns, chosen: Array, axes: Sequence[Axis]) -> _Rows:
    for axis in axes:
        place = axis.place[columns.facets[axis.dimension.column][chosen]]
        if (place < 0).any():
            rows, chosen, place = rows.keep(place >= 0), chosen[place >= 0], place[place >= 0]
        rows = rows.divided(place, axis.size)
    return rows


def _things(narrowed: Narrowed, unit: Unit, axes: Sequence[Axis]) -> _Rows:
    """Each thing of a unit once in each cell of the axes of facets."""
    columns = narrowed.columns
    if unit is Unit.INCIDENTS and not axes:
        incident = np.flatnonzero(narrowed.incidents)
        return _Rows(np.zeros(len(incident), dtype=np.int64), incident, 1)
    chosen = first_facets(narrowed, unit, tuple(axis.dimension.column for axis in axes))
    cell, cells = np.zeros(len(chosen), dtype=np.int64), 1
    if unit is Unit.VICTIMS:
        cell, cells = _measure(columns)[columns.facets["counts_as"][chosen]], len(MEASURES[unit])
    rows = _Rows(cell, columns.incident_of_facet()[chosen], cells)
    return _divided_by_facets(rows, columns, chosen, axes)


def _measure(columns: Columns) -> Array:
    """The measure of each code of what a victim counts as; `first_facets` has left out those that have none."""
    order = {word: number for number, word in enumerate(MEASURES[Unit.VICTIMS])}
    return np.array([order.get(word, -1) for word in columns.words["counts_as"].list], dtype=np.int64)


def spans(narrowed: Narrowed, period: Axis) -> tuple[Array, Array, Array]:
    """Of each incident the first and the last cell into which it may fall, and whether it surely falls into one."""
    key = ("spans", period.dimension.months, period.base, period.size)
    if key not in narrowed.made:
        narrowed.made[key] = _spans(narrowed, period)
    made: tuple[Array, Array, Array] = narrowed.made[key]
    return made


def _spans(narrowed: Narrowed, period: Axis) -> tuple[Array, Array, Array]:
    months = period.dimension.months
    first, last = (month // months for month in narrowed.columns.months())
    sure = (first == last) & narrowed.dated
    if narrowed.certain is not None:
        sure &= narrowed.certain
    top = max(period.size - 1, 0)
    return np.clip(first - period.base, 0, top), np.clip(last - period.base, 0, top), sure


def _by_period(narrowed: Narrowed, rows: _Rows, period: Axis) -> Counts:
    rows = rows.keep(narrowed.dated[rows.incident])
    first, last, sure = spans(narrowed, period)
    size = period.size
    # Each thing raises the count where its span begins and lowers it after its end.
    begins = np.bincount(rows.cell * (size + 1) + first[rows.incident], minlength=rows.cells * (size + 1))
    ends = np.bincount(rows.cell * (size + 1) + last[rows.incident] + 1, minlength=rows.cells * (size + 1))
    possible = (begins - ends).reshape(rows.cells, size + 1).cumsum(axis=1)[:, :size]
    certain = rows.keep(sure[rows.incident])
    sure_cell = certain.cell * size + first[certain.incident]
    return Counts(possible.ravel(), np.bincount(sure_cell, minlength=rows.cells * size))


def _across(narrowed: Narrowed, axes: Sequence[Axis]) -> Counts:
    """Count outlets, each once in a cell, whichever incidents put it there."""
    columns = narrowed.columns
    of_facets = [axis for axis in axes if axis.dimension.level is Level.FACET]
    names = dict.fromkeys(("outlet", *(axis.dimension.column for axis in of_facets)))
    chosen = first_facets(narrowed, Unit.INCIDENTS, tuple(names))
    chosen = chosen[_is_outlet(columns)[columns.facets["outlet"][chosen]]]
    things = max(len(columns.words["outlet"].list), 1)
    # The outlet itself is the first digit of a cell's number until all outlets of a cell are told apart.
    rows = _Rows(columns.facets["outlet"][chosen].astype(np.int64), columns.incident_of_facet()[chosen], things)
    rows = _divided_by_facets(rows, columns, chosen, of_facets)
    rows = _divided_by_incidents(rows, columns, axes)
    period = _period_of(axes)
    if period is not None:
        return _outlets_by_period(narrowed, rows, period, things)
    possible = _once_in_each(rows.cell, rows.cells, things)
    if narrowed.certain is None:
        return Counts(possible, possible)
    return Counts(possible, _once_in_each(rows.keep(narrowed.certain[rows.incident]).cell, rows.cells, things))


def _once_in_each(cell: Array, cells: int, things: int) -> Array:
    size = cells // things
    return np.bincount(distinct(cell, cells) % size, minlength=size)


def _outlets_by_period(narrowed: Narrowed, rows: _Rows, period: Axis, things: int) -> Counts:
    rows = rows.keep(narrowed.dated[rows.incident])
    first, last, sure = spans(narrowed, period)
    size = max(period.size, 1)
    kinds, kind = numbered(first * size + last, size * size)
    # Few spans differ, and few cells of an outlet hold anything: each is taken once before the spans are filled.
    held, place = numbered(rows.cell, rows.cells)
    place = place.astype(np.int64)
    found = distinct(place * len(kinds) + kind[rows.incident], max(len(held) * len(kinds), 1))
    cell, span = found // max(len(kinds), 1), kinds[found % max(len(kinds), 1)]
    length = span % size - span // size + 1
    filled = np.repeat(cell, length) * size + ragged(span // size, length)
    is_sure = sure[rows.incident]
    in_one = place[is_sure] * size + first[rows.incident[is_sure]]
    cells = rows.cells // things * size

    def counted(numbers: Array) -> Array:
        once = distinct(numbers, max(len(held) * size, 1))
        return np.bincount((held[once // size] * size + once % size) % cells, minlength=cells)

    return Counts(counted(filled), counted(in_one))


def _is_outlet(columns: Columns) -> Array:
    """Which codes of outlets stand for an outlet."""
    return np.array([word not in (NOT_RECORDED, UNKNOWN) for word in columns.words["outlet"].list], dtype=bool)


def ragged(start: Array, counts: Array) -> Array:
    """The numbers from each start on, as many as its count says, one after the other."""
    ends = np.cumsum(counts)
    made: Array = np.arange(int(counts.sum())) + np.repeat(start - ends + counts, counts)
    return made
