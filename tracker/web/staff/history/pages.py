"""The pages of a history: all revisions, one of them beside what stands now, and making the record say that again."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from flask import abort, redirect, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from tracker.publication import purge
from tracker.registry import audit, operations, queries
from tracker.registry.accounts.people import staff_names
from tracker.registry.drafts import Problem
from tracker.registry.mapping import snapshot
from tracker.registry.models import Entity, Revision
from tracker.registry.operations import Refused, Stale, changes_between
from tracker.text import text_problem
from tracker.vocabulary.staff import Action, AuditEvent, FieldGroup
from tracker.web.staff import reading_log
from tracker.web.staff.context import actor, database, page, reading, writing
from tracker.web.staff.differences import place_words, readable
from tracker.web.staff.history.subject import Hindered, Subject
from tracker.web.staff.history.told import action_words, history_page
from tracker.web.staff.routing import Route
from tracker.web.translation import gettext

LONGEST_WHY = 1_000


def history(subject: Subject, record_id: str) -> str:
    """The history of a record."""
    asked = request.args.get("page", "1")
    number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 6 else 1
    with reading() as session:
        entity = subject.find(session, record_id, subject.right)
        told, pages, shown = history_page(session, entity, number)
        groups = subject.groups(session, entity, [each.snapshot for each in shown])
    reading_log.note(entity, groups)
    return page(
        "staff/history/history.html",
        title=subject.title(entity),
        to=partial(_address, subject, entity),
        told=told,
        pages=pages,
        number=min(max(number, 1), pages),
    )


def _address(subject: Subject, entity: Entity, name: str, **more: Any) -> str:
    return subject.address(name, entity, **more)


def revision(subject: Subject, record_id: str, number: int) -> str:
    """One revision: the whole record as it stood, beside another one or what stands now."""
    return _shown(subject, record_id, number, [], "")


def _shown(subject: Subject, record_id: str, number: int, problems: Sequence[tuple[str, str]], why: str) -> str:
    with reading() as session:
        entity = subject.find(session, record_id, subject.right)
        shown, groups = _one(session, subject, entity, number, problems, why)
    reading_log.note(entity, groups)
    return shown


def _one(
    session: Session, subject: Subject, entity: Entity, number: int, problems: Sequence[tuple[str, str]], why: str
) -> tuple[str, set[FieldGroup]]:
    found = queries.revision(session, entity, number) or abort(404)
    other = _against(session, entity)
    now = other.snapshot if other is not None else snapshot(entity)
    names = queries.names_of(session, queries.keys_in(found.snapshot) | queries.keys_in(now))
    changes = changes_between(found.snapshot, now)
    wanted = subject.may_restore(entity) and bool(changes_between(snapshot(entity), found.snapshot))
    hindrance = subject.hindrance(session, entity) if wanted else None
    shown = page(
        "staff/history/revision.html",
        title=subject.title(entity),
        to=partial(_address, subject, entity),
        version=entity.version,
        revision=found,
        who=staff_names(session)[found.actor],
        action=action_words(found.action),
        whole=readable(changes_between({}, _words(found.snapshot)), names, subject.kind),
        other=other,
        changes=readable(changes, names, subject.kind),
        numbers=[each.number for each in queries.revisions_of(session, entity)],
        hindrance=hindrance,
        may_restore=wanted and hindrance is None,
        public_note=subject.public_note(session, entity),
        public_incidents=subject.public_incidents(session, entity),
        problems=problems,
        why=why,
    )
    return shown, subject.groups(session, entity, [found.snapshot, now])


def _words(of: Mapping[str, Any]) -> dict[str, Any]:
    """What a snapshot says of the record, without the key, which is the same in all of them."""
    return {name: value for name, value in of.items() if name != "key"}


def _against(session: Session, entity: Entity) -> Revision | None:
    """The revision to compare with, where one is asked for; else the record as it stands."""
    asked = request.args.get("against", "")
    if not asked:
        return None
    if not (asked.isascii() and asked.isdigit() and len(asked) < 10):
        abort(404)
    return queries.revision(session, entity, int(asked)) or abort(404)


def restore(subject: Subject, record_id: str, number: int) -> Response | tuple[str, int]:
    """Make a record say again what it said, as a new revision; what it has been since stays in its history."""
    version, why = request.form.get("version", ""), request.form.get("why", "").strip()
    if not (version.isascii() and version.isdecimal() and len(version) < 10):
        abort(400)
    if text_problem(why, limit=LONGEST_WHY, multiline=True):
        abort(400)
    apply_now = request.form.get("do") == "apply"
    try:
        with writing() as session:
            entity = subject.find(session, record_id, Action.RESTORE)
            found = queries.revision(session, entity, number) or abort(404)
            done = _restored(session, subject, entity, found, int(version), why)
            if apply_now and subject.public_incidents(session, entity):
                subject.apply(session, entity)
                done = "restored_applied" if done == "restored" else "published"
            address = subject.address("record", entity, done=done)
    except Hindered as hindered:
        return _shown(subject, record_id, number, hindered.problems, why), hindered.status
    except Stale:
        sentence = gettext("Somebody changed the record in the meantime. Look at what would change, and try again.")
        return _shown(subject, record_id, number, [("restore", sentence)], why), 409
    finally:
        purge(database())
    return redirect(address, 303)


def _restored(session: Session, subject: Subject, entity: Entity, found: Revision, version: int, why: str) -> str:
    """Write what the record said before; returns the code of the sentence that says so. Raises `Hindered`, `Stale`."""
    if hindrance := subject.hindrance(session, entity):
        raise Hindered([("restore", hindrance)])
    if not why:
        raise Hindered([("why", gettext("Say why."))], 422)
    draft, problems = queries.restorable(session, entity, found)
    if draft is None:
        raise Hindered(_sentences(subject, problems))
    try:
        changed = operations.amend(
            session, entity, draft, by=actor(), why=why, expected_version=version, action="restore"
        )
    except Refused as refused:
        raise Hindered(_sentences(subject, refused.problems)) from refused
    if not changed:
        return "unchanged"
    detail = {"number": found.number, "version": entity.version}
    audit.write(session, AuditEvent.RESTORED, by=actor(), kind=subject.kind, id=entity.id, detail=detail)
    return "restored"


def _sentences(subject: Subject, problems: Sequence[Problem]) -> list[tuple[str, str]]:
    """What stands against restoring, by the places of the record."""
    gone = gettext("what is named there does not exist any more.")
    other = gettext("this cannot be recorded any more.")
    return [
        (
            "restore",
            gettext(
                "%(place)s: %(sentence)s",
                place=place_words(each.path, subject.kind) or gettext("The record"),
                sentence=gone if each.message.startswith("names no known") else other,
            ),
        )
        for each in problems
    ]


def routes_of(subject: Subject) -> list[Route]:
    """The addresses of the histories of a kind of record."""

    def its_history(**given: Any) -> str:
        return history(subject, given[subject.id_name])

    def its_revision(number: int, **given: Any) -> str:
        return revision(subject, given[subject.id_name], number)

    def its_restore(number: int, **given: Any) -> Response | tuple[str, int]:
        return restore(subject, given[subject.id_name], number)

    every = f"{subject.rule}/history"
    one, names = f"{every}/<int:number>", subject.endpoints
    return [
        Route(every, names["history"], its_history, subject.right),
        Route(one, names["revision"], its_revision, subject.right),
        Route(f"{one}/restore", names["restore"], its_restore, Action.RESTORE, ("POST",)),
    ]
