"""Whom to name for the points of an edition: their data comes with that condition."""

from __future__ import annotations

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from tracker.dataset.editions import Edition
from tracker.dataset.map.memory import memory
from tracker.dataset.models import PublicPoint, rendered_at
from tracker.vocabulary import PlaceCredit

Credits = tuple[PlaceCredit, ...]


def credits_due(session: Session, edition: Edition) -> Credits:
    """Everybody who is to be named for any public point of an edition, whatever the filter."""
    return memory.get(edition, ("credits",), lambda: _read(session, edition), lambda made: 200)


def _read(session: Session, edition: Edition) -> Credits:
    return tuple(credit for credit in PlaceCredit if _is_due(session, edition, credit))


def _is_due(session: Session, edition: Edition, credit: PlaceCredit) -> bool:
    found = exists().where(PublicPoint.credit == credit.value, rendered_at(PublicPoint, edition.version))
    return bool(session.scalar(select(found)))
