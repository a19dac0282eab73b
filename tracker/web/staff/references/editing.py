"""Making and changing outlets, people, sources and topics."""

from flask import abort, redirect, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from tracker.publication import purge
from tracker.registry import audit, operations
from tracker.registry.drafts import Draft, Problem
from tracker.registry.mapping import snapshot
from tracker.registry.merging import Undecided, apply, three_way
from tracker.registry.models import Entity
from tracker.registry.operations import Refused, Stale
from tracker.vocabulary.staff import Action, AuditEvent
from tracker.web.staff.context import actor, database, page, reading, writing
from tracker.web.staff.objects import record_for
from tracker.web.staff.references import rows
from tracker.web.staff.references.conflicts import choices_posted, plain_snapshot, side_lines, typed_again
from tracker.web.staff.references.forms import Raw, filled, form_of, languages_of, raw_of
from tracker.web.staff.references.judging import judged, put_to_fields, shown
from tracker.web.staff.references.kinds import Kind, name_of, new_key
from tracker.web.staff.references.posted import base_of, number_posted
from tracker.web.staff.references.publishing import apply_to_public
from tracker.web.staff.references.showing import languages, of_record, show, source_titles
from tracker.web.staff.routing import Route

Answer = str | Response | tuple[str, int]


def typed(session: Session, kind: str) -> Raw:
    """What was posted for a record, in the shape of its draft; what no field of the form holds is left aside."""
    spoken = {name.rpartition("__")[2] for name in request.form if "__" in name}
    asked = [language for language in sorted(spoken) if language.isascii() and language.isalpha() and len(language) < 4]
    model = form_of(kind, languages_of(also=[*languages(session), *asked[:20]]))
    return raw_of(model(request.form))


def new(kind: Kind) -> Answer:
    """The empty form of a new record; posted, the record is made."""
    if request.method == "GET":
        with reading() as session:
            return _new_page(session, kind, {}, [])
    do = request.form.get("do", "save")
    with writing() as session:
        raw = typed(session, kind.kind)
        if rows.is_rows(do):
            return _new_page(session, kind, rows.changed(raw, do), [])
        keyed = raw if raw.get("key") else {**raw, "key": new_key(session, kind, raw)}
        draft, problems = judged(session, kind.kind, keyed)
        if not problems:
            try:
                made = operations.record(session, draft, by=actor())
            except Refused as refused:
                problems = [Problem(problem.path[1:], problem.message, problem.value) for problem in refused.problems]
        if problems:
            return _new_page(session, kind, raw, problems), 422
        audit.write(session, AuditEvent.RECORDED, by=actor(), kind=kind.kind, id=made.id)
    return redirect(url_for(f"staff.{kind.kind}", record_id=made.id, done="recorded"), 303)


def _new_page(session: Session, kind: Kind, raw: Raw, problems: list[Problem]) -> str:
    spoken = languages(session, raw)
    form = filled(kind.kind, raw, spoken)
    wrong = put_to_fields(form, problems, kind.kind)
    return page(
        "staff/references/new.html",
        kind=kind,
        form=form,
        languages=spoken,
        problems=wrong,
        may_write=True,
        titles=source_titles(session, raw),
    )


def save(kind: Kind, record_id: str) -> Answer:
    """Change a record as posted; 409 with both sides where somebody else changed it in the meantime."""
    do = request.form.get("do", "save")
    version = number_posted("version")
    try:
        with writing() as session:
            entity = record_for(session, kind.model, record_id)
            if getattr(entity, "merged_into", None):
                abort(409)
            raw = {**typed(session, kind.kind), "key": entity.key}
            if rows.is_rows(do):
                values = of_record(session, kind, entity, rows.changed(raw, do), version, [])
                return page("staff/references/record.html", **values)
            base = base_of(session, entity, version)
            draft, problems = judged(session, kind.kind, raw, base)
            if problems:
                return page(
                    "staff/references/record.html", **of_record(session, kind, entity, raw, version, problems)
                ), 422
            if version != entity.version:
                return stale_page(session, kind, entity, draft, base, version), 409
            return _amended(session, kind, entity, draft, raw, version, apply_now=do == "apply")
    except Stale:
        with reading() as session:
            entity = record_for(session, kind.model, record_id)
            return stale_page(session, kind, entity, draft, base, version), 409
    finally:
        purge(database())


def _amended(
    session: Session, kind: Kind, entity: Entity, draft: Draft, raw: Raw, version: int, *, apply_now: bool
) -> Answer:
    nested = session.begin_nested()
    try:
        done = amended(session, kind.kind, entity, draft, version)
        if apply_now:
            apply_to_public(session, entity)
            done = "applied"
        nested.commit()
    except Refused as refused:
        nested.rollback()
        session.refresh(entity)
        values = of_record(session, kind, entity, raw, version, refused.problems)
        return page("staff/references/record.html", **values), 422
    return redirect(url_for(f"staff.{kind.kind}", record_id=entity.id, done=done), 303)


def amended(session: Session, kind: str, entity: Entity, draft: Draft, version: int) -> str:
    """Change a record and write that down; returns the code of the sentence that says so."""
    before = snapshot(entity)
    if not operations.amend(session, entity, draft, by=actor(), expected_version=version):
        return "unchanged"
    fields = sorted(
        {c["path"].partition(".")[0].partition("[")[0] for c in operations.changes_between(before, snapshot(entity))}
    )
    audit.write(session, AuditEvent.AMENDED, by=actor(), kind=kind, id=entity.id, detail={"fields": fields})
    return "saved"


def stale_page(session: Session, kind: Kind, entity: Entity, draft: Draft, base: Raw, base_version: int) -> str:
    """Theirs, mine and what both began with, field by field; what I typed goes along."""
    return page(
        "staff/references/stale.html",
        record=entity,
        name=name_of(entity),
        address=url_for(f"staff.settle_{kind.kind}", record_id=entity.id),
        lines=side_lines(kind.kind, three_way(base, snapshot(entity), plain_snapshot(draft))),
        fields=typed_again(),
        base_version=base_version,
        version=entity.version,
    )


def settle(kind: Kind, record_id: str) -> Answer:
    """Put both sides together as chosen; 409 again where the record has changed once more, or nothing was chosen."""
    base_version = number_posted("base_version")
    try:
        with writing() as session:
            entity = record_for(session, kind.model, record_id)
            base = base_of(session, entity, base_version)
            draft, problems = judged(session, kind.kind, {**typed(session, kind.kind), "key": entity.key}, base)
            if problems:
                abort(400)
            theirs = snapshot(entity)
            differences = three_way(base, theirs, plain_snapshot(draft))
            if number_posted("version") != entity.version:
                return stale_page(session, kind, entity, draft, base, base_version), 409
            try:
                merged = apply(theirs, differences, choices_posted(differences))
            except Undecided:
                return stale_page(session, kind, entity, draft, base, base_version), 409
            whole = type(draft).model_validate(merged)
            return _amended(session, kind, entity, whole, shown(session, merged), entity.version, apply_now=False)
    except Stale:
        abort(409)


def routes_of(kind: Kind) -> list[Route]:
    """The addresses at which records of a kind are made and changed."""
    one = f"/{kind.plural}/<record_id>"
    return [
        Route(f"/{kind.plural}/new", f"new_{kind.kind}", lambda: new(kind), Action.WRITE_REFERENCES, ("GET", "POST")),
        Route(one, kind.kind, lambda record_id: show(kind, record_id), Action.READ_REFERENCES),
        Route(one, f"save_{kind.kind}", lambda record_id: save(kind, record_id), Action.WRITE_REFERENCES, ("POST",)),
        Route(
            f"{one}/conflict",
            f"settle_{kind.kind}",
            lambda record_id: settle(kind, record_id),
            Action.WRITE_REFERENCES,
            ("POST",),
        ),
    ]
