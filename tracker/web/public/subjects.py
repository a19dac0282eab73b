"""The pages of a topic and of an outlet: what they are, and the incidents that belong to them."""

from urllib.parse import urlencode

from flask import g, url_for
from sqlalchemy.orm import Session

from tracker.dataset import queries
from tracker.dataset.editions import Edition, dataset_version
from tracker.dataset.fields import Kind
from tracker.dataset.filters import DatasetFilter
from tracker.web.headers import unless_known
from tracker.web.public.asking import asked_version
from tracker.web.public.choosing import with_query
from tracker.web.public.citing import cite_record
from tracker.web.public.context import address, list_address, page, reading
from tracker.web.public.records import at_version, found_or_gone
from tracker.web.wording import Record, plain

SHOWN = 20


def topic(slug: str) -> str:
    """The page of a topic: its timeline with disagreements, what followed, its incidents, its sources."""
    return _subject(Kind.TOPIC, slug)


def outlet(slug: str) -> str:
    """The page of an outlet: its names in all scripts, what it is, its incidents."""
    return _subject(Kind.OUTLET, slug)


def _subject(kind: Kind, slug: str) -> str:
    wanted = asked_version()
    with reading() as session:
        edition = dataset_version(session, wanted)
        record = found_or_gone(session, kind, slug, edition).record
        unless_known(edition)
        g.version = edition
        endpoint, pinned = f"public.{kind}", at_version(wanted)
        return page(
            f"public/{kind}.html",
            record=record,
            found=_incidents(session, kind, slug, edition),
            all_incidents=list_address(**{kind.value: slug}, **pinned),
            feed=with_query("public.incidents_atom", urlencode({kind.value: slug})),
            citation=cite_record(_title(record, slug), record, edition, endpoint, slug=slug),
            twin=url_for(f"{endpoint}_json", slug=slug, **pinned),
            canonical=address(endpoint, slug=slug, **pinned),
            present=url_for(endpoint, slug=slug),
            is_past=bool(pinned),
        )


def _title(record: Record, slug: str) -> str:
    return str(record["name"]) if "name" in record else plain(record["title"], slug)


def _incidents(session: Session, kind: Kind, slug: str, edition: Edition) -> queries.IncidentPage:
    of_subject = {kind.value: (slug,)}
    wanted = DatasetFilter(limit=SHOWN, dataset=edition.version or None, **of_subject)  # type: ignore[arg-type]
    return queries.incident_page(session, wanted)
