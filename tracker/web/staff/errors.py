"""Errors inside the desk, in its dress: what is not there and what one may not know of are the same page.

The page says what to do and nothing of what was asked for. Programs get JSON. What is unforeseen is logged under a
number, as on the public pages.
"""

import logging
import secrets

from flask import Flask, Response, jsonify, render_template, request
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from werkzeug.exceptions import HTTPException, InternalServerError

from tracker.web import errors as public_errors
from tracker.web.staff.accounts.asking import wants_json
from tracker.web.translation import gettext

logger = logging.getLogger(__name__)


def is_of_the_desk() -> bool:
    """Whether this request is for the desk, for one of its pages or for an address below it that has none."""
    return request.blueprint == "staff" or request.path == "/staff" or request.path.startswith("/staff/")


def _words(status: int) -> tuple[str, str]:
    known = {
        400: (gettext("This cannot be done so"), gettext("Part of what was sent is wrong or missing.")),
        403: (
            gettext("This is not allowed"),
            gettext("Your roles or the state of the record do not allow it, or another site sent it."),
        ),
        404: (
            gettext("There is no such page for you"),
            gettext("The address may be mistyped, or it leads to what is not yours to see."),
        ),
        405: (gettext("This cannot be done so"), gettext("This address does not take such a request.")),
        409: (gettext("Somebody else was faster"), gettext("Open the page again to see how it stands now.")),
        413: (gettext("Too much was sent"), gettext("The form is larger than this site accepts.")),
        500: (gettext("Something went wrong here"), gettext("The fault is ours, and it has been noted.")),
        503: (
            gettext("The register is busy just now"),
            gettext("Nothing was changed. Go back with your browser and send it again in a minute."),
        ),
    }
    return known.get(status, (gettext("This cannot be done so"), gettext("The server refused it.")))


def error_response(status: int, number: str | None = None) -> Response:
    """An error as a page of the desk, or as JSON where a script asked."""
    heading, sentence = _words(status)
    if wants_json():
        response = jsonify({"problem": sentence, "number": number})
        response.status_code = status
        return response
    page = render_template("staff/error.html", status=status, heading=heading, sentence=sentence, number=number)
    return Response(page, status, mimetype="text/html")


def on_http_error(error: HTTPException) -> Response:
    """Any refusal of the framework, below the address of the desk in its dress and else in that of the site."""
    if not is_of_the_desk():
        return public_errors.on_http_error(error)
    response = error_response(error.code or 500)
    for name, value in error.get_headers(request.environ):
        if name not in {"Content-Type", "Content-Length"}:
            response.headers[name] = value
    return response


def on_database_error(error: Exception) -> Response:
    """A database that is locked or out of reach."""
    if not is_of_the_desk():
        return public_errors.on_database_error(error)
    # The driver's own words name no value; those of SQLAlchemy would repeat the whole statement.
    logger.error("the database cannot be used: %s", getattr(error, "orig", None) or type(error).__name__)
    response = error_response(503)
    response.headers["Retry-After"] = public_errors.SECONDS_TO_RETRY
    return response


def on_unforeseen(error: Exception) -> Response:
    """Anything else: a page with a number, and the same number in the log."""
    if not is_of_the_desk():
        return public_errors.on_unforeseen(error)
    original = error.original_exception if isinstance(error, InternalServerError) else error
    number = secrets.token_hex(4)
    logger.error("unforeseen error %s at %s", number, request.endpoint, exc_info=original)
    return error_response(500, number)


def init_app(app: Flask) -> None:
    """Let these functions answer for every error; those outside the desk they hand on."""
    app.register_error_handler(HTTPException, on_http_error)
    for unreadable in (OperationalError, PoolTimeoutError):
        app.register_error_handler(unreadable, on_database_error)
    app.register_error_handler(Exception, on_unforeseen)
