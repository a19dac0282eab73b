"""Every write to the registry. Each one checks what it is given, leaves a revision, and commits nothing itself.

The caller holds the transaction and says who acts (`by`) and why; the commit stands at the edge, in a route or command.
"""

from collections.abc import Sequence, Set
from typing import Any, TypeVar, cast

from sqlalchemy import insert, select
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from tracker.db import utc_now
from tracker.registry.directory import KEYS_AT_ONCE, Directory, offered
from tracker.registry.drafts import Draft, IncidentDraft, Known, Problem
from tracker.registry.mapping import KINDS, fill, kind_of, snapshot
from tracker.registry.models import Entity, Incident, Revision
from tracker.registry.references import give_references
from tracker.vocabulary import Status

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

# What has come to an end cannot be taken off the site any more; what was erased cannot even be withdrawn.
QUARANTINABLE = frozenset(Status) - {Status.WITHDRAWN, Status.ERASED}
WITHDRAWABLE = frozenset(Status) - {Status.ERASED}

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
    found += _keys_taken(drafts, directory)
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
    remembered = [_revision(entity, "record", [], snapshot(entity), by=by, why=why) for entity in entities]
    _write_revisions(session, remembered)
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
    _flush(session)
    _remember(session, entity, action, before, by=by, why=why)
    return True


def publish_incident(session: Session, incident: Incident, *, by: str, why: str | None = None) -> None:
    """Mark an incident as published, giving it its reference the first time. Only the gate calls this."""
    publish_incidents(session, [incident], by=by, why=why)


def publish_incidents(session: Session, incidents: Sequence[Incident], *, by: str, why: str | None = None) -> None:
    """Mark incidents as published, in their order; all of them, or (`Refused`) none. Only the gate calls this."""
    _allow(incidents, PUBLISHABLE, "published")
    give_references(session, [incident for incident in incidents if incident.reference is None])
    _set_status(session, incidents, Status.PUBLISHED, "publish", by=by, why=why)


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
    _allow([incident], WITHDRAWABLE, "withdrawn")
    _set_status(session, [incident], Status.WITHDRAWN, "withdraw", by=by, why=why)


def quarantine_incident(session: Session, incident: Incident, *, by: str, why: str) -> None:
    """Mark a published incident as taken off the site until it has been looked at. Only the gate calls this."""
    _allow([incident], QUARANTINABLE, "quarantined")
    _set_status(session, [incident], Status.QUARANTINED, "quarantine", by=by, why=why)


def hold(session: Session, incidents: Sequence[Incident]) -> None:
    """Keep others from changing these incidents before the transaction ends.

    Raises `Stale` where one was changed since it was read: what was read must not be published over what came after.
    """
    session.flush()
    ids = sorted(incident.id for incident in incidents)
    versions: dict[str, int] = {}
    for start in range(0, len(ids), KEYS_AT_ONCE):
        chunk = Incident.id.in_(ids[start : start + KEYS_AT_ONCE])
        wanted = select(Incident.id, Incident.version).where(chunk).order_by(Incident.id).with_for_update()
        versions |= {row.id: row.version for row in session.execute(wanted)}
    for incident in incidents:
        if versions.get(incident.id) != incident.version:
            raise Stale(f"incident {incident.key or incident.id} is at version {versions.get(incident.id)}")


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


def _set_status(
    session: Session, incidents: Sequence[Incident], status: Status, action: str, *, by: str, why: str | None
) -> None:
    changing = {incident: incident.status for incident in incidents if incident.status != status}
    for incident in changing:
        incident.status = status
        incident.updated_at = utc_now()
    # One flush for all: each one looks through every record of the session.
    _flush(session)
    moves = {incident: [{"path": "status", "before": before, "after": status}] for incident, before in changing.items()}
    remembered = [_revision(e, action, changes, snapshot(e), by=by, why=why) for e, changes in moves.items()]
    _write_revisions(session, remembered)


def _allow(incidents: Sequence[Incident], from_here: Set[Status], what: str) -> None:
    allowed = ", ".join(sorted(from_here))
    found = [
        Problem(("status",), f"cannot be {what} from here", incident.status, allowed)
        for incident in incidents
        if incident.status not in from_here
    ]
    if found:
        raise Refused(found)


def _keys_taken(drafts: Sequence[Draft], directory: Directory) -> list[Problem]:
    """A problem for each key that a record of the same kind, or an earlier draft, has already."""
    owners: list[tuple[type[Entity], str | None]] = [(KINDS[kind_of(d)][1], d.key) for d in drafts]  # type: ignore[attr-defined]
    for table in {table for table, _key in owners}:
        directory.load(table, [key for of, key in owners if key is not None and of is table])
    found, seen = [], set()
    for number, (table, key) in enumerate(owners):
        if key is not None and ((table, key) in seen or directory.holds(table, key)):
            found.append(Problem((number, "key"), "is taken by another record", key, "a key that is not in use"))
        seen.add((table, key))
    return found


def _flush(session: Session) -> None:
    """Write what has changed, unless somebody else has changed it in the meantime."""
    try:
        session.flush()
    except StaleDataError as error:
        raise Stale("somebody else changed the record in the meantime") from error


def _remember(
    session: Session, entity: Entity, action: str, before: dict[str, Any], *, by: str, why: str | None
) -> None:
    after = snapshot(entity)
    _write_revisions(session, [_revision(entity, action, changes_between(before, after), after, by=by, why=why)])


def _revision(
    entity: Entity, action: str, changes: list[dict[str, Any]], after: dict[str, Any], *, by: str, why: str | None
) -> dict[str, Any]:
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


def _write_revisions(session: Session, rows: list[dict[str, Any]]) -> None:
    if rows:
        session.execute(insert(Revision), rows)
