"""Errors in the dress of the site, or as JSON where a program asked.

An error page never repeats what was asked for and never tells a record that may not be seen from one that does not
exist. An unforeseen error is logged under a number that the reader is shown; the log gets no address.
"""

import logging
import secrets
from collections.abc import Sequence
from typing import Any

from flask import Flask, Response, g, render_template, request
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from werkzeug.exceptions import HTTPException, InternalServerError

from tracker.dataset.exports import FORMATS
from tracker.dataset.models import PublicTombstone
from tracker.dataset.problems import FilterError, Problem
from tracker.db import canonical_json
from tracker.web.translation import gettext

logger = logging.getLogger(__name__)

DATA_SUFFIXES = (*sorted({f".{form.ending}" for form in FORMATS.values()}), ".sha256", ".svg", ".atom", ".bib")
SECONDS_TO_RETRY = "30"


def _words(status: int) -> tuple[str, str]:
    """The title and the sentence for a status."""
    known = {
        400: (gettext("This request cannot be answered"), gettext("Part of the address is wrong or not allowed.")),
        404: (
            gettext("There is no such page"),
            gettext("Nothing is published at this address. The address may be mistyped."),
        ),
        405: (gettext("This page can only be read"), gettext("The public pages take GET and HEAD requests only.")),
        410: (gettext("This record was withdrawn"), gettext("It is no longer published.")),
        413: (gettext("Too much was sent"), gettext("The request is larger than this site accepts.")),
        414: (gettext("The address is too long"), gettext("Use fewer filters, or download the data and filter it.")),
        429: (
            gettext("Too much was asked for in one minute"),
            gettext("Files, figures and searches have a limit for each minute. Please wait a moment and ask again."),
        ),
        500: (gettext("Something went wrong here"), gettext("The fault is ours, and it has been noted.")),
        503: (gettext("The register cannot be read just now"), gettext("Please try again in a minute.")),
        507: (
            gettext("There is no room for this file just now"),
            gettext("The file could not be made. Take another kind of file, or try again later."),
        ),
    }
    other = (gettext("This request cannot be answered"), gettext("The server refused it."))
    return known.get(status, other)


def wants_json() -> bool:
    """Whether a program asked: for a data file, or for JSON rather than HTML."""
    if g.get("is_public_data") or request.path.endswith(DATA_SUFFIXES):
        return True
    best = request.accept_mimetypes.best_match(("text/html", "application/json"), default="text/html")
    return best == "application/json"


def error_response(
    status: int,
    problems: Sequence[Problem] = (),
    incident_number: str | None = None,
    words: tuple[str, str] | None = None,
) -> Response:
    """An error as a page or as JSON; `words` are its title and its sentence, where the usual ones say too little."""
    g.pop("etag", None)
    title, sentence = words or _words(status)
    if wants_json():
        g.is_public_data = True
        content: dict[str, Any] = {"status": status, "title": title, "detail": sentence, "number": incident_number}
        content["problems"] = [problem.as_dict() for problem in problems]
        response = Response(canonical_json({"error": content}), status, mimetype="application/json")
    else:
        page = render_template(
            "errors/error.html",
            status=status,
            heading=title,
            sentence=sentence,
            problems=problems,
            number=incident_number,
        )
        response = Response(page, status, mimetype="text/html")
    response.headers["Vary"] = "Accept"
    return response


def gone_response(tombstone: PublicTombstone | None) -> Response:
    """410 for a record that was withdrawn, with what may be said of it, or for a past version that was restricted."""
    g.pop("etag", None)
    title, sentence = _words(410)
    if tombstone is None:
        title = gettext("This version is no longer available")
        sentence = gettext("The record is public, but its content at that version may no longer be shown.")
    if wants_json():
        g.is_public_data = True
        error = {"status": 410, "title": title, "detail": sentence, "number": None, "problems": []}
        content = {"error": error, "withdrawn": withdrawn_entry(tombstone) if tombstone else None}
        response = Response(canonical_json(content), 410, mimetype="application/json")
    else:
        page = render_template("errors/gone.html", heading=title, sentence=sentence, tombstone=tombstone)
        response = Response(page, 410, mimetype="text/html")
    response.headers["Vary"] = "Accept"
    return response


def withdrawn_entry(tombstone: PublicTombstone) -> dict[str, Any]:
    """What is said of a withdrawn record to programs; the time is rounded to the day."""
    return {
        "kind": tombstone.kind,
        "key": tombstone.key,
        "withdrawn_on": tombstone.withdrawn_at.date().isoformat(),
        "dataset_version": tombstone.dataset_version,
        "reason": tombstone.reason,
        "successor": tombstone.successor,
    }


def on_http_error(error: HTTPException) -> Response:
    """Any refusal of the framework, in the site's dress, with the headers that its status needs."""
    response = error_response(error.code or 500)
    for name, value in error.get_headers(request.environ):
        if name not in {"Content-Type", "Content-Length"}:
            response.headers[name] = value
    return response


def on_bad_query(error: FilterError) -> Response:
    """A refused query string, with everything that is wrong and what is allowed."""
    return error_response(400, error.problems)


def on_database_error(error: Exception) -> Response:
    """A database that is missing, locked or out of reach: for now, nothing can be read."""
    # The driver's own words name no value; those of SQLAlchemy would repeat the whole statement with its parameters.
    logger.error("the database cannot be read: %s", getattr(error, "orig", None) or type(error).__name__)
    response = error_response(503)
    response.headers["Retry-After"] = SECONDS_TO_RETRY
    return response


def on_unforeseen(error: Exception) -> Response:
    """Anything else: a page with a number, and the same number in the log."""
    original = error.original_exception if isinstance(error, InternalServerError) else error
    number = secrets.token_hex(4)
    logger.error("unforeseen error %s at %s", number, request.endpoint, exc_info=original)
    return error_response(500, incident_number=number)


def init_app(app: Flask) -> None:
    """Let these functions answer for every error of the application."""
    app.register_error_handler(HTTPException, on_http_error)
    app.register_error_handler(FilterError, on_bad_query)
    for unreadable in (OperationalError, PoolTimeoutError):
        app.register_error_handler(unreadable, on_database_error)
    app.register_error_handler(Exception, on_unforeseen)
