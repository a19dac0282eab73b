"""The cells of a table's dimensions: which there are, and in which order they stand."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tracker.dataset.filters import DatasetFilter
from tracker.dataset.parameters import PARAMETERS, codes_allowed
from tracker.dataset.statistics.calendar import period_axis
from tracker.dataset.statistics.counting import Axis, Counts, count
from tracker.dataset.statistics.narrowing import Narrowed
from tracker.dataset.statistics.question import Dimension, Level, Unit
from tracker.vocabulary import NOT_RECORDED, UNKNOWN

_LAST = (UNKNOWN, NOT_RECORDED)


def axis_of(narrowed: Narrowed, wanted: DatasetFilter, unit: Unit, dimension: Dimension) -> tuple[Axis, Counts | None]:
    """The cells of a dimension, and its counts where they had to be made to know the cells.

    A closed list has all its codes, also those that nothing is counted under; where the filter asks for some of them,
    it has these alone, since a zero beside them would say nothing. An open list has what is counted, most first.
    """
    if dimension.level is Level.PERIOD:
        return period_axis(narrowed, dimension), None
    words = narrowed.columns.words[dimension.column].list
    asked = wanted.values(dimension.parameter) if dimension.name != "admin1" else ()
    vocabulary = PARAMETERS[dimension.parameter].vocabulary
    if vocabulary is not None:
        known = asked or codes_allowed(vocabulary)
        order = {code: place for place, code in enumerate(codes_allowed(vocabulary))}
        keys: Sequence[str] = sorted(known, key=lambda code: order[code])
        return _axis(dimension, keys, words), None
    every = _axis(dimension, words, words)
    counts = count(narrowed, unit, [every])
    counted = _counted(counts, words)
    if asked and dimension.name in ("country", "topic"):
        # A topic beside those asked for would be counted for incidents that have both alone, and be taken for more.
        return _axis(dimension, _most_first(set(asked), counted), words), None
    ordered = _most_first(counted, counted)
    place = [narrowed.columns.words[dimension.column][key] for key in ordered]
    axis = _axis(dimension, ordered, words)
    return axis, Counts(counts.possible[:, place], counts.certain[:, place])


def _axis(dimension: Dimension, keys: Sequence[str], words: Sequence[str]) -> Axis:
    cell = {key: place for place, key in enumerate(keys)}
    place = np.array([cell.get(word, -1) for word in words], dtype=np.int64)
    return Axis(dimension, tuple(keys), place)


def _counted(counts: Counts, words: Sequence[str]) -> dict[str, int]:
    """What is counted under each word, all measures together; words without any are left out."""
    totals = counts.possible.sum(axis=0)
    return {words[place]: int(totals[place]) for place in np.flatnonzero(totals).tolist()}


def _most_first(keys: set[str] | dict[str, int], counted: dict[str, int]) -> list[str]:
    return sorted(keys, key=lambda key: (_is_last(key), -counted.get(key, 0), key))


def _is_last(key: str) -> int:
    """Silence stands last, before it what is not known."""
    word = key.partition(":")[2] or key
    return _LAST.index(word) + 1 if word in _LAST else 0
