"""Reading and printing dates in the part of EDTF (ISO 8601-2) that the tracker uses."""

import re
from calendar import monthrange
from datetime import date
from typing import NamedTuple

UNKNOWN_DATE = "XXXX-XX-XX"

ALLOWED = (
    "Write a day (2020-10-05), a month (2020-10), a quarter (2020-33 to 2020-36 for the first to fourth), "
    "a year (2020), days through which it lasted (2020-10-05/2020-10-06, or 2020-10-05/.. if it goes on), "
    "days of which it was one ([2020-10-05..2020-10-06], [..2020-10-06] for on or before, [2020-10-05..] "
    f"for on or after), or {UNKNOWN_DATE} for a date that is not known."
)

_LONGEST_ECHO = 60
_LONGEST_TEXT = len("[2020-10-05..2020-10-06]")
# Only the ten ASCII digits count: \d would let in the digits of other scripts, which int() then accepts too.
_PERIOD = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")
_WINDOW = re.compile(r"\[([^\[\].]*)\.\.([^\[\].]*)\]")
_FIRST_QUARTER = 33
_WIDTH = {"day": 10, "range": 10, "month": 7, "year": 4}


class DateProblem(ValueError):
    """A date that cannot be used: `value` is what was given, made safe to print, and `allowed` is advice."""

    def __init__(self, value: str, allowed: str) -> None:
        self.value = _printable(value)
        self.allowed = allowed
        super().__init__(f"“{self.value}” is not a date that can be used. {allowed}")


class Span(NamedTuple):
    """The days of a date and how to take them; the fields mean the same as in IncidentDate."""

    earliest: date | None
    latest: date | None
    extent: bool
    precision: str
    ongoing: bool = False


def read(text: str) -> Span:
    """Read an EDTF text; anything outside the forms of ALLOWED raises DateProblem with advice."""
    if len(text) > _LONGEST_TEXT:
        raise DateProblem(text, ALLOWED)
    if text == UNKNOWN_DATE:
        return Span(None, None, False, "unknown")
    if set(text) & set("~?%"):
        raise DateProblem(
            text,
            "Approximate and doubtful dates are written as an explicit window of days, such as "
            "[2020-10-01..2020-10-09].",
        )
    if window := _WINDOW.fullmatch(text):
        return _read_window(text, window[1], window[2])
    if "/" in text:
        return _read_extent(text)
    precision, first, last = _read_period(text, text)
    return Span(first, last, False, precision)


def write(span: Span) -> str:
    """Print a span as EDTF; `read` gives the same span back if it is a valid one."""
    if span.precision == "unknown":
        return UNKNOWN_DATE
    if span.precision in ("before", "after", "window"):
        return f"[{_iso(span.earliest)}..{_iso(span.latest)}]"
    if span.precision == "quarter" and span.earliest:
        return f"{_iso(span.earliest, 4)}-{_FIRST_QUARTER + (span.earliest.month - 1) // 3}"
    width = _WIDTH.get(span.precision, 0)
    first = _iso(span.earliest, width)
    if span.extent:
        return f"{first}/{'..' if span.ongoing else _iso(span.latest, width)}"
    return first


def quarter_of(day: date) -> tuple[date, date]:
    """The first and the last day of the quarter of the year that the day lies in."""
    first = day.month - (day.month - 1) % 3
    return date(day.year, first, 1), _month_end(day.year, first + 2)


def month_of(day: date) -> tuple[date, date]:
    """The first and the last day of the month that the day lies in."""
    return day.replace(day=1), _month_end(day.year, day.month)


def year_of(day: date) -> tuple[date, date]:
    """The first and the last day of the year that the day lies in."""
    return date(day.year, 1, 1), date(day.year, 12, 31)


def _read_window(text: str, start: str, end: str) -> Span:
    """Read the two ends of a window, of which one may be missing."""
    earliest = _read_day(text, start) if start else None
    latest = _read_day(text, end) if end else None
    if earliest is None and latest is None:
        raise DateProblem(text, f"Write {UNKNOWN_DATE} for a date that is not known.")
    if earliest is None:
        return Span(None, latest, False, "before")
    if latest is None:
        return Span(earliest, None, False, "after")
    _refuse_disorder(text, earliest, latest, start)
    return Span(earliest, latest, False, "window")


def _read_extent(text: str) -> Span:
    """Read the first and the last day, month or year of something that lasted."""
    start, _, end = text.partition("/")
    if start in ("", ".."):
        raise DateProblem(
            text,
            "Something that lasted needs the day on which it began; [..2020-10-06] means on or before a day.",
        )
    if not end:
        raise DateProblem(
            text, "Write 2020-10-05/.. for something that has not ended, or the last day after the slash."
        )
    precision, earliest, _ = _read_period(text, start)
    ends, end_first, latest = (precision, None, None) if end == ".." else _read_period(text, end)
    if ends != precision or precision == "quarter":
        raise DateProblem(text, "Both ends have to be days, or both months, or both years.")
    if end_first is not None:
        _refuse_disorder(text, earliest, end_first, start)
    return Span(earliest, latest, True, "range" if precision == "day" else precision, ongoing=latest is None)


def _read_day(text: str, part: str) -> date:
    precision, day, _ = _read_period(text, part)
    if precision != "day":
        raise DateProblem(text, "Both ends of a window have to be days, such as [2020-10-05..2020-10-06].")
    return day


def _read_period(text: str, part: str) -> tuple[str, date, date]:
    """Read a day, month, quarter or year into its precision, first day and last day."""
    found = _PERIOD.fullmatch(part)
    if not found:
        raise DateProblem(text, ALLOWED)
    year, month, day = (int(number) if number else None for number in found.groups())
    if not year:
        raise DateProblem(text, "The year has to lie between 0001 and 9999.")
    if month is None:
        return "year", *year_of(date(year, 1, 1))
    if _FIRST_QUARTER <= month < _FIRST_QUARTER + 4 and day is None:
        return "quarter", *quarter_of(date(year, 3 * (month - _FIRST_QUARTER) + 1, 1))
    if not 1 <= month <= 12:
        raise DateProblem(
            text,
            "The month has to lie between 01 and 12; quarters are 33 to 36, and other parts of a year, such "
            "as seasons, are written as a window of days.",
        )
    if day is None:
        return "month", *month_of(date(year, month, 1))
    if not 1 <= day <= monthrange(year, month)[1]:
        raise DateProblem(text, f"{part[:7]} has the days 01 to {monthrange(year, month)[1]}.")
    return "day", date(year, month, day), date(year, month, day)


def _refuse_disorder(text: str, first: date, last: date, start: str) -> None:
    if first == last:
        raise DateProblem(text, f"Both ends are the same; write {start} once.")
    if first > last:
        raise DateProblem(text, "The first end has to lie before the second.")


def _month_end(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])


def _iso(day: date | None, width: int = 10) -> str:
    return day.isoformat()[:width] if day else ""


def _printable(value: str) -> str:
    """What was given, shortened and without characters that would disturb a page, a log or a terminal."""
    shown = value if len(value) <= _LONGEST_ECHO else value[: _LONGEST_ECHO - 1] + "…"
    return "".join(character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in shown)
