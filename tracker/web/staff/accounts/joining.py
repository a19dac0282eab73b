"""Joining the staff by a link, and setting up the second factor."""

from flask import Response, abort, g, redirect, request, url_for
from itsdangerous import BadSignature, URLSafeTimedSerializer
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from tracker.registry import audit
from tracker.registry.accounts import invitations, passwords, people, second_factor
from tracker.registry.models import Invitation, StaffMember, StaffSession
from tracker.registry.permissions import actor_of
from tracker.vocabulary.staff import Action, AuditEvent
from tracker.web.staff.accounts import carrying, organisation, qr, signing
from tracker.web.staff.accounts.forms import (
    CodeForm,
    JoinForm,
    NewPasswordForm,
    fault,
    summary,
)
from tracker.web.staff.context import database, page, settings, writing
from tracker.web.staff.guard import ensure_confirmed
from tracker.web.staff.routing import Route
from tracker.web.translation import gettext

BOTH = ("GET", "POST")
SECONDS_TO_SET_UP = 1800


def join(token: str) -> AnyResponse | str:
    """What a link leads to: an account of one's own, or a new password for it."""
    with database().read() as session:
        link = invitations.find(session, token)
        staff = session.get(StaffMember, link.staff_id) if link is not None and link.staff_id else None
    if link is None or (staff is not None and staff.disabled_at is not None):
        return carrying.answer(page("staff/no_link.html"), status=404)
    form = NewPasswordForm(request.form) if staff is not None else JoinForm(request.form, name=link.name)
    if staff is None and link.email:
        del form.email
    if request.method == "POST" and _holds(form, link, staff):
        return _take(token, form)
    problems = summary(form)
    shown = page("staff/join.html", form=form, problems=problems, link=link, account=staff)
    return carrying.answer(shown, problems=problems)


def _holds(form: JoinForm | NewPasswordForm, link: Invitation, staff: StaffMember | None) -> bool:
    """Whether a form can be taken; what stands against it is marked at its fields."""
    if "email" in form and (problem := people.email_problem(form.email.data or "")):
        fault(form.email, problem)
    if "name" in form and (problem := people.name_problem(form.name.data or "")):
        fault(form.name, problem)
    named = [staff.name, staff.email] if staff else [request.form.get("name", ""), request.form.get("email", "")]
    if problem := passwords.password_problem(form.password.data or "", [*named, link.email, *organisation.words()]):
        fault(form.password, problem)
    return not summary(form)


def _take(token: str, form: JoinForm | NewPasswordForm) -> AnyResponse | str:
    hashed = signing.prover().passwords.hash(form.password.data)
    try:
        with database().write() as session:
            # Of two who use the link at once, the second one finds it used.
            link = invitations.find(session, token, lock=True)
            if link is None:
                return carrying.answer(page("staff/no_link.html"), status=404)
            staff = _joined(session, link, form, hashed)
            renewed = link.staff_id is not None
            invitations.use(session, link, staff)
    except people.Refused as refused:
        fault(form.email if "email" in form else form.password, refused.problem)
        shown = page("staff/join.html", form=form, problems=summary(form), link=link, account=None)
        return carrying.answer(shown, problems=summary(form))
    if renewed:
        # A new password never stands for the second factor: it is asked for when signing in.
        return redirect(url_for("staff.sign_in", done="password"), 303)
    signing.begin(staff, "enrol" if signing.needs_second_factor(staff) else "full")
    return redirect(url_for("staff.second_factor"), 303)


def _joined(session: Session, link: Invitation, form: JoinForm | NewPasswordForm, hashed: str) -> StaffMember:
    if link.staff_id is not None:
        staff = session.get_one(StaffMember, link.staff_id, with_for_update=True)
        people.set_password(session, staff, hashed, by=actor_of(staff))
        return staff
    email = form.email.data if "email" in form else link.email
    staff = people.add(session, email=email, name=form.name.data, roles=link.roles, password_hash=hashed)
    staff.language = signing.preferred_language()
    return staff


def second_factor_page() -> AnyResponse | str:
    """Set up a code generator, when joining or in place of the one before."""
    mine: StaffSession | None = g.get("staff_session") or g.get("half_session")
    if mine is None or mine.stage == "password":
        return redirect(url_for("staff.sign_in"))
    if mine.stage == "full" and mine.staff.totp_confirmed_at is not None:
        # The one who sits at an open desk must not be able to take the account over.
        ensure_confirmed()
    form = CodeForm(request.form)
    key = _offered_key(mine) or second_factor.new_key()
    if request.method == "POST":
        codes = _set_up(mine, key, request.form.get("code", ""))
        if codes is not None:
            return page("staff/codes.html", codes=codes, new=True, next=signing.local(request.form.get("next")))
        fault(form.code, gettext("This is not the code of this key. Codes change every 30 seconds: take the next one."))
    return _second_factor_form(form, mine, key)


def _second_factor_form(form: CodeForm, mine: StaffSession, key: str) -> Response:
    issuer = organisation.name()
    shown = page(
        "staff/second_factor.html",
        form=form,
        problems=summary(form),
        key=" ".join(key[at : at + 4] for at in range(0, len(key), 4)),
        signed_key=_signer(mine).dumps(key),
        picture=qr.draw(second_factor.address(key, mine.staff.email, issuer)),
        issuer=issuer,
        email=mine.staff.email,
        compulsory=not settings().development and mine.staff.totp_confirmed_at is None,
        next=signing.local(request.values.get("next")),
    )
    return carrying.answer(shown, problems=summary(form))


def _set_up(mine: StaffSession, key: str, code: str) -> list[str] | None:
    """Take a key into use; returns the recovery codes, or None where the code is not one of it."""
    with database().write() as session:
        staff = session.get_one(StaffMember, mine.staff_id, with_for_update=True)
        if staff.disabled_at is not None or not second_factor.confirm(session, staff, key, code):
            return None
        codes = second_factor.new_recovery_codes(session, staff, signing.keys())
        audit.write(session, AuditEvent.SECOND_FACTOR_CHANGED, by=actor_of(staff), kind=people.KIND, id=staff.id)
    signing.begin(staff, "full")
    return codes


def recovery_codes() -> AnyResponse | str:
    """Ten new recovery codes in place of those before, shown this once."""
    ensure_confirmed()
    with writing() as session:
        staff = session.get_one(StaffMember, g.staff_session.staff_id)
        if staff.totp_confirmed_at is None:
            abort(404)
        codes = second_factor.new_recovery_codes(session, staff, signing.keys())
        audit.write(session, AuditEvent.RECOVERY_CODES_MADE, by=actor_of(staff), kind=people.KIND, id=staff.id)
    return page("staff/codes.html", codes=codes, new=False, next=url_for("staff.my_account"))


def recovery_codes_file() -> AnyResponse:
    """The codes that were shown just now as a file; they come with the form, since the server keeps marks alone."""
    codes = request.form.getlist("code")[: second_factor.RECOVERY_CODES]
    with database().read() as session:
        if not second_factor.are_current(session, g.staff_session.staff, codes, signing.keys()):
            abort(400)
    response = Response("".join(f"{code}\r\n" for code in codes), mimetype="text/plain")
    response.headers["Content-Disposition"] = 'attachment; filename="recovery-codes.txt"'
    return response


def _signer(mine: StaffSession) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(signing.keys().current, salt=f"second factor {mine.id}")


def _offered_key(mine: StaffSession) -> str | None:
    """The key that this page showed before, as it comes back with the form."""
    try:
        return str(_signer(mine).loads(request.form.get("key", ""), max_age=SECONDS_TO_SET_UP))
    except BadSignature:
        return None


ROUTES = [
    Route("/join/<token>", "join", join, None, BOTH),
    Route("/second-factor", "second_factor", second_factor_page, None, BOTH),
    Route("/me/codes", "recovery_codes", recovery_codes, Action.DESK, ("POST",)),
    Route("/me/codes.txt", "recovery_codes_file", recovery_codes_file, Action.DESK, ("POST",)),
]
