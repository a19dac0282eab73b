"""Bringing a changed record before the public: its own page, and every public incident that names it."""

from flask import redirect, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from tracker.publication import Gate, affected, purge, refresh
from tracker.registry import audit
from tracker.registry.drafts import Problem
from tracker.registry.mapping import snapshot
from tracker.registry.models import Entity, Outlet, Topic
from tracker.registry.operations import Refused, Stale
from tracker.vocabulary.staff import Action, AuditEvent
from tracker.web.staff.context import actor, database, page, writing
from tracker.web.staff.objects import record_for
from tracker.web.staff.references.judging import shown
from tracker.web.staff.references.kinds import Kind
from tracker.web.staff.references.showing import of_record
from tracker.web.staff.review.answers import sentence
from tracker.web.staff.routing import Route
from tracker.web.translation import gettext


def apply_to_public(session: Session, entity: Entity) -> None:
    """Have everything that is public of a record, or names it in public, follow. Raises `Refused`."""
    refresh(session, affected(session, entity), by=actor(), entity=entity)


def against(problem: Problem) -> str:
    """What the gate says against that, as a sentence that begins with the public record of which it speaks."""
    record, *place = problem.path or ("",)
    said = sentence(Problem(tuple(place), problem.message, problem.value))
    return gettext("%(where)s stands against it: %(problem)s", where=record, problem=said)


def publish(kind: Kind, record_id: str) -> str | Response | tuple[str, int]:
    """Have readers see a record as it stands; everything that names it in public follows, or (422) nothing does."""
    try:
        with writing() as session:
            entity = record_for(session, kind.model, record_id)
            nested = session.begin_nested()
            try:
                apply_to_public(session, entity)
                if isinstance(entity, Outlet | Topic) and not entity_is_public(Gate(session, by=actor()), entity):
                    Gate(session, by=actor()).publish_entities([entity])
                nested.commit()
            except Refused as refused:
                nested.rollback()
                raw = shown(session, snapshot(entity))
                values = of_record(session, kind, entity, raw, entity.version, refused.problems)
                return page("staff/references/record.html", **values), 422
            audit.write(session, AuditEvent.PUBLISHED, by=actor(), kind=kind.kind, id=entity.id)
    except Stale:
        # Somebody wrote a record that names it in this very moment; nothing was typed that could be lost.
        return publish(kind, record_id)
    finally:
        purge(database())
    return redirect(url_for(f"staff.{kind.kind}", record_id=record_id, done="published"), 303)


def entity_is_public(gate: Gate, entity: Outlet | Topic) -> bool:
    """Whether a record has a public page of its own now."""
    return entity.id in gate.standing([entity])


def routes_of(kind: Kind) -> list[Route]:
    """The address at which a record of a kind is published."""
    rule = f"/{kind.plural}/<record_id>/publish"

    def view(record_id: str) -> str | Response | tuple[str, int]:
        return publish(kind, record_id)

    return [Route(rule, f"publish_{kind.kind}", view, Action.WRITE_REFERENCES, ("POST",))]
