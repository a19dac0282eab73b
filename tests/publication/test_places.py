"""Public places: as recorded or coarser, by the centre of a fixed cell, the same for all that lies in it."""

import math
from itertools import product
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tracker.publication.places import (
    CELL_DEGREES,
    SHOWN_FROM,
    WITHOUT_POINT,
    cell_centre,
    public_place,
    withheld_parts,
)
from tracker.registry.models import Place
from tracker.vocabulary import PlacePrecision as P

LATITUDES = st.floats(-90, 90) | st.sampled_from([-90.0, 90.0, 0.0, -0.0, 89.9999999, -89.9999999])
LONGITUDES = st.floats(-180, 180) | st.sampled_from([-180.0, 180.0, 0.0, 179.9999999, -179.9999999])
CELLS = st.sampled_from(sorted(CELL_DEGREES.values()))
PAIRS = [(fine, coarse) for fine, coarse in product(P, P) if coarse.coarser_or_equal(fine)]


def place(**known: Any) -> Place:
    parts = {"venue": "Old Square", "locality": "Bishkek", "admin2": "Pervomay", "admin1": "Chuy", "country": "KG"}
    return Place(as_reported="by the fountain", **(parts | known))


@given(LATITUDES, LONGITUDES, CELLS)
def test_the_centre_lies_on_the_globe_and_the_point_in_its_cell(
    latitude: float, longitude: float, degrees: float
) -> None:
    centre = cell_centre(latitude, longitude, degrees)
    assert abs(centre[0]) <= 90
    assert abs(centre[1]) <= 180
    assert abs(centre[0] - latitude) <= degrees / 2 + 1e-6
    assert abs(centre[1] - longitude) <= degrees / 2 + 1e-6


@given(LATITUDES, LONGITUDES, CELLS)
def test_the_centre_of_a_cell_is_its_own_centre(latitude: float, longitude: float, degrees: float) -> None:
    centre = cell_centre(latitude, longitude, degrees)
    assert cell_centre(*centre, degrees) == centre


@given(LATITUDES, LONGITUDES, CELLS, st.floats(-0.49, 0.49), st.floats(-0.49, 0.49))
def test_every_point_of_a_cell_has_the_same_centre(
    latitude: float, longitude: float, degrees: float, north: float, east: float
) -> None:
    centre = cell_centre(latitude, longitude, degrees)
    other = (centre[0] + north * degrees, centre[1] + east * degrees)
    assume(abs(other[0]) <= 90 and abs(other[1]) <= 180)
    assert cell_centre(*other, degrees) == centre


@given(
    LATITUDES, LONGITUDES, st.sampled_from([pair for pair in PAIRS if pair[1] in CELL_DEGREES and pair[0] != pair[1]])
)
def test_the_true_place_lies_within_the_uncertainty_that_is_told(
    latitude: float, longitude: float, pair: tuple[P, P]
) -> None:
    told = public_place(place(latitude=latitude, longitude=longitude, precision=pair[0], public_precision=pair[1]))
    assert told.latitude is not None
    assert told.longitude is not None
    assert told.uncertainty_m is not None
    assert _metres(latitude, longitude, told.latitude, told.longitude) <= told.uncertainty_m


def _metres(a: float, b: float, c: float, d: float) -> float:
    north, south = math.radians(a), math.radians(c)
    turn = (
        math.sin((south - north) / 2) ** 2 + math.cos(north) * math.cos(south) * math.sin(math.radians(d - b) / 2) ** 2
    )
    return 2 * 6_371_000 * math.asin(min(1.0, math.sqrt(turn)))


@pytest.mark.parametrize(("recorded", "public"), PAIRS)
def test_a_public_place_is_never_finer_than_chosen(recorded: P, public: P) -> None:
    told = public_place(place(latitude=42.876389, longitude=74.603791, precision=recorded, public_precision=public))
    assert told.precision is public
    assert told.generalised is (recorded is not public)
    if recorded is public:
        assert told.as_reported == "by the fountain"
        return
    assert told.as_reported is None
    for name, finest in SHOWN_FROM.items():
        assert (getattr(told, name) is not None) is finest.coarser_or_equal(public), name
    if public in WITHOUT_POINT:
        assert (told.latitude, told.longitude, told.uncertainty_m) == (None, None, None)
    else:
        assert (told.latitude, told.longitude) == cell_centre(42.876389, 74.603791, CELL_DEGREES[public])


def test_two_places_in_one_cell_cannot_be_told_apart() -> None:
    one = place(latitude=42.871, longitude=74.601, precision="site", public_precision="locality")
    two = place(latitude=42.899, longitude=74.699, precision="site", public_precision="locality", venue="A flat")
    assert public_place(one) == public_place(two)


@pytest.mark.parametrize("precision", sorted(WITHOUT_POINT))
def test_what_has_no_place_on_a_map_gets_no_pin(precision: str) -> None:
    assert public_place(place(latitude=1.0, longitude=1.0, precision=precision)).latitude is None


def test_nothing_is_withheld_of_a_place_that_is_told_as_recorded() -> None:
    assert withheld_parts(place(precision="site")) == []


def test_the_words_of_the_report_are_withheld_with_the_finer_parts() -> None:
    found = withheld_parts(place(precision="site", public_precision="admin1"))
    assert sorted(found) == ["Bishkek", "Old Square", "Pervomay", "by the fountain"]


def test_a_city_that_is_its_own_province_is_not_withheld_when_the_province_is_told() -> None:
    found = withheld_parts(place(precision="site", public_precision="admin1", locality="Bishkek", admin1="Bishkek"))
    assert "Bishkek" not in found


@pytest.mark.parametrize(
    ("origin", "credit"),
    [
        ({"placed_by": "geocoder", "entry": "osm:N123"}, "openstreetmap"),
        ({"placed_by": "geocoder"}, "openstreetmap"),
        ({"placed_by": "gazetteer", "entry": "geonames:1527534"}, "geonames"),
        ({"placed_by": "gazetteer", "entry": "simplemaps:1417800599"}, "simplemaps"),
        ({"placed_by": "hand"}, None),
        # Whoever vouches for a point that was found has not made it theirs.
        ({"placed_by": "hand", "entry": "osm:W5"}, "openstreetmap"),
        ({"placed_by": "source_text"}, None),
        ({}, None),
    ],
)
def test_whoever_owns_the_data_of_a_shown_point_is_named_and_nobody_for_a_point_that_is_not_shown(
    origin: dict[str, str], credit: str | None
) -> None:
    exact = place(latitude=42.876389, longitude=74.603791, precision="locality", **origin)
    assert public_place(exact).credit == credit
    for coarser in ("admin1", "country"):
        hidden = place(latitude=42.8, longitude=74.6, precision="locality", public_precision=coarser, **origin)
        assert public_place(hidden).credit is None
    assert public_place(place(precision="locality", **origin)).credit is None
