"""The second factor: codes of a generator by time (TOTP, RFC 6238), and ten codes that replace it once each."""

import hmac
import secrets
import unicodedata
from datetime import datetime

import pyotp
from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.orm import Session

from tracker.db import utc_now
from tracker.registry.accounts.keys import Keys
from tracker.registry.models import RecoveryCode, StaffMember

STEP = 30
# Clocks differ: the codes of one step before and after are taken as well.
DRIFT = (0, -1, 1)
RECOVERY_CODES = 10
# Without letters that are read as others; ten of them carry 50 bits, and a stolen database shows keyed marks alone.
_LETTERS = "abcdefghjkmnpqrstvwxyz23456789"
_HALF = 5
_PURPOSE = "recovery code"


def new_key() -> str:
    """A new key for a generator: 160 bits in Base32."""
    return pyotp.random_base32()


def address(key: str, email: str, issuer: str) -> str:
    """The otpauth address of a key, as generators read it from a picture."""
    return pyotp.TOTP(key).provisioning_uri(name=email, issuer_name=issuer)


def step_of(key: str, code: str, at: datetime) -> int | None:
    """The step of time whose code this is, at an instant; None where it is the code of no step near it."""
    typed = digits(code)
    generator = pyotp.TOTP(key)
    now = int(at.timestamp()) // STEP
    found = [now + drift for drift in DRIFT if hmac.compare_digest(generator.at((now + drift) * STEP), typed)]
    return found[0] if found else None


def spend(session: Session, staff: StaffMember, code: str, *, at: datetime | None = None) -> bool:
    """Whether a code is right; no code of its step or an earlier one is taken again, whatever else was wrong."""
    if staff.totp_secret is None or staff.totp_confirmed_at is None:
        return False
    step = step_of(staff.totp_secret, code, at or utc_now())
    return step is not None and _advance(session, staff, step)


def confirm(session: Session, staff: StaffMember, key: str, code: str, *, at: datetime | None = None) -> bool:
    """Take a new key into use if this is a code of it. The old one is void from then on."""
    now = at or utc_now()
    step = step_of(key, code, now)
    if step is None:
        return False
    staff.totp_secret, staff.totp_confirmed_at, staff.totp_last_step = key, now, step
    session.flush()
    return True


def forget(session: Session, staff: StaffMember) -> None:
    """Take key and codes away, for somebody who lost both."""
    staff.totp_secret = staff.totp_confirmed_at = staff.totp_last_step = None
    session.execute(delete(RecoveryCode).where(RecoveryCode.staff_id == staff.id))
    session.flush()


def new_recovery_codes(session: Session, staff: StaffMember, keys: Keys) -> list[str]:
    """Ten new codes, told this once; earlier ones are void."""
    codes = [f"{_half()}-{_half()}" for _ in range(RECOVERY_CODES)]
    session.execute(delete(RecoveryCode).where(RecoveryCode.staff_id == staff.id))
    session.add_all(RecoveryCode(staff_id=staff.id, code_hash=keys.mark(_PURPOSE, _told(staff, c))) for c in codes)
    session.flush()
    return codes


def spend_recovery_code(
    session: Session, staff: StaffMember, code: str, keys: Keys, *, at: datetime | None = None
) -> bool:
    """Whether this is one of the codes and was never used; from now on it was."""
    spent = session.execute(
        update(RecoveryCode)
        .where(
            RecoveryCode.id.in_(_unused(staff)), RecoveryCode.code_hash.in_(keys.marks(_PURPOSE, _told(staff, code)))
        )
        .values(used_at=at or utc_now())
    )
    return int(spent.rowcount) == 1  # type: ignore[attr-defined]


def are_current(session: Session, staff: StaffMember, codes: list[str], keys: Keys) -> bool:
    """Whether these are unused codes of this person, all of them."""
    known = set(session.scalars(select(RecoveryCode.code_hash).where(RecoveryCode.id.in_(_unused(staff)))))
    return bool(codes) and all(known.intersection(keys.marks(_PURPOSE, _told(staff, code))) for code in codes)


def recovery_codes_left(session: Session, staff: StaffMember) -> int:
    """How many codes can still be used."""
    return session.scalar(select(func.count()).where(RecoveryCode.id.in_(_unused(staff)))) or 0


def digits(code: str) -> str:
    """A code as it is compared: without blanks and dashes, in plain digits and lower-case letters."""
    plain = unicodedata.normalize("NFKC", code)[:64].casefold()
    return "".join(character for character in plain if character.isascii() and character.isalnum())


def _unused(staff: StaffMember):  # type: ignore[no-untyped-def]
    return select(RecoveryCode.id).where(RecoveryCode.staff_id == staff.id, RecoveryCode.used_at.is_(None))


def _advance(session: Session, staff: StaffMember, step: int) -> bool:
    # One statement decides between two who send the same code at once.
    moved = session.execute(
        update(StaffMember)
        .where(
            StaffMember.id == staff.id,
            or_(StaffMember.totp_last_step.is_(None), StaffMember.totp_last_step < step),
        )
        .values(totp_last_step=step)
        .execution_options(synchronize_session=False)
    )
    return int(moved.rowcount) == 1  # type: ignore[attr-defined]


def _told(staff: StaffMember, code: str) -> str:
    return f"{staff.id} {digits(code)}"


def _half() -> str:
    return "".join(secrets.choice(_LETTERS) for _ in range(_HALF))
