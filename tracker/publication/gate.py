"""The verbs of the gate: publish, restrict, withdraw, quarantine."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.dataset import store
from tracker.dataset.fields import Kind
from tracker.db import utc_now
from tracker.publication import checks
from tracker.publication.loading import read_whole
from tracker.publication.record import HISTORY, KIND_OF, PublicRecord, public_record, related_references
from tracker.registry import operations
from tracker.registry.directory import Directory
from tracker.registry.drafts import IncidentDraft, Problem
from tracker.registry.mapping import draft_of
from tracker.registry.models import Entity, Incident, Topic
from tracker.registry.models.incident import incident_topic, related_incident
from tracker.registry.operations import Refused
from tracker.vocabulary import Nature, Status, WithdrawalReason


@dataclass
class Outcome:
    """What one sitting of the gate did, by nature of publication; `version` is None where nothing changed."""

    version: int | None = None
    counts: dict[Nature, int] = field(default_factory=lambda: dict.fromkeys(Nature, 0))
    unchanged: int = 0


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

    def publish(self, incidents: Sequence[Incident], *, restriction: bool = False) -> Outcome:
        """Publish incidents with the outlets and topics that they name; all of them, or (`Refused`) none."""
        operations.hold(self._session, incidents)
        read_whole(self._session, incidents)
        standing = self.standing(incidents)
        self._refuse(incidents, standing)
        self._refuse_topics(incidents)
        operations.publish_incidents(self._session, incidents, by=self._by, why=self._why)
        restricted = {incident.id for incident in incidents} if restriction else set()
        self._put([*_named_by(incidents), *incidents], restricted)
        return self.relate(incidents)

    def relate(self, incidents: Sequence[Incident]) -> Outcome:
        """Have the public incidents that name one of these show it if it is public, and only then.

        Nothing else of them changes: what was amended since waits until somebody publishes it.
        """
        others = self._that_relate_to(incidents)
        standing = self.standing(others)
        going = []
        for other in others:
            old, related = standing.get(other.id), related_references(other)
            if old is None or old["related"] == related:
                continue
            new = {**old, "related": related, "revised_on": self.at.date().isoformat(), "revision": old["revision"] + 1}
            going.append(store.Publication(Kind.INCIDENT, other.id, _public_key(other), new, Nature.CORRECTION))
            self.outcome.counts[Nature.CORRECTION] += 1
        return self._send(going)

    def publish_entities(self, entities: Iterable[Entity]) -> Outcome:
        """Publish topics, outlets or the site where they differ from what is public.

        Raises `Refused` where a topic tells a name that one of its published incidents withholds.
        """
        listed = list(entities)
        standing = self.standing(listed)
        changed = [e for e in listed if isinstance(e, Topic) and self._differs(e, standing.get(e.id))]
        self._refuse_topics(self._published_in(changed), changed)
        return self._put(listed, set())

    def standing(self, entities: Iterable[Entity]) -> dict[str, PublicRecord]:
        """What is public of these records now, by record id."""
        ids: dict[Kind, list[str]] = {}
        for entity in entities:
            ids.setdefault(KIND_OF[type(entity)], []).append(entity.id)
        found = (current for kind, of_kind in ids.items() for current in self._current(kind, of_kind))
        return dict(found)

    def record(self, entity: Entity, old: PublicRecord | None) -> PublicRecord:
        """The public record that a registry record makes now, given what is public of it."""
        today = self.at.date()
        first = date.fromisoformat(old["published_on"]) if old else today
        return public_record(entity, published_on=first, revised_on=today, revision=old["revision"] + 1 if old else 1)

    def _current(self, kind: Kind, ids: list[str]) -> Iterator[tuple[str, PublicRecord]]:
        for record_id, current in store.current_many(self._session, kind, ids).items():
            yield record_id, current.record

    def _refuse(self, incidents: Sequence[Incident], standing: dict[str, PublicRecord]) -> None:
        self._checked.clear()
        drafts = [draft_of(incident) for incident in incidents]
        known = self._directory.known(drafts)
        found = [
            problem.under(incident.key or incident.id)
            for incident, draft in zip(incidents, drafts, strict=True)
            for problem in checks.problems(
                incident, draft, known, partial(self._record_to_check, incident, standing.get(incident.id))
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
        """Refuse where a topic tells what one of these incidents of it withholds; all their topics by default."""
        by_topic: dict[Topic, list[Incident]] = {}
        for incident in incidents:
            for topic in incident.topics:
                if topics is None or topic in topics:
                    by_topic.setdefault(topic, []).append(incident)
        read_whole(self._session, by_topic)
        found = [
            problem
            for topic, of_topic in by_topic.items()
            for problem in checks.told_by_topic(topic, self.record(topic, None), of_topic)
        ]
        if found:
            raise Refused(found)

    def _published_in(self, topics: Sequence[Topic]) -> list[Incident]:
        ids = [topic.id for topic in topics]
        wanted = (
            select(Incident)
            .join(incident_topic, incident_topic.c.incident_id == Incident.id)
            .where(incident_topic.c.topic_id.in_(ids), Incident.status == Status.PUBLISHED)
            .distinct()
        )
        found = list(self._session.scalars(wanted)) if ids else []
        read_whole(self._session, found)
        return found

    def _differs(self, entity: Entity, old: PublicRecord | None) -> bool:
        return old is None or _without_history(old) != _without_history(self.record(entity, old))

    def _put(self, entities: Sequence[Entity], restricted: set[str]) -> Outcome:
        read_whole(self._session, entities)
        standing = self.standing(entities)
        going = [
            publication
            for entity in entities
            if (publication := self._publication(entity, standing.get(entity.id), entity.id in restricted))
        ]
        self.outcome.unchanged += len(entities) - len(going)
        return self._send(going)

    def _send(self, going: Sequence[store.Publication]) -> Outcome:
        if going:
            store.put_many(self._session, going, dataset_version=self.version(), at=self.at)
        return self.outcome

    def version(self) -> int:
        """The dataset version of this sitting, opened when it is first needed."""
        if self.outcome.version is None:
            self.outcome.version = store.next_version(self._session, self.at)
        return self.outcome.version

    def _publication(self, entity: Entity, old: PublicRecord | None, restricted: bool) -> store.Publication | None:
        """The record on its way into the dataset, or None where it would say the same as before."""
        new = self._record_to_publish(entity, old)
        if old is not None and not restricted and _without_history(old) == _without_history(new):
            return None
        less = restricted or (old is not None and checks.says_less(old, new, entity))
        nature = Nature.RESTRICTION if less else Nature.CORRECTION if old else Nature.ADDITION
        self.outcome.counts[nature] += 1
        return store.Publication(KIND_OF[type(entity)], entity.id, _public_key(entity), new, nature)

    def _that_relate_to(self, incidents: Sequence[Incident]) -> list[Incident]:
        """Other published incidents that name one of these."""
        new = {incident.id for incident in incidents}
        naming = (
            select(Incident)
            .join(related_incident, related_incident.c.incident_id == Incident.id)
            .where(related_incident.c.other_id.in_(new), Incident.status == Status.PUBLISHED)
            .distinct()
        )
        return [other for other in self._session.scalars(naming) if other.id not in new]


def publish(session: Session, incident: Incident, *, by: str, why: str | None = None) -> Outcome:
    """Publish one incident. Raises `Refused` with everything that stands against it."""
    return Gate(session, by=by, why=why).publish([incident])


def preview(session: Session, incident: Incident) -> PublicRecord:
    """The public record exactly as publishing the incident now would make it."""
    gate = Gate(session, by="preview")
    return gate.record(incident, gate.standing([incident]).get(incident.id))


def problems(session: Session, incident: Incident) -> list[Problem]:
    """Everything that stands against publishing the incident now."""
    draft = draft_of(incident)
    known = Directory(session).known([draft])
    return checks.problems(incident, draft, known, partial(preview, session, incident))


def restrict(
    session: Session,
    incident: Incident,
    draft: IncidentDraft,
    *,
    by: str,
    why: str,
    expected_version: int | None = None,
) -> Outcome:
    """Make a published incident say less, and remove the content of its earlier versions.

    `draft` is the incident as it shall stand: a name withheld, a place coarsened, a consent withdrawn. Where the
    incident is not public, only the registry changes.
    """
    operations.restrict_incident(session, incident, draft, by=by, why=why, expected_version=expected_version)
    if incident.status != Status.PUBLISHED:
        return Outcome()
    return Gate(session, by=by, why=why).publish([incident], restriction=True)


def withdraw(
    session: Session,
    incident: Incident,
    *,
    by: str,
    why: str,
    reason: WithdrawalReason = WithdrawalReason.UNDISCLOSED,
    successor: Incident | None = None,
) -> Outcome:
    """Take a published incident back for good. A tombstone stays: reference, day and, if it is told, the reason.

    `why` stays in the registry; only `reason` is published. A record that was never public is withdrawn without a
    trace outside.
    """
    # A draft may have been quarantined too; only what was ever published has a reference.
    was_public = incident.reference is not None and incident.status in {Status.PUBLISHED, Status.QUARANTINED}
    operations.withdraw_incident(session, incident, by=by, why=why)
    if not was_public:
        return Outcome()
    gate = Gate(session, by=by, why=why)
    store.withdraw(
        session,
        dataset_version=gate.version(),
        kind=Kind.INCIDENT,
        record_id=incident.id,
        reason=reason,
        # One that is not public must not be told by the tombstone of another.
        successor=successor.reference if successor and successor.status == Status.PUBLISHED else None,
        key=incident.reference,
        at=gate.at,
    )
    return gate.relate([incident])


def quarantine(session: Session, incident: Incident, *, by: str, why: str) -> Outcome:
    """Take a published incident off every public page at once, until somebody has looked at it."""
    was_public = incident.status == Status.PUBLISHED
    operations.quarantine_incident(session, incident, by=by, why=why)
    if not was_public:
        return Outcome()
    gate = Gate(session, by=by, why=why)
    store.hide(session, dataset_version=gate.version(), kind=Kind.INCIDENT, record_id=incident.id)
    return gate.relate([incident])


def _named_by(incidents: Sequence[Incident]) -> list[Entity]:
    """The topics and outlets that these incidents name, each once."""
    named: dict[str, Entity] = {}
    for incident in incidents:
        victims = (victim for act in incident.acts for victim in act.victims)
        outlets = (victim.outlet for victim in victims if victim.outlet is not None)
        named.update({entity.id: entity for entity in (*incident.topics, *outlets)})
    return list(named.values())


def _public_key(entity: Entity) -> str:
    key = entity.reference if isinstance(entity, Incident) else entity.key
    return key or entity.id


def _without_history(record: PublicRecord) -> PublicRecord:
    return {name: value for name, value in record.items() if name not in HISTORY}
