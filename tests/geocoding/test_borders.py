"""Points and the countries stated with them: exchanged ones are caught, and what lies at an edge is let through."""

import pytest

from tracker.geocoding.borders import country_at, distance_km, misplaced


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
