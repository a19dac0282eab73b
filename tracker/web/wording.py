"""How single values of a record are put into words for the reader: texts, dates, places, numbers, codes.

The functions in `FILTERS` are the template filters of the public pages. Records hold codes and ISO dates only;
every word that a reader sees is made here, in `parties` and in the templates, in the language of the page.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import urlsplit

from babel.dates import format_datetime
from babel.numbers import format_decimal

from tracker.dates import IncidentDate, date_words
from tracker.vocabulary import VOCABULARIES, DatePrecision, PlaceCredit, Vocabulary, country_name
from tracker.web.translation import gettext, page_locale

Record = Mapping[str, Any]

# Looked up by a table, since the members of this vocabulary carry more than their code.
CREDITS = {credit.value: credit for credit in PlaceCredit}


@dataclass(frozen=True, slots=True)
class Text:
    """A text of a record in one language, and whether that is another language than the page's."""

    words: str
    language: str
    foreign: bool


def _text(texts: Mapping[str, str], language: str) -> Text:
    return Text(texts[language], language, foreign=language.split("-")[0] != page_locale().language)


def _best(texts: Mapping[str, str]) -> str | None:
    """The language to show: the page's own, a variety of it, English, or else the first there is."""
    wanted = page_locale().language
    varieties = [language for language in texts if language.split("-")[0] == wanted]
    return next(iter([*varieties, *(language for language in texts if language == "en"), *texts]), None)


def tongue(texts: Mapping[str, str]) -> Text | None:
    """The text in the best available language, or None where there is none at all."""
    language = _best(texts)
    return None if language is None else _text(texts, language)


def plain(texts: Mapping[str, str], absent: str) -> str:
    """The words in the best available language, where no mark of the language can stand."""
    found = tongue(texts)
    return found.words if found else absent


def other_tongues(texts: Mapping[str, str]) -> list[Text]:
    """The same text in the languages that `tongue` did not choose."""
    return [_text(texts, language) for language in texts if language != _best(texts)]


def paragraphs(text: str) -> list[str]:
    """The paragraphs of a text, which blank lines part."""
    return [part.strip() for part in re.split(r"\n\s*\n", text) if part.strip()]


def capital(text: str) -> str:
    """The text with a capital first letter, the rest untouched."""
    return text[:1].upper() + text[1:]


def full_stop(text: str) -> str:
    """The text as the end of a sentence; an abbreviation has its full stop already."""
    return text if text.endswith(".") else f"{text}."


def inside(words: str) -> str:
    """A label as it stands inside a sentence; German and its like keep the capitals of their nouns."""
    keeps_capitals = page_locale().language in {"de", "lb"} or words[1:2].isupper()
    return words if keeps_capitals else words[:1].lower() + words[1:]


def term(code: str, vocabulary: str) -> Vocabulary:
    """The entry of a controlled vocabulary; a code that is not in it is a mistake in the dataset."""
    return VOCABULARIES[vocabulary](code)


def label(code: str | None, vocabulary: str) -> str:
    """The word for a code; silence has none."""
    return gettext(term(code, vocabulary).label) if code else ""


def labels(codes: Iterable[str], vocabulary: str) -> list[str]:
    """The words for several codes."""
    return [label(code, vocabulary) for code in codes]


def definition(code: str, vocabulary: str) -> str:
    """What a code means, in one sentence."""
    return gettext(term(code, vocabulary).definition)


def day(value: str | date) -> str:
    """A day in words: 5 October 2020."""
    on = date.fromisoformat(value) if isinstance(value, str) else value
    return date_words(on, str(page_locale()), gettext)


def instant(at: datetime) -> str:
    """An instant in words and in UTC, to the minute."""
    words = format_datetime(at.astimezone(UTC), "d MMMM y, HH:mm", locale=page_locale())
    return f"{words} UTC"


def number(value: float) -> str:
    """A number with the separators of the page's language."""
    return str(format_decimal(value, locale=page_locale()))


def incident_date(value: Record) -> IncidentDate:
    """The date behind its public shape."""
    return IncidentDate.from_edtf(
        value["edtf"],
        part_of_day=value["part_of_day"],
        basis=value["basis"],
        as_reported=value["as_reported"],
    )


def when(value: Record | None) -> str:
    """A date in words: night of 5–6 October 2020."""
    if value is None:
        return gettext("date not recorded")
    if value["precision"] == DatePrecision.UNKNOWN:
        return gettext("date not known")
    return incident_date(value).in_words(str(page_locale()), gettext)


def date_note(value: Record) -> list[str]:
    """What else there is to know of a date: its precision, its ground, the words of the source."""
    notes = [gettext("Precision: %(precision)s", precision=inside(label(value["precision"], "date_precision")))]
    if value["basis"]:
        notes.append(gettext("Basis: %(basis)s", basis=inside(label(value["basis"], "date_basis"))))
    if value["as_reported"]:
        notes.append(gettext("In the source: “%(words)s”", words=value["as_reported"]))
    return notes


def country(code: str) -> str:
    """The name of a country in the language of the page."""
    return country_name(code, page_locale())


def place(value: Record) -> str:
    """A place in words, from the nearest to the widest part."""
    parts = [value["venue"], value["locality"], value["admin2"], value["admin1"]]
    known = [part for part in parts if part] or [part for part in (value["as_reported"],) if part]
    if value["country"]:
        known.append(country(value["country"]))
    if value["precision"] == "online":
        known.insert(0, gettext("online"))
    # A city that is its own province is named once.
    return capital(", ".join(dict.fromkeys(known))) or gettext("Not recorded")


def place_note(value: Record) -> list[str]:
    """What else there is to know of a place: its precision, coordinates, the words of the source."""
    notes = [gettext("Precision: %(precision)s", precision=inside(label(value["precision"], "place_precision")))]
    if value["generalised"]:
        notes.append(gettext("shown less exactly than it is recorded"))
    if value["latitude"] is not None and value["longitude"] is not None:
        notes.append(_coordinates(value))
    credit = value.get("credit")
    if credit:
        notes.append(gettext(CREDITS[credit].notice))
    if value["as_reported"]:
        notes.append(gettext("In the source: “%(words)s”", words=value["as_reported"]))
    return notes


def _coordinates(value: Record) -> str:
    point = f"{value['latitude']:.5g}, {value['longitude']:.5g}"
    metres = value["uncertainty_m"]
    return point if metres is None else gettext("%(point)s, within %(reach)s", point=point, reach=reach(metres))


def reach(metres: int) -> str:
    """How far something reaches at most, as people say it: rounded up to half of the place of its first digit.

    So 7,972 m are 8 km, 2,075 m are 2.5 km and 494 m are 500 m; the record keeps the exact figure.
    """
    step = max(10 ** (len(str(metres)) - 1) // 2, 1)
    rounded = -(-metres // step) * step
    in_km = gettext("%(number)s km", number=number(rounded / 1000))
    return in_km if rounded >= 1000 else gettext("%(number)s m", number=number(rounded))


def language_name(code: str) -> str:
    """The name of a language in the language of the page."""
    known = page_locale().languages.get(code.replace("-", "_")) or page_locale().languages.get(code.split("-")[0])
    return str(known or code)


def web_address(url: str | None) -> str | None:
    """The address if it is one of the web, else nothing: no other scheme ever becomes a link."""
    if not url or not url.startswith(("https://", "http://")):
        return None
    try:
        return url if urlsplit(url).hostname else None
    except ValueError:
        return None


FILTERS = {
    function.__name__: function
    for function in (
        capital,
        country,
        date_note,
        day,
        definition,
        full_stop,
        inside,
        instant,
        label,
        labels,
        language_name,
        number,
        other_tongues,
        paragraphs,
        place,
        place_note,
        plain,
        tongue,
        web_address,
        when,
    )
}
