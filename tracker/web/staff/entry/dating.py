"""Dates that were typed, said back: in words, as EDTF, and with every reading where there is more than one."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from tracker.dates import DateProblem, IncidentDate
from tracker.dates.typed import TwoWays, TypedDate, read_typed
from tracker.db import utc_now
from tracker.web.translation import gettext, page_locale, said


@dataclass(frozen=True, slots=True)
class Told:
    """How a typed date was understood: `edtf` and `words`, or a `problem` and the `readings` to choose from."""

    edtf: str | None = None
    words: str = ""
    part_of_day: str | None = None
    problem: str | None = None
    readings: tuple[tuple[str, str], ...] = ()

    def as_json(self) -> dict[str, Any]:
        """For the page that asks while somebody types."""
        return {
            "edtf": self.edtf,
            "words": self.words,
            "problem": self.problem,
            "readings": [{"edtf": edtf, "words": words} for edtf, words in self.readings],
        }


def today() -> date:
    """The day that "yesterday" is counted from."""
    return utc_now().date()


def told(typed: str, today: date, *, part_of_day: str | None = None, shown: str | None = None) -> Told:
    """How a date is understood. `shown` is the reading that whoever typed it was shown before.

    A date of which the year or more was taken from the calendar stands only once it has been shown.
    """
    try:
        found = read_typed(typed, today=today)
    except TwoWays as problem:
        return Told(
            problem=gettext("This can be read in more than one way. Which day is meant?")
            if problem.readings
            else said(problem.allowed),
            readings=tuple((edtf, words(edtf)) for edtf in problem.readings),
        )
    except DateProblem as problem:
        return Told(problem=said(problem.allowed))
    part = part_of_day or found.part_of_day
    in_words = words(found.edtf, part)
    if found.certain or shown == found.edtf:
        return Told(found.edtf, in_words, part)
    asked = gettext("Is %(date)s meant? If it is, hand it in as it stands; otherwise add the year.", date=in_words)
    return Told(found.edtf, in_words, part, problem=asked)


def words(edtf: str, part_of_day: str | None = None) -> str:
    """An EDTF date as the reader of this page says it."""
    try:
        meant = IncidentDate.from_edtf(edtf, part_of_day=part_of_day)
    except DateProblem:
        meant = IncidentDate.from_edtf(edtf)
    return meant.in_words(str(page_locale()), gettext)


def as_typed(edtf: str) -> str:
    """A recorded date as the reader of this page would have typed it, or EDTF where words would not give it back."""
    try:
        in_words = words(edtf)
        return in_words if read_typed(in_words, today=date.max) == TypedDate(edtf) else edtf
    except (DateProblem, ValueError):
        return edtf
