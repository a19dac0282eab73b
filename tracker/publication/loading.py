"""Reading records whole: a few queries for many records, where each of their lists would else be a query of its own."""

from collections.abc import Collection, Iterable, Mapping

from sqlalchemy import inspect, select
from sqlalchemy.orm import Session, selectinload
from sqlalchemy.orm.interfaces import ORMOption

from tracker.registry.directory import KEYS_AT_ONCE
from tracker.registry.models import Act, Citation, Entity, FollowUp, Incident, TimelineEntry, Topic, Victim

# What a public record is made from besides the columns of its own table.
_PARTS: Mapping[type[Entity], tuple[ORMOption, ...]] = {
    Incident: (
        selectinload(Incident.place),
        selectinload(Incident.topics),
        selectinload(Incident.related),
        selectinload(Incident.sources).selectinload(Citation.source),
        selectinload(Incident.acts).options(
            selectinload(Act.victims).options(selectinload(Victim.person), selectinload(Victim.outlet)),
            selectinload(Act.involvements),
        ),
        selectinload(Incident.follow_ups).selectinload(FollowUp.sources),
    ),
    Topic: (
        selectinload(Topic.timeline).selectinload(TimelineEntry.sources),
        selectinload(Topic.follow_ups).selectinload(FollowUp.sources),
    ),
}


def read_whole(session: Session, entities: Iterable[Entity]) -> None:
    """Read what is still missing of these incidents and topics; what the session holds already stays as it is."""
    unread: dict[type[Entity], list[str]] = {}
    for entity in entities:
        # A record that was just made holds all its lists; one that was read holds none before it is asked for them.
        if type(entity) in _PARTS and "follow_ups" in inspect(entity).unloaded:
            unread.setdefault(type(entity), []).append(entity.id)
    for table, ids in unread.items():
        for start in range(0, len(ids), KEYS_AT_ONCE):
            wanted = select(table).where(table.id.in_(ids[start : start + KEYS_AT_ONCE])).options(*_PARTS[table])
            session.scalars(wanted).all()


def read_anew(session: Session, held: Collection[Entity]) -> None:
    """Read again what the session read of records, as others may have changed it meanwhile, apart from what is held.

    What a record that is held consists of nobody else can have changed; the records that it names are read again.
    """
    read: dict[tuple[type[Entity], bool], list[str]] = {}
    kept = set(held)
    for each in session.identity_map.values():
        if isinstance(each, Entity) and each not in kept:
            state = inspect(each)
            whole = type(each) in _PARTS and not state.unloaded.issuperset(state.mapper.relationships.keys())
            read.setdefault((type(each), whole), []).extend(state.identity or ())
    for (table, whole), ids in read.items():
        for start in range(0, len(ids), KEYS_AT_ONCE):
            wanted = select(table).where(table.id.in_(ids[start : start + KEYS_AT_ONCE]))
            wanted = wanted.options(*_PARTS[table]) if whole else wanted
            session.scalars(wanted.execution_options(populate_existing=True)).all()
