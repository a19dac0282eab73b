"""The data twins of the pages: lists as CSV, JSON and GeoJSON, single records as JSON, the schema, the withdrawn."""

from flask import Response, json

from tracker.dataset import queries
from tracker.dataset.editions import dataset_version
from tracker.dataset.exports import FORMATS, prepare
from tracker.dataset.fields import Kind, export_schema
from tracker.db import canonical_json
from tracker.web.errors import withdrawn_entry
from tracker.web.headers import unless_known
from tracker.web.public.answers import describe, json_answer, meta_of
from tracker.web.public.asking import asked_filter, asked_version, refuse_parameters
from tracker.web.public.context import database, reading
from tracker.web.public.records import found_or_gone


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
    wanted = asked_version()
    with reading() as session:
        edition = dataset_version(session, wanted)
        found = found_or_gone(session, kind, key, edition)
        unless_known(edition)
        # The stored text is the truth; it goes out as it is.
        content = f'{{"meta":{canonical_json(meta_of(edition))},"{kind}":{found.json}}}\n'
    return json_answer(content, edition)


def schema() -> Response:
    """The JSON Schema of the JSON file."""
    refuse_parameters()
    unless_known()
    return Response(json.dumps(export_schema(), indent=2, ensure_ascii=False), mimetype="application/schema+json")


def withdrawn() -> Response:
    """Every record that was withdrawn, so that copies of it can be deleted."""
    refuse_parameters()
    with reading() as session:
        edition = dataset_version(session)
        unless_known(edition)
        entries = [withdrawn_entry(tombstone) for tombstone in queries.tombstones(session)]
    return json_answer(canonical_json({"meta": meta_of(edition), "withdrawn": entries}) + "\n", edition)
