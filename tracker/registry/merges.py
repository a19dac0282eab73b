"""Making two records of the same outlet, person or source one, and taking that back.

Everything that named the merged record names the kept one afterwards; what was changed is remembered as the two
revisions of each touched record, so that undoing gives back exactly that, and nothing that somebody changed since.
"""

from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any, cast

from sqlalchemy import Select, select
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from tracker.db import utc_now
from tracker.registry import audit, operations
from tracker.registry.drafts import Draft, Problem
from tracker.registry.mapping import KINDS, kind_of, snapshot
from tracker.registry.models import (
    Act,
    Citation,
    Entity,
    FollowUp,
    Incident,
    Merge,
    Outlet,
    Person,
    Revision,
    Source,
    TimelineEntry,
    Topic,
    Victim,
)
from tracker.registry.models.documents import follow_up_source, timeline_source
from tracker.registry.operations import Refused
from tracker.registry.repointing import at, put, repointed, units_changed
from tracker.vocabulary.staff import AuditEvent

MERGEABLE: dict[str, type[Outlet] | type[Person] | type[Source]] = {
    "outlet": Outlet,
    "person": Person,
    "source": Source,
}
MERGE, UNMERGE = "merge", "unmerge"


@dataclass
class Undone:
    """What undoing a merge did: the records that changed, and the places that were left, since they changed since."""

    changed: list[Entity] = field(default_factory=list)
    left: list[tuple[Entity, str]] = field(default_factory=list)


def naming(session: Session, entity: Entity) -> list[Incident | Topic]:
    """The incidents and topics that name an outlet, person or source, as they stand in the registry."""
    incidents: list[Select[Any]] = []
    topics: list[Select[Any]] = []
    if isinstance(entity, Outlet | Person):
        column = Victim.outlet_id if isinstance(entity, Outlet) else Victim.person_id
        incidents.append(select(Act.incident_id).join(Victim, Victim.act_id == Act.id).where(column == entity.id))
    elif isinstance(entity, Source):
        cited = FollowUp.id.in_(
            select(follow_up_source.c.follow_up_id).where(follow_up_source.c.source_id == entity.id)
        )
        told = TimelineEntry.id.in_(select(timeline_source.c.entry_id).where(timeline_source.c.source_id == entity.id))
        incidents.append(select(Citation.incident_id).where(Citation.source_id == entity.id))
        incidents.append(select(FollowUp.incident_id).where(cited, FollowUp.incident_id.is_not(None)))
        topics.append(select(FollowUp.topic_id).where(cited, FollowUp.topic_id.is_not(None)))
        topics.append(select(TimelineEntry.topic_id).where(told))
    found: list[Incident | Topic] = []
    for wanted in incidents:
        found += session.scalars(select(Incident).where(Incident.id.in_(wanted)).order_by(Incident.id))
    for wanted in topics:
        found += session.scalars(select(Topic).where(Topic.id.in_(wanted)).order_by(Topic.id))
    return list(dict.fromkeys(found))


def merge(
    session: Session,
    kept: Entity,
    merged: Entity,
    *,
    by: str,
    why: str | None = None,
    names: bool = True,
    expected: tuple[int, int] | None = None,
) -> Merge:
    """Have everything that names `merged` name `kept`; with `names`, keep its names as other names of the kept one.

    `expected` are the versions of the two as somebody saw them. Raises `Stale`, and `Refused` where they cannot be
    made one.
    """
    _refuse(kept, merged)
    if expected is not None and expected != (kept.version, merged.version):
        raise operations.Stale("one of the two records has been changed")
    moved = [_repoint(session, entity, kept, merged, by=by, why=why) for entity in naming(session, merged)]
    if names and (added := _names_to_add(kept, merged)):
        draft = {**snapshot(kept), "other_names": [*snapshot(kept).get("other_names", []), *added]}
        operations.amend(session, kept, _draft(kept, draft), by=by, why=why, action=MERGE)
        moved.append({"kind": kind_of(kept), "id": kept.id, "names": added})
    _mark(session, merged, kept.id, MERGE, by=by, why=why)
    made = Merge(kind=kind_of(kept), kept_id=kept.id, merged_id=merged.id, moved=moved, actor=by)
    session.add(made)
    session.flush()
    detail: audit.Detail = {"merged": merged.id, "touched": len(moved)}
    audit.write(session, AuditEvent.MERGED, by=by, kind=made.kind, id=kept.id, detail=detail)
    return made


def undo(session: Session, merge: Merge, *, by: str, why: str | None = None) -> Undone:
    """Give the merged record back what was moved, save where somebody has changed it since. Raises `Refused`."""
    kept, merged = both(session, merge)
    if merge.undone_at is not None or merged.merged_into != kept.id:  # type: ignore[attr-defined]
        raise Refused([Problem((), "this merge was undone already")])
    # First, since only a record that stands for itself can be named.
    _mark(session, merged, None, UNMERGE, by=by, why=why)
    done = Undone()
    for moved in merge.moved:
        entity = session.get(KINDS[moved["kind"]][1], moved["id"])
        if entity is None:
            continue
        was, now = snapshot(entity), deepcopy(snapshot(entity))
        if "names" in moved:
            now["other_names"] = [name for name in now.get("other_names", []) if name not in moved["names"]]
        else:
            done.left += [(entity, unit) for unit in _moved_back(session, entity, moved, now)]
        if now != was:
            operations.amend(session, entity, _draft(entity, now), by=by, why=why, action=UNMERGE)
            done.changed.append(entity)
    merge.undone_by, merge.undone_at = by, utc_now()
    session.flush()
    detail: audit.Detail = {"merged": merged.id, "touched": len(done.changed), "left": len(done.left)}
    audit.write(session, AuditEvent.UNMERGED, by=by, kind=merge.kind, id=kept.id, detail=detail)
    return done


def both(session: Session, merge: Merge) -> tuple[Entity, Entity]:
    """The record that was kept, and the one that was merged into it."""
    table = MERGEABLE[merge.kind]
    found = session.get(table, merge.kept_id), session.get(table, merge.merged_id)
    if found[0] is None or found[1] is None:
        raise Refused([Problem((), "one of the two records does not exist any more")])
    return found[0], found[1]


def merges_of(session: Session, entity: Entity) -> Sequence[Merge]:
    """The merges that still hold, in which a record was kept or merged; the latest first."""
    of_it = (Merge.kept_id == entity.id) | (Merge.merged_id == entity.id)
    wanted = select(Merge).where(of_it, Merge.undone_at.is_(None)).order_by(Merge.at.desc(), Merge.id)
    return session.scalars(wanted).all()


def _refuse(kept: Entity, merged: Entity) -> None:
    found = []
    if kind_of(kept) not in MERGEABLE or kind_of(kept) != kind_of(merged):
        found.append(Problem((), "only two records of one kind can be made one"))
    elif kept.id == merged.id:
        found.append(Problem((), "a record cannot be merged into itself"))
    elif kept.merged_into is not None or merged.merged_into is not None:  # type: ignore[attr-defined]
        found.append(Problem((), "one of the two was merged already"))
    elif kept.key is None or merged.key is None:
        found.append(Problem((), "a record needs a key before it can be merged"))
    if found:
        raise Refused(found)


def _repoint(
    session: Session, entity: Incident | Topic, kept: Entity, merged: Entity, *, by: str, why: str | None
) -> dict[str, Any]:
    """Have one record name the kept one, in one revision; returns what is remembered of it."""
    before = snapshot(entity)
    after = repointed(before, kind_of(kept), cast(str, merged.key), cast(str, kept.key))
    version = entity.version
    operations.amend(session, entity, _draft(entity, after), by=by, why=why, action=MERGE)
    units = units_changed(operations.changes_between(before, snapshot(entity)))
    return {"kind": kind_of(entity), "id": entity.id, "from": version, "to": entity.version, "units": units}


def _moved_back(session: Session, entity: Entity, moved: dict[str, Any], now: dict[str, Any]) -> Iterator[str]:
    """Put back each unit that still stands as the merge left it; yields those that do not."""
    before = _snapshot_of(session, entity, moved["from"])
    after = _snapshot_of(session, entity, moved["to"])
    for unit in moved["units"]:
        if at(now, unit) == at(after, unit):
            put(now, unit, at(before, unit))
        else:
            yield unit


def _snapshot_of(session: Session, entity: Entity, number: int) -> dict[str, Any]:
    wanted = select(Revision.snapshot).where(Revision.entity_id == entity.id, Revision.number == number)
    return cast(dict[str, Any], session.scalars(wanted).one())


def _names_to_add(kept: Entity, merged: Entity) -> list[dict[str, Any]]:
    """The names of the merged record that the kept one does not have yet."""
    if not isinstance(kept, Outlet | Person) or not isinstance(merged, Outlet | Person):
        return []
    has = {kept.name, *(other.get("name") for other in kept.other_names)}
    offered = [{"name": merged.name}, *merged.other_names]
    return [name for name in offered if name.get("name") not in has]


def _draft(entity: Entity, raw: dict[str, Any]) -> Draft:
    return KINDS[kind_of(entity)][0].model_validate(raw)


def _mark(session: Session, entity: Entity, into: str | None, action: str, *, by: str, why: str | None) -> None:
    """Say on the record itself that it was merged, or that it was not, in a revision of its own."""
    before = entity.merged_into  # type: ignore[attr-defined]
    entity.merged_into = into  # type: ignore[attr-defined]
    entity.updated_at = utc_now()
    _flush(session)
    changes = [{"path": "merged_into", "before": before, "after": into}]
    session.add(
        Revision(
            entity_kind=kind_of(entity),
            entity_id=entity.id,
            number=entity.version,
            action=action,
            actor=by,
            why=why,
            at=entity.updated_at,
            changes=changes,
            snapshot=snapshot(entity),
        )
    )
    session.flush()


def _flush(session: Session) -> None:
    try:
        session.flush()
    except StaleDataError as error:
        raise operations.Stale("somebody else changed the record in the meantime") from error
