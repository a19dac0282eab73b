"""The accounts of everybody, for administrators: invite, give roles, end sessions, close. All of it is grave."""

from collections.abc import Callable

from flask import abort, redirect, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from tracker.registry import audit
from tracker.registry.accounts import invitations, people, second_factor, sessions
from tracker.registry.models import Invitation, StaffMember
from tracker.vocabulary.staff import Action, AuditEvent, Role
from tracker.web.staff.accounts import carrying
from tracker.web.staff.accounts.forms import EmailForm, InviteForm, fault, summary
from tracker.web.staff.context import actor, page, reading, settings, writing
from tracker.web.staff.routing import Route
from tracker.web.translation import gettext, gettext_noop, said

NOTICES = {
    "revoked": gettext_noop("The link is void."),
    "roles": gettext_noop("The roles are changed, and all sessions of this person have ended."),
    "email": gettext_noop("The e-mail address is changed. This person signs in with it from now on."),
    "disabled": gettext_noop("The account is closed, and its sessions have ended."),
    "enabled": gettext_noop("The account is open again."),
    "ended": gettext_noop("All sessions of this person have ended."),
}
ROLES_WANTED = gettext_noop("Choose at least one role.")


def accounts() -> AnyResponse | str:
    """Everybody on the staff, and who is invited."""
    return _list(InviteForm(), [])


def invite() -> AnyResponse | str:
    """Make a link with which one person can join."""
    form, roles = InviteForm(request.form), _roles()
    if problem := people.email_problem(form.email.data or ""):
        fault(form.email, problem)
    if form.name.data and (problem := people.name_problem(form.name.data)):
        fault(form.name, problem)
    problems = summary(form) + _roles_problem(roles)
    if not problems:
        with writing() as session:
            if people.by_email(session, form.email.data) is None:
                token = invitations.invite(session, email=form.email.data, name=form.name.data, roles=roles, by=actor())
                return _link(token, form.email.data.strip(), None)
        fault(form.email, gettext("There is an account with this e-mail address already."))
    return _list(form, roles)


def revoke(invitation_id: str) -> AnyResponse:
    """Make a link void."""
    with writing() as session:
        link = session.get(Invitation, invitation_id, with_for_update=True) if _can_be(invitation_id) else None
        if link is None:
            abort(404)
        invitations.revoke(session, link, by=actor())
    return redirect(url_for("staff.accounts", done="revoked"), 303)


def account(staff_id: str) -> AnyResponse | str:
    """One account."""
    with reading() as session:
        found = _find(session, staff_id)
        return _account(session, found, EmailForm(data={"email": found.email}), [])


def change_roles(staff_id: str) -> AnyResponse | str:
    """Give somebody other roles."""
    roles = _roles()
    if problem := _roles_problem(roles):
        return _with_problems(staff_id, problem)
    return _change(staff_id, "roles", lambda session, one: people.change_roles(session, one, roles, by=actor()))


def change_email(staff_id: str) -> AnyResponse | str:
    """Change the address with which somebody signs in."""
    typed = request.form.get("email", "")
    if problem := people.email_problem(typed):
        return _with_problems(staff_id, [("email", said(problem))])
    return _change(
        staff_id, "email", lambda session, one: people.change_email(session, one, typed, by=actor()), field="email"
    )


def new_link(staff_id: str) -> AnyResponse | str:
    """A link with which somebody sets a new password; the second factor stays, unless it is lost and taken away."""
    with writing() as session:
        found = _find(session, staff_id, lock=True)
        if found.disabled_at is not None:
            abort(409)
        if "start_over" in request.form:
            people.start_over(session, found, by=actor())
        token = invitations.invite(
            session, email=found.email, roles=[Role(role) for role in found.roles], by=actor(), staff=found
        )
        return _link(token, found.email, found)


def close(staff_id: str) -> AnyResponse | str:
    """Close an account."""
    return _change(staff_id, "disabled", lambda session, one: people.disable(session, one, by=actor()))


def reopen(staff_id: str) -> AnyResponse | str:
    """Open a closed account again."""
    return _change(staff_id, "enabled", lambda session, one: people.enable(session, one, by=actor()))


def end_sessions(staff_id: str) -> AnyResponse | str:
    """End all sessions of somebody."""

    def end(session: Session, one: StaffMember) -> None:
        number = sessions.end_all(session, one)
        audit.write(
            session, AuditEvent.SESSION_ENDED, by=actor(), kind=people.KIND, id=one.id, detail={"number": number}
        )

    return _change(staff_id, "ended", end)


def _change(
    staff_id: str, done: str, change: Callable[[Session, StaffMember], None], *, field: str = "roles"
) -> AnyResponse | str:
    try:
        with writing() as session:
            change(session, _find(session, staff_id, lock=True))
    except people.Refused as refused:
        return _with_problems(staff_id, [(field, said(refused.problem))])
    return redirect(url_for("staff.account", staff_id=staff_id, done=done), 303)


def _with_problems(staff_id: str, problems: list[tuple[str, str]]) -> AnyResponse:
    with reading() as session:
        found = _find(session, staff_id)
        form = EmailForm(data={"email": request.form.get("email", found.email)})
        for field, sentence in problems:
            if field == "email":
                fault(form.email, sentence)
        return _account(session, found, form, problems)


def _account(session: Session, found: StaffMember, form: EmailForm, problems: list[tuple[str, str]]) -> AnyResponse:
    shown = page(
        "staff/account.html",
        notices=NOTICES,
        account=found,
        form=form,
        problems=problems,
        roles=list(Role),
        sessions=sessions.living(session, found),
        codes_left=second_factor.recovery_codes_left(session, found),
    )
    return carrying.answer(shown, problems=problems)


def _list(form: InviteForm, roles: list[Role]) -> AnyResponse:
    asked = request.method == "POST"
    problems = (summary(form) + _roles_problem(roles)) if asked else []
    with reading() as session:
        shown = page(
            "staff/accounts.html",
            notices=NOTICES,
            form=form,
            chosen=roles,
            problems=problems,
            everybody=people.everybody(session),
            seen=sessions.last_seen(session),
            pending=invitations.pending(session),
            names=people.staff_names(session),
            roles=list(Role),
        )
    return carrying.answer(shown, problems=problems)


def _link(token: str, email: str, account: StaffMember | None) -> str:
    base = settings().base_url
    path = url_for("staff.join", token=token)
    return page(
        "staff/link.html",
        link=f"{base}{path}" if base else url_for("staff.join", token=token, _external=True),
        email=email,
        account=account,
    )


def _find(session: Session, staff_id: str, *, lock: bool = False) -> StaffMember:
    found = session.get(StaffMember, staff_id, with_for_update=lock or None) if _can_be(staff_id) else None
    return found or abort(404)


def _can_be(id: str) -> bool:
    # PostgreSQL refuses some characters, which no id has.
    return id.isascii() and id.isalnum()


def _roles() -> list[Role]:
    sent = set(request.form.getlist("role"))
    return [role for role in Role if role in sent]


def _roles_problem(roles: list[Role]) -> list[tuple[str, str]]:
    return [] if roles else [("roles", gettext(ROLES_WANTED))]


_POST = ("POST",)
_ONE = "/accounts/<staff_id>"
ROUTES = [
    Route("/accounts", "accounts", accounts, Action.ACCOUNTS),
    Route("/accounts/invite", "invite", invite, Action.ACCOUNTS, _POST),
    Route("/accounts/invitations/<invitation_id>/revoke", "revoke_invitation", revoke, Action.ACCOUNTS, _POST),
    Route(_ONE, "account", account, Action.ACCOUNTS),
    Route(f"{_ONE}/roles", "change_roles", change_roles, Action.ACCOUNTS, _POST),
    Route(f"{_ONE}/email", "change_email", change_email, Action.ACCOUNTS, _POST),
    Route(f"{_ONE}/link", "new_link", new_link, Action.ACCOUNTS, _POST),
    Route(f"{_ONE}/close", "close_account", close, Action.ACCOUNTS, _POST),
    Route(f"{_ONE}/reopen", "reopen_account", reopen, Action.ACCOUNTS, _POST),
    Route(f"{_ONE}/sessions/end", "end_sessions", end_sessions, Action.ACCOUNTS, _POST),
]
