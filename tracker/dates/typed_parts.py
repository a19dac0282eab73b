"""The pieces of typed dates: days, months, quarters and years, with months named in English, Russian or Kyrgyz."""

import re
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache

from babel import Locale

from tracker.dates.edtf import month_of, quarter_of, year_of

DAY = "day"
SPOKEN = ("en", "ru", "ky")
MORE_MONTHS = {"sept": 9, "ноябрь": 11}

_PARTS_OF_DAY = {
    "night": "night", "morning": "morning", "afternoon": "afternoon", "evening": "evening",
    "ночь": "night", "ночью": "night", "утро": "morning", "утром": "morning", "днем": "afternoon",
    "после обеда": "afternoon", "вечер": "evening", "вечером": "evening",
}  # fmt: skip
_PART = "|".join(_PARTS_OF_DAY)
_PART_FIRST = re.compile(rf"(?:on |in |at |during )?(?:the )?(?:в )?({_PART})(?:,)?(?: of| on| from| с)? (?!на )(.+)")
_PART_LAST = re.compile(rf"(.+?),? \(?(?:in the |at |during the |on the |в )?({_PART})\)?")
_NIGHT_TO = re.compile(r"(?:в )?ночь (с .+ на .+)")
_LAST_NIGHT = frozenset({"last night", "прошлой ночью"})

_RELATIVE = {
    "today": 0, "yesterday": 1, "the day before yesterday": 2, "day before yesterday": 2,
    "сегодня": 0, "вчера": 1, "позавчера": 2,
}  # fmt: skip
_QUARTERS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "q1": 1, "q2": 2, "q3": 3, "q4": 4}
_QUARTER = re.compile(r"(?:the )?(first|second|third|fourth)(?: quarter)(?: of)? ([0-9]{4})|(q[1-4]) ([0-9]{4})")
_NUMBERS = re.compile(r"([0-9]{1,2})([./-])([0-9]{1,2})(?:\2([0-9]{4}))?")
_YEAR_FIRST = re.compile(r"([0-9]{4})[./]([0-9]{1,2})[./]([0-9]{1,2})")
_DAY_MONTH = re.compile(r"(?:([0-9]{1,2})(?:st|nd|rd|th|-?го|-?е|-?ое)? )?(?:of )?([^\W\d]+)\.?(?: ([0-9]{4}))?")
_MONTH_DAY = re.compile(r"([^\W\d]+)\.? ([0-9]{1,2})(?:st|nd|rd|th)?(?: ([0-9]{4}))?")
_BARE_DAY = re.compile(r"([0-9]{1,2})(?:st|nd|rd|th|-?го|-?е|-?ое)?")


@dataclass(frozen=True, slots=True)
class Part:
    """A day, month, quarter or year; what was not typed of it is None. `relative` was counted from today."""

    year: int | None = None
    month: int | None = None
    day: int | None = None
    quarter: int | None = None
    relative: bool = False

    @property
    def precision(self) -> str:
        """`day`, `month`, `quarter` or `year`."""
        if self.quarter:
            return "quarter"
        return DAY if self.day else "month" if self.month else "year"

    @property
    def first(self) -> date:
        """The first day; ValueError where the calendar has none."""
        year = self.year or 0
        if self.quarter:
            return date(year, 3 * self.quarter - 2, 1)
        return date(year, self.month or 1, self.day or 1)

    @property
    def last(self) -> date:
        """The last day."""
        whole = {"month": month_of, "quarter": quarter_of, "year": year_of}.get(self.precision)
        return whole(self.first)[1] if whole else self.first

    @property
    def edtf(self) -> str:
        """The part as EDTF."""
        if self.quarter:
            return f"{self.year:04}-{32 + self.quarter}"
        return self.first.isoformat()[: {DAY: 10, "month": 7}.get(self.precision, 4)]

    def checked(self) -> "Part":
        """The part itself; ValueError where the calendar has none."""
        _ = self.first
        return self

    def in_year(self, year: int) -> "Part":
        """The same in a year."""
        return replace(self, year=year)

    def filled_from(self, other: "Part") -> "Part":
        """The part with the month and year that it leaves to the other end of a span."""
        filled = self
        if filled.month is None and filled.day is not None:
            filled = replace(filled, month=other.month)
        if filled.year is None:
            filled = replace(filled, year=other.year)
        return filled


def plain(typed: str) -> str:
    """What was typed in lower case, with one kind of dash and single blanks, without weekdays and empty words."""
    text = typed.casefold().replace("ё", "е")
    text = re.sub("[‐‑‒–—―−]", "-", text)
    # A comma only parts the day from the year.
    text = re.sub(r"\s+|,\s*", " ", text).strip(" .")
    text = re.sub(r"(?<=[0-9]) ?(?:г|гг|год|года|году|годы)\b\.?", "", text)
    return re.sub(rf"\b(?:{_weekdays()})\.? (?=\w)", "", text).strip()


def parts_of(words: str) -> tuple[str, str | None]:
    """The words without the part of the day, and its code if there is one."""
    if words in _LAST_NIGHT:
        return words, "night"
    if found := re.fullmatch(r"(?:в )?(ночь на .+)", words):
        return found[1], "night"
    if found := _NIGHT_TO.fullmatch(words):
        return found[1].replace(" на ", " по "), "night"
    if found := _PART_FIRST.fullmatch(words):
        return found[2], _PARTS_OF_DAY[found[1]]
    if found := _PART_LAST.fullmatch(words):
        return found[1], _PARTS_OF_DAY[found[2]]
    return words, None


def period_in(words: str, today: date) -> list[Part]:
    """Every reading of a single day, month, quarter or year; none where these words are nothing of the kind."""
    words = re.sub(r"^(?:on|in|the|в|during) ", "", words.strip(" ."))
    if words in _RELATIVE:
        day = today - timedelta(days=_RELATIVE[words])
        return [Part(day.year, day.month, day.day, relative=True)]
    if re.fullmatch(r"[0-9]{4}", words):
        return [Part(int(words))]
    if re.fullmatch(r"[0-9]{4}-[0-9]{2}(-[0-9]{2})?", words):
        year, month, *rest = (int(number) for number in words.split("-"))
        return [Part(year, month, rest[0] if rest else None)]
    if found := _QUARTER.fullmatch(words):
        return [Part(int(found[2] or found[4]), quarter=_QUARTERS[found[1] or found[3]])]
    if found := _YEAR_FIRST.fullmatch(words):
        return [Part(int(found[1]), int(found[2]), int(found[3]))]
    return _in_numbers(words) or _with_month(words)


def _in_numbers(words: str) -> list[Part]:
    """5.10.2020 has the day first; with slashes or hyphens both orders are in use."""
    found = _NUMBERS.fullmatch(words)
    if not found:
        return []
    first, second = int(found[1]), int(found[3])
    year = int(found[4]) if found[4] else None
    if year is None and found[2] == "-":
        return []
    orders = [(first, second)] if found[2] == "." else dict.fromkeys([(first, second), (second, first)])
    possible = [Part(year, month, day) for day, month in orders if month <= 12 and day <= 31]
    return possible or [Part(year, 13, 1)]


def _with_month(words: str) -> list[Part]:
    if found := _DAY_MONTH.fullmatch(words):
        day, name, year = found.groups()
    elif found := _MONTH_DAY.fullmatch(words):
        name, day, year = found.groups()
    elif found := _BARE_DAY.fullmatch(words):
        return [Part(day=int(found[1]))]
    else:
        return []
    month = _months().get(name)
    return [Part(int(year) if year else None, month, int(day) if day else None)] if month else []


@cache
def _months() -> dict[str, int]:
    """The number of each month by its names, long and short, as they stand alone and in a date."""
    found = dict(MORE_MONTHS)
    for language in SPOKEN:
        months = Locale(language).months
        for context in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                found |= {name.casefold().strip("."): number for number, name in months[context][width].items()}
    return found


@cache
def _weekdays() -> str:
    """The names of the weekdays, longest first."""
    found: set[str] = set()
    for language in SPOKEN[:2]:
        days = Locale(language).days
        for width in ("wide", "abbreviated"):
            found |= {name.casefold().strip(".") for name in days["format"][width].values()}
    return "|".join(sorted(found, key=lambda name: (-len(name), name)))
