"""Counting for the map where a filter has many matches: what the map tells of every incident of an edition, in memory.

An answer needs the same rows counted in three ways: by country and placing, by months, by point. Where many match, that
takes longer than anything else. So each incident is kept as three numbers, and a filter has only to say which incidents
it finds. Reading the table takes as long as some answers together: `read_ahead` does it while nobody waits, and until
then the database counts.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.dataset.at_hand import columns_at_hand
from tracker.dataset.counts import total
from tracker.dataset.editions import Edition
from tracker.dataset.filters import DatasetFilter
from tracker.dataset.map.memory import memory
from tracker.dataset.map.points import cell_of, coarse_cell
from tracker.dataset.map.rows import FEW
from tracker.dataset.matching import matching_ids
from tracker.dataset.models import PublicPoint, rendered_at

AT_ONCE = 5_000
_TABLE = ("table",)


class Point(NamedTuple):
    """A public point with one uncertainty and one group of violations, and its cells, all in stored units."""

    latitude: int
    longitude: int
    metres: int
    group: int
    cell: int
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class Counted:
    """What a filter finds, counted: by placing and country, by first and last possible month, by public point."""

    placings: tuple[tuple[str, str, int], ...]
    spans: tuple[tuple[int, int, int], ...]
    points: tuple[tuple[Point, int], ...]


class Table:
    """All incidents of one edition: each is three numbers, at the place that its version id gives it."""

    def __init__(self, batches: Iterable[Sequence[Any]]) -> None:
        """The table of rows by their ids: id, placing, country, two months, point, uncertainty, group."""
        self._first: int | None = None
        self._numbers = (array("i"), array("i"), array("i"))
        self._values: tuple[dict[Any, int], ...] = ({}, {}, {})
        self._drawn: dict[tuple[int, int, int, int], Point] = {}
        for rows in batches:
            self._add(rows)

    def _add(self, rows: Sequence[Any]) -> None:
        first = self._first = rows[0][0] if self._first is None else self._first
        for numbers in self._numbers:
            # Versions that are not of this edition leave gaps, which no filter finds.
            numbers.extend([0] * (rows[-1][0] - first + 1 - len(numbers)))
        by_placing, by_span, by_point = self._numbers
        placings, spans, points = self._values
        for row in rows:
            place = row[0] - first
            by_placing[place] = placings.setdefault(row[1:3], len(placings))
            by_span[place] = spans.setdefault(row[3:5], len(spans))
            by_point[place] = points.setdefault(row[5:], len(points))

    @property
    def weight(self) -> int:
        """About how many bytes it takes."""
        return 12 * len(self._numbers[0]) + 500 * sum(map(len, self._values))

    def count(self, version_ids: Iterable[int]) -> Counted:
        """Count these incidents, all of this edition."""
        places = [version_id - (self._first or 0) for version_id in version_ids]
        placings, spans, points = (
            [(value, found[number]) for value, number in values.items() if found[number]]
            for values, numbers in zip(self._values, self._numbers, strict=True)
            for found in (Counter(map(numbers.__getitem__, places)),)
        )
        return Counted(
            placings=tuple((*key, count) for key, count in placings),
            spans=tuple((*key, count) for key, count in spans),
            points=tuple((self._point(key), count) for key, count in points if key[0] is not None),
        )

    def _point(self, key: tuple[int, int, int, int]) -> Point:
        if key not in self._drawn:
            x, y = cell_of(*key[:2])
            self._drawn[key] = Point(*key, coarse_cell(x, y), x, y)
        return self._drawn[key]


def read_ahead(session: Session, edition: Edition) -> None:
    """Read the table of an edition, so that filters with many matches are answered from it from now on.

    Where the columns behind the figures are in memory, they do for the map too.
    """
    if columns_at_hand(session, edition) is not None:
        return
    memory.get(edition, _TABLE, lambda: _read(session, edition), lambda made: made.weight)


def counted(session: Session, wanted: DatasetFilter, edition: Edition) -> Counted | None:
    """What a filter with many matches finds; None where the database is asked: for few, for all, without a table."""
    if wanted.is_empty or total(session, wanted, edition) <= FEW:
        return None
    table: Table | None = memory.known(edition, _TABLE)
    if table is None and columns_at_hand(session, edition) is None:
        return None
    return memory.get(
        edition,
        ("counted", wanted.selection()),
        lambda: _count(session, wanted, edition, table),
        lambda made: 1_000 + (100 * (len(made.placings) + len(made.spans) + len(made.points)) if made else 0),
    )


def _count(session: Session, wanted: DatasetFilter, edition: Edition, table: Table | None) -> Counted | None:
    if (columns := columns_at_hand(session, edition)) is not None:
        from tracker.dataset.map import counting
        from tracker.dataset.statistics import lists

        return counting.count(columns, lists.matching(session, columns, wanted, edition))
    return table.count(matching_ids(session, wanted, edition)) if table is not None else None


def _read(session: Session, edition: Edition) -> Table:
    point = PublicPoint
    told = (point.placing, point.country, point.first_month, point.last_month)
    drawn = (point.latitude, point.longitude, point.metres, point.violation_group)
    statement = select(point.version_id, *told, *drawn).where(rendered_at(point, edition.version))
    # Some rows after the other, so that they are never all held at once.
    in_order = statement.order_by(point.version_id).execution_options(yield_per=AT_ONCE)
    return Table(session.execute(in_order).partitions())
