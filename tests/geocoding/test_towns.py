"""The towns that GeoNames lacks: where they come from, when one is taken for the answer, and when it gives way."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.geocoding.rows import entries
from tracker.geocoding import Gazetteer, Outcome, Wanted, locate
from tracker.geocoding.gazetteer import building, keys, towns
from tracker.geocoding.gazetteer.file import info
from tracker.geocoding.gazetteer.places import FIRST_OF_SIMPLEMAPS, Entry, Kind, Place, Rank
from tracker.geocoding.gazetteer.writer import replaced, writing
from tracker.settings import STATIC
from tracker.vocabulary import COUNTRIES

N = FIRST_OF_SIMPLEMAPS
BOTH = "Place data © GeoNames and SimpleMaps (CC BY 4.0)"


def town(number: int, name: str, country: str, latitude: float, longitude: float, admin1: int | None = None) -> Entry:
    place = Place(N + number, Kind.LOCALITY, name, country, admin1, None, latitude, longitude, 0, None)
    return Entry(place, towns.names_of(name))


TOWNS = [
    town(1, "Barskoon", "KG", 42.16, 77.60, 25),
    town(2, "Anan’evo", "KG", 42.73, 77.66, 25),
    town(3, "Kara Suu", "KG", 39.00, 70.00, 24),  # as a town of GeoNames sounds
    town(4, "Dzhalal-Abad", "KG", 39.10, 70.10, 24),  # as a town of GeoNames is called too
    town(5, "Talas", "MN", 47.00, 100.00),  # of that name there are several elsewhere
    town(6, "Frunzenskoye", "KG", 40.10, 71.70, 24),
]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """The small gazetteer of the tests with a few towns."""
    path = tmp_path / "gazetteer.sqlite"
    with replaced(path) as hidden, writing(hidden, ["rows of the tests"]) as writer:
        for entry in (*entries(), *TOWNS):
            writer.add(entry)
        writer.finish()
    return path


@pytest.fixture
def with_towns(path: Path) -> Iterator[Gazetteer]:
    gazetteer = Gazetteer(path)
    yield gazetteer
    gazetteer.close()


def test_the_file_is_the_one_that_was_made_and_says_from_what() -> None:
    made = json.loads(towns.MANIFEST.read_text(encoding="utf-8"))
    assert {towns.FILE.name: hashlib.sha256(towns.FILE.read_bytes()).hexdigest()} == made["files"]
    assert (STATIC.parent / made["made_by"]).is_file()
    assert "CC BY 4.0" in made["licence"]
    assert towns.source() == f"{made['package']} {made['version']}"


def test_every_town_has_a_country_a_point_and_a_name_that_no_other_one_there_has() -> None:
    rows = [entry.place for entry in towns.entries({})]
    assert len(rows) > 1_000
    assert len({place.id for place in rows}) == len(rows)
    for place in rows:
        assert place.is_of_simplemaps
        assert place.country in COUNTRIES
        assert place.latitude is not None
        assert place.longitude is not None
        assert abs(place.latitude) <= 90
        assert abs(place.longitude) <= 180
    sounds = Counter((place.country, keys.sounded(place.name) or place.name) for place in rows)
    assert [key for key, count in sounds.items() if count > 1] == []


def test_a_town_knows_its_province_and_is_looked_for_without_the_signs_that_people_leave_out() -> None:
    found = {entry.place.name: entry for entry in towns.entries({"KG.07": 25})}
    assert found["Barskoon"].place.admin1 == 25
    assert found["El Alto"].place.admin1 is None
    assert found["Do‘stobod"].names == [("Dostobod", Rank.OTHER), ("Do‘stobod", Rank.OWN)]


@pytest.mark.parametrize(
    "text", ["Barskoon", "Барскоон", "село Барскоон", "Barskoon, Issyk-Kul Region", "в Барскооне", "Barskoon village"]
)
def test_a_town_is_found_where_the_country_is_known_and_says_whose_record_it_is(
    with_towns: Gazetteer, text: str
) -> None:
    answer = locate(Wanted(text=text, country="KG"), with_towns)
    best = answer.best
    assert best is not None
    assert (best.label, best.entry, best.population) == ("Barskoon, Ysyk-Köl, Kyrgyzstan", f"simplemaps:{N + 1}", None)
    assert answer.attribution == BOTH


@pytest.mark.parametrize("text", ["Ананьево", "Ananyevo", "Anan'evo", "Ananevo"])
def test_a_town_is_found_in_other_romanisations(with_towns: Gazetteer, text: str) -> None:
    best = locate(Wanted(text=text, country="KG"), with_towns).best
    assert best is not None
    assert best.entry == f"simplemaps:{N + 2}"


@pytest.mark.parametrize(("text", "country"), [("Barskoon", None), ("Barksoon", "KG"), ("Frunzenskoje", "KG")])
def test_without_a_country_or_with_a_slip_a_person_is_asked(
    with_towns: Gazetteer, text: str, country: str | None
) -> None:
    answer = locate(Wanted(text=text, country=country), with_towns)
    assert answer.outcome is Outcome.AMBIGUOUS
    assert answer.candidates[0].entry.startswith("simplemaps:")


def test_a_town_gives_way_to_a_place_of_geonames_that_bears_its_name_in_the_country(with_towns: Gazetteer) -> None:
    for text, entry in {"Kara-Suu": 107, "Kara Suu": 107, "Dzhalal-Abad": 102}.items():
        answer = locate(Wanted(text=text, country="KG"), with_towns)
        assert answer.best is not None
        assert answer.best.entry == f"geonames:{entry}"
        assert not any(one.entry.startswith("simplemaps:") for one in answer.candidates)
        assert answer.attribution == "Place data © GeoNames (CC BY 4.0)"


def test_a_name_that_is_known_in_other_countries_is_a_town_in_its_own(with_towns: Gazetteer) -> None:
    here = locate(Wanted(text="Talas", country="MN"), with_towns).best
    assert here is not None
    assert here.entry == f"simplemaps:{N + 5}"
    there = locate(Wanted(text="Talas", country="KG"), with_towns).best
    assert there is not None
    assert there.entry == "geonames:103"


def test_a_town_leaves_the_middle_of_its_province_where_the_places_of_geonames_put_it(
    with_towns: Gazetteer, gazetteer: Gazetteer
) -> None:
    batken = Wanted(text="Batken Region", country="KG")
    beside, without = locate(batken, with_towns).best, locate(batken, gazetteer).best
    assert beside is not None
    assert beside == without


def test_a_country_file_that_has_the_town_takes_its_place(path: Path, tmp_path: Path) -> None:
    assert info(path).attribution == BOTH
    file = tmp_path / "KG.txt"
    columns = ["900", "Barskoon", "Barskoon", "", "42.1549", "77.6", "P", "PPL", "KG", "", "07", *[""] * 3, "6000"]
    renewed = ["101", "Osh", "Osh", "Ош", "40.53", "72.8", "P", "PPL", "KG", "", "08", *[""] * 3, "322000"]
    file.write_text("".join("\t".join([*each, *[""] * 4]) + "\n" for each in (columns, renewed)), encoding="utf-8")
    done = building.add(path, file)
    assert (done.new, done.renewed) == (1, 1)
    gazetteer = Gazetteer(path)
    answer = locate(Wanted(text="Barskoon", country="KG"), gazetteer)
    assert [one.entry for one in answer.candidates] == ["geonames:900"]
    # What was taken anew keeps its names, and the other towns stay.
    for text, entry in {"Ош": "geonames:101", "Ananyevo": f"simplemaps:{N + 2}"}.items():
        best = locate(Wanted(text=text, country="KG"), gazetteer).best
        assert best is not None
        assert best.entry == entry
    gazetteer.close()
