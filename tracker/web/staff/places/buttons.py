"""The buttons of the place that need no script: "Find the place", and "Take the chosen place"."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from flask import g, request

from tracker.geocoding import Answer, Candidate
from tracker.registry.models import Incident
from tracker.vocabulary import PlacePrecision
from tracker.vocabulary.staff import Action
from tracker.web.staff.context import reading
from tracker.web.staff.entry import showing
from tracker.web.staff.entry.fields import Pair
from tracker.web.staff.entry.posted import Posted
from tracker.web.staff.objects import incident_for
from tracker.web.staff.places.asking import is_confidential, wanted_in
from tracker.web.staff.places.choosing import Choice, choice_of
from tracker.web.staff.places.looking import look_up

FIND, TAKE = "place:find", "place:take"
# These are for one post alone, as everything that begins so.
CHOSEN, OVER = "take-place", "take-place-over"

R = TypeVar("R")


def found_for(given: Posted, *, outside: bool) -> Answer:
    """What is known about the place of a form; nobody outside is asked about a confidential one."""
    tree = given.tree()
    with reading() as session:
        incident: Incident | None = None
        default: PlacePrecision | None = showing.default_precision(session)
        if given.incident_id is not None:
            incident, default = incident_for(session, given.incident_id, Action.WRITE), None
        confidential = is_confidential(session, tree, incident, default)
    return look_up(wanted_in(tree.form), outside=outside, confidential=confidential)


def pressed(given: Posted, go_on: Callable[[Posted], R]) -> R:
    """Go on with a post of the form after one of these buttons; any other post goes on as it came.

    Finding leaves what was found for the page that follows in this very request. Taking writes the chosen place into
    the form; where it is not among the answers any more, these are shown again.
    """
    if given.do not in (FIND, TAKE):
        return go_on(given)
    answer = found_for(given, outside=True)
    chosen = _chosen(answer.candidates)
    if given.do == FIND or chosen is None:
        g.place_answer = answer
        return go_on(given)
    pairs = taken(given.pairs, choice_of(chosen, given.tree().form), over=OVER in request.form)
    return go_on(Posted(pairs, given.do, given.incident_id, given.version, given.sequence))


def is_shown_at_once(do: str) -> bool:
    """Whether the page that follows a button has to be made in the same request, since it shows what was found."""
    return do in (FIND, TAKE) and "place_answer" in g


def where(do: str) -> str:
    """The id of where to go on after one of these buttons; empty for all others."""
    return "where" if do == TAKE else ""


def taken(pairs: Sequence[Pair], choice: Choice, *, over: bool) -> list[Pair]:
    """The form with a chosen place written into it; over what stands there only where that was said."""
    fields = choice.fills | (choice.over if over else {})
    return [*(pair for pair in pairs if pair[0] not in fields), *fields.items()]


def _chosen(candidates: Sequence[Candidate]) -> Candidate | None:
    wanted = request.form.get(CHOSEN)
    return next((each for each in candidates if each.entry == wanted), None)
