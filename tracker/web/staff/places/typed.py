"""Coordinates as somebody typed them into the form, and where a point then comes from.

`place_pinned` travels with the form and says which point its origin (by what, entry, matched name) belongs to; where
another point was typed, that was done by hand, with or without a script. `place_named` travels with it too and says
which name a point that was found by name belongs to: it does not stay when another place is named.
"""

import re
from typing import Any

from tracker.geocoding.coordinates import CoordinatesProblem, checked, read_coordinates
from tracker.text import fold
from tracker.vocabulary import COUNTRIES, PlacedBy
from tracker.web.staff.entry.forms import IncidentForm
from tracker.web.translation import gettext, said

NO_POINT = "none"
_AS_WRITTEN = re.compile(r"(-?\d+(?:\.\d+)?(?:e-\d+)?), (-?\d+(?:\.\d+)?(?:e-\d+)?)", re.ASCII)
_BY_MACHINE = frozenset({"", PlacedBy.GAZETTEER, PlacedBy.GEOCODER})
_ORIGIN = ("place_entry", "place_matched")
_BY_NAME = frozenset({PlacedBy.GAZETTEER, PlacedBy.GEOCODER})
_NAMES = ("locality", "admin2", "admin1")


def put_point(form: IncidentForm, place: dict[str, Any]) -> str | None:
    """Put the point of a form into its raw place, with where it comes from; the problem, where it cannot be read.

    What a form is left with shows the same origin afterwards, so that whoever reads it again sees what was recorded.
    """
    moved = _is_moved(form)
    if moved:
        _sign(form)
    for name in ("placed_by", "entry", "matched"):
        place[name] = form[f"place_{name}"].given()
        if place[name] is None:
            del place[name]
    typed = (form.place_point.data or "").strip()
    if not typed:
        return None
    if _is_of_another_name(form):
        return gettext(
            "These coordinates were found by the name “%(name)s”, and another place is named now. Find the place "
            "again, take the coordinates away, or say that they were set by hand.",
            name=form.place_matched.data or "",
        )
    try:
        place["latitude"], place["longitude"] = read_point(typed, form.place_country.given() if moved else None)
    except CoordinatesProblem as problem:
        return said(problem.message)
    if form.place_pinned.data:
        form.place_pinned.data = typed
    return None


def read_point(typed: str, country: str | None) -> tuple[float, float]:
    """Latitude and longitude; raises `CoordinatesProblem`.

    Where a country is given, a point that does not lie there is asked back. What records themselves write is read back
    to the last digit.
    """
    country = country if country in COUNTRIES else None
    exact = _AS_WRITTEN.fullmatch(typed)
    if exact is None:
        found = read_coordinates(typed, country=country)
        return found.latitude, found.longitude
    latitude, longitude = float(exact[1]), float(exact[2])
    checked(latitude, longitude, country=country)
    return latitude, longitude


def named(form: IncidentForm) -> str:
    """The country and the nearest name of the place in a form whose point was found by name; empty for other points."""
    if not form.place_point.given() or form.place_placed_by.given() not in _BY_NAME:
        return ""
    return f"{form.place_country.given() or ''} {_nearest(form)}"


def _nearest(form: IncidentForm) -> str:
    return next((fold(name) for part in _NAMES if (name := form[f"place_{part}"].given())), "")


def _is_of_another_name(form: IncidentForm) -> bool:
    """Whether the point was found for another name than the one that stands in the form."""
    before, now = form.place_named.data, named(form)
    if not before or not now or before == now:
        return False
    is_matched = _nearest(form) == fold(form.place_matched.data or "")
    return not (is_matched and before.partition(" ")[0] == now.partition(" ")[0])


def _is_moved(form: IncidentForm) -> bool:
    """Whether another point stands in the form than the one that its origin belongs to."""
    pinned, typed = form.place_pinned.data or "", (form.place_point.data or "").strip()
    return bool(pinned) and pinned != (typed or NO_POINT)


def _sign(form: IncidentForm) -> None:
    """Say of a point that was typed that it was set by hand, and of one that was taken away that nobody set it."""
    if not (form.place_point.data or "").strip():
        form.place_placed_by.data, form.place_pinned.data = "", NO_POINT
    elif (form.place_placed_by.data or "") in _BY_MACHINE:
        form.place_placed_by.data = str(PlacedBy.HAND)
    for name in (*_ORIGIN, "place_named"):
        form[name].data = ""
