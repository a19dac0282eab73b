"""How single values of a record are put into words."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask_babel import Babel

from tests.web import records
from tracker.web import parties, wording

Record = records.Record


@pytest.fixture(autouse=True)
def _english_page() -> Iterator[None]:
    """Words are made for the page of a request."""
    app = Flask("words")
    Babel(app)
    with app.test_request_context():
        yield


@pytest.mark.parametrize(
    ("known", "said"),
    [
        ({"count_least": 2, "count_most": 2}, "2 people"),
        ({"count_least": 1, "count_most": 1}, "1 person"),
        ({"count_least": 25, "count_most": 30}, "25 to 30 people"),
        ({"count_least": 3}, "at least 3 people"),
        ({"count_most": 1}, "at most 1 person"),
        ({"count_least": 0, "count_most": 2}, "0 to 2 people"),
        ({"count_as_reported": "dozens"}, "dozens"),
        ({}, None),
    ],
)
def test_a_number_of_people_is_as_exact_as_it_is_known(known: Record, said: str | None) -> None:
    assert parties.how_many(records.an_involvement("police", **known)) == said


@pytest.mark.parametrize(
    ("known", "said"),
    [
        ({"named_actor": "Ministry", "description": "an official"}, "Ministry"),
        ({"description": "two men"}, "Two men"),
        ({}, "Police"),
        ({"perpetrator": None}, "Not recorded"),
    ],
)
def test_an_actor_goes_by_name_then_description_then_type(known: Record, said: str) -> None:
    involvement = records.an_involvement("police") | known
    assert parties.actor_name(involvement) == said


def test_what_stands_as_the_name_of_an_actor_is_not_said_twice() -> None:
    assert parties.actor_lines(records.an_involvement("police")) == ["State", "Basis: reported"]
    named = records.an_involvement("police", "a captain", named_actor="X", role="ordered", basis="charged")
    assert parties.actor_lines(named) == ["A captain", "Type: police (state)", "Ordered it", "Basis: charged"]
    silent = records.an_involvement("police", "someone", basis=None) | {"perpetrator": None}
    assert parties.actor_lines(silent) == ["Type: not recorded"]


@pytest.mark.parametrize(
    ("known", "said"),
    [
        ({"naming": "withheld"}, "Name withheld"),
        ({}, "Not named in the source"),
        ({"description": "a reporter"}, "Not named in the source"),
        ({"kind": "group", "description": "two crews"}, "Two crews"),
        ({"kind": "group"}, "Group of persons"),
        ({"kind": "outlet", "outlet": records.KLOOP}, "Kloop"),
        ({"kind": "public"}, "The public"),
    ],
)
def test_a_victim_without_a_name_says_why(known: Record, said: str) -> None:
    assert parties.victim_name(records.a_victim(None, **known)) == said


@pytest.mark.parametrize(
    ("custody", "said"),
    [
        (("2020-10-05", "2020-10-07"), "In custody from 5 October 2020 to 7 October 2020"),
        (("2020-10-05", None), "In custody since 5 October 2020"),
        ((None, "2020-10-07"), "In custody until 7 October 2020"),
    ],
)
def test_custody_has_a_beginning_or_an_end(custody: tuple[str | None, str | None], said: str) -> None:
    victim = records.a_victim("A", custody_from=custody[0], custody_until=custody[1])
    assert said in parties.victim_lines(victim)


def test_equipment_says_how_many_what_was_done_and_whether_it_came_back() -> None:
    item: dict[str, Any] = {"item": "phone", "count": 2, "fate": "robbed", "returned": "yes"}
    silent: dict[str, Any] = {"item": "camera", "count": None, "fate": None, "returned": None}
    unnamed: dict[str, Any] = {"item": None, "count": None, "fate": "damaged", "returned": None}
    lines = parties.victim_lines(records.a_victim("A", equipment=[item, silent, unnamed]))
    assert lines == ["Telephone (2): robbed, returned", "Camera", "Equipment: damaged"]


def test_the_best_language_is_the_pages_own_then_english_then_any() -> None:
    assert wording.tongue({"ru": "р", "en": "e"}) == wording.Text("e", "en", foreign=False)
    assert wording.tongue({"ru": "р", "en-GB": "g"}) == wording.Text("g", "en-GB", foreign=False)
    assert wording.tongue({"ru": "р", "ky": "к"}) == wording.Text("р", "ru", foreign=True)
    assert wording.tongue({}) is None
    assert [other.language for other in wording.other_tongues({"ru": "р", "en": "e"})] == ["ru"]


def test_a_text_falls_into_paragraphs_at_blank_lines() -> None:
    assert wording.paragraphs("one\ntwo\n \nthree\n\n\n") == ["one\ntwo", "three"]


@pytest.mark.parametrize(
    ("known", "said"),
    [
        ({"venue": "a hotel", "locality": "Bishkek", "country": "KG"}, "A hotel, Bishkek, Kyrgyzstan"),
        ({"locality": "Bishkek", "admin1": "Bishkek", "country": "KG"}, "Bishkek, Kyrgyzstan"),
        ({"as_reported": "in the south", "country": "KG"}, "In the south, Kyrgyzstan"),
        ({"precision": "online"}, "Online"),
        ({}, "Not recorded"),
    ],
)
def test_a_place_is_said_from_the_nearest_to_the_widest(known: Record, said: str) -> None:
    assert wording.place(records.a_place(**known)) == said


@pytest.mark.parametrize(
    ("metres", "reach"),
    [
        (0, "0 m"),
        (7, "7 m"),
        (100, "100 m"),
        (494, "500 m"),
        (999, "1 km"),
        (1000, "1 km"),
        (2075, "2.5 km"),
        (7972, "8 km"),
        (10_000, "10 km"),
        (49_359, "50 km"),
        (128_716, "150 km"),
        (200_000, "200 km"),
    ],
)
def test_coordinates_say_how_far_off_they_can_be_in_figures_that_are_no_more_exact_than_they(
    metres: int, reach: str
) -> None:
    place = records.a_place(latitude=42.87, longitude=74.59, uncertainty_m=metres, precision="locality")
    assert f"42.87, 74.59, within {reach}" in wording.place_note(place)


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://example.org/a?b=c", True),
        ("http://example.org", True),
        ("javascript:alert(1)", False),
        (" https://example.org", False),
        ("https://", False),
        ("//example.org", False),
        ("https://[bad", False),
        (None, False),
        ("", False),
    ],
)
def test_only_an_address_of_the_web_is_one(url: str | None, kept: bool) -> None:
    assert wording.web_address(url) == (url if kept else None)


def test_sources_of_one_origin_say_so() -> None:
    sources = [records.a_source(number, independence_group=group) for number, group in ((1, "a"), (2, "a"), (3, "b"))]
    assert "shares its origin with source 2" in parties.source_lines(sources[0], sources)
    assert parties.source_lines(sources[2], sources) == []
