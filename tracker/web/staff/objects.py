"""Finding records for those who may see them: what is not theirs to know of answers as what does not exist."""

from typing import TypeVar

from flask import abort
from sqlalchemy.orm import Session

from tracker.registry.models import Entity, Incident
from tracker.registry.permissions import may
from tracker.vocabulary.staff import Action
from tracker.web.staff.context import me

E = TypeVar("E", bound=Entity)


def incident_for(session: Session, incident_id: str, action: Action) -> Incident:
    """The incident, if whoever is signed in may do this to it as it stands; else 404, or 403 where they may read it.

    Call it in the transaction that writes, so that right and state are judged there (OWASP ASVS 5.0, 8.3.2, 15.4.2).
    """
    found = _by_id(session, Incident, incident_id)
    if found is None or not may(me(), Action.READ, found):
        abort(404)
    if not may(me(), action, found):
        abort(403)
    return found


def record_for(session: Session, model: type[E], record_id: str) -> E:
    """An outlet, person, source or topic by its id; else 404."""
    return _by_id(session, model, record_id) or abort(404)


def _by_id(session: Session, model: type[E], record_id: str) -> E | None:
    # An id that none can have is not looked for: PostgreSQL refuses some characters.
    return session.get(model, record_id) if record_id.isascii() and record_id.isalnum() else None
