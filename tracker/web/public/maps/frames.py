"""The frame of a drawn map: which part of the world it shows, and where a point comes to lie in it.

The projection is Mercator's, as in web maps, so that a browser that takes the map over leaves everything in its place.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from tracker.outlines import Point, Ring
from tracker.web.public.maps.basemap import BaseMap

WIDTH, HEIGHT = 800, 500
WORLD_WIDE = 50.0
"""From how many degrees of longitude on a frame shows countries as wholes rather than places."""
SMALLEST = 1.0
METRES_PER_DEGREE = 111_320

# The world without its empty ends: Antarctica, and the sea north of Greenland.
_NORTH, _SOUTH = 78.0, -56.0
_MARGIN = 6.0
_FINENESS = 0.7

Bounds = tuple[float, float, float, float]


def _bent(latitude: float) -> float:
    """Degrees of latitude as they lie on Mercator's map, in degrees of longitude."""
    return math.degrees(math.asinh(math.tan(math.radians(max(-85.0, min(85.0, latitude))))))


def _unbent(height: float) -> float:
    return math.degrees(math.atan(math.sinh(math.radians(height))))


@dataclass(frozen=True, slots=True)
class Frame:
    """A rectangle of the map; `top` and `scale` are in Mercator's degrees and in units of the drawing per degree."""

    west: float
    top: float
    scale: float

    def at(self, latitude: float, longitude: float) -> Point:
        """Where a point lies in the drawing."""
        return (longitude - self.west) * self.scale, (self.top - _bent(latitude)) * self.scale

    @property
    def east(self) -> float:
        """Its eastern edge in degrees."""
        return self.west + WIDTH / self.scale

    @property
    def north(self) -> float:
        """Its northern edge in degrees."""
        return _unbent(self.top)

    @property
    def south(self) -> float:
        """Its southern edge in degrees."""
        return _unbent(self.top - HEIGHT / self.scale)

    @property
    def is_world_wide(self) -> bool:
        """Whether it shows countries as wholes."""
        return WIDTH / self.scale >= WORLD_WIDE

    @property
    def zoom(self) -> int:
        """The zoom of a web map that is about as large."""
        return max(0, min(18, round(math.log2(self.scale * 360 / 256))))

    def radius(self, metres: float, latitude: float) -> float:
        """How long a distance on the ground is in the drawing, at a latitude."""
        return metres / METRES_PER_DEGREE / math.cos(math.radians(min(abs(latitude), 85))) * self.scale

    def holds(self, latitude: float, longitude: float) -> bool:
        """Whether a point lies in it."""
        x, y = self.at(latitude, longitude)
        return 0 <= x <= WIDTH and 0 <= y <= HEIGHT

    def edges(self) -> Bounds:
        """West, south, east and north in degrees, within what a query may ask for."""
        return (
            round(max(self.west, -180.0), 4),
            round(self.south, 4),
            round(min(self.east, 180.0), 4),
            round(self.north, 4),
        )


def fitted(bounds: Bounds) -> Frame:
    """The frame that holds a box (west, south, east, north) in its middle, with a margin."""
    west, south, east, north = bounds
    lower, upper = _bent(max(south, _SOUTH)), _bent(min(north, _NORTH))
    lower, upper = min(lower, upper), max(lower, upper)
    wide, high = max(east - west, SMALLEST) * 1.12, max(upper - lower, SMALLEST) * 1.12
    degrees = min(360.0, max(wide, high * WIDTH / HEIGHT))
    scale = WIDTH / degrees
    # The world does not go on past its edges: a frame that would is moved back.
    left = min(max((west + east) / 2 - degrees / 2, -180.0), 180.0 - degrees)
    middle = (lower + upper) / 2
    half = HEIGHT / scale / 2
    highest, lowest = _bent(84.0), _bent(-84.0)
    top = min(max(middle + half, lowest + 2 * half), highest)
    return Frame(round(left, 4), round(top, 4), round(scale, 5))


THE_WORLD: Bounds = (-180.0, _SOUTH, 180.0, _NORTH)


@dataclass(frozen=True, slots=True, eq=False)
class Outline:
    """A country as it is drawn in a frame: its code, and an SVG path."""

    code: str | None
    path: str


@lru_cache(maxsize=48)
def outlines(base: BaseMap, frame: Frame) -> tuple[Outline, ...]:
    """The countries of a base map as they lie in a frame, cut off at its edges and no finer than can be seen."""
    found = []
    for country in base.countries:
        rings = (ring for polygon in country.polygons for ring in polygon)
        path = "".join(_path(points) for ring in rings if (points := _in_frame(ring, frame)))
        if path:
            found.append(Outline(country.code, path))
    return tuple(found)


def _in_frame(ring: Ring, frame: Frame) -> list[Point]:
    points = [frame.at(latitude, longitude) for longitude, latitude in ring]
    if all(x < 0 for x, _ in points) or all(x > WIDTH for x, _ in points):
        return []
    for axis, limit, sign in ((0, -_MARGIN, 1), (0, WIDTH + _MARGIN, -1), (1, -_MARGIN, 1), (1, HEIGHT + _MARGIN, -1)):
        points = list(_cut(points, axis, limit, sign))
    return _thinned(points)


def _cut(points: list[Point], axis: int, limit: float, sign: int) -> Iterator[Point]:
    """What of a ring lies on one side of a line (Sutherland and Hodgman)."""
    for before, point in zip([*points[-1:], *points[:-1]], points, strict=True):
        was_in, is_in = (sign * (each[axis] - limit) >= 0 for each in (before, point))
        if was_in != is_in:
            part = (limit - before[axis]) / (point[axis] - before[axis])
            yield tuple(a + (b - a) * part for a, b in zip(before, point, strict=True))  # type: ignore[misc]
        if is_in:
            yield point


def _thinned(points: Iterable[Point]) -> list[Point]:
    kept: list[Point] = []
    for point in points:
        if not kept or abs(point[0] - kept[-1][0]) + abs(point[1] - kept[-1][1]) >= _FINENESS:
            kept.append(point)
    return kept if len(kept) > 2 else []


def _path(points: list[Point]) -> str:
    """A ring in relative steps of a tenth of a unit, which is the shortest way to write it."""
    steps = [(round(x * 10), round(y * 10)) for x, y in points]
    x, y = steps[0]
    parts = [f"M{_tenths(x)} {_tenths(y)}l"]
    for next_x, next_y in steps[1:]:
        parts.append(f"{_tenths(next_x - x)} {_tenths(next_y - y)} ")
        x, y = next_x, next_y
    return "".join(parts).rstrip() + "z"


def _tenths(number: int) -> str:
    return f"{number / 10:g}"
