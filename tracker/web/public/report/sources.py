"""The sources of a report as numbered notes: each once, however many incidents rest on it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tracker.web.translation import ngettext
from tracker.web.wording import Record

_SAME = (
    "type",
    "publisher",
    "title",
    "url",
    "language",
    "published_on",
    "accessed_on",
    "archived_url",
    "archive_sha256",
    "reliability",
    "locator",
)
"""What has to be alike for two sources of different records to be one note; a topic's sources have no locator."""


@dataclass(slots=True)
class Note:
    """A source under its number in the report, and the numbers of those that go back to the same origin."""

    number: int
    source: Record
    same_origin: set[int] = field(default_factory=set)

    @property
    def origin_line(self) -> str | None:
        """That it is no source of its own beside some others."""
        if not self.same_origin:
            return None
        return ngettext(
            "shares its origin with source %(numbers)s",
            "shares its origin with sources %(numbers)s",
            len(self.same_origin),
            numbers=", ".join(map(str, sorted(self.same_origin))),
        )


class Notes:
    """The notes of one report, numbered in the order in which they are first cited."""

    def __init__(self) -> None:
        self._numbers: dict[tuple[Any, ...], int] = {}
        self.notes: list[Note] = []

    def cite(self, sources: Sequence[Record]) -> Mapping[int, int]:
        """Take the sources of one record in; gives the numbers of the notes by their numbers in the record."""
        found = {source["number"]: self._number(source) for source in sources}
        groups: dict[str, set[int]] = {}
        for source in sources:
            if source["independence_group"]:
                groups.setdefault(source["independence_group"], set()).add(found[source["number"]])
        # A group has its name within one record only.
        for group in groups.values():
            for number in group:
                self.notes[number - 1].same_origin |= group - {number}
        return found

    def _number(self, source: Record) -> int:
        key = tuple(source.get(name) for name in _SAME)
        if key not in self._numbers:
            self._numbers[key] = len(self.notes) + 1
            # What a source is cited for, how far one statement in it is to be trusted: that is said in its record.
            plain = {**source, "supports": (), "credibility": None, "independence_group": None}
            self.notes.append(Note(len(self.notes) + 1, plain))
        return self._numbers[key]


def renumbered(follow_ups: Iterable[Record], numbers: Mapping[int, int]) -> list[dict[str, Any]]:
    """What followed, with the numbers of the notes in place of those of the record."""
    return [
        {**one, "sources": sorted({numbers[number] for number in one["sources"] if number in numbers})}
        for one in follow_ups
    ]
