"""How an incident became what it is: each revision in words, any two compared, and an old one restored as a new one."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import abort, redirect, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from tracker.registry import audit, operations, queries
from tracker.registry.accounts.people import staff_names
from tracker.registry.drafts import Problem
from tracker.registry.mapping import kind_of, snapshot
from tracker.registry.models import Entity, Incident, Revision
from tracker.registry.operations import Refused, Stale, changes_between
from tracker.registry.permissions import may
from tracker.text import text_problem
from tracker.vocabulary.staff import STAFF_VOCABULARIES, Action, AuditEvent
from tracker.web.staff import reading_log
from tracker.web.staff.context import actor, me, page, reading, writing
from tracker.web.staff.differences import Line, place_words, readable
from tracker.web.staff.objects import incident_for
from tracker.web.staff.routing import Route
from tracker.web.translation import gettext, gettext_noop

AT_ONCE = 30
LONGEST_WHY = 1_000

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


@dataclass(frozen=True, slots=True)
class Told:
    """One revision in words."""

    number: int
    at: Any
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
    return readable(revision.changes, names, kind_of(entity))


def history(incident_id: str) -> str:
    """The history of an incident."""
    asked = request.args.get("page", "1")
    number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 6 else 1
    with reading() as session:
        incident = incident_for(session, incident_id, Action.READ)
        told, pages, shown = history_page(session, incident, number)
        groups = reading_log.groups_in(session, [each.snapshot for each in shown])
    reading_log.note(incident, groups)
    return page(
        "staff/history/history.html",
        incident=incident,
        told=told,
        pages=pages,
        number=min(max(number, 1), pages),
    )


def revision(incident_id: str, number: int) -> str:
    """One revision: the whole record as it stood, beside another one or what stands now."""
    with reading() as session:
        incident = incident_for(session, incident_id, Action.READ)
        shown, groups = _one(session, incident, number, [], None)
    reading_log.note(incident, groups)
    return shown


def _one(
    session: Session, incident: Incident, number: int, problems: Sequence[tuple[str, str]], why: str | None
) -> tuple[str, set[Any]]:
    found = queries.revision(session, incident, number) or abort(404)
    other = _against(session, incident)
    now = other.snapshot if other is not None else snapshot(incident)
    names = queries.names_of(session, queries.keys_in(found.snapshot) | queries.keys_in(now))
    changes = changes_between(found.snapshot, now)
    shown = page(
        "staff/history/revision.html",
        incident=incident,
        revision=found,
        who=staff_names(session)[found.actor],
        action=action_words(found.action),
        whole=readable(changes_between({}, found.snapshot), names),
        other=other,
        changes=readable(changes, names),
        numbers=[each.number for each in queries.revisions_of(session, incident)],
        may_restore=may(me(), Action.RESTORE, incident) and bool(changes_between(snapshot(incident), found.snapshot)),
        problems=problems,
        why=why or "",
    )
    return shown, reading_log.groups_in(session, [found.snapshot, now])


def _against(session: Session, incident: Incident) -> Revision | None:
    """The revision to compare with, where one is asked for; else the record as it stands."""
    asked = request.args.get("against", "")
    if not asked:
        return None
    if not (asked.isascii() and asked.isdigit() and len(asked) < 10):
        abort(404)
    return queries.revision(session, incident, int(asked)) or abort(404)


def restore(incident_id: str, number: int) -> Response | tuple[str, int]:
    """Make an incident say again what it said, as a new revision; what it has been since stays in its history."""
    version, why = request.form.get("version", ""), request.form.get("why", "").strip()
    if not (version.isascii() and version.isdecimal() and len(version) < 10):
        abort(400)
    if text_problem(why, limit=LONGEST_WHY, multiline=True):
        abort(400)
    try:
        changed = _restore(incident_id, number, int(version), why or None)
    except Refused as refused:
        return _refused(incident_id, number, _sentences(refused.problems), why)
    except Stale:
        sentence = gettext("Somebody changed the incident in the meantime. Look at what would change, and try again.")
        return _refused(incident_id, number, [("restore", sentence)], why)
    done = "restored" if changed else "unchanged"
    return redirect(url_for("staff.incident", incident_id=incident_id, done=done), 303)


def _restore(incident_id: str, number: int, version: int, why: str | None) -> bool:
    with writing() as session:
        incident = incident_for(session, incident_id, Action.RESTORE)
        found = queries.revision(session, incident, number) or abort(404)
        draft, problems = queries.restorable(session, incident, found)
        if draft is None:
            raise Refused(problems)
        changed = operations.amend(
            session, incident, draft, by=actor(), why=why, expected_version=version, action="restore"
        )
        if changed:
            detail = {"number": number, "version": incident.version}
            audit.write(session, AuditEvent.RESTORED, by=actor(), kind="incident", id=incident.id, detail=detail)
        return changed


def _refused(incident_id: str, number: int, problems: Sequence[tuple[str, str]], why: str) -> tuple[str, int]:
    with reading() as session:
        incident = incident_for(session, incident_id, Action.READ)
        shown, groups = _one(session, incident, number, problems, why)
    reading_log.note(incident, groups)
    return shown, 409


def _sentences(problems: Sequence[Problem]) -> list[tuple[str, str]]:
    """What stands against restoring, by the places of the record."""
    gone = gettext("what is named there does not exist any more.")
    other = gettext("this cannot be recorded any more.")
    return [
        (
            "restore",
            gettext(
                "%(place)s: %(sentence)s",
                place=place_words(each.path) or gettext("The record"),
                sentence=gone if each.message.startswith("names no known") else other,
            ),
        )
        for each in problems
    ]


ROUTES = [
    Route("/incidents/<incident_id>/history", "history", history, Action.READ),
    Route("/incidents/<incident_id>/history/<int:number>", "revision", revision, Action.READ),
    Route(
        "/incidents/<incident_id>/history/<int:number>/restore",
        "restore_revision",
        restore,
        Action.RESTORE,
        ("POST",),
    ),
]
