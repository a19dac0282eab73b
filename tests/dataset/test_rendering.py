"""What is stored beside the JSON: facets, features, keys and search words."""

import json
from typing import Any

import pytest

from tests.dataset.samples import act, by, incident, place, source, victim, when
from tracker.dataset.canonical import canonical
from tracker.dataset.fields import Kind
from tracker.dataset.rendering import Rendering, render
from tracker.text import tokens
from tracker.vocabulary import PerpetratorType


def _rendered(**given: Any) -> Rendering:
    return render(canonical(Kind.INCIDENT, incident("KGZ-2020-0007", **given)))


def test_there_is_one_facet_for_each_act_victim_and_perpetrator() -> None:
    first = act("assault", [victim(role="editor"), victim(role="fixer")], [by("police"), by("crowd_protester")])
    second = act("threat", [victim()], [by("military", role="ordered")])
    facets = _rendered(acts=[first, second]).facets
    assert [(f.act, f.victim, f.involvement) for f in facets] == [
        (1, 1, 1), (1, 1, 2), (1, 2, 1), (1, 2, 2), (2, 1, 1),
    ]  # fmt: skip
    assert {f.perpetrator for f in facets if f.violation == "threat"} == {"military"}


def test_those_who_stood_by_or_helped_are_no_perpetrators() -> None:
    watched = act(
        "assault", [victim()], [by("police", "present_did_not_intervene"), by("private_individual", "helped_victim")]
    )
    [facet] = _rendered(acts=[watched]).facets
    assert (facet.involvement, facet.perpetrator, facet.side) == (0, "not_recorded", "not_recorded")


def test_what_is_not_recorded_is_kept_apart_from_what_is_unknown() -> None:
    [silent] = _rendered(acts=[act("assault")]).facets
    assert (silent.completion, silent.role, silent.harm, silent.outlet) == ("not_recorded",) * 4
    assert (silent.victim, silent.perpetrator, silent.side) == (0, "not_recorded", "not_recorded")
    [said] = _rendered(acts=[act("assault", [victim(role="unknown", harm="unknown")], [by("unknown")])]).facets
    assert (said.role, said.harm, said.perpetrator, said.side) == ("unknown",) * 4


@pytest.mark.parametrize("perpetrator", list(PerpetratorType))
def test_every_perpetrator_has_its_side(perpetrator: PerpetratorType) -> None:
    [facet] = _rendered(acts=[act("assault", [], [by(perpetrator.value)])]).facets
    assert facet.side == perpetrator.side


def test_an_incident_without_acts_has_no_facets() -> None:
    assert _rendered(acts=[]).facets == []


@pytest.mark.parametrize("precision", ["site", "street", "neighbourhood", "locality", "admin2", "admin1"])
def test_a_place_on_the_map_is_a_point_with_the_longitude_first(precision: str) -> None:
    made = _rendered(place=place(latitude=42.87, longitude=74.59, precision=precision))
    assert json.loads(made.feature)["geometry"] == {"type": "Point", "coordinates": [74.59, 42.87]}


@pytest.mark.parametrize("precision", ["country", "online", "unknown"])
def test_what_has_no_place_on_the_map_gets_no_point_even_with_coordinates(precision: str) -> None:
    made = _rendered(place=place(latitude=42.87, longitude=74.59, precision=precision))
    assert json.loads(made.feature)["geometry"] is None


def test_a_place_without_coordinates_has_a_null_geometry() -> None:
    assert json.loads(_rendered().feature)["geometry"] is None


@pytest.mark.parametrize(
    ("edtf", "key"),
    [
        ("2020-10-05", "2020-10-05:KGZ-00002020-00000007"),
        ("[2020-10-05..2020-10-09]", "2020-10-09:KGZ-00002020-00000007"),
        ("[2020-10-05..]", "2020-10-05:KGZ-00002020-00000007"),
        ("2020-10-05/..", "2020-10-05:KGZ-00002020-00000007"),
        ("XXXX-XX-XX", "0000-00-00:KGZ-00002020-00000007"),
    ],
)
def test_incidents_sort_by_their_last_day_and_then_by_number(edtf: str, key: str) -> None:
    assert _rendered(date=when(edtf)).columns["sort_key"] == key


def test_names_in_every_script_are_found_by_their_words() -> None:
    made = _rendered(
        outlets=[{"slug": "kloop", "name": "Kloop", "other_names": ["Клооп"]}],
        place=place(locality="Жалал-Абад", venue="№ 5 school"),
        acts=[act("assault", [victim(name="Айгүл Ёлкина")], [by("police", named_actor="Bad Cop")])],
        sources=[source(publisher="Медиа Полиси", title="Report")],
    )
    stored = made.words.split()
    for name in ("KLOOP", "клооп", "жалал абад", "Елкина", "bad cop", "медиа", "KGZ-2020-0007", "report"):
        assert set(tokens(name)) <= set(stored)


def test_addresses_and_identifiers_are_not_search_words() -> None:
    made = _rendered(sources=[source(url="https://example.org/secret-path")])
    assert "secret" not in made.words.split()
