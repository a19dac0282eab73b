"""Releases of the dataset: their list, what each is and what changed since the one before, and their files.

A file is handed out only while the database says that nothing in it was taken back. That is asked for each request,
and again every second while a file is being sent.
"""

import errno
import hashlib
import io
import logging
import time
from typing import Any, BinaryIO, NoReturn

from flask import Response, abort, current_app, g, request, url_for
from sqlalchemy.orm import Session
from werkzeug.exceptions import HTTPException

from tracker.dataset import releases
from tracker.dataset.editions import Edition, dataset_version
from tracker.dataset.exports import Sessions
from tracker.dataset.exports.meta import iso_instant
from tracker.dataset.filters import DatasetFilter
from tracker.dataset.releases import Release, ReleaseFile
from tracker.dataset.releases.folder import file_in
from tracker.db import canonical_json
from tracker.settings import Settings
from tracker.web.errors import SECONDS_TO_RETRY, error_response
from tracker.web.headers import unless_known
from tracker.web.public.answers import json_answer, meta_of, say_edition
from tracker.web.public.asking import refuse_parameters
from tracker.web.public.citing import cite_release
from tracker.web.public.context import address, database, page, reading
from tracker.web.translation import gettext

BLOCK = 1 << 18
SECONDS_BETWEEN_LOOKS = 1.0
SHOWN_IN_THE_BROWSER = ("manifest.json", "SHA256SUMS")

logger = logging.getLogger(__name__)


def index() -> str:
    """All releases, the newest first."""
    with reading() as session:
        g.version, found = _enter(session)
        editions = {release.name: _edition(session, release) for release in found}
    return page("public/releases.html", canonical=address("public.releases"), releases=found, editions=editions)


def one(name: str) -> str:
    """One release: what it holds, what changed, its files with their hashes, how to check and to cite it."""
    refuse_parameters()
    with reading() as session:
        edition = dataset_version(session)
        found = _found(session, name)
        unless_known(edition, _state([found]))
        frozen = _edition(session, found)
    g.version = edition
    assert frozen.published_at is not None
    return page(
        "public/release.html",
        canonical=address("public.release", name=name),
        release=found,
        frozen=frozen,
        citation=cite_release(found, frozen.published_at),
        sums_address=address("public.release_file", name=name, file="SHA256SUMS"),
    )


def listed() -> Response:
    """All releases as JSON, with the hashes of their files."""
    with reading() as session:
        edition, found = _enter(session)
    content = {"meta": meta_of(edition), "releases": [_as_dict(release) for release in found]}
    return json_answer(canonical_json(content) + "\n", edition)


def manifest(name: str) -> Response:
    """The manifest of a release, exactly as it lies beside its files."""
    refuse_parameters()
    with reading() as session:
        edition = dataset_version(session)
        found = _ready(session, name)
        unless_known(edition, _state([found]))
    assert found.manifest_text is not None
    return json_answer(found.manifest_text, edition)


def file(name: str, file: str) -> Response:
    """A file of a release, or a part of it."""
    refuse_parameters()
    with reading() as session:
        # Unknown files of a release that is being made anew are as unknown as ever, but nobody can tell which.
        found = _ready(session, name)
        wanted = found.file(file)
        if wanted is None:
            abort(404)
        frozen = _edition(session, found)
    response = Response(_opened(found, wanted), content_type=wanted.media_type)
    response.set_etag(wanted.sha256)
    response.headers["X-SHA256"] = wanted.sha256
    say_edition(response, found.dataset_version, frozen.published_at)
    disposition = "inline" if wanted.name in SHOWN_IN_THE_BROWSER else "attachment"
    response.headers["Content-Disposition"] = f'{disposition}; filename="{wanted.name}"'
    response.content_length = wanted.bytes
    response.make_conditional(request, accept_ranges=True, complete_length=wanted.bytes)
    return response


class Watched(io.RawIOBase):
    """A file of a release in blocks, which breaks off as soon as something in it is taken back."""

    def __init__(self, opened: BinaryIO, release: Release, sessions: Sessions) -> None:
        self._opened = opened
        self._sessions = sessions
        self._release = release
        self._looked = time.monotonic()

    def __iter__(self) -> "Watched":
        return self

    def __next__(self) -> bytes:
        """The next block. Raises `OSError`, which ends the connection, so that nobody takes a part for the whole."""
        if time.monotonic() - self._looked > SECONDS_BETWEEN_LOOKS:
            # The request is over by now, and what belongs to it cannot be asked for any more.
            with self._sessions() as session:
                whole = releases.is_whole(session, self._release.name, str(self._release.folder))
            if not whole:
                raise OSError(errno.ECONNRESET, "the release is being issued anew")
            self._looked = time.monotonic()
        if block := self._opened.read(BLOCK):
            return block
        # Not every server says when it has done with an answer.
        self.close()
        raise StopIteration

    def seekable(self) -> bool:
        """A part of it can be asked for."""
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to a place in the file."""
        return self._opened.seek(offset, whence)

    def tell(self) -> int:
        """The place in the file."""
        return self._opened.tell()

    def close(self) -> None:
        """Close the file."""
        self._opened.close()
        super().close()


def _opened(release: Release, wanted: ReleaseFile) -> Watched:
    settings: Settings = current_app.extensions["tracker_settings"]
    try:
        opened = file_in(settings.releases, str(release.folder), wanted.name).open("rb")
    except OSError as error:
        # It was removed this very moment, or this server does not share the folder with the one that made it.
        logger.error("a file of release %s cannot be read: %s", release.name, error.strerror)
        _say_later()
    return Watched(opened, release, database().public)


def _enter(session: Session) -> tuple[Edition, list[Release]]:
    refuse_parameters()
    edition = dataset_version(session)
    found = releases.all_releases(session)
    unless_known(edition, _state(found))
    return edition, found


def _state(found: list[Release]) -> str:
    """What changes with every release and every issue: these do not make a dataset version of their own."""
    return hashlib.sha256(repr([(one.name, one.issue, one.folder) for one in found]).encode()).hexdigest()


def _found(session: Session, name: str) -> Release:
    found = releases.release(session, name)
    if found is None:
        abort(404)
    return found


def _ready(session: Session, name: str) -> Release:
    found = _found(session, name)
    if not found.is_ready:
        _say_later()
    return found


def _edition(session: Session, release: Release) -> Edition:
    return dataset_version(session, DatasetFilter(dataset=release.dataset_version))


def _say_later() -> NoReturn:
    title = gettext("This release is being issued anew")
    sentence = gettext("Its files will be here again in a few minutes. Please try again then.")
    response = error_response(503, words=(title, sentence))
    response.headers["Retry-After"] = SECONDS_TO_RETRY
    raise HTTPException(response=response)


def _as_dict(release: Release) -> dict[str, Any]:
    links = {file.name: url_for("public.release_file", name=release.name, file=file.name) for file in release.files}
    return {
        "name": release.name,
        "dataset_version": release.dataset_version,
        "created_at": iso_instant(release.created_at),
        "notes": release.notes,
        "issue": release.issue,
        "issued_at": iso_instant(release.issued_at),
        "ready": release.is_ready,
        "unavailable": release.manifest["unavailable"] if release.manifest else None,
        "files": [{**file.as_dict(), "path": links[file.name]} for file in release.files],
    }
