"""Looking a place up for somebody who types: in our own list, and outside only where a person asks for that."""

from flask import current_app

from tracker.geocoding import Answer, Gazetteer, GazetteerProblem, Outcome, Wanted
from tracker.geocoding.anywhere import locate_anywhere
from tracker.geocoding.remote import Remote, remote_of
from tracker.web.staff.context import database, settings

_GAZETTEER, _REMOTE = "tracker_gazetteer", "tracker_remote_geocoder"


def gazetteer() -> Gazetteer:
    """The list of places of this application; it need not be there, which the first question to it then says."""
    found: Gazetteer = current_app.extensions.setdefault(_GAZETTEER, Gazetteer(settings().gazetteer))
    return found


def service() -> Remote | None:
    """The outside service that the operator has chosen; None, the default, where they have chosen none."""
    if _REMOTE not in current_app.extensions:
        current_app.extensions[_REMOTE] = remote_of(settings(), database())
    found: Remote | None = current_app.extensions[_REMOTE]
    return found


def look_up(wanted: Wanted, *, outside: bool, confidential: bool) -> Answer:
    """What is known about a place; call it outside of any transaction, since a service may take its time.

    Args:
        wanted: what is looked for; nothing at all is answered by nothing.
        outside: whether somebody has asked for an answer from the service too, where there is one.
        confidential: whether nobody outside may learn of the place; this holds whatever else was asked.
    """
    if not any((wanted.text, wanted.locality, wanted.admin2, wanted.admin1, wanted.venue)):
        return Answer(Outcome.NOT_FOUND)
    remote = service() if outside and not confidential else None
    return locate_anywhere(wanted, gazetteer(), remote, confidential=confidential)


def cannot_look_up() -> str | None:
    """Why the list of places cannot be used, as a phrase that says how to mend it; None where it can."""
    try:
        gazetteer().info()
    except GazetteerProblem as problem:
        message: str = problem.args[0]
        return message
    return None
