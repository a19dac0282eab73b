"""What people were called before, and what readers were told before: what is withheld now goes from there too."""

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker import text
from tracker.dataset import past, store
from tracker.dataset.fields import Kind
from tracker.publication import names
from tracker.publication.checks import people_in
from tracker.publication.faces import copy_of, ever_told
from tracker.publication.record import PublicRecord
from tracker.registry.directory import KEYS_AT_ONCE
from tracker.registry.models import Incident, Person, Revision, Source


class Former:
    """What was before, each of it read once for as long as one transaction lasts."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._names: dict[str, list[str]] = {}
        self._told: dict[tuple[Kind, str], list[PublicRecord]] = {}
        self._sources: dict[str, list[PublicRecord]] = {}

    def names(self, incidents: Iterable[Incident]) -> names.EverCalled:
        """All names that the people ever had who are not named in these incidents, by the id of the person.

        By the id of an incident, those of the people whom it named until now and knows no more, where it withholds the
        name of somebody of whom it does not say who it is: as likely as not it is one of them.
        """
        incidents = list(incidents)
        withheld = (person.id for incident in incidents for person in names.withheld_people(incident))
        self._names |= ever_called(self._session, {each for each in withheld if each not in self._names})
        for incident in incidents:
            self._names[incident.id] = self._let_go_of(incident) if names.keeps_back_a_stranger(incident) else []
        return self._names

    def _let_go_of(self, incident: Incident) -> list[str]:
        now = store.current_many(self._session, Kind.INCIDENT, [incident.id])
        told = [*(each.record for each in now.values()), *self.told(Kind.INCIDENT, incident.id)]
        victims = (victim for act in incident.acts for victim in act.victims)
        gone = {each for record in told for each in people_in(record)} - {v.person.id for v in victims if v.person}
        return [name for called in ever_called(self._session, gone).values() for name in called]

    def read(self, kind: Kind, record_ids: Iterable[str]) -> None:
        """Read what can still be asked for of the earlier versions of records, in one go."""
        unread = [each for each in dict.fromkeys(record_ids) if (kind, each) not in self._told]
        found = past.earlier(self._session, kind, unread)
        self._told |= {(kind, each): found.get(each, []) for each in unread}

    def told(self, kind: Kind, record_id: str) -> list[PublicRecord]:
        """The earlier versions of a record that can still be asked for."""
        self.read(kind, [record_id])
        return self._told[kind, record_id]

    def forget(self, kind: Kind, record_id: str) -> None:
        """Read the earlier versions of a record anew, as there is another one."""
        self._told.pop((kind, record_id), None)

    def of_sources(self, sources: Iterable[Source]) -> list[PublicRecord]:
        """What could ever be read of those among these sources that are confidential now."""
        closed = [source for source in sources if source.confidential]
        for source in closed:
            if source.id not in self._sources:
                self._sources[source.id] = ever_told(self._session, source)
        return [told for source in closed for told in self._sources[source.id]]


def look_for_former_names(session: Session, told: Incident) -> None:
    """Give whoever is not named in an incident all names that they ever had, so that its texts are searched for them.

    A text may still say a name under which somebody was public once. What others are called who are named stays.
    """
    public = {text.fold(name) for name in names.public_names(told)}
    withheld = {person.id: person for person in names.withheld_people(told)}
    once = ever_called(session, withheld)
    known: dict[str, Person] = {}
    for person in withheld.values():
        known_by = public | {text.fold(name) for name in names.names_of(person)}
        former = [{"name": name} for name in once[person.id] if text.fold(name) not in known_by]
        known[person.id] = copy_of(
            session, person, {"name": person.name, "other_names": [*person.other_names, *former]}
        )
    for victim in (victim for act in told.acts for victim in act.victims):
        if victim.person is not None:
            victim.person = known.get(victim.person.id, victim.person)


def ever_called(session: Session, people: Iterable[str]) -> dict[str, list[str]]:
    """The names that people had in the registry, and those of people who were merged into them, by the id."""
    stands_for = {each: each for each in people}
    new = list(stands_for)
    while new:
        wanted = (select(Person.id, Person.merged_into).where(Person.merged_into.in_(chunk)) for chunk in _chunks(new))
        found = {merged: into for each in wanted for merged, into in session.execute(each) if into}
        new = [merged for merged in found if merged not in stands_for]
        stands_for |= {merged: stands_for[found[merged]] for merged in new}
    called: dict[str, dict[str, None]] = {each: {} for each in stands_for.values()}
    for chunk in _chunks(list(stands_for)):
        states = select(Revision.entity_id, Revision.snapshot).where(Revision.entity_id.in_(chunk))
        for person, state in session.execute(states.order_by(Revision.entity_id, Revision.number.desc())):
            called[stands_for[person]] |= dict.fromkeys(_names_in(state))
    return {person: list(found) for person, found in called.items()}


def _names_in(state: Mapping[str, object]) -> list[str]:
    others = state.get("other_names")
    listed = [other.get("name") for other in others if isinstance(other, dict)] if isinstance(others, list) else []
    return [name for name in (state.get("name"), *listed) if isinstance(name, str) and name]


def _chunks(ids: Sequence[str]) -> Iterable[Sequence[str]]:
    return (ids[start : start + KEYS_AT_ONCE] for start in range(0, len(ids), KEYS_AT_ONCE))
