"""Links with which one person joins the staff, or sets a new password: used once, and within three days."""

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.db import utc_now
from tracker.registry import audit
from tracker.registry.accounts.sessions import token_hash
from tracker.registry.models import Invitation, StaffMember
from tracker.vocabulary.staff import AuditEvent, Role

VALID_FOR = timedelta(hours=72)
KIND = "invitation"
# Whoever begins alone enters, reviews and publishes alone; an administrator by themselves reads no incident.
FIRST_ROLES = (Role.EDITOR, Role.SAFETY_REVIEWER, Role.ADMINISTRATOR)


def invite(
    session: Session,
    *,
    email: str,
    roles: Iterable[Role],
    by: str,
    name: str | None = None,
    staff: StaffMember | None = None,
    at: datetime | None = None,
) -> str:
    """Make a link and return its token, which is told this once; earlier links for the same person are void.

    `staff` is given where somebody with an account is to set a new password.
    """
    now = at or utc_now()
    for earlier in pending(session, at=now):
        if (staff is not None and earlier.staff_id == staff.id) or (staff is None and earlier.email == email.strip()):
            earlier.revoked_at = now
    token = secrets.token_urlsafe(32)
    made = Invitation(
        token_hash=token_hash(token),
        email=email.strip(),
        name=(name or "").strip() or None,
        roles=[str(role) for role in roles],
        staff_id=staff.id if staff else None,
        created_by=by,
        created_at=now,
        expires_at=now + VALID_FOR,
    )
    session.add(made)
    session.flush()
    detail = {"roles": list(made.roles), "staff": made.staff_id}
    audit.write(session, AuditEvent.INVITED, by=by, kind=KIND, id=made.id, detail=detail, at=now)
    return token


def find(session: Session, token: str, *, at: datetime | None = None, lock: bool = False) -> Invitation | None:
    """The link of a token while it can be used; `lock` keeps others from using it before the transaction ends."""
    wanted = select(Invitation).where(Invitation.token_hash == token_hash(token))
    found = session.scalar(wanted.with_for_update() if lock else wanted)
    if found is None or found.used_at is not None or found.revoked_at is not None:
        return None
    return found if (at or utc_now()) < found.expires_at else None


def pending(session: Session, *, at: datetime | None = None) -> list[Invitation]:
    """The links that can still be used, oldest first."""
    wanted = select(Invitation).where(
        Invitation.used_at.is_(None), Invitation.revoked_at.is_(None), Invitation.expires_at > (at or utc_now())
    )
    return list(session.scalars(wanted.order_by(Invitation.created_at, Invitation.id)))


def use(session: Session, link: Invitation, staff: StaffMember, *, at: datetime | None = None) -> None:
    """Mark a link as used by somebody, who joins by it."""
    link.used_at = at or utc_now()
    link.staff_id = staff.id
    session.flush()
    audit.write(session, AuditEvent.JOINED, by=f"staff:{staff.id}", kind="staff", id=staff.id, at=link.used_at)


def revoke(session: Session, link: Invitation, *, by: str) -> None:
    """Make a link void."""
    if link.used_at is None and link.revoked_at is None:
        link.revoked_at = utc_now()
        session.flush()
        audit.write(session, AuditEvent.INVITATION_REVOKED, by=by, kind=KIND, id=link.id)
