"""The ways into the list that the front page offers: by violation, by perpetrator, by outlet."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from flask import url_for

from tracker.vocabulary import NOT_RECORDED, PerpetratorType, Violation
from tracker.web.public.context import list_address
from tracker.web.public.forms import Offered, value_label
from tracker.web.public.offers import Offers, Tallies
from tracker.web.translation import gettext
from tracker.web.wording import capital

MOST_OUTLETS = 12


@dataclass(frozen=True, slots=True)
class WayRow:
    """One way into the list: what it leads to, where, and how many incidents are there."""

    words: str
    address: str
    count: int


@dataclass(frozen=True, slots=True)
class Way:
    """A group of ways into the list, such as all violations on record."""

    name: str
    heading: str
    column: str
    rows: list[WayRow]
    note: str = ""


def ways_in(offers: Offers, tallies: Tallies) -> list[Way]:
    """All ways in, with how many incidents each leads to."""
    several = gettext("An incident counts under each of its acts: the numbers add up to more than all incidents.")
    some = gettext("The outlets with the most incidents on record; the list can be filtered by any other.")
    outlets = _outlets(offers, tallies.outlet)
    return [
        Way("violation", gettext("By violation"), gettext("Violation"), _violations(tallies.violation), several),
        Way("perpetrator", gettext("By perpetrator"), gettext("Perpetrator"), _perpetrators(tallies.perpetrator)),
        Way("outlet", gettext("By outlet"), gettext("Outlet"), outlets[:MOST_OUTLETS], _if_more(outlets, some)),
    ]


def _if_more(outlets: list[WayRow], note: str) -> str:
    return note if len(outlets) > MOST_OUTLETS else ""


def _violations(counts: Mapping[str, int]) -> list[WayRow]:
    return _coded("violation", Violation.codes(), counts)


def _perpetrators(counts: Mapping[str, int]) -> list[WayRow]:
    return _coded("perpetrator", PerpetratorType.codes(), counts)


def _coded(name: str, known: Collection[str], counts: Mapping[str, int]) -> list[WayRow]:
    """One row for each code on record, the most frequent first and silence last."""
    order = [code for code in counts if code in known] + [code for code in counts if code == NOT_RECORDED]
    return [
        WayRow(capital(value_label(name, code, Offered())), list_address(**{name: code}), counts[code])
        for code in order
    ]


def _outlets(offers: Offers, counts: Mapping[str, int]) -> list[WayRow]:
    named = [(slug, count) for slug, count in counts.items() if slug in offers.outlets]
    return [WayRow(offers.outlets[slug], url_for("public.outlet", slug=slug), count) for slug, count in named]
