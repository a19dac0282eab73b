"""Saying less: what may change in a public record under a restriction, and taking words out of texts.

A restriction takes effect at once and without review. So it may only take away: each part of the new record has to
stand in the old one already, or to be coarser, or silent.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any

from tracker import text
from tracker.publication.names import SHORTEST_PART
from tracker.publication.record import HISTORY
from tracker.registry.drafts import Path
from tracker.vocabulary import Naming, PlacePrecision

MARK = "[…]"
"""What stands in a text in place of words that were taken out."""

# They say how much is kept back, count what is left, or name whose data it is, and so follow what else is told.
FOLLOWS = frozenset({*HISTORY, "confidential_sources", "generalised", "number", "credit"})
COARSENED = frozenset({"latitude", "longitude", "uncertainty_m"})
# What tells the objects of a list apart; the others keep their places.
KNOWN_BY = {"sources": ("publisher", "title", "url"), "topics": ("slug",), "outlets": ("id", "slug")}
SENTENCES = frozenset({"title", "summary", "description", "text", "disagreement", "by"})


def tells_more(old: dict[str, Any], new: dict[str, Any]) -> list[Path]:
    """The places in which a new public record tells something that the old one does not."""
    return list(_more(old, new, ()))


def _more(old: Any, new: Any, path: Path) -> Iterator[Path]:
    name = path[-1] if path else ""
    if new is None or new == old or name in FOLLOWS:
        return
    if isinstance(new, dict) and (isinstance(old, dict) or not new):
        coarser = name == "place" and old is not None and _is_coarser(old, new)
        for key, value in new.items():
            if not (coarser and key in {*COARSENED, "precision"}):
                yield from _more(old.get(key), value, (*path, key))
    elif isinstance(new, list) and (isinstance(old, list) or not new):
        yield from _more_in_list(old or [], new, path)
    elif isinstance(new, str) and isinstance(old, str):
        if not (_is_sentence(path) and only_without(old, new)) and not (name == "naming" and new == Naming.WITHHELD):
            yield path
    else:
        yield path


def _more_in_list(old: list[Any], new: list[Any], path: Path) -> Iterator[Path]:
    name = str(path[-1])
    if name == "sources" and path[0] != "sources":
        # The numbers of sources under a follow-up; the sources themselves are compared in their own list.
        if len(new) > len(old):
            yield path
    elif name in KNOWN_BY:
        known = {_identity(name, each): each for each in old}
        for number, each in enumerate(new):
            yield from _more(known.get(_identity(name, each)), each, (*path, number))
    elif any(isinstance(each, dict) for each in new):
        for number, each in enumerate(new):
            yield from _more(old[number] if number < len(old) else None, each, (*path, number))
    elif any(each not in old for each in new):
        yield path


def _identity(name: str, each: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(each.get(part) for part in KNOWN_BY[name])


def _is_coarser(old: dict[str, Any], new: dict[str, Any]) -> bool:
    before, after = PlacePrecision(old["precision"]), PlacePrecision(new["precision"])
    return bool(new["generalised"]) and before is not after and after.coarser_or_equal(before)


def _is_sentence(path: Path) -> bool:
    """Whether a text stands here that people wrote, and not a code, a name or a day."""
    return any(part in SENTENCES for part in path[-2:])


def only_without(old: str, new: str) -> bool:
    """Whether a text is an older one from which words were taken out: the others stand there in the same order."""
    rest = iter(text.tokens(old))
    return all(word in rest for word in text.tokens(new))


def without(words: str, names: Iterable[str], but_not: Sequence[str] = (), *, by_parts: bool = True) -> str:
    """A text with a mark wherever one of these names stood: whole, or by a part that no public name shares."""
    common = {token for name in but_not for token in text.tokens(name)}
    found = [(start, end, text.fold(words[start:end]).split()) for start, end in _words_of(words)]
    hidden: set[tuple[int, int]] = set()
    looked_for = list(names)
    for name in looked_for:
        whole = text.fold(name).split()
        parts = {part for part in whole if len(part) >= SHORTEST_PART and by_parts} - common
        hidden |= {(start, end) for start, end, word in found if parts & set(word)}
        for first in range(len(found)):
            run = _run_of(found[first:], whole)
            hidden |= {(start, end) for start, end, _word in found[first : first + run]}
    for start, end in sorted(hidden, reverse=True):
        words = words[:start] + MARK + words[end:]
    for name in looked_for:
        # In a script that does not part its words a name stands in the middle of what looks like one.
        if text.contains_name(words, name):
            words = re.sub(re.escape(name), MARK, words, flags=re.IGNORECASE)
    return re.sub(rf"{re.escape(MARK)}(?:[\s.’'-]*{re.escape(MARK)})+", MARK, words)


def _words_of(words: str) -> Iterator[tuple[int, int]]:
    """Where each word begins and ends: letters and digits with the marks that belong to them."""
    for is_word, run in groupby(enumerate(words), lambda each: unicodedata.category(each[1])[0] in "LNM"):
        if is_word:
            places = [place for place, _character in run]
            yield places[0], places[-1] + 1


def _run_of(found: Sequence[tuple[int, int, list[str]]], whole: Sequence[str]) -> int:
    """How many of these words make up the whole name, from the first of them on; 0 where they do not."""
    rest = list(whole)
    for number, (_start, _end, word) in enumerate(found, start=1):
        if not word or rest[: len(word)] != word:
            return 0
        rest = rest[len(word) :]
        if not rest:
            return number
    return 0
