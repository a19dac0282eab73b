"""Finding one record at the version that is asked for, or the right way to say that it cannot be had."""

from typing import Any, NoReturn

from flask import abort
from sqlalchemy.orm import Session
from werkzeug.exceptions import HTTPException

from tracker.dataset import queries
from tracker.dataset.editions import Edition
from tracker.dataset.fields import Kind
from tracker.dataset.filters import DatasetFilter
from tracker.dataset.records import PublicRecord
from tracker.web.errors import gone_response


def at_version(wanted: DatasetFilter) -> dict[str, Any]:
    """The parameters that ask for the same version again."""
    return {name: value for name, value in wanted.pairs() if name in {"as_of", "dataset"}}


def found_or_gone(session: Session, kind: Kind, key: str, edition: Edition) -> PublicRecord:
    """The record; else stop with 410 where it is said to be gone, and with 404 where nothing is said.

    A draft, an embargoed and a quarantined record have no row that is read here, so that they answer as an
    unknown one does, by the same way through the program.
    """
    # A name that no record can have is not looked for: PostgreSQL refuses some characters.
    if not (key.isascii() and key.isprintable()):
        abort(404)
    found = queries.record(session, kind, key, edition.version)
    return found if found is not None else _say_gone(session, kind, key, edition)


def _say_gone(session: Session, kind: Kind, key: str, edition: Edition) -> NoReturn:
    tombstone = queries.tombstone(session, key, kind)
    if tombstone is not None:
        raise HTTPException(response=gone_response(tombstone))
    present = queries.record(session, kind, key)
    if present is not None and queries.was_restricted(session, present.record_id, edition.version):
        raise HTTPException(response=gone_response(None))
    abort(404)
