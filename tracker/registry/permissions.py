"""Which role may do what to which record in which state: one table, from which documentation and tests are made.

A right that is not listed does not exist. Rights add up over the roles of one person, and are judged again inside
the transaction of every write.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum

from tracker.registry.models import Incident, StaffMember
from tracker.vocabulary import Status
from tracker.vocabulary.staff import Action, Role

ALL_STATES = frozenset(Status) - {Status.ERASED}
# What an editor may still change; what was taken back or put away is left as it is.
OPEN_STATES = ALL_STATES - {Status.QUARANTINED, Status.WITHDRAWN}


class Reach(IntEnum):
    """To whose records a right reaches."""

    NONE = 0
    OWN = 1
    ANY = 2


@dataclass(frozen=True, slots=True)
class Rule:
    """Who may do one thing.

    Attributes:
        reach: how far the right of each role goes; roles that are not named have none.
        states: the states of an incident in which it can be done; None where it concerns no incident.
        own_states: narrower states for those whose right reaches their own incidents alone.
        grave: whether one has to prove once more who one is (OWASP ASVS 5.0, 7.5.1 and 7.5.3).
    """

    reach: Mapping[Role, Reach]
    states: frozenset[Status] | None = None
    own_states: frozenset[Status] | None = field(default=None)
    grave: bool = False


_M, _E, _S, _A = Role.MONITOR, Role.EDITOR, Role.SAFETY_REVIEWER, Role.ADMINISTRATOR
_OWN, _ANY = Reach.OWN, Reach.ANY
_EDITOR = {_E: _ANY}


def _in(*states: Status) -> frozenset[Status]:
    return frozenset(states)


RULES: Mapping[Action, Rule] = {
    Action.DESK: Rule({_M: _ANY, _E: _ANY, _S: _ANY, _A: _ANY}),
    Action.ENTER: Rule({_M: _ANY, _E: _ANY}),
    Action.LIST: Rule({_M: _OWN, _E: _ANY, _S: _ANY}),
    Action.SUGGEST: Rule({_M: _OWN, _E: _ANY, _S: _ANY}),
    Action.READ: Rule({_M: _OWN, _E: _ANY, _S: _ANY}, ALL_STATES),
    Action.WRITE: Rule({_M: _OWN, _E: _ANY}, OPEN_STATES, own_states=_in(Status.DRAFT, Status.SUBMITTED)),
    Action.RESTORE: Rule(_EDITOR, OPEN_STATES),
    Action.SUBMIT: Rule({_M: _OWN, _E: _ANY}, _in(Status.DRAFT)),
    Action.TAKE_UP: Rule(_EDITOR, _in(Status.SUBMITTED)),
    Action.SEND_BACK: Rule(
        _EDITOR,
        _in(Status.SUBMITTED, Status.IN_REVIEW, Status.SAFETY_REVIEW, Status.APPROVED, Status.EMBARGOED),
    ),
    Action.ASK_SAFETY_REVIEW: Rule(_EDITOR, _in(Status.IN_REVIEW)),
    Action.CLEAR: Rule({_S: _ANY}, _in(Status.SAFETY_REVIEW)),
    Action.OBJECT: Rule({_S: _ANY}, _in(Status.SAFETY_REVIEW)),
    Action.PUBLISH: Rule(_EDITOR, _in(Status.APPROVED, Status.EMBARGOED), grave=True),
    Action.EMBARGO: Rule(_EDITOR, _in(Status.APPROVED, Status.EMBARGOED)),
    Action.LIFT: Rule(_EDITOR, _in(Status.EMBARGOED)),
    # To say less, or nothing, must never wait for a second proof or a second person.
    Action.RESTRICT: Rule(_EDITOR, ALL_STATES - {Status.WITHDRAWN, Status.QUARANTINED}),
    Action.QUARANTINE: Rule(_EDITOR, ALL_STATES - {Status.WITHDRAWN, Status.QUARANTINED}),
    Action.REOPEN: Rule(_EDITOR, _in(Status.QUARANTINED), grave=True),
    Action.WITHDRAW: Rule(_EDITOR, ALL_STATES - {Status.WITHDRAWN}, grave=True),
    Action.READ_REFERENCES: Rule({_E: _ANY, _S: _ANY}),
    Action.WRITE_REFERENCES: Rule(_EDITOR),
    Action.SETTINGS: Rule({_A: _ANY}),
    Action.ACCOUNTS: Rule({_A: _ANY}, grave=True),
    Action.AUDIT: Rule({_A: _ANY}),
}
"""The whole of it. `docs/roles.md` prints this table, and the tests ask every route of the desk for it."""


def reach(staff: StaffMember, action: Action) -> Reach:
    """How far somebody's right to an action goes, over all of their roles."""
    if staff.disabled_at is not None:
        return Reach.NONE
    return max((RULES[action].reach.get(Role(role), Reach.NONE) for role in staff.roles), default=Reach.NONE)


def is_own(staff: StaffMember, incident: Incident) -> bool:
    """Whether somebody recorded an incident themselves."""
    return incident.created_by == actor_of(staff)


def may(staff: StaffMember, action: Action, incident: Incident | None = None) -> bool:
    """Whether somebody may do this, to this incident as it stands where one is given."""
    far = reach(staff, action)
    if incident is None or far is Reach.NONE:
        return far is not Reach.NONE
    rule = RULES[action]
    if far is Reach.OWN and not is_own(staff, incident):
        return False
    states = rule.own_states if far is Reach.OWN and rule.own_states is not None else rule.states
    return states is None or incident.stage in states


def actor_of(staff: StaffMember) -> str:
    """How revisions, the log and records name somebody on the staff."""
    return f"staff:{staff.id}"
