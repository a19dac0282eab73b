"""What may be offered to somebody who types a name: to those who see only their own incidents, much less.

Nobody may learn from a suggestion that the registry holds somebody's name (OWASP ASVS 5.0, 8.2.3).
"""

from collections.abc import Callable, Mapping, Sequence, Set

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, selectinload

from tracker.publication.names import may_name
from tracker.registry.models import Act, Citation, Incident, Person, Revision, Source, StaffMember, Victim
from tracker.registry.names import KIND_OF_WORD, Only
from tracker.registry.permissions import Reach, actor_of, reach
from tracker.vocabulary import Naming, Status
from tracker.vocabulary.staff import Action


def only_for(staff: StaffMember, kind: str) -> Only | None:
    """What may be offered of a kind of record to somebody; None where everything may.

    Outlets and topics are offered to everybody who enters incidents. Of people, those are who are publicly named in a
    published incident, of sources those that a published incident openly cites, and of incidents the published ones;
    and of each, what stands in one's own incidents. People are found by the name that they go by, and by spellings
    that one has recorded oneself.
    """
    if reach(staff, Action.SUGGEST) is Reach.ANY:
        return None
    allowed = _ALLOWED.get(KIND_OF_WORD.get(kind, kind))
    me = actor_of(staff)
    return None if allowed is None else lambda session, ids: allowed(session, ids, me)


def publicly_named(session: Session, ids: Sequence[str]) -> set[str]:
    """Of these people, those whom a published incident names.

    What was changed since publication has not been judged yet, so that nothing is concluded from it.
    """
    wanted = (
        select(Victim, Act.incident_id)
        .join(Act, Act.id == Victim.act_id)
        .join(Incident, Incident.id == Act.incident_id)
        .where(Victim.person_id.in_(ids), Victim.naming == Naming.NAMED)
        .where(Incident.status == Status.PUBLISHED, Incident.amendment.is_(None))
        .options(selectinload(Victim.person))
    )
    victims = session.execute(wanted).all()
    shown = _shown_sources(session, {incident_id for _victim, incident_id in victims})
    named = (v.person_id for v, incident_id in victims if may_name(v, shown.get(incident_id, frozenset())))
    return {person_id for person_id in named if person_id is not None}


def _shown_sources(session: Session, incident_ids: Set[str]) -> dict[str, frozenset[str]]:
    """The keys of the sources of each incident that can prove that a name is public."""
    found: dict[str, set[str]] = {}
    wanted = select(Citation.incident_id, Source).join(Citation.source).where(Citation.incident_id.in_(incident_ids))
    for incident_id, source in session.execute(wanted):
        if source.key and source.shows_names:
            found.setdefault(incident_id, set()).add(source.key)
    return {incident_id: frozenset(keys) for incident_id, keys in found.items()}


def spelled_openly(session: Session, ids: Sequence[str], me: str) -> dict[str, list[str]]:
    """The spellings of people that somebody may know of: the name of each, and what they once wrote themselves.

    Other spellings are never public, so that finding somebody by one would confirm it.
    """
    stands_for = {person_id: person_id for person_id in ids}
    merged = list(ids)
    while merged:
        rows = session.execute(select(Person.id, Person.merged_into).where(Person.merged_into.in_(merged))).all()
        stands_for |= {row.id: stands_for[row.merged_into] for row in rows if row.merged_into}
        merged = [row.id for row in rows]
    names = session.execute(select(Person.id, Person.name).where(Person.id.in_(ids)))
    found = {row.id: [row.name] for row in names}
    mine = select(Revision.entity_id, Revision.snapshot).where(
        Revision.entity_id.in_(stands_for), Revision.entity_kind == "person", Revision.actor == me
    )
    for person_id, written in session.execute(mine):
        others = (other.get("name") for other in written.get("other_names", []))
        found.setdefault(stands_for[person_id], []).extend(filter(None, (written.get("name"), *others)))
    return found


def _people(session: Session, ids: Sequence[str], me: str) -> dict[str, list[str]]:
    mine = (
        select(Victim.person_id)
        .join(Act, Act.id == Victim.act_id)
        .join(Incident, Incident.id == Act.incident_id)
        .where(Victim.person_id.in_(ids), Incident.created_by == me)
    )
    known = publicly_named(session, ids) | {found for found in session.scalars(mine) if found is not None}
    return spelled_openly(session, sorted(known), me)


def _sources(session: Session, ids: Sequence[str], me: str) -> dict[str, None]:
    open_ = (Incident.status == Status.PUBLISHED) & Incident.amendment.is_(None) & Source.confidential.is_(False)
    wanted = (
        select(Citation.source_id)
        .join(Citation.source)
        .join(Incident, Incident.id == Citation.incident_id)
        .where(Citation.source_id.in_(ids), or_(Incident.created_by == me, open_))
    )
    return dict.fromkeys(session.scalars(wanted))


def _incidents(session: Session, ids: Sequence[str], me: str) -> dict[str, None]:
    # The title of one with changes that are not public yet may be among these.
    public = (Incident.status == Status.PUBLISHED) & Incident.amendment.is_(None)
    allowed = or_(Incident.created_by == me, public)
    return dict.fromkeys(session.scalars(select(Incident.id).where(Incident.id.in_(ids), allowed)))


_ALLOWED: Mapping[str, Callable[[Session, Sequence[str], str], Mapping[str, Sequence[str] | None]]] = {
    "person": _people,
    "source": _sources,
    "incident": _incidents,
}
