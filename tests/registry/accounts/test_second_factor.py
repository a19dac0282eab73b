"""The second factor: each step of time once, clocks that differ a little, codes that replace it."""

from datetime import UTC, datetime, timedelta

import pyotp
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.registry.accounts import people, second_factor
from tracker.registry.accounts.keys import Keys
from tracker.registry.models import RecoveryCode, StaffMember

KEY = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
KEYS = Keys("a key that is only good for tests")


@pytest.fixture
def staff(session: Session) -> StaffMember:
    made = people.add(session, email="aida@desk.example.org", name="Aida", roles=["editor"], password_hash="x")
    made.totp_secret, made.totp_confirmed_at = KEY, NOON
    session.flush()
    return made


def code(seconds: int) -> str:
    return pyotp.TOTP(KEY).at(NOON + timedelta(seconds=seconds))


@pytest.mark.parametrize(("seconds", "right"), [(-60, False), (-30, True), (0, True), (30, True), (60, False)])
def test_clocks_may_differ_by_one_step(session: Session, staff: StaffMember, seconds: int, right: bool) -> None:
    assert second_factor.spend(session, staff, code(seconds), at=NOON) is right


def test_no_code_is_taken_twice_and_none_of_an_earlier_step(session: Session, staff: StaffMember) -> None:
    assert second_factor.spend(session, staff, code(0), at=NOON)
    assert not second_factor.spend(session, staff, code(0), at=NOON)
    assert not second_factor.spend(session, staff, code(-30), at=NOON)
    assert second_factor.spend(session, staff, code(30), at=NOON)


@pytest.mark.parametrize("typed", ["", "0", "abcdef", "１２３", "000 000", "x" * 1000])
def test_what_is_no_code_is_refused(session: Session, staff: StaffMember, typed: str) -> None:
    assert not second_factor.spend(session, staff, typed, at=NOON)


def test_blanks_in_a_code_are_no_matter(session: Session, staff: StaffMember) -> None:
    now = code(0)
    assert second_factor.spend(session, staff, f" {now[:3]} {now[3:]} ", at=NOON)


def test_a_key_counts_only_once_a_code_of_it_was_given(session: Session, staff: StaffMember) -> None:
    staff.totp_confirmed_at = None
    assert not second_factor.spend(session, staff, code(0), at=NOON)
    assert not second_factor.confirm(session, staff, KEY, "000000", at=NOON)
    assert second_factor.confirm(session, staff, KEY, code(0), at=NOON)
    # The code that confirmed it is spent.
    assert not second_factor.spend(session, staff, code(0), at=NOON)


def test_recovery_codes_work_once_each_under_the_keys_of_earlier_days_too(session: Session, staff: StaffMember) -> None:
    codes = second_factor.new_recovery_codes(session, staff, KEYS)
    assert len(set(codes)) == second_factor.RECOVERY_CODES
    newer = Keys("a key that came later, for tests", previous=(KEYS.current,))
    assert second_factor.spend_recovery_code(session, staff, codes[3].upper().replace("-", " "), newer)
    assert not second_factor.spend_recovery_code(session, staff, codes[3], KEYS)
    assert not second_factor.spend_recovery_code(session, staff, codes[4], Keys("some other key for tests"))
    assert second_factor.recovery_codes_left(session, staff) == 9
    kept = " ".join(session.scalars(select(RecoveryCode.code_hash)))
    assert not any(one in kept or one.replace("-", "") in kept for one in codes)
    again = second_factor.new_recovery_codes(session, staff, KEYS)
    assert not second_factor.spend_recovery_code(session, staff, codes[4], KEYS)
    assert second_factor.spend_recovery_code(session, staff, again[0], KEYS)


def test_the_codes_of_one_person_open_nothing_for_another(session: Session, staff: StaffMember) -> None:
    codes = second_factor.new_recovery_codes(session, staff, KEYS)
    other = people.add(session, email="bakyt@desk.example.org", name="Bakyt", roles=["editor"], password_hash="x")
    assert not second_factor.spend_recovery_code(session, other, codes[0], KEYS)
    assert not second_factor.are_current(session, other, codes, KEYS)
    assert second_factor.are_current(session, staff, codes, KEYS)
    assert not second_factor.are_current(session, staff, [*codes, "aaaaa-aaaaa"], KEYS)
    assert not second_factor.are_current(session, staff, [], KEYS)
