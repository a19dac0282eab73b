"""Dates in words, in the order and with the month names of a language."""

from datetime import date, timedelta
from functools import lru_cache

from babel import Locale
from babel.dates import format_date

from tracker.dates.edtf import Span, month_of, quarter_of, year_of
from tracker.phrases import Translate


def unchanged(phrase: str) -> str:
    """The translation into English."""
    return phrase


class Speaker:
    """Says days, months and phrases in one language.

    Month names and their order come from Babel. Every phrase is written out in a call of `translate`, so that
    the extraction of messages finds it by that word.
    """

    def __init__(self, locale: str, translate: Translate) -> None:
        self._locale = _parse(locale)
        self._translate = translate
        self._long = str(self._locale.date_formats["long"].pattern)

    def translate(self, phrase: str, **values: str) -> str:
        """The phrase in the reader's language, with the values in place of the names in braces."""
        return self._translate(phrase).format(**values)

    def day(self, day: date) -> str:
        """A whole date, such as "5 October 2020"."""
        return format_date(day, "long", self._locale)

    def month(self, day: date) -> str:
        """The month and year of a day, such as "October 2020"."""
        return self._skeleton("yMMMM", day) or format_date(day, "LLLL y", self._locale)

    def year(self, day: date) -> str:
        """The year of a day."""
        return self._skeleton("y", day) or str(day.year)

    def quarter(self, day: date) -> str:
        """The quarter that a day lies in, such as "third quarter of 2020"."""
        year = self.year(day)
        match (day.month - 1) // 3:
            case 0:
                return self.translate("first quarter of {year}", year=year)
            case 1:
                return self.translate("second quarter of {year}", year=year)
            case 2:
                return self.translate("third quarter of {year}", year=year)
            case _:
                return self.translate("fourth quarter of {year}", year=year)

    def period(self, precision: str, day: date) -> str:
        """The day, month, quarter or year that begins on a day."""
        say = {"month": self.month, "quarter": self.quarter, "year": self.year}.get(precision, self.day)
        return say(day)

    def beginning(self, precision: str, day: date) -> str:
        """The same as what follows "from" or "since": a month is then in the form that it has in a date."""
        if precision != "month":
            return self.period(precision, day)
        pattern = str(self._locale.datetime_skeletons.get("yMMMM", "MMMM y"))
        return format_date(day, pattern.replace("LLLL", "MMMM"), self._locale)

    def ends(self, precision: str, first: date, last: date) -> tuple[str, str]:
        """Both ends of a span, the first without the month or year that it shares with the second.

        Only languages that write the day before the month can leave the shared part to the second date.
        """
        whole = self.beginning(precision, first), self.period(precision, last)
        if first.year != last.year or precision == "year" or not self._long.startswith("d"):
            return whole
        if precision == "month":
            return format_date(first, "MMMM", self._locale), whole[1]
        if first.month == last.month:
            return f"{first.day}." if self._long.startswith("d.") else str(first.day), whole[1]
        return self._skeleton("MMMMd", first) or whole[0], whole[1]

    def one_night(self, first: date, last: date) -> str:
        """The night between two days; a dash stands free only between words: "night of 5–6 October 2020"."""
        start, end = self.ends("day", first, last)
        if start.rstrip(".").isdigit():
            return self.translate("night of {first}–{last}", first=start, last=end)
        return self.translate("night of {first} – {last}", first=start, last=end)

    def _skeleton(self, name: str, day: date) -> str | None:
        pattern = self._locale.datetime_skeletons.get(name)
        return str(pattern.apply(day, self._locale)) if pattern else None


def span_words(span: Span, part_of_day: str | None, say: Speaker) -> str:
    """A date and its part of the day in words.

    Two neighbouring days at night are one night, whether it lasted or happened at a moment of it.
    """
    first, last = span.earliest, span.latest
    several = span.precision in ("range", "window")
    if part_of_day == "night" and several and first and last and last - first == timedelta(days=1):
        return say.one_night(first, last)
    if span.precision == "day":
        return _part_of(_bare_words(span, say), part_of_day, say)
    return _with_part(_bare_words(span, say), part_of_day, say)


def date_words(day: date, locale: str = "en", translate: Translate = unchanged) -> str:
    """One day in words, such as "5 October 2020"."""
    return Speaker(locale, translate).day(day)


def period_words(start: date | None, end: date | None, locale: str = "en", translate: Translate = unchanged) -> str:
    """The bounds of a filter in words, both days included; a whole month, quarter or year has a name."""
    say = Speaker(locale, translate)
    if start is None or end is None:
        if start:
            return say.translate("from {date}", date=say.day(start))
        return say.translate("until {date}", date=say.day(end)) if end else say.translate("at any time")
    if start == end:
        return say.day(start)
    named = {month_of(start): "month", quarter_of(start): "quarter", year_of(start): "year"}
    if (start, end) in named:
        return say.period(named[start, end], start)
    first, last = say.ends("day", start, end)
    return say.translate("{first} to {last}", first=first, last=last)


def _bare_words(span: Span, say: Speaker) -> str:
    """A date in words without its part of the day."""
    if span.earliest is None:
        if span.latest is None:
            return say.translate("not known")
        return say.translate("on or before {date}", date=say.day(span.latest))
    if span.latest is None:
        start = say.beginning(span.precision, span.earliest)
        if span.ongoing:
            return say.translate("since {date} (ongoing)", date=start)
        return say.translate("on or after {date}", date=start)
    if not span.extent and span.precision != "window":
        return say.period(span.precision, span.earliest)
    first, last = say.ends(span.precision, span.earliest, span.latest)
    if span.extent:
        return say.translate("{first} to {last}", first=first, last=last)
    if span.latest - span.earliest == timedelta(days=1):
        return say.translate("{first} or {last}", first=first, last=last)
    return say.translate("one day between {first} and {last}", first=first, last=last)


def _part_of(day: str, part_of_day: str | None, say: Speaker) -> str:
    """The words for a part of one known day."""
    match part_of_day:
        case "night":
            return say.translate("night of {dates}", dates=day)
        case "morning":
            return say.translate("morning of {dates}", dates=day)
        case "afternoon":
            return say.translate("afternoon of {dates}", dates=day)
        case "evening":
            return say.translate("evening of {dates}", dates=day)
        case _:
            return day


def _with_part(dates: str, part_of_day: str | None, say: Speaker) -> str:
    """The words of a longer or uncertain date with the part of the day behind them."""
    match part_of_day:
        case "night":
            return say.translate("{dates} (at night)", dates=dates)
        case "morning":
            return say.translate("{dates} (in the morning)", dates=dates)
        case "afternoon":
            return say.translate("{dates} (in the afternoon)", dates=dates)
        case "evening":
            return say.translate("{dates} (in the evening)", dates=dates)
        case _:
            return dates


@lru_cache(maxsize=32)
def _parse(locale: str) -> Locale:
    """The locale of a language code; plain English is the international one, which puts the day first."""
    return Locale.parse("en_001" if locale == "en" else locale.replace("-", "_"))
