"""The list of incidents with its filter, and the page of one incident."""

from dataclasses import dataclass
from urllib.parse import urlencode

from flask import current_app, g, request, url_for
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from tracker.dataset import queries
from tracker.dataset.editions import Edition, dataset_version
from tracker.dataset.exports import refuse_columns
from tracker.dataset.fields import Kind
from tracker.dataset.filter_words import filter_words
from tracker.dataset.filters import EVERYTHING, DatasetFilter
from tracker.dataset.problems import FilterError, Problem
from tracker.web.errors import wants_json
from tracker.web.headers import unless_known
from tracker.web.public.asking import asked_filter, asked_version, pairs
from tracker.web.public.citing import cite_record
from tracker.web.public.context import address, page, reading
from tracker.web.public.forms import FilterForm, Offered, parameter_label, value_label
from tracker.web.public.offers import Offers, offers_of
from tracker.web.public.records import at_version, found_or_gone
from tracker.web.translation import gettext, page_locale
from tracker.web.wording import Record, country, plain

# These say which part of the answer is shown, not which incidents are asked for: they are no chips and leave the twins.
PRESENTATION = frozenset({"limit", "after"})

WHOLE_PAGE = "public/incident.html"


@dataclass(frozen=True, slots=True)
class Chip:
    """One applied choice in words, and the address of the list without it."""

    words: str
    without: str


def index() -> str | tuple[str, int]:
    """The list of incidents under the filter of the query string."""
    try:
        wanted = asked_filter()
        refuse_columns(wanted)
        with reading() as session:
            edition = dataset_version(session, wanted)
            unless_known(edition)
            return _list(session, wanted, edition)
    except FilterError as error:
        # A program gets the problems as data; a reader gets them beside the fields of the form.
        if wants_json():
            raise
        return _refused(error.problems)


def _list(session: Session, wanted: DatasetFilter, edition: Edition) -> str:
    found = queries.incident_page(session, wanted)
    g.version = edition
    offered = _offered(offers_of(session, edition))
    names = dict(offered.outlet) | dict(offered.topic)
    asked = MultiDict(list(wanted.pairs()))
    return page(
        "public/incidents.html",
        form=FilterForm(asked, offered),
        found=found,
        words=filter_words(wanted, names=names, locale=str(page_locale()), translate=gettext),
        applied=_chips(wanted, offered),
        twins=_twins(wanted),
        canonical=_canonical(wanted),
        older=_here(wanted, after=found.after) if found.after else None,
        newest=_here(wanted, after=None) if wanted.after else None,
    )


def _refused(problems: tuple[Problem, ...]) -> tuple[str, int]:
    """The form as it was filled in, with everything that is wrong with it."""
    with reading() as session:
        edition = dataset_version(session)
        offered = _offered(offers_of(session, edition))
    form = FilterForm(MultiDict(pairs()), offered, problems)
    return page("public/incidents_refused.html", form=form, problems=problems), 400


def _offered(offers: Offers) -> Offered:
    """What the form offers, in the language of the page and in the order of its words."""
    outlets = list(offers.outlets.items())
    topics = [(slug, plain(title, slug)) for slug, title in offers.topics.items()]
    countries = [(code, country(code)) for code in offers.countries]
    in_order = [sorted(choices, key=lambda choice: choice[1].casefold()) for choices in (outlets, topics, countries)]
    return Offered(outlet=in_order[0], topic=in_order[1], country=in_order[2])


def _chips(wanted: DatasetFilter, offered: Offered) -> list[Chip]:
    chips = []
    applied = [pair for pair in wanted.pairs() if pair[0] not in PRESENTATION]
    for name, value in applied:
        rest = [pair for pair in wanted.pairs() if pair != (name, value) and pair[0] != "after"]
        if name in {"from", "to"} and not any(other in {"from", "to"} for other, _ in rest):
            # Without a period there is nothing that `when` could speak of.
            rest = [pair for pair in rest if pair[0] != "when"]
        words = f"{parameter_label(name)}: {value_label(name, value, offered)}"
        chips.append(Chip(words, _with_query("public.incidents", urlencode(rest))))
    return chips


def _here(wanted: DatasetFilter, **changes: object) -> str:
    return _with_query("public.incidents", wanted.query_string(**changes))


def _canonical(wanted: DatasetFilter) -> str:
    query = wanted.query_string()
    return address("public.incidents") + (f"?{query}" if query else "")


def _twins(wanted: DatasetFilter) -> dict[str, str]:
    """The addresses of the same incidents as data, all pages of them."""
    query = wanted.query_string(**dict.fromkeys(PRESENTATION))
    endpoints = {kind: f"public.incidents_{kind}" for kind in ("csv", "json", "geojson")}
    return {kind: _with_query(endpoint, query) for kind, endpoint in endpoints.items()}


def _with_query(endpoint: str, query: str) -> str:
    return url_for(endpoint) + (f"?{query}" if query else "")


def incident(reference: str) -> str:
    """The page of one incident."""
    wanted = asked_version()
    with reading() as session:
        edition = dataset_version(session, wanted)
        record = found_or_gone(session, Kind.INCIDENT, reference, edition).record
        unless_known(edition)
        return _page_of(session, record, edition, wanted)


def as_published(record: Record, topics: list[Record], *, language: str, template: str = WHOLE_PAGE) -> str:
    """The page that a record would have if it were public now, or a part of it, for those who decide about it.

    It is made as the request of a reader for that very address would make it. `topics` are the records of its
    topics, which are published with it.
    """
    path = url_for("public.incident", reference=record["reference"], language=language)
    with current_app.test_request_context(path, base_url=request.host_url), reading() as session:
        return _page_of(session, record, dataset_version(session), EVERYTHING, topics=topics, template=template)


def _page_of(
    session: Session,
    record: Record,
    edition: Edition,
    wanted: DatasetFilter,
    *,
    topics: list[Record] | None = None,
    template: str = WHOLE_PAGE,
) -> str:
    reference = record["reference"]
    g.version = edition
    return page(
        template,
        record=record,
        topics=_topics(session, record, edition) if topics is None else topics,
        related=_related(session, record, edition),
        citation=cite_record(
            plain(record["title"], reference), record, edition, "public.incident", reference=reference
        ),
        twin=url_for("public.incident_json", reference=reference, **at_version(wanted)),
        canonical=address("public.incident", reference=reference, **at_version(wanted)),
        present=url_for("public.incident", reference=reference),
        is_past=bool(at_version(wanted)),
    )


def _topics(session: Session, record: Record, edition: Edition) -> list[Record]:
    found = [queries.topic(session, link["slug"], edition.version) for link in record["topics"]]
    return [topic.record for topic in found if topic]


def _related(session: Session, record: Record, edition: Edition) -> list[Record]:
    found = [queries.incident(session, reference, edition.version) for reference in record["related"]]
    return [other.record for other in found if other]
