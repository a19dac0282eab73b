"""An applied filter in words, as it stands on every page and in the metadata of every file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache

from babel import Locale

from tracker.dataset.filters import DatasetFilter
from tracker.dataset.parameters import PARAMETERS
from tracker.dates import date_words, period_words
from tracker.phrases import Translate, phrase
from tracker.vocabulary import NOT_RECORDED, UNKNOWN, country_name

_NAMES = {
    "country": phrase("country"),
    "admin1": phrase("region"),
    "place": phrase("place"),
    "placed": phrase("on the map"),
    "violation": phrase("violation"),
    "completion": phrase("completion"),
    "perpetrator": phrase("perpetrator"),
    "state": phrase("side of the perpetrator"),
    "outlet": phrase("outlet"),
    "topic": phrase("topic"),
    "role": phrase("role of the victim"),
    "harm": phrase("harm"),
    "custody": phrase("custody"),
    "verification": phrase("verification"),
    "response": phrase("official response"),
}


def unchanged(phrase: str) -> str:
    """The translation into English."""
    return phrase


def filter_words(
    wanted: DatasetFilter,
    *,
    names: Mapping[str, str] | None = None,
    locale: str = "en",
    translate: Translate = unchanged,
) -> list[str]:
    """What is applied, one phrase for each parameter, such as "violation: assault or threat".

    `names` gives the names of outlets and topics by their short names. An empty list means all incidents.
    """
    return list(_phrases(wanted, names or {}, locale, translate))


def _phrases(wanted: DatasetFilter, names: Mapping[str, str], locale: str, translate: Translate) -> Iterator[str]:
    if wanted.q is not None:
        yield translate("text: “{words}”").format(words=wanted.q)
    if wanted.has_period:
        period = period_words(wanted.start, wanted.end, locale, translate)
        certain = wanted.when == "certain"
        phrase = translate("date: certainly {period}") if certain else translate("date: possibly {period}")
        yield phrase.format(period=period)
    between = translate(" or ")
    for name, label in _NAMES.items():
        values = wanted.values(name)
        if values:
            shown = [_label(name, value, names, locale, translate) for value in values]
            yield f"{translate(label)}: {between.join(shown)}"
    if wanted.within is not None:
        yield translate("public point within: {box}").format(box=wanted.within)
    if wanted.as_of is not None:
        yield translate("as of {day}").format(day=date_words(wanted.as_of, locale, translate))
    if wanted.dataset is not None:
        yield translate("dataset version {number}").format(number=wanted.dataset)


def _label(name: str, value: str, names: Mapping[str, str], locale: str, translate: Translate) -> str:
    if value == NOT_RECORDED:
        return translate("not recorded")
    if value == UNKNOWN:
        return translate("unknown")
    if name == "country":
        return country_name(value, _locale(locale))
    vocabulary = PARAMETERS[name].vocabulary
    if vocabulary is None:
        return names.get(value, value)
    return _inside_a_sentence(translate(vocabulary(value).label))


@cache
def _locale(code: str) -> Locale:
    return Locale.parse(code.replace("-", "_"))


def _inside_a_sentence(label: str) -> str:
    """A label without its capital, unless it begins with an abbreviation."""
    return label if label[1:2].isupper() else label[:1].lower() + label[1:]
