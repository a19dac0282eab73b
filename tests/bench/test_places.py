"""The lists of place texts by which the gazetteer is judged, and how a province is told from another."""

from pathlib import Path

import pytest

from bench.places import LISTS, Asked, judge, read_list
from tests.geocoding.rows import places_file_of
from tests.support.run import Run
from tracker.geocoding import Gazetteer
from tracker.vocabulary import COUNTRIES, PlacePrecision


@pytest.fixture(scope="session")
def gazetteer(run: Run) -> Gazetteer:
    """The small gazetteer of the tests."""
    return Gazetteer(places_file_of(run))


@pytest.mark.parametrize("path", LISTS.values(), ids=LISTS)
def test_every_list_can_be_read_and_names_real_countries(path: Path) -> None:
    texts = list(read_list(path))
    assert len(texts) >= 180
    assert all(each.country in COUNTRIES and each.text and each.name for each in texts)
    assert all(-90 <= each.latitude <= 90 and -180 <= each.longitude <= 180 for each in texts)


def test_a_province_may_have_several_spellings_in_a_list(tmp_path: Path) -> None:
    path = tmp_path / "list.txt"
    path.write_text("KG 42.3 77.5 admin1 Ysyk-Köl=Issyk-Kul | en Issyk-Kul region\n", encoding="utf-8")
    (asked,) = read_list(path)
    assert (asked.name, asked.others) == ("Ysyk-Köl", ("Issyk-Kul",))


@pytest.mark.parametrize(
    ("text", "name", "verdict"),
    [
        ("Issyk-Kul region", "Ysyk-Köl", "right"),
        ("Issyk-Kul region", "Issyk-Kul", "right"),  # another name of the same entry
        ("Issyk-Kul region", "Иссык-Кульская область", "right"),
        ("Issyk-Kul region", "Talas", "wrong"),
        ("Karakol", "Ysyk-Köl", "wrong"),  # the town is not the province
    ],
)
def test_a_province_is_judged_by_what_it_is_and_not_by_its_spelling(
    gazetteer: Gazetteer, text: str, name: str, verdict: str
) -> None:
    asked = Asked(text, "en", "KG", 42.3, 77.5, PlacePrecision.ADMIN1, name)
    assert judge(asked, gazetteer, with_country=True).verdict == verdict
