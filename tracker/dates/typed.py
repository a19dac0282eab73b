"""Dates as people type them, in English and Russian, read into EDTF; what can be meant in two ways is asked back.

`read_typed` takes a day, a month, a quarter or a year, several days ("5–6 Oct 2020"), one of several days ("between 4
and 6 October 2020"), days around one, what has begun and goes on ("since 5 October 2020"), and EDTF itself.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from tracker.dates import edtf
from tracker.dates.edtf import DateProblem
from tracker.dates.incident_date import IncidentDate
from tracker.dates.typed_parts import DAY, Part, parts_of, period_in, plain
from tracker.phrases import phrase

ADVICE = phrase(
    "Write a day (5 October 2020), a month (October 2020), a year, several days (5–6 October 2020), one of several "
    "days (between 4 and 6 October 2020), days around one (around 5 October 2020), or a beginning "
    "(since 5 October 2020)."
)
TWO_WAYS = phrase("This can be read in more than one way. Write the name of the month.")
# How many days before and after are meant by "around" a day and "around" a month.
AROUND_A_DAY = timedelta(days=3)
AROUND_A_MONTH = timedelta(days=15)
LONGEST_TYPED = 120
NOT_KNOWN = frozenset({"unknown", "not known", "date unknown", "неизвестно", "дата неизвестна"})


@dataclass(frozen=True, slots=True)
class TypedDate:
    """What was meant: the date as EDTF, the part of the day if one was typed.

    `certain` is false where something was not typed but taken from the calendar: the year, or what day today is. Then
    the reading has to be shown to whoever typed it before it is relied on.
    """

    edtf: str
    part_of_day: str | None = None
    certain: bool = True


class TwoWays(DateProblem):
    """What was typed can mean several dates; `readings` holds each of them as EDTF."""

    def __init__(self, value: str, readings: list[str]) -> None:
        super().__init__(value, TWO_WAYS)
        self.readings = readings


class _Unread(Exception):
    """Nothing here can be read; the caller says so with the whole text."""


def read_typed(typed: str, *, today: date) -> TypedDate:
    """Read what somebody typed; raises `TwoWays` where it is ambiguous, `DateProblem` where it cannot be read."""
    asked = typed.strip()
    if not asked or len(asked) > LONGEST_TYPED:
        raise DateProblem(typed, ADVICE)
    try:
        return TypedDate(IncidentDate.from_edtf(asked.upper()).edtf)
    except DateProblem as problem:
        # What looks like EDTF and is wrong in it gets the advice for EDTF.
        if re.fullmatch(r"\[.*|[0-9]{4}-[0-9]{2}(-[0-9]+)?(/.*)?|XXXX.*", asked.upper()):
            raise DateProblem(typed, problem.allowed) from None
    words, part_of_day = parts_of(plain(asked))
    try:
        span = _Reader(today, part_of_day).read(words)
    except _Unread:
        raise DateProblem(typed, ADVICE) from None
    except _Ambiguous as found:
        raise TwoWays(typed, found.readings) from None
    except (ValueError, OverflowError):
        raise DateProblem(typed, phrase("There is no such day in the calendar.")) from None
    return TypedDate(_checked(typed, span.edtf), part_of_day, span.certain)


def _checked(typed: str, text: str) -> str:
    try:
        return IncidentDate.from_edtf(text).edtf
    except DateProblem as problem:
        raise DateProblem(typed, problem.allowed) from None


class _Ambiguous(Exception):
    def __init__(self, readings: list[str]) -> None:
        self.readings = readings


@dataclass(frozen=True, slots=True)
class _Read:
    edtf: str
    certain: bool = True


class _Reader:
    """Reads one date; `today` completes what was left out, `part_of_day` tells a night from two days."""

    def __init__(self, today: date, part_of_day: str | None) -> None:
        self._today = today
        self._night = part_of_day == "night"
        self._certain = True

    def read(self, words: str) -> _Read:
        """The date that these words stand for, tried form by form."""
        if words in NOT_KNOWN:
            return _Read(edtf.UNKNOWN_DATE)
        for pattern, form in _FORMS:
            if found := pattern.fullmatch(words):
                try:
                    return _Read(form(self, found), self._certain)
                except _Unread:
                    continue
        raise _Unread

    def whole(self, found: re.Match[str]) -> str:
        """A single day, month, quarter or year; "last night" is two days."""
        if found[0] in _LAST_NIGHT:
            self._certain = False
            return _window(self._today - timedelta(days=1), self._today)
        return self._part(found[0]).edtf

    def since(self, found: re.Match[str]) -> str:
        return f"{self._part(found['a']).edtf}/.."

    def not_before(self, found: re.Match[str]) -> str:
        return f"[{self._part(found['a']).first}..]"

    def not_after(self, found: re.Match[str]) -> str:
        return f"[..{self._part(found['a']).last}]"

    def before(self, found: re.Match[str]) -> str:
        return f"[..{self._part(found['a']).first - timedelta(days=1)}]"

    def after(self, found: re.Match[str]) -> str:
        return f"[{self._part(found['a']).last + timedelta(days=1)}..]"

    def around(self, found: re.Match[str]) -> str:
        part = self._part(found["a"])
        if days := found.groupdict().get("n"):
            more = timedelta(days=int(days))
        elif part.precision == DAY:
            more = AROUND_A_DAY
        elif part.precision == "month":
            more = AROUND_A_MONTH
        else:
            raise _Unread
        return _window(part.first - more, part.last + more)

    def third(self, found: re.Match[str]) -> str:
        """The beginning, middle or end of a month: ten days each, the last as many as there are."""
        part = self._part(found["a"])
        if part.precision != "month":
            raise _Unread
        start = {"early": 1, "mid": 11, "late": 21}[_THIRDS[found["third"]]]
        first = part.first.replace(day=start)
        return _window(first, part.last if start == 21 else first + timedelta(days=9))

    def one_of(self, found: re.Match[str]) -> str:
        """One day between two, or one of two."""
        start, end = self._pair(found["a"], found["b"])
        return _window(start.first, end.last)

    def several(self, found: re.Match[str]) -> str:
        """From one day, month or year to another; two neighbouring days at night are the one night between them."""
        start, end = self._pair(found["a"], found["b"])
        if start.precision != end.precision:
            raise _Unread
        if self._night and start.precision == DAY and end.first - start.first == timedelta(days=1):
            return _window(start.first, end.last)
        if start == end:
            return start.edtf
        return f"{start.edtf}/{end.edtf}"

    def night_before(self, found: re.Match[str]) -> str:
        """«Ночь на 6 октября» is the night that ends on that day."""
        part = self._part(found["a"])
        if part.precision != DAY:
            raise _Unread
        return _window(part.first - timedelta(days=1), part.first)

    def _part(self, words: str) -> Part:
        return self._completed(self._found(words))

    def _pair(self, first: str, second: str) -> tuple[Part, Part]:
        """Two ends, of which each may leave the month or year to the other."""
        try:
            start, end = self._found(first), self._found(second)
        except _Ambiguous:
            # Readings of one end alone would not be readings of the whole.
            raise _Ambiguous([]) from None
        return self._completed(start.filled_from(end)), self._completed(end.filled_from(start))

    def _found(self, words: str) -> Part:
        found = period_in(words, self._today)
        if not found:
            raise _Unread
        if len(found) > 1:
            raise _Ambiguous([self._completed(each).edtf for each in found])
        self._certain = self._certain and not found[0].relative
        return found[0]

    def _completed(self, part: Part) -> Part:
        """The part with its year: where none was typed, the last one in which it was not still to come."""
        if part.year is not None:
            return part.checked()
        if part.month is None:
            raise _Unread
        self._certain = False
        this_year = part.in_year(self._today.year)
        later = this_year if this_year.first <= self._today else part.in_year(self._today.year - 1)
        return later.checked()


def _window(first: date, last: date) -> str:
    return first.isoformat() if first == last else f"[{first}..{last}]"


_THIRDS = {
    "early": "early", "beginning of": "early", "начало": "early", "в начале": "early", "mid": "mid", "middle of": "mid",
    "середина": "mid", "в середине": "mid", "late": "late", "end of": "late", "конец": "late", "в конце": "late",
}  # fmt: skip
_LAST_NIGHT = frozenset({"last night", "tonight", "прошлой ночью"})
_A, _B = r"(?P<a>.+?)", r"(?P<b>.+)"
_PATTERNS: tuple[tuple[str, Callable[[_Reader, re.Match[str]], str]], ...] = (
    (r"(?:between|one day between) (?P<a>.+?) and (?P<b>.+)", _Reader.one_of),
    (r"между (?P<a>.+?) и (?P<b>.+)", _Reader.one_of),
    (rf"(?:either )?{_A} (?:or|или) {_B}", _Reader.one_of),
    (r"(?:around|about|circa|c|ca|approximately|approx|~|около|примерно|приблизительно) ?(?P<a>.+?)"
     r"(?: ?(?:±|\+/-|\+-) ?(?P<n>[0-9]{1,3})(?: days?| дн[а-я]*| день)?)?", _Reader.around),
    (r"(?P<a>.+?) ?(?:±|\+/-|\+-) ?(?P<n>[0-9]{1,3})(?: days?| дн[а-я]*| день)?", _Reader.around),
    (r"(?:on or after|not before|no earlier than|not earlier than|не раньше|не ранее) (?P<a>.+)", _Reader.not_before),
    (r"(?:on or before|not after|no later than|not later than|by|until|till|не позднее|не позже) (?P<a>.+)",
     _Reader.not_after),
    (r"(?:before|раньше|ранее) (?P<a>.+)", _Reader.before),
    (r"(?:after|после) (?P<a>.+)", _Reader.after),
    (r"(?:since|начиная с) (?P<a>.+?)(?: ?\(?(?:ongoing|goes on)\)?)?", _Reader.since),
    (r"(?:from|с) (?P<a>.+?) (?:on|onwards?|ongoing|and goes on|и далее|по настоящее время)", _Reader.since),
    (r"(?P<a>.+?) ?(?:-|\() ?(?:ongoing|present|now|today|настоящее время|сейчас)\)?", _Reader.since),
    (rf"(?P<third>{'|'.join(_THIRDS)})[ -](?P<a>.+)", _Reader.third),
    (r"ночь на (?P<a>.+)", _Reader.night_before),
    (r".+", _Reader.whole),
    (rf"(?:from |с )?{_A} (?:to|until|till|through|and|по|до|и) {_B}", _Reader.several),
    (rf"{_A} ?- ?{_B}", _Reader.several),
    (r"(?P<a>[0-9]{1,2})/(?P<b>[0-9]{1,2} .*[^0-9/].*)", _Reader.several),
    (r"с (?P<a>.+)", _Reader.since),
)  # fmt: skip
_FORMS = tuple((re.compile(pattern), form) for pattern, form in _PATTERNS)
