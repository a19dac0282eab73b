"""Clusters of public points, made here where there are too many for a browser.

A cluster is what lies in one cell of a grid, a quarter of a tile wide. Views of the world are made from one count of
coarse cells, views from nearby from the points of their tiles alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Integer, and_, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from tracker.dataset.boxes import UNIT, degrees
from tracker.dataset.editions import Edition
from tracker.dataset.filters import DatasetFilter
from tracker.dataset.map.memory import memory
from tracker.dataset.map.points import COARSE, FINEST
from tracker.dataset.map.rows import matching
from tracker.dataset.map.table import Counted, Point, counted
from tracker.dataset.map.views import View
from tracker.dataset.models import PublicPoint

FINER = 2
"""By how many zooms the cells of clusters are smaller than tiles."""
SEVERAL_POINTS = -2
"""Instead of metres, where a cluster holds more than one public point."""
MIXED = -1
"""Instead of a group, where a cluster holds more than one group of violations."""
_BYTES = 400


class Cell(NamedTuple):
    """What lies in one cell: sums and extremes, in stored units, from which larger cells are made."""

    x: int
    y: int
    incidents: int
    latitudes: int
    longitudes: int
    south: int
    north: int
    west: int
    east: int
    least_metres: int
    most_metres: int
    first_group: int
    last_group: int

    def joined(self, other: Cell) -> Cell:
        """This cell with what lies in another one."""
        return Cell(
            self.x,
            self.y,
            self.incidents + other.incidents,
            self.latitudes + other.latitudes,
            self.longitudes + other.longitudes,
            min(self.south, other.south),
            max(self.north, other.north),
            min(self.west, other.west),
            max(self.east, other.east),
            min(self.least_metres, other.least_metres),
            max(self.most_metres, other.most_metres),
            min(self.first_group, other.first_group),
            max(self.last_group, other.last_group),
        )

    @property
    def cluster(self) -> Cluster:
        """The cell as it is drawn."""
        one_point = self.south == self.north and self.west == self.east
        one_size = one_point and self.least_metres == self.most_metres
        return Cluster(
            round(self.latitudes / self.incidents / UNIT, 5),
            round(self.longitudes / self.incidents / UNIT, 5),
            self.incidents,
            degrees(self.west),
            degrees(self.south),
            degrees(self.east),
            degrees(self.north),
            # Of one point with several uncertainties the largest is true of all.
            self.least_metres if one_size else self.most_metres if one_point else SEVERAL_POINTS,
            self.first_group if self.first_group == self.last_group else MIXED,
        )


class Cluster(NamedTuple):
    """A mark for several incidents: its middle, how many, the box of their points (degrees), and what they share."""

    latitude: float
    longitude: float
    incidents: int
    west: float
    south: float
    east: float
    north: float
    metres: int
    group: int


@dataclass(frozen=True, slots=True)
class _Grid:
    """All cells of a zoom."""

    zoom: int
    cells: tuple[Cell, ...]

    def coarser(self, zoom: int) -> _Grid:
        """The same in larger cells."""
        shift = self.zoom - zoom
        found: dict[tuple[int, int], Cell] = {}
        for cell in self.cells:
            key = (cell.x >> shift, cell.y >> shift)
            found[key] = found[key].joined(cell) if key in found else cell._replace(x=key[0], y=key[1])
        return _Grid(zoom, tuple(found.values()))


def clusters(session: Session, wanted: DatasetFilter, edition: Edition, view: View) -> tuple[Cluster, ...]:
    """The clusters of a filter in the tiles of a view, at an edition."""
    zoom = view.zoom + FINER
    cells: Iterable[Cell]
    if zoom <= COARSE:
        cells = (cell for cell in _grid(session, wanted, edition, zoom).cells if view.holds(cell.x, cell.y, zoom))
        return tuple(cell.cluster for cell in cells)
    return memory.get(
        edition,
        ("near", wanted.selection(), view),
        lambda: tuple(cell.cluster for cell in _near(session, wanted, edition, view)),
        lambda made: 1_000 + _BYTES * len(made),
    )


def _grid(session: Session, wanted: DatasetFilter, edition: Edition, zoom: int) -> _Grid:
    def make() -> _Grid:
        if zoom < COARSE:
            return _grid(session, wanted, edition, COARSE).coarser(zoom)
        last = (1 << COARSE) - 1
        known = counted(session, wanted, edition)
        if known is not None:
            return _Grid(COARSE, tuple(_cells(known, lambda at: (at.cell >> COARSE, at.cell & last))))
        rows = and_(matching(session, wanted, edition), PublicPoint.cell.is_not(None))
        found = session.execute(select(PublicPoint.cell, *_sums()).where(rows).group_by(PublicPoint.cell))
        return _Grid(COARSE, tuple(Cell(row[0] >> COARSE, row[0] & last, *row[1:]) for row in found))

    return memory.get(edition, ("grid", wanted.selection(), zoom), make, lambda made: 1_000 + _BYTES * len(made.cells))


def _cells(known: Counted, cell_of: Callable[[Point], tuple[int, int]]) -> Iterable[Cell]:
    """The cells of points that were counted in memory."""
    found: dict[tuple[int, int], Cell] = {}
    for at, count in known.points:
        x, y = key = cell_of(at)
        sums = (count, count * at.latitude, count * at.longitude)
        bounds = (at.latitude, at.latitude, at.longitude, at.longitude)
        cell = Cell(x, y, *sums, *bounds, at.metres, at.metres, at.group, at.group)
        found[key] = found[key].joined(cell) if key in found else cell
    return found.values()


def _near(session: Session, wanted: DatasetFilter, edition: Edition, view: View) -> list[Cell]:
    known = counted(session, wanted, edition)
    if known is not None:
        shift, inside = FINEST - view.zoom - FINER, view.zoom + FINER
        cells = _cells(known, lambda at: (at.x >> shift, at.y >> shift))
        return [cell for cell in cells if view.holds(cell.x, cell.y, inside)]
    x, y = (column.op(">>")(FINEST - view.zoom - FINER) for column in (PublicPoint.x, PublicPoint.y))
    rows = and_(matching(session, wanted, edition), _in_tiles(view))
    found = session.execute(select(x, y, *_sums()).where(rows).group_by(x, y))
    return [Cell._make(row) for row in found]


def _sums() -> tuple[ColumnElement[Any], ...]:
    point = PublicPoint

    def total(column: InstrumentedAttribute[int | None]) -> ColumnElement[Any]:
        return func.sum(column, type_=Integer)

    extremes = (point.latitude, point.longitude, point.metres, point.violation_group)
    both = [bound(column) for column in extremes for bound in (func.min, func.max)]
    return (func.count(), total(point.latitude), total(point.longitude), *both)


def _in_tiles(view: View) -> ColumnElement[bool]:
    """Whether a point lies in the tiles; the coarse cells, which an index holds, narrow the search down."""
    shift = FINEST - view.zoom
    rows = PublicPoint.y.between(view.top << shift, ((view.bottom + 1) << shift) - 1)
    spans = [(left << shift, ((right + 1) << shift) - 1) for left, right in view.columns()]
    return and_(rows, or_(*(and_(_coarse(*span), PublicPoint.x.between(*span)) for span in spans)))


def _coarse(west: int, east: int) -> ColumnElement[bool]:
    shift, last = FINEST - COARSE, (1 << COARSE) - 1
    return PublicPoint.cell.between((west >> shift) << COARSE, ((east >> shift) << COARSE) | last)
