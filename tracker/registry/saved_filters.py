"""The filters of the staff list that somebody keeps: those with names, and the one that they looked at last."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert as insert_on_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_on_sqlite
from sqlalchemy.orm import Session

from tracker.db import utc_now
from tracker.registry.models import SavedFilter
from tracker.registry.models.common import random_id

LAST_USED = ""
LONGEST_NAME = 100
MOST_FILTERS = 100


class TooMany(Exception):
    """Somebody keeps more filters than anybody needs."""


def keep(session: Session, staff_id: str, pairs: Sequence[tuple[str, str]], name: str = LAST_USED) -> None:
    """Keep a filter, in place of an older one of the same name. Raises `TooMany`."""
    mine = SavedFilter.staff_id == staff_id
    if name != LAST_USED and (session.scalar(select(func.count()).where(mine)) or 0) >= MOST_FILTERS:
        raise TooMany(staff_id)
    insert_new: Any = insert_on_postgresql if session.get_bind().dialect.name == "postgresql" else insert_on_sqlite
    kept = {"query": [list(pair) for pair in pairs], "used_at": utc_now()}
    asked = insert_new(SavedFilter).values(id=random_id(), staff_id=staff_id, name=name, **kept)
    session.execute(asked.on_conflict_do_update(index_elements=["staff_id", "name"], set_=kept))


def last_used(session: Session, staff_id: str) -> list[tuple[str, str]]:
    """The filter that somebody looked at last; empty where there was none."""
    wanted = select(SavedFilter.query).where(SavedFilter.staff_id == staff_id, SavedFilter.name == LAST_USED)
    return pairs_of(session.scalar(wanted) or [])


def named(session: Session, staff_id: str) -> list[SavedFilter]:
    """The filters that somebody gave names, in their order."""
    mine = select(SavedFilter).where(SavedFilter.staff_id == staff_id, SavedFilter.name != LAST_USED)
    return sorted(session.scalars(mine), key=lambda each: (each.name.casefold(), each.id))


def find(session: Session, staff_id: str, filter_id: str) -> SavedFilter | None:
    """One of somebody's own filters, or None."""
    found = session.get(SavedFilter, filter_id) if filter_id.isascii() and filter_id.isalnum() else None
    return found if found is not None and found.staff_id == staff_id and found.name != LAST_USED else None


def forget(session: Session, staff_id: str, filter_id: str) -> None:
    """Throw one of somebody's own filters away."""
    session.execute(delete(SavedFilter).where(SavedFilter.id == filter_id, SavedFilter.staff_id == staff_id))


def pairs_of(query: Sequence[Sequence[str]]) -> list[tuple[str, str]]:
    """A kept filter as pairs."""
    return [(str(name), str(value)) for name, value in query]
