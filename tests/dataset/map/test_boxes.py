"""Boxes and views of the map: what is read, what is refused, and what lies in them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.dataset.boxes import EASTERNMOST, NORTHERNMOST, UNIT, WORLD, Box, read_degrees
from tracker.dataset.map.points import FINEST, cell_of
from tracker.dataset.map.views import MOST_TILES, NEAREST, View, read_view
from tracker.dataset.problems import FilterError

latitudes = st.integers(-NORTHERNMOST, NORTHERNMOST)
longitudes = st.integers(-EASTERNMOST, EASTERNMOST)
BAD_BOXES = (
    "1,2,3", "1,2,3,4,5", "a,b,c,d", "nan,0,1,1", "0,0,inf,1", "1e2,0,1,1", "0,91,1,92", "0,-91,1,0", "181,0,1,1",
    "0,5,1,4", "0;0;1;1", "٣,0,1,1", "0,0,1," + "9" * 400, ",,,", "0x1,0,1,1", "42°N,0,1,1",
)  # fmt: skip


@pytest.mark.parametrize("text", BAD_BOXES)
def test_what_is_no_box_is_not_read_as_one(text: str) -> None:
    assert Box.read(text) is None


@given(longitudes, latitudes, longitudes, latitudes)
def test_a_box_reads_back_as_it_was_written(west: int, one: int, east: int, other: int) -> None:
    box = Box(west, min(one, other), east, max(one, other))
    assert Box.read(str(box)) == box


def test_a_box_across_the_antimeridian_holds_both_sides_of_it_and_nothing_between() -> None:
    box = Box.read("170,-20,-170,20")
    assert box is not None
    assert box.holds(0, 175 * UNIT)
    assert box.holds(0, -175 * UNIT)
    assert box.holds(0, EASTERNMOST)
    assert not box.holds(0, 0)
    assert not box.holds(21 * UNIT, 175 * UNIT)


@given(latitudes, longitudes)
def test_a_point_lies_on_the_edges_of_its_own_box(latitude: int, longitude: int) -> None:
    box = Box.around(latitude, longitude)
    assert box.holds(latitude, longitude)
    assert not box.holds(latitude + 1, longitude)
    assert not box.holds(latitude, longitude - 1)
    assert WORLD.covers(box)
    assert not box.covers(WORLD)


@given(latitudes, longitudes, st.integers(0, NEAREST))
def test_the_tiles_of_a_point_hold_it_at_every_zoom(latitude: int, longitude: int, zoom: int) -> None:
    view = View.of(Box.around(latitude, longitude), zoom)
    assert view.tiles == 1
    assert view.holds(*cell_of(latitude, longitude), FINEST)


@given(longitudes, latitudes, longitudes, latitudes, st.integers(0, 8), latitudes, longitudes)
def test_a_view_holds_all_that_its_box_holds(
    west: int, one: int, east: int, other: int, zoom: int, latitude: int, longitude: int
) -> None:
    box = Box(west, min(one, other), east, max(one, other))
    view = View.of(box, zoom)
    assert view.tiles <= 4**zoom
    if box.holds(latitude, longitude):
        assert view.holds(*cell_of(latitude, longitude), FINEST)
        assert view.box().holds(latitude, longitude)


@pytest.mark.parametrize("zoom", ["-1", "99", "19", "nan", "1.5", "", "²", "1e1", "+2", "0x2"])
def test_a_zoom_that_no_map_has_is_refused_with_what_is_allowed(zoom: str) -> None:
    with pytest.raises(FilterError) as refusal:
        read_view("0,0,1,1", zoom)
    (problem,) = refusal.value.problems
    assert problem.name == "zoom"
    assert "from 0 to 18" in str(problem.allowed[0])


def test_everything_wrong_with_a_view_is_told_at_once() -> None:
    with pytest.raises(FilterError) as refusal:
        read_view("0,91,1,92", "99")
    assert [problem.name for problem in refusal.value.problems] == ["box", "zoom"]


def test_a_box_of_too_many_tiles_is_refused() -> None:
    with pytest.raises(FilterError) as refusal:
        read_view("-180,-85,180,85", "10")
    assert str(MOST_TILES) in str(refusal.value.problems[0].allowed[0])


@pytest.mark.parametrize(
    ("text", "units"),
    [
        ("42.87", 42_87000),
        ("-0.000001", 0),
        ("90", NORTHERNMOST),
        ("90.00001", None),
        ("1,5", None),
        ("", None),
        ("--1", None),
    ],
)
def test_degrees_are_plain_decimal_numbers(text: str, units: int | None) -> None:
    assert read_degrees(text, 90) == units
