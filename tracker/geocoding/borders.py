"""Whether a point lies in the country that is stated with it: what catches coordinates that were exchanged.

The outlines are those that come with the tracker, whatever base map an operator shows. They are drawn roughly, borders
are disputed, and things happen at sea: a point near a country may lie in it, and one that is merely abroad is refused
only where it is far away. An exchanged point or a forgotten sign is refused much nearer, since it explains itself.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from tracker.outlines import NEAR, Bounds, Country, Point, Ring, box, countries_of
from tracker.phrases import Phrase, phrase
from tracker.vocabulary import COUNTRIES

KM_PER_DEGREE = 111.32
# Territories that ISO 3166-1 gives codes of their own, by the state that they belong to: people write either code. It
# is as Natural Earth has it for the countries that it draws (field SOVEREIGNT of its admin 0 countries, 1:50 million).
# What it draws as a part of the state needs no line here: French Guiana, Réunion, Svalbard, the Caribbean Netherlands.
TERRITORIES: Mapping[str, tuple[str, ...]] = {
    "AU": ("HM", "NF"),
    "CN": ("HK", "MO"),
    "DK": ("FO", "GL"),
    "FI": ("AX",),
    "FR": ("BL", "MF", "NC", "PF", "PM", "TF", "WF"),
    "GB": ("AI", "BM", "FK", "GG", "GS", "IM", "IO", "JE", "KY", "MS", "PN", "SH", "TC", "VG"),
    "NL": ("AW", "CW", "SX"),
    "NZ": ("CK", "NU"),
    "US": ("AS", "GU", "MP", "PR", "VI"),
}
# And those that are too small for these outlines, by a point (longitude and latitude) in each: the Cocos Islands and
# Christmas Island, Gibraltar, Tokelau.
TOO_SMALL: Mapping[str, tuple[Point, ...]] = {
    "AU": ((96.83, -12.17), (105.63, -10.49)),
    "GB": ((-5.35, 36.14),),
    "NZ": ((-171.85, -9.2),),
}
# So far outside of its outlines a point still counts as lying in a country: small islands are not drawn.
NEAR_KM = 50.0
# So far outside it is refused even if no other way of reading it lies inside: farther than any disputed border.
FAR_KM = 1000.0


@dataclass(frozen=True, slots=True)
class Misplaced:
    """A point that does not lie in the country stated: why in words, and the latitude and longitude likely meant."""

    message: Phrase
    meant: tuple[float, float] | None = None


def misplaced(country: str | None, latitude: float, longitude: float) -> Misplaced | None:
    """What is wrong with a point in a country (ISO 3166-1 alpha-2); None where it may lie there or nobody can say.

    The point is one on the globe, in degrees. Nobody can say for countries that are not drawn on their own.
    """
    away = None if country is None else distance_km(country, latitude, longitude)
    if country is None or away is None or away <= NEAR_KM:
        return None
    for other in _other_readings(latitude, longitude):
        if _holds(country, other):
            return Misplaced(_explained(country, (latitude, longitude), other), other)
    if away <= FAR_KM:
        return None
    return Misplaced(
        phrase(
            "The point {latitude:g}, {longitude:g} lies {place}, about {distance:.0f} km from {country}.",
            latitude=latitude,
            longitude=longitude,
            place=_lies(latitude, longitude),
            distance=away,
            country=COUNTRIES[country],
        )
    )


def _other_readings(latitude: float, longitude: float) -> list[tuple[float, float]]:
    """The points that one slip makes into this one: first the exchanged one, then those with another sign."""
    signs = [(-latitude, longitude), (latitude, -longitude), (-latitude, -longitude)]
    return [(longitude, latitude), *signs] if abs(longitude) <= 90 else signs


def _explained(country: str, point: tuple[float, float], other: tuple[float, float]) -> Phrase:
    values = {
        "latitude": point[0],
        "longitude": point[1],
        "place": _lies(*point),
        "other_latitude": other[0],
        "other_longitude": other[1],
        "country": COUNTRIES[country],
    }
    if other == (point[1], point[0]):
        return phrase(
            "The point {latitude:g}, {longitude:g} lies {place}; exchanged, {other_latitude:g}, {other_longitude:g}, "
            "it would lie in {country}: latitude comes first.",
            **values,
        )
    return phrase(
        "The point {latitude:g}, {longitude:g} lies {place}; with another sign, {other_latitude:g}, "
        "{other_longitude:g}, it would lie in {country}.",
        **values,
    )


def _lies(latitude: float, longitude: float) -> Phrase:
    found = country_at(latitude, longitude)
    return phrase("in no country") if found is None else phrase("in {country}", country=COUNTRIES[found])


def country_at(latitude: float, longitude: float) -> str | None:
    """The code of the country in whose outlines a point lies; None at sea and where the land has no code."""
    return next((code for code, parts in _drawn().items() if _is_inside(parts, longitude, latitude)), None)


def distance_km(country: str, latitude: float, longitude: float) -> float | None:
    """How far outside of a country a point lies, roughly: 0 inside, None where the country is not drawn.

    What lies in a territory lies in its state too, and not the other way round.
    """
    drawn = _drawn()
    if country not in drawn:
        return None
    parts = [part for code in (country, *TERRITORIES.get(country, ())) for part in drawn.get(code, [])]
    parts += [_Part(((point,),), box((point,))) for point in TOO_SMALL.get(country, ())]
    if _is_inside(parts, longitude, latitude):
        return 0.0
    rings = (ring for part in parts for ring in part.rings)
    return min(_distance(ring, longitude, latitude) for ring in rings)


def _holds(country: str, point: tuple[float, float]) -> bool:
    away = distance_km(country, *point)
    return away is not None and away <= NEAR_KM


@dataclass(frozen=True, slots=True)
class _Part:
    """One part of a country: its outer ring, the holes in it, and the box around it."""

    rings: tuple[Ring, ...]
    bounds: Bounds


@cache
def _drawn() -> dict[str, list[_Part]]:
    found: dict[str, list[_Part]] = {}
    for country in countries_of(NEAR):
        if country.code in COUNTRIES:
            found.setdefault(str(country.code), []).extend(_parts(country))
    return found


def _parts(country: Country) -> list[_Part]:
    return [_Part(polygon, box(polygon[0])) for polygon in country.polygons]


def _is_inside(parts: list[_Part], x: float, y: float) -> bool:
    for part in parts:
        west, south, east, north = part.bounds
        # A point in a hole is within two rings of the part, and so outside.
        if west <= x <= east and south <= y <= north and sum(_is_within(ring, x, y) for ring in part.rings) % 2:
            return True
    return False


def _is_within(ring: Ring, x: float, y: float) -> bool:
    """Whether a line from the point to the east crosses the ring an odd number of times."""
    within = False
    for (x1, y1), (x2, y2) in _edges(ring):
        if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
            within = not within
    return within


def _edges(ring: Ring) -> list[tuple[Point, Point]]:
    return list(pairwise((*ring, ring[0])))


def _distance(ring: Ring, x: float, y: float) -> float:
    """The distance of a point to a ring in kilometres, on a flat map around the point."""
    narrow = math.cos(math.radians(y))
    least = math.inf
    for (x1, y1), (x2, y2) in _edges(ring):
        # Seen from the point, the world goes on past the 180th degree.
        first = _round_the_world(x1 - x)
        a, b = first * narrow, y1 - y
        along, up = _round_the_world(x2 - x1) * narrow, y2 - y1
        length = along * along + up * up
        share = 0.0 if length == 0 else max(0.0, min(1.0, -(a * along + b * up) / length))
        least = min(least, math.hypot(a + share * along, b + share * up))
    return least * KM_PER_DEGREE


def _round_the_world(degrees: float) -> float:
    return (degrees + 180) % 360 - 180
