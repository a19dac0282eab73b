"""The history of an incident. What is restored goes the way to the public that any change of it goes."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from tracker.registry.models import Entity, Incident
from tracker.vocabulary import Status
from tracker.vocabulary.staff import Action, FieldGroup
from tracker.web.staff import reading_log
from tracker.web.staff.history.pages import routes_of
from tracker.web.staff.history.subject import Subject
from tracker.web.staff.objects import incident_for
from tracker.web.translation import gettext
from tracker.web.wording import plain


class Incidents(Subject):
    """Incidents, of which monitors read only their own, and whose changes wait for review."""

    kind = "incident"
    rule = "/incidents/<incident_id>"
    id_name = "incident_id"
    endpoints: Mapping[str, str] = {
        "record": "incident",
        "history": "history",
        "revision": "revision",
        "restore": "restore_revision",
    }
    right = Action.READ

    def find(self, session: Session, record_id: str, action: Action) -> Incident:
        """The incident, if whoever is signed in may do this to it as it stands; else 404 or 403."""
        return incident_for(session, record_id, action)

    def title(self, entity: Entity) -> str:
        """Its title, else its reference."""
        assert isinstance(entity, Incident)
        return plain(entity.title, entity.reference or gettext("without a title"))

    def groups(self, session: Session, entity: Entity, snapshots: Sequence[Mapping[str, Any]]) -> set[FieldGroup]:
        """The confidential groups that hold anything in these states of the incident."""
        return reading_log.groups_in(session, snapshots)

    def public_note(self, session: Session, entity: Entity) -> str | None:
        """That what is restored waits like any change of a public incident."""
        assert isinstance(entity, Incident)
        if entity.status != Status.PUBLISHED:
            return None
        return gettext("What the public sees stays as it is until the restored text has gone the whole way again.")


ROUTES = routes_of(Incidents())
