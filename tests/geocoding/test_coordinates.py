"""Coordinates as people type and paste them."""

import math
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.geocoding.coordinates import (
    Coordinates,
    CoordinatesProblem,
    checked,
    looks_like_coordinates,
    read_coordinates,
)

BISHKEK = Coordinates(42.87, 74.59)


@pytest.mark.parametrize(
    "typed",
    [
        "42.87, 74.59",
        "42.87,74.59",
        "42.87 74.59",
        "42,87; 74,59",
        "42,87 74,59",
        "42,87, 74,59",
        "42,87,74,59",
        "(42.87, 74.59)",
        "42°52′12″N 74°35′24″E",
        "42°52'12\"N, 74°35'24\"E",
        "42º 52' 12'' N, 74º 35' 24'' E",
        "42 52 12 N 74 35 24 E",
        "N42.87 E74.59",
        "74.59E 42.87N",
        "E 74.59, N 42.87",
        "42.87° с.ш., 74.59° в.д.",
        "42°52′12″ с. ш. 74°35′24″ в. д.",
        "42.87 северной широты, 74.59 восточной долготы",
        "lat 42.87 lon 74.59",
        "lon: 74.59, lat: 42.87",
    ],
)
def test_one_point_is_read_in_whatever_way_it_is_typed(typed: str) -> None:
    assert read_coordinates(typed) == BISHKEK
    assert looks_like_coordinates(typed)


@pytest.mark.parametrize(
    ("typed", "point"),
    [
        ("-33.87, 151.21", Coordinates(-33.87, 151.21)),
        ("−33.87, 151.21", Coordinates(-33.87, 151.21)),
        ("33.87S 151.21E", Coordinates(-33.87, 151.21)),
        ("12°03′S 77°03′W", Coordinates(-12.05, -77.05)),
        ("12°03′S 77°03′O", Coordinates(-12.05, -77.05)),
        ("0, 0", Coordinates(0, 0)),
        ("90, -180", Coordinates(90, -180)),
    ],
)
def test_south_and_west_lie_below_zero(typed: str, point: Coordinates) -> None:
    assert read_coordinates(typed) == point


@pytest.mark.parametrize(
    ("typed", "word"),
    [
        ("91, 200", "between −90 and 90"),
        ("10, 181", "between −180 and 180"),
        ("nan, nan", "not a number"),
        ("inf, 0", "not a number"),
        ("42.87", "two numbers"),
        ("42,87", "one number or two"),
        ("1, 2, 3", "Write latitude"),
        ("42°75′N 74°E", "less than 60"),
        ("42.87N 74.59N", "same direction"),
        ("-42.87S 74.59E", "below zero"),
        ("Osh", "Write latitude"),
        ("", "Write latitude"),
        ("🙂", "Write latitude"),
        ("4" * 10_000, "Write latitude"),
    ],
)
def test_what_is_no_point_gets_a_clear_problem(typed: str, word: str) -> None:
    with pytest.raises(CoordinatesProblem) as problem:
        read_coordinates(typed)
    assert word in problem.value.message


def test_a_latitude_of_91_offers_the_point_with_the_numbers_exchanged() -> None:
    with pytest.raises(CoordinatesProblem, match="was 40, 116 meant") as problem:
        read_coordinates("116, 40")
    assert problem.value.swapped == Coordinates(40, 116)


def test_a_point_that_does_not_lie_in_the_country_is_said_with_the_one_that_does() -> None:
    assert read_coordinates("42.87, 74.59", country="KG") == BISHKEK
    for typed in ("74.59, 42.87", "74.59N 42.87E"):
        with pytest.raises(CoordinatesProblem, match="latitude comes first") as problem:
            read_coordinates(typed, country="KG")
        assert problem.value.swapped == BISHKEK
    with pytest.raises(CoordinatesProblem, match=r"lies in Chad, about .* km from Kyrgyzstan"):
        read_coordinates("15, 19", country="KG")


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_numbers_that_are_none_are_refused(value: float) -> None:
    with pytest.raises(CoordinatesProblem, match="not a number"):
        checked(value, 0)
    with pytest.raises(CoordinatesProblem, match="not a number"):
        checked(0, value)


@pytest.mark.parametrize("text", ["Osh, Street 5, House 7", "Bishkek", "5 October 2020, Osh", "street 42"])
def test_addresses_do_not_look_like_coordinates(text: str) -> None:
    assert not looks_like_coordinates(text)


@given(st.text(max_size=80))
def test_whatever_is_typed_is_a_point_or_a_problem(typed: str) -> None:
    looks_like_coordinates(typed)
    with suppress(CoordinatesProblem):
        point = read_coordinates(typed)
        assert abs(point.latitude) <= 90
        assert abs(point.longitude) <= 180


@given(st.floats(-90, 90), st.floats(-180, 180))
def test_a_point_that_is_written_out_is_read_back(latitude: float, longitude: float) -> None:
    point = Coordinates(round(latitude, 6), round(longitude, 6))
    assert read_coordinates(f"{point.latitude:.6f}, {point.longitude:.6f}") == point
