"""Those on the staff: finding them, letting them join, changing their accounts. Accounts are closed, never deleted."""

import unicodedata
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tracker.db import utc_now
from tracker.phrases import Phrase, phrase
from tracker.registry import audit
from tracker.registry.accounts import second_factor, sessions
from tracker.registry.models import Invitation, StaffMember
from tracker.text import text_problem
from tracker.vocabulary.staff import AuditEvent, Role

LONGEST_EMAIL = 254
LONGEST_NAME = 100
KIND = "staff"
_NO_PART = frozenset(" @,;<>()")


class Refused(Exception):
    """An account cannot be changed so; `problem` is one sentence that says why."""

    def __init__(self, problem: Phrase) -> None:
        super().__init__(problem)
        self.problem = problem


class Names(dict[str, str]):
    """The names of those on the staff by the words with which revisions and the log name them.

    Who is not on the staff, as a command or an import, is called by these words themselves.
    """

    def __missing__(self, actor: str) -> str:
        return actor


def staff_names(session: Session) -> Names:
    """The name of everybody who is or was on the staff, by `staff:<id>`."""
    return Names({f"{KIND}:{id}": name for id, name in session.execute(select(StaffMember.id, StaffMember.name))})


def everybody(session: Session) -> list[StaffMember]:
    """All accounts, open ones first, by name."""
    found = session.scalars(select(StaffMember)).all()
    return sorted(found, key=lambda one: (one.disabled_at is not None, one.name.casefold(), one.id))


def by_email(session: Session, email: str) -> StaffMember | None:
    """The account of an address."""
    key = email_key(email)
    # PostgreSQL refuses some characters, which no address has.
    return session.scalar(select(StaffMember).where(StaffMember.email_key == key)) if key.isprintable() else None


def email_key(email: str) -> str:
    """An address as it is compared."""
    return unicodedata.normalize("NFKC", email).strip().casefold()


def email_problem(email: str) -> Phrase | None:
    """What is wrong with an e-mail address, as a sentence, or None. Whether it exists is nobody's guess here."""
    typed = email.strip()
    problem = text_problem(typed, limit=LONGEST_EMAIL)
    local, _at, host = typed.partition("@")
    if problem is None and (not local or "." not in host.strip(".") or set(local) & _NO_PART or set(host) & _NO_PART):
        problem = phrase("Write an e-mail address, as in name@example.org.")
    return problem


def name_problem(name: str) -> Phrase | None:
    """What is wrong with somebody's name, as a sentence, or None."""
    if not name.strip():
        return phrase("Write the name by which the others know this person.")
    return text_problem(name.strip(), limit=LONGEST_NAME)


def add(session: Session, *, email: str, name: str, roles: Iterable[str], password_hash: str) -> StaffMember:
    """A new account. Raises `Refused` where the address has one already."""
    if by_email(session, email) is not None:
        raise Refused(phrase("There is an account with this e-mail address already."))
    made = StaffMember(email=email.strip(), email_key=email_key(email), name=name.strip(), roles=list(roles))
    made.password_hash, made.password_changed_at = password_hash, utc_now()
    session.add(made)
    session.flush()
    return made


def set_password(session: Session, staff: StaffMember, password_hash: str, *, by: str) -> None:
    """Give somebody another password; all of their sessions end."""
    staff.password_hash, staff.password_changed_at = password_hash, utc_now()
    sessions.end_all(session, staff)
    audit.write(session, AuditEvent.PASSWORD_CHANGED, by=by, kind=KIND, id=staff.id)


def start_over(session: Session, staff: StaffMember, *, by: str) -> None:
    """Take away password and second factor, for somebody who lost their telephone: they join anew by a link."""
    staff.password_hash = None
    second_factor.forget(session, staff)
    sessions.end_all(session, staff)
    audit.write(session, AuditEvent.SECOND_FACTOR_CHANGED, by=by, kind=KIND, id=staff.id, detail={"taken_away": True})


def describe(session: Session, staff: StaffMember, *, name: str, language: str, by: str) -> None:
    """Change how somebody is called and in which language they work."""
    changed = [field for field, value in (("name", name), ("language", language)) if getattr(staff, field) != value]
    staff.name, staff.language = name.strip(), language
    if changed:
        audit.write(session, AuditEvent.AMENDED, by=by, kind=KIND, id=staff.id, detail={"fields": changed})


def change_email(session: Session, staff: StaffMember, email: str, *, by: str) -> None:
    """Change the address with which somebody signs in. Raises `Refused` where another account has it."""
    other = by_email(session, email)
    if other is not None and other.id != staff.id:
        raise Refused(phrase("There is an account with this e-mail address already."))
    if email.strip() != staff.email:
        staff.email, staff.email_key = email.strip(), email_key(email)
        audit.write(session, AuditEvent.EMAIL_CHANGED, by=by, kind=KIND, id=staff.id)


def change_roles(session: Session, staff: StaffMember, roles: Iterable[Role], *, by: str) -> None:
    """Give somebody other roles; all of their sessions end. Raises `Refused` for the last administrator."""
    wanted = [str(role) for role in Role if role in set(roles)]
    if wanted == sorted(staff.roles, key=[str(role) for role in Role].index):
        return
    if Role.ADMINISTRATOR not in wanted:
        _leave_an_administrator(session, staff)
    before, staff.roles = list(staff.roles), wanted
    sessions.end_all(session, staff)
    audit.write(
        session, AuditEvent.ROLES_CHANGED, by=by, kind=KIND, id=staff.id, detail={"before": before, "after": wanted}
    )


def disable(session: Session, staff: StaffMember, *, by: str) -> None:
    """Close an account; its sessions and links end. Raises `Refused` for the last administrator."""
    if staff.disabled_at is None:
        _leave_an_administrator(session, staff)
        staff.disabled_at = utc_now()
        sessions.end_all(session, staff)
        for link in session.scalars(select(Invitation).where(Invitation.staff_id == staff.id)):
            link.revoked_at = link.revoked_at or utc_now()
        audit.write(session, AuditEvent.ACCOUNT_DISABLED, by=by, kind=KIND, id=staff.id)


def enable(session: Session, staff: StaffMember, *, by: str) -> None:
    """Open a closed account again."""
    if staff.disabled_at is not None:
        staff.disabled_at = None
        audit.write(session, AuditEvent.ACCOUNT_ENABLED, by=by, kind=KIND, id=staff.id)


def is_anybody_there(session: Session, *, at: datetime | None = None) -> bool:
    """Whether there is an account, or a link with which somebody can still join."""
    now = at or utc_now()
    open_links = select(func.count()).where(
        Invitation.used_at.is_(None), Invitation.revoked_at.is_(None), Invitation.expires_at > now
    )
    return bool(session.scalar(select(func.count(StaffMember.id))) or session.scalar(open_links))


def _leave_an_administrator(session: Session, staff: StaffMember) -> None:
    """Raises `Refused` where nobody but this person could keep the accounts."""
    # All are locked, so that of two who give up the role at once the second one sees it.
    present = session.scalars(select(StaffMember).order_by(StaffMember.id).with_for_update()).all()
    keepers = {
        one.id
        for one in present
        if Role.ADMINISTRATOR in one.roles and one.disabled_at is None and one.password_hash is not None
    }
    if Role.ADMINISTRATOR in staff.roles and staff.disabled_at is None and not keepers - {staff.id}:
        raise Refused(phrase("Nobody else is an administrator. Make somebody one first."))
