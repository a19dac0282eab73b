"""Files that are made once and then served: whole or in parts, with their hash, and not beyond a quarantine."""

import base64
import errno
import time
from collections.abc import Callable
from typing import TypeVar

from flask import Flask, Response, current_app, g, request
from werkzeug.exceptions import HTTPException
from werkzeug.wsgi import FileWrapper

from tracker.dataset.editions import Edition, still_holds
from tracker.dataset.exports.shelf import PIECE, Busy, Kept, Recipe, Shelf, TakenBack
from tracker.db import Database
from tracker.settings import Settings
from tracker.web.errors import error_response
from tracker.web.headers import build
from tracker.web.public.context import database
from tracker.web.translation import gettext

TRIES = 3
SECONDS_TO_RETRY = "10"
SECONDS_BETWEEN_LOOKS = 1.0
_EXTENSION = "tracker_shelf"

Said = TypeVar("Said")


class NoRoom(HTTPException):
    """507: the file cannot be made, since the disk is full or may not be written to."""

    code = 507
    description = "The file could not be made."


class Sending(FileWrapper):
    """A file on its way to a reader. It ends, broken off, where something that it may hold was taken back meanwhile."""

    def __init__(self, kept: Kept, holds: Callable[[], bool]) -> None:
        super().__init__(kept.file, PIECE)
        self._holds = holds
        self._look_at = 0.0

    def __next__(self) -> bytes:
        if time.monotonic() >= self._look_at:
            if not self._holds():
                # The server closes the connection at this, so that nobody takes the part for the whole.
                raise ConnectionResetError(errno.ECONNRESET, "something was taken back")
            self._look_at = time.monotonic() + SECONDS_BETWEEN_LOOKS
        try:
            return super().__next__()
        except StopIteration:
            # Not every server says when it has done with an answer.
            self.close()
            raise


def init_app(app: Flask) -> None:
    """Let every public answer look whether something new was published, and remove what was made before."""

    @app.after_request
    def _clear_older(response: Response) -> Response:
        newest: Edition | None = g.get("newest")
        if newest is not None:
            shelf_of(current_app).clear_older(newest)
        return response


def shelf_of(app: Flask) -> Shelf:
    """The shelf of an application."""
    settings: Settings = app.extensions["tracker_settings"]
    shelf: Shelf | None = app.extensions.get(_EXTENSION)
    if shelf is None:
        shelf = Shelf(settings.exports, most=settings.exports_megabytes * 1_000_000, mark=build())
        # Two threads that come at once take the same one.
        shelf = app.extensions.setdefault(_EXTENSION, shelf)
    return shelf


def answer(prepared: Callable[[], tuple[Recipe, Said]]) -> tuple[Response, Said]:
    """The answer with a file, and what else is said of it; `prepared` reads anew what both are."""
    recipe, said, kept = _get(prepared)
    response = _send(kept, recipe.edition)
    response.headers["X-SHA256"] = kept.sha256
    response.headers["Repr-Digest"] = f"sha-256=:{base64.b64encode(bytes.fromhex(kept.sha256)).decode()}:"
    return response, said


def _get(prepared: Callable[[], tuple[Recipe, Said]]) -> tuple[Recipe, Said, Kept]:
    for _ in range(TRIES):
        recipe, said = prepared()
        try:
            return recipe, said, shelf_of(current_app).get(database().public, recipe)
        except TakenBack:
            continue
        except Busy:
            break
        except OSError as error:
            current_app.logger.error("a file could not be made: %s", error.strerror)
            raise NoRoom from error
    words = gettext("Please try again"), gettext("Other files are being made just now. Please try again in a moment.")
    response = error_response(503, words=words)
    response.headers["Retry-After"] = SECONDS_TO_RETRY
    raise HTTPException(response=response)


def _send(kept: Kept, edition: Edition) -> Response:
    opened: Database = database()

    def holds() -> bool:
        with opened.public() as session:
            return still_holds(session, edition)

    response = Response(Sending(kept, holds), direct_passthrough=True)
    response.content_length = kept.size
    response.set_etag(g.etag)
    try:
        response.make_conditional(request.environ, accept_ranges=True, complete_length=kept.size)
    except HTTPException:
        kept.file.close()
        raise
    if request.method == "HEAD" or response.status_code not in (200, 206):
        # Nothing of the file is sent.
        kept.file.close()
        response.direct_passthrough = False
        response.response = []
    return response
