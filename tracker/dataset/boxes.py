"""Boxes of the map: read from text, compared with public points, crossing the antimeridian or not.

Degrees are kept as whole numbers of 0.00001° (about a metre), in which public points are stored too, so that a box and
the points on its edges are compared exactly, on both databases alike.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal

UNIT = 100_000
"""How many stored units make one degree."""
SOUTHERNMOST, NORTHERNMOST = -90 * UNIT, 90 * UNIT
WESTERNMOST, EASTERNMOST = -180 * UNIT, 180 * UNIT

# A plain decimal number: no exponent, no "nan", no digits of other scripts.
_DEGREES = re.compile(r"[+-]?[0-9]{1,3}(?:\.[0-9]{1,20})?")
_STEP = Decimal(1)


def read_degrees(text: str, most: int) -> int | None:
    """A number of degrees between -`most` and `most` in stored units; None for anything else."""
    if not _DEGREES.fullmatch(text):
        return None
    units = int((Decimal(text) * UNIT).quantize(_STEP, ROUND_HALF_EVEN))
    return units if -most * UNIT <= units <= most * UNIT else None


def degrees(units: int) -> float:
    """Stored units as degrees."""
    return units / UNIT


def degrees_text(units: int) -> str:
    """Stored units as the shortest text that reads back as the same."""
    return f"{Decimal(units) / UNIT:f}".rstrip("0").rstrip(".") if units % UNIT else str(units // UNIT)


@dataclass(frozen=True, slots=True, order=True)
class Box:
    """A part of the map in stored units, its edges included; it goes across 180° where `west` exceeds `east`."""

    west: int
    south: int
    east: int
    north: int

    @classmethod
    def read(cls, text: str) -> Box | None:
        """A box written as `west,south,east,north` in degrees, or None for anything else."""
        parts = [part.strip() for part in text.split(",")]
        if len(parts) != 4:
            return None
        numbers = [read_degrees(part, most) for part, most in zip(parts, (180, 90, 180, 90), strict=True)]
        west, south, east, north = numbers
        if west is None or south is None or east is None or north is None or south > north:
            return None
        return cls(west, south, east, north)

    @classmethod
    def around(cls, latitude: int, longitude: int) -> Box:
        """The box of one point."""
        return cls(longitude, latitude, longitude, latitude)

    @property
    def is_point(self) -> bool:
        """Whether it holds one point and nothing else."""
        return self.west == self.east and self.south == self.north

    def spans(self) -> tuple[tuple[int, int], ...]:
        """Its longitudes as one span, or as two where it goes across the antimeridian."""
        if self.west <= self.east:
            return ((self.west, self.east),)
        return ((self.west, EASTERNMOST), (WESTERNMOST, self.east))

    def holds(self, latitude: int, longitude: int) -> bool:
        """Whether a point lies in it."""
        return self.south <= latitude <= self.north and any(w <= longitude <= e for w, e in self.spans())

    def covers(self, other: Box) -> bool:
        """Whether all of another box lies in it."""
        tall = self.south <= other.south and other.north <= self.north
        return tall and all(any(w <= west and east <= e for w, e in self.spans()) for west, east in other.spans())

    def in_degrees(self) -> list[float]:
        """West, south, east and north in degrees, for JSON."""
        return [degrees(edge) for edge in (self.west, self.south, self.east, self.north)]

    def __str__(self) -> str:
        """The box as it stands in a query."""
        return ",".join(degrees_text(edge) for edge in (self.west, self.south, self.east, self.north))


WORLD = Box(WESTERNMOST, SOUTHERNMOST, EASTERNMOST, NORTHERNMOST)
