"""The feed of what was published, updated and withdrawn under a filter: Atom (RFC 4287) with pages (RFC 5005).

A withdrawal that is announced is a deleted entry (RFC 6721). What is restricted or hidden only goes out of the feed,
and a record that says less than before is one that was updated: no reason is ever given.
"""

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

from flask import Response, render_template
from sqlalchemy.orm import Session

from tracker.dataset.editions import dataset_version
from tracker.dataset.exports import ExportMeta, refuse_columns
from tracker.dataset.exports.meta import describe as meta_of_filter
from tracker.dataset.feed import FeedPage, feed_page
from tracker.dataset.filters import DatasetFilter
from tracker.dataset.flatten import first_language
from tracker.dataset.models import PublicTombstone
from tracker.dataset.records import PublicRecord
from tracker.vocabulary import VOCABULARIES, Nature, Vocabulary
from tracker.web.headers import unless_known
from tracker.web.public.answers import describe, say_hash
from tracker.web.public.asking import asked_filter
from tracker.web.public.choosing import PRESENTATION
from tracker.web.public.context import address, reading, site_name, site_record
from tracker.web.translation import DEFAULT
from tracker.web.wording import Record

NEVER = "1970-01-01"
"""When a feed was updated in which nothing has ever stood."""


@dataclass(frozen=True, slots=True)
class Said:
    """A text with its language."""

    words: str
    language: str


@dataclass(frozen=True, slots=True)
class Entry:
    """An incident as an entry of a feed; times are days, since nothing public is more exact."""

    id: str
    title: Said
    summary: Said | None
    updated: str
    published: str
    page: str
    json: str
    nature: Vocabulary
    violations: list[Vocabulary]


@dataclass(frozen=True, slots=True)
class Deleted:
    """A withdrawn incident."""

    id: str
    when: str


def incidents_atom() -> Response:
    """The feed of a filter."""
    wanted = asked_filter()
    refuse_columns(wanted)
    with reading() as session:
        unless_known(dataset_version(session, wanted))
        text, meta = feed_of(session, wanted)
    response = Response(text, content_type="application/atom+xml; charset=utf-8")
    describe(response, meta)
    say_hash(response)
    return response


def feed_of(session: Session, wanted: DatasetFilter) -> tuple[str, ExportMeta]:
    """The feed of a filter and its metadata. Raises `FilterError`."""
    refuse_columns(wanted)
    found = feed_page(session, wanted)
    following = str(found.after) if found.after else None
    meta = meta_of_filter(session, wanted, found.edition, len(found.records), following)
    return _feed(wanted, found, meta.filter), meta


def _feed(wanted: DatasetFilter, found: FeedPage, words: tuple[str, ...]) -> str:
    entries = [_entry(record, found) for record in found.records]
    withdrawn = [_deleted(one, found) for one in found.withdrawn]
    days = [*(entry.updated for entry in entries), *(one.when for one in withdrawn)]
    asked = wanted.query_string(**dict.fromkeys(PRESENTATION))
    return render_template(
        "public/incidents.atom.xml",
        id=_tag(found, "incidents" + (f"?{asked}" if asked else "")),
        name=_name(),
        subtitle="Incidents as published, updated and withdrawn: " + ("; ".join(words) or "all incidents"),
        updated=max(days, default=_instant(found.began_on or NEVER)),
        author=(site_record() or {}).get("organisation") or site_name(),
        links=_links(wanted, found),
        entries=entries,
        withdrawn=withdrawn,
        schemes={
            name: address("public.methodology", _anchor=name, language=DEFAULT) for name in ("violation", "nature")
        },
    )


def _name() -> Said:
    site = site_record()
    return _said(site["name"] if site else {}) or Said(site_name(), DEFAULT)


def _links(wanted: DatasetFilter, found: FeedPage) -> dict[str, str | None]:
    following = str(found.after) if found.after else None
    return {
        "self": _at("public.incidents_atom", wanted.query_string()),
        "page": _at("public.incidents", wanted.query_string(**dict.fromkeys(PRESENTATION)), language=DEFAULT),
        "first": _at("public.incidents_atom", wanted.query_string(after=None)),
        "next": _at("public.incidents_atom", wanted.query_string(after=following)) if following else None,
    }


def _at(endpoint: str, query: str, **key: str) -> str:
    return address(endpoint, **key) + (f"?{query}" if query else "")


def _entry(published: PublicRecord, found: FeedPage) -> Entry:
    record: Record = published.record
    reference = record["reference"]
    acts = dict.fromkeys(act["violation"] for act in record["acts"])
    return Entry(
        id=_tag(found, f"incidents/{reference}"),
        title=_said(record["title"]) or Said(reference, DEFAULT),
        summary=_said(record["summary"]),
        updated=_instant(record["revised_on"]),
        published=_instant(record["published_on"]),
        page=address("public.incident", reference=reference, language=DEFAULT),
        json=address("public.incident_json", reference=reference),
        # A restriction is an update like any other: that something was taken out is nobody's business.
        nature=Nature.ADDITION if published.nature == Nature.ADDITION else Nature.CORRECTION,
        violations=[VOCABULARIES["violation"](code) for code in acts],
    )


def _deleted(tombstone: PublicTombstone, found: FeedPage) -> Deleted:
    return Deleted(_tag(found, f"incidents/{tombstone.key}"), _instant(tombstone.withdrawn_at.date()))


def _said(texts: dict[str, str]) -> Said | None:
    """A text in its first language."""
    language = first_language(texts)
    return Said(texts[language], language) if language else None


def _instant(day: date | str) -> str:
    """The beginning of a day in UTC: no public time is more exact."""
    return f"{day}T00:00:00Z"


def _tag(found: FeedPage, name: str) -> str:
    """A name that stays the same for ever (RFC 4151): of this host, as of the day of the first publication."""
    host = urlsplit(address("public.incidents", language=DEFAULT)).hostname
    return f"tag:{host},{found.began_on or NEVER}:{name}"
