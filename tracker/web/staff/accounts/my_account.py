"""One's own account: name and language, password, second factor, and the sessions that are open."""

from flask import abort, g, redirect, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from tracker.registry import audit
from tracker.registry.accounts import passwords, people, second_factor, sessions
from tracker.registry.models import StaffMember
from tracker.vocabulary.staff import Action, AuditEvent
from tracker.web.clients import client_address
from tracker.web.staff.accounts import carrying, organisation, signing
from tracker.web.staff.accounts.forms import ChangePasswordForm, DetailsForm, fault, summary
from tracker.web.staff.context import actor, me, page, reading, writing
from tracker.web.staff.guard import ensure_confirmed
from tracker.web.staff.routing import Route
from tracker.web.translation import LANGUAGES, gettext, gettext_noop

NOTICES = {
    "saved": gettext_noop("Saved."),
    "password": gettext_noop("Your password is changed, and your other sessions have ended."),
    "ended": gettext_noop("The session has ended."),
    "others": gettext_noop("All of your other sessions have ended."),
}


def my_account() -> AnyResponse | str:
    """Everything about one's own account on one page."""
    return _page(_details(), ChangePasswordForm())


def change_details() -> AnyResponse | str:
    """Change one's name and language."""
    form = DetailsForm(request.form)
    if problem := people.name_problem(form.name.data or ""):
        fault(form.name, problem)
    if form.language.data not in LANGUAGES:
        fault(form.language, gettext("Choose one of the languages."))
    if summary(form):
        return _page(form, ChangePasswordForm())
    with writing() as session:
        people.describe(session, _mine(session), name=form.name.data, language=form.language.data, by=actor())
    return _back("saved")


def change_password() -> AnyResponse | str:
    """Set a new password; every other session ends, and this one gets a new token."""
    form = ChangePasswordForm(request.form)
    proved = signing.prover().password(me().email, form.current_password.data or "", address=client_address())
    if proved.staff is None:
        fault(form.current_password, carrying.refused(proved, gettext("The password is wrong.")))
    new = form.new_password.data or ""
    if problem := passwords.password_problem(new, [me().name, me().email, *organisation.words()]):
        fault(form.new_password, problem)
    if summary(form):
        return _page(_details(), form, wait=proved.wait)
    hashed = signing.prover().passwords.hash(new)
    with writing() as session:
        people.set_password(session, _mine(session), hashed, by=actor())
    signing.begin(me(), "full")
    return _back("password")


def end_session(session_id: str) -> AnyResponse:
    """End one of one's own sessions."""
    with writing() as session:
        found = next((one for one in sessions.living(session, _mine(session)) if one.id == session_id), None)
        if found is None:
            abort(404)
        sessions.end(session, found)
        _log_end(session, 1)
    if session_id == g.staff_session.id:
        signing.leave()
        return redirect(url_for("staff.sign_in", done="signed_out"), 303)
    return _back("ended")


def end_other_sessions() -> AnyResponse:
    """End all of one's sessions but this one."""
    with writing() as session:
        _log_end(session, sessions.end_all(session, _mine(session), but=g.staff_session.id))
    return _back("others")


def end_everything() -> AnyResponse:
    """End all of one's sessions at once, this one too: for somebody whose machine may be in other hands."""
    with writing() as session:
        _log_end(session, sessions.end_all(session, _mine(session)))
    signing.leave()
    return redirect(url_for("staff.sign_in", done="everywhere"), 303)


def renew_second_factor() -> AnyResponse:
    """Lead to a new key for the code generator, once one has proved who one is."""
    ensure_confirmed()
    return redirect(url_for("staff.second_factor", next=url_for("staff.my_account")), 303)


def _page(details: DetailsForm, password: ChangePasswordForm, *, wait: int = 0) -> AnyResponse:
    problems = summary(details, password)
    with reading() as session:
        mine = session.get_one(StaffMember, me().id)
        shown = page(
            "staff/my_account.html",
            notices=NOTICES,
            details=details,
            password=password,
            problems=problems,
            account=mine,
            sessions=sessions.living(session, mine),
            this=g.staff_session.id,
            codes_left=second_factor.recovery_codes_left(session, mine),
        )
    return carrying.answer(shown, wait, problems)


def _details() -> DetailsForm:
    return DetailsForm(data={"name": me().name, "language": me().language})


def _mine(session: Session) -> StaffMember:
    return session.get_one(StaffMember, me().id, with_for_update=True)


def _log_end(session: Session, number: int) -> None:
    if number:
        audit.write(
            session, AuditEvent.SESSION_ENDED, by=actor(), kind=people.KIND, id=me().id, detail={"number": number}
        )


def _back(done: str) -> AnyResponse:
    return redirect(url_for("staff.my_account", done=done), 303)


_POST = ("POST",)
ROUTES = [
    Route("/me", "my_account", my_account, Action.DESK),
    Route("/me/details", "change_details", change_details, Action.DESK, _POST),
    Route("/me/password", "change_password", change_password, Action.DESK, _POST),
    Route("/me/second-factor", "renew_second_factor", renew_second_factor, Action.DESK, _POST),
    Route("/me/sessions/end", "end_other_sessions", end_other_sessions, Action.DESK, _POST),
    Route("/me/sessions/end-all", "end_everything", end_everything, Action.DESK, _POST),
    Route("/me/sessions/<session_id>/end", "end_session", end_session, Action.DESK, _POST),
]
