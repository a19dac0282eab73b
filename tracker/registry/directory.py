"""Finding registry records by their keys: what a draft may refer to, and the records behind the keys."""

from collections.abc import Iterable, Sequence
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.registry.drafts import (
    Draft,
    FollowUpDraft,
    IncidentDraft,
    Known,
    OutletDraft,
    PersonDraft,
    SourceDraft,
    TimelineEntryDraft,
    TopicDraft,
)
from tracker.registry.models import Entity, Incident, Outlet, Person, Source, Topic

E = TypeVar("E", bound=Entity)
Keys = dict[type[Entity], set[str]]
KEYS_AT_ONCE = 500


class Directory:
    """The records behind keys, each read once for as long as one transaction lasts."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._found: dict[tuple[type[Entity], str], Entity] = {}

    def add(self, entity: Entity) -> None:
        """Remember a record just made, so that those after it can refer to it."""
        if entity.key is not None:
            self._found[type(entity), entity.key] = entity

    def load(self, model: type[E], keys: Iterable[str]) -> None:
        """Read the records of these keys in as few statements as may be."""
        wanted = [key for key in dict.fromkeys(keys) if (model, key) not in self._found]
        for start in range(0, len(wanted), KEYS_AT_ONCE):
            chunk = wanted[start : start + KEYS_AT_ONCE]
            for entity in self._session.scalars(select(model).where(model.key.in_(chunk))):
                self.add(entity)

    def find(self, model: type[E], key: str | None) -> E | None:
        """The record of a key, or None."""
        if key is None:
            return None
        if (model, key) not in self._found:
            self.load(model, [key])
        found = self._found.get((model, key))
        return found if isinstance(found, model) else None

    def holds(self, model: type[Entity], key: str) -> bool:
        """Whether a record of this key was read or added already."""
        return (model, key) in self._found

    def all(self, model: type[E], keys: Sequence[str]) -> list[E]:
        """The records of several keys, in their order; keys of nothing are left out."""
        self.load(model, keys)
        return [entity for key in keys if (entity := self.find(model, key)) is not None]

    def known(self, drafts: Iterable[Draft]) -> Known:
        """Of all keys that these drafts refer to, those that the registry holds."""
        wanted = references(drafts)
        for model, keys in wanted.items():
            self.load(model, keys)
        held = {model: frozenset(k for k in keys if self.find(model, k)) for model, keys in wanted.items()}
        shown = (key for key in held[Source] if (source := self.find(Source, key)) and source.shows_names)
        return Known(
            sources=held[Source],
            shown_sources=frozenset(shown),
            people=held[Person],
            outlets=held[Outlet],
            topics=held[Topic],
            incidents=held[Incident],
        )


def offered(drafts: Sequence[Draft]) -> Known:
    """The keys that these drafts bring with them, for others among them to refer to."""
    keys: dict[type[Draft], set[str]] = {}
    for draft in drafts:
        if key := getattr(draft, "key", None):
            keys.setdefault(type(draft), set()).add(key)

    def of(kind: type[Draft]) -> frozenset[str]:
        return frozenset(keys.get(kind, ()))

    shown = (d.key for d in drafts if isinstance(d, SourceDraft) and d.key and d.shows_names)
    return Known(of(SourceDraft), frozenset(shown), of(PersonDraft), of(OutletDraft), of(TopicDraft), of(IncidentDraft))


def references(drafts: Iterable[Draft]) -> Keys:
    """All keys that these drafts refer to, by the kind of record that they name."""
    keys: Keys = {Source: set(), Person: set(), Outlet: set(), Topic: set(), Incident: set()}
    for draft in drafts:
        if isinstance(draft, TopicDraft):
            _add_sources(keys, [*draft.timeline, *draft.follow_ups])
        elif isinstance(draft, IncidentDraft):
            _add_incident(keys, draft)
    return keys


def _add_sources(keys: Keys, drafts: Iterable[FollowUpDraft | TimelineEntryDraft]) -> None:
    for draft in drafts:
        keys[Source].update(draft.sources)


def _add_incident(keys: Keys, draft: IncidentDraft) -> None:
    keys[Topic].update(draft.topics)
    keys[Incident].update(draft.related)
    keys[Source].update(citation.source for citation in draft.sources if citation.source)
    _add_sources(keys, draft.follow_ups)
    for victim in (victim for act in draft.acts for victim in act.victims):
        keys[Source].update(victim.name_published_in)
        keys[Person].update(key for key in (victim.person,) if key)
        keys[Outlet].update(key for key in (victim.outlet,) if key)
