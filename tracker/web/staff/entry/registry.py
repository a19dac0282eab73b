"""What the form asks the registry about: which record a typed name means, and what a record on file is called."""

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import replace
from functools import cached_property
from typing import Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.registry import name_keys, names
from tracker.registry.directory import references
from tracker.registry.drafts import Known
from tracker.registry.mapping import KINDS, draft_of
from tracker.registry.models import Entity, Incident, Source
from tracker.registry.names import Suggestion
from tracker.registry.permissions import actor_of, may
from tracker.text import fold
from tracker.vocabulary import Status
from tracker.vocabulary.staff import Action
from tracker.web.staff.context import me
from tracker.web.staff.references.offering import only_for, spelled_openly


class Names(Protocol):
    """What reading and filling a form need to know of records."""

    def name(self, kind: str, key: str) -> str | None: ...

    def means(self, kind: str, key: str, typed: str) -> bool: ...

    def exact(self, kind: str, typed: str) -> Sequence[Suggestion]: ...

    def near(self, kind: str, typed: str) -> Sequence[Suggestion]: ...

    def incident_key(self, typed: str) -> str | None: ...


class RegistryNames:
    """The names of the registry, within one transaction; it knows only what whoever types may know of.

    `of` is the incident that is changed: what it refers to is known to those who may read it.
    """

    def __init__(self, session: Session, of: Incident | None = None) -> None:
        self._session = session
        self._found: dict[tuple[str, str], Entity | None] = {}
        self._of = of

    @cached_property
    def _own(self) -> Mapping[type[Entity], Set[str]]:
        """The keys of what the incident refers to, by kind of record; looked for only where not everything is open."""
        return references([draft_of(self._of)]) if self._of is not None else {}

    def load(self, kind: str, keys: Iterable[str]) -> None:
        """Read several records at once."""
        wanted = sorted({key for key in keys if (kind, key) not in self._found})
        table = KINDS[kind][1]
        self._found |= dict.fromkeys([(kind, key) for key in wanted])
        for start in range(0, len(wanted), 400):
            # What no key can look like is not looked for: PostgreSQL refuses some characters.
            chunk = [key for key in wanted[start : start + 400] if key.isprintable()]
            found = self._session.scalars(select(table).where(table.key.in_(chunk))).all()
            self._found |= {(kind, entity.key or ""): entity for entity in self._open(kind, found)}

    def _open(self, kind: str, found: Sequence[Entity]) -> Sequence[Entity]:
        """Of these records, those that whoever types may know of; a guessed key must open nothing more than a name."""
        only = only_for(me(), kind)
        if only is None:
            return found
        open_to_them = only(self._session, [entity.id for entity in found])
        own = self._own.get(KINDS[kind][1], set())
        return [entity for entity in found if entity.id in open_to_them or entity.key in own]

    def record(self, kind: str, key: str) -> Entity | None:
        """The record of a key."""
        self.load(kind, [key])
        return self._found[kind, key]

    def name(self, kind: str, key: str) -> str | None:
        """What a record is called in the form."""
        found = self.record(kind, key)
        if found is None:
            return None
        if isinstance(found, Incident):
            return self._incident_name(found)
        if isinstance(found, Source):
            return found.title or found.publisher or found.url or key
        return next(iter(name_keys.spellings(found)), None) or key

    def means(self, kind: str, key: str, typed: str) -> bool:
        """Whether what was typed is one of the names of this record."""
        found = self.record(kind, key)
        if found is None:
            return False
        spelled = [*self._spellings(found, kind), self.name(kind, key) or "", key]
        return fold(typed) in {fold(spelling) for spelling in spelled}

    def _spellings(self, found: Entity, kind: str) -> Sequence[str]:
        """The spellings of a record that whoever types may know of."""
        if kind == "person" and only_for(me(), kind) is not None:
            return spelled_openly(self._session, [found.id], actor_of(me()))[found.id]
        return name_keys.spellings(found)

    def exact(self, kind: str, typed: str) -> Sequence[Suggestion]:
        """The records that have this very name."""
        return [each for each in names.exact(self._session, kind, typed, only=only_for(me(), kind)) if each.key]

    def near(self, kind: str, typed: str) -> Sequence[Suggestion]:
        """The records whose names are so like it that they may be meant."""
        return [each for each in names.near(self._session, kind, typed, only=only_for(me(), kind)) if each.key]

    def incident_key(self, typed: str) -> str | None:
        """The key of the incident of a reference (or a key), if whoever types may know that there is one."""
        asked = typed.strip()
        if not asked.isprintable() or len(asked) > 80:
            return None
        wanted = select(Incident).where((Incident.reference == asked.upper()) | (Incident.key == asked))
        found = self._session.scalars(wanted).first()
        known = found is not None and (found.status == Status.PUBLISHED or may(me(), Action.READ, found))
        own = found is not None and found.key in self._own.get(Incident, set())
        return found.key if found is not None and (known or own) else None

    def knows(self, known: Known) -> Known:
        """Of keys that are held, those that whoever types may know of; to them, others are as if they were not."""

        def of(kind: str, keys: frozenset[str]) -> frozenset[str]:
            if only_for(me(), kind) is None:
                return keys
            self.load(kind, keys)
            return frozenset(key for key in keys if self.record(kind, key) is not None)

        return replace(
            known,
            sources=of("source", known.sources),
            shown_sources=of("source", known.shown_sources),
            people=of("person", known.people),
            incidents=of("incident", known.incidents),
        )

    def _incident_name(self, incident: Incident) -> str:
        return incident.reference or incident.key or incident.id
