"""The table of query parameters: the one place that says how each is read and what it allows.

The filter, the refusals, the interface's own description and the tests are made from it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any

from tracker.dataset.boxes import Box
from tracker.dataset.fields import act_header, csv_header
from tracker.dataset.paging import PageToken
from tracker.phrases import Phrase, phrase
from tracker.text import fold
from tracker.vocabulary import (
    COUNTRIES,
    NOT_RECORDED,
    UNKNOWN,
    Completion,
    Custody,
    Harm,
    PerpetratorSide,
    PerpetratorType,
    Placing,
    Response,
    Verification,
    VictimRole,
    Violation,
    Vocabulary,
)

DEFAULT_LIMIT = 50
LARGEST_LIMIT = 1000
LONGEST_TEXT = 200
BOX_ALLOWED = (
    phrase(
        "west,south,east,north in degrees: longitudes from -180 to 180, latitudes from -90 to 90, south not above "
        "north; a west greater than the east crosses the 180th meridian"
    ),
)
_LONGEST_NUMBER = 9

# Only ASCII digits count: `\d` and str.isdigit() let in characters that int() refuses or that read otherwise.
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_NUMBER = re.compile(r"[0-9]+")
_SLUG = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)*")


class Refusal(ValueError):
    """A value that cannot be used, with a sentence and what is allowed instead."""

    def __init__(self, message: Phrase, allowed: tuple[str, ...] = ()) -> None:
        self.message = message
        self.allowed = allowed
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class Parameter:
    """One query parameter.

    `read` turns the text into the value that is kept or raises `Refusal`; `many` may be repeated for "any of";
    `facet` parameters have to hold of the same act and victim.
    """

    name: str
    description: str
    read: Callable[[str], Any]
    many: bool = False
    vocabulary: type[Vocabulary] | None = None
    facet: str | None = None
    example: str = ""


def read_day(text: str) -> date:
    """An ISO 8601 calendar date."""
    allowed = (phrase("a day such as 2020-10-05"),)
    if not _DAY.fullmatch(text):
        raise Refusal(phrase("This is not a day."), allowed)
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refusal(phrase("There is no such day."), allowed) from None


def _whole_number(least: int, most: int | None = None) -> Callable[[str], int]:
    bounded = phrase("a whole number from {least} to {most}", least=least, most=most)
    allowed = (bounded if most else phrase("a whole number from {least}", least=least),)

    def read(text: str) -> int:
        if not _NUMBER.fullmatch(text) or len(text) > _LONGEST_NUMBER:
            raise Refusal(phrase("This is not a number that can be used."), allowed)
        number = int(text)
        if number < least or (most is not None and number > most):
            raise Refusal(phrase("This number is out of range."), allowed)
        return number

    return read


def _one_of(allowed: tuple[str, ...]) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text not in allowed:
            raise Refusal(phrase("This code does not exist here."), allowed)
        return text

    return read


def codes_allowed(vocabulary: type[Vocabulary]) -> tuple[str, ...]:
    """The codes of a vocabulary and the two words for what is not known and what is not recorded."""
    return tuple(dict.fromkeys((*vocabulary.codes(), UNKNOWN, NOT_RECORDED)))


def _read_country(text: str) -> str:
    if text in (UNKNOWN, NOT_RECORDED):
        return text
    if text.upper() not in COUNTRIES or not text.isascii():
        raise Refusal(
            phrase("There is no country with this code."),
            (phrase("an ISO 3166-1 alpha-2 code such as KG"), UNKNOWN, NOT_RECORDED),
        )
    return text.upper()


def _read_name(text: str) -> str:
    if not fold(text):
        raise Refusal(phrase("This holds no letter or digit."), (phrase("the name of a place"), NOT_RECORDED))
    return text


def _read_slug(text: str) -> str:
    if not _SLUG.fullmatch(text):
        raise Refusal(
            phrase("This is not the short name of a record."),
            (phrase("lower-case letters, digits and hyphens, as in its address"), NOT_RECORDED),
        )
    return text


def _read_box(text: str) -> Box:
    box = Box.read(text)
    if box is None:
        raise Refusal(phrase("This is not a box of the map."), BOX_ALLOWED)
    return box


def _read_fields(text: str) -> tuple[str, ...]:
    names = tuple(dict.fromkeys(name.strip() for name in text.split(",")))
    known = dict.fromkeys((*csv_header(), *act_header()))
    if any(name not in known for name in names):
        raise Refusal(phrase("There is no such column."), tuple(known))
    return names


def _read_after(text: str) -> PageToken:
    token = PageToken.read(text)
    if token is None:
        raise Refusal(phrase("This is no page of ours."), (phrase("the value that the page before gives as `next`"),))
    return token


def _coded(name: str, vocabulary: type[Vocabulary], description: str, facet: str | None) -> Parameter:
    return Parameter(
        name,
        description,
        _one_of(codes_allowed(vocabulary)),
        many=True,
        vocabulary=vocabulary,
        facet=facet,
        example=vocabulary.codes()[0],
    )


def _table() -> tuple[Parameter, ...]:
    same = "holds of the same act and victim as the other filters of acts"
    return (
        Parameter("q", "Words that all occur in the record; the last one may be unfinished.", str, example="Kloop"),
        Parameter("from", "First day of the period.", read_day, example="2020-10-05"),
        Parameter("to", "Last day of the period.", read_day, example="2020-10-06"),
        Parameter(
            "when",
            "Whether the incident possibly or certainly falls into the period.",
            _one_of(("possible", "certain")),
            example="certain",
        ),
        Parameter("country", "Country (ISO 3166-1 alpha-2).", _read_country, many=True, example="KG"),
        Parameter("admin1", "Province or region, by its name.", _read_name, many=True, example="Osh"),
        Parameter("place", "City, town or village, by its name.", _read_name, many=True, example="Bishkek"),
        _coded("placed", Placing, "How the incident stands on the map.", None),
        Parameter(
            "within",
            "A box of the map (west,south,east,north in degrees) in which the public point lies.",
            _read_box,
            example="69.2,39.1,80.3,43.3",
        ),
        _coded("violation", Violation, f"What was done; {same}.", "violation"),
        _coded("completion", Completion, f"Whether it was done, tried or threatened; {same}.", "completion"),
        _coded("perpetrator", PerpetratorType, f"Who did, ordered or aided it; {same}.", "perpetrator"),
        _coded("state", PerpetratorSide, f"Whether they belong to the state; {same}.", "side"),
        Parameter(
            "outlet",
            f"For which outlet the victim worked, by its short name; {same}.",
            _read_slug,
            many=True,
            facet="outlet",
            example="kloop",
        ),
        Parameter("topic", "A topic, by its short name.", _read_slug, many=True, example="elections-2020"),
        _coded("role", VictimRole, f"What the victim's work was; {same}.", "role"),
        _coded("harm", Harm, f"Bodily harm; {same}.", "harm"),
        _coded("custody", Custody, f"Whether the victim is held, as far as it is recorded; {same}.", "custody"),
        _coded("verification", Verification, "How well the incident is established.", None),
        _coded("response", Response, "Whether an official response is recorded with the incident.", None),
        Parameter("as_of", "What was public at the end of that day (UTC).", read_day, example="2026-03-01"),
        Parameter("dataset", "What was public at that dataset version.", _whole_number(1), example="12"),
        Parameter("fields", "Columns of a CSV file, with commas between them.", _read_fields, example="reference"),
        Parameter("hxl", "1 for a row of HXL hashtags under the header of a CSV file.", _one_of(("1",)), example="1"),
        Parameter("limit", "How many incidents to a page.", _whole_number(1, LARGEST_LIMIT), example="50"),
        Parameter("after", "The page after this one, as the page before gives it.", _read_after),
    )


PARAMETERS: Mapping[str, Parameter] = MappingProxyType({parameter.name: parameter for parameter in _table()})
"""Every query parameter by its name, in the order in which a canonical query has them."""
