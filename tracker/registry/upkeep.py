"""Work that a transaction leaves to be done after it: asked for in it, done once by whoever gets to it first."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from sqlalchemy import delete, or_, update
from sqlalchemy.dialects.postgresql import insert as insert_on_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_on_sqlite
from sqlalchemy.orm import Session

from tracker.db import Database, utc_now
from tracker.registry.models import Upkeep

PURGE = "purge"
"""Clearing what the files of the database still hold of what was taken back."""

LEASE = timedelta(minutes=15)


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


def _give_back(database: Database, name: str) -> None:
    with database.write() as session:
        session.execute(update(Upkeep).where(Upkeep.name == name).values(leased_until=None))
