"""Proving who one is: password, then second factor, each try counted before it is judged, and logged.

An unknown account, a closed one and a wrong password get the same answer after the same work. No transaction is open
while a password is judged, which takes a tenth of a second.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from tracker.db import Database, utc_now
from tracker.registry import audit
from tracker.registry.accounts import people, second_factor, sessions, throttles
from tracker.registry.accounts.keys import Keys
from tracker.registry.accounts.passwords import Passwords
from tracker.registry.models import StaffMember
from tracker.registry.permissions import actor_of
from tracker.vocabulary.staff import AuditEvent, Outcome

# Who it was that failed is not known; the log names the account that was tried, if there is one.
NOBODY = "unknown"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of a try: somebody where it was right, else seconds to wait where it came too early."""

    staff: StaffMember | None = None
    wait: int = 0


@dataclass(frozen=True, slots=True)
class Prover:
    """What it takes to judge a proof."""

    database: Database
    keys: Keys
    passwords: Passwords

    def password(
        self, email: str, password: str, *, address: str, code: str | None = None, at: datetime | None = None
    ) -> Verdict:
        """Judge a password. A `code` that came with it is spent if the password is wrong, and else left alone."""
        now = at or utc_now()
        buckets = throttles.for_password(self.keys, people.email_key(email), address)
        with self.database.write() as session:
            if wait := throttles.charge(session, buckets, at=now):
                return Verdict(wait=wait)
            found = people.by_email(session, email)
        stored = found.password_hash if found is not None and found.disabled_at is None else None
        right = self.passwords.match(stored, password)
        with self.database.write() as session:
            staff = session.get(StaffMember, found.id) if found is not None else None
            # Between the two the password may have been changed, or the account closed.
            if right and staff is not None and staff.password_hash == stored and staff.disabled_at is None:
                throttles.refund(session, buckets)
                if stored is not None and self.passwords.outdated(stored):
                    staff.password_hash = self.passwords.hash(password)
                return Verdict(staff)
            if staff is not None and code:
                second_factor.spend(session, staff, code, at=now)
            _failed(session, staff, "password", now)
            return Verdict()

    def code(self, staff_id: str, code: str, *, address: str, at: datetime | None = None) -> Verdict:
        """Judge a code of the generator, or a recovery code."""
        now = at or utc_now()
        buckets = throttles.for_code(self.keys, staff_id, address)
        with self.database.write() as session:
            if wait := throttles.charge(session, buckets, at=now):
                return Verdict(wait=wait)
            staff = session.get_one(StaffMember, staff_id)
            if staff.disabled_at is None and second_factor.spend(session, staff, code, at=now):
                throttles.refund(session, buckets)
                return Verdict(staff)
            if staff.disabled_at is None and second_factor.spend_recovery_code(session, staff, code, self.keys, at=now):
                throttles.refund(session, buckets)
                left = second_factor.recovery_codes_left(session, staff)
                actor = actor_of(staff)
                audit.write(
                    session,
                    AuditEvent.RECOVERY_CODE_USED,
                    by=actor,
                    kind=people.KIND,
                    id=staff.id,
                    detail={"left": left},
                    at=now,
                )
                return Verdict(staff)
            _failed(session, staff, "code", now)
            return Verdict()

    def open(self, staff: StaffMember, stage: str, *, browser: str | None = None, ends: str | None = None) -> str:
        """Begin a session and return its token; the one of the id `ends`, which this browser had, is over."""
        with self.database.write() as session:
            sessions.forget_old(session)
            if ends is not None and (earlier := sessions.by_id(session, ends)) is not None:
                sessions.end(session, earlier)
            token, opened = sessions.begin(session, staff, stage=stage, browser=browser)
            if stage != "password":
                audit.write(session, AuditEvent.SIGNED_IN, by=actor_of(staff), kind=people.KIND, id=opened.staff_id)
        return token


def _failed(session: Session, staff: StaffMember | None, what: str, now: datetime) -> None:
    audit.write(
        session,
        AuditEvent.SIGN_IN_FAILED,
        by=NOBODY,
        kind=people.KIND,
        id=staff.id if staff is not None else None,
        outcome=Outcome.REFUSED,
        detail={"proof": what},
        at=now,
    )
