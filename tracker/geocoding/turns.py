"""One turn for the whole application: however many workers ask a service, it hears from us once in a while.

The turn is a row of the database, so that all processes share it. It is taken in one short transaction, the service is
asked outside of any, and the turn is given back in another; only then does the pause begin. So two requests are never
closer together than the pause, however slow the answer or the machine is. Whoever dies while holding the turn is
followed by another when the lease has run out.

The same row keeps how often a service has failed: after some failures in a row nobody asks it for a while.
"""

import time
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert as insert_on_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_on_sqlite
from sqlalchemy.orm import Session

from tracker.db import Database, utc_now
from tracker.geocoding.models import GeocoderTurn
from tracker.phrases import Phrase, phrase

POLL_SECONDS = 0.05


@dataclass(frozen=True, slots=True)
class Pace:
    """How a service is treated; all in seconds but the number of failures.

    Attributes:
        pause: what lies at least between an answer and the next question (Nominatim's policy: one request a second).
        failures: so many in a row, and it is left in peace.
        rest: for so long.
        longest_rest: longer than that nobody waits, whatever the service asks for.
        lease: how long a turn is held by somebody who never comes back; more than a request can last.
        patience: how long somebody waits for a turn.
    """

    pause: float = 1.0
    failures: int = 5
    rest: float = 600.0
    longest_rest: float = 3_600.0
    lease: float = 15.0
    patience: float = 10.0


USUAL_PACE = Pace()


class NoTurn(Exception):
    """The service cannot be asked now; `problem` says why, in words."""

    def __init__(self, problem: Phrase) -> None:
        super().__init__(str(problem))
        self.problem = problem


class Turns:
    """The turns of one service. Its clock is that of the machine, so machines that share a database need the same."""

    def __init__(self, database: Database, service: str, pace: Pace = USUAL_PACE) -> None:
        self._database = database
        self._service = service
        self._pace = pace

    def take(self, holder: str) -> None:
        """Wait for the turn and hold it under this name, which nobody else may use. Raises `NoTurn`."""
        until = time.monotonic() + self._pace.patience
        while (seconds := self._seconds_to_wait(holder)) > 0:
            if time.monotonic() + seconds > until:
                raise NoTurn(phrase("Too many places are being looked up just now. Try again in a moment."))
            time.sleep(seconds)

    def give_back(self, session: Session, holder: str, *, failed: bool | None, rest: float | None = None) -> None:
        """End the turn in the caller's transaction.

        Args:
            session: where to write.
            holder: the name under which it was taken.
            failed: whether the service failed; None where nothing was learnt about it.
            rest: for how many seconds it is to be left in peace at once, whatever it did before.
        """
        row = self._locked(session)
        now = utc_now()
        if row.holder == holder:
            row.holder, row.free_at = None, now + timedelta(seconds=self._pace.pause)
        if failed is None:
            return
        row.failures = row.failures + 1 if failed else 0
        if rest is None and row.failures >= self._pace.failures:
            rest = self._pace.rest
        seconds = min(rest or 0.0, self._pace.longest_rest)
        row.open_until = now + timedelta(seconds=seconds) if failed and seconds else None

    def pass_on(self, session: Session, holder: str) -> None:
        """End a turn in which nobody was asked: the next one need not wait."""
        row = self._locked(session)
        if row.holder == holder:
            row.holder, row.free_at = None, utc_now()

    def _seconds_to_wait(self, holder: str) -> float:
        """How long to wait before trying again; nought where the turn is taken now."""
        with self._database.read() as session:
            seen = session.get(GeocoderTurn, self._service)
            if seen is not None and (seconds := self._busy(seen, utc_now())):
                return seconds
        with self._database.write() as session:
            row = self._locked(session)
            now = utc_now()
            if seconds := self._busy(row, now):
                return seconds
            row.holder, row.free_at = holder, now + timedelta(seconds=self._pace.lease)
        return 0.0

    def _busy(self, row: GeocoderTurn, now: datetime) -> float:
        """For how many seconds to wait; nought where the turn is free. Raises `NoTurn` where the service rests.

        An instant further away than anything here is ever set comes from a clock that was put back since.
        """
        rests = (row.open_until - now).total_seconds() if row.open_until else 0.0
        if 0 < rests <= self._pace.longest_rest:
            raise NoTurn(
                phrase(
                    "The geocoding service has failed and is left in peace until {time} UTC.",
                    time=f"{row.open_until:%H:%M}",
                )
            )
        seconds = (row.free_at - now).total_seconds()
        if seconds <= 0 or seconds > self._pace.lease + self._pace.pause:
            return 0.0
        return POLL_SECONDS if row.holder is not None else seconds

    def _locked(self, session: Session) -> GeocoderTurn:
        insert = insert_on_postgresql if session.get_bind().dialect.name == "postgresql" else insert_on_sqlite
        new = insert(GeocoderTurn).values(service=self._service, free_at=utc_now(), failures=0)
        session.execute(new.on_conflict_do_nothing())
        wanted = select(GeocoderTurn).where(GeocoderTurn.service == self._service)
        return session.scalars(wanted.with_for_update().execution_options(populate_existing=True)).one()
