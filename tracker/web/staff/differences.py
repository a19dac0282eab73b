"""What changed in a record, in words: "Act 1, victim 2: role: Reporter → Photographer".

Used by the history, the review and the page of a stale save. Lists are told row by row, so that one more victim is
one line and not two whole lists; texts are compared word by word.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, Literal

from tracker.registry.merging import Difference
from tracker.registry.rows import pairs_of
from tracker.web.staff.field_words import ROWS, Names, Path, Speaker, field_label, field_type, row_label
from tracker.web.translation import gettext
from tracker.web.wording import capital, language_name

# A text of which less is left is told as two texts: a patchwork of both could not be read.
LEAST_IN_COMMON = 0.4
# Shorter texts, and codes, are seen at a glance.
SHORTEST_TEXT = 40
# Fields of parts that do not say of what they are a part.
AMBIGUOUS = frozenset({"as_reported", "basis"})
WORDS = re.compile(r"\s+|[^\s]+")
_STEP = re.compile(r"\[(\d+)\]|([^.\[\]]+)")


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a text that was kept, is gone, or is new."""

    kind: Literal["kept", "gone", "new"]
    words: str


@dataclass(frozen=True, slots=True)
class Line:
    """One change in words.

    Attributes:
        where: the place, with a capital: `Act 1, victim 2: role`.
        before: what stood there; None where nothing did.
        after: what stands there; None where nothing does.
        pieces: both texts as one, where they are much the same; else empty.
        path: the place as the record names it.
    """

    where: str
    before: str | None
    after: str | None
    pieces: tuple[Piece, ...] = ()
    path: Path = ()


def path_of(where: str) -> Path:
    """The path behind its text: `acts[0].victims[1].role`."""
    return tuple(int(number) if number else name for number, name in _STEP.findall(where))


def place_words(path: Path, kind: str = "incident") -> str:
    """A place of a record in words, with a capital: `Act 1, victim 2: role`."""
    rows: list[str] = []
    fields: list[str] = []
    for depth, part in enumerate(path):
        following = path[depth + 1] if depth + 1 < len(path) else None
        if isinstance(part, int):
            continue
        if isinstance(following, int) and part in ROWS:
            rows.append(row_label(part, following, kind))
        elif depth and field_type(kind, path[:depth]) is dict:
            fields[-1] = gettext("%(field)s (%(language)s)", field=fields[-1], language=language_name(part))
        else:
            fields.append(field_label(part, kind))
    field = fields[-1] if fields else ""
    if len(fields) > 1 and path[-1] in AMBIGUOUS:
        field = gettext("%(field)s (%(part)s)", field=field, part=fields[-2])
    if not rows:
        return capital(field)
    row = capital(", ".join(rows))
    return gettext("%(row)s: %(field)s", row=row, field=field) if field else row


def readable(
    changes: Iterable[Mapping[str, Any] | Difference], names: Names | None = None, kind: str = "incident"
) -> list[Line]:
    """Changes of a record in words: those of a revision, or differences, whose theirs and mine are told.

    `names` calls other records by their names instead of their keys (`queries.names_of`).
    """
    speaker = Speaker(kind, names or {})
    found: list[Line] = []
    for change in changes:
        if isinstance(change, Difference):
            found += _lines(speaker, change.path, change.theirs, change.mine)
        else:
            found += _lines(speaker, path_of(change["path"]), change["before"], change["after"])
    return found


def value_words(path: Path, value: Any, names: Names | None = None, kind: str = "incident") -> str | None:
    """What stands at a place of a record, in words; None where nothing does."""
    return Speaker(kind, names or {}).value(path, value)


def _lines(speaker: Speaker, path: Path, before: Any, after: Any) -> list[Line]:
    """The lines of one change: one for each field and each row of what was a whole before."""
    if before == after:
        return []
    sides = [value for value in (before, after) if value is not None]
    if all(isinstance(value, list) for value in sides) and any(isinstance(r, dict) for side in sides for r in side):
        return _row_lines(speaker, path, before or [], after or [])
    is_row = bool(path) and isinstance(path[-1], int)
    if all(isinstance(value, dict) for value in sides) and not (is_row and len(sides) < 2):
        names = dict.fromkeys(name for side in sides for name in side)
        old, new = before or {}, after or {}
        parts = (_lines(speaker, (*path, name), old.get(name), new.get(name)) for name in names)
        return [line for part in parts for line in part]
    told = speaker.value(path, before), speaker.value(path, after)
    return [Line(place_words(path, speaker.kind), *told, pieces(*told), path)]


def _row_lines(speaker: Speaker, path: Path, before: list[Any], after: list[Any]) -> list[Line]:
    pairs = pairs_of(before, after)
    if pairs is None:
        told = speaker.value(path, before), speaker.value(path, after)
        return [Line(place_words(path, speaker.kind), *told, (), path)]
    found: list[Line] = []
    for number, row in enumerate(before):
        if number in pairs:
            found += _lines(speaker, (*path, pairs[number]), row, after[pairs[number]])
        else:
            found += _lines(speaker, (*path, number), row, None)
    added = sorted(set(range(len(after))) - set(pairs.values()))
    return found + [line for number in added for line in _lines(speaker, (*path, number), None, after[number])]


def pieces(before: str | None, after: str | None) -> tuple[Piece, ...]:
    """Two texts as one, word by word; empty where one is missing or they have too little in common."""
    if not before or not after or min(len(before), len(after)) < SHORTEST_TEXT:
        return ()
    old, new = WORDS.findall(before), WORDS.findall(after)
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    if len(old) * len(new) > 4_000_000 or matcher.ratio() < LEAST_IN_COMMON:
        return ()
    found: list[Piece] = []
    for what, a, b, c, d in matcher.get_opcodes():
        if what == "equal":
            found.append(Piece("kept", "".join(old[a:b])))
            continue
        found += [Piece("gone", "".join(old[a:b]))] if b > a else []
        found += [Piece("new", "".join(new[c:d]))] if d > c else []
    return tuple(found)
