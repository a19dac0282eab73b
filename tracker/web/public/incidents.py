"""The list of incidents with its filter, and the page of one incident."""

from typing import Any

from flask import current_app, g, request, url_for
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from tracker.dataset import queries
from tracker.dataset.editions import Edition, dataset_version
from tracker.dataset.exports import refuse_columns
from tracker.dataset.fields import Kind
from tracker.dataset.filters import EVERYTHING, DatasetFilter
from tracker.dataset.problems import FilterError, Problem
from tracker.web.errors import wants_json
from tracker.web.headers import unless_known
from tracker.web.public.asking import asked_filter, asked_version, pairs
from tracker.web.public.choosing import chosen, offered_in, with_query
from tracker.web.public.citing import cite_record
from tracker.web.public.context import address, page, reading
from tracker.web.public.forms import FilterForm
from tracker.web.public.offers import offers_of
from tracker.web.public.records import at_version, found_or_gone
from tracker.web.wording import Record, plain

WHOLE_PAGE = "public/incident.html"


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
        return refused(error.problems)


def _list(session: Session, wanted: DatasetFilter, edition: Edition) -> str:
    found = queries.incident_page(session, wanted)
    g.version = edition
    return page(
        "public/incidents.html",
        chosen=(asked := chosen(session, wanted, edition, "public.incidents")),
        canonical=asked.canonical,
        found=found,
        map=with_query("public.overview", (whole := wanted.query_string(limit=None, after=None))),
        report=with_query("public.report", whole),
        older=_here(wanted, after=found.after) if found.after else None,
        newest=_here(wanted, after=None) if wanted.after else None,
    )


def refused(problems: tuple[Problem, ...], endpoint: str = "public.incidents", **key: Any) -> tuple[str, int]:
    """The form of a page as it was filled in, with everything that is wrong with it."""
    with reading() as session:
        edition = dataset_version(session)
        offered = offered_in(offers_of(session, edition))
    form = FilterForm(MultiDict(pairs()), offered, problems)
    return page("public/incidents_refused.html", form=form, problems=problems, action=url_for(endpoint, **key)), 400


def _here(wanted: DatasetFilter, **changes: object) -> str:
    return with_query("public.incidents", wanted.query_string(**changes))


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
        cited={
            name: url_for(f"public.incident_{name}", reference=reference, **at_version(wanted))
            for name in ("bib", "csl")
        },
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
