"""The outlines of countries that come with the tracker, as both sides of it read them.

They are kept as browsers get them: `{"step": degrees, "countries": [[code or null, [longitude, latitude] of the label,
polygons]]}`. A polygon is a list of rings, a ring a list of numbers: the first point in steps, then what each further
point adds.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from tracker.settings import STATIC

logger = logging.getLogger(__name__)

FAR, NEAR = "map/world-110m.json", "map/world-50m.json"
EMPTY = '{"step":0.01,"countries":[]}'

Point = tuple[float, float]
Ring = tuple[Point, ...]
Bounds = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True, eq=False)
class Country:
    """An area of the map: its code if it has one, where its name goes, and its polygons in degrees."""

    code: str | None
    label: Point
    polygons: tuple[tuple[Ring, ...], ...]

    def bounds(self) -> Bounds:
        """West, south, east and north of its largest part, so that far islands do not count."""
        boxes = [box(polygon[0]) for polygon in self.polygons]
        return max(boxes, key=lambda box: (box[2] - box[0]) * (box[3] - box[1]))


def box(ring: Ring) -> Bounds:
    """West, south, east and north of a ring."""
    across, up = [point[0] for point in ring], [point[1] for point in ring]
    return min(across), min(up), max(across), max(up)


@cache
def text_of(name: str) -> str:
    """The file of these outlines; outlines of nothing where it is missing, since all can do without."""
    path = STATIC / name
    if path.is_file():
        return path.read_text(encoding="utf-8")
    logger.error("The outlines %s are missing; the tracker does without them.", name)
    return EMPTY


@cache
def countries_of(name: str) -> tuple[Country, ...]:
    """The countries of these outlines, each in as many polygons as it has parts."""
    content = json.loads(text_of(name))
    step = content["step"]
    return tuple(
        Country(code, (label[0], label[1]), tuple(tuple(_ring(ring, step) for ring in part) for part in polygons))
        for code, label, polygons in content["countries"]
    )


def _ring(numbers: Sequence[int], step: float) -> Ring:
    points, x, y = [], 0, 0
    for right, up in zip(numbers[::2], numbers[1::2], strict=True):
        x, y = x + right, y + up
        points.append((x * step, y * step))
    return tuple(points)
