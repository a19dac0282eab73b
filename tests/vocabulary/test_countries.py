"""Countries by their codes, with names as people say them."""

import re

import pytest

from tracker.vocabulary import COUNTRIES, Country


def test_every_country_is_found_by_its_own_codes() -> None:
    assert len(COUNTRIES) == len({country.alpha3 for country in COUNTRIES.values()}) >= 250
    for alpha2, country in COUNTRIES.items():
        assert country.alpha2 == alpha2
        assert re.fullmatch("[A-Z]{2}", alpha2)
        assert re.fullmatch("[A-Z]{3}", country.alpha3)


def test_kosovo_is_a_country_like_any_other() -> None:
    assert COUNTRIES["XK"] == Country("XK", "XKX", "Kosovo")


def test_an_unknown_or_lower_case_code_is_no_country() -> None:
    assert "ZZ" not in COUNTRIES
    assert "kg" not in COUNTRIES
    with pytest.raises(KeyError):
        COUNTRIES["ZZ"]


@pytest.mark.parametrize(
    ("alpha2", "name"),
    [
        ("KG", "Kyrgyzstan"),
        ("MD", "Moldova"),
        ("PS", "State of Palestine"),
        ("CD", "Democratic Republic of the Congo"),
        ("VI", "U.S. Virgin Islands"),
        ("SH", "Saint Helena, Ascension and Tristan da Cunha"),
    ],
)
def test_names_are_written_as_they_are_spoken(alpha2: str, name: str) -> None:
    assert COUNTRIES[alpha2].name == name


def test_countries_come_in_the_order_of_their_names() -> None:
    names = [country.name for country in COUNTRIES.values()]
    assert names == sorted(names)
    assert len(set(names)) == len(names)
