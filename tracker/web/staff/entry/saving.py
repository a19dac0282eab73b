"""Handing a form in: one transaction that records or amends the incident, brings new records along, ends the form.

A form can be handed in twice, since the answer to the first time may have been lost: the key of the incident is made
of the form's id, so that the second time finds what the first has made.
"""

from dataclasses import dataclass
from typing import cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.registry import audit, duplicates, operations, unfinished
from tracker.registry.drafts import Draft, IncidentDraft
from tracker.registry.mapping import kind_of
from tracker.registry.models import Entity, Incident
from tracker.registry.permissions import may
from tracker.vocabulary.staff import Action, AuditEvent, DuplicateDecision
from tracker.web.staff.context import actor, me
from tracker.web.staff.entry.judging import Judged
from tracker.web.staff.entry.posted import Posted
from tracker.web.staff.entry.rows import Row


@dataclass(frozen=True, slots=True)
class HandedIn:
    """How handing in ended: the incident and the code of what is said of it, or what stands against it."""

    incident_id: str | None = None
    done: str = ""
    judged: Judged | None = None


def key_of(form_id: str) -> str:
    """The key of the incident that a form becomes."""
    return f"desk-{form_id}"


def made_from(session: Session, form_id: str) -> Incident | None:
    """The incident that this form became when it was handed in before, if it was one's own."""
    if not form_id.isprintable():
        # An id that no form has is not looked for: PostgreSQL refuses some characters.
        return None
    found = session.scalars(select(Incident).where(Incident.key == key_of(form_id))).first()
    return found if found is not None and may(me(), Action.READ, found) else None


def keep(session: Session, form_id: str, posted: Posted, tree: Row, *, sequence: int | None = None) -> int:
    """Keep a form as it was typed; without a `sequence` it counts as the newest. Returns its count of saves."""
    if sequence is None:
        stored = unfinished.find(session, me().id, form_id)
        sequence = max(posted.sequence, stored.sequence if stored else 0) + 1
    titles = tree.form.title.given() or {}
    kept = unfinished.save(
        session,
        me().id,
        form_id,
        posted.pairs,
        sequence=sequence,
        title=next(iter(titles.values()), None),
        incident_id=posted.incident_id,
        base_version=posted.version,
    )
    return kept.sequence


def submit(session: Session, form_id: str, judged: Judged, rulings: dict[str, DuplicateDecision]) -> HandedIn:
    """Record the incident of a form, with the records that are new, and end the form."""
    drafts = [*judged.reading.new, judged.reading.incident]
    try:
        made = operations.record_many(session, drafts, by=actor())
    except operations.Refused as refused:
        return HandedIn(judged=judged.blaming(refused.problems))
    for entity in made:
        _log(session, AuditEvent.RECORDED, entity)
    incident = cast(Incident, made[-1])
    for other_id, decision in rulings.items():
        other = session.get(Incident, other_id)
        if other is not None:
            linked = may(me(), Action.WRITE, other)
            duplicates.rule(session, incident, other, decision, by=actor(), link_other=linked)
    unfinished.discard(session, me().id, form_id)
    return HandedIn(incident.id, "submitted")


def amend(session: Session, form_id: str, incident: Incident, judged: Judged, posted: Posted) -> HandedIn:
    """Make an incident say what its form says. Raises `operations.Stale` where somebody else was quicker."""
    return amend_to(session, form_id, incident, judged, judged.reading.incident, posted.version or 0, why_of(posted))


def amend_to(
    session: Session,
    form_id: str,
    incident: Incident,
    judged: Judged,
    draft: IncidentDraft,
    version: int,
    why: str | None,
) -> HandedIn:
    """Make an incident say what a draft says, with those new records of its form that the draft refers to."""
    if incident.version != version:
        raise operations.Stale(f"incident {incident.id} is at version {incident.version}")
    try:
        new = operations.record_many(session, _needed(judged, draft), by=actor())
        changed = operations.amend(session, incident, draft, by=actor(), why=why, expected_version=version)
    except operations.Refused as refused:
        return HandedIn(judged=judged.blaming(refused.problems))
    for entity in new:
        _log(session, AuditEvent.RECORDED, entity)
    if changed:
        _log(session, AuditEvent.AMENDED, incident)
    unfinished.discard(session, me().id, form_id)
    return HandedIn(incident.id, "amended" if changed else "unchanged")


def why_of(posted: Posted) -> str | None:
    """The reason that was given for a change, as revisions keep it."""
    typed = next((value for name, value in posted.pairs if name == "why"), "")
    shown = "".join(character for character in typed if character.isprintable())
    return shown.strip()[:500] or None


def _needed(judged: Judged, draft: IncidentDraft) -> list[Draft]:
    """Of the new records of a form, those that a draft refers to."""
    said = draft.model_dump_json()
    return [new for new in judged.reading.new if f'"{new.key}"' in said]  # type: ignore[attr-defined]


def _log(session: Session, event: AuditEvent, entity: Entity) -> None:
    audit.write(session, event, by=actor(), kind=kind_of(entity), id=entity.id, detail={"version": entity.version})
