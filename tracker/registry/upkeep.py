"""Work that a transaction leaves to be done after it: asked for in it, done once by whoever gets to it first."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta

from sqlalchemy import delete, or_, update
from sqlalchemy.dialects.postgresql import insert as insert_on_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_on_sqlite
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from tracker.db import Database, utc_now
from tracker.registry.models import Upkeep

PURGE = "purge"
"""Clearing what the files of the database still hold of what was taken back."""

LEASE = timedelta(minutes=2)
"""So long work waits whose process was killed; whoever is at it renews the lease before it ends."""


class Unfinished(Exception):
    """Raised by whoever does the work to say that it has to be done again."""


def want(session: Session, name: str) -> None:
    """Ask for work to be done after this transaction; asking again while it is under way has it done again."""
    insert = insert_on_postgresql if session.get_bind().dialect.name == "postgresql" else insert_on_sqlite
    asked = insert(Upkeep).values(name=name, wanted_at=utc_now())
    again = asked.on_conflict_do_update(index_elements=[Upkeep.name], set_={"wanted_at": asked.excluded.wanted_at})
    session.execute(again)


def is_wanted(session: Session, name: str) -> bool:
    """Whether work waits to be done, or is under way."""
    return session.get(Upkeep, name) is not None


@contextmanager
def leased(database: Database, name: str) -> Iterator[bool]:
    """Whether the work is ours to do now; it counts as done when the block ends without an exception.

    Nobody else gets it meanwhile. Whoever dies over it, or raises, leaves it to be done again; `Unfinished` goes no
    further than here.
    """
    now = utc_now()
    free = or_(Upkeep.leased_until.is_(None), Upkeep.leased_until < now)
    with database.write() as session:
        taken = update(Upkeep).where(Upkeep.name == name, free).values(leased_until=now + LEASE)
        wanted_at = session.scalar(taken.returning(Upkeep.wanted_at))
    if wanted_at is None:
        yield False
        return
    try:
        with _renewed(database, name):
            yield True
    except Unfinished:
        _give_back(database, name)
    except BaseException:
        _give_back(database, name)
        raise
    else:
        with database.write() as session:
            session.execute(delete(Upkeep).where(Upkeep.name == name, Upkeep.wanted_at == wanted_at))
        _give_back(database, name)


@contextmanager
def _renewed(database: Database, name: str) -> Iterator[None]:
    """Renew a lease for as long as the block takes."""
    ended = threading.Event()

    def renew() -> None:
        while not ended.wait(LEASE.total_seconds() / 3):
            # While SQLite writes its file anew nobody can write, and so nobody can take the work up either.
            with suppress(OperationalError), database.write() as session:
                session.execute(update(Upkeep).where(Upkeep.name == name).values(leased_until=utc_now() + LEASE))

    renewing = threading.Thread(target=renew, name="lease", daemon=True)
    renewing.start()
    try:
        yield
    finally:
        ended.set()
        renewing.join()


def _give_back(database: Database, name: str) -> None:
    with database.write() as session:
        session.execute(update(Upkeep).where(Upkeep.name == name).values(leased_until=None))
