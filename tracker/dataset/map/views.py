"""The part of the map that is looked at: a box and a zoom, widened to whole tiles so that answers are shared."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from tracker.dataset.boxes import EASTERNMOST, NORTHERNMOST, SOUTHERNMOST, UNIT, WORLD, Box
from tracker.dataset.map.points import FINEST, cell_of
from tracker.dataset.parameters import BOX_ALLOWED
from tracker.dataset.problems import FilterError, Problem
from tracker.phrases import phrase

NEAREST = 18
MOST_TILES = 512
"""More tiles than the largest screens show at once."""

_ZOOM = re.compile(r"[0-9]{1,2}")


@dataclass(frozen=True, slots=True)
class View:
    """Whole tiles of a web map at a zoom; where `left` is greater than `right` they go across the antimeridian."""

    zoom: int
    left: int
    top: int
    right: int
    bottom: int

    @classmethod
    def of(cls, box: Box, zoom: int) -> View:
        """The tiles that a box touches."""
        shift = FINEST - zoom
        left, top = (cell >> shift for cell in cell_of(box.north, box.west))
        right, bottom = (cell >> shift for cell in cell_of(box.south, box.east))
        # West of its own east a box goes around the world, even if both edges lie in one tile.
        if box.west > box.east and left <= right:
            left, right = 0, (1 << zoom) - 1
        return cls(zoom, left, top, right, bottom)

    def columns(self) -> tuple[tuple[int, int], ...]:
        """The columns as one span, or as two across the antimeridian."""
        if self.left <= self.right:
            return ((self.left, self.right),)
        return ((self.left, (1 << self.zoom) - 1), (0, self.right))

    @property
    def tiles(self) -> int:
        """How many tiles there are."""
        return sum(right - left + 1 for left, right in self.columns()) * (self.bottom - self.top + 1)

    def holds(self, x: int, y: int, zoom: int) -> bool:
        """Whether a cell of the same or a larger zoom lies in these tiles."""
        column, row = x >> (zoom - self.zoom), y >> (zoom - self.zoom)
        return self.top <= row <= self.bottom and any(left <= column <= right for left, right in self.columns())

    def box(self) -> Box:
        """The box of the tiles; the outermost ones reach to the poles."""
        last = (1 << self.zoom) - 1
        north = NORTHERNMOST if self.top == 0 else math.ceil(self._latitude(self.top))
        south = SOUTHERNMOST if self.bottom == last else math.floor(self._latitude(self.bottom + 1))
        return Box(self._longitude(self.left), south, self._longitude(self.right + 1), north)

    def _longitude(self, column: int) -> int:
        return column * 2 * EASTERNMOST // (1 << self.zoom) - EASTERNMOST

    def _latitude(self, row: int) -> float:
        down = math.pi * (1 - 2 * row / (1 << self.zoom))
        return math.degrees(math.atan(math.sinh(down))) * UNIT


WHOLE_WORLD = View.of(WORLD, 2)
"""What is shown of a map of many points where no box was asked for."""


def read_view(box: str | None, zoom: str | None) -> View | None:
    """The view that a query asks for (`box` and `zoom` as they came), or None for the whole map.

    Raises `FilterError` with what is allowed.
    """
    if not box and not zoom:
        return None
    found, level = Box.read(box or ""), _read_zoom(zoom or "")
    problems = []
    if found is None:
        problems.append(Problem.of("box", box or "", phrase("This is not a box of the map."), BOX_ALLOWED))
    if level is None:
        allowed = (phrase("a whole number from {least} to {most}", least=0, most=NEAREST),)
        problems.append(Problem.of("zoom", zoom or "", phrase("This is not a zoom of the map."), allowed))
    if found is None or level is None:
        raise FilterError(problems)
    view = View.of(found, level)
    if view.tiles > MOST_TILES:
        message = phrase("This box is too large for its zoom.")
        allowed = (phrase("a box of at most {most} tiles, or a smaller zoom", most=MOST_TILES),)
        raise FilterError([Problem.of("box", str(found), message, allowed)])
    return view


def _read_zoom(text: str) -> int | None:
    return int(text) if _ZOOM.fullmatch(text) and int(text) <= NEAREST else None
