"""From a file to drafts: what each part of it submits, and everything that is wrong with any of them."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from tracker.geocoding.borders import misplaced
from tracker.geocoding.coordinates import MOST_LATITUDE, MOST_LONGITUDE
from tracker.importing.yaml_file import Document, nearest_line
from tracker.registry.directory import Directory, offered
from tracker.registry.drafts import Draft, IncidentDraft, Known, Problem, prune_missing, read
from tracker.registry.mapping import KINDS
from tracker.registry.operations import problems_of
from tracker.vocabulary import COUNTRIES

# The parts of a file, in the order in which their records may refer to those before them.
SECTIONS = {
    "site": "site",
    "sources": "source",
    "people": "person",
    "outlets": "outlet",
    "topics": "topic",
    "incidents": "incident",
}


@dataclass(frozen=True)
class Entry:
    """One record of a file: of which kind, where it stands, and what it submits."""

    kind: str
    path: tuple[str | int, ...]
    draft: Draft

    @property
    def key(self) -> str:
        """The key by which a second import finds the record again."""
        return str(getattr(self.draft, "key", None) or "")

    def digest(self) -> str:
        """SHA-256 of what is submitted, whatever the order or the spacing in the file."""
        submitted = self.draft.model_dump(mode="json", exclude_defaults=True)
        return hashlib.sha256(json.dumps(submitted, sort_keys=True).encode()).hexdigest()


def entries_of(document: Document) -> tuple[list[Entry], list[Problem]]:
    """The records of a file, and every part of it that has the wrong shape."""
    if not isinstance(document.data, dict):
        return [], [Problem((), "the file needs named parts", None, ", ".join(SECTIONS))]
    unknown = [name for name in document.data if name not in SECTIONS]
    problems = [Problem((name,), "is not a known part of the file", None, ", ".join(SECTIONS)) for name in unknown]
    entries: list[Entry] = []
    for section, kind in SECTIONS.items():
        for path, raw in _records(section, document.data.get(section), problems):
            draft, found = read(KINDS[kind][0], raw)
            entries.append(Entry(kind, path, draft))
            problems += [problem.under(*path) for problem in found]
    return entries, problems


def _records(section: str, raw: Any, problems: list[Problem]) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    if raw is None:
        return
    if section == "site":
        yield (section,), raw
    elif isinstance(raw, list):
        for number, record in enumerate(raw):
            yield (section, number), record
    else:
        problems.append(Problem((section,), "a list of records is needed", raw))


def all_problems(entries: list[Entry], shape: list[Problem], directory: Directory | None = None) -> list[Problem]:
    """Everything wrong with the records of a file; keys may also be those of the registry behind `directory`."""
    drafts = [entry.draft for entry in entries]
    known = offered(drafts) | (directory.known(drafts) if directory else Known())
    meaning = [p.under(*entry.path) for entry in entries for p in problems_of(entry.draft, known)]
    found = prune_missing([*shape, *_without_key(entries), *_twice(entries), *meaning, *_misplaced(entries)])
    # What was refused may be a list or a record, which cannot be hashed; where and why are enough to tell it.
    return list({(problem.path, problem.message): problem for problem in found}.values())


def _without_key(entries: list[Entry]) -> Iterator[Problem]:
    for entry in entries:
        if entry.kind == "incident" and not entry.key:
            yield Problem((*entry.path, "key"), "is missing", None, "a key by which the next import finds it")


def _misplaced(entries: list[Entry]) -> Iterator[Problem]:
    """A problem for each point that does not lie in the country stated with it: a wrong pin is worse than none.

    It stands against what a file brings, not against what is recorded, which can be published and restricted.
    """
    for entry in entries:
        place = entry.draft.place if isinstance(entry.draft, IncidentDraft) else None
        if place is None or place.latitude is None or place.longitude is None or place.country is None:
            continue
        # What is not on the globe, or in no country, has a problem already.
        on_the_globe = abs(place.latitude) <= MOST_LATITUDE and abs(place.longitude) <= MOST_LONGITUDE
        if on_the_globe and (wrong := misplaced(place.country, place.latitude, place.longitude)):
            allowed = f"a point in or near {COUNTRIES[place.country]}"
            yield Problem((*entry.path, "place", "latitude"), wrong.message.rstrip("."), place.latitude, allowed)


def _twice(entries: list[Entry]) -> Iterator[Problem]:
    seen: dict[tuple[str, str], Entry] = {}
    for entry in entries:
        if not entry.key:
            continue
        first = seen.setdefault((entry.kind, entry.key), entry)
        if first is not entry:
            where = Problem(first.path, "").where
            yield Problem((*entry.path, "key"), f"the same key stands at {where}", entry.key, "a key of its own")


def with_lines(document: Document, entries: Sequence[Entry], problems: Sequence[Problem]) -> list[str]:
    """Problems as a person reads them, from the top of the file to its end.

    Each says file and line, record, place, what is wrong and what is allowed, on one printable line.
    """
    lines = document.lines()
    keys = {entry.path: entry.key for entry in entries}
    placed = sorted(((nearest_line(lines, p.path), p) for p in problems), key=lambda pair: pair[0])
    return [_said(document.name, line, problem, keys) for line, problem in placed]


def _said(name: str, line: int, problem: Problem, keys: dict[tuple[str | int, ...], str]) -> str:
    length = 1 if problem.path[:1] == ("site",) else 2
    key = keys.get(problem.path[:length], "")
    said = f"{name}:{line}: {f'{key}: ' if key else ''}{problem}"
    # A name made up by the file's author may hold characters that would move the cursor of a terminal.
    return "".join(character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in said)
