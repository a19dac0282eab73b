"""Making the renderings again from the JSON, when the table of fields or the way of rendering has changed."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from tracker.dataset import renderings, tallies
from tracker.dataset.fields import Kind
from tracker.dataset.models import DatasetCounter, PublicIncident, PublicVersion
from tracker.dataset.rendering import fingerprint
from tracker.dataset.renderings import BATCH, Span
from tracker.db import Database

Progress = Callable[[int, int], None]


def stale_count(session: Session) -> int:
    """How many incident versions have renderings that this program would not make like that, or none at all."""
    if _all_fresh(session):
        return 0
    statement = select(func.count()).select_from(PublicVersion).outerjoin(PublicIncident).where(_stale())
    return session.scalar(statement) or 0


def _all_fresh(session: Session) -> bool:
    """Whether as many versions are rendered by this program as are to be: told by indexes and narrow rows alone.

    A server asks this before it starts. To look at the versions themselves takes minutes where they are a million.
    """
    incidents = select(func.count()).where(PublicVersion.kind == Kind.INCIDENT)
    # Written like this, each count has an index of its own.
    known, emptied = incidents, incidents.where(PublicVersion.json.is_(None))
    fresh = select(func.count()).where(PublicIncident.rendered_with == fingerprint())
    to_be = (session.scalar(known) or 0) - (session.scalar(emptied) or 0)
    return session.scalar(fresh) == to_be == session.scalar(select(func.count()).select_from(PublicIncident))


def rebuild(database: Database, progress: Progress | None = None, *, everything: bool = False) -> int:
    """Make stale renderings again (`everything`: all of them) and return how many versions that were.

    Each batch is a transaction of its own and leaves no trace of being unfinished: when this is interrupted, the next
    call goes on with what is still stale. `progress` is called with the number done and the number in all.
    """
    with database.read() as session:
        total = _count_all(session) if everything else stale_count(session)
    if not total:
        return 0
    done, last = 0, 0
    while True:
        with database.write() as session:
            # What is published meanwhile must not change under the batch.
            session.execute(select(DatasetCounter.version).with_for_update())
            found = _next_batch(session, last, everything)
            batch, is_last = found[:BATCH], len(found) <= BATCH
            renderings.remove(session, [version.version_id for version in batch])
            renderings.store(session, batch)
            if is_last:
                # What was rendered wrongly may have been counted otherwise than it is taken out again. Whoever is
                # interrupted after this transaction has nothing left to do, and before it something.
                tallies.count_anew(session)
        done, last = done + len(batch), batch[-1].version_id if batch else last
        if progress is not None:
            progress(done, max(total, done))
        if is_last:
            return done


def _next_batch(session: Session, after: int, everything: bool) -> Sequence[Span]:
    version = PublicVersion
    # One more than a batch holds tells whether it is the last one.
    statement = (
        select(version.id, version.valid_from, version.valid_to, version.json)
        .outerjoin(PublicIncident)
        .where(version.id > after, _rendered() if everything else _stale())
        .order_by(version.id)
        .limit(BATCH + 1)
    )
    return [Span.of(row) for row in session.execute(statement)]


def _count_all(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(PublicVersion).where(_rendered())) or 0


def _rendered() -> ColumnElement[bool]:
    condition: ColumnElement[bool] = (PublicVersion.kind == Kind.INCIDENT) & PublicVersion.json.is_not(None)
    return condition


def _stale() -> ColumnElement[bool]:
    outdated = or_(PublicIncident.version_id.is_(None), PublicIncident.rendered_with != fingerprint())
    return _rendered() & outdated
