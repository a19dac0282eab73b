"""The public place: as recorded or coarser, never finer. Coarsening takes the centre of a fixed cell.

A cell's centre is the same for every place inside it, however often it is asked for; random shifts could be averaged
away (compare GBIF's guidance on generalising sensitive places).
"""

import math
from dataclasses import dataclass

from tracker import text
from tracker.registry.models import Place
from tracker.vocabulary import PlaceCredit, PlacedBy
from tracker.vocabulary import PlacePrecision as P

# Without a point on any map.
WITHOUT_POINT = frozenset({P.COUNTRY, P.ONLINE, P.UNKNOWN})

# The edge of a cell in degrees, by public precision; about 500 m, 2 km, 10 km, 50 km and 100 km at the equator.
CELL_DEGREES = {P.STREET: 0.005, P.NEIGHBOURHOOD: 0.02, P.LOCALITY: 0.1, P.ADMIN2: 0.5, P.ADMIN1: 1.0}

# How far the true place can lie from coordinates that were recorded with this precision, in metres.
RECORDED_METRES = {
    P.SITE: 100,
    P.STREET: 500,
    P.NEIGHBOURHOOD: 2_000,
    P.LOCALITY: 10_000,
    P.ADMIN2: 50_000,
    P.ADMIN1: 200_000,
}
METRES_PER_DEGREE = 111_320

# Whose data a point is, by the record that it was taken from, and else by what found it.
_CREDITED_RECORDS = {
    "geonames:": PlaceCredit.GEONAMES,
    "simplemaps:": PlaceCredit.SIMPLEMAPS,
    "osm:": PlaceCredit.OPENSTREETMAP,
}
_CREDITED_WAYS: dict[str, PlaceCredit] = {
    PlacedBy.GAZETTEER: PlaceCredit.GEONAMES,
    PlacedBy.GEOCODER: PlaceCredit.OPENSTREETMAP,
}

# The parts of a place that only a precision this fine may show.
SHOWN_FROM = {"venue": P.SITE, "locality": P.LOCALITY, "admin2": P.ADMIN2, "admin1": P.ADMIN1}


@dataclass(frozen=True, slots=True)
class PublicPlace:
    """A place as the world may see it; coordinates in degrees (WGS 84), uncertainty in metres."""

    as_reported: str | None
    venue: str | None
    locality: str | None
    admin2: str | None
    admin1: str | None
    country: str
    latitude: float | None
    longitude: float | None
    precision: P
    uncertainty_m: int | None
    generalised: bool
    credit: PlaceCredit | None


def recorded_precision(place: Place) -> P:
    """How precisely a place is recorded; where nobody said so, its finest part up to the locality tells."""
    if place.precision:
        return P(place.precision)
    if place.locality:
        return P.LOCALITY
    return P.ADMIN2 if place.admin2 else P.ADMIN1 if place.admin1 else P.COUNTRY


def public_place(place: Place) -> PublicPlace:
    """The public form of a recorded place."""
    recorded = recorded_precision(place)
    shown = P(place.public_precision) if place.public_precision else recorded
    generalised = shown is not recorded
    parts = {name: value for name in SHOWN_FROM if (value := _part(place, name, shown, generalised))}
    latitude, longitude, metres = _point(place, shown, generalised)
    return PublicPlace(
        as_reported=None if generalised else place.as_reported,
        venue=parts.get("venue"),
        locality=parts.get("locality"),
        admin2=parts.get("admin2"),
        admin1=parts.get("admin1"),
        country=place.country,
        latitude=latitude,
        longitude=longitude,
        precision=shown,
        uncertainty_m=metres,
        generalised=generalised,
        credit=None if generalised or latitude is None else _credit(place),
    )


def _credit(place: Place) -> PlaceCredit | None:
    """Whose data a point is, as the terms of that data ask us to say.

    The centre of a cell is ours, and who knows where the exact point came from would know a little more of it.
    """
    by_record = (credit for start, credit in _CREDITED_RECORDS.items() if (place.entry or "").startswith(start))
    return next(by_record, None) or _CREDITED_WAYS.get(place.placed_by or "")


def withheld_parts(place: Place) -> list[str]:
    """What was recorded of a place and may not stand in its public record."""
    public = public_place(place)
    shown = [value for name in SHOWN_FROM if (value := getattr(public, name))]
    recorded = ((getattr(place, name), getattr(public, name)) for name in (*SHOWN_FROM, "as_reported"))
    hidden = [value for value, told in recorded if value and not told]
    # A city that is also its own province is told by the province's name.
    return [value for value in hidden if not any(text.contains_name(part, value) for part in shown)]


def cell_centre(latitude: float, longitude: float, degrees: float) -> tuple[float, float]:
    """The centre of the cell of this size in which a point lies."""
    # Cells are counted from the south-west corner of the map; the last one also takes its far edge.
    row = min(math.floor((latitude + 90) / degrees), math.ceil(180 / degrees) - 1)
    column = min(math.floor((longitude + 180) / degrees), math.ceil(360 / degrees) - 1)
    return round((row + 0.5) * degrees - 90, 6), round((column + 0.5) * degrees - 180, 6)


def _part(place: Place, name: str, shown: P, generalised: bool) -> str | None:
    value: str | None = getattr(place, name)
    # An unchanged place shows what was recorded of it, whatever precision the map can give it.
    return value if not generalised or SHOWN_FROM[name].coarser_or_equal(shown) else None


def _point(place: Place, shown: P, generalised: bool) -> tuple[float | None, float | None, int | None]:
    if place.latitude is None or place.longitude is None or shown in WITHOUT_POINT:
        return None, None, None
    if not generalised:
        return place.latitude, place.longitude, RECORDED_METRES.get(shown)
    degrees = CELL_DEGREES[shown]
    latitude, longitude = cell_centre(place.latitude, place.longitude, degrees)
    # Half the diagonal of the cell, rounded up; cells are widest at the equator, so this is an upper bound.
    within_cell = math.ceil(degrees * METRES_PER_DEGREE * math.sqrt(2) / 2)
    recorded = RECORDED_METRES.get(recorded_precision(place), 0)
    return latitude, longitude, within_cell + recorded
