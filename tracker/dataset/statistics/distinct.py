"""Telling apart what is counted: each thing once, however many facets hold it."""

from __future__ import annotations

from functools import partial

import numpy as np

from tracker.dataset.facets import GROUP, NAMED, UNNAMED
from tracker.dataset.statistics.bits import Bits
from tracker.dataset.statistics.columns import Array, Columns
from tracker.dataset.statistics.narrowing import Narrowed
from tracker.dataset.statistics.question import Unit

MOST_BYTES = 16_000_000
"""About how much memory the remembered first facets of one set of columns take."""
SPACE = 1 << 26
"""Up to how many possible numbers a table of those that occur is quicker than sorting."""

OF_PAIR = frozenset({"violation", "completion", "role", "harm", "custody", "outlet", "counts_as"})
"""Columns that are the same in all facets of one act and victim."""


def distinct(numbers: Array, space: int) -> Array:
    """The numbers that occur, each once, in order; all of them are below `space`."""
    if space <= SPACE:
        seen = np.zeros(space, dtype=bool)
        seen[numbers] = True
        return np.flatnonzero(seen)
    ordered = np.sort(numbers)
    fresh = np.ones(len(ordered), dtype=bool)
    fresh[1:] = ordered[1:] != ordered[:-1]
    found: Array = ordered[fresh]
    return found


def numbered(numbers: Array, space: int) -> tuple[Array, Array]:
    """The numbers that occur, and the place of each given one among them; all of them are below `space`."""
    found = distinct(numbers, space)
    # A table of places takes four times the memory of one that tells which numbers occur.
    if space > SPACE // 4:
        return found, np.searchsorted(found, numbers).astype(np.int32)
    place = np.zeros(space, dtype=np.int32)
    place[found] = np.arange(len(found))
    return found, place[numbers]


def first_facets(narrowed: Narrowed, unit: Unit, names: tuple[str, ...]) -> Array:
    """Of the facets that are left, the first one of each thing of a unit in each cell of the columns `names`.

    Without a filter of acts that is the same in every question, and remembered.
    """
    columns = narrowed.columns
    if unit is Unit.ACTS:
        names = tuple(name for name in names if name not in OF_PAIR)
    chosen = narrowed.chosen_facets
    if narrowed.facets is not None and chosen is not None:
        rows = np.flatnonzero(chosen & _countable(columns, unit) if unit is Unit.VICTIMS else chosen)
        return rows[_first(columns, unit, names, rows)]
    flags = _remembered(columns, unit, names)
    return np.flatnonzero(flags if chosen is None else flags & chosen)


def _remembered(columns: Columns, unit: Unit, names: tuple[str, ...]) -> Array:
    key = (unit, tuple(sorted(names)))
    memory: Bits = columns.once("flags", partial(Bits, MOST_BYTES))
    known = memory.get(key)
    if known is None:
        count = len(columns.facets["pair"])
        known = np.zeros(count, dtype=bool)
        rows = np.flatnonzero(_countable(columns, unit)) if unit is Unit.VICTIMS else np.arange(count)
        known[rows[_first(columns, unit, names, rows)]] = True
        memory.put(key, known)
    return known


def _countable(columns: Columns, unit: Unit) -> Array:
    """Which facets have a victim that is counted as a person, named or not, or as a group."""
    counted = [word in (NAMED, UNNAMED, GROUP) for word in columns.words["counts_as"].list]
    found: Array = np.array(counted, dtype=bool)[columns.facets["counts_as"]]
    return found


def _first(columns: Columns, unit: Unit, names: tuple[str, ...], rows: Array) -> Array:
    """Of rows of the facets, which is the first of its thing and cell."""
    key = columns.incident_of_facet()[rows].astype(np.int64)
    space = max(len(columns), 1)
    parts = {Unit.ACTS: ("pair",), Unit.VICTIMS: ("person",)}.get(unit, ())
    for name in (*parts, *names):
        size = int(columns.facets[name].max(initial=0)) + 1
        key *= size
        key += columns.facets[name][rows]
        space *= size
    if unit is Unit.ACTS and not names:
        # The facets of a pair stand next to each other.
        return _changes(key)
    return _first_of_each(key, space)


def _changes(key: Array) -> Array:
    fresh = np.ones(len(key), dtype=bool)
    fresh[1:] = key[1:] != key[:-1]
    return fresh


def _first_of_each(key: Array, space: int) -> Array:
    found = np.zeros(len(key), dtype=bool)
    bits = max(len(key) - 1, 1).bit_length()
    if space.bit_length() + bits < 63:
        # One sort of single numbers, each with its place in the last bits, is quicker than sorting places by numbers.
        ordered = np.sort((key << bits) | np.arange(len(key)))
        place = ordered & ((1 << bits) - 1)
        found[place[_changes(ordered >> bits)]] = True
        return found
    order = np.argsort(key, kind="stable")
    found[order[_changes(key[order])]] = True
    return found
