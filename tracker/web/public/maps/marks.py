"""The marks of a drawn map: spots and clusters brought together until each can be seen, named and reached.

Marks that would lie upon one another become one. Their boxes never overlap, so that the list behind a mark holds just
the incidents that it counts.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tracker.dataset.boxes import UNIT, Box
from tracker.dataset.map.answer import MapAnswer
from tracker.dataset.map.clusters import MIXED, SEVERAL_POINTS
from tracker.web.public.maps.frames import HEIGHT, WIDTH, Frame

AREA_FROM = 250
"""From more than how many metres of uncertainty on a place is drawn as an area and never as a point."""
LEAST_RING = 8.0
GRID = 20
MOST_MARKS = 250


@dataclass(frozen=True, slots=True)
class Mark:
    """Incidents that are drawn together, at one public point or in a box of several.

    Attributes:
        metres: uncertainty of the one point; -1 where it is not stated, -2 where there are several points.
        group: number of their group of violations; -1 where they differ.
        best: the box of the point with the most incidents among them, whose name stands for all, and their number.
    """

    latitude: float
    longitude: float
    incidents: int
    box: Box
    metres: int
    group: int
    best: tuple[int, Box]

    @property
    def is_point(self) -> bool:
        """Whether all of them are at one public point."""
        return self.box.is_point

    @property
    def is_area(self) -> bool:
        """Whether it is one place that is known only roughly."""
        return self.is_point and self.metres > AREA_FROM

    def size(self, frame: Frame) -> float:
        """The radius at which it is drawn."""
        if self.is_area:
            return max(frame.radius(self.metres, self.latitude), LEAST_RING)
        return 5.0 if self.incidents == 1 else min(8.0 + 3.2 * math.log10(self.incidents), 22.0)

    def with_(self, other: Mark) -> Mark:
        """This mark and another one in one."""
        incidents = self.incidents + other.incidents
        mine, theirs = self.incidents / incidents, other.incidents / incidents
        same_point = self.is_point and self.box == other.box
        # Of one point with several uncertainties the largest is true of all.
        metres = max(self.metres, other.metres) if same_point else SEVERAL_POINTS
        return Mark(
            latitude=self.latitude * mine + other.latitude * theirs,
            longitude=self.longitude * mine + other.longitude * theirs,
            incidents=incidents,
            box=self.box if same_point else _around(self.box, other.box),
            metres=metres,
            group=self.group if self.group == other.group else MIXED,
            best=(self.best[0] + other.best[0], self.best[1]) if same_point else max(self.best, other.best),
        )


def _around(one: Box, other: Box) -> Box:
    return Box(
        min(one.west, other.west),
        min(one.south, other.south),
        max(one.east, other.east),
        max(one.north, other.north),
    )


def points_of(answer: MapAnswer) -> list[Mark]:
    """What is to be drawn, before anything is brought together: one mark to a public point or cluster."""
    found: dict[Box, Mark] = {}
    for mark in (*_of_spots(answer), *_of_clusters(answer)):
        found[mark.box] = found[mark.box].with_(mark) if mark.box in found else mark
    return list(found.values())


def _of_spots(answer: MapAnswer) -> Iterable[Mark]:
    for spot in answer.spots or ():
        box = Box.around(spot.latitude, spot.longitude)
        best = (spot.incidents, box)
        yield Mark(spot.latitude / UNIT, spot.longitude / UNIT, spot.incidents, box, spot.metres, spot.group, best)


def _of_clusters(answer: MapAnswer) -> Iterable[Mark]:
    for cluster in answer.clusters or ():
        west, south, east, north = (round(edge * UNIT) for edge in cluster[3:7])
        box = Box(west, south, east, north)
        best = (cluster.incidents, box)
        yield Mark(cluster.latitude, cluster.longitude, cluster.incidents, box, cluster.metres, cluster.group, best)


def at(mark: Mark, frame: Frame) -> tuple[float, float]:
    """Where a mark is drawn: what lies beyond the last parallel of the frame stands on its edge."""
    x, y = frame.at(mark.latitude, mark.longitude)
    return min(max(x, 0.0), float(WIDTH)), min(max(y, 0.0), float(HEIGHT))


def brought_together(points: Sequence[Mark], frame: Frame) -> list[Mark]:
    """The marks of a frame, the largest first, so that small ones are drawn over them."""
    cells: dict[tuple[int, int], Mark] = {}
    for mark in points:
        x, y = at(mark, frame)
        key = (int(x // GRID), int(y // GRID))
        cells[key] = cells[key].with_(mark) if key in cells else mark
    marks = list(cells.values())
    reach = 1.0
    while True:
        marks = _joined(marks, frame, reach)
        if len(marks) <= MOST_MARKS:
            return sorted(marks, key=lambda mark: (-mark.size(frame), mark.box))
        reach *= 1.5


def _joined(marks: list[Mark], frame: Frame, reach: float) -> list[Mark]:
    """Bring together marks until none overlaps another, neither in the drawing nor by its box."""
    rest = sorted(marks, key=lambda mark: (mark.incidents, mark.box))
    kept: list[Mark] = []
    while rest:
        mark = rest.pop()
        near = [other for other in kept if _touch(mark, other, frame, reach)]
        if not near:
            kept.append(mark)
            continue
        for other in near:
            kept.remove(other)
            mark = mark.with_(other)
        # What has grown may now touch others that it did not touch before.
        rest.append(mark)
    return kept


def _touch(one: Mark, other: Mark, frame: Frame, reach: float) -> bool:
    across = one.box.west <= other.box.east and other.box.west <= one.box.east
    if across and one.box.south <= other.box.north and other.box.south <= one.box.north:
        return True
    (x, y), (x2, y2) = (at(mark, frame) for mark in (one, other))
    return math.hypot(x - x2, y - y2) < reach * 0.8 * (_drawn(one, frame) + _drawn(other, frame))


def _drawn(mark: Mark, frame: Frame) -> float:
    """How much room a mark needs for itself; large areas may lie upon one another."""
    return min(mark.size(frame), 16.0)
