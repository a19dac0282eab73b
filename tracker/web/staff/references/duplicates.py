"""Likely duplicates, shown while an incident is typed; and what somebody decides about two that look alike."""

from collections.abc import Collection, Iterable, Set
from datetime import date
from typing import Any

from flask import Response, abort, jsonify, redirect, render_template, request, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from tracker.dates import DateProblem, IncidentDate
from tracker.dates.typed import read_typed
from tracker.db import utc_now
from tracker.publication import Gate
from tracker.registry import duplicates
from tracker.registry.duplicates import Likely
from tracker.registry.models import Person
from tracker.registry.operations import Refused
from tracker.registry.permissions import may
from tracker.text import text_problem
from tracker.vocabulary import Status
from tracker.vocabulary.staff import Action, DuplicateDecision
from tracker.web.staff import reading_log
from tracker.web.staff.context import actor, me, page, reading, writing
from tracker.web.staff.objects import incident_for
from tracker.web.staff.references.beside import side_by_side
from tracker.web.staff.references.kinds import name_of
from tracker.web.staff.routing import Route
from tracker.web.translation import said

SHOWN = 6
LOOKED_AT = 30
LONGEST = 400
MOST = 60


def likely_duplicates() -> str | Response:
    """Incidents that may be the same as the one being typed: a piece of a page, or JSON where that is asked for.

    Takes `country`, `date` (as typed, or `earliest` and `latest`), `title` (one for each language), `people`, `outlets`
    and `violations` (codes and keys, repeated), `incident` (its id, where it is on record already).
    """
    with reading() as session:
        own = request.form.get("incident") or None
        if own is not None:
            incident_for(session, own, Action.READ)
        found = _asked(session, own)
        told = [_told(each) for each in for_me(session, found, _all("people"))[:SHOWN]]
    if request.accept_mimetypes.best_match(("text/html", "application/json"), default="text/html") != "text/html":
        return jsonify({"likely": [{**each, "reasons": list(each["reasons"])} for each in told]})
    return render_template("staff/references/_duplicates.html", likely=told, own=own)


def _asked(session: Session, own: str | None) -> list[Likely]:
    earliest, latest = _days()
    return duplicates.likely(
        session,
        country=_clean(request.form.get("country", "")).upper() or None,
        earliest=earliest,
        latest=latest,
        title=_all("title"),
        people=_all("people"),
        outlets=_all("outlets"),
        violations=_all("violations"),
        but_not=own,
        limit=LOOKED_AT,
    )


def _all(name: str) -> list[str]:
    return [clean for value in request.form.getlist(name)[:MOST] if (clean := _clean(value))]


def _clean(value: str) -> str:
    return "" if text_problem(value, limit=LONGEST) else value.strip()


def _days() -> tuple[date | None, date | None]:
    """The days that are meant; a date that cannot be read is none yet, since it is still being typed."""
    typed = request.form.get("date", "")
    try:
        if typed.strip():
            meant = IncidentDate.from_edtf(read_typed(typed[:100], today=utc_now().date()).edtf)
            return meant.earliest, meant.latest
    except DateProblem:
        return None, None
    return _day("earliest"), _day("latest")


def _day(name: str) -> date | None:
    try:
        return date.fromisoformat(request.form.get(name, ""))
    except ValueError:
        return None


def for_me(session: Session, found: Iterable[Likely], people: Collection[str]) -> list[Likely]:
    """Those that whoever is signed in may know of; `people` are the keys asked for.

    Not even how many others there are is told: one could ask until one knew what they hold. Of a public incident that
    one may not read, only what its public record tells counts: that it is about somebody whom it does not name must
    not be learnt from this.
    """
    listed = list(found)
    theirs = [each for each in listed if may(me(), Action.READ, each.incident)]
    rest = [each for each in listed if each not in theirs]
    public = [each for each in rest if each.incident.status == Status.PUBLISHED and each.incident.amendment is None]
    standing = Gate(session, by="preview").standing([each.incident for each in public])
    asked = set(session.scalars(select(Person.id).where(Person.key.in_(people)))) if people else set()
    open_ = []
    for each in public:
        record = standing.get(each.incident.id)
        reasons = tuple(r for r in each.reasons if record is not None and _is_public(r, record, asked))
        if duplicates.STRONG.intersection(reasons):
            open_.append(Likely(each.incident, duplicates.scored(reasons), reasons, each.ruling))
    return sorted([*theirs, *open_], key=lambda each: (-each.score, each.incident.id))


def _is_public(reason: str, record: dict[str, Any], people: Set[str]) -> bool:
    """Whether a reason can be told from the public record alone."""
    if reason != duplicates.SAME_PERSON:
        return True
    return any(victim.get("person") in people for act in record["acts"] for victim in act["victims"])


def _told(each: Likely) -> dict[str, Any]:
    incident = each.incident
    mine = may(me(), Action.READ, incident)
    return {
        "id": incident.id if mine else None,
        "reference": incident.reference,
        "title": name_of(incident),
        "date": incident.date_edtf,
        "status": incident.status if mine else str(Status.PUBLISHED),
        "address": url_for("staff.incident", incident_id=incident.id)
        if mine
        else url_for("public.incident", reference=incident.reference),
        "reasons": tuple(said(reason) for reason in each.reasons),
        "ruling": each.ruling,
    }


COMPARED = ("title", "date", "place", "acts", "sources", "summary")


def compare(incident_id: str, other_id: str) -> str:
    """Two incidents that look alike beside each other, and what can be decided about them."""
    with reading() as session:
        one = incident_for(session, incident_id, Action.READ)
        other = incident_for(session, other_id, Action.READ)
        ruling = duplicates.rulings(session, one.id).get(other.id)
        confidential = [(each, reading_log.groups_of(each)) for each in (one, other)]
        shown = page(
            "staff/references/compare.html",
            one=one,
            other=other,
            name_of=name_of,
            ruling=ruling,
            lines=side_by_side(session, one, other, COMPARED),
            decisions=list(DuplicateDecision),
        )
    for each, groups in confidential:
        reading_log.note(each, groups)
    return shown


def rule(incident_id: str, other_id: str) -> str | AnyResponse:
    """Keep what was decided; where they are the same, one of the two can then be withdrawn as merged."""
    given = request.form.get("decision", "")
    if given not in DuplicateDecision.codes():
        abort(400)
    decision = DuplicateDecision(given)
    with writing() as session:
        one = incident_for(session, incident_id, Action.WRITE)
        other = incident_for(session, other_id, Action.READ)
        try:
            duplicates.rule(session, one, other, decision, by=actor(), link_other=may(me(), Action.WRITE, other))
        except Refused:
            abort(409)
        if decision is DuplicateDecision.SAME:
            return page("staff/references/same.html", one=one, other=other, name_of=name_of)
    return redirect(url_for("staff.incident", incident_id=incident_id, done=str(decision)), 303)


PAIR = "/incidents/<incident_id>/duplicates/<other_id>"
ROUTES = [
    Route("/duplicates", "duplicates", likely_duplicates, Action.SUGGEST, ("POST",)),
    Route(PAIR, "compare_duplicate", compare, Action.READ),
    Route(PAIR, "rule_duplicate", rule, Action.WRITE, ("POST",)),
]
