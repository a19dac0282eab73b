"""Dates as people type them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.dates import DateProblem, IncidentDate
from tracker.dates.typed import TwoWays, TypedDate, read_typed

TODAY = date(2026, 11, 22)
NIGHT = "[2020-10-05..2020-10-06]"

MEANT = {
    "5 October 2020": "2020-10-05",
    "October 5, 2020": "2020-10-05",
    "Mon, 5th of Oct. 2020": "2020-10-05",
    "5.10.2020": "2020-10-05",
    "05.10.2020 г.": "2020-10-05",
    "13/10/2020": "2020-10-13",
    "10/13/2020": "2020-10-13",
    "5/5/2020": "2020-05-05",
    "2020/10/05": "2020-10-05",
    "2020-10-05": "2020-10-05",
    "Oct 2020": "2020-10",
    "2020": "2020",
    "Q4 2020": "2020-36",
    "5–6 Oct 2020": "2020-10-05/2020-10-06",
    "5 to 7 October 2020": "2020-10-05/2020-10-07",
    "from 31 December 2019 until 1 January 2020": "2019-12-31/2020-01-01",
    "Oct–Dec 2020": "2020-10/2020-12",
    "2019-2021": "2019/2021",
    "between 4 and 6 October 2020": "[2020-10-04..2020-10-06]",
    "5 or 6 October 2020": NIGHT,
    "around 5 Oct 2020": "[2020-10-02..2020-10-08]",
    "5 October 2020 ± 1 day": "[2020-10-04..2020-10-06]",
    "around Oct 2020": "[2020-09-16..2020-11-15]",
    "early October 2020": "[2020-10-01..2020-10-10]",
    "late Feb 2020": "[2020-02-21..2020-02-29]",
    "since 5 October 2020": "2020-10-05/..",
    "from Oct 2020 on": "2020-10/..",
    "on or before 6 October 2020": "[..2020-10-06]",
    "before 6 October 2020": "[..2020-10-05]",
    "after 6 October 2020": "[2020-10-07..]",
    "not before 6 October 2020": "[2020-10-06..]",
    "unknown": "XXXX-XX-XX",
    "5 октября 2020": "2020-10-05",
    "5 окт. 2020 года": "2020-10-05",
    "октябрь 2020 г.": "2020-10",
    "с 5 по 7 октября 2020": "2020-10-05/2020-10-07",
    "с 5 октября 2020": "2020-10-05/..",
    "между 4 и 6 октября 2020 года": "[2020-10-04..2020-10-06]",
    "около 5 октября 2020": "[2020-10-02..2020-10-08]",
    "5 или 6 октября 2020": NIGHT,
}


@pytest.mark.parametrize(("typed", "edtf"), MEANT.items(), ids=list(MEANT))
def test_what_is_typed_is_read_as_it_is_meant(typed: str, edtf: str) -> None:
    assert read_typed(typed, today=TODAY) == TypedDate(edtf)


@pytest.mark.parametrize(
    ("typed", "edtf", "part"),
    [
        ("night of 5-6 October 2020", NIGHT, "night"),
        ("night of 5 October 2020", "2020-10-05", "night"),
        ("ночь с 5 на 6 октября 2020", NIGHT, "night"),
        ("в ночь на 6 октября 2020 года", NIGHT, "night"),
        ("morning of 5 October 2020", "2020-10-05", "morning"),
        ("5 October 2020 in the evening", "2020-10-05", "evening"),
        ("вечером 5 октября 2020", "2020-10-05", "evening"),
    ],
)
def test_the_part_of_the_day_can_be_typed_too(typed: str, edtf: str, part: str) -> None:
    assert read_typed(typed, today=TODAY) == TypedDate(edtf, part)


@pytest.mark.parametrize(
    ("typed", "edtf"),
    [
        ("yesterday", "2026-11-21"),
        ("вчера", "2026-11-21"),
        ("last night", "[2026-11-21..2026-11-22]"),
        ("5 October", "2026-10-05"),
        ("5 December", "2025-12-05"),
        ("between 4 and 6 October", "[2026-10-04..2026-10-06]"),
    ],
)
def test_what_was_taken_from_the_calendar_is_not_certain(typed: str, edtf: str) -> None:
    found = read_typed(typed, today=TODAY)
    assert (found.edtf, found.certain) == (edtf, False)


@pytest.mark.parametrize("typed", ["05/10/2020", "5-10-2020", "10/5/2020"])
def test_a_date_in_numbers_that_can_be_read_in_two_ways_is_asked_back(typed: str) -> None:
    with pytest.raises(TwoWays) as asked:
        read_typed(typed, today=TODAY)
    assert set(asked.value.readings) == {"2020-10-05", "2020-05-10"}


@pytest.mark.parametrize(
    "typed",
    [
        "", " ", "gibberish", "5", "0000", "5.13.2020", "30.02.2020", "31 February 2020", "6-5 October 2020", "5.10.20",
        "2020-10-33", "around 2020", "9999-12-31 ± 5", "²/10/2020", "\x00", "\ud800", "5 October 2020 <b>",
        "x" * 10_000, "(" * 100, "2020~", "5 October 12020", "1 - - - 2",
    ],
    ids=lambda typed: ascii(typed)[:30],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_with_advice(typed: str) -> None:
    with pytest.raises(DateProblem) as refused:
        read_typed(typed, today=TODAY)
    assert refused.value.allowed


@given(st.text(max_size=40))
def test_no_text_at_all_does_any_harm(typed: str) -> None:
    try:
        found = read_typed(typed, today=TODAY)
    except DateProblem:
        return
    assert IncidentDate.from_edtf(found.edtf).edtf == found.edtf
