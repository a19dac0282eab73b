"""Taking the steps of the workflow: rights, state and everything that stands against a step, in one transaction."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy.orm import Session

from tracker.db import canonical_json, utc_now
from tracker.publication import verbs
from tracker.publication.gate import Outcome, take_turn, without_history
from tracker.registry import operations, workflow
from tracker.registry.drafts import Problem
from tracker.registry.models import Incident, SafetyReview, StaffMember
from tracker.registry.operations import Refused, Stale
from tracker.registry.permissions import may
from tracker.registry.workflow import STEPS, cleared_by
from tracker.vocabulary import Status, WithdrawalReason
from tracker.vocabulary.staff import Action, ReviewAnswer, ReviewCheck, ReviewDecision

STAFF = "staff:"
JOB = "job:"


@dataclass(frozen=True, slots=True)
class Weighing:
    """What a safety reviewer answered: to each check an answer and a note, and what risk stays."""

    answers: Mapping[str, tuple[str | None, str]]
    residual_risk: str | None = None
    review_again_on: date | None = None


@dataclass(frozen=True, slots=True)
class Particulars:
    """What single steps have to be told besides.

    Attributes:
        weighing: the answers of a safety review (clear, object).
        until: the instant until which an embargo holds.
        early: that an embargo is to be lifted by publishing now.
        reason: what the tombstone of a withdrawn record tells.
        successor: the incident that a withdrawn one was merged into.
    """

    weighing: Weighing = field(default_factory=lambda: Weighing({}))
    until: datetime | None = None
    early: bool = False
    reason: WithdrawalReason = WithdrawalReason.UNDISCLOSED
    successor: Incident | None = None


PLAIN = Particulars()


def take(
    session: Session,
    incident: Incident,
    action: Action,
    *,
    by: str,
    why: str | None = None,
    expected_version: int | None = None,
    particulars: Particulars = PLAIN,
) -> Outcome:
    """Take a step. Raises `Stale`, or `Refused` with everything that stands against it; nothing is written then.

    `by` is somebody on the staff, whose rights are judged here, in the transaction that writes, or a job of ours.
    """
    if expected_version is not None and incident.version != expected_version:
        raise Stale(f"incident {incident.id} is at version {incident.version}")
    workflow.refuse_wrong_step(incident, action, why)
    _refuse_stranger(session, incident, action, by)
    if action is Action.PUBLISH:
        # What is judged has to be what is published.
        take_turn(session, [incident])
    _refuse_problems(session, incident, action, by, particulars)
    before = incident.stage
    outcome = _do(session, incident, action, by=by, why=why, particulars=particulars)
    workflow.log(session, incident, action, before, by=by)
    return outcome


def open_problems(session: Session, incident: Incident) -> list[Problem]:
    """Everything that stands against publishing the words of an incident, wherever on its way it is."""
    found = [problem for problem in verbs.problems(session, incident) if problem.path[:1] not in {("status",), UNTIL}]
    if not incident.sources:
        found.append(Problem(("sources",), "is missing", None, "at least one source"))
    return found


UNTIL = ("embargo_until",)


def review_problems(session: Session, incident: Incident) -> list[Problem]:
    """What stands against publishing under the last safety review: it cleared these words, and this very record."""
    review = cleared_by(session, incident)
    if review is None:
        return [Problem(("review",), "no safety review has cleared this text", None, "a cleared safety review")]
    if review.record_digest != digest_of(session, incident):
        allowed = "another safety review, as a name, a source or an outlet has changed since"
        return [Problem(("review",), "what would be published is not what was reviewed", None, allowed)]
    return []


def digest_of(session: Session, incident: Incident) -> str:
    """A digest of the public record that publishing now would make, apart from its history and what is given then."""
    record = without_history(verbs.preview(session, incident)) | {"reference": None, "related": None}
    return hashlib.sha256(canonical_json(record).encode()).hexdigest()


def _refuse_stranger(session: Session, incident: Incident, action: Action, by: str) -> None:
    staff = session.get(StaffMember, by.removeprefix(STAFF)) if by.startswith(STAFF) else None
    if not by.startswith(JOB) and (staff is None or not may(staff, action, incident)):
        raise Refused([Problem(("by",), f"may not {action} this incident")])
    if action in workflow.REVIEWS and not workflow.may_review(session, by, incident):
        raise Refused([Problem(("by",), "wrote this text, and cannot review it", None, "somebody else")])


def _refuse_problems(session: Session, incident: Incident, action: Action, by: str, told: Particulars) -> None:
    found: list[Problem] = []
    if action in {Action.ASK_SAFETY_REVIEW, Action.CLEAR, Action.PUBLISH}:
        found += open_problems(session, incident)
    if action is Action.PUBLISH:
        found += review_problems(session, incident)
        if incident.embargo_until is not None and incident.embargo_until > utc_now() and not told.early:
            over = incident.embargo_until.isoformat(timespec="minutes")
            found.append(Problem(UNTIL, "is not over yet", None, f"publication from {over}, or lifting it knowingly"))
    elif action is Action.CLEAR:
        found += unanswered(told.weighing)
    elif action is Action.EMBARGO and (told.until is None or told.until <= utc_now()):
        found.append(Problem(UNTIL, "is not in the future", None, "an instant to come"))
    if found:
        raise Refused(found)


def unanswered(weighing: Weighing) -> list[Problem]:
    """A problem for each check that has no answer, or a no without a note."""
    found = []
    for check in ReviewCheck:
        answer, note = weighing.answers.get(check, (None, ""))
        if answer not in ReviewAnswer.codes():
            found.append(Problem(("checklist", check), "is not answered", None, ", ".join(ReviewAnswer)))
        elif answer == ReviewAnswer.NO and not note.strip():
            found.append(Problem(("checklist", check, "note"), "is missing", None, "why not, and what follows"))
    return found


def _do(
    session: Session, incident: Incident, action: Action, *, by: str, why: str | None, particulars: Particulars
) -> Outcome:
    match action:
        case Action.PUBLISH:
            if incident.stage is Status.EMBARGOED and particulars.early:
                workflow.move(session, incident, Action.LIFT, by=by, why=why)
            return verbs.publish(session, incident, by=by, why=why)
        case Action.QUARANTINE:
            return verbs.quarantine(session, incident, by=by, why=why)
        case Action.WITHDRAW:
            reason, successor = particulars.reason, particulars.successor
            return verbs.withdraw(session, incident, by=by, why=why or "", reason=reason, successor=successor)
        case Action.CLEAR | Action.OBJECT:
            _write_review(session, incident, action, by=by, weighing=particulars.weighing)
    to = workflow.stage_after(incident, action)
    until = particulars.until if action is Action.EMBARGO else None
    operations.move_incident(session, incident, to, action, by=by, why=why, embargo_until=until)
    return Outcome()


def _write_review(session: Session, incident: Incident, action: Action, *, by: str, weighing: Weighing) -> None:
    answered = {check: pair for check, pair in weighing.answers.items() if check in ReviewCheck.codes() and any(pair)}
    session.add(
        SafetyReview(
            incident_id=incident.id,
            incident_version=incident.version,
            reviewer=by,
            by_author=by in workflow.authors(session, incident),
            decision=ReviewDecision.CLEARED if action is Action.CLEAR else ReviewDecision.OBJECTED,
            record_digest=digest_of(session, incident),
            checklist={check: {"answer": answer, "note": note} for check, (answer, note) in answered.items()},
            residual_risk=weighing.residual_risk,
            review_again_on=weighing.review_again_on,
        )
    )


__all__ = ["STEPS", "Particulars", "Weighing", "digest_of", "open_problems", "review_problems", "take", "unanswered"]
