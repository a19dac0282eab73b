"""Points and the countries stated with them: exchanged ones are caught, and what lies at an edge is let through."""

import pytest

from tracker.geocoding.borders import TERRITORIES, country_at, distance_km, misplaced
from tracker.geocoding.coordinates import CoordinatesProblem, checked
from tracker.outlines import NEAR, countries_of
from tracker.vocabulary import COUNTRIES


@pytest.mark.parametrize(
    ("country", "point", "meant", "said"),
    [
        ("KG", (74.59, 42.87), (42.87, 74.59), "in no country; exchanged"),
        ("UA", (30.52, 50.45), (50.45, 30.52), "in Kuwait; exchanged|in Iran; exchanged|in no country; exchanged"),
        ("US", (44.98, 93.27), (44.98, -93.27), "in China; with another sign|in Mongolia; with another sign"),
        ("AU", (33.87, 151.21), (-33.87, 151.21), "in no country; with another sign"),
        ("KG", (0.0, 0.0), None, "in no country, about"),
        ("RU", (48.85, 2.35), None, "in France, about"),
    ],
)
def test_a_point_elsewhere_is_said_with_where_it_lies_and_what_was_meant(
    country: str, point: tuple[float, float], meant: tuple[float, float] | None, said: str
) -> None:
    wrong = misplaced(country, *point)
    assert wrong is not None
    assert wrong.meant == meant
    assert any(each in wrong.message for each in said.split("|")), wrong.message


@pytest.mark.parametrize(
    ("country", "point"),
    [
        ("KG", (42.87, 74.59)),
        ("KG", (40.53, 72.80)),  # Osh, at the border
        ("KG", (43.05, 74.75)),  # a few kilometres into Kazakhstan
        ("PS", (31.35, 34.1)),  # at sea before Gaza
        ("IT", (41.9033, 12.4534)),  # in the Vatican
        ("UA", (44.95, 34.10)),  # Crimea
        ("RU", (44.95, 34.10)),
        ("MA", (20.9, -17.05)),  # Western Sahara
        ("CN", (25.03, 121.56)),  # Taiwan
        ("RS", (42.66, 21.17)),  # Kosovo
        ("IN", (35.3, 75.6)),  # Kashmir
        ("NO", (78.22, 15.65)),  # Svalbard
        ("FR", (47.314, -3.190)),  # Belle-Île, which is not drawn, and with another sign is in France
        ("FR", (-20.88, 55.45)),  # Réunion
        ("RE", (-20.88, 55.45)),  # which has no outlines of its own
        ("FJ", (-16.5, -179.9)),  # on both sides of the 180th degree
        ("FJ", (-17.3, 179.95)),
        ("RU", (66.0, -179.9)),
        ("AQ", (-90.0, 0.0)),
        ("ID", (0.0, 110.0)),
        ("VA", (41.9033, 12.4534)),
        (None, (74.59, 42.87)),
        ("XX", (74.59, 42.87)),
    ],
)
def test_what_may_lie_there_is_let_through(country: str | None, point: tuple[float, float]) -> None:
    assert misplaced(country, *point) is None


def test_the_country_under_a_point_and_the_way_to_it() -> None:
    assert (country_at(42.87, 74.59), country_at(-29.6, 28.2), country_at(0, 0)) == ("KG", "LS", None)
    # Lesotho is a hole in South Africa.
    assert distance_km("ZA", -29.6, 28.2) == pytest.approx(75, abs=40)
    assert distance_km("KG", 42.87, 74.59) == 0
    assert distance_km("RE", 0, 0) is None
    # Paris is about 340 km from London; England begins at its coast.
    assert distance_km("GB", 48.857, 2.352) == pytest.approx(235, abs=20)


@pytest.mark.parametrize(
    ("state", "territory", "point"),
    [
        ("US", "PR", (18.4655, -66.1057)),
        ("US", "GU", (13.4745, 144.7504)),
        ("US", "VI", (18.3419, -64.9307)),
        ("US", "AS", (-14.2756, -170.702)),
        ("US", "MP", (15.1778, 145.7509)),
        ("FR", "GF", (4.9372, -52.326)),
        ("FR", "GP", (16.241, -61.533)),
        ("FR", "MQ", (14.604, -61.066)),
        ("FR", "RE", (-20.8789, 55.4481)),
        ("FR", "YT", (-12.7806, 45.2279)),
        ("FR", "NC", (-22.2758, 166.458)),
        ("FR", "PF", (-17.535, -149.5696)),
        ("GB", "JE", (49.187, -2.107)),
        ("GB", "GG", (49.4553, -2.5368)),
        ("GB", "IM", (54.15, -4.4817)),
        ("GB", "BM", (32.2949, -64.783)),
        ("GB", "FK", (-51.6977, -57.8517)),
        ("GB", "GI", (36.1408, -5.3536)),
        ("AU", "CX", (-10.4217, 105.6791)),
        ("AU", "CC", (-12.1568, 96.8225)),
        ("NZ", "TK", (-9.3852, -171.2468)),
        ("NL", "CW", (12.1091, -68.9316)),
        ("NL", "AW", (12.5092, -70.0086)),
        ("NL", "BQ", (12.1443, -68.2655)),
        ("DK", "GL", (64.1835, -51.7216)),
        ("DK", "FO", (62.0107, -6.7741)),
        ("CN", "HK", (22.2793, 114.1628)),
        ("CN", "MO", (22.1987, 113.5439)),
        ("NO", "SJ", (78.2232, 15.6267)),
        ("FI", "AX", (60.0973, 19.9348)),
        ("NZ", "CK", (-21.2075, -159.7755)),
    ],
)
def test_a_point_in_a_territory_is_taken_under_its_own_code_and_under_that_of_its_state(
    state: str, territory: str, point: tuple[float, float]
) -> None:
    for country in (state, territory):
        assert misplaced(country, *point) is None
        assert (checked(*point, country=country).latitude, checked(*point, country=country).longitude) == point


def test_a_state_does_not_lie_in_its_territory_nor_one_territory_in_another() -> None:
    for country, point in [("PR", (40.7128, -74.006)), ("GU", (18.4655, -66.1057)), ("GL", (55.6761, 12.5683))]:
        assert misplaced(country, *point) is not None
    with pytest.raises(CoordinatesProblem, match="in Puerto Rico"):
        checked(18.4655, -66.1057, country="MX")
    # A slip is still one where the state has territories far away.
    exchanged = misplaced("US", -66.1057, 18.4655)
    assert exchanged is not None
    assert exchanged.meant == (18.4655, -66.1057)


def test_every_territory_of_the_table_is_drawn_and_belongs_to_one_state_that_has_a_code() -> None:
    listed = [territory for of_state in TERRITORIES.values() for territory in of_state]
    drawn = {country.code for country in countries_of(NEAR)}
    assert set(listed) <= drawn & set(COUNTRIES)
    assert len(listed) == len(set(listed))
    assert not set(listed) & set(TERRITORIES)
    assert set(TERRITORIES) <= drawn
