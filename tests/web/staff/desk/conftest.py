"""Incidents at every point of the way, recorded by somebody on the staff."""

from collections.abc import Iterable

import pytest
from sqlalchemy import select

from tests.support import drafts
from tests.support.drafts import Raw
from tests.web.staff.conftest import member
from tracker.db import Database
from tracker.registry.models import AuditEntry, Incident, StaffMember
from tracker.registry.permissions import actor_of
from tracker.vocabulary import Status
from tracker.vocabulary.staff import AuditEvent, Role


def record(database: Database, *raws: Raw, by: StaffMember | None = None, status: Status | None = None) -> list[str]:
    """The ids of incidents that somebody has just recorded; the world they refer to is recorded with the first."""
    by = by or member(database, Role.MONITOR)
    with database.write() as session:
        if session.scalars(select(Incident).limit(1)).first() is None:
            drafts.settle(session)
        made = drafts.record(session, *raws, by=actor_of(by))
        for incident in made:
            incident.status = status or incident.status
        if status is not None:
            # Past the operations, as no step leads here at once; the version stays that of the revision.
            session.flush()
    return [incident.id for incident in made]


def readings(database: Database, incident_id: str) -> list[tuple[str, list[str]]]:
    """Who was shown which confidential groups of an incident, in order."""
    wanted = select(AuditEntry).where(
        AuditEntry.event == AuditEvent.READ_CONFIDENTIAL, AuditEntry.object_id == incident_id
    )
    with database.read() as session:
        found: Iterable[AuditEntry] = session.scalars(wanted.order_by(AuditEntry.number)).all()
    return [(entry.actor, entry.detail["groups"]) for entry in found]


@pytest.fixture
def rich_incident(desk_database: Database) -> str:
    """The id of an incident with something in every field, by the monitor."""
    return record(desk_database, drafts.rich())[0]
