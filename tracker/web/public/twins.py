"""The data twins of the pages: lists as CSV, JSON and GeoJSON, single records as JSON, the schema, the withdrawn."""

from datetime import datetime
from typing import Any
from urllib.parse import quote

from flask import Response, g, json

from tracker.dataset import queries
from tracker.dataset.editions import Edition, dataset_version
from tracker.dataset.exports import FORMATS, ExportMeta, prepare
from tracker.dataset.exports.meta import iso_instant
from tracker.dataset.fields import Kind, export_schema
from tracker.db import canonical_json
from tracker.web.errors import withdrawn_entry
from tracker.web.headers import unless_known
from tracker.web.public.asking import asked_filter, asked_version, refuse_parameters
from tracker.web.public.context import database, licence, reading
from tracker.web.public.records import found_or_gone

LONGEST_HEADER = 2_000


def incidents_csv() -> Response:
    """All incidents that match, one to a line."""
    return _export("csv", "attachment")


def incidents_json() -> Response:
    """All incidents that match, whole, with what was asked for."""
    return _export("json", "inline")


def incidents_geojson() -> Response:
    """All incidents that match, as features of a map."""
    return _export("geojson", "attachment")


def _export(name: str, disposition: str) -> Response:
    g.is_public_data = True
    form = FORMATS[name]
    wanted = asked_filter()
    with reading() as session:
        edition = dataset_version(session, wanted)
        unless_known(edition)
        export = prepare(session, wanted, columns=form.columns)
    # The pieces are made while they are sent, each batch in a transaction of its own.
    response = Response(form.write(database().public, export), content_type=form.media_type)
    describe(response, export.meta)
    part = "" if wanted.is_empty else "-selected"
    filename = f"incidents-v{export.meta.dataset_version}{part}.{name}"
    response.headers["Content-Disposition"] = f'{disposition}; filename="{filename}"'
    return response


def describe(response: Response, meta: ExportMeta) -> None:
    """Say in the headers what a CSV file has no room for."""
    _say_edition(response, meta.dataset_version, meta.as_of)
    response.headers["X-Row-Count"] = str(meta.rows)
    response.headers["X-Unit"] = meta.unit
    response.headers["X-Unavailable"] = str(meta.unavailable)
    response.headers["X-Filter"] = ascii_words("; ".join(meta.filter) or "all incidents")
    if meta.licence:
        response.headers["X-Licence"] = meta.licence.url


def _say_edition(response: Response, version: int, as_of: datetime | None) -> None:
    response.headers["X-Dataset-Version"] = str(version)
    if at := iso_instant(as_of):
        response.headers["X-As-Of"] = at


def ascii_words(words: str) -> str:
    """Words as a header can hold them: what is not ASCII, and the percent sign, as percent-encoded UTF-8."""
    safe = "".join(chr(code) for code in range(0x20, 0x7F) if chr(code) != "%")
    encoded = quote(words, safe=safe)
    if len(encoded) <= LONGEST_HEADER:
        return encoded
    # The whole filter stands in the address; proxies refuse headers of many kilobytes.
    cut = encoded[:LONGEST_HEADER]
    return cut[: cut.rfind("%")] + "..." if "%" in cut[-2:] else cut + "..."


def incident(reference: str) -> Response:
    """One incident as published, with where it comes from."""
    return _record(Kind.INCIDENT, reference)


def topic(slug: str) -> Response:
    """One topic as published."""
    return _record(Kind.TOPIC, slug)


def outlet(slug: str) -> Response:
    """One outlet as published."""
    return _record(Kind.OUTLET, slug)


def _record(kind: Kind, key: str) -> Response:
    g.is_public_data = True
    wanted = asked_version()
    with reading() as session:
        edition = dataset_version(session, wanted)
        found = found_or_gone(session, kind, key, edition)
        unless_known(edition)
        # The stored text is the truth; it goes out as it is.
        content = f'{{"meta":{canonical_json(_meta(edition))},"{kind}":{found.json}}}\n'
    return _answer(content, edition)


def schema() -> Response:
    """The JSON Schema of the JSON file."""
    g.is_public_data = True
    refuse_parameters()
    return Response(json.dumps(export_schema(), indent=2, ensure_ascii=False), mimetype="application/schema+json")


def withdrawn() -> Response:
    """Every record that was withdrawn, so that copies of it can be deleted."""
    g.is_public_data = True
    refuse_parameters()
    with reading() as session:
        edition = dataset_version(session)
        unless_known(edition)
        entries = [withdrawn_entry(tombstone) for tombstone in queries.tombstones(session)]
    return _answer(canonical_json({"meta": _meta(edition), "withdrawn": entries}) + "\n", edition)


def _meta(edition: Edition) -> dict[str, Any]:
    """Where an answer comes from and what may be done with it."""
    terms = licence()
    return {
        "dataset_version": edition.version,
        "as_of": iso_instant(edition.published_at),
        "licence": terms.value if terms else None,
        "licence_url": terms.url if terms else None,
    }


def _answer(content: str, edition: Edition) -> Response:
    response = Response(content, mimetype="application/json")
    _say_edition(response, edition.version, edition.published_at)
    if terms := licence():
        response.headers["X-Licence"] = terms.url
    return response
