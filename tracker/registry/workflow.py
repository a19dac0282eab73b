"""The way of an incident to the public and back: which steps there are, from where, to where, and for whom.

    draft → submitted → in review → safety review → approved → published, or embargoed until an instant

An incident that is public keeps that status while changes made to it since go the same way (`incident.stage`).
`tracker.publication.steps.take` takes the steps; what the gate has to decide of them stands there.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.registry import audit, operations
from tracker.registry.drafts import Problem
from tracker.registry.models import Incident, Revision, SafetyReview, Site, StaffMember
from tracker.registry.operations import CHANGES_WORDS, Refused
from tracker.registry.permissions import RULES, actor_of, may
from tracker.vocabulary import Status
from tracker.vocabulary.staff import Action, AuditEvent, ReviewDecision

# Whoever brings a quarantined incident back answers for it as its author does, so that restoring takes two people.
AUTHORSHIP = CHANGES_WORDS | {"record", "reopen"}


EXPLAINED = "explain"
"""The action of the revision in which the reason for a quarantine is kept."""

REVIEWS = frozenset({Action.CLEAR, Action.OBJECT})


@dataclass(frozen=True, slots=True)
class Step:
    """One step: where it may begin, where it leads, and how it is written down.

    Attributes:
        action: what is done; also the action of the revision that it leaves.
        to: the stage after it. Sending back leads elsewhere once an incident was public, see `stage_after`.
        event: the entry that it leaves in the log.
        needs_reason: whether somebody has to say why.
    """

    action: Action
    to: Status
    event: AuditEvent = AuditEvent.MOVED
    needs_reason: bool = False

    @property
    def before(self) -> frozenset[Status]:
        """The stages from which it can be taken, which stand in the table of rights."""
        return RULES[self.action].states or frozenset()


STEPS: Mapping[Action, Step] = {
    step.action: step
    for step in (
        Step(Action.SUBMIT, Status.SUBMITTED),
        Step(Action.TAKE_UP, Status.IN_REVIEW),
        Step(Action.SEND_BACK, Status.DRAFT, needs_reason=True),
        Step(Action.ASK_SAFETY_REVIEW, Status.SAFETY_REVIEW),
        Step(Action.CLEAR, Status.APPROVED, AuditEvent.REVIEWED),
        Step(Action.OBJECT, Status.IN_REVIEW, AuditEvent.REVIEWED, needs_reason=True),
        Step(Action.PUBLISH, Status.PUBLISHED, AuditEvent.PUBLISHED),
        Step(Action.EMBARGO, Status.EMBARGOED),
        Step(Action.LIFT, Status.APPROVED),
        Step(Action.QUARANTINE, Status.QUARANTINED, AuditEvent.QUARANTINED),
        Step(Action.REOPEN, Status.IN_REVIEW, needs_reason=True),
        Step(Action.WITHDRAW, Status.WITHDRAWN, AuditEvent.WITHDRAWN, needs_reason=True),
    )
}
"""The whole way. `docs/workflow.md` prints this table, and the tests try every step at every stage."""


def stage_after(incident: Incident, action: Action) -> Status:
    """Where a step leads this incident. What was public once never becomes its author's alone again."""
    if action is Action.SEND_BACK and incident.first_published_on is not None:
        return Status.IN_REVIEW
    return STEPS[action].to


def can_begin(incident: Incident, action: Action) -> bool:
    """Whether a step leads anywhere from where the incident stands; only an embargo may be set anew."""
    here = incident.stage
    return here in STEPS[action].before and (stage_after(incident, action) is not here or action is Action.EMBARGO)


def steps_open_to(session: Session, staff: StaffMember, incident: Incident) -> list[Action]:
    """The steps that somebody may take with an incident as it stands, in the order of the way."""
    found = [action for action in STEPS if can_begin(incident, action) and may(staff, action, incident)]
    if REVIEWS & set(found) and not may_review(session, actor_of(staff), incident):
        found = [action for action in found if action not in REVIEWS]
    return found


def authors(session: Session, incident: Incident) -> set[str]:
    """Who had a hand in the words that are not public yet: everybody since the last publication.

    A restriction publishes the old words in between; whoever wrote what waited then is an author still.
    """
    wanted = (
        select(Revision.action, Revision.actor)
        .where(Revision.entity_id == incident.id)
        .order_by(Revision.number.desc())
    )
    found: set[str] = set()
    put_back = False
    for action, actor in session.execute(wanted):
        if action == Action.PUBLISH:
            if not put_back:
                break
            put_back = False
        put_back = put_back or action == "reapply"
        if action in AUTHORSHIP:
            found.add(actor)
    return found


def one_person(session: Session) -> bool:
    """Whether the organisation has said that its people may review their own texts."""
    return bool(session.scalar(select(Site.one_person).limit(1)))


def may_review(session: Session, actor: str, incident: Incident) -> bool:
    """Whether somebody may be the safety reviewer: the text is not their own, or the organisation is one person."""
    return actor not in authors(session, incident) or one_person(session)


def last_review(session: Session, incident: Incident) -> SafetyReview | None:
    """The last safety review of an incident."""
    wanted = (
        select(SafetyReview)
        .where(SafetyReview.incident_id == incident.id)
        .order_by(SafetyReview.incident_version.desc(), SafetyReview.at.desc())
        .limit(1)
    )
    return session.scalars(wanted).first()


def reviews(session: Session, incident: Incident) -> list[SafetyReview]:
    """All safety reviews of an incident, the newest first."""
    wanted = select(SafetyReview).where(SafetyReview.incident_id == incident.id)
    return list(session.scalars(wanted.order_by(SafetyReview.incident_version.desc(), SafetyReview.at.desc())))


def cleared_by(session: Session, incident: Incident) -> SafetyReview | None:
    """The review that holds for the words of an incident as they stand, if it cleared them."""
    review = last_review(session, incident)
    if review is None or review.decision != ReviewDecision.CLEARED:
        return None
    changed_since = select(Revision.id).where(
        Revision.entity_id == incident.id,
        Revision.number > review.incident_version,
        Revision.action.in_(CHANGES_WORDS),
    )
    return None if session.scalars(changed_since.limit(1)).first() else review


def refuse_wrong_step(incident: Incident, action: Action, why: str | None) -> None:
    """Refuse a step that cannot be taken from here, naming where it can, and one that lacks its reason."""
    found = []
    if not can_begin(incident, action):
        allowed = ", ".join(sorted(STEPS[action].before - {stage_after(incident, action)}))
        found.append(Problem(("status",), f"{action} cannot be done from here", incident.stage, allowed))
    elif STEPS[action].needs_reason and not (why or "").strip():
        found.append(Problem(("why",), "is missing", None, "a reason"))
    if found:
        raise Refused(found)


def move(session: Session, incident: Incident, action: Action, *, by: str, why: str | None) -> None:
    """Take a step that changes nothing but the stage: one revision and one entry in the log."""
    before = incident.stage
    operations.move_incident(session, incident, stage_after(incident, action), action, by=by, why=why)
    log(session, incident, action, before, by=by)


def log(session: Session, incident: Incident, action: Action, before: Status, *, by: str) -> None:
    """Write the entry that a step leaves in the log."""
    detail: audit.Detail = {
        "step": str(action),
        "from": str(before),
        "to": str(incident.stage),
        "version": incident.version,
    }
    audit.write(session, STEPS[action].event, by=by, kind="incident", id=incident.id, detail=detail)


def quarantine_explained(session: Session, incident: Incident) -> bool:
    """Whether somebody has said why the incident was last quarantined, then or afterwards."""
    wanted = (
        select(Revision.action, Revision.why)
        .where(Revision.entity_id == incident.id, Revision.action.in_({Action.QUARANTINE, EXPLAINED}))
        .order_by(Revision.number.desc())
        .limit(1)
    )
    found = session.execute(wanted).first()
    return found is not None and bool(found.why)


def explain_quarantine(session: Session, incident: Incident, *, by: str, why: str) -> None:
    """Keep the reason for a quarantine, which was to be had without one."""
    if incident.status != Status.QUARANTINED:
        raise Refused([Problem(("status",), "is not quarantined", incident.status, Status.QUARANTINED)])
    operations.remark(session, incident, EXPLAINED, by=by, why=why)


def submit(session: Session, incident: Incident, *, by: str) -> None:
    """Hand in an incident that was sent back to its author. Raises `Refused` with everything that stands against it."""
    refuse_wrong_step(incident, Action.SUBMIT, None)
    move(session, incident, Action.SUBMIT, by=by, why=None)
