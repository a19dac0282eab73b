"""A save that somebody else outran: both sides field by field, and the record that is put together out of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from flask import abort, make_response, request, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from tracker.registry import merging
from tracker.registry.directory import references
from tracker.registry.drafts import IncidentDraft, OutletDraft, PersonDraft, SourceDraft, read
from tracker.registry.mapping import draft_of, kind_of, snapshot
from tracker.registry.merging import Difference, Side, Snapshot
from tracker.registry.models import Incident, Revision
from tracker.registry.unfinished import new_id
from tracker.web.staff.context import page
from tracker.web.staff.differences import place_words, value_words
from tracker.web.staff.entry import saving
from tracker.web.staff.entry.judging import Judged, judge
from tracker.web.staff.entry.posted import Posted
from tracker.web.staff.entry.registry import RegistryNames
from tracker.web.staff.entry.rows import Row
from tracker.web.staff.entry.showing import site_languages

TAKE = "take-"
ALL = {"all-theirs": Side.THEIRS, "all-mine": Side.MINE}


@dataclass(frozen=True, slots=True)
class Open:
    """That both sides still have to be put together; `undecided` names the places without a choice."""

    undecided: tuple[str, ...] = ()
    again: bool = False


def draft_of_incident(incident: Incident) -> IncidentDraft:
    """The draft that would write an incident as it stands."""
    return cast(IncidentDraft, draft_of(incident))


def snapshot_of(draft: IncidentDraft) -> Snapshot:
    """A draft in the shape of the snapshot of the record that it would make."""
    return cast(Snapshot, _without_silence(draft.model_dump(mode="json", exclude_none=True)))


def form_id_of(given: Posted) -> str:
    """The form from which the page of both sides was opened."""
    return request.form.get("form_id") or new_id()


def settle(session: Session, incident: Incident, tree: Row, given: Posted) -> saving.HandedIn | Open:
    """Save what was chosen, over the version that was shown; where that is not the present one, choose again."""
    found = judge(session, tree, key=incident.key, languages=site_languages(session), of=incident)
    if found.wrong:
        return saving.HandedIn(judged=found)
    if request.form.get("theirs") != str(incident.version):
        return Open(again=True)
    differences = _differences(session, incident, found, given)
    try:
        merged = merging.apply(snapshot(incident), differences, _choices(differences, given))
    except merging.Undecided as undecided:
        return Open(tuple(each.where for each in undecided.differences))
    draft, problems = read(IncidentDraft, merged)
    if problems:
        return saving.HandedIn(judged=found.blaming(problems))
    why = saving.why_of(given)
    return saving.amend_to(session, form_id_of(given), incident, found, draft, incident.version, why)


def conflict_page(
    session: Session, incident: Incident, tree: Row, given: Posted, form_id: str, outcome: Open
) -> Response:
    """Theirs, mine and what stood there before, field by field, with what was typed kept in the page (409)."""
    found = judge(session, tree, key=incident.key, languages=site_languages(session), of=incident)
    differences = _differences(session, incident, found, given)
    names = _names(session, found, incident)
    chosen = _choices(differences, given)
    rows = [
        {
            "where": each.where,
            "name": f"{TAKE}{each.where}",
            "place": place_words(each.path),
            "base": value_words(each.path, each.base, names),
            "theirs": value_words(each.path, each.theirs, names),
            "mine": value_words(each.path, each.mine, names),
            "conflict": each.conflict,
            "chosen": chosen.get(each.where) or each.changed_by,
            "undecided": each.where in outcome.undecided,
        }
        for each in differences
    ]
    content = page(
        "staff/entry/conflict.html",
        incident=incident,
        rows=rows,
        given=given,
        outcome=outcome,
        form_id=form_id,
        action=url_for("staff.resolve_conflict", incident_id=incident.id),
    )
    return make_response(content, 409)


def _differences(session: Session, incident: Incident, found: Judged, given: Posted) -> list[Difference]:
    if given.version is None:
        abort(400)
    wanted = select(Revision).where(Revision.entity_id == incident.id, Revision.number == given.version)
    revision = session.scalars(wanted).first()
    # Without the base nobody can say who changed what, and everything that differs has to be chosen.
    base: Snapshot = revision.snapshot if revision is not None else {}
    return merging.three_way(base, snapshot(incident), snapshot_of(found.reading.incident))


def _choices(differences: list[Difference], given: Posted) -> dict[str, str]:
    """What was chosen, place by place or for all at once where both changed something."""
    if given.do in ALL:
        # What only one side changed stays as it is: nobody's work is undone by a choice about something else.
        return {each.where: str(ALL[given.do]) for each in differences if each.conflict}
    sides = {str(side) for side in Side}
    asked = {each.where: request.form.get(f"{TAKE}{each.where}", "") for each in differences}
    return {where: side for where, side in asked.items() if side in sides}


def _names(session: Session, found: Judged, incident: Incident) -> Mapping[tuple[str, str], str]:
    """What the records are called that either side refers to, those that are not on record yet among them."""
    registry = RegistryNames(session, incident)
    named: dict[tuple[str, str], str] = {}
    for model, keys in references([draft_of_incident(incident), found.reading.incident]).items():
        kind = kind_of(model())
        registry.load(kind, keys)
        named |= {(kind, key): registry.name(kind, key) or key for key in keys}
    for new in found.reading.new:
        if isinstance(new, PersonDraft | OutletDraft):
            named[kind_of(new), new.key or ""] = new.name or ""
        elif isinstance(new, SourceDraft):
            named["source", new.key or ""] = new.title or new.publisher or new.url or ""
    return named


def _without_silence(value: Any) -> Any:
    """Nested values without empty ones and without what stands for silence."""
    if isinstance(value, dict):
        parts = {name: _without_silence(part) for name, part in value.items()}
        consents = parts.get("consent")
        if isinstance(consents, dict):
            parts["consent"] = {purpose: answer for purpose, answer in consents.items() if answer != "unknown"}
        return {name: part for name, part in parts.items() if part is not None and part != {} and part != []}
    if isinstance(value, list):
        return [_without_silence(item) for item in value]
    return value
