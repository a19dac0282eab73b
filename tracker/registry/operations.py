"""Every write to the registry. Each one checks what it is given, leaves a revision, and commits nothing itself.

The caller holds the transaction and says who acts (`by`) and why; the commit stands at the edge, in a route or command.
"""

from collections.abc import Sequence
from typing import TypeVar, cast

from sqlalchemy.orm import Session

from tracker.db import utc_now
from tracker.registry import name_keys, pins, search
from tracker.registry.directory import Directory, offered
from tracker.registry.drafts import Draft, IncidentDraft, Known, Problem
from tracker.registry.mapping import KINDS, fill, kind_of, snapshot
from tracker.registry.models import Entity, Incident
from tracker.registry.revising import (
    Refused,
    Stale,
    changes_between,
    flush,
    remember,
    revision_of,
    revisions,
    write_revisions,
)
from tracker.registry.standing import (
    PUBLISHABLE,
    QUARANTINABLE,
    WITHDRAWABLE,
    hold,
    move_incident,
    publish_incident,
    publish_incidents,
    published_snapshot,
    quarantine_incident,
    remark,
    withdraw_incident,
)
from tracker.vocabulary import Status

E = TypeVar("E", bound=Entity)

# The actions that change what a record says, and not only where it stands. `reapply` puts changes that wait for
# publication back on top of what was published in the meantime.
CHANGES_WORDS = frozenset({"amend", "restrict", "restore", "reapply"})

# The actions after which a record says the same of the same, under another record's name.
ONLY_RENAMES = frozenset({"merge", "unmerge"})

# Where a text has been weighed, or is being weighed; another text has to begin again.
WEIGHED = frozenset({Status.SAFETY_REVIEW, Status.APPROVED, Status.EMBARGOED})


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
    at = utc_now()
    with session.no_autoflush:
        for entity, draft in zip(entities, drafts, strict=True):
            fill(entity, draft, directory)
            if isinstance(entity, Incident):
                entity.created_by = by
                pins.sign(entity.place, by=by, at=at)
    session.add_all(entities)
    session.flush()
    name_keys.reindex_many(session, entities, fresh=True)
    search.index_recorded(session, entities)
    remembered = [revision_of(entity, "record", [], snapshot(entity), by=by, why=why) for entity in entities]
    write_revisions(session, remembered)
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

    A pin that a person set stays where it is when an import or a machine writes (`pins.keeps_its_pin`).

    Raises `Refused` with every problem of the draft, and `Stale` where `expected_version` has passed.
    """
    directory = directory or Directory(session)
    if expected_version is not None and entity.version != expected_version:
        raise Stale(f"{kind_of(entity)} {entity.key or entity.id} is at version {entity.version}")
    if isinstance(entity, Incident) and isinstance(draft, IncidentDraft):
        draft = pins.keeping_the_pin(entity, draft, by)
    problems = problems_of(draft, directory.known([draft]))
    if problems:
        raise Refused(problems)
    before = snapshot(entity)
    pin = pins.pin_of(entity.place) if isinstance(entity, Incident) else None
    with session.no_autoflush:
        fill(entity, draft, directory)
    if snapshot(entity) == before:
        return False
    # Touching the parent raises its version even where only a child row changed.
    entity.updated_at = utc_now()
    if isinstance(entity, Incident):
        with session.no_autoflush:
            pins.sign_again(session, entity, pin, action, by=by, at=entity.updated_at)
    if isinstance(entity, Incident) and action not in ONLY_RENAMES:
        _back_to_review(entity)
    flush(session)
    name_keys.reindex(session, entity)
    search.index_amended(session, entity, before)
    remember(session, entity, action, before, by=by, why=why)
    return True


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


def problems_of(draft: Draft, known: Known) -> list[Problem]:
    """The problems of any kind of draft that is a record of its own."""
    return list(draft.problems(known))  # type: ignore[attr-defined]


def _back_to_review(incident: Incident) -> None:
    """Take back what was decided about another text than this one.

    What the public sees is then another text too, and this one has the whole way before it again.
    """
    if incident.status == Status.PUBLISHED:
        incident.amendment = Status.IN_REVIEW
    elif incident.status in WEIGHED:
        incident.status = Status.IN_REVIEW
    incident.embargo_until = None


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


__all__ = [
    "CHANGES_WORDS",
    "ONLY_RENAMES",
    "PUBLISHABLE",
    "QUARANTINABLE",
    "WITHDRAWABLE",
    "Refused",
    "Stale",
    "amend",
    "changes_between",
    "hold",
    "move_incident",
    "problems_of",
    "publish_incident",
    "publish_incidents",
    "published_snapshot",
    "quarantine_incident",
    "record",
    "record_incident",
    "record_many",
    "remark",
    "restrict_incident",
    "revisions",
    "withdraw_incident",
]
