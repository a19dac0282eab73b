"""Making two records of the same outlet, person or source one, with both before one's eyes; and taking that back."""

from flask import abort, redirect, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from tracker.publication import merging as gate
from tracker.publication import purge
from tracker.registry import names
from tracker.registry.drafts import Problem
from tracker.registry.models import Entity, Merge
from tracker.registry.operations import Refused, Stale
from tracker.vocabulary.staff import Action
from tracker.web.staff.context import actor, database, page, reading, writing
from tracker.web.staff.objects import record_for
from tracker.web.staff.references.beside import side_by_side
from tracker.web.staff.references.judging import Wrong
from tracker.web.staff.references.kinds import KINDS, Kind, name_of, usage
from tracker.web.staff.references.publishing import against
from tracker.web.staff.references.suggest import in_words
from tracker.web.staff.routing import Route
from tracker.web.translation import gettext, gettext_noop

WHY_NOT = {
    "only two records of one kind can be made one": gettext_noop("Only two records of one kind can be made one."),
    "a record cannot be merged into itself": gettext_noop("This is the same record twice."),
    "one of the two was merged already": gettext_noop("One of the two was merged already."),
    "this merge was undone already": gettext_noop("This merge was undone already."),
}
LONGEST_WHY = 300


def merge(kind: Kind, record_id: str) -> str | Response | tuple[str, int]:
    """Choose the other record, then the one that stays; posted with `do=merge`, they are made one."""
    if request.form.get("do") == "merge":
        return _merged(kind, record_id)
    with reading() as session:
        return _merge_page(session, kind, record_for(session, kind.model, record_id), request.form.get("other"), [])


def _merged(kind: Kind, record_id: str) -> str | Response | tuple[str, int]:
    keep = request.form.get("keep", "")
    try:
        with writing() as session:
            one = record_for(session, kind.model, record_id)
            other = record_for(session, kind.model, request.form.get("other", ""))
            if keep not in (one.id, other.id):
                wrong = [(f"keep-{one.id}", gettext("Choose which of the two records stays."))]
                return _merge_page(session, kind, one, other.id, wrong), 422
            kept, merged = (one, other) if keep == one.id else (other, one)
            nested = session.begin_nested()
            try:
                gate.merge(
                    session,
                    kept,
                    merged,
                    by=actor(),
                    why=request.form.get("why", "").strip()[:LONGEST_WHY].replace("\0", "") or None,
                    names="names" in request.form,
                    expected=(_version(kept), _version(merged)),
                )
                nested.commit()
            except (Refused, Stale) as error:
                nested.rollback()
                session.expire_all()
                status = 409 if isinstance(error, Stale) else 422
                return _merge_page(session, kind, one, other.id, _sentences(error)), status
    finally:
        purge(database())
    return redirect(url_for(f"staff.{kind.kind}", record_id=keep, done="merged"), 303)


def _version(entity: Entity) -> int:
    given = request.form.get(f"version:{entity.id}", "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 10 else 0


def _sentences(error: Refused | Stale) -> list[Wrong]:
    if isinstance(error, Stale):
        return [("both", gettext("Somebody changed one of the two meanwhile. Look at both again, then merge."))]
    return [("both", _sentence(problem)) for problem in error.problems]


def _sentence(problem: Problem) -> str:
    return gettext(WHY_NOT[problem.message]) if problem.message in WHY_NOT else against(problem)


def _merge_page(session: Session, kind: Kind, one: Entity, other_id: str | None, problems: list[Wrong]) -> str:
    typed = request.form.get("q", "").strip()[:100]
    found = names.suggest(session, kind.kind, typed, limit=20) if typed else _near(session, kind, one)
    other = record_for(session, kind.model, other_id) if other_id else None
    if other is not None and other.id == one.id:
        abort(404)
    return page(
        "staff/references/merge.html",
        kind=kind,
        record=one,
        name=name_of(one),
        other=other,
        other_name=name_of(other) if other else None,
        typed=typed,
        found=[in_words(each) for each in found if each.id != one.id],
        lines=side_by_side(session, one, other) if other else [],
        usage={each.id: usage(session, each) for each in (one, other) if each is not None},
        name_of=name_of,
        problems=problems,
    )


def _near(session: Session, kind: Kind, one: Entity) -> list[names.Suggestion]:
    return names.near(session, kind.kind, name_of(one), but_not=one.id)


def undo_merge(merge_id: str) -> str | Response | tuple[str, int]:
    """Undo a merge; what somebody changed since is left, and said."""
    if not (merge_id.isascii() and merge_id.isalnum()):
        abort(404)
    try:
        with writing() as session:
            found = session.get(Merge, merge_id) or abort(404)
            kind = KINDS[found.kind]
            kept_id = found.kept_id
            nested = session.begin_nested()
            try:
                done, _outcome = gate.undo(session, found, by=actor())
                nested.commit()
            except (Refused, Stale) as error:
                nested.rollback()
                session.expire_all()
                kept = record_for(session, kind.model, kept_id)
                return _merge_page(session, kind, kept, None, _sentences(error)), 422
            code = "partly" if done.left else "unmerged"
    finally:
        purge(database())
    return redirect(url_for(f"staff.{kind.kind}", record_id=kept_id, done=code), 303)


def routes_of(kind: Kind) -> list[Route]:
    """The address at which records of a kind are made one."""
    if not kind.mergeable:
        return []

    def view(record_id: str) -> str | Response | tuple[str, int]:
        return merge(kind, record_id)

    rule = f"/{kind.plural}/<record_id>/merge"
    return [Route(rule, f"merge_{kind.kind}", view, Action.WRITE_REFERENCES, ("GET", "POST"))]


UNDO = [Route("/merges/<merge_id>/undo", "undo_merge", undo_merge, Action.WRITE_REFERENCES, ("POST",))]
