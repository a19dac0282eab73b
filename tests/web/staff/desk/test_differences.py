"""Changes of a record in words."""

import copy
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from pydantic import BaseModel

from tests.support import drafts
from tracker.dataset.fields import INCIDENT, walk
from tracker.publication.record import HISTORY
from tracker.registry.drafts import Draft
from tracker.registry.mapping import KINDS
from tracker.registry.merging import three_way
from tracker.registry.operations import changes_between
from tracker.web.staff.differences import Line, path_of, pieces, place_words, readable, value_words
from tracker.web.staff.field_words import LABELS

NEVER_CHANGE = {"reference", "id", *HISTORY}
NAMES = {("person", "aida"): "Aida Testova", ("source", "report"): "Attacks on the press"}


@pytest.fixture(autouse=True)
def words(desk_app: Flask) -> Iterator[None]:
    with desk_app.test_request_context("/staff/"):
        yield


def lines(before: Any, after: Any) -> list[Line]:
    return readable(changes_between(before, after), NAMES)


def told(before: Any, after: Any) -> list[tuple[str, str | None, str | None]]:
    return [(line.where, line.before, line.after) for line in lines(before, after)]


def changed(change: Any) -> tuple[Any, Any]:
    before = drafts.rich()
    after = copy.deepcopy(before)
    change(after)
    return before, after


def test_a_code_is_told_by_its_word_and_its_place_by_its_number() -> None:
    before, after = changed(lambda raw: raw["acts"][0]["victims"][1].update(role="photographer"))
    assert told(before, after) == [("Act 1, victim 2: role", "Camera operator", "Photographer")]


def test_one_more_victim_is_one_line() -> None:
    before, after = changed(lambda raw: raw["acts"][1]["victims"].append(drafts.victim("aida")))
    (line,) = lines(before, after)
    assert (line.where, line.before) == ("Act 2, victim 2", None)
    assert line.after is not None
    assert "person: Aida Testova" in line.after
    assert "sources that print the name: Attacks on the press" in line.after


def test_a_removed_row_and_a_changed_one_are_told_apart() -> None:
    def change(raw: Any) -> None:
        del raw["acts"][0]["victims"][0]
        raw["acts"][0]["victims"][0]["harm"] = "none"

    assert [line.where for line in lines(*changed(change))] == ["Act 1, victim 1", "Act 1, victim 1: harm"]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"date": {"edtf": "2020-10"}}, ("Date", "5 or 6 October 2020", "October 2020")),
        ({"title": {"en": "Crew beaten at a rally"}}, ("Title (Russian)", "Съёмочную группу избили на митинге", None)),
        ({"work_related": None}, ("Connection with the work", "Confirmed", None)),
        ({"look_again_on": "2020-12-01"}, ("Look at it again on", None, "1 December 2020")),
    ],
    ids=["date", "language", "removed", "day"],
)
def test_values_are_told_as_people_say_them(change: Any, expected: tuple[str, str | None, str | None]) -> None:
    before = drafts.rich()
    after = {name: value for name, value in (before | change).items() if value is not None}
    assert expected in told(before, after)


def test_a_status_is_told_too() -> None:
    (line,) = readable([{"path": "status", "before": "submitted", "after": "in_review"}])
    assert (line.where, line.before, line.after) == ("Status", "Submitted", "In review")


def test_texts_are_compared_word_by_word() -> None:
    found = pieces("Aida Testova and a colleague were beaten there.", "Aida Testova and a friend were beaten there.")
    assert [(piece.kind, piece.words) for piece in found] == [
        ("kept", "Aida Testova and a "),
        ("gone", "colleague"),
        ("new", "friend"),
        ("kept", " were beaten there."),
    ]


def test_texts_without_much_in_common_are_told_whole() -> None:
    assert pieces("One thing was said here about the crew of a car.", "Nobody ever wrote down who else came by.") == ()


def test_the_differences_of_a_stale_save_are_told_by_the_same_words() -> None:
    base = drafts.rich()
    theirs, mine = base | {"verification": "confirmed"}, base | {"verification": "disputed"}
    (difference,) = three_way(base, theirs, mine)
    (line,) = readable([difference])
    assert (line.before, line.after) == ("Confirmed", "Disputed")
    assert value_words(difference.path, difference.base) == "Corroborated"


def test_a_path_and_its_text_are_the_same() -> None:
    assert path_of("acts[0].victims[12].consent.store") == ("acts", 0, "victims", 12, "consent", "store")
    assert place_words(("acts", 0, "victims", 1, "consent", "store")) == "Act 1, victim 2: consent to keep the data"


def _models() -> Iterator[type[BaseModel]]:
    waiting: list[type[BaseModel]] = list(Draft.__subclasses__())
    while waiting:
        model = waiting.pop()
        waiting += model.__subclasses__()
        yield model


def test_every_field_of_every_draft_has_a_label() -> None:
    fields = {name for model in _models() for name in model.model_fields}
    assert fields - set(LABELS) == set()


def test_every_public_field_of_an_incident_has_a_label_and_its_codes_are_said() -> None:
    for step in walk(INCIDENT):
        parts = step.path.split(".")
        assert parts[-1] in LABELS or parts[-1] in NEVER_CHANGE, step.path
        if step.field.vocabulary:
            code = step.field.vocabulary.codes()[0]
            assert value_words(tuple(parts), code) == step.field.vocabulary(code).label, step.path


@pytest.mark.parametrize("kind", list(KINDS))
def test_every_kind_of_record_can_be_told(kind: str) -> None:
    raw = {"incident": drafts.rich(), "outlet": drafts.HERALD, "person": drafts.AIDA, "source": drafts.REPORT}
    record = raw.get(kind) or {"topic": drafts.ELECTION, "site": drafts.SITE}[kind]
    found = readable(changes_between({}, record), kind=kind)
    assert {line.path[0] for line in found} >= set(record) - {"key"}
    assert all(line.after and "{" not in line.after for line in found)
