"""What the script of the form asks while somebody types: candidates, how coordinates are read, what readers will see.

Everything is sent in the body of a post: the place of an incident never stands in an address.
"""

from dataclasses import asdict
from typing import Any

from flask import abort, jsonify

from tracker.vocabulary.staff import Action
from tracker.web.staff.context import reading
from tracker.web.staff.entry import showing
from tracker.web.staff.entry.posted import Posted, posted
from tracker.web.staff.objects import incident_for
from tracker.web.staff.places.buttons import found_for
from tracker.web.staff.places.shown import pinned, shown
from tracker.web.staff.places.telling import origin_words, told
from tracker.web.staff.routing import Route

# What can be asked: candidates from our own list while somebody types; the same with the outside service, when a
# person asks for it; nothing but what readers will see.
LIVE, FULL, SHOW = "live", "full", "show"


def place() -> Any:
    """The answer to one question about the place of a form, as JSON; `do` says which. Nothing is written."""
    given = posted()
    if given.do not in (LIVE, FULL, SHOW):
        abort(400)
    content = _shown(given)
    if given.do != SHOW:
        content["answer"] = told(found_for(given, outside=given.do == FULL), given.tree().form).as_json()
    return jsonify(content)


def _shown(given: Posted) -> dict[str, Any]:
    with reading() as session:
        if given.incident_id is not None:
            incident_for(session, given.incident_id, Action.WRITE)
        default = None if given.incident_id else showing.default_precision(session)
    form = given.tree().form
    found = pinned(form, default)
    point = {"latitude": found.place.latitude, "longitude": found.place.longitude}
    return {
        "point": point if found.place.latitude is not None else None,
        "problem": found.wrong or "",
        "origin": origin_words(form),
        "shown": asdict(shown(found.place)),
    }


ROUTES = [Route("/forms/place", "place", place, Action.ENTER, ("POST",))]
"""All addresses of this room."""
