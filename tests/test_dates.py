"""Dates as exact as the sources and no more."""

import pickle
import re
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.dates import BASES, PARTS_OF_DAY, DateProblem, IncidentDate, date_words, period_words
from tracker.dates.edtf import ALLOWED
from tracker.vocabulary import DateBasis, DatePrecision, PartOfDay

NIGHT_OF_THE_VOTE = "[2020-10-05..2020-10-06]"

VALID = {
    "2020-10-05": ("day", date(2020, 10, 5), date(2020, 10, 5)),
    "2020-02-29": ("day", date(2020, 2, 29), date(2020, 2, 29)),
    "0001-01-01": ("day", date(1, 1, 1), date(1, 1, 1)),
    "9999-12-31": ("day", date(9999, 12, 31), date(9999, 12, 31)),
    "2020-10-05/2020-10-06": ("range", date(2020, 10, 5), date(2020, 10, 6)),
    "2020-10/2020-12": ("month", date(2020, 10, 1), date(2020, 12, 31)),
    "2019/2021": ("year", date(2019, 1, 1), date(2021, 12, 31)),
    "[2020-10-05..2020-10-06]": ("window", date(2020, 10, 5), date(2020, 10, 6)),
    "2020-10": ("month", date(2020, 10, 1), date(2020, 10, 31)),
    "2020-02": ("month", date(2020, 2, 1), date(2020, 2, 29)),
    "9999-12": ("month", date(9999, 12, 1), date(9999, 12, 31)),
    "2020-33": ("quarter", date(2020, 1, 1), date(2020, 3, 31)),
    "2020-34": ("quarter", date(2020, 4, 1), date(2020, 6, 30)),
    "2020-35": ("quarter", date(2020, 7, 1), date(2020, 9, 30)),
    "2020-36": ("quarter", date(2020, 10, 1), date(2020, 12, 31)),
    "9999-36": ("quarter", date(9999, 10, 1), date(9999, 12, 31)),
    "2020": ("year", date(2020, 1, 1), date(2020, 12, 31)),
    "0001": ("year", date(1, 1, 1), date(1, 12, 31)),
    "[..2020-10-06]": ("before", None, date(2020, 10, 6)),
    "[2020-10-05..]": ("after", date(2020, 10, 5), None),
    "2020-10-05/..": ("range", date(2020, 10, 5), None),
    "2020-10/..": ("month", date(2020, 10, 1), None),
    "2020/..": ("year", date(2020, 1, 1), None),
    "XXXX-XX-XX": ("unknown", None, None),
}

REFUSED = {
    "nothing": "",
    "a blank": " ",
    "blanks around": " 2020-10-05 ",
    "a line break behind": "2020-10-05\n",
    "year zero": "0000",
    "a day in year zero": "0000-01-01",
    "a year of five digits": "12020",
    "a year of two digits": "20",
    "a negative year": "-2020",
    "a long year": "Y12020",
    "month zero": "2020-00",
    "a thirteenth month": "2020-13",
    "a season": "2020-24",
    "a fifth quarter": "2020-37",
    "a day of a quarter": "2020-33-01",
    "day zero": "2020-10-00",
    "30 February": "2020-02-30",
    "29 February of a common year": "2021-02-29",
    "29 February of 1900": "1900-02-29",
    "one digit for the day": "2020-10-5",
    "no hyphens": "20201005",
    "points": "05.10.2020",
    "slashes": "05/10/2020",
    "a name of a month": "5 October 2020",
    "a time": "2020-10-05T10:00",
    "superscript digits": "²⁰²⁰",
    "one superscript digit": "202²",
    "Arabic digits": "٢٠٢٠-١٠-٠٥",
    "full-width digits": "２０２０",
    "a minus sign for a hyphen": "2020−10−05",
    "five thousand digits": "2" * 5_000,
    "five thousand digits and a day": "2" * 5_000 + "-10-05",
    "NUL": "2020-10-05\0",
    "only NUL": "\0",
    "half of a character": "\ud800",
    "unspecified digits": "2020-10-XX",
    "an unspecified year": "XXXX",
    "an approximate day": "2020-10-05~",
    "an uncertain day": "2020-10-05?",
    "both": "2020-10%",
    "an approximate end": "2020-10-05/2020-10-06~",
    "a reversed extent": "2020-10-06/2020-10-05",
    "reversed months": "2020-12/2020-10",
    "a reversed window": "[2020-10-06..2020-10-05]",
    "an extent of one day": "2020-10-05/2020-10-05",
    "an extent of one month": "2020-10/2020-10",
    "a window of one day": "[2020-10-05..2020-10-05]",
    "an extent of unlike ends": "2020/2020-10-05",
    "an extent of quarters": "2020-33/2020-34",
    "an ongoing quarter": "2020-33/..",
    "an extent without a beginning": "../2020-10-05",
    "an extent with an unknown beginning": "/2020-10-05",
    "an extent with an unknown end": "2020-10-05/",
    "an extent of three days": "2020-10-05/2020-10-06/2020-10-07",
    "an extent of nothing": "../..",
    "a slash": "/",
    "a window without ends": "[..]",
    "a window of months": "[2020-10..2020-11]",
    "a window of three days": "[2020-10-05..2020-10-06..2020-10-07]",
    "one of a list": "[2020-10-05,2020-10-06]",
    "all of a list": "{2020-10-05..2020-10-06}",
    "an open bracket": "[2020-10-05..2020-10-06",
    "an extent of windows": "[2020-10-05..]/2020-10-06",
    "an impossible day in a window": "[2020-02-30..2020-03-01]",
    "an impossible day in an extent": "2020-02-01/2020-02-30",
}


@pytest.mark.parametrize(("text", "expected"), VALID.items(), ids=VALID.keys())
def test_a_date_is_read_into_its_precision_and_days_and_printed_as_it_was(
    text: str, expected: tuple[str, date | None, date | None]
) -> None:
    when = IncidentDate.from_edtf(text)
    assert (when.precision, when.earliest, when.latest) == expected
    assert when.edtf == text
    assert when.extent == ("/" in text)
    assert when.ongoing == text.endswith("/..")


@pytest.mark.parametrize("text", REFUSED.values(), ids=REFUSED.keys())
def test_anything_else_is_refused_with_advice_that_is_safe_to_print(text: str) -> None:
    with pytest.raises(DateProblem) as refusal:
        IncidentDate.from_edtf(text)
    problem = refusal.value
    assert problem.allowed[0].isupper() or problem.allowed[0].isdecimal()
    assert problem.allowed.endswith(".")
    assert len(problem.value) <= 60
    assert problem.value.isprintable()
    assert problem.allowed in str(problem)


@pytest.mark.parametrize("mark", "~?%")
def test_who_writes_around_is_told_to_write_an_explicit_window(mark: str) -> None:
    with pytest.raises(DateProblem, match="window") as refusal:
        IncidentDate.from_edtf(f"2020-10-05{mark}")
    assert "[2020-10-01..2020-10-09]" in refusal.value.allowed


def test_the_advice_itself_names_only_dates_that_are_accepted() -> None:
    examples = re.findall(r"\[\S+\]|[2X][0-9X/.-]+", ALLOWED)
    assert len(examples) >= 11
    for example in examples:
        assert IncidentDate.from_edtf(example).edtf == example


def test_the_codes_are_those_of_the_vocabularies() -> None:
    assert PartOfDay.codes() == PARTS_OF_DAY
    assert DateBasis.codes() == BASES
    assert {precision for precision, _, _ in VALID.values()} == set(DatePrecision.codes())


def test_what_the_source_said_is_kept_beside_the_days() -> None:
    when = IncidentDate.from_edtf(
        NIGHT_OF_THE_VOTE, part_of_day="night", basis="inferred", as_reported="the night after the vote"
    )
    assert (when.part_of_day, when.basis) == ("night", "inferred")
    assert when.as_reported == "the night after the vote"
    assert pickle.loads(pickle.dumps(when)) == when  # noqa: S301


def test_an_unknown_part_of_day_or_basis_is_refused() -> None:
    with pytest.raises(DateProblem, match="night, morning, afternoon, evening"):
        IncidentDate.from_edtf("2020-10-05", part_of_day="noon")
    with pytest.raises(DateProblem, match="stated, inferred"):
        IncidentDate.from_edtf("2020-10-05", basis="guessed")


@pytest.mark.parametrize(
    "changes",
    [
        {"precision": "week"},
        {"precision": "month"},
        {"precision": "unknown"},
        {"precision": "range"},
        {"extent": True},
        {"ongoing": True},
        {"earliest": None},
        {"latest": None},
        {"latest": date(2020, 10, 4)},
        {"earliest": datetime(2020, 10, 5), "latest": datetime(2020, 10, 5)},
    ],
    ids=str,
)
def test_fields_that_do_not_belong_together_are_refused(changes: dict[str, object]) -> None:
    day = IncidentDate.from_edtf("2020-10-05")
    with pytest.raises(DateProblem):
        replace(day, **changes)  # type: ignore[arg-type]


# From the days of a form.


@pytest.mark.parametrize(
    ("earliest", "latest", "flags", "expected"),
    [
        (5, 5, {}, "2020-10-05"),
        (5, 5, {"extent": True}, "2020-10-05"),
        (5, 9, {}, "[2020-10-05..2020-10-09]"),
        (5, 9, {"extent": True}, "2020-10-05/2020-10-09"),
        (1, 31, {}, "[2020-10-01..2020-10-31]"),
        (None, 6, {}, "[..2020-10-06]"),
        (5, None, {}, "[2020-10-05..]"),
        (5, None, {"ongoing": True}, "2020-10-05/.."),
        (5, None, {"ongoing": True, "extent": True}, "2020-10-05/.."),
        (None, None, {}, "XXXX-XX-XX"),
    ],
)
def test_the_days_of_a_form_become_a_date(
    earliest: int | None, latest: int | None, flags: dict[str, bool], expected: str
) -> None:
    days = [date(2020, 10, day) if day else None for day in (earliest, latest)]
    when = IncidentDate.from_days(days[0], days[1], **flags)  # type: ignore[arg-type]
    assert when.edtf == expected
    assert (when.earliest, when.latest) == (days[0], days[1])


@pytest.mark.parametrize(
    ("earliest", "latest", "flags"),
    [
        (9, 5, {}),
        (9, 5, {"extent": True}),
        (5, 9, {"ongoing": True}),
        (5, 5, {"ongoing": True}),
        (None, 9, {"extent": True}),
        (None, None, {"extent": True}),
        (None, None, {"ongoing": True}),
        (5, None, {"extent": True}),
    ],
)
def test_days_of_a_form_that_contradict_one_another_are_refused(
    earliest: int | None, latest: int | None, flags: dict[str, bool]
) -> None:
    days = [date(2020, 10, day) if day else None for day in (earliest, latest)]
    with pytest.raises(DateProblem):
        IncidentDate.from_days(days[0], days[1], **flags)  # type: ignore[arg-type]


# Possibly and certainly.

FIRST, LAST = date(2020, 1, 1), date(2020, 12, 31)
NEAR = st.dates(date(2019, 11, 1), date(2021, 2, 28))


@st.composite
def valid_texts(draw: st.DrawFn, days: st.SearchStrategy[date] = NEAR) -> str:
    """A valid EDTF text of any form."""
    first, last = sorted([draw(days), draw(days)])
    form = draw(st.sampled_from(["day", "month", "quarter", "year", "before", "after", "since", "pair", "none"]))
    if form == "pair" and first != last:
        window = draw(st.booleans())
        if window or first.year == last.year:
            return f"[{first}..{last}]" if window else f"{first}/{last}"
        width = draw(st.sampled_from([4, 7, 10]))
        return f"{first.isoformat()[:width]}/{last.isoformat()[:width]}"
    return {
        "month": f"{first:%Y-%m}",
        "quarter": f"{first:%Y}-{33 + (first.month - 1) // 3}",
        "year": f"{first:%Y}",
        "before": f"[..{first}]",
        "after": f"[{first}..]",
        "since": f"{first.isoformat()[: draw(st.sampled_from([4, 7, 10]))]}/..",
        "none": "XXXX-XX-XX",
    }.get(form, first.isoformat())


@given(valid_texts())
def test_any_valid_date_is_printed_as_it_was_read(text: str) -> None:
    when = IncidentDate.from_edtf(text)
    assert when.edtf == text
    assert IncidentDate.from_edtf(when.edtf) == when


@given(valid_texts(st.dates(date(1000, 1, 1))), st.sampled_from(["en", "ru", "ar"]))
def test_any_valid_date_can_be_said(text: str, locale: str) -> None:
    when = IncidentDate.from_edtf(text)
    for part in (None, *PARTS_OF_DAY):
        words = replace(when, part_of_day=part).in_words(locale)
        assert words.strip() == words != ""
        assert "{" not in words


@given(st.text(alphabet="0123456789-/.[]X~? \0²", max_size=30))
def test_any_other_text_is_read_exactly_or_refused(text: str) -> None:
    try:
        when = IncidentDate.from_edtf(text)
    except DateProblem:
        return
    assert when.edtf == text


@given(valid_texts(), st.none() | NEAR, st.none() | NEAR)
def test_possibly_and_certainly_agree_with_counting_the_days(text: str, one: date | None, other: date | None) -> None:
    start, end = sorted([one, other]) if one and other else (one, other)
    when = IncidentDate.from_edtf(text)
    dated = when.precision != "unknown"
    # An open side is played by days that lie beyond everything that the strategies draw.
    horizon = (date(2017, 1, 1), date(2023, 12, 31))
    first, last = when.earliest or horizon[0], when.latest or horizon[1]
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    lower = start or (date.min if when.earliest else horizon[0])
    upper = end or (date.max if when.latest else horizon[1])
    inside = [lower <= day <= upper for day in days]
    if dated:
        assert when.possibly_in(start, end) is any(inside)
        assert when.certainly_in(start, end) is all(inside)
    else:
        assert when.possibly_in(start, end) is (start is None and end is None)
        assert when.certainly_in(start, end) is False


@given(valid_texts(), NEAR, NEAR)
def test_what_certainly_happened_in_a_period_possibly_did(text: str, one: date, other: date) -> None:
    start, end = sorted([one, other])
    when = IncidentDate.from_edtf(text)
    assert when.possibly_in(start, end) or not when.certainly_in(start, end)


def test_an_incident_known_by_its_year_is_never_put_into_january() -> None:
    when = IncidentDate.from_edtf("2020")
    assert when.possibly_in(date(2020, 1, 1), date(2020, 1, 31))
    assert not when.certainly_in(date(2020, 1, 1), date(2020, 1, 31))
    assert when.certainly_in(FIRST, LAST)


def test_days_that_it_lasted_and_days_of_which_it_was_one_are_certain_alike() -> None:
    for text in ("2020-10-05/2020-10-06", NIGHT_OF_THE_VOTE):
        when = IncidentDate.from_edtf(text)
        assert when.certainly_in(date(2020, 10, 5), date(2020, 10, 6))
        assert not when.certainly_in(date(2020, 10, 6), None)
        assert when.possibly_in(date(2020, 10, 6), None)


def test_a_date_that_is_not_known_lies_in_no_period() -> None:
    undated = IncidentDate.from_edtf("XXXX-XX-XX")
    assert undated.possibly_in(None, None)
    assert not undated.possibly_in(FIRST, None)
    assert not undated.possibly_in(None, LAST)
    assert not undated.possibly_in(date.min, date.max)
    assert not undated.certainly_in(None, None)


def test_what_goes_on_lies_in_every_later_period_but_is_contained_in_none_that_ends() -> None:
    ongoing = IncidentDate.from_edtf("2020-10-05/..")
    assert ongoing.possibly_in(date(2026, 1, 1), date(2026, 12, 31))
    assert not ongoing.certainly_in(date(2020, 1, 1), date.max)
    assert ongoing.certainly_in(date(2020, 1, 1), None)


def test_a_period_that_ends_before_it_begins_is_refused() -> None:
    when = IncidentDate.from_edtf("2020")
    with pytest.raises(ValueError, match="ends before it begins"):
        when.possibly_in(LAST, FIRST)
    with pytest.raises(ValueError, match="ends before it begins"):
        when.certainly_in(LAST, FIRST)


# In words.


@pytest.mark.parametrize(
    ("text", "part_of_day", "words"),
    [
        ("2020-10-05", None, "5 October 2020"),
        ("2020-10-05", "night", "night of 5 October 2020"),
        ("2020-10-05", "morning", "morning of 5 October 2020"),
        ("2020-10-05", "afternoon", "afternoon of 5 October 2020"),
        ("2020-10-05", "evening", "evening of 5 October 2020"),
        ("2020-10-05/2020-10-06", "night", "night of 5–6 October 2020"),
        ("[2020-10-05..2020-10-06]", "night", "night of 5–6 October 2020"),
        ("2020-09-30/2020-10-01", "night", "night of 30 September – 1 October 2020"),
        ("2020-12-31/2021-01-01", "night", "night of 31 December 2020 – 1 January 2021"),
        ("[2020-10-05..2020-10-06]", None, "5 or 6 October 2020"),
        ("[2020-10-05..2020-10-06]", "morning", "5 or 6 October 2020 (in the morning)"),
        ("[2020-09-30..2020-10-01]", None, "30 September or 1 October 2020"),
        ("[2020-10-05..2020-10-09]", None, "one day between 5 and 9 October 2020"),
        ("[2019-12-30..2020-01-02]", None, "one day between 30 December 2019 and 2 January 2020"),
        ("[2020-10-05..2020-10-09]", "night", "one day between 5 and 9 October 2020 (at night)"),
        ("2020-10-05/2020-10-09", None, "5 to 9 October 2020"),
        ("2020-10-05/2020-10-09", "evening", "5 to 9 October 2020 (in the evening)"),
        ("2020-10", None, "October 2020"),
        ("2020-10", "afternoon", "October 2020 (in the afternoon)"),
        ("2020-10/2020-12", None, "October to December 2020"),
        ("2019-10/2020-12", None, "October 2019 to December 2020"),
        ("2019/2021", None, "2019 to 2021"),
        ("2020-33", None, "first quarter of 2020"),
        ("2020-34", None, "second quarter of 2020"),
        ("2020-35", None, "third quarter of 2020"),
        ("2020-36", None, "fourth quarter of 2020"),
        ("2020", None, "2020"),
        ("[..2020-10-06]", None, "on or before 6 October 2020"),
        ("[2020-10-05..]", None, "on or after 5 October 2020"),
        ("2020-10-05/..", None, "since 5 October 2020 (ongoing)"),
        ("2020-10/..", None, "since October 2020 (ongoing)"),
        ("XXXX-XX-XX", None, "not known"),
    ],
)
def test_a_date_is_said_as_a_reader_would_say_it(text: str, part_of_day: str | None, words: str) -> None:
    assert IncidentDate.from_edtf(text, part_of_day=part_of_day).in_words() == words


@pytest.mark.parametrize(
    ("locale", "words"),
    [
        ("ru", "5 or 6 октября 2020\u202fг."),
        ("uk", "5 or 6 жовтня 2020\u202fр."),
        ("de", "5. or 6. Oktober 2020"),
        ("es", "5 or 6 de octubre de 2020"),
        ("fr-FR", "5 or 6 octobre 2020"),
        ("en_US", "October 5, 2020 or October 6, 2020"),
        ("ja", "2020年10月5日 or 2020年10月6日"),
    ],
)
def test_names_and_order_of_day_and_month_are_those_of_the_language(locale: str, words: str) -> None:
    assert IncidentDate.from_edtf(NIGHT_OF_THE_VOTE).in_words(locale) == words


def test_phrases_go_through_the_translation_with_their_places_to_fill() -> None:
    catalogue = {"night of {first}–{last}": "в ночь с {first} на {last}", "{first} or {last}": "{first} или {last}"}
    when = IncidentDate.from_edtf(NIGHT_OF_THE_VOTE)
    assert when.in_words("ru", catalogue.__getitem__) == "5 или 6 октября 2020\u202fг."
    night = replace(when, part_of_day="night")
    assert night.in_words("ru", catalogue.__getitem__) == "в ночь с 5 на 6 октября 2020\u202fг."


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        (None, None, "at any time"),
        (date(2020, 10, 5), None, "from 5 October 2020"),
        (None, date(2020, 10, 6), "until 6 October 2020"),
        (date(2020, 10, 5), date(2020, 10, 5), "5 October 2020"),
        (date(2020, 10, 5), date(2020, 10, 9), "5 to 9 October 2020"),
        (date(2020, 9, 30), date(2020, 10, 9), "30 September to 9 October 2020"),
        (date(2020, 10, 1), date(2020, 10, 31), "October 2020"),
        (date(2020, 7, 1), date(2020, 9, 30), "third quarter of 2020"),
        (FIRST, LAST, "2020"),
        (FIRST, date(2021, 12, 31), "1 January 2020 to 31 December 2021"),
    ],
)
def test_the_bounds_of_a_filter_are_said_in_words(start: date | None, end: date | None, words: str) -> None:
    assert period_words(start, end) == words


def test_one_day_is_said_in_the_language_of_the_reader() -> None:
    assert date_words(date(2020, 10, 5)) == "5 October 2020"
    assert date_words(date(2020, 10, 5), "ky") == "2020-ж., 5-октябрь"
