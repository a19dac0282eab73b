"""Signing in, in two steps, and out. A script can sign in too, so that a form need not be left for it."""

from typing import Any

from flask import Response, g, jsonify, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from tracker.registry import audit
from tracker.registry.accounts import people, sessions
from tracker.registry.models import StaffMember
from tracker.registry.permissions import actor_of
from tracker.vocabulary.staff import Action, AuditEvent
from tracker.web.clients import client_address
from tracker.web.staff.accounts import carrying, signing
from tracker.web.staff.accounts.asking import wants_json
from tracker.web.staff.accounts.forms import CodeForm, DeskForm, SignInForm, fault, summary
from tracker.web.staff.context import database, page
from tracker.web.staff.routing import Route
from tracker.web.translation import gettext, gettext_noop

NOTICES = {
    "signed_out": gettext_noop("You are signed out, and this browser has cleared what it kept."),
    "everywhere": gettext_noop("All of your sessions have ended, in every browser."),
    "password": gettext_noop("Your new password is set. Sign in with it."),
}
BOTH = ("GET", "POST")


def sign_in() -> AnyResponse | str:
    """E-mail address and password."""
    if "staff_session" in g and not wants_json():
        return redirect(_onward())
    form = SignInForm(request.form)
    if request.method != "POST":
        return _page("staff/sign_in.html", form)
    proved = signing.prover().password(
        request.form.get("email", ""), request.form.get("password", ""), address=client_address()
    )
    if proved.staff is None:
        wrong = carrying.refused(proved, gettext("E-mail address or password is wrong."))
        return _refused("staff/sign_in.html", form, "password", wrong, proved.wait)
    if proved.staff.totp_confirmed_at is not None:
        signing.begin(proved.staff, "password")
        return _go("code", url_for("staff.sign_in_code", next=_next()))
    return _enter(proved.staff)


def sign_in_code() -> AnyResponse | str:
    """The second factor, after the password."""
    half = g.get("half_session")
    if half is None or half.stage != "password":
        if wants_json():
            return _json({"stage": "password"}, 401)
        return redirect(url_for("staff.sign_in", next=_next()))
    form = CodeForm(request.form)
    if request.method != "POST":
        return _page("staff/code.html", form)
    proved = signing.prover().code(half.staff_id, request.form.get("code", ""), address=client_address())
    if proved.staff is None:
        wrong = carrying.refused(proved, gettext("The code is wrong, or was used before."))
        return _refused("staff/code.html", form, "code", wrong, proved.wait)
    return _enter(proved.staff)


def sign_out() -> AnyResponse:
    """End this session, and have the browser clear what it keeps of the site."""
    mine = g.get("staff_session") or g.get("half_session")
    if mine is not None:
        with database().write() as writing:
            found = sessions.by_id(writing, mine.id)
            if found is not None and found.ended_at is None:
                sessions.end(writing, found)
                audit.write(
                    writing,
                    AuditEvent.SIGNED_OUT,
                    by=actor_of(mine.staff),
                    kind=people.KIND,
                    id=mine.staff_id,
                )
    signing.leave()
    return redirect(url_for("staff.sign_in", done="signed_out"), 303)


def confirm() -> AnyResponse:
    """Where a page that was only asked for is opened after one has proved who one is; the guard did the proving."""
    return redirect(signing.local(request.form.get("next")) or url_for("staff.desk"), 303)


def _enter(staff: StaffMember) -> AnyResponse:
    if signing.needs_second_factor(staff):
        signing.begin(staff, "enrol")
        return _go("enrol", url_for("staff.second_factor", next=_next()))
    signing.begin(staff, "full")
    return _go("full", _onward())


def _go(stage: str, address: str) -> AnyResponse:
    if wants_json():
        return _json({"stage": stage, "csrf_token": signing.fresh_token()}, 200)
    return redirect(address, 303)


def _refused(template: str, form: DeskForm, field: str, sentence: str, wait: int) -> Response:
    if wants_json():
        return _json({"problem": sentence}, 429 if wait else 401, wait)
    fault(form[field], sentence)
    return carrying.answer(_page(template, form), wait, [sentence])


def _page(template: str, form: DeskForm) -> str:
    return page(template, notices=NOTICES, form=form, problems=summary(form), next=_next())


def _json(content: dict[str, Any], status: int, wait: int = 0) -> Response:
    response = jsonify(content)
    response.status_code = status
    if wait:
        response.headers["Retry-After"] = str(wait)
    return response


def _next() -> str | None:
    return signing.local(request.values.get("next"))


def _onward() -> str:
    return _next() or url_for("staff.desk")


ROUTES = [
    Route("/sign-in", "sign_in", sign_in, None, BOTH),
    Route("/sign-in/code", "sign_in_code", sign_in_code, None, BOTH),
    Route("/sign-out", "sign_out", sign_out, None, ("POST",)),
    Route("/confirm", "confirm", confirm, Action.DESK, ("POST",), grave=True),
]
