"""The overview, and the pages that explain: the data, the methodology, the site itself."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from flask import Response, g, url_for
from sqlalchemy.orm import Session

from tracker.dataset import queries
from tracker.dataset.editions import Edition, dataset_version
from tracker.dataset.filters import DatasetFilter
from tracker.vocabulary import NOT_RECORDED, PerpetratorType, Violation
from tracker.web.headers import unless_known
from tracker.web.public import reference
from tracker.web.public.asking import refuse_parameters
from tracker.web.public.citing import cite_dataset
from tracker.web.public.context import address, list_address, page, reading
from tracker.web.public.forms import Offered, value_label
from tracker.web.public.offers import Offers, Tallies, offers_of, tallies_of
from tracker.web.translation import LANGUAGES, gettext, prefix
from tracker.web.wording import capital

NEWEST = 6
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


def _enter(session: Session) -> Edition:
    """What every page here begins with: no parameters, the newest edition, nothing if the reader has it already."""
    refuse_parameters()
    edition = dataset_version(session)
    unless_known(edition)
    g.version = edition
    return edition


def overview() -> str:
    """What this is, how much is on record, the newest incidents, and ways in."""
    with reading() as session:
        edition = _enter(session)
        offers = offers_of(session, edition)
        return page(
            "public/overview.html",
            canonical=address("public.overview"),
            found=queries.incident_page(session, DatasetFilter(limit=NEWEST)),
            ways=_ways(offers, tallies_of(session, edition)),
            topics=[{"slug": slug, "title": title} for slug, title in offers.topics.items()],
        )


def _ways(offers: Offers, tallies: Tallies) -> list[Way]:
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


def data() -> str:
    """Downloads, versions, the query string and the data dictionary."""
    with reading() as session:
        edition = _enter(session)
    return page(
        "public/data.html",
        canonical=address("public.data"),
        citation=cite_dataset(edition),
        parameters=reference.parameters(),
        csv_columns=reference.csv_columns(),
        dictionaries=reference.dictionaries(),
    )


def methodology() -> str:
    """What counts, how it is known, and what every code means."""
    with reading() as session:
        _enter(session)
    return page("public/methodology.html", canonical=address("public.methodology"), vocabularies=reference.glossaries())


def about() -> str:
    """What the site's own record says about it."""
    with reading() as session:
        _enter(session)
    return page("public/about.html", canonical=address("public.about"))


def robots() -> Response:
    """All public pages may be indexed; the endless combinations of filters need not be."""
    lists = "".join(f"Disallow: {prefix(language)}/incidents?\n" for language in LANGUAGES)
    return Response(f"User-agent: *\nAllow: /\n{lists}Disallow: /staff/\n", mimetype="text/plain")
