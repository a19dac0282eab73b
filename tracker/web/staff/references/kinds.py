"""The four kinds of record that are kept here, and what differs between their pages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from tracker import text
from tracker.registry.mapping import kind_of
from tracker.registry.models import Act, Citation, Entity, Incident, Outlet, Person, Source, Topic, Victim
from tracker.registry.models.common import random_id
from tracker.registry.models.incident import incident_topic
from tracker.vocabulary import Status
from tracker.web.staff.references.forms import Raw
from tracker.web.translation import gettext_noop
from tracker.web.wording import plain

INCIDENTS_SHOWN = 50


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of record.

    Attributes:
        kind: its word in the registry and the endpoint of its page.
        plural: its word in addresses and the endpoint of its list.
        title: the heading of the list; `one` that of its column of names, `new` that of a new one.
        add: the words of the button that leads to a new one.
    """

    kind: str
    plural: str
    model: type[Outlet] | type[Person] | type[Source] | type[Topic]
    title: str
    one: str
    new: str
    add: str

    @property
    def mergeable(self) -> bool:
        """Whether two of them can be made one."""
        return self.model is not Topic


KINDS: Mapping[str, Kind] = {
    each.kind: each
    for each in (
        Kind(
            "outlet",
            "outlets",
            Outlet,
            gettext_noop("Outlets"),
            gettext_noop("Outlet"),
            gettext_noop("New outlet"),
            gettext_noop("Add an outlet"),
        ),
        Kind(
            "person",
            "people",
            Person,
            gettext_noop("People"),
            gettext_noop("Person"),
            gettext_noop("New person"),
            gettext_noop("Add a person"),
        ),
        Kind(
            "source",
            "sources",
            Source,
            gettext_noop("Sources"),
            gettext_noop("Source"),
            gettext_noop("New source"),
            gettext_noop("Add a source"),
        ),
        Kind(
            "topic",
            "topics",
            Topic,
            gettext_noop("Topics"),
            gettext_noop("Topic"),
            gettext_noop("New topic"),
            gettext_noop("Add a topic"),
        ),
    )
}
"""By the word of the registry."""


def name_of(entity: Entity) -> str:
    """What a record is called on the pages of the desk."""
    if isinstance(entity, Outlet | Person):
        return entity.name
    if isinstance(entity, Source):
        return entity.title or entity.publisher or entity.url or entity.key or entity.id
    if isinstance(entity, Topic | Incident):
        reference = entity.reference if isinstance(entity, Incident) else None
        return plain(entity.title, reference or entity.key or entity.id)
    return entity.key or entity.id


def new_key(session: Session, kind: Kind, raw: Raw) -> str:
    """A key for a new record: from its name, so that addresses can be read, and free."""
    titles = raw.get("title")
    name = raw.get("name") or (next(iter(titles.values()), "") if isinstance(titles, dict) else titles)
    spoken = str(name or raw.get("publisher") or "")
    base = text.slugify(spoken, limit=60) or f"{kind.kind}-{random_id()[:8]}"
    taken = set(session.scalars(select(kind.model.key).where(kind.model.key.startswith(base, autoescape=True))))
    return next(key for n in range(1, len(taken) + 2) if (key := base if n == 1 else f"{base}-{n}") not in taken)


def incidents_naming(entity: Entity) -> Select[Any]:
    """The ids of the incidents that name a record."""
    if isinstance(entity, Topic):
        return select(incident_topic.c.incident_id).where(incident_topic.c.topic_id == entity.id)
    if isinstance(entity, Source):
        return select(Citation.incident_id).where(Citation.source_id == entity.id)
    column = Victim.person_id if isinstance(entity, Person) else Victim.outlet_id
    return select(Act.incident_id).join(Victim, Victim.act_id == Act.id).where(column == entity.id)


def usage(session: Session, entity: Entity) -> tuple[list[Incident], int, int]:
    """The latest incidents that name a record, how many there are, and how many of them are public."""
    wanted = Incident.id.in_(incidents_naming(entity))
    counts = session.execute(
        select(func.count(), func.count().filter(Incident.status == Status.PUBLISHED))
        .select_from(Incident)
        .where(wanted)
    ).one()
    latest = select(Incident).where(wanted).order_by(Incident.date_latest.desc(), Incident.id).limit(INCIDENTS_SHOWN)
    return list(session.scalars(latest)), counts[0], counts[1]


def counted(session: Session, kind: Kind, ids: Sequence[str]) -> dict[str, int]:
    """How many incidents name each of these records."""
    of, incident = _columns(kind)
    wanted = select(of, func.count(incident.distinct())).where(of.in_(ids)).group_by(of)
    if kind.model in (Outlet, Person):
        wanted = wanted.select_from(Victim).join(Act, Act.id == Victim.act_id)
    return {row[0]: row[1] for row in session.execute(wanted)}


def _columns(kind: Kind) -> tuple[Any, Any]:
    if kind.model is Topic:
        return incident_topic.c.topic_id, incident_topic.c.incident_id
    if kind.model is Source:
        return Citation.source_id, Citation.incident_id
    return (Victim.person_id if kind.model is Person else Victim.outlet_id), Act.incident_id


def kind_spec(entity: Entity) -> Kind:
    """The kind of a record."""
    return KINDS[kind_of(entity)]
