"""What a form of this room posts beside its fields, and the record from which it was filled."""

from flask import abort, request
from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.registry.mapping import snapshot
from tracker.registry.models import Entity, Revision
from tracker.web.staff.references.forms import Raw


def number_posted(name: str) -> int:
    """A version that goes along with a form; 400 where it is no number."""
    given = request.form.get(name, "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 10 else abort(400)


def base_of(session: Session, entity: Entity, version: int) -> Raw:
    """The record as it stood when the form was filled."""
    wanted = select(Revision.snapshot).where(Revision.entity_id == entity.id, Revision.number == version)
    found: Raw | None = session.scalars(wanted).first()
    return snapshot(entity) if found is None else found
