"""Reading raw data as drafts: whatever comes in, everything wrong with it is said at once, and nothing breaks."""

import copy
import signal
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.any_drafts import ANY_JSON, HOSTILE, INCIDENTS, shown
from tests.support.drafts import KNOWN, Raw, incident, minimal, rich, said_of, where
from tracker.registry.drafts import (
    Draft,
    IncidentDraft,
    OutletDraft,
    PersonDraft,
    Problem,
    SiteDraft,
    SourceDraft,
    TopicDraft,
    read,
)

# Seconds; what takes longer is held to be endless.
LONGEST_READING = 30

MODELS: list[type[Draft]] = [IncidentDraft, SourceDraft, PersonDraft, OutletDraft, TopicDraft, SiteDraft]


@pytest.fixture(autouse=True)
def _no_endless_loop() -> Iterator[None]:
    """End a reader that never returns as a failure, before it has eaten all memory."""

    def fail(_number: int, _frame: object) -> None:
        raise AssertionError("reading the draft does not end")

    before = signal.signal(signal.SIGALRM, fail)
    signal.alarm(LONGEST_READING)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


def at(raw: Raw, *path: str | int, value: object) -> Raw:
    """A copy of raw data with one place changed."""
    changed = copy.deepcopy(raw)
    inner: Any = changed
    for part in path[:-1]:
        inner = inner[part]
    inner[path[-1]] = value
    return changed


def only(problems: list[Problem]) -> Problem:
    assert len(problems) == 1, [str(problem) for problem in problems]
    return problems[0]


def test_a_rich_and_a_minimal_incident_have_no_problems() -> None:
    assert said_of(rich()) == []
    assert said_of(minimal()) == []


def test_every_problem_of_shape_and_of_meaning_is_said_at_once() -> None:
    raw = rich(covering=["elections", "gardening"], colour="red", topics=["nowhere"])
    raw = at(raw, "place", "latitude", value="north")
    raw = at(raw, "acts", 0, "victims", 0, "gender", value="yes")
    raw = at(raw, "acts", 1, "violation", value="killing")
    assert sorted(where(said_of(raw))) == [
        "acts[0].victims[0].gender",
        "acts[1].arbitrary",
        "colour",
        "covering[1]",
        "place.latitude",
        "place.latitude",
        "topics[0]",
    ]


def test_a_problem_says_where_it_is_what_stands_there_and_what_is_allowed() -> None:
    problem = only(said_of(at(rich(), "acts", 0, "victims", 0, "harm", value="bruised")))
    assert problem.where == "acts[0].victims[0].harm"
    assert problem.value == "bruised"
    assert problem.allowed == "none, injured, killed, unknown"
    assert str(problem) == (
        "acts[0].victims[0].harm: is not a known code ('bruised'); allowed: none, injured, killed, unknown"
    )


def test_an_unknown_field_is_refused_with_the_list_of_fields() -> None:
    problem = only(said_of(at(rich(), "acts", 0, "involvements", 0, "rank", value="colonel")))
    assert problem.message == "is not a known field"
    assert "named_actor_is" in problem.allowed
    assert "consent" not in problem.allowed


@pytest.mark.parametrize("name", ["status", "reference", "version", "id", "created_at"])
def test_what_the_registry_decides_cannot_be_submitted(name: str) -> None:
    assert only(said_of(minimal(**{name: "published"}))).message == "is not a known field"


def test_a_refused_item_of_a_list_leaves_the_numbers_of_the_others() -> None:
    raw = minimal(acts=["assault", {"violation": "assault", "victims": [{"kind": "outlet"}]}])
    assert "acts[1].victims[0].outlet" in where(said_of(raw))


@pytest.mark.parametrize("name", ["covering", "topics", "related"])
@pytest.mark.parametrize("item", [{}, {"a": 1}, [], None, 5], ids=shown)
def test_a_record_among_plain_values_is_refused_once(name: str, item: object) -> None:
    assert where(read(IncidentDraft, minimal() | {name: [item]})[1]) == [f"{name}[0]"]


def test_a_list_that_cannot_be_taken_apart_is_refused_whole() -> None:
    made, problems = read(IncidentDraft, minimal(covering=("protest", "gardening")))
    assert where(problems) == ["covering[1]"]
    assert made.covering == []


@pytest.mark.parametrize("raw", [None, [], "text", 5, True, [minimal()]], ids=shown)
def test_what_is_no_record_is_refused_as_such(raw: object) -> None:
    made, problems = read(IncidentDraft, raw)
    assert made == IncidentDraft()
    assert only(problems).message == "a record with named fields is needed"


@pytest.mark.parametrize(
    "text",
    ["a\x00b", "\ud800", "a\u202eb", "a\u2066b", "a\x1bb", "\ufdd0", "two\nlines", "", "  ", "\u00a0"],
    ids=shown,
)
def test_a_text_that_would_break_or_mislead_is_refused(text: str) -> None:
    assert where(said_of(minimal(title={"en": text}))) == ["title.en"]


def test_a_narrative_of_ten_megabytes_is_refused_in_one_short_line() -> None:
    problem = only(said_of(minimal(summary={"en": "x" * 10_000_000})))
    assert "10,000,000 characters" in str(problem)
    assert len(str(problem)) < 300


def test_a_line_has_a_limit() -> None:
    assert said_of(minimal(title={"en": "x" * 300})) == []
    assert where(said_of(minimal(title={"en": "x" * 301}))) == ["title.en"]


@pytest.mark.parametrize(
    "value", [91, -91, 90.0001, float("nan"), float("inf"), "nan", "1e400", 10**400, True, "north"], ids=shown
)
def test_a_latitude_off_the_globe_is_refused(value: object) -> None:
    found = said_of(minimal(place={"country": "KG", "latitude": value, "longitude": 0}))
    assert "place.latitude" in where(found)


@pytest.mark.parametrize(
    "value", [2**63, 2**31, 1_000_000_001, -1, 1.5, "many", True, float("nan"), 1e400, None], ids=shown
)
def test_a_count_that_cannot_be_kept_is_refused(value: object) -> None:
    raw = at(rich(), "acts", 0, "involvements", 0, "count_most", value=value)
    assert where(said_of(raw)) == ([] if value is None else ["acts[0].involvements[0].count_most"])


def test_a_number_of_five_thousand_digits_can_still_be_spoken_of() -> None:
    problem = only(said_of(at(rich(), "acts", 0, "involvements", 0, "count_most", value=10**5_000)))
    assert str(problem).startswith("acts[0].involvements[0].count_most: ")


def test_a_value_nested_beyond_all_measure_can_still_be_spoken_of() -> None:
    deep: list[Any] = []
    for _ in range(100_000):
        deep = [deep]
    assert str(only(read(IncidentDraft, minimal(related=[deep]))[1])).startswith("related[0]: ")
    assert str(only(read(IncidentDraft, minimal(work_related=deep))[1])) == "record: is nested too deeply to be read"


def test_a_field_name_full_of_control_characters_reaches_no_terminal() -> None:
    problem = only(said_of(minimal() | {"a\x1b[2J\nb": 1}))
    assert str(problem).isprintable()


@pytest.mark.parametrize("language", ["english", "EN", "en_GB", "", "xx-invented", 5], ids=shown)
def test_a_language_is_a_code(language: object) -> None:
    assert read(IncidentDraft, minimal(title={language: "A title"}))[1] != []


@pytest.mark.parametrize("key", ["Upper", "a b", "a--b", "-a", "a-", "а", "a\n", "x" * 81, "", 5, None], ids=shown)
def test_a_key_is_lower_case_words_with_hyphens(key: object) -> None:
    assert where(said_of(minimal(topics=[key]))) == ["topics[0]"]


@pytest.mark.parametrize(
    "url",
    [
        "example.org",
        "ftp://example.org",
        "javascript:alert(1).x",
        "https://ex ample.org",
        "https://",
        "http://a",
        " ",
        "https://example.org/\u202e",
        "https://example.org/\n",
        "data:text/html,x.y",
        "https://x.y/" + "a" * 2_000,
    ],
    ids=shown,
)
def test_a_web_address_is_http_and_has_a_host(url: str) -> None:
    assert where(read(SourceDraft, {"url": url})[1]) == ["url"]


@pytest.mark.parametrize(
    "day", ["2020-02-30", "5 October", 1_601_856_000, 2020, True, "0000-01-01", None, [], 1e400], ids=shown
)
def test_a_day_is_a_day_of_the_calendar(day: object) -> None:
    _, problems = read(SourceDraft, {"published_on": day})
    assert where(problems) == ([] if day is None else ["published_on"])


@given(ANY_JSON, st.sampled_from(MODELS))
def test_any_json_is_read_and_judged_without_breaking(raw: Any, model: type[Draft]) -> None:
    made, shape = read(model, raw)
    for problem in [*shape, *made.problems(KNOWN)]:  # type: ignore[attr-defined]
        assert str(problem)
    assert read(model, made.model_dump())[1] == []


@given(INCIDENTS, st.data())
def test_a_good_incident_with_one_hostile_value_is_read_and_judged_without_breaking(
    raw: Raw, data: st.DataObject
) -> None:
    place = data.draw(st.sampled_from(_places(raw)))
    value = data.draw(st.sampled_from(HOSTILE) | ANY_JSON)
    made, shape = read(IncidentDraft, at(raw, *place, value=value))
    assert all(str(problem) for problem in [*shape, *made.problems(KNOWN)])


@pytest.mark.deep
@settings(max_examples=20_000)
@given(ANY_JSON, st.sampled_from(MODELS))
def test_any_json_is_read_and_judged_without_breaking_many_times(raw: Any, model: type[Draft]) -> None:
    # So many examples take longer together than any reading may, so each has its own time.
    signal.alarm(LONGEST_READING)
    made, shape = read(model, raw)
    assert all(str(problem) for problem in [*shape, *made.problems(KNOWN)])  # type: ignore[attr-defined]


@pytest.mark.parametrize("number", range(len(HOSTILE)))
def test_a_hostile_value_in_a_place_of_a_rich_incident_breaks_nothing(number: int) -> None:
    # Every value meets some places, and every place some values; all of them meet in the deep test.
    _try_each(HOSTILE[number], _places(rich())[number % 13 :: 13])


@pytest.mark.deep
@pytest.mark.parametrize("number", range(len(HOSTILE)))
def test_a_hostile_value_in_any_place_of_a_rich_incident_breaks_nothing(number: int) -> None:
    _try_each(HOSTILE[number], _places(rich()))


def _try_each(value: object, places: list[tuple[str | int, ...]]) -> None:
    for place in places:
        made, shape = read(IncidentDraft, at(rich(), *place, value=value))
        assert all(str(problem) for problem in [*shape, *made.problems(KNOWN)])


def test_reading_changes_nothing_in_what_was_given() -> None:
    raw = at(rich(), "acts", 0, "violation", value="gardening")
    before = copy.deepcopy(raw)
    read(IncidentDraft, raw)
    assert raw == before


def test_a_draft_written_out_and_read_again_is_the_same() -> None:
    made = incident(rich())
    assert incident(made.model_dump(mode="json")) == made


def _places(raw: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Every place in raw data at which a value stands."""
    inner = raw.items() if isinstance(raw, dict) else enumerate(raw) if isinstance(raw, list) else ()
    below = [place for name, value in inner for place in _places(value, (*path, name))]
    return [*([path] if path else []), *below]
