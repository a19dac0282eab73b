"""How one incident stands on the map: a rendering of its canonical JSON.

Cells divide the map of the world in Mercator's projection, as the tiles of web maps do: `x` counts to the east and
`y` to the south, at zoom `FINEST`, so that shifting either to the right gives the cell at any smaller zoom.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from tracker.dataset.boxes import EASTERNMOST, UNIT
from tracker.dataset.periods import NO_END, NO_START
from tracker.vocabulary import GROUP_OF, NOT_RECORDED, UNKNOWN, PlacePrecision, Placing, ViolationGroup

FINEST = 28
"""The zoom of the stored cells: a sixth of a metre at the equator."""
COARSE = 9
"""The zoom of the cells that are counted for views of the whole world."""
STEEPEST = 85.0511287798066
"""Where Mercator's square map ends, in degrees; what lies nearer to a pole is drawn on its edge."""

NO_MONTH = 0
OPEN_MONTH = 12 * 10_000
NOT_STATED = -1
"""Metres of a public point whose uncertainty nobody stated."""
NEVER_A_POINT = frozenset({PlacePrecision.COUNTRY, PlacePrecision.ONLINE, PlacePrecision.UNKNOWN})

GROUPS = tuple(ViolationGroup)
"""The groups of violations by their stored numbers, the gravest first."""


def map_columns(
    place: Mapping[str, Any], violations: Iterable[str], country: str, days: tuple[int, int]
) -> dict[str, Any]:
    """The columns of `public_point`; `days` are the stored numbers of the first and the last possible day."""
    point = public_point(place)
    first, last = months(*days)
    placed: dict[str, int | None] = {
        "latitude": None,
        "longitude": None,
        "x": None,
        "y": None,
        "cell": None,
        "metres": None,
        "credit": None,
    }
    if point is not None:
        latitude, longitude = point
        x, y = cell_of(latitude, longitude)
        metres = place.get("uncertainty_m")
        placed = {
            "latitude": latitude,
            "longitude": longitude,
            "x": x,
            "y": y,
            "cell": coarse_cell(x, y),
            "metres": NOT_STATED if metres is None else metres,
            "credit": place.get("credit"),
        }
    return {
        **placed,
        "placing": placing(place, country).value,
        "country": country,
        "violation_group": gravest(violations),
        "first_month": first,
        "last_month": last,
    }


def public_point(place: Mapping[str, Any]) -> tuple[int, int] | None:
    """The public point of a place in units of 0.00001°, or None where none may be drawn."""
    latitude, longitude = place.get("latitude"), place.get("longitude")
    if latitude is None or longitude is None or place.get("precision") in NEVER_A_POINT:
        return None
    return round(latitude * UNIT), round(longitude * UNIT)


def placing(place: Mapping[str, Any], country: str) -> Placing:
    """How an incident stands on the map: as a point, by its country alone, online or nowhere."""
    if public_point(place) is not None:
        return Placing.POINT
    if place.get("precision") == PlacePrecision.ONLINE:
        return Placing.ONLINE
    return Placing.NOWHERE if country in (UNKNOWN, NOT_RECORDED) else Placing.COUNTRY


def gravest(violations: Iterable[str]) -> int:
    """The number of the gravest group among these violations."""
    numbers = [GROUPS.index(GROUP_OF[violation]) for violation in violations if violation in GROUP_OF]
    return min(numbers, default=GROUPS.index(ViolationGroup.OTHER))


def cell_of(latitude: int, longitude: int) -> tuple[int, int]:
    """The column and row of the finest cell in which a point (in stored units) lies."""
    across = (longitude + EASTERNMOST) / (2 * EASTERNMOST)
    bent = math.radians(max(-STEEPEST, min(STEEPEST, latitude / UNIT)))
    down = (1 - math.asinh(math.tan(bent)) / math.pi) / 2
    return _step(across, FINEST), _step(down, FINEST)


def _step(part: float, zoom: int) -> int:
    return min(max(math.floor(part * (1 << zoom)), 0), (1 << zoom) - 1)


def coarse_cell(x: int, y: int) -> int:
    """One number for the coarse cell of a finest one, in the order of columns."""
    shift = FINEST - COARSE
    return ((x >> shift) << COARSE) | (y >> shift)


def months(earliest: int, latest: int) -> tuple[int, int]:
    """The first and last possible month as `12 × year + month - 1`.

    Undated: the first lies after the last. Open: before or after every month.
    """
    return (
        OPEN_MONTH if earliest == NO_END else NO_MONTH if earliest == NO_START else month_of(earliest),
        NO_MONTH if latest == NO_START else OPEN_MONTH if latest == NO_END else month_of(latest),
    )


def month_of(day: int) -> int:
    """The number of the month of a stored day."""
    on = date.fromordinal(day)
    return 12 * on.year + on.month - 1


def month_text(month: int) -> str:
    """A month by its number as ISO 8601: 2020-10."""
    return f"{month // 12:04}-{month % 12 + 1:02}"
