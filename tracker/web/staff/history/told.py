"""The revisions of a record in words: who did what and why, and what is different since."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from tracker.registry import queries
from tracker.registry.accounts.people import staff_names
from tracker.registry.mapping import kind_of
from tracker.registry.models import Entity, Revision
from tracker.vocabulary.staff import STAFF_VOCABULARIES
from tracker.web.staff.differences import Line, readable
from tracker.web.translation import gettext, gettext_noop

AT_ONCE = 30
# What writes do that no step of the way is called by.
ACTIONS = {
    "record": gettext_noop("Recorded"),
    "amend": gettext_noop("Changed"),
    "restrict": gettext_noop("Restricted"),
    "restore": gettext_noop("An earlier revision restored"),
    "reapply": gettext_noop("Waiting changes put back"),
    "explain": gettext_noop("Reason given"),
    "merge": gettext_noop("Merged"),
    "unmerge": gettext_noop("Merge undone"),
}
# Told by what was done; its values are ids, which say nothing to anybody.
UNTOLD = frozenset({"merged_into"})


@dataclass(frozen=True, slots=True)
class Told:
    """One revision in words."""

    number: int
    at: datetime
    who: str
    action: str
    why: str | None
    lines: list[Line]


def action_words(action: str) -> str:
    """What was done in a revision, in words."""
    if action in ACTIONS:
        return gettext(ACTIONS[action])
    known = STAFF_VOCABULARIES["action"]
    return gettext(known(action).label) if action in known.codes() else action


def history_page(session: Session, entity: Entity, number: int = 1) -> tuple[list[Told], int, list[Revision]]:
    """One page of the revisions of any record in words, newest first; how many pages; and the revisions behind it."""
    every = queries.revisions_of(session, entity)
    pages = max(1, -(-len(every) // AT_ONCE))
    start = (min(max(number, 1), pages) - 1) * AT_ONCE
    shown = every[start : start + AT_ONCE]
    names = queries.names_of(session, {key for each in shown for key in _keys(each)})
    people = staff_names(session)
    told = [
        Told(each.number, each.at, people[each.actor], action_words(each.action), each.why, _lines(entity, each, names))
        for each in shown
    ]
    return told, pages, shown


def _keys(revision: Revision) -> set[tuple[str, str]]:
    found = queries.keys_in(revision.snapshot)
    for change in revision.changes:
        field = change["path"].rpartition(".")[2].partition("[")[0]
        found |= queries.keys_in(change["before"], field) | queries.keys_in(change["after"], field)
    return found


def _lines(entity: Entity, revision: Revision, names: Any) -> list[Line]:
    changes = [change for change in revision.changes if change["path"] not in UNTOLD]
    return readable(changes, names, kind_of(entity))
