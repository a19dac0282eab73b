"""Delays for those who guess, counted by account, by address and overall."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tracker.registry.accounts import throttles
from tracker.registry.accounts.keys import Keys
from tracker.registry.accounts.throttles import FORGOTTEN, Bucket, Scope
from tracker.registry.models import Throttle

KEYS = Keys("a key that is only good for tests")
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def wait(session: Session, buckets: list[Bucket], seconds: float) -> int:
    """The answer to a try so many seconds after noon."""
    return throttles.charge(session, buckets, at=NOON + timedelta(seconds=seconds))


def password_at(account: str, address: str) -> list[Bucket]:
    return throttles.for_password(KEYS, account, address)


@pytest.mark.parametrize("of", [throttles.for_password, throttles.for_code])
def test_of_one_account_at_most_ten_tries_are_judged_in_five_minutes_from_however_many_places(
    session: Session, of: object
) -> None:
    make = throttles.for_password if of is throttles.for_password else throttles.for_code
    judged = [
        second
        for second in range(0, 600, 2)
        if wait(session, make(KEYS, "somebody", f"198.51.{second % 100}.7"), second) == 0
    ]
    in_five_minutes = max(sum(start <= one < start + 300 for one in judged) for start in range(301))
    assert in_five_minutes <= 10
    # It goes on, only slowly: nobody is locked out.
    assert len(judged) > 10


def test_who_guesses_from_one_place_does_not_keep_the_right_person_out(session: Session) -> None:
    for second in range(0, 600, 3):
        wait(session, password_at("somebody", "198.51.100.7"), second)
    waited = 0
    while wait(session, password_at("somebody", "198.51.100.8"), 600 + waited):
        wait(session, password_at("somebody", "198.51.100.7"), 600 + waited)
        waited += 1
    assert waited <= 60


def test_who_comes_too_early_is_told_for_how_long_and_makes_it_no_worse(session: Session) -> None:
    mine = password_at("somebody", "198.51.100.7")
    assert [wait(session, mine, 0) for _ in range(3)] == [0, 0, 0]
    assert [wait(session, mine, second) for second in (0, 1, 2, 3, 4)] == [6, 5, 4, 3, 2]
    assert wait(session, mine, 5) == 0


def test_a_right_try_gives_the_account_a_new_beginning_and_the_address_one_failure_less(
    session: Session,
) -> None:
    mine = password_at("somebody", "198.51.100.7")
    for second in (0, 0, 0, 10):
        assert wait(session, mine, second) == 0
    throttles.refund(session, mine)
    kept = {row.scope: row.failures for row in session.scalars(select(Throttle))}
    assert kept == {Scope.ACCOUNT: 0, Scope.ACCOUNT_HERE: 0, Scope.ADDRESS: 3, Scope.OVERALL: 3}


def test_an_address_that_tries_many_accounts_is_slowed_down(session: Session) -> None:
    answers = [wait(session, password_at(f"account {n}", "198.51.100.7"), 0) for n in range(22)]
    assert answers[:20] == [0] * 20
    assert all(answers[20:])
    assert wait(session, password_at("account 30", "198.51.100.8"), 0) == 0


def test_a_flood_slows_down_those_who_failed_and_nobody_else(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(throttles.DELAYS, Scope.OVERALL, (0, 0, 0, 0, 0, 9))
    for number in range(5):
        assert wait(session, password_at(f"account {number}", f"198.51.100.{number}"), 0) == 0
    assert wait(session, password_at("account 9", "198.51.100.1"), 1) == 9
    assert wait(session, password_at("account 9", "198.51.100.9"), 1) == 0


def test_failures_are_forgotten_and_subjects_are_kept_as_marks_alone(session: Session) -> None:
    mine = password_at("somebody@example.org", "198.51.100.7")
    for _ in range(3):
        wait(session, mine, 0)
    subjects = set(session.scalars(select(Throttle.subject)))
    assert len(subjects) == 4
    assert all(len(subject) == 64 and set(subject) <= set("0123456789abcdef") for subject in subjects)
    later = FORGOTTEN.total_seconds() + 1
    assert wait(session, password_at("another", "198.51.100.8"), later) == 0
    assert session.scalar(select(func.sum(Throttle.failures))) == 4
    assert [wait(session, mine, later) for _ in range(3)] == [0, 0, 0]


def test_every_count_ends_in_a_delay_and_that_of_one_place_is_longer_than_that_of_the_account() -> None:
    longest = {scope: delays[-1] for scope, delays in throttles.DELAYS.items()}
    assert set(longest) == set(Scope)
    assert all(delays[-1] > 0 and list(delays) == sorted(delays) for delays in throttles.DELAYS.values())
    assert longest[Scope.ACCOUNT_HERE] > longest[Scope.ACCOUNT]
    assert longest[Scope.CODE_HERE] > longest[Scope.CODE]
