"""The steps that need a button and at most a reason."""

from collections.abc import Callable
from functools import partial

from flask import abort, current_app, redirect, request, url_for
from werkzeug.wrappers import Response

from tracker.publication.steps import Particulars, take
from tracker.registry.operations import Refused, Stale
from tracker.vocabulary.staff import Action
from tracker.web.staff.context import actor, database, writing
from tracker.web.staff.objects import incident_for
from tracker.web.staff.review import answers
from tracker.web.staff.routing import Route
from tracker.web.translation import gettext_noop

LONGEST_REASON = 5_000

NOTICES = {
    "submit": gettext_noop("Submitted."),
    "take_up": gettext_noop("Taken up. The incident is in review."),
    "send_back": gettext_noop("Sent back, with your reason."),
    "ask_safety_review": gettext_noop("Handed over to safety review."),
    "clear": gettext_noop("Cleared for publication."),
    "object": gettext_noop("Objected. The incident is in review again."),
    "publish": gettext_noop("Published."),
    "embargo": gettext_noop("Held back until the time that you set."),
    "lift": gettext_noop("The embargo is lifted. The incident is cleared, and not published."),
    "quarantine": gettext_noop("Off the site, in all its versions."),
    "quarantine_reason": gettext_noop("Your reason is kept."),
    "reopen": gettext_noop("Reopened. It goes the whole way again before it is public."),
    "withdraw": gettext_noop("Withdrawn. A mark stays in its place."),
    "restrict": gettext_noop("Restricted. What was withheld is gone from all public versions."),
}
"""What a page opens with after a step (`?done=`); the page of an incident shows these too."""

PLAIN = (Action.SUBMIT, Action.TAKE_UP, Action.SEND_BACK, Action.ASK_SAFETY_REVIEW, Action.LIFT, Action.REOPEN)


def asked_version() -> int:
    """The version that the form was made from; 400 without one."""
    given = request.form.get("version", "")
    if not (given.isascii() and given.isdecimal() and len(given) < 10):
        abort(400)
    return int(given)


def asked_reason() -> str | None:
    """The reason that was typed, if any; 400 for one that no field of ours can have sent."""
    why = request.form.get("why", "").strip()
    if len(why) > LONGEST_REASON or "\0" in why:
        abort(400)
    return why or None


def step(incident_id: str, *, action: Action) -> Response | answers.Answer:
    """Take one step and go back to the incident."""
    particulars = Particulars(early=action is Action.PUBLISH and request.form.get("early") == "yes")
    return taken(incident_id, action, particulars)


def taken(incident_id: str, action: Action, particulars: Particulars) -> Response | answers.Answer:
    """Take a step in one transaction; else say what stands against it, or that somebody else was faster."""
    version, why = asked_version(), asked_reason()
    try:
        with writing() as session:
            incident = incident_for(session, incident_id, Action.READ)
            take(session, incident, action, by=actor(), why=why, expected_version=version, particulars=particulars)
    except Refused as refused:
        return answers.not_now(incident_id, refused.problems)
    except Stale:
        return answers.overtaken(incident_id, why or "")
    clear_up()
    return back_to(incident_id, str(action))


def back_to(incident_id: str, done: str) -> Response:
    """The way back to the page of an incident, which opens with a notice."""
    endpoint = "staff.incident" if "staff.incident" in current_app.view_functions else "staff.review"
    return redirect(url_for(endpoint, incident_id=incident_id, done=done))


def clear_up() -> None:
    """Have what was taken back cleared from the files, without keeping the answer waiting for it.

    The request for it was committed with the step itself; where no jobs run beside this server, a thread of our own
    sees to it, and whatever it leaves undone waits for `tracker jobs run`.
    """
    wake: Callable[[], None] = getattr(current_app.extensions.get("tracker_jobs"), "wake", None) or _clear_up_alone
    wake()


def _clear_up_alone() -> None:
    # Imported late: only the desk without jobs beside it has a use for it.
    from tracker.jobs import Clearing, Releases

    Clearing(database(), Releases.of(current_app.extensions["tracker_settings"])).start()


ROUTES = [
    Route(f"/incidents/<incident_id>/steps/{action}", f"step_{action}", partial(step, action=action), action, ("POST",))
    for action in (*PLAIN, Action.PUBLISH)
]
