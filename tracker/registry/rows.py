"""Finding the rows of one list again in another: which act, victim or source is which after somebody edited them."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

Pairs = dict[int, int]
"""The place of a row in the base, and its place in the list that somebody made of it; both rise together."""

# Rows of which less than half is the same are two different rows, unless they stand in the same place.
ALIKE = 0.5
SAME_PLACE = 0.3

# What a row is about. Rows about different things are never the same row, however much else they share.
IDENTITY = ("person", "source")


def same_row(one: Any, other: Any) -> bool:
    """Whether two rows are equal or about the same person or source."""
    return bool(one == other or about_the_same(one, other))


def about_the_same(one: Any, other: Any) -> bool:
    """Whether two rows name the same person or source, or are the same code or key."""
    return _about(one) is not None and bool(_about(one) == _about(other))


def pairs_of(base: list[Any], edited: list[Any]) -> Pairs | None:
    """Which row of the base became which row of the edited list; None where rows were moved about.

    Rows without a partner were removed or added. The pairs keep the order of both lists.
    """
    start = 0
    while start < min(len(base), len(edited)) and base[start] == edited[start]:
        start += 1
    end = 0
    while end < min(len(base), len(edited)) - start and base[-1 - end] == edited[-1 - end]:
        end += 1
    pairs = {place: place for place in range(start)}
    middle = _aligned(base[start : len(base) - end], edited[start : len(edited) - end])
    pairs |= {start + old: start + new for old, new in middle.items()}
    pairs |= {len(base) - 1 - place: len(edited) - 1 - place for place in range(end)}
    return None if _moved(base, edited, pairs) else pairs


def _aligned(base: list[Any], edited: list[Any]) -> Pairs:
    """The pairs, rising together, whose likenesses have the greatest sum."""
    scores = _scores(base, edited)
    best = [[0.0] * (len(edited) + 1) for _ in range(len(base) + 1)]
    for i in range(len(base) - 1, -1, -1):
        for j in range(len(edited) - 1, -1, -1):
            together = scores[i][j] + best[i + 1][j + 1] if scores[i][j] else 0.0
            best[i][j] = max(together, best[i + 1][j], best[i][j + 1])
    pairs: Pairs = {}
    i = j = 0
    while i < len(base) and j < len(edited):
        if scores[i][j] and best[i][j] == scores[i][j] + best[i + 1][j + 1]:
            pairs[i] = j
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        else:
            j += 1
    return pairs


def _scores(base: list[Any], edited: list[Any]) -> list[list[float]]:
    old, new = [Counter(_leaves(row)) for row in base], [Counter(_leaves(row)) for row in edited]
    in_place = len(base) == len(edited)
    return [
        [
            _score(one, other, _likeness(old[i], new[j]), SAME_PLACE if in_place and i == j else 0.0)
            for j, other in enumerate(edited)
        ]
        for i, one in enumerate(base)
    ]


def _score(one: Any, other: Any, likeness: float, place: float) -> float:
    """How surely two rows are the same one; nought where they cannot be."""
    if not (isinstance(one, dict) and isinstance(other, dict)):
        return float(one == other)
    about, now_about = _about(one), _about(other)
    if about is not None and now_about is not None and about != now_about:
        return 0.0
    known = about is not None and about == now_about
    if known or place or likeness >= ALIKE:
        return likeness + place + known
    return 0.0


def _likeness(old: Counter[Any], new: Counter[Any]) -> float:
    total = old.total() + new.total()
    return 2 * (old & new).total() / total if total else 1.0


def _leaves(value: Any, path: tuple[str, ...] = ()) -> Iterator[Any]:
    if isinstance(value, dict):
        for name, part in value.items():
            yield from _leaves(part, (*path, name))
    elif isinstance(value, list):
        for part in value:
            yield from _leaves(part, path)
    else:
        yield path, value


def _about(row: Any) -> Any:
    if not isinstance(row, dict):
        return row
    return next(((name, row[name]) for name in IDENTITY if row.get(name) is not None), None)


def _moved(base: list[Any], edited: list[Any], pairs: Pairs) -> bool:
    """Whether a row without a partner stands elsewhere in the other list."""
    found_again = set(pairs.values())
    gone = [row for place, row in enumerate(base) if place not in pairs]
    added = [row for place, row in enumerate(edited) if place not in found_again]
    return any(same_row(one, other) for one in gone for other in added)
