"""Reading histories: the revisions of a record, one of them, and whether it can be restored."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.registry.drafts import Draft, Problem, read
from tracker.registry.mapping import KINDS, kind_of
from tracker.registry.merges import MERGEABLE
from tracker.registry.models import Entity, Revision
from tracker.registry.queries.names import keys_in
from tracker.registry.repointing import repointed


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

    What was merged into another record since is meant by that one. The record keeps the key that it has now, since
    others know it by that.
    """
    snapshot = {**_with_merged(session, of.snapshot), **({"key": entity.key} if entity.key else {})}
    draft, problems = read(KINDS[kind_of(entity)][0], snapshot)
    return (None, problems) if problems else (draft, [])


def _with_merged(session: Session, snapshot: dict[str, Any]) -> dict[str, Any]:
    for kind, key in sorted(keys_in(snapshot)):
        if kind in MERGEABLE and (kept := _standing_for(session, kind, key)) != key:
            snapshot = repointed(snapshot, kind, key, kept)
    return snapshot


def _standing_for(session: Session, kind: str, key: str) -> str:
    """The key of the record that stands for this one now."""
    model = MERGEABLE[kind]
    found: Any = session.scalars(select(model).where(model.key == key)).first()
    seen: set[str] = set()
    while found is not None and found.merged_into and found.id not in seen:
        seen.add(found.id)
        found = session.get(model, found.merged_into)
    return str(found.key) if found is not None and found.key else key
