"""Remembering writes: what is refused, what has passed, and the revision that each write leaves."""

from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from tracker.registry.drafts import Problem
from tracker.registry.mapping import kind_of, snapshot
from tracker.registry.models import Entity, Revision


class Refused(ValueError):
    """A write that is not allowed; `problems` says everything that stands against it, and nothing was written."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("; ".join(str(problem) for problem in problems))
        self.problems = problems


class Stale(Exception):
    """Somebody else changed the record since it was read."""


def revisions(session: Session, entity: Entity) -> list[Revision]:
    """The history of a record, oldest first."""
    wanted = select(Revision).where(Revision.entity_id == entity.id).order_by(Revision.number)
    return list(session.scalars(wanted))


def changes_between(before: Any, after: Any, path: str = "") -> list[dict[str, Any]]:
    """What differs between two snapshots: one entry per place, with what stood there before and after."""
    if isinstance(before, dict) and isinstance(after, dict):
        names = [*before, *(name for name in after if name not in before)]
        found = [changes_between(before.get(name), after.get(name), f"{path}.{name}".lstrip(".")) for name in names]
        return [change for part in found for change in part]
    if isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        pairs = enumerate(zip(before, after, strict=True))
        return [change for number, (a, b) in pairs for change in changes_between(a, b, f"{path}[{number}]")]
    return [] if before == after else [{"path": path, "before": before, "after": after}]


def flush(session: Session) -> None:
    """Write what has changed, unless somebody else has changed it in the meantime."""
    try:
        session.flush()
    except StaleDataError as error:
        raise Stale("somebody else changed the record in the meantime") from error


def remember(
    session: Session, entity: Entity, action: str, before: dict[str, Any], *, by: str, why: str | None
) -> None:
    """Leave the revision of a write that changed what a record says."""
    after = snapshot(entity)
    write_revisions(session, [revision_of(entity, action, changes_between(before, after), after, by=by, why=why)])


def revision_of(
    entity: Entity, action: str, changes: list[dict[str, Any]], after: dict[str, Any], *, by: str, why: str | None
) -> dict[str, Any]:
    """The revision of a write, as a row."""
    return {
        "entity_kind": kind_of(entity),
        "entity_id": entity.id,
        # Each write raises the version by one, so that the two histories carry the same numbers.
        "number": entity.version,
        "action": action,
        "actor": by,
        "why": why,
        "at": entity.updated_at,
        "changes": changes,
        "snapshot": after,
    }


def write_revisions(session: Session, rows: list[dict[str, Any]]) -> None:
    """Write revisions, many at once."""
    if rows:
        session.execute(insert(Revision), rows)
