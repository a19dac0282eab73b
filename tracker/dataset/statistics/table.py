"""A summary: the counts of a filter by one dimension or two, with what is needed to read them rightly."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from tracker.dataset.editions import Edition
from tracker.dataset.filters import DatasetFilter
from tracker.dataset.problems import FilterError, Problem
from tracker.dataset.statistics.axes import axis_of
from tracker.dataset.statistics.columns import Array, Columns
from tracker.dataset.statistics.counting import MEASURES, Axis, Counts, count
from tracker.dataset.statistics.distinct import OF_PAIR
from tracker.dataset.statistics.narrowing import Narrowed
from tracker.dataset.statistics.periods import clipped, period_days
from tracker.dataset.statistics.question import Dimension, Level, Question, Unit
from tracker.phrases import phrase

LARGEST = 250_000
"""The most cells that the files of a table list; of a table with more they list those in which anything is counted."""
MOST = 2_000_000
"""The most cells of a table, those in which nothing is counted included."""
LONGEST = 20_000
"""The most rows or columns of one."""


Changes = dict[str, str | None]
"""Changes to a filter, by the names of its parameters."""


@dataclass(frozen=True, slots=True)
class Count:
    """How many may lie in a cell, and how many surely do; apart from periods these are the same."""

    possible: int
    certain: int


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a table: the keys of its row and its column (None where there is one dimension), and its counts.

    There is one count for each measure of the unit.
    """

    row: str
    column: str | None
    counts: tuple[Count, ...]


@dataclass(frozen=True)
class Table:
    """The answer to a question.

    Attributes:
        rows, columns: the keys of the rows and columns; a table of one dimension has no columns.
        cells: counts by measure, row and column (or by measure and row).
        of_rows, of_columns: distinct things in each row and column, which are fewer than their cells add up to where
            one thing lies in several of them.
        total: distinct things in all, by measure.
        undated: by measure, how many have no date and so stand in no period; None where no dimension is one.
        undated_cells: the same by the dimension beside the period, where there is one.
        without_act: how many incidents have no act recorded, and so stand in no row of a dimension of acts.
        unavailable: how many incidents of the edition were removed by restrictions since.
        examples: for each region, the version id of an incident there that bears its name.
    """

    edition: Edition
    wanted: DatasetFilter
    question: Question
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    cells: Counts
    of_rows: Counts
    of_columns: Counts | None
    total: Counts
    undated: Counts | None
    undated_cells: Counts | None
    without_act: int
    unavailable: int
    examples: Mapping[str, int]

    @property
    def measures(self) -> tuple[str, ...]:
        """The names of the measures; a unit with a single one leaves it without a name."""
        return MEASURES.get(self.question.unit, ("",))

    @property
    def has_periods(self) -> bool:
        """Whether one of the dimensions is a period."""
        return any(dimension.level is Level.PERIOD for dimension in self.question.dimensions)

    @property
    def is_paired(self) -> bool:
        """Whether possible and certain counts can differ."""
        return self.has_periods or (self.wanted.has_period and self.wanted.when == "possible")

    @property
    def size(self) -> int:
        """How many cells there are."""
        return len(self.rows) * (len(self.columns) if self.question.then else 1)

    @property
    def is_sparse(self) -> bool:
        """Whether the cells in which nothing is counted are too many to be listed."""
        return self.size > LARGEST

    def iterate(self) -> Iterator[Cell]:
        """All cells, row by row; in a sparse table those in which anything is counted."""
        if self.is_sparse:
            for row, column in np.argwhere(self.cells.possible.any(axis=0)).tolist():
                yield Cell(self.rows[row], self.columns[column], self.at(self.cells, row, column))
            return
        for row, key in enumerate(self.rows):
            if self.question.then is None:
                yield Cell(key, None, self.at(self.cells, row))
                continue
            for column, other in enumerate(self.columns):
                yield Cell(key, other, self.at(self.cells, row, column))

    def at(self, counts: Counts, *place: int) -> tuple[Count, ...]:
        """The counts at a place, one for each measure."""
        return tuple(
            Count(int(counts.possible[(measure, *place)]), int(counts.certain[(measure, *place)]))
            for measure in range(len(self.measures))
        )

    def sums(self) -> tuple[Count, ...]:
        """What all rows add up to, those without a date with them; more than the total where rows overlap."""
        by_period = self.question.by.level is Level.PERIOD
        apart = self.undated.possible if by_period and self.undated is not None else 0
        possible, certain = (found.sum(axis=1) + apart for found in (self.of_rows.possible, self.of_rows.certain))
        return tuple(Count(int(one), int(other)) for one, other in zip(possible, certain, strict=True))

    def nothing(self) -> bool:
        """Whether nothing at all was found."""
        return not self.total.possible.any()

    def overlaps(self) -> bool:
        """Whether some things lie in more than one row."""
        total = self.total.possible
        return any(summed.possible > int(total[measure]) for measure, summed in enumerate(self.sums()))

    def changes(
        self, row: str | None, column: str | None = None, *, certain: bool = False
    ) -> dict[str, str | None] | None:
        """The changes to the filter that list the incidents behind a cell, or None where no filter can.

        A filter has one period and one `when`. Where it asks for incidents that surely fall into its own period, it
        cannot ask at the same time for those that may fall into a part of it.
        """
        if self.has_periods and self.wanted.when == "certain" and self.wanted.has_period and not certain:
            return None
        changed: Changes = {}
        keys = ((self.question.by, row), (self.question.then, column))
        for dimension, key in sorted(keys, key=lambda pair: -pair[0].months if pair[0] else 0):
            if dimension is not None and key is not None:
                changed |= self._change(dimension, key)
        if self.is_paired and not (self.wanted.has_period and self.wanted.when == "certain" and not self.has_periods):
            changed["when"] = "certain" if certain else None
        return changed

    def _change(self, dimension: Dimension, key: str) -> Changes:
        if dimension.level is Level.PERIOD:
            limits = (self.wanted.start, self.wanted.end)
            first, last = clipped(key, *(limit.toordinal() if limit else None for limit in limits))
            return {"from": first.isoformat(), "to": last.isoformat()}
        if dimension.name == "admin1":
            country, _, name = key.partition(":")
            return {"country": country, "admin1": name}
        return {dimension.parameter: key}


def tabulate(
    narrowed: Narrowed, wanted: DatasetFilter, question: Question, edition: Edition, unavailable: int = 0
) -> Table:
    """Count what is left of the columns by the dimensions of a question; raises `FilterError` for too large a table."""
    unit = question.unit
    found = [axis_of(narrowed, wanted, unit, dimension) for dimension in question.dimensions]
    axes, known = [axis for axis, _ in found], [counts for _, counts in found]
    _refuse_too_large(question, axes)
    is_nested = len(axes) > 1 and all(axis.dimension.level is Level.PERIOD for axis in axes)
    cells = count(narrowed, unit, axes) if len(axes) > 1 and not is_nested else None
    rows = known[0] or _of_side(narrowed, unit, axes, cells, 0)
    columns = (known[1] or _of_side(narrowed, unit, axes, cells, 1)) if len(axes) > 1 else None
    if cells is None:
        cells = _nested(axes, rows, columns) if columns is not None else rows
    _refuse_too_full(question, cells)
    others = [axis for axis in axes if axis.dimension.level is not Level.PERIOD]
    has_period, without_date = len(others) < len(axes), narrowed.only(~narrowed.dated)
    return Table(
        edition=edition,
        wanted=wanted,
        question=question,
        rows=axes[0].keys,
        columns=axes[1].keys if len(axes) > 1 else (),
        cells=cells,
        of_rows=rows,
        of_columns=columns,
        total=_total(narrowed, unit, axes[0], rows),
        undated=count(without_date, unit, ()) if has_period else None,
        undated_cells=count(without_date, unit, others) if has_period and others else None,
        without_act=_without_act(narrowed, question),
        unavailable=unavailable,
        examples=_examples(narrowed, axes),
    )


def _of_side(narrowed: Narrowed, unit: Unit, axes: Sequence[Axis], cells: Counts | None, side: int) -> Counts:
    """The distinct things in each row (side 0) or column (side 1): the cells' sum, where no two of them share any."""
    if cells is not None and _parts(unit, axes[1 - side].dimension):
        across = 2 - side
        return Counts(cells.possible.sum(axis=across), cells.certain.sum(axis=across))
    return count(narrowed, unit, axes[side : side + 1])


def _total(narrowed: Narrowed, unit: Unit, axis: Axis, rows: Counts) -> Counts:
    if _parts(unit, axis.dimension):
        return Counts(rows.possible.sum(axis=1), rows.certain.sum(axis=1))
    return count(narrowed, unit, ())


def _parts(unit: Unit, dimension: Dimension) -> bool:
    """Whether each thing of a unit lies in exactly one cell of a dimension."""
    if dimension.level is Level.INCIDENT:
        return unit is not Unit.OUTLETS
    return unit is Unit.ACTS and dimension.level is Level.FACET and dimension.column in OF_PAIR


def _nested(axes: Sequence[Axis], rows: Counts, columns: Counts) -> Counts:
    """Two kinds of period: where one lies in the other the cell holds what the shorter one holds, else nothing."""
    row_days, column_days = ([period_days(key) for key in axis.keys] for axis in axes)
    shorter_is_row = axes[0].dimension.months < axes[1].dimension.months
    inside = np.array(
        [
            [
                (shorter[0] >= longer[0]) and (shorter[1] <= longer[1])
                for column in column_days
                for shorter, longer in [(row, column) if shorter_is_row else (column, row)]
            ]
            for row in row_days
        ],
        dtype=bool,
    ).reshape(len(row_days), len(column_days))

    def filled(of_rows: Array, of_columns: Array) -> Array:
        spread = of_rows[:, :, None] if shorter_is_row else of_columns[:, None, :]
        made: Array = np.where(inside[None], spread, 0)
        return made

    return Counts(filled(rows.possible, columns.possible), filled(rows.certain, columns.certain))


def _refuse_too_large(question: Question, axes: Sequence[Axis]) -> None:
    sizes = [axis.size for axis in axes]
    cells = sizes[0] * (sizes[1] if len(sizes) > 1 else 1)
    if cells > MOST or max(sizes) > LONGEST:
        raise _too_large(question, cells, MOST)


def _refuse_too_full(question: Question, cells: Counts) -> None:
    places = cells.possible[0].size
    if places > LARGEST and (held := int(np.count_nonzero(cells.possible.any(axis=0)))) > LARGEST:
        raise _too_large(question, held, LARGEST)


def _too_large(question: Question, cells: int, most: int) -> FilterError:
    message = phrase("This table would have {cells} cells; at most {most} are counted.", cells=cells, most=most)
    allowed = (phrase("a dimension with fewer rows, or a filter that leaves less"),)
    name = "by" if question.then is None else "then"
    return FilterError([Problem.of(name, question.dimensions[-1].name, message, allowed)])


def _without_act(narrowed: Narrowed, question: Question) -> int:
    if question.unit is not Unit.INCIDENTS or all(each.level is not Level.FACET for each in question.dimensions):
        return 0
    return int((narrowed.incidents & (np.diff(narrowed.columns.start) == 0)).sum())


def _examples(narrowed: Narrowed, axes: Sequence[Axis]) -> dict[str, int]:
    """An incident of each region, by whose record the region is named."""
    regions = next((axis for axis in axes if axis.dimension.name == "admin1"), None)
    if regions is None:
        return {}
    columns: Columns = narrowed.columns
    chosen = np.flatnonzero(narrowed.incidents)
    example = np.zeros(len(columns.words["region"].list), dtype=np.int64)
    example[columns.incidents["region"][chosen]] = columns.incidents["version_id"][chosen]
    return {key: int(example[columns.words["region"][key]]) for key in regions.keys}
