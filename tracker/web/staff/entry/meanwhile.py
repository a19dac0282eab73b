"""What the form asks while somebody types: how a date is understood, and what the registry knows. Nothing is kept."""

from typing import Any

from flask import jsonify, request

from tracker.vocabulary.staff import Action
from tracker.web.staff.context import reading
from tracker.web.staff.entry.dating import today, told
from tracker.web.staff.entry.judging import judge
from tracker.web.staff.entry.known import answers
from tracker.web.staff.entry.likeness import likely_of
from tracker.web.staff.entry.posted import posted
from tracker.web.staff.entry.showing import hints, site_languages
from tracker.web.staff.objects import incident_for


def read_date() -> Any:
    """How a date is understood while somebody types it."""
    typed = request.form.get("typed", "")
    part = request.form.get("part") or None
    shown = request.form.get("shown") or None
    known = part if part in ("night", "morning", "afternoon", "evening") else None
    return jsonify(told(typed, today(), part_of_day=known, shown=shown).as_json())


def likely_incidents() -> str:
    """What the registry makes of a form while somebody types, as a piece of a page: likely duplicates, and answers."""
    given = posted()
    with reading() as session:
        tree = given.tree()
        own = incident_for(session, given.incident_id, Action.READ) if given.incident_id else None
        found = judge(session, tree, key="", languages=site_languages(session), of=own)
        return hints(likely_of(session, found.reading, but_not=given.incident_id), answers(session, tree))
