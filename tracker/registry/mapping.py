"""Between drafts and tables: writing a draft into a record, and reading a record back as a draft.

Drafts and tables share their names, so most fields carry over as they are; what differs is told here and nowhere else.
"""

from collections.abc import Callable, Sequence
from datetime import date as day
from functools import cache
from typing import Any, TypeVar

from tracker.db import Base
from tracker.registry.directory import Directory
from tracker.registry.drafts import (
    ActDraft,
    CitationDraft,
    ConsentDraft,
    DateDraft,
    Draft,
    FollowUpDraft,
    IncidentDraft,
    InvolvementDraft,
    OutletDraft,
    PersonDraft,
    PlaceDraft,
    SiteDraft,
    SourceDraft,
    TimelineEntryDraft,
    TopicDraft,
    VictimDraft,
)
from tracker.registry.models import (
    Act,
    Citation,
    Entity,
    FollowUp,
    Incident,
    Involvement,
    Outlet,
    Person,
    Place,
    Site,
    Source,
    TimelineEntry,
    Topic,
    Victim,
)
from tracker.registry.models.common import Dated
from tracker.vocabulary import Consent

M = TypeVar("M", bound=Base)
E = TypeVar("E", bound=Entity)

# The kinds of record that are written and revised on their own: their word, their draft and their table.
KINDS: dict[str, tuple[type[Draft], type[Entity]]] = {
    "site": (SiteDraft, Site),
    "source": (SourceDraft, Source),
    "person": (PersonDraft, Person),
    "outlet": (OutletDraft, Outlet),
    "topic": (TopicDraft, Topic),
    "incident": (IncidentDraft, Incident),
}

# Fields that are not plain columns of the same name, by table.
SPECIAL: dict[type[Base], frozenset[str]] = {
    Incident: frozenset({"date", "place", "topics", "related", "sources", "acts", "follow_ups"}),
    Topic: frozenset({"timeline", "follow_ups"}),
    Act: frozenset({"victims", "involvements"}),
    Victim: frozenset({"person", "outlet", "consent"}),
    FollowUp: frozenset({"date", "sources"}),
    TimelineEntry: frozenset({"date", "sources"}),
    Citation: frozenset({"source"}),
}


def kind_of(record: Draft | Entity) -> str:
    """The word for a kind of record: `incident`, `outlet`, …"""
    return _kind_of_type(type(record))


@cache
def _kind_of_type(of: type[Draft] | type[Entity]) -> str:
    return next(kind for kind, pair in KINDS.items() if issubclass(of, pair))


def fill(record: Base, draft: Draft, directory: Directory) -> None:
    """Write everything that a draft says into a record; what it does not say becomes silent."""
    special = SPECIAL.get(type(record), frozenset())
    plain = draft.model_dump(mode="python", exclude=set(special))
    for name, value in plain.items():
        setattr(record, name, _plain(value))
    if isinstance(record, Dated) and isinstance(draft, IncidentDraft | FollowUpDraft | TimelineEntryDraft):
        _fill_date(record, draft.date)
    if isinstance(record, FollowUp | TimelineEntry) and isinstance(draft, FollowUpDraft | TimelineEntryDraft):
        record.sources = _by_key(directory.all(Source, draft.sources))
    elif isinstance(record, Incident) and isinstance(draft, IncidentDraft):
        _fill_incident(record, draft, directory)
    elif isinstance(record, Topic) and isinstance(draft, TopicDraft):
        record.timeline = _matched(record.timeline, draft.timeline, TimelineEntry, directory)
        record.follow_ups = _matched(record.follow_ups, draft.follow_ups, FollowUp, directory)
    elif isinstance(record, Act) and isinstance(draft, ActDraft):
        record.victims = _matched(record.victims, draft.victims, Victim, directory)
        record.involvements = _matched(record.involvements, draft.involvements, Involvement, directory)
    elif isinstance(record, Victim) and isinstance(draft, VictimDraft):
        record.person = directory.find(Person, draft.person)
        record.outlet = directory.find(Outlet, draft.outlet)
        for purpose, answer in draft.consent:
            setattr(record, f"consent_{purpose}", str(answer))
    elif isinstance(record, Citation) and isinstance(draft, CitationDraft):
        record.source = directory.all(Source, [draft.source or ""])[0]


def _plain(value: Any) -> Any:
    """Codes as plain text, so that what a new record holds equals what the database will give back."""
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items() if item is not None}
    return str(value) if isinstance(value, str) else value


def _fill_date(record: Dated, draft: DateDraft | None) -> None:
    date = draft.incident_date() if draft else None
    record.date_edtf = date.edtf if date else None
    record.date_earliest = date.earliest if date else None
    record.date_latest = date.latest if date else None
    record.date_as_reported = draft.as_reported if draft else None
    record.date_part_of_day = str(draft.part_of_day) if draft and draft.part_of_day else None
    record.date_basis = str(draft.basis) if draft and draft.basis else None


def _fill_incident(record: Incident, draft: IncidentDraft, directory: Directory) -> None:
    place: Place | None = record.place
    record.place = place if place is not None else Place()
    fill(record.place, draft.place or PlaceDraft(), directory)
    record.topics = _by_key(directory.all(Topic, draft.topics))
    record.related = _by_key(directory.all(Incident, draft.related))
    record.sources = _matched(record.sources, draft.sources, Citation, directory)
    record.acts = _matched(record.acts, draft.acts, Act, directory)
    record.follow_ups = _matched(record.follow_ups, draft.follow_ups, FollowUp, directory)


def _by_key(entities: list[E]) -> list[E]:
    """In the order in which the database gives them back, so that a new record looks like a stored one."""
    return sorted(entities, key=lambda entity: entity.key or "")


def _matched(present: Sequence[M], drafts: Sequence[Draft], make: Callable[[], M], directory: Directory) -> list[M]:
    """The child records for these drafts: those present are kept by position, so that their ids endure."""
    records = [*present[: len(drafts)], *(make() for _ in drafts[len(present) :])]
    for position, (record, draft) in enumerate(zip(records, drafts, strict=True)):
        record.position = position  # type: ignore[attr-defined]
        fill(record, draft, directory)
    return records


def draft_of(record: Entity) -> Draft:
    """The draft that would write this record as it stands."""
    return KINDS[kind_of(record)][0].model_validate(snapshot(record))


def snapshot(record: Base) -> dict[str, Any]:
    """A record in the shape of its draft, without what is silent: for revisions, comparison and restoring."""
    found: dict[str, Any] = {}
    for name, default in _fields_of(type(record)):
        value = _value(record, name)
        silent = value is None or (not value and isinstance(value, list | dict))
        if not silent and value != default:
            found[name] = value
    return found


_DRAFT_TYPES: dict[type[Base], type[Draft]] = {
    Act: ActDraft,
    Victim: VictimDraft,
    Involvement: InvolvementDraft,
    Citation: CitationDraft,
    Place: PlaceDraft,
    FollowUp: FollowUpDraft,
    TimelineEntry: TimelineEntryDraft,
}


@cache
def _fields_of(table: type[Base]) -> tuple[tuple[str, Any], ...]:
    """The fields of the draft that fills a table, each with what it holds where nothing is said."""
    draft = _DRAFT_TYPES.get(table) or next(draft for draft, of in KINDS.values() if issubclass(table, of))
    return tuple((name, field.default) for name, field in draft.model_fields.items())


def _value(record: Base, name: str) -> Any:
    """One field of a record, in the shape of its draft."""
    if name == "consent":
        answers = {purpose: getattr(record, f"consent_{purpose}") for purpose in ConsentDraft.model_fields}
        return {purpose: answer for purpose, answer in answers.items() if answer != Consent.UNKNOWN}
    if name == "date" and isinstance(record, Dated):
        parts = ("edtf", "as_reported", "part_of_day", "basis")
        return {part: value for part in parts if (value := getattr(record, f"date_{part}")) is not None}
    value = getattr(record, name)
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, list):
        # Databases sort keys by rules of their own, so the order of other records says nothing.
        entities = all(isinstance(item, Entity) for item in value)
        return [_reference(item) for item in (_by_key(value) if entities else value)]
    return value.isoformat() if isinstance(value, day) else _reference(value)


def _reference(value: Any) -> Any:
    """A child as its snapshot, another record of its own as its key, anything else as it is."""
    if isinstance(value, Entity):
        return value.key
    return snapshot(value) if isinstance(value, Base) else value
