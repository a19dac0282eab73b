"""What topics tell of the people in their incidents: now, which stops a publication, and before, which goes then."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.dataset.fields import Kind
from tracker.publication import checks
from tracker.publication.former import Former
from tracker.publication.loading import read_whole
from tracker.publication.record import PublicRecord
from tracker.registry.drafts import Problem
from tracker.registry.models import Incident, Topic
from tracker.registry.models.incident import incident_topic
from tracker.vocabulary import Status

ByTopic = Mapping[Topic, Sequence[Incident]]


class Outspoken:
    """The topics of which a version that can still be asked for tells a name that one of their incidents withholds."""

    def __init__(self, former: Former) -> None:
        self._former = former
        self._found: set[str] = set()

    def __contains__(self, record_id: str) -> bool:
        return record_id in self._found

    def told(self, by_topic: ByTopic, record: Callable[[Topic], PublicRecord]) -> list[Problem]:
        """A problem for each name that the records of these topics tell and one of their incidents withholds."""
        return [
            problem
            for topic, incidents in by_topic.items()
            for problem in checks.told_by_topic(topic, record(topic), incidents, self._former.names(incidents))
        ]

    def kept_back(self, told: Incident, old: PublicRecord, standing: Mapping[str, PublicRecord]) -> list[Problem]:
        """The same for the public topics of an incident, of the names alone that it told and keeps back from now on."""
        public = {topic: [told] for topic in told.topics if topic.id in standing}
        names = checks.told_by(old, told, self._former.names([told]))
        return [each for each in self.told(public, lambda topic: standing[topic.id]) if each.value in names]

    def look_back(self, by_topic: ByTopic, standing: Mapping[str, PublicRecord]) -> None:
        """Remember those topics that told such a name before, or do so now (`standing`)."""
        self._former.read(Kind.TOPIC, [topic.id for topic in by_topic])
        for topic, incidents in by_topic.items():
            present = [standing[topic.id]] if topic.id in standing else []
            told = [*present, *self._former.told(Kind.TOPIC, topic.id)]
            called = self._former.names(incidents) if told else {}
            if any(any(checks.told_by_topic(topic, record, incidents, called)) for record in told):
                self._found.add(topic.id)

    def forget(self, record_id: str) -> None:
        """Leave a topic out, whose past goes."""
        self._found.discard(record_id)

    def all(self) -> Collection[str]:
        """The ids of those that are left."""
        return frozenset(self._found)


def by_topic(incidents: Iterable[Incident], topics: Collection[Topic] | None = None) -> dict[Topic, list[Incident]]:
    """The topics of incidents, or some of them, each with those incidents."""
    found: dict[Topic, list[Incident]] = {}
    for incident in incidents:
        for topic in incident.topics:
            if topics is None or topic in topics:
                found.setdefault(topic, []).append(incident)
    return found


def published_in(session: Session, topics: Iterable[Topic]) -> list[Incident]:
    """The published incidents of these topics, with all that they hold."""
    ids = [topic.id for topic in topics]
    wanted = (
        select(Incident)
        .join(incident_topic, incident_topic.c.incident_id == Incident.id)
        .where(incident_topic.c.topic_id.in_(ids), Incident.status == Status.PUBLISHED)
        .distinct()
    )
    found = list(session.scalars(wanted)) if ids else []
    read_whole(session, found)
    return found
