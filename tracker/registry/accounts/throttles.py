"""Delays for those who guess: by account, by address and overall; never a lock (OWASP ASVS 5.0, 6.1.1 and 6.3.1).

A try is counted before it is judged, so that many at once are no way around, and taken off again when it was right.
Who comes too early is not judged at all and costs the account nothing.

Whoever guesses from one place must not keep the right person out: their own delay grows beyond that of the account,
so that the account is free in between. Of an account no more than ten tries are judged in any five minutes.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import delete, select, tuple_
from sqlalchemy.dialects.postgresql import insert as insert_on_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_on_sqlite
from sqlalchemy.orm import Session

from tracker.db import utc_now
from tracker.registry.accounts.keys import Keys
from tracker.registry.models import Throttle


class Scope(StrEnum):
    """What tries are counted by."""

    ACCOUNT = "account"
    ACCOUNT_HERE = "account_here"
    CODE = "code"
    CODE_HERE = "code_here"
    ADDRESS = "address"
    OVERALL = "overall"


# Seconds to wait after so many failures; the last number holds for all that follow.
DELAYS: dict[Scope, tuple[int, ...]] = {
    Scope.ACCOUNT: (0, 0, 0, 5, 10, 20, 40, 60),
    Scope.ACCOUNT_HERE: (0, 0, 0, 5, 10, 20, 40, 80, 120),
    # Whoever gets as far as this knows the password already.
    Scope.CODE: (0, 0, 0, 5, 10, 20, 40, 60),
    Scope.CODE_HERE: (0, 0, 0, 5, 10, 20, 40, 80, 160, 300),
    # An office behind one address slips now and then.
    Scope.ADDRESS: (*[0] * 20, 2, 5, 10, 20, 40, 60),
    Scope.OVERALL: (*[0] * 200, 1),
}
# Failures are forgotten when none came for so long.
FORGOTTEN = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Bucket:
    """One count: by what, and of whom as a keyed mark."""

    scope: Scope
    subject: str


def for_password(keys: Keys, account: str, address: str) -> list[Bucket]:
    """What a try of a password counts for; `account` is what was typed, whether there is such an account or not."""
    return _buckets(keys, Scope.ACCOUNT, Scope.ACCOUNT_HERE, account, address)


def for_code(keys: Keys, staff_id: str, address: str) -> list[Bucket]:
    """What a try of a second factor counts for."""
    return _buckets(keys, Scope.CODE, Scope.CODE_HERE, staff_id, address)


def charge(session: Session, buckets: list[Bucket], *, at: datetime | None = None) -> int:
    """Count a try in advance and return 0; or count nothing and return the seconds to wait, at least one."""
    now = at or utc_now()
    session.execute(delete(Throttle).where(Throttle.failed_at <= now - FORGOTTEN))
    rows = _rows(session, buckets, now)
    wait = max(_wait(rows[bucket], now) for bucket in buckets if _counts(bucket, rows))
    if wait > timedelta(0):
        return int(wait.total_seconds()) + 1
    for row in rows.values():
        row.failures += 1
        row.failed_at = now
    session.flush()
    return 0


def refund(session: Session, buckets: Iterable[Bucket]) -> None:
    """Take a try off again that was right: the account starts anew, address and all have one failure less."""
    for row in _rows(session, list(buckets), utc_now()).values():
        shared = row.scope in {Scope.ADDRESS, Scope.OVERALL}
        row.failures = max(row.failures - 1, 0) if shared else 0
    session.flush()


def _buckets(keys: Keys, of_account: Scope, here: Scope, account: str, address: str) -> list[Bucket]:
    named = {of_account: account, here: f"{account} {address}", Scope.ADDRESS: address, Scope.OVERALL: ""}
    return [Bucket(scope, keys.mark(f"throttle {scope}", of)) for scope, of in named.items()]


def _counts(bucket: Bucket, rows: dict[Bucket, Throttle]) -> bool:
    """The delay over all holds only for those who failed here already, so that a flood keeps out nobody else."""
    if bucket.scope is not Scope.OVERALL:
        return True
    return any(other.scope is Scope.ADDRESS and row.failures > 0 for other, row in rows.items())


def _wait(row: Throttle, now: datetime) -> timedelta:
    delays = DELAYS[Scope(row.scope)]
    return row.failed_at + timedelta(seconds=delays[min(row.failures, len(delays) - 1)]) - now


def _rows(session: Session, buckets: list[Bucket], now: datetime) -> dict[Bucket, Throttle]:
    """The counts of these buckets, made where there are none, and locked until the transaction ends."""
    insert_new = insert_on_postgresql if session.get_bind().dialect.name == "postgresql" else insert_on_sqlite
    # In one order for everybody, so that no two wait for each other.
    ordered = sorted(buckets, key=lambda bucket: (bucket.scope, bucket.subject))
    new = [{"scope": b.scope, "subject": b.subject, "failures": 0, "failed_at": now} for b in ordered]
    session.execute(insert_new(Throttle).values(new).on_conflict_do_nothing())
    these = tuple_(Throttle.scope, Throttle.subject).in_([(bucket.scope, bucket.subject) for bucket in ordered])
    wanted = select(Throttle).where(these).order_by(Throttle.scope, Throttle.subject)
    locked = session.scalars(wanted.with_for_update().execution_options(populate_existing=True))
    return {Bucket(Scope(row.scope), row.subject): row for row in locked}
