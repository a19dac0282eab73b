"""One sitting of the gate: what is published in one transaction, under one dataset version."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial
from typing import Any

from sqlalchemy.orm import Session

from tracker.dataset import past, store
from tracker.dataset.fields import Kind
from tracker.db import utc_now
from tracker.publication import checks, related
from tracker.publication.faces import tells
from tracker.publication.former import Former
from tracker.publication.loading import read_anew, read_whole
from tracker.publication.mentions import named_off_the_site
from tracker.publication.record import (
    HISTORY,
    KIND_OF,
    PublicRecord,
    public_record,
    related_references,
    sources_of,
)
from tracker.publication.topics import Outspoken, by_topic, published_in
from tracker.registry import operations, upkeep
from tracker.registry.directory import Directory
from tracker.registry.drafts import Problem
from tracker.registry.mapping import draft_of
from tracker.registry.models import Entity, Incident, Topic
from tracker.registry.operations import Refused
from tracker.vocabulary import Nature


@dataclass
class Outcome:
    """What one sitting of the gate did, by nature of publication; `version` is None where nothing changed."""

    version: int | None = None
    counts: dict[Nature, int] = field(default_factory=lambda: dict.fromkeys(Nature, 0))
    unchanged: int = 0


def take_turn(session: Session, incidents: Sequence[Incident] = ()) -> bool:
    """Let nobody else publish before the transaction ends, and judge what they did before by what it left.

    Returns whether anybody could have come between what was read before and this; where they could, it is read again.
    Raises `Stale` where one of the incidents was changed since it was read. Everybody locks in this order, incidents
    first and then the dataset, so that no two wait for each other.
    """
    operations.hold(session, incidents)
    store.take_turn(session)
    # On SQLite whoever writes has been alone since the transaction began.
    if session.get_bind().dialect.name == "sqlite":
        return False
    read_anew(session, incidents)
    return True


class Gate:
    """One sitting of the gate: all that is published in one transaction, under one dataset version."""

    def __init__(self, session: Session, *, by: str, why: str | None = None, at: datetime | None = None) -> None:
        self.outcome = Outcome()
        self._session = session
        self._by = by
        self._why = why
        self.at = at or utc_now()
        self._directory = Directory(session)
        self._checked: dict[str, PublicRecord] = {}
        self._former = Former(session)
        self._outspoken = Outspoken(self._former)

    def publish(self, incidents: Sequence[Incident]) -> Outcome:
        """Publish incidents with the outlets and topics that they name; all of them, or (`Refused`) none."""
        take_turn(self._session, incidents)
        read_whole(self._session, incidents)
        standing = self.standing(incidents)
        self._refuse(incidents, standing)
        self._refuse_topics(incidents)
        self._outspoken.look_back(self._left_by(incidents, standing), {})
        operations.publish_incidents(self._session, incidents, by=self._by, why=self._why, on=self.at.date())
        self._put([*_named_by(incidents), *incidents])
        self.hush_topics()
        return self.relate(incidents)

    def restrict(self, incident: Incident, told: Incident) -> Outcome:
        """Publish a public incident as `told` tells it, which keeps back what was told before; it, and nothing else.

        Raises `Refused` with everything that stands against it.
        """
        old = self.standing([incident])[incident.id]
        new = self.record(told, old)
        found = self.problems_of_less(told, old, new)
        if found:
            raise Refused([problem.under(incident.key or incident.id) for problem in found])
        operations.publish_incidents(self._session, [incident], by=self._by, why=self._why, on=self.at.date())
        self.put(store.Publication(Kind.INCIDENT, incident.id, public_key(incident), new, Nature.RESTRICTION))
        self.hush_topics()
        return self.outcome

    def problems_of_less(self, told: Incident, old: PublicRecord, new: PublicRecord) -> list[Problem]:
        """What stands against publishing an incident as `told` tells it, which keeps back what the old record told."""
        return [*checks.problems_of_less(told, old, new), *self.told_in_topics(told, old)]

    def told_in_topics(self, told: Incident, old: PublicRecord) -> list[Problem]:
        """A problem for each name in the public topics of an incident that it told and keeps back from now on.

        Those that told it before are remembered, to be hushed when the incident was published.
        """
        self._outspoken.look_back(by_topic([told]) | self._left_by([told], {told.id: old}), {})
        return self._outspoken.kept_back(told, old, self.standing(told.topics))

    def hush_topics(self) -> None:
        """Have the topics that told a name which is withheld now lose their past, those that are public."""
        left = self._outspoken.all()
        for current in store.current_many(self._session, Kind.TOPIC, left).values():
            self.keep_back(Kind.TOPIC, current, current.record)
        for each in left:
            self._outspoken.forget(each)

    def _left_by(
        self, incidents: Sequence[Incident], standing: Mapping[str, PublicRecord]
    ) -> dict[Topic, list[Incident]]:
        """The topics that incidents belonged to in a version that can be asked for, and do not any more."""
        self._former.read(Kind.INCIDENT, [incident.id for incident in incidents if incident.id in standing])
        found: dict[Topic, list[Incident]] = {}
        for incident in (incident for incident in incidents if incident.id in standing):
            told = [standing[incident.id], *self._former.told(Kind.INCIDENT, incident.id)]
            slugs = {each["slug"] for record in told for each in record["topics"]} - {t.key for t in incident.topics}
            for topic in self._directory.all(Topic, sorted(slugs)):
                found.setdefault(topic, []).append(incident)
        return found

    def relate(self, incidents: Sequence[Incident]) -> Outcome:
        """Have the public incidents that name one of these show it if it is public, and only then.

        Nothing else of them changes: what was amended since waits until somebody publishes it.
        """
        others = related.naming(self._session, incidents)
        standing = self.standing(others)
        going = []
        for other in others:
            old, shown = standing.get(other.id), related.in_public(self._session, self._directory, other)
            if old is None or old["related"] == shown:
                continue
            new = self._revised(old, related=shown)
            going.append(store.Publication(Kind.INCIDENT, other.id, public_key(other), new, Nature.CORRECTION))
            self.outcome.counts[Nature.CORRECTION] += 1
        return self._send(going)

    def forget(self, references: Collection[str]) -> Outcome:
        """Have no version of any public record name these references any more: they answer as unknown ones do.

        Whatever named one as related, now or once, is published again as a restriction, so that its past goes with it
        and is counted. Nothing else of it changes: what was amended since waits until somebody publishes it.
        """
        # From here on no other publication can bring it in again.
        self.version()
        store.forget_successors(self._session, references)
        naming = past.naming(self._session, references)
        going = []
        for record_id, current in store.current_many(self._session, Kind.INCIDENT, naming).items():
            left = [each for each in current.record["related"] if each not in references]
            new = self._revised(current.record, related=left)
            going.append(store.Publication(Kind.INCIDENT, record_id, current.key, new, Nature.RESTRICTION))
        self.outcome.counts[Nature.RESTRICTION] += len(going)
        return self._send(going)

    def keep_back(self, kind: Kind, current: store.PublicRecord, less: PublicRecord) -> None:
        """Publish a public record again with less of what it told or had told: its past goes."""
        new = self._revised(less)
        self._former.forget(kind, current.record_id)
        self.put(store.Publication(kind, current.record_id, current.key, new, Nature.RESTRICTION))

    def _revised(self, old: PublicRecord, **changed: Any) -> PublicRecord:
        today = self.at.date().isoformat()
        return {**old, **changed, "revised_on": today, "revision": old["revision"] + 1}

    def publish_entities(self, entities: Iterable[Entity]) -> Outcome:
        """Publish topics, outlets or the site where they differ from what is public.

        Raises `Refused` where a topic tells a name that one of its published incidents withholds.
        """
        take_turn(self._session)
        listed = list(entities)
        standing = self.standing(listed)
        changed = [e for e in listed if isinstance(e, Topic) and self._differs(e, standing.get(e.id))]
        self._refuse_topics(published_in(self._session, changed), changed)
        self._put(listed)
        self.hush_topics()
        return self.outcome

    def standing(self, entities: Iterable[Entity]) -> dict[str, PublicRecord]:
        """What is public of these records now, by record id."""
        ids: dict[Kind, list[str]] = {}
        for entity in entities:
            ids.setdefault(KIND_OF[type(entity)], []).append(entity.id)
        found = (current for kind, of_kind in ids.items() for current in self._current(kind, of_kind))
        return dict(found)

    def record(self, entity: Entity, old: PublicRecord | None) -> PublicRecord:
        """The public record that a registry record makes now, given what is public of it.

        One that comes back after it was away keeps the day of its first publication, and its revisions count on.
        """
        today = self.at.date()
        first, revisions = None, 0
        if old is not None:
            first, revisions = date.fromisoformat(old["published_on"]), old["revision"]
        elif isinstance(entity, Incident):
            first, revisions = entity.first_published_on, entity.public_revision or 0
        return public_record(entity, published_on=first or today, revised_on=today, revision=revisions + 1)

    def _current(self, kind: Kind, ids: list[str]) -> Iterator[tuple[str, PublicRecord]]:
        for record_id, current in store.current_many(self._session, kind, ids).items():
            yield record_id, current.record

    def nature(self, entity: Entity, old: PublicRecord | None, new: PublicRecord) -> Nature | None:
        """What publishing a new record after an old one is; None where there is nothing to publish."""
        if old is None:
            return Nature.ADDITION
        if without_history(old) == without_history(new):
            return Nature.RESTRICTION if self.told_before(entity) else None
        return Nature.RESTRICTION if self.says_less(old, new, entity) else Nature.CORRECTION

    def says_less(self, old: PublicRecord, new: PublicRecord, entity: Entity) -> bool:
        """Whether a new record keeps back what the old one told: then its past must go too (a restriction).

        So it is where a text no longer names a record that is not on the site, and where any version that can still be
        asked for tells what is withheld now.
        """
        hushed = set(named_off_the_site(self._session, old)) - set(named_off_the_site(self._session, new))
        return bool(hushed) or checks.says_less(old, new, entity) or self.told_before(entity, old)

    def told_before(self, entity: Entity, *present: PublicRecord) -> bool:
        """Whether an earlier version of a public record, or one of these, tells what is withheld now."""
        records = [*present, *self._former.told(KIND_OF[type(entity)], entity.id)]
        if not records:
            return False
        closed = self._former.of_sources(sources_of(entity))
        if any(tells(record, closed) for record in records):
            return True
        if isinstance(entity, Incident):
            return checks.betrays(entity, records, self._former.names([entity]))
        return entity.id in self._outspoken

    def _refuse(self, incidents: Sequence[Incident], standing: dict[str, PublicRecord]) -> None:
        self._checked.clear()
        drafts = [draft_of(incident) for incident in incidents]
        known, called = self._directory.known(drafts), self._former.names(incidents)
        found = [
            problem.under(incident.key or incident.id)
            for incident, draft in zip(incidents, drafts, strict=True)
            for problem in checks.problems(
                incident,
                draft,
                known,
                partial(self._record_to_check, incident, standing.get(incident.id)),
                self.at,
                called,
            )
        ]
        if found:
            raise Refused(found)

    def _record_to_check(self, incident: Incident, old: PublicRecord | None) -> PublicRecord:
        self._checked[incident.id] = self.record(incident, old)
        return self._checked[incident.id]

    def _record_to_publish(self, entity: Entity, old: PublicRecord | None) -> PublicRecord:
        """The record that was checked, where there is one; only references can have been given since."""
        checked = self._checked.pop(entity.id, None)
        if checked is None or not isinstance(entity, Incident):
            return self.record(entity, old)
        return {**checked, "reference": entity.reference, "related": related_references(entity)}

    def _refuse_topics(self, incidents: Sequence[Incident], topics: Sequence[Topic] | None = None) -> None:
        """Refuse where a topic tells what one of these incidents of it withholds; all their topics by default.

        Where it told that once, it goes out as a restriction.
        """
        of_topics = by_topic(incidents, topics)
        read_whole(self._session, of_topics)
        if found := self._outspoken.told(of_topics, partial(self.record, old=None)):
            raise Refused(found)
        self._outspoken.look_back(of_topics, self.standing(of_topics))

    def _differs(self, entity: Entity, old: PublicRecord | None) -> bool:
        return old is None or without_history(old) != without_history(self.record(entity, old))

    def _put(self, entities: Sequence[Entity]) -> Outcome:
        read_whole(self._session, entities)
        standing = self.standing(entities)
        for kind in set(KIND_OF.values()):
            self._former.read(kind, [e.id for e in entities if KIND_OF[type(e)] is kind and e.id in standing])
        going = [
            publication for entity in entities if (publication := self._publication(entity, standing.get(entity.id)))
        ]
        self.outcome.unchanged += len(entities) - len(going)
        return self._send(going)

    def _send(self, going: Sequence[store.Publication]) -> Outcome:
        if going:
            store.put_many(self._session, going, dataset_version=self.version(), at=self.at)
        if any(publication.nature == Nature.RESTRICTION for publication in going):
            upkeep.want(self._session, upkeep.PURGE)
        return self.outcome

    def put(self, publication: store.Publication) -> None:
        """Put one finished record into the dataset."""
        self.outcome.counts[publication.nature] += 1
        self._send([publication])

    def version(self) -> int:
        """The dataset version of this sitting, opened when it is first needed."""
        if self.outcome.version is None:
            self.outcome.version = store.next_version(self._session, self.at)
        return self.outcome.version

    def _publication(self, entity: Entity, old: PublicRecord | None) -> store.Publication | None:
        """The record on its way into the dataset, or None where it would say the same as before."""
        new = self._record_to_publish(entity, old)
        nature = self.nature(entity, old, new)
        if nature is None:
            return None
        self._outspoken.forget(entity.id)
        self._former.forget(KIND_OF[type(entity)], entity.id)
        self.outcome.counts[nature] += 1
        return store.Publication(KIND_OF[type(entity)], entity.id, public_key(entity), new, nature)


def _named_by(incidents: Sequence[Incident]) -> list[Entity]:
    """The topics and outlets that these incidents name, each once."""
    named: dict[str, Entity] = {}
    for incident in incidents:
        victims = (victim for act in incident.acts for victim in act.victims)
        outlets = (victim.outlet for victim in victims if victim.outlet is not None)
        named.update({entity.id: entity for entity in (*incident.topics, *outlets)})
    return list(named.values())


def public_key(entity: Entity) -> str:
    """What a record is called in addresses."""
    key = entity.reference if isinstance(entity, Incident) else entity.key
    return key or entity.id


def without_history(record: PublicRecord) -> PublicRecord:
    """What a public record says, apart from when it was published and how often it was revised."""
    return {name: value for name, value in record.items() if name not in HISTORY}
