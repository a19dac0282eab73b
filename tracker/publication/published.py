"""What was published, beside what waits: the text behind a public record, and publishing that text again.

A public incident may have changes that wait for review. When a name, a source or an outlet that it mentions changes,
its public record must follow at once, and those changes must not get out with it.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import partial

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from tracker.dataset import store
from tracker.dataset.fields import Kind
from tracker.publication import checks
from tracker.publication.closing import close, forget_sources, with_twins
from tracker.publication.faces import PublicFaces
from tracker.publication.former import Former, look_for_former_names
from tracker.publication.gate import Gate, Outcome, public_key, take_turn, without_history
from tracker.publication.loading import read_whole
from tracker.publication.record import KIND_OF, PublicRecord
from tracker.registry import audit, operations
from tracker.registry.directory import Directory
from tracker.registry.drafts import CitationDraft, IncidentDraft, Problem
from tracker.registry.mapping import draft_of, fill
from tracker.registry.models import (
    Act,
    Citation,
    Entity,
    FollowUp,
    Incident,
    Outlet,
    Person,
    Source,
    TimelineEntry,
    Topic,
    Victim,
)
from tracker.registry.models.documents import follow_up_source, timeline_source
from tracker.registry.models.incident import incident_topic
from tracker.registry.operations import Refused, Stale
from tracker.vocabulary import Nature, Status
from tracker.vocabulary.staff import AuditEvent


def published_text(session: Session, incident: Incident) -> IncidentDraft:
    """The draft behind the public record: the incident as it stands, or without the changes that wait for review."""
    if incident.amendment is None:
        draft = draft_of(incident)
        assert isinstance(draft, IncidentDraft)
        return draft
    last = operations.published_snapshot(session, incident)
    return _as_merged(session, IncidentDraft.model_validate(last))


def _as_merged(session: Session, draft: IncidentDraft) -> IncidentDraft:
    """The same text, naming the records that stand now for people, outlets and sources that were merged since."""
    made = draft.model_copy(deep=True)
    victims = [victim for act in made.acts for victim in act.victims]
    people = _survivors(session, Person, {victim.person for victim in victims if victim.person})
    outlets = _survivors(session, Outlet, {victim.outlet for victim in victims if victim.outlet})
    for victim in victims:
        victim.person = people.get(victim.person or "", victim.person)
        victim.outlet = outlets.get(victim.outlet or "", victim.outlet)
    _with_merged_sources(session, made)
    return made


def _with_merged_sources(session: Session, draft: IncidentDraft) -> None:
    """Name sources by what stands for them now; one that was merged into another of the same list goes."""
    lists = [victim.name_published_in for act in draft.acts for victim in act.victims]
    lists += [follow_up.sources for follow_up in draft.follow_ups]
    cited = {citation.source for citation in draft.sources if citation.source}
    kept = _survivors(session, Source, cited | {key for keys in lists for key in keys})
    for keys in lists:
        keys[:] = dict.fromkeys(kept.get(key, key) for key in keys)
    seen: dict[str | None, CitationDraft] = {}
    for citation in draft.sources:
        citation.source = kept.get(citation.source or "", citation.source)
        seen.setdefault(citation.source, citation)
    draft.sources = list(seen.values())


def _survivors(session: Session, table: type[Person] | type[Outlet] | type[Source], keys: set[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    merged: Iterable[Person | Outlet | Source] = session.scalars(
        select(table).where(table.key.in_(keys), table.merged_into.is_not(None))
    )
    for record in merged:
        kept: Person | Outlet | Source | None = record
        while kept is not None and kept.merged_into is not None:
            survivor = session.get(table, kept.merged_into)
            kept = survivor if isinstance(survivor, Person | Outlet | Source) else None
        if kept is not None and kept.key and record.key:
            found[record.key] = kept.key
    return found


def stand_in(
    session: Session, incident: Incident, draft: IncidentDraft, directory: Directory | None = None
) -> Incident:
    """The incident as it would be with this draft: an object of no session, from which nothing is ever written.

    The records that it names are found in `directory`, or as they stand in the registry.
    """
    made = Incident(
        id=incident.id,
        key=incident.key,
        reference=incident.reference,
        status=incident.status,
        first_published_on=incident.first_published_on,
        public_revision=incident.public_revision,
    )
    with session.no_autoflush:
        fill(made, draft, directory or Directory(session))
    return made


def standing_text(session: Session, incident: Incident) -> Incident:
    """The incident as its public record tells it."""
    return incident if incident.amendment is None else stand_in(session, incident, published_text(session, incident))


def as_shown(
    session: Session, incident: Incident, draft: IncidentDraft | None = None, closing: Iterable[Source] = ()
) -> Incident:
    """An incident with its published text, or another one, and all that it names as readers know it.

    So nothing gets out with it that was saved of an outlet, a source, a topic or a person and waits to be published.
    People who are not named have all the names that they ever had. The sources of `closing` are shown as confidential.
    """
    public = store.current(session, Kind.INCIDENT, incident.id)
    faces = PublicFaces(session, public.record, closing) if public else None
    told = stand_in(session, incident, draft or published_text(session, incident), faces)
    look_for_former_names(session, told)
    return told


def affected(session: Session, entity: Entity) -> list[Incident]:
    """The public incidents whose published text names a person, outlet, source or topic."""
    naming = _naming(entity)
    if naming is None:
        return []
    # What waits may not name it any more while the published text does, which only its snapshot can tell.
    maybe = or_(Incident.id.in_(naming), Incident.amendment.is_not(None))
    found = session.scalars(select(Incident).where(Incident.status == Status.PUBLISHED, maybe)).all()
    read_whole(session, found)
    return [incident for incident in found if _names(standing_text(session, incident), entity)]


def take_turn_for(session: Session, incidents: Sequence[Incident], entities: Iterable[Entity]) -> None:
    """Let nobody else publish before the transaction ends; `incidents` are the public ones that name the entities.

    Raises `Stale` where one of them was changed since it was read, and where another one came out meanwhile, or another
    record of a source that is confidential now.
    """
    known, listed = set(incidents), list(entities)
    if not take_turn(session, incidents):
        return
    if any(set(affected(session, entity)) - known for entity in listed):
        raise Stale("another public incident names it by now")
    closed = [each for each in listed if isinstance(each, Source) and each.confidential]
    if closed and set(with_twins(session, closed)) - set(closed):
        raise Stale("another record of the same source is there by now")


def _naming(entity: Entity):  # type: ignore[no-untyped-def]
    """The ids of the incidents that name a record, as they stand in the registry."""
    match entity:
        case Person():
            return select(Act.incident_id).join(Victim).where(Victim.person_id == entity.id)
        case Outlet():
            return select(Act.incident_id).join(Victim).where(Victim.outlet_id == entity.id)
        case Topic():
            return select(incident_topic.c.incident_id).where(incident_topic.c.topic_id == entity.id)
        case Source():
            follow_ups = select(FollowUp.incident_id).join(follow_up_source)
            follow_ups = follow_ups.where(follow_up_source.c.source_id == entity.id, FollowUp.incident_id.is_not(None))
            return select(Citation.incident_id).where(Citation.source_id == entity.id).union(follow_ups)
    return None


def _names(incident: Incident, entity: Entity) -> bool:
    victims = [victim for act in incident.acts for victim in act.victims]
    named: list[Entity | None] = [each for victim in victims for each in (victim.person, victim.outlet)]
    named += [*incident.topics, *(citation.source for citation in incident.sources)]
    named += [source for follow_up in incident.follow_ups for source in follow_up.sources]
    return any(each is not None and each.id == entity.id for each in named)


def refresh(
    session: Session,
    incidents: Sequence[Incident],
    *,
    by: str,
    why: str | None = None,
    entity: Entity | None = None,
) -> Outcome:
    """Publish the published text of incidents again, since something that it names has changed.

    What was amended since goes on waiting. With `entity`, its own public record and those of the topics that cite it
    follow too; a source that is confidential now goes from all versions of all records, and so does whatever was
    recorded as the same source once more. Raises `Refused` where a record would then tell what is withheld; its text
    has to be mended first; and `Stale` where somebody else changed one of them, or published another one that names the
    entity, at the same time. After the commit the caller has `publication.purge` clear what was taken back.
    """
    closed = _closed_twins(session, entity, by=by, why=why)
    incidents = list(dict.fromkeys([*incidents, *(each for twin in closed for each in affected(session, twin))]))
    take_turn_for(session, incidents, [entity, *closed] if entity is not None else [])
    gate = Gate(session, by=by, why=why)
    listed = [incident for incident in incidents if incident.status == Status.PUBLISHED]
    read_whole(session, listed)
    texts = {incident: standing_text(session, incident) for incident in listed}
    standing = gate.standing(listed)
    refuse_again(session, gate, texts, standing)
    for incident, text in texts.items():
        old = standing.get(incident.id)
        new = gate.record(text, old)
        nature = gate.nature(text, old, new) if old is not None else None
        if nature is not None:
            _put_again(session, gate, incident, new, nature, by)
    gate.hush_topics()
    if entity is not None:
        gate.publish_entities(_public_around(session, gate, entity))
    if isinstance(entity, Source):
        forget_sources(session, gate, [entity, *closed])
    return gate.outcome


def _closed_twins(session: Session, entity: Entity | None, *, by: str, why: str | None) -> list[Source]:
    """The other records of a source that is confidential now, which are made so with it."""
    if not (isinstance(entity, Source) and entity.confidential):
        return []
    twins = [each for each in with_twins(session, [entity]) if each is not entity]
    for twin in twins:
        close(session, twin, by=by, why=why)
    return twins


def hush(session: Session, gate: Gate, incidents: Iterable[Incident], *, by: str) -> None:
    """Publish the published text of incidents again, without what is withheld since of the records that they name.

    Whatever else was saved of those goes on waiting, and so does what was amended. Their past goes. The caller has
    taken the turn. Raises `Refused` where a record would still tell what it keeps back; its text is to be mended first.
    """
    found, going = hushed(session, gate, incidents)
    if found:
        raise Refused(found)
    for incident, (_text, new) in going.items():
        _put_again(session, gate, incident, new, Nature.RESTRICTION, by)
    gate.hush_topics()


def hushed(
    session: Session, gate: Gate, incidents: Iterable[Incident], closing: Collection[Source] = ()
) -> tuple[list[Problem], dict[Incident, tuple[Incident, PublicRecord]]]:
    """What stands against that, and what would be published of which incidents, with the text behind it.

    The sources of `closing` are taken for confidential.
    """
    listed = [incident for incident in incidents if incident.status == Status.PUBLISHED]
    read_whole(session, listed)
    standing = gate.standing(listed)
    found, going = list[Problem](), dict[Incident, tuple[Incident, PublicRecord]]()
    for incident in listed:
        old, text = standing[incident.id], as_shown(session, incident, closing=closing)
        new = gate.record(text, old)
        if without_history(old) != without_history(new):
            found += (p.under(incident.reference or incident.id) for p in gate.problems_of_less(text, old, new))
            going[incident] = text, new
    return found, going


def _put_again(session: Session, gate: Gate, incident: Incident, new: PublicRecord, nature: Nature, by: str) -> None:
    gate.put(store.Publication(KIND_OF[Incident], incident.id, public_key(incident), new, nature))
    event = AuditEvent.RESTRICTED if nature is Nature.RESTRICTION else AuditEvent.PUBLISHED
    audit.write(session, event, by=by, kind="incident", id=incident.id, detail={"step": "refresh"})


def refuse_again(
    session: Session, gate: Gate, texts: Mapping[Incident, Incident], standing: Mapping[str, PublicRecord]
) -> None:
    """Refuse where these texts of public incidents, or their public topics, would tell what is withheld now."""
    directory, former, found = Directory(session), Former(session), list[Problem]()
    called = former.names(texts.values())
    for incident, text in texts.items():
        draft, old = draft_of(text), standing.get(incident.id)
        record = partial(gate.record, text, old)
        problems = checks.problems(text, draft, directory.known([draft]), record, gate.at, called)
        problems += gate.told_in_topics(text, old) if old is not None else []
        found += [problem.under(incident.reference or incident.id) for problem in problems]
    if found:
        raise Refused(found)


def _public_around(session: Session, gate: Gate, entity: Entity) -> list[Entity]:
    """The record itself and the topics that cite it, where they are public."""
    near: list[Entity] = [entity] if type(entity) in KIND_OF and not isinstance(entity, Incident) else []
    if isinstance(entity, Source):
        cited = select(TimelineEntry.topic_id).join(timeline_source).where(timeline_source.c.source_id == entity.id)
        follow_ups = select(FollowUp.topic_id).join(follow_up_source).where(follow_up_source.c.source_id == entity.id)
        of_topics: Iterable[Topic] = session.scalars(
            select(Topic).where(or_(Topic.id.in_(cited), Topic.id.in_(follow_ups)))
        )
        near += of_topics
    public = gate.standing(near)
    return [each for each in near if each.id in public]
