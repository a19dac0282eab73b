"""Which incidents name which: a public one shows another only where that is public too."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.publication.record import public_references, related_references
from tracker.registry import operations
from tracker.registry.directory import Directory
from tracker.registry.models import Incident
from tracker.registry.models.incident import related_incident
from tracker.vocabulary import Status


def naming(session: Session, incidents: Iterable[Incident]) -> list[Incident]:
    """Other published incidents that name one of these."""
    named = {incident.id for incident in incidents}
    wanted = (
        select(Incident)
        .join(related_incident, related_incident.c.incident_id == Incident.id)
        .where(related_incident.c.other_id.in_(named), Incident.status == Status.PUBLISHED)
        .distinct()
    )
    return [other for other in session.scalars(wanted) if other.id not in named]


def in_public(session: Session, directory: Directory, incident: Incident) -> list[str]:
    """The references that the published text of an incident relates it to; what waits may relate it to others."""
    if incident.amendment is None:
        return related_references(incident)
    keys = operations.published_snapshot(session, incident).get("related", [])
    return public_references(directory.all(Incident, keys))
