"""The records that an incident names, as its public record shows them.

An outlet, a source, a topic or a person can have been changed and saved since, which waits until somebody publishes it.
What is published of the incident meanwhile must neither bring that out nor be refused because of it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeVar, cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.publication.record import PublicRecord, told_inside
from tracker.registry.directory import Directory
from tracker.registry.mapping import KINDS, fill, kind_of, snapshot
from tracker.registry.models import Entity, Outlet, Person, Revision, Source, Topic

E = TypeVar("E", bound=Entity)
M = TypeVar("M", Outlet, Source)

# Where in the public record of an incident records of a kind stand.
_STANDS_IN: Mapping[type[Entity], str] = {Outlet: "outlets", Source: "sources", Topic: "topics"}
# How an incident cites a source is no part of the source.
_OF_THE_CITATION = frozenset({"number", "credibility", "supports", "locator"})


class PublicFaces(Directory):
    """The records behind keys, each as the public record of one incident shows it; those that differ as copies.

    A source that was made confidential is so at once, and those that are about to be (`closing`) are shown so. One that
    the public record does not show stays confidential, whatever was saved of it since. The copies belong to no session,
    and nothing is ever written from them.
    """

    def __init__(self, session: Session, shown: PublicRecord, closing: Iterable[Source] = ()) -> None:
        super().__init__(session)
        self._closing = {source.id for source in closing}
        self._shown = shown
        self._faces: dict[str, Entity] = {}

    def find(self, model: type[E], key: str | None) -> E | None:
        """The record of a key as readers know it, or None."""
        live = super().find(model, key)
        if live is None:
            return None
        if live.id not in self._faces:
            self._faces[live.id] = self._face(live)
        return cast(E, self._faces[live.id])

    def _face(self, live: Entity) -> Entity:
        if isinstance(live, Person):
            return self._person(live)
        if type(live) not in _STANDS_IN or (isinstance(live, Source) and live.confidential):
            return live
        if live.id in self._closing:
            return _closed(self._session, live)
        shown = self._shown[_STANDS_IN[type(live)]]
        if _is_among(_told_of(live), shown):
            return live
        states = _copies(self._session, live)
        as_shown = next((copy for copy in states if _is_among(_told_of(copy), shown)), None)
        if as_shown is None and isinstance(live, Source):
            return _closed(self._session, live)
        return as_shown or live

    def _person(self, live: Person) -> Person:
        """Somebody under the name that readers know; the other names stay theirs, to be looked for in texts."""
        victims = (victim for act in self._shown["acts"] for victim in act["victims"])
        name = next((v["name"] for v in victims if v["person"] == live.id and v["name"]), live.name)
        if name == live.name:
            return live
        return copy_of(self._session, live, {"name": name, "other_names": [{"name": live.name}, *live.other_names]})


def ever_told(session: Session, source: Source) -> list[PublicRecord]:
    """What could ever be read of a source, and of those that were merged into it, while they were open."""
    states = (state for each in [source, *merged_into(session, Source, source.id)] for state in _copies(session, each))
    return [_told_of(state) for state in states if not state.confidential]


def tells(record: PublicRecord, told: Sequence[PublicRecord]) -> bool:
    """Whether a public record shows a source of which this was told."""
    return any(_is_among(each, record.get("sources", [])) for each in told)


def without_sources(record: PublicRecord, told: Sequence[PublicRecord]) -> PublicRecord:
    """What is public of a topic, without the sources of which this was told."""
    kept = [each for each in record["sources"] if not any(_is_among(state, [each]) for state in told)]
    number_of = {each["number"]: number for number, each in enumerate(kept, start=1)}

    def cited_anew(rows: Sequence[PublicRecord]) -> list[PublicRecord]:
        return [{**row, "sources": [number_of[n] for n in row["sources"] if n in number_of]} for row in rows]

    return record | {
        "sources": [each | {"number": number_of[each["number"]]} for each in kept],
        "timeline": cited_anew(record["timeline"]),
        "follow_ups": cited_anew(record["follow_ups"]),
    }


def merged_into(session: Session, table: type[M], record_id: str) -> list[M]:
    """All records that were merged into one, or into one of those."""
    found, ids = list[M](), [record_id]
    for each in ids:
        merged = session.scalars(select(table).where(table.merged_into == each)).all()
        found += merged
        ids += [one.id for one in merged]
    return found


def _copies(session: Session, live: E) -> Iterator[E]:
    """A record as it stood after each write of it, from the last one back."""
    wanted = select(Revision.snapshot).where(Revision.entity_id == live.id).order_by(Revision.number.desc())
    return (copy_of(session, live, state) for state in session.scalars(wanted).all())


def copy_of(session: Session, live: E, state: Mapping[str, Any]) -> E:
    """A record as it would be in this state: an object of no session, from which nothing is ever written."""
    draft, table = KINDS[kind_of(live)]
    made = cast(E, table(id=live.id))
    with session.no_autoflush:
        fill(made, draft.model_validate({**state, "key": live.key}), Directory(session))
    return made


def _closed(session: Session, live: E) -> E:
    return copy_of(session, live, snapshot(live) | {"confidential": True})


def _told_of(entity: Entity) -> PublicRecord:
    told = told_inside(_STANDS_IN[type(entity)], entity)
    return {name: value for name, value in told.items() if name not in _OF_THE_CITATION}


def _is_among(told: PublicRecord, shown: Sequence[PublicRecord]) -> bool:
    """Whether one of these is the same; one that was published before a field was added cannot have it."""
    return any(all(value == each[name] for name, value in told.items() if name in each) for each in shown)
