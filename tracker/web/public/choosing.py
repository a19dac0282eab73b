"""What was chosen in a filter, in words, on whichever page it is applied: the form's offers and the removable chips."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask import url_for
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from tracker.dataset.editions import Edition
from tracker.dataset.exports import FORMATS, Format
from tracker.dataset.filter_words import filter_words
from tracker.dataset.filters import COLUMNS, PAGING, DatasetFilter
from tracker.web.public.context import address
from tracker.web.public.forms import FilterForm, Offered, parameter_label, value_label
from tracker.web.public.offers import Offers, offers_of
from tracker.web.translation import gettext, page_locale
from tracker.web.wording import country, plain

# These say which part of the answer is shown, not which incidents are asked for: they are no chips and leave the twins.
PRESENTATION = PAGING | COLUMNS


@dataclass(frozen=True, slots=True)
class Chip:
    """One applied choice in words, and the address of the page without it."""

    words: str
    without: str


@dataclass(frozen=True, slots=True)
class Twin:
    """The same incidents as a file: of which kind, and where."""

    form: Format
    address: str


@dataclass(frozen=True, slots=True)
class Chosen:
    """A filter as a page shows it: form, words, chips, the same incidents as data, and how they are followed."""

    form: FilterForm
    words: list[str]
    applied: list[Chip]
    twins: dict[str, Twin]
    following: dict[str, str]
    canonical: str


def chosen(
    session: Session,
    wanted: DatasetFilter,
    edition: Edition,
    endpoint: str,
    also: Sequence[tuple[str, str]] = (),
    **key: Any,
) -> Chosen:
    """A filter as the page of an endpoint shows it.

    `also` are pairs of the page's own, before the filter; `key` is what else stands in the path of the page.
    """
    offered = offered_in(offers_of(session, edition))
    names = dict(offered.outlet) | dict(offered.topic)
    query = urlencode([*also, *wanted.pairs()])
    return Chosen(
        form=FilterForm(MultiDict(list(wanted.pairs())), offered),
        words=filter_words(wanted, names=names, locale=str(page_locale()), translate=gettext),
        applied=_chips(wanted, offered, endpoint, also, key),
        twins=twins_of(wanted),
        following=following_of(wanted),
        canonical=address(endpoint, **key) + (f"?{query}" if query else ""),
    )


def offered_in(offers: Offers) -> Offered:
    """What the form offers, in the language of the page and in the order of its words."""
    outlets = list(offers.outlets.items())
    topics = [(slug, plain(title, slug)) for slug, title in offers.topics.items()]
    countries = [(code, country(code)) for code in offers.countries]
    in_order = [sorted(choices, key=lambda choice: choice[1].casefold()) for choices in (outlets, topics, countries)]
    return Offered(outlet=in_order[0], topic=in_order[1], country=in_order[2])


def _chips(
    wanted: DatasetFilter, offered: Offered, endpoint: str, also: Sequence[tuple[str, str]], key: dict[str, Any]
) -> list[Chip]:
    chips = []
    for name, value in _applied(wanted):
        rest = [pair for pair in wanted.pairs() if pair != (name, value) and pair[0] != "after"]
        if name in {"from", "to"} and not any(other in {"from", "to"} for other, _ in rest):
            # Without a period there is nothing that `when` could speak of.
            rest = [pair for pair in rest if pair[0] != "when"]
        words = f"{parameter_label(name)}: {value_label(name, value, offered)}"
        chips.append(Chip(words, with_query(endpoint, urlencode([*also, *rest]), **key)))
    return chips


def _applied(wanted: DatasetFilter) -> Iterable[tuple[str, str]]:
    return (pair for pair in wanted.pairs() if pair[0] not in PRESENTATION)


def twins_of(wanted: DatasetFilter) -> dict[str, Twin]:
    """The same incidents as every kind of file, all pages of them, by the name of the kind."""
    query = wanted.query_string(**dict.fromkeys(PRESENTATION))
    return {name: Twin(form, with_query(f"public.{form.endpoint}", query)) for name, form in FORMATS.items()}


def following_of(wanted: DatasetFilter) -> dict[str, str]:
    """The addresses by which the same incidents are followed (`atom`) and cited (`bib`, `csl`)."""
    query = wanted.query_string(**dict.fromkeys(PRESENTATION))
    return {kind: with_query(f"public.incidents_{kind}", query) for kind in ("atom", "bib", "csl")}


def with_query(endpoint: str, query: str, **key: Any) -> str:
    """The address of an endpoint under a query."""
    return url_for(endpoint, **key) + (f"?{query}" if query else "")
