"""Where incidents stand: published, withdrawn, quarantined, and on their way. Each write leaves a revision.

The gate and the workflow call these; nobody else moves an incident.
"""

from collections.abc import Sequence, Set
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.db import utc_now
from tracker.registry import name_keys
from tracker.registry.directory import KEYS_AT_ONCE
from tracker.registry.drafts import Problem
from tracker.registry.mapping import snapshot
from tracker.registry.models import Incident, Revision
from tracker.registry.references import give_references
from tracker.registry.revising import Refused, Stale, changes_between, flush, revision_of, write_revisions
from tracker.vocabulary import Status

# What a record's status may become, by what is done to it. A withdrawn record stays withdrawn.
PUBLISHABLE = frozenset(
    {
        Status.SUBMITTED,
        Status.IN_REVIEW,
        Status.SAFETY_REVIEW,
        Status.APPROVED,
        Status.EMBARGOED,
        Status.PUBLISHED,
    }
)

# What has come to an end cannot be taken off the site any more; what was erased cannot even be withdrawn.
QUARANTINABLE = frozenset(Status) - {Status.WITHDRAWN, Status.ERASED}
WITHDRAWABLE = frozenset(Status) - {Status.ERASED}


def publish_incident(session: Session, incident: Incident, *, by: str, why: str | None = None) -> None:
    """Mark an incident as published, giving it its reference the first time. Only the gate calls this."""
    publish_incidents(session, [incident], by=by, why=why)


def publish_incidents(
    session: Session, incidents: Sequence[Incident], *, by: str, why: str | None = None, on: date | None = None
) -> None:
    """Mark incidents as published, in their order; all of them, or (`Refused`) none. Only the gate calls this.

    `on` is the day of publication, which a record keeps from its first one on.
    """
    _allow(incidents, PUBLISHABLE, "published")
    unnamed = [incident for incident in incidents if incident.reference is None]
    give_references(session, unnamed)
    for incident in incidents:
        # Set together with the status: each write of an incident leaves one revision.
        if incident.status != Status.PUBLISHED:
            incident.first_published_on = incident.first_published_on or on or utc_now().date()
    _set_status(session, incidents, Status.PUBLISHED, "publish", by=by, why=why)
    # Only now, since whatever is written flushes what stands half done.
    name_keys.add_references(session, unnamed)


def withdraw_incident(session: Session, incident: Incident, *, by: str, why: str) -> None:
    """Mark a published incident as withdrawn. Only the gate calls this."""
    _allow([incident], WITHDRAWABLE, "withdrawn")
    _set_status(session, [incident], Status.WITHDRAWN, "withdraw", by=by, why=why)


def quarantine_incident(
    session: Session, incident: Incident, *, by: str, why: str | None, public_revision: int | None = None
) -> None:
    """Mark a published incident as taken off the site until it has been looked at. Only the gate calls this.

    `public_revision` is the number of the revision that was public, from which a later publication counts on.
    """
    _allow([incident], QUARANTINABLE, "quarantined")
    if incident.status != Status.QUARANTINED:
        incident.public_revision = public_revision or incident.public_revision
    _set_status(session, [incident], Status.QUARANTINED, "quarantine", by=by, why=why)


def move_incident(
    session: Session,
    incident: Incident,
    to: Status,
    action: str,
    *,
    by: str,
    why: str | None = None,
    embargo_until: datetime | None = None,
) -> None:
    """Move an incident, or what was changed of it since publication, to another stage.

    Which moves there are stands in `tracker.registry.workflow`.
    """
    _set_status(session, [incident], to, action, by=by, why=why, embargo_until=embargo_until)


def published_snapshot(session: Session, incident: Incident) -> dict[str, Any]:
    """The text that was published last, as it stood then, of an incident of which changes wait."""
    of_it = (Revision.entity_id == incident.id, Revision.action == "publish")
    last = select(Revision.snapshot).where(*of_it).order_by(Revision.number.desc()).limit(1)
    found: dict[str, Any] = session.scalars(last).one()
    return found


def remark(session: Session, incident: Incident, action: str, *, by: str, why: str) -> None:
    """Remember a reason that is given after the step that it explains, and that changes nothing."""
    incident.updated_at = utc_now()
    flush(session)
    write_revisions(session, [revision_of(incident, action, [], snapshot(incident), by=by, why=why)])


def hold(session: Session, incidents: Sequence[Incident]) -> None:
    """Keep others from changing these incidents before the transaction ends.

    Raises `Stale` where one was changed since it was read: what was read must not be published over what came after.
    """
    session.flush()
    ids = sorted(incident.id for incident in incidents)
    versions: dict[str, int] = {}
    for start in range(0, len(ids), KEYS_AT_ONCE):
        chunk = Incident.id.in_(ids[start : start + KEYS_AT_ONCE])
        wanted = select(Incident.id, Incident.version).where(chunk).order_by(Incident.id).with_for_update()
        versions |= {row.id: row.version for row in session.execute(wanted)}
    for incident in incidents:
        if versions.get(incident.id) != incident.version:
            raise Stale(f"incident {incident.key or incident.id} is at version {versions.get(incident.id)}")


def _standing(incident: Incident) -> dict[str, str | None]:
    until = incident.embargo_until
    return {"status": incident.stage.value, "embargo_until": until.isoformat() if until else None}


def _set_status(
    session: Session,
    incidents: Sequence[Incident],
    to: Status,
    action: str,
    *,
    by: str,
    why: str | None,
    embargo_until: datetime | None = None,
) -> None:
    changing = {i: _standing(i) for i in incidents if i.stage != to or i.embargo_until != embargo_until}
    for incident in changing:
        if incident.status == Status.PUBLISHED and to in PUBLISHABLE - {Status.PUBLISHED}:
            incident.amendment = to
        else:
            incident.status, incident.amendment = to, None
        incident.embargo_until = embargo_until
        incident.updated_at = utc_now()
    # One flush for all: each one looks through every record of the session.
    flush(session)
    moves = {incident: changes_between(before, _standing(incident)) for incident, before in changing.items()}
    remembered = [revision_of(e, action, changes, snapshot(e), by=by, why=why) for e, changes in moves.items()]
    write_revisions(session, remembered)


def _allow(incidents: Sequence[Incident], from_here: Set[Status], what: str) -> None:
    allowed = ", ".join(sorted(from_here))
    found = [
        Problem(("status",), f"cannot be {what} from here", incident.status, allowed)
        for incident in incidents
        if incident.status not in from_here
    ]
    if found:
        raise Refused(found)
