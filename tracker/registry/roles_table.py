"""The table of rights in words, from which docs/roles.md is made: `tracker staff roles > docs/roles.md`."""

from tracker.registry.permissions import ALL_STATES, OPEN_STATES, RULES, Reach, Rule
from tracker.vocabulary import Status
from tracker.vocabulary.staff import Role

_REACH = {Reach.NONE: "", Reach.OWN: "own", Reach.ANY: "yes"}
_INTRODUCTION = """\
# Roles

Who may do what at the staff desk. This page is made from the table in `tracker/registry/permissions.py` by
`tracker staff roles > docs/roles.md`; a test holds the two together. What is not listed nobody may do. The rights of
several roles of one person add up. *Own*: incidents that this person entered. *Grave*: one proves once more who one
is, unless one did in the last ten minutes.
"""


def as_markdown() -> str:
    """The whole table, with what each role and each right means."""
    return "\n".join((_INTRODUCTION, *_roles(), "", *_rights(), "", *_states(), ""))


def _roles() -> list[str]:
    return ["| role | what for |", "|---|---|", *(f"| {role.label} | {role.definition} |" for role in Role)]


def _rights() -> list[str]:
    heads = " | ".join(role.label.lower() for role in Role)
    lines = [f"| right | what it is | {heads} | grave |", f"|---|---|{'---|' * len(Role)}---|"]
    for action, rule in RULES.items():
        cells = " | ".join(_REACH[rule.reach.get(role, Reach.NONE)] for role in Role)
        lines.append(f"| {action.label} | {action.definition} | {cells} | {'yes' if rule.grave else ''} |")
    return lines


def _states() -> list[str]:
    lines = ["| right over an incident | in which states | of one's own, where only these |", "|---|---|---|"]
    for action, rule in RULES.items():
        if rule.states is not None:
            lines.append(f"| {action.label} | {_told(rule.states)} | {_own(rule)} |")
    return lines


def _own(rule: Rule) -> str:
    return _told(rule.own_states) if rule.own_states is not None else ""


def _told(states: frozenset[Status]) -> str:
    if states == ALL_STATES:
        return "all"
    if states == OPEN_STATES:
        return f"all but {_listed(ALL_STATES - OPEN_STATES)}"
    missing = ALL_STATES - states
    return f"all but {_listed(missing)}" if len(missing) < len(states) else _listed(states)


def _listed(states: frozenset[Status]) -> str:
    return ", ".join(state.label.lower() for state in Status if state in states)
