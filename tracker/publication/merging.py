"""What the public sees of merges: published records name the record that was kept, in the same transaction.

Nothing else of them changes: what waits for review goes on waiting.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy.orm import Session

from tracker.dataset import store
from tracker.dataset.fields import Kind
from tracker.publication.closing import forget_sources
from tracker.publication.gate import Gate, Outcome, public_key, without_history
from tracker.publication.loading import read_whole
from tracker.publication.published import affected, refuse_again, standing_text, take_turn_for
from tracker.publication.record import KIND_OF, PublicRecord
from tracker.registry import merges, upkeep
from tracker.registry.merges import Undone
from tracker.registry.models import Entity, Incident, Merge, Outlet, Source, Topic
from tracker.vocabulary import Nature, Status, WithdrawalReason


def merge(
    session: Session,
    kept: Entity,
    merged: Entity,
    *,
    by: str,
    why: str | None = None,
    names: bool = True,
    expected: tuple[int, int] | None = None,
) -> Outcome:
    """Merge two records, and have the public records that named the merged one name the kept one.

    The public page of a merged outlet answers with the one that it was merged into. Raises `Stale`, and `Refused`
    where they cannot be made one, or where a public text would then tell what is withheld. After the commit the
    caller has `publication.purge` clear what was taken back.
    """
    public = affected(session, merged)
    topics = [entity for entity in merges.naming(session, merged) if isinstance(entity, Topic)]
    gate = Gate(session, by=by, why=why)
    was_public = isinstance(merged, Outlet) and merged.id in gate.standing([merged])
    merges.merge(session, kept, merged, by=by, why=why, names=names, expected=expected)
    same = {merged.id: kept.id}
    _carry(session, gate, [*public, *affected(session, kept)], same, kept)
    _publish_public(gate, [*topics, *([kept] if isinstance(kept, Outlet) else [])], always=[kept] if was_public else [])
    if isinstance(kept, Source):
        forget_sources(session, gate, [kept])
    if was_public:
        store.withdraw(
            session,
            dataset_version=gate.version(),
            kind=Kind.OUTLET,
            record_id=merged.id,
            reason=WithdrawalReason.MERGED,
            successor=kept.key,
            key=public_key(merged),
            at=gate.at,
        )
        upkeep.want(session, upkeep.PURGE)
    return gate.outcome


def undo(session: Session, merge: Merge, *, by: str, why: str | None = None) -> tuple[Undone, Outcome]:
    """Undo a merge, and have the public records that name the two records follow. Raises `Refused`."""
    kept, merged = merges.both(session, merge)
    public = affected(session, kept)
    done = merges.undo(session, merge, by=by, why=why)
    gate = Gate(session, by=by, why=why)
    named = [*public, *affected(session, merged)]
    _carry(session, gate, named, {kept.id: merged.id}, kept, merged)
    shown = isinstance(merged, Outlet) and any(_names_outlet(standing_text(session, i), merged) for i in named)
    topics = [entity for entity in done.changed if isinstance(entity, Topic)]
    _publish_public(gate, [*topics, *([kept] if isinstance(kept, Outlet) else [])], always=[merged] if shown else [])
    return done, gate.outcome


def _publish_public(gate: Gate, entities: Iterable[Entity], always: Sequence[Entity]) -> None:
    """Publish those that are public already, and those that have to be."""
    listed = list(dict.fromkeys([*entities, *always]))
    standing = gate.standing(listed)
    gate.publish_entities([entity for entity in listed if entity.id in standing or entity in always])


def _names_outlet(incident: Incident, outlet: Outlet) -> bool:
    return any(v.outlet is not None and v.outlet.id == outlet.id for act in incident.acts for v in act.victims)


def _carry(
    session: Session, gate: Gate, incidents: Iterable[Incident], same: dict[str, str], *entities: Entity
) -> None:
    """Publish the published text of these incidents again, which name the entities, as it reads now.

    `same` says which person stands for which other one: a person under another id was not withheld.
    """
    take_turn_for(session, list(dict.fromkeys(incidents)), entities)
    listed = [i for i in dict.fromkeys(incidents) if i.status == Status.PUBLISHED]
    read_whole(session, listed)
    standing = gate.standing(listed)
    texts = {incident: standing_text(session, incident) for incident in listed}
    refuse_again(session, gate, texts, standing)
    for incident, text in texts.items():
        old = standing.get(incident.id)
        new = gate.record(text, old)
        if old is None:
            continue
        if without_history(old) == without_history(new):
            nature = gate.nature(text, old, new)
        else:
            less = gate.says_less(_with_people(old, same), _with_people(new, same), text)
            nature = Nature.RESTRICTION if less else Nature.CORRECTION
        if nature is None:
            continue
        gate.put(store.Publication(KIND_OF[Incident], incident.id, public_key(incident), new, nature))
    gate.hush_topics()


def _with_people(record: PublicRecord, same: dict[str, str]) -> PublicRecord:
    def named(victim: dict[str, Any]) -> dict[str, Any]:
        return {**victim, "person": same.get(victim["person"], victim["person"])}

    acts = [{**act, "victims": [named(victim) for victim in act["victims"]]} for act in record["acts"]]
    return {**record, "acts": acts}
