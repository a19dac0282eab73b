"""Writing the records of a file into the registry: what is new, what has changed, and never over a person's work.

A file of up to `LARGEST_TRANSACTION` records is one transaction. A larger one goes through three passes of batches:
the records, the relations that had to wait for records of a later batch, and the publication. What a batch has done
is done, so that an import that was cut off goes on where it stopped when it is run again.
"""

import gc
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from typing import cast

from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from tracker.dataset import past
from tracker.dataset.fields import Kind
from tracker.dataset.maintenance import purge_storage
from tracker.db import Database
from tracker.importing.drafts import SECTIONS, Entry, all_problems
from tracker.importing.origins import Origins
from tracker.importing.report import Fate, Report
from tracker.publication import Gate, take_turn
from tracker.registry.directory import Directory
from tracker.registry.drafts import IncidentDraft, Problem
from tracker.registry.mapping import KINDS, kind_of
from tracker.registry.models import Entity, Incident, Outlet, Site, Topic
from tracker.registry.operations import Refused, Stale, amend, record_many
from tracker.registry.pins import keeps_its_pin
from tracker.vocabulary import Nature, Status

LARGEST_TRANSACTION = 1_000

# Any fixed number: imports into the same PostgreSQL database queue for this lock, as SQLite's writers do anyway.
QUEUE = 7_450_220_201

# An import publishes what nobody has looked at yet, and what it published itself; all else waits for a person.
PUBLISHED_BY_IMPORT = frozenset({Status.SUBMITTED, Status.PUBLISHED})

OBJECTS_BETWEEN_COLLECTIONS = 200_000

Progress = Callable[[int, int], None]
Batch = Callable[[Session, Directory], None]


@contextmanager
def seldom_collecting() -> Iterator[None]:
    """Let Python look for unreachable circles of objects seldom, while batches of records are written.

    A batch holds a hundred thousand objects, all of them in use until it ends. To look through them again and again
    took a sixth of the time of an import.
    """
    usual = gc.get_threshold()
    gc.set_threshold(OBJECTS_BETWEEN_COLLECTIONS, *usual[1:])
    try:
        yield
    finally:
        gc.set_threshold(*usual)


class Collision(RuntimeError):
    """Somebody else wrote the same records at the same moment; this batch was taken back and can be tried again."""


class _Rehearsed(Exception):
    """Ends a transaction that was only a rehearsal."""


@dataclass
class Import:
    """One import of a file's records.

    Attributes:
        by: who imports, for the revisions.
        publish: whether incidents also pass the publication gate, with their topics and outlets.
        overwrite: whether records that a person edited since the last import are set back to the file's words; never
            those that the staff have in their workflow or have restricted.
        dry_run: whether to rehearse everything and write nothing.
        progress: told how many of how many steps are done.
        committed: whether anything was written, also where the import was refused or cut off later.
    """

    database: Database
    by: str
    publish: bool = False
    overwrite: bool = False
    dry_run: bool = False
    progress: Progress | None = None
    report: Report = field(default_factory=Report)
    committed: bool = False
    _waiting: list[Entry] = field(default_factory=list)
    _created: set[str] = field(default_factory=set)
    _theirs: set[tuple[str, str]] = field(default_factory=set)
    _done: int = 0
    _steps: int = 0

    def run(self, entries: Sequence[Entry], shape: list[Problem]) -> Report:
        """Import the entries. Raises `Refused` with every problem of the file before anything is written.

        What the publication gate refuses is known only when its turn comes; of a file that goes in batches, some are
        then written already (`committed`).
        """
        with self.database.read() as session:
            problems = all_problems(list(entries), shape, Directory(session))
        if problems:
            raise Refused(problems)
        self._steps = len(entries) * (2 if self.publish else 1)
        batches = self._batches(entries)
        if self.dry_run:
            self._rehearse(batches)
            return self.report
        with seldom_collecting():
            for batch in batches:
                with self._transaction() as session:
                    batch(session, Directory(session))
                self.committed = True
        if self.report.restrictions:
            purge_storage(self.database.writer_engine)
        return self.report

    def _rehearse(self, batches: Iterable[Batch]) -> None:
        try:
            with self._transaction() as session:
                for batch in batches:
                    batch(session, Directory(session))
                    session.flush()
                    session.expunge_all()
                raise _Rehearsed
        except _Rehearsed:
            return

    @contextmanager
    def _transaction(self) -> Iterator[Session]:
        try:
            with self.database.write() as session:
                if not self.database.is_sqlite:
                    session.execute(text("SELECT pg_advisory_xact_lock(:queue)"), {"queue": QUEUE})
                yield session
        except (IntegrityError, StaleDataError, Stale) as error:
            raise Collision("somebody else wrote the same records at the same moment; import the file again") from error

    def _batches(self, entries: Sequence[Entry]) -> Iterator[Batch]:
        """What is to be done, one transaction after the other; each pass begins when the one before is through."""
        if len(entries) <= LARGEST_TRANSACTION:
            yield partial(self._all, entries)
            return
        yield from (partial(self._write, some) for some in _chunks(entries))
        yield from (partial(self._relate, some) for some in _chunks(self._waiting))
        if self.publish:
            yield from (partial(self._publish, some) for some in _chunks(entries))

    def _all(self, entries: Sequence[Entry], session: Session, directory: Directory) -> None:
        self._write(entries, session, directory)
        if self.publish:
            self._publish(entries, session, directory)

    def _write(self, entries: Sequence[Entry], session: Session, directory: Directory) -> None:
        """Write what can be written yet, in the order in which records may refer to one another."""
        for kind in SECTIONS.values():
            of_kind = [entry for entry in entries if entry.kind == kind]
            directory.load(KINDS[kind][1], [entry.key for entry in of_kind])
            origins = Origins(session, kind, [entry.key for entry in of_kind])
            new, present = _parted(of_kind, directory)
            self._create(new, session, directory, origins)
            for entry in present:
                if not origins.says_the_same(entry) and _has_to_wait(entry, directory):
                    self._waiting.append(entry)
                else:
                    self._update_and_count(entry, session, directory, origins)

    def _create(self, entries: Sequence[Entry], session: Session, directory: Directory, origins: Origins) -> None:
        """Record what is new, without relations to records of a later batch, which are added when all are there."""
        at_hand = {entry.key for entry in entries}
        ready = [_with_known_relations(entry, directory, at_hand) for entry in entries]
        created = record_many(
            session, [entry.draft for entry in ready], by=self.by, why="imported", directory=directory
        )
        for entry, written, entity in zip(entries, ready, created, strict=True):
            origins.remember(written, entity)
            self._waiting += [] if written is entry else [entry]
            self._created |= set() if written is entry else {entry.key}
            self._count(entry, Fate.CREATED)

    def _relate(self, entries: Sequence[Entry], session: Session, directory: Directory) -> None:
        """Write in full what had to wait."""
        keys = [entry.key for entry in entries]
        directory.load(Incident, keys)
        origins = Origins(session, "incident", keys)
        for entry in entries:
            if entry.key in self._created:
                self._update(entry, session, directory, origins)
            else:
                self._update_and_count(entry, session, directory, origins)

    def _update_and_count(self, entry: Entry, session: Session, directory: Directory, origins: Origins) -> None:
        fate = self._update(entry, session, directory, origins)
        entity = directory.find(KINDS[entry.kind][1], entry.key)
        self._count(entry, fate, for_staff=entity is not None and origins.belongs_to_the_staff(entity))

    def _update(self, entry: Entry, session: Session, directory: Directory, origins: Origins) -> Fate:
        """Write a record that is there already, unless the file says nothing new or a person's words stand in it."""
        entity = cast(Entity, directory.find(KINDS[entry.kind][1], entry.key))
        of_staff = origins.belongs_to_the_staff(entity)
        if of_staff or not self.overwrite:
            theirs = of_staff or origins.belongs_to_a_person(entry, entity)
            if theirs:
                self._theirs.add((entry.kind, entry.key))
            if origins.says_the_same(entry):
                return Fate.UNCHANGED
            if theirs:
                return Fate.KEPT
        if _keeps_its_pin(entity, entry, self.by):
            self.report.pins_kept.append(f"{entry.kind} {entry.key}")
        changed = amend(session, entity, entry.draft, by=self.by, why="imported again", directory=directory)
        origins.remember(entry, entity)
        return Fate.UPDATED if changed else Fate.UNCHANGED

    def _publish(self, entries: Sequence[Entry], session: Session, directory: Directory) -> None:
        """Let the records of the file pass the gate, apart from those in which a person's words stand.

        Of the incidents, those pass that the import itself owns: none that the staff have taken into their workflow.
        Outlets and topics that were taken off the site with an incident come back with one that names them.
        """
        found: list[Entity] = []
        for kind in SECTIONS.values():
            found += directory.all(KINDS[kind][1], [entry.key for entry in entries if entry.kind == kind])
        hidden = _hidden(session, found)
        ours = [e for e in found if (kind_of(e), e.key) not in self._theirs and e.id not in hidden]
        incidents = self._our_incidents(found, session)
        take_turn(session, incidents)
        gate = Gate(session, by=self.by, why="published by import")
        try:
            gate.publish_entities(entity for entity in ours if isinstance(entity, Site | Topic | Outlet))
            outcome = gate.publish(incidents)
        except Refused as refused:
            raise Refused(_in_the_file(entries, refused.problems)) from refused
        self.report.published += sum(outcome.counts.values())
        self.report.restrictions += outcome.counts[Nature.RESTRICTION]
        self.report.version = outcome.version or self.report.version
        self._advance(len(entries))

    def _our_incidents(self, found: Sequence[Entity], session: Session) -> list[Incident]:
        """The incidents that may be published; where the staff have put the others is reported.

        A batch is published long after it was written, so that it is asked anew what the staff did in between.
        """
        incidents = [entity for entity in found if isinstance(entity, Incident)]
        origins = Origins(session, "incident", [incident.key or "" for incident in incidents])
        ours = []
        for incident in incidents:
            theirs = ("incident", incident.key) in self._theirs or origins.was_touched(incident)
            if incident.status in PUBLISHED_BY_IMPORT and not theirs:
                ours.append(incident)
            elif incident.stage is not Status.PUBLISHED:
                self.report.held_back.append(f"{incident.key} ({incident.stage})")
        return ours

    def _count(self, entry: Entry, fate: Fate, *, for_staff: bool = False) -> None:
        self.report.add(entry, fate, for_staff=for_staff)
        self._advance(1)

    def _advance(self, steps: int) -> None:
        self._done += steps
        if self.progress is not None:
            self.progress(self._done, self._steps)


def _hidden(session: Session, entities: Sequence[Entity]) -> set[str]:
    """The ids of those outlets and topics that were public and were taken off the site."""
    ids = {model: [each.id for each in entities if isinstance(each, model)] for model in (Outlet, Topic)}
    return past.hidden(session, Kind.OUTLET, ids[Outlet]) | past.hidden(session, Kind.TOPIC, ids[Topic])


def _chunks(entries: Sequence[Entry]) -> Iterator[Sequence[Entry]]:
    return (entries[start : start + LARGEST_TRANSACTION] for start in range(0, len(entries), LARGEST_TRANSACTION))


def _parted(entries: Sequence[Entry], directory: Directory) -> tuple[list[Entry], list[Entry]]:
    """The entries that are new to the registry, and those that it has already."""
    parted: tuple[list[Entry], list[Entry]] = [], []
    for entry in entries:
        parted[directory.find(KINDS[entry.kind][1], entry.key) is not None].append(entry)
    return parted


def _has_to_wait(entry: Entry, directory: Directory) -> bool:
    return _with_known_relations(entry, directory, frozenset()) is not entry


def _with_known_relations(entry: Entry, directory: Directory, at_hand: Collection[str]) -> Entry:
    """The entry itself, or where it names incidents that are not there yet, one that does not name them."""
    draft = entry.draft
    if not isinstance(draft, IncidentDraft):
        return entry
    known = [key for key in draft.related if key in at_hand or directory.find(Incident, key) is not None]
    if len(known) == len(draft.related):
        return entry
    return replace(entry, draft=draft.model_copy(update={"related": known}))


def _keeps_its_pin(entity: Entity, entry: Entry, by: str) -> bool:
    if not isinstance(entity, Incident) or not isinstance(entry.draft, IncidentDraft):
        return False
    return keeps_its_pin(entity, entry.draft, by)


def _in_the_file(entries: Sequence[Entry], problems: Sequence[Problem]) -> list[Problem]:
    """What the gate refuses, which it tells by the keys of incidents and topics, with its place in the file."""
    places = {entry.key: entry.path for kind in ("topic", "incident") for entry in entries if entry.kind == kind}
    return [
        Problem((*places.get(str(p.path[0]), p.path[:1]), *p.path[1:]), p.message, p.value, p.allowed) for p in problems
    ]
