"""The verbs of the gate for one incident: publish, restrict, withdraw, quarantine."""

from functools import partial

from sqlalchemy.orm import Session

from tracker.dataset import past, store
from tracker.dataset.fields import Kind
from tracker.db import utc_now
from tracker.publication import checks
from tracker.publication.faces import merged_into
from tracker.publication.former import Former
from tracker.publication.gate import Gate, Outcome, take_turn
from tracker.publication.mentions import off_the_site
from tracker.publication.published import as_shown
from tracker.publication.record import PublicRecord
from tracker.registry import operations, upkeep
from tracker.registry.directory import Directory
from tracker.registry.drafts import IncidentDraft, Problem
from tracker.registry.mapping import draft_of
from tracker.registry.models import Incident, Outlet
from tracker.vocabulary import Status, WithdrawalReason

UPKEEP = "job:upkeep"
"""How what the program itself sees to is signed."""


def publish(session: Session, incident: Incident, *, by: str, why: str | None = None) -> Outcome:
    """Publish one incident. Raises `Refused` with everything that stands against it."""
    return Gate(session, by=by, why=why).publish([incident])


def preview(session: Session, incident: Incident) -> PublicRecord:
    """The public record exactly as publishing the incident now would make it."""
    gate = Gate(session, by="preview")
    return gate.record(incident, gate.standing([incident]).get(incident.id))


def problems(session: Session, incident: Incident) -> list[Problem]:
    """Everything that stands against publishing the incident now."""
    draft = draft_of(incident)
    known = Directory(session).known([draft])
    called = Former(session).names([incident])
    return checks.problems(incident, draft, known, partial(preview, session, incident), utc_now(), called)


def restrict(
    session: Session,
    incident: Incident,
    draft: IncidentDraft,
    *,
    by: str,
    why: str,
    expected_version: int | None = None,
    gate: Gate | None = None,
) -> Outcome:
    """Make a published incident say less, and remove the content of its earlier versions.

    `draft` is the incident as it shall stand: a name withheld, a place coarsened, a consent withdrawn. Where the
    incident is not public, only the registry changes. What was saved of the outlets, sources, topics and people that
    it names, and waits to be published, goes on waiting.
    """
    take_turn(session, [incident])
    operations.restrict_incident(session, incident, draft, by=by, why=why, expected_version=expected_version)
    if incident.status != Status.PUBLISHED:
        return Outcome()
    gate = gate or Gate(session, by=by, why=why)
    return gate.restrict(incident, as_shown(session, incident, draft))


def withdraw(
    session: Session,
    incident: Incident,
    *,
    by: str,
    why: str,
    reason: WithdrawalReason = WithdrawalReason.UNDISCLOSED,
    successor: Incident | None = None,
) -> Outcome:
    """Take a published incident back for good. A tombstone stays: reference, day and, if it is told, the reason.

    `why` stays in the registry; only `reason` is published. A record that was never public is withdrawn without a
    trace outside.
    """
    # A draft may have been quarantined too; only what was ever published has a reference.
    take_turn(session, [incident])
    was_public = incident.reference is not None and incident.status in {Status.PUBLISHED, Status.QUARANTINED}
    operations.withdraw_incident(session, incident, by=by, why=why)
    if not was_public:
        return Outcome()
    gate = Gate(session, by=by, why=why)
    store.withdraw(
        session,
        dataset_version=gate.version(),
        kind=Kind.INCIDENT,
        record_id=incident.id,
        reason=reason,
        # One that is not public must not be told by the tombstone of another.
        successor=successor.reference if successor and gate.standing([successor]) else None,
        key=incident.reference,
        at=gate.at,
    )
    upkeep.want(session, upkeep.PURGE)
    return gate.relate([incident])


def quarantine(session: Session, incident: Incident, *, by: str, why: str | None) -> Outcome:
    """Take a published incident off every public page at once, until somebody has looked at it.

    Records that name it lose its reference, in all their versions. The outlets and topics that came out with it and
    that nothing else names go with it, and come back with it; what is said of outlets that were merged into those goes.
    """
    take_turn(session, [incident])
    gate = Gate(session, by=by, why=why)
    public = gate.standing([incident]).get(incident.id)
    count = public["revision"] if public else None
    operations.quarantine_incident(session, incident, by=by, why=why, public_revision=count)
    if public is None:
        return Outcome()
    for kind, record_id in [*past.only_named_by(session, incident.id), (Kind.INCIDENT, incident.id)]:
        store.hide(session, dataset_version=gate.version(), kind=kind, record_id=record_id)
        if kind is Kind.OUTLET:
            # Their addresses would lead to the one that is hidden now.
            store.forget_tombstones(session, kind, [each.id for each in merged_into(session, Outlet, record_id)])
    upkeep.want(session, upkeep.PURGE)
    assert incident.reference is not None, "what is public has a reference"
    return gate.forget([incident.reference])


def forget_left_behind(session: Session) -> Outcome:
    """Forget the references of all records that are off the site wherever public records name them still.

    Programs before this one left them there, and a restored backup may. A second call finds nothing to do.
    """
    references = off_the_site(session)
    left = bool(references) and (past.naming(session, references) or past.successors(session) & set(references))
    if not left:
        return Outcome()
    upkeep.want(session, upkeep.PURGE)
    return Gate(session, by=UPKEEP).forget(references)
