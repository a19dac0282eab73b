"""Every write to the registry. Each one checks what it is given, leaves a revision, and commits nothing itself.

The caller holds the transaction and says who acts (`by`) and why; the commit stands at the edge, in a route or command.
"""

from collections.abc import Sequence
from typing import Any, TypeVar, cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.db import utc_now
from tracker.registry.directory import Directory, offered
from tracker.registry.drafts import Draft, IncidentDraft, Known, Problem
from tracker.registry.mapping import KINDS, fill, kind_of, snapshot
from tracker.registry.models import Entity, Incident, ReferenceCounter, Revision
from tracker.vocabulary import COUNTRIES, Status

E = TypeVar("E", bound=Entity)

# What a record's status may become, by what is done to it. A withdrawn record stays withdrawn.
PUBLISHABLE = frozenset(
    {
        Status.SUBMITTED,
        Status.IN_REVIEW,
        Status.SAFETY_REVIEW,
        Status.APPROVED,
        Status.EMBARGOED,
        Status.PUBLISHED,
    }
)

# The actions that change what a record says, and not only where it stands.
CHANGES_WORDS = frozenset({"amend", "restrict"})


class Refused(ValueError):
    """A write that is not allowed; `problems` says everything that stands against it, and nothing was written."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("; ".join(str(problem) for problem in problems))
        self.problems = problems


class Stale(Exception):
    """Somebody else changed the record since it was read."""


def record_many(
    session: Session, drafts: Sequence[Draft], *, by: str, why: str | None = None, directory: Directory | None = None
) -> list[Entity]:
    """Record new incidents, sources, people, outlets, topics or the site; they may refer to one another.

    Raises `Refused` with every problem of every draft, each under the number of its draft.
    """
    directory = directory or Directory(session)
    known = directory.known(drafts) | offered(drafts)
    found = [problem.under(n) for n, draft in enumerate(drafts) for problem in problems_of(draft, known)]
    if found:
        raise Refused(found)
    entities = [KINDS[kind_of(draft)][1](key=draft.key) for draft in drafts]  # type: ignore[attr-defined]
    for entity in entities:
        directory.add(entity)
    with session.no_autoflush:
        for entity, draft in zip(entities, drafts, strict=True):
            fill(entity, draft, directory)
    session.add_all(entities)
    session.flush()
    for entity in entities:
        _remember(session, entity, "record", {}, by=by, why=why)
    return entities


def record(session: Session, draft: Draft, *, by: str, why: str | None = None) -> Entity:
    """Record something new from a draft. Raises `Refused` with every problem of the draft."""
    return record_many(session, [draft], by=by, why=why)[0]


def record_incident(session: Session, draft: IncidentDraft, *, by: str, why: str | None = None) -> Incident:
    """Record a new incident as submitted. Raises `Refused`."""
    return cast(Incident, record(session, draft, by=by, why=why))


def amend(
    session: Session,
    entity: E,
    draft: Draft,
    *,
    by: str,
    why: str | None = None,
    expected_version: int | None = None,
    directory: Directory | None = None,
    action: str = "amend",
) -> bool:
    """Make a record say what the draft says; returns whether anything changed.

    Raises `Refused` with every problem of the draft, and `Stale` where `expected_version` has passed.
    """
    directory = directory or Directory(session)
    if expected_version is not None and entity.version != expected_version:
        raise Stale(f"{kind_of(entity)} {entity.key or entity.id} is at version {entity.version}")
    problems = problems_of(draft, directory.known([draft]))
    if problems:
        raise Refused(problems)
    before = snapshot(entity)
    with session.no_autoflush:
        fill(entity, draft, directory)
    if snapshot(entity) == before:
        return False
    # Touching the parent raises its version even where only a child row changed.
    entity.updated_at = utc_now()
    session.flush()
    _remember(session, entity, action, before, by=by, why=why)
    return True


def publish_incident(session: Session, incident: Incident, *, by: str, why: str | None = None) -> None:
    """Mark an incident as published, giving it its reference the first time. Only the gate calls this."""
    if incident.status not in PUBLISHABLE:
        allowed = ", ".join(sorted(PUBLISHABLE))
        raise Refused([Problem(("status",), "cannot be published from here", incident.status, allowed)])
    if incident.reference is None:
        incident.reference = _next_reference(session, incident)
    _set_status(session, incident, Status.PUBLISHED, "publish", by=by, why=why)


def restrict_incident(
    session: Session,
    incident: Incident,
    draft: IncidentDraft,
    *,
    by: str,
    why: str,
    expected_version: int | None = None,
) -> bool:
    """Make an incident say less: a name withheld, a place coarsened, a consent withdrawn. Only the gate calls this."""
    return amend(session, incident, draft, by=by, why=why, expected_version=expected_version, action="restrict")


def withdraw_incident(session: Session, incident: Incident, *, by: str, why: str) -> None:
    """Mark a published incident as withdrawn. Only the gate calls this."""
    _set_status(session, incident, Status.WITHDRAWN, "withdraw", by=by, why=why)


def quarantine_incident(session: Session, incident: Incident, *, by: str, why: str) -> None:
    """Mark a published incident as taken off the site until it has been looked at. Only the gate calls this."""
    _set_status(session, incident, Status.QUARANTINED, "quarantine", by=by, why=why)


def problems_of(draft: Draft, known: Known) -> list[Problem]:
    """The problems of any kind of draft that is a record of its own."""
    return list(draft.problems(known))  # type: ignore[attr-defined]


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


def _set_status(session: Session, incident: Incident, status: Status, action: str, *, by: str, why: str | None) -> None:
    before = {**snapshot(incident), "status": incident.status}
    if incident.status == status:
        return
    incident.status = status
    incident.updated_at = utc_now()
    session.flush()
    _remember(session, incident, action, before, by=by, why=why, status=status)


def _next_reference(session: Session, incident: Incident) -> str:
    """Country and year of the incident and the next number there: KGZ-2020-0007; ND where no year is known."""
    year = f"{incident.date_earliest.year:04}" if incident.date_earliest else "ND"
    prefix = f"{COUNTRIES[incident.place.country].alpha3}-{year}"
    counter = session.get(ReferenceCounter, prefix, with_for_update=True)
    if counter is None:
        counter = ReferenceCounter(prefix=prefix, last=0)
        session.add(counter)
        session.flush()
    counter.last += 1
    return f"{prefix}-{counter.last:04}"


def _remember(
    session: Session,
    entity: Entity,
    action: str,
    before: dict[str, Any],
    *,
    by: str,
    why: str | None,
    status: str | None = None,
) -> None:
    after = snapshot(entity)
    session.add(
        Revision(
            entity_kind=kind_of(entity),
            entity_id=entity.id,
            # Each write raises the version by one, so that the two histories carry the same numbers.
            number=entity.version,
            action=action,
            actor=by,
            why=why,
            at=entity.updated_at,
            changes=changes_between(before, {**after, "status": status} if status else after) if before else [],
            snapshot=after,
        )
    )
