"""The data twins of the pages: lists as every kind of file, single records as JSON, the schema, the withdrawn."""

from collections.abc import Callable
from hashlib import sha256

from flask import Response, current_app, json, request
from werkzeug.exceptions import ServiceUnavailable

from tracker.dataset import queries
from tracker.dataset.editions import dataset_version, still_holds
from tracker.dataset.exports import FORMATS, Export, Format
from tracker.dataset.exports.shelf import Recipe, export_recipe
from tracker.dataset.fields import Kind, export_schema
from tracker.dataset.filters import DatasetFilter
from tracker.dataset.problems import Problem
from tracker.db import canonical_json
from tracker.phrases import phrase
from tracker.web.errors import error_response, withdrawn_entry
from tracker.web.headers import unless_known
from tracker.web.public import stored
from tracker.web.public.answers import describe, json_answer, meta_of
from tracker.web.public.asking import asked_filter, asked_version, refuse_parameters
from tracker.web.public.choosing import with_query
from tracker.web.public.context import database, reading, site_address
from tracker.web.public.records import found_or_gone

SECONDS_TO_RETRY = 1


def file_of(form: Format) -> Callable[[], Response]:
    """The view of a kind of file: all incidents that match."""

    def answer() -> Response:
        return _export(form)

    answer.__doc__ = form.purpose
    return answer


def _export(form: Format) -> Response:
    wanted = asked_filter()

    def prepared() -> Export:
        with reading() as session:
            edition = dataset_version(session, wanted)
            unless_known(edition)
            return form.prepare(session, wanted, site=site_address(), edition=edition)

    def recipe() -> tuple[Recipe, Export]:
        export = prepared()
        return export_recipe(database().public, form, export), export

    if form.is_stored:
        response, export = stored.answer(recipe)
    else:
        export = prepared()
        # The pieces are made while they are sent, each batch in a transaction of its own.
        response = Response(form.write(database().public, export))
    response.content_type = form.media_type
    describe(response, export.meta)
    if export.meta.next:
        query = wanted.query_string(after=export.meta.next)
        response.headers["Link"] = f'<{with_query(f"public.{form.endpoint}", query)}>; rel="next"'
    disposition = "inline" if form.name == "json" else "attachment"
    response.headers["Content-Disposition"] = f'{disposition}; filename="{_filename(form, export, wanted)}"'
    return response


def _filename(form: Format, export: Export, wanted: DatasetFilter) -> str:
    """What a file is called where it is saved."""
    part = "" if wanted.is_empty else "-selected"
    return f"{form.stem}-v{export.meta.dataset_version}{part}.{form.ending}"


def hash_of(form: Format) -> Callable[[], Response]:
    """The view of the hash of a file that is written while it is sent, and so cannot say it in its own headers."""

    def answer() -> Response:
        return _hash(form)

    answer.__doc__ = f"The SHA-256 of {form.path}."
    return answer


def _hash(form: Format) -> Response:
    """One line as `sha256sum --check` takes it, of the whole file; it is kept until the next publication."""
    wanted = asked_filter()
    with reading() as session:
        edition = dataset_version(session, wanted)
        unless_known(edition)
        export = form.prepare(session, wanted, site=site_address(), edition=edition)
    digest = sha256()
    for piece in form.write(database().public, export):
        digest.update(piece)
    with reading() as session:
        if not still_holds(session, export.edition):
            # Something was taken back meanwhile, and the file is another one.
            raise ServiceUnavailable(retry_after=SECONDS_TO_RETRY)
    response = Response(f"{digest.hexdigest()}  {_filename(form, export, wanted)}\n", mimetype="text/plain")
    describe(response, export.meta)
    return response


def no_such_file(ending: str) -> Response:
    """A kind of file that there is not, with those that there are of the same things."""
    message = phrase("There is no such kind of file.")
    name, of_incidents = request.path.removesuffix(ending), tuple({f"/{form.stem}." for form in FORMATS.values()})
    beginnings = of_incidents if name in of_incidents else (name,)
    known = dict.fromkeys(rule.rule for rule in current_app.url_map.iter_rules() if rule.rule.startswith(beginnings))
    allowed = [path for path in known if "<" not in path and not path.endswith(".sha256")]
    return error_response(404, [Problem.of("format", ending, message, allowed)])


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
