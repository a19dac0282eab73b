"""Reading histories: the revisions of a record, one of them, and whether it can be restored."""

from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.registry.drafts import Draft, Problem, read
from tracker.registry.mapping import KINDS, kind_of
from tracker.registry.models import Entity, Outlet, Person, Revision

M = TypeVar("M", Person, Outlet)


def revisions_of(session: Session, entity: Entity) -> list[Revision]:
    """The history of a record, newest first."""
    wanted = select(Revision).where(Revision.entity_id == entity.id).order_by(Revision.number.desc())
    return list(session.scalars(wanted))


def revision(session: Session, entity: Entity, number: int) -> Revision | None:
    """One revision of a record."""
    # No counter goes further; SQLite would refuse a larger number.
    if not 0 < number < 2**31:
        return None
    return session.scalar(select(Revision).where(Revision.entity_id == entity.id, Revision.number == number))


def restorable(session: Session, entity: Entity, of: Revision) -> tuple[Draft | None, list[Problem]]:
    """The draft that would make a record say again what it said, or what is wrong with its shape by now.

    Who was merged into another record since is meant by that one.
    """
    snapshot = _with_merged(session, of.snapshot)
    draft, problems = read(KINDS[kind_of(entity)][0], snapshot)
    return (None, problems) if problems else (draft, [])


def _with_merged(session: Session, value: Any, field: str = "") -> Any:
    if isinstance(value, dict):
        return {name: _with_merged(session, part, name) for name, part in value.items()}
    if isinstance(value, list):
        return [_with_merged(session, part) for part in value]
    if field == "person" and isinstance(value, str):
        return _standing_for(session, Person, value)
    if field == "outlet" and isinstance(value, str):
        return _standing_for(session, Outlet, value)
    return value


def _standing_for(session: Session, model: type[M], key: str) -> str:
    """The key of the record that stands for this one now."""
    found = session.scalars(select(model).where(model.key == key)).first()
    seen: set[str] = set()
    while found is not None and found.merged_into and found.id not in seen:
        seen.add(found.id)
        found = session.get(model, found.merged_into)
    return found.key if found is not None and found.key else key
