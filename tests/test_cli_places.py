"""The commands for places as people type them."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.geocoding.conftest import places_file
from tests.geocoding.rows import entries
from tests.geocoding.test_gazetteer_file import row
from tracker.cli import main
from tracker.geocoding.gazetteer.places import Kind

__all__ = ["places_file"]
Command = Callable[..., Result]


@pytest.fixture
def tracker(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Command:
    """Runs a command in an installation of its own, without any gazetteer."""
    monkeypatch.setenv("TRACKER_INSTANCE", str(tmp_path))
    return lambda *words: CliRunner().invoke(main, list(map(str, words)))


@pytest.fixture
def placed(tracker: Command, places_file: Path, tmp_path: Path) -> Command:
    """The same with the small gazetteer of the tests."""
    shutil.copyfile(places_file, tmp_path / "gazetteer.sqlite")
    return tracker


def test_a_place_is_looked_up(placed: Command) -> None:
    done = placed("geocode", "Кыргызстан, Ош")
    assert done.exit_code == 0
    assert done.output.splitlines()[0] == "found"
    assert "Osh, Osh Region, Kyrgyzstan (town or village; 40.5300, 72.8000; geonames:101, as “Ош”)" in done.output
    assert "Place data © GeoNames (CC BY 4.0)" in done.output


def test_programs_get_the_same_as_json(placed: Command) -> None:
    done = placed("geocode", "Talas", "--country", "KG", "--json")
    assert done.exit_code == 0
    answer = json.loads(done.output)
    assert (answer["outcome"], answer["candidates"][0]["entry"]) == ("found", "geonames:103")
    assert answer["candidates"][0]["precision"] == "locality"


def test_what_a_person_has_to_choose_is_no_success(placed: Command) -> None:
    done = placed("geocode", "Springfield")
    assert done.exit_code == 1
    assert done.output.startswith("ambiguous")
    assert done.output.count("Springfield, ") == 3


def test_a_country_is_told_without_a_pin(placed: Command) -> None:
    assert "Kyrgyzstan (country; no pin; geonames:1)" in placed("geocode", "Kyrgyzstan").output


def test_nothing_to_find_is_said_with_its_reason(placed: Command) -> None:
    done = placed("geocode", "🙂")
    assert (done.exit_code, done.output) == (1, "not_found: There is no name of a place in this.\n")


def test_coordinates_are_read_as_such(placed: Command) -> None:
    assert placed("geocode", "42°52′12″N 74°35′24″E").output == "42.87, 74.59\n"
    assert placed("geocode", "42.87, 74.59", "--country", "KG").output == "42.87, 74.59\n"
    exchanged = placed("geocode", "74.59, 42.87", "--country", "KG")
    assert exchanged.exit_code == 1
    assert "exchanged, 42.87, 74.59, it would lie in Kyrgyzstan" in exchanged.output
    assert "no country with the code 'XX'" in placed("geocode", "42.87, 74.59", "--country", "XX").output
    refused = placed("geocode", "91, 181")
    assert refused.exit_code == 1
    assert "between −90 and 90" in refused.output


def test_without_a_gazetteer_it_says_how_to_make_one(tracker: Command) -> None:
    for words in (("geocode", "Osh"), ("gazetteer", "info"), ("gazetteer", "add", __file__)):
        done = tracker(*words)
        assert done.exit_code == 1
        assert "tracker gazetteer build" in done.output


def test_the_gazetteer_says_what_it_holds(placed: Command, tmp_path: Path) -> None:
    countries = sum(entry.place.kind is Kind.COUNTRY for entry in entries())
    told = placed("gazetteer", "info")
    assert told.exit_code == 0
    assert f"country: {countries}" in told.output
    as_json = json.loads(placed("gazetteer", "info", "--json").output)
    assert as_json["path"] == str(tmp_path / "gazetteer.sqlite")
    assert as_json["counts"]["country"] == countries


def test_villages_are_added(placed: Command, tmp_path: Path) -> None:
    file = tmp_path / "KG.txt"
    file.write_text(row() + "\n", encoding="utf-8")
    done = placed("gazetteer", "add", file)
    assert done.exit_code == 0
    assert done.output.startswith("1 places added")
    assert placed("geocode", "Chong-Tash, Kyrgyzstan").exit_code == 0


def test_a_bad_line_is_named(placed: Command, tmp_path: Path) -> None:
    file = tmp_path / "KG.txt"
    file.write_text(f"{row()}\n{row(latitude=91)}\n", encoding="utf-8")
    done = placed("gazetteer", "add", file)
    assert done.exit_code == 1
    assert "line 2: the latitude lies not between −90 and 90: '91'" in done.output
    assert placed("geocode", "Chong-Tash, Kyrgyzstan").exit_code == 1


def test_the_gazetteer_may_lie_elsewhere(
    tracker: Command, places_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = tmp_path / "shared" / "places.sqlite"
    elsewhere.parent.mkdir()
    shutil.copyfile(places_file, elsewhere)
    monkeypatch.setenv("TRACKER_GAZETTEER", str(elsewhere))
    assert tracker("geocode", "Osh, Kyrgyzstan").exit_code == 0
