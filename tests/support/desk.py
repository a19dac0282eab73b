"""People of the desk and the way of an incident through it, for tests."""

from datetime import timedelta

from sqlalchemy.orm import Session

from tracker.db import utc_now
from tracker.publication.steps import Particulars, Weighing, take
from tracker.registry.models import Incident, StaffMember
from tracker.registry.permissions import actor_of
from tracker.vocabulary import Status
from tracker.vocabulary.staff import Action, ReviewCheck, Role

ALL_YES = Weighing(dict.fromkeys(ReviewCheck, ("yes", "")))
WEIGHED = Particulars(weighing=ALL_YES)

# The steps that lead from a recorded incident to each stage, each taken by somebody who may.
WAY: dict[Status, tuple[Action, ...]] = {
    Status.SUBMITTED: (),
    Status.DRAFT: (Action.SEND_BACK,),
    Status.IN_REVIEW: (Action.TAKE_UP,),
    Status.SAFETY_REVIEW: (Action.TAKE_UP, Action.ASK_SAFETY_REVIEW),
    Status.APPROVED: (Action.TAKE_UP, Action.ASK_SAFETY_REVIEW, Action.CLEAR),
    Status.EMBARGOED: (Action.TAKE_UP, Action.ASK_SAFETY_REVIEW, Action.CLEAR, Action.EMBARGO),
    Status.PUBLISHED: (Action.TAKE_UP, Action.ASK_SAFETY_REVIEW, Action.CLEAR, Action.PUBLISH),
    Status.QUARANTINED: (Action.QUARANTINE,),
    Status.WITHDRAWN: (Action.WITHDRAW,),
}
AMENDED = (Status.IN_REVIEW, Status.SAFETY_REVIEW, Status.APPROVED, Status.EMBARGOED)
"""The stages in which changes to a published incident can stand."""


def staff(session: Session, *roles: Role, name: str | None = None) -> str:
    """Somebody with these roles, as revisions name them; the same name always gives the same person."""
    name = name or "-".join(roles)
    email = f"{name}@desk.example.org"
    found = session.query(StaffMember).filter_by(email_key=email).one_or_none()
    if found is not None:
        return actor_of(found)
    made = StaffMember(email=email, email_key=email, name=name.title())
    made.roles = [str(role) for role in roles]
    session.add(made)
    session.flush()
    return actor_of(made)


class Desk:
    """An editor and a safety reviewer, and what they do with incidents."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.monitor = staff(session, Role.MONITOR)
        self.editor = staff(session, Role.EDITOR)
        self.reviewer = staff(session, Role.SAFETY_REVIEWER)

    def step(self, incident: Incident, action: Action, by: str | None = None, **told: object) -> None:
        """Take one step, by whoever may and with whatever it needs, unless told otherwise."""
        usual = self.reviewer if action in {Action.CLEAR, Action.OBJECT} else self.editor
        particulars = Particulars(weighing=ALL_YES, until=utc_now() + timedelta(hours=1))
        given = {"by": by or usual, "why": "a reason", "particulars": particulars} | told
        take(self.session, incident, action, **given)  # type: ignore[arg-type]

    def bring(self, incident: Incident, stage: Status) -> Incident:
        """Bring a submitted incident, or the changes to a published one, to a stage."""
        for action in WAY[stage]:
            if action is not Action.TAKE_UP or incident.stage is Status.SUBMITTED:
                self.step(incident, action)
        return incident
