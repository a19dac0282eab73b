"""Holding a cleared incident back until an instant, which is typed in a time zone and kept in UTC."""

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo, available_timezones

from flask import request
from werkzeug.wrappers import Response

from tracker.db import utc_now
from tracker.publication.steps import Particulars, take
from tracker.registry.models import Incident
from tracker.registry.operations import Refused, Stale
from tracker.vocabulary.staff import Action
from tracker.web.staff.context import actor, page, reading, writing
from tracker.web.staff.objects import incident_for
from tracker.web.staff.review import answers
from tracker.web.staff.review.steps import asked_reason, asked_version, back_to
from tracker.web.staff.routing import Route
from tracker.web.translation import gettext

_OFFSET = re.compile(r"(?:UTC|GMT)?\s*([+-])(\d{1,2})(?::?([0-5]\d))?")
FURTHEST = timedelta(days=3653)
# Beyond these years no instant can be told in every time zone.
MANAGEABLE = (1, 9999)


def embargo(incident_id: str) -> str | Response | answers.Answer:
    """The form for an embargo, and what it asks for."""
    if request.method != "POST":
        with reading() as session:
            return _form(incident_for(session, incident_id, Action.EMBARGO))
    version, why = asked_version(), asked_reason()
    until, problems = asked_instant(request.form)
    try:
        with writing() as session:
            incident = incident_for(session, incident_id, Action.EMBARGO)
            if not problems:
                told = Particulars(until=until)
                take(session, incident, Action.EMBARGO, by=actor(), why=why, expected_version=version, particulars=told)
    except Refused as refused:
        return answers.not_now(incident_id, refused.problems)
    except Stale:
        return answers.overtaken(incident_id, why or "")
    if problems:
        return _form(incident, problems), 422
    return back_to(incident_id, "embargo")


def _form(incident: Incident, problems: list[tuple[str, str]] | None = None) -> str:
    return page(
        "staff/review/embargo.html",
        incident=incident,
        problems=problems or [],
        wrong=dict(problems or []),
        asked=request.form,
        zones=sorted(zone for zone in available_timezones() if "/" in zone and not zone.startswith(("Etc/", "posix"))),
        now=utc_now(),
    )


def asked_instant(form: dict[str, str]) -> tuple[datetime | None, list[tuple[str, str]]]:
    """The instant that was typed, in UTC, or what is wrong with it, field by field."""
    zone = time_zone(form.get("zone", ""))
    problems = [] if zone else [("zone", gettext("This is not a time zone. Write UTC, UTC+6 or Asia/Bishkek."))]
    try:
        typed = datetime.strptime(f"{form.get('day', '').strip()} {form.get('time', '').strip()}", "%Y-%m-%d %H:%M")
    except ValueError:
        return None, [("day", gettext("Give a day such as 2027-03-01 and a time such as 09:00.")), *problems]
    if zone is None:
        return None, problems
    if not MANAGEABLE[0] < typed.year < MANAGEABLE[1]:
        return None, [("day", gettext("Give a time in the future, and within ten years."))]
    until = typed.replace(tzinfo=zone).astimezone(UTC)
    if until.astimezone(zone).replace(tzinfo=None) != typed:
        return None, [("time", gettext("The clocks are put forward then: there is no such time in that zone."))]
    if not utc_now() < until < utc_now() + FURTHEST:
        return None, [("day", gettext("Give a time in the future, and within ten years."))]
    return until, []


def time_zone(name: str) -> tzinfo | None:
    """A time zone by its name or by how far it is from UTC; UTC itself where nothing was typed."""
    name = name.strip()
    if name.upper() in {"", "UTC", "GMT", "Z"}:
        return UTC
    if offset := _OFFSET.fullmatch(name.upper()):
        hours = timedelta(hours=int(offset[2]), minutes=int(offset[3] or 0))
        return timezone(-hours if offset[1] == "-" else hours) if hours <= timedelta(hours=14) else None
    return ZoneInfo(name) if name in available_timezones() else None


ROUTES = [Route("/incidents/<incident_id>/embargo", "embargo", embargo, Action.EMBARGO, ("GET", "POST"))]
