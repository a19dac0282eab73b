"""How many incidents, acts and victims of a filter stand in each class of a scheme, and how many in none."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import fields
from threading import Lock
from typing import Generic, TypeVar

import numpy as np
import numpy.typing as npt
from sqlalchemy.orm import Session

from tracker.dataset.counts import total
from tracker.dataset.crosswalks.cases import Cases, Integers, cases
from tracker.dataset.crosswalks.results import RELATIONS, Counts, InClass, InListing, Tally
from tracker.dataset.editions import Edition
from tracker.dataset.filters import DatasetFilter
from tracker.dataset.statistics.columns import narrowest
from tracker.vocabulary import Relation, VictimKind
from tracker.vocabulary.crosswalks import Listing, Scheme

_NONE = np.int8(len(RELATIONS))
Ranks = npt.NDArray[np.int8]
Truths = npt.NDArray[np.bool_]

Key = tuple[str, ...]
Kept = TypeVar("Kept")


class _Memory(Generic[Kept]):
    """What was made last. The stamp in a key changes with every publication, so that nothing outlives one."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: OrderedDict[Key, Kept] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Key) -> Kept | None:
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
            return self._kept.get(key)

    def put(self, key: Key, made: Kept) -> None:
        with self._lock:
            self._kept[key] = made
            if len(self._kept) > self._most:
                self._kept.popitem(last=False)

    def forget(self) -> None:
        with self._lock:
            self._kept.clear()


_counts: _Memory[Counts] = _Memory(128)
_cases: _Memory[Cases] = _Memory(4)
"""The cases of the filters asked for last, since a reader looks at several schemes under one filter."""
MOST_CASES = 200_000
"""Up to how many cases (eight bytes for each of four numbers) are kept."""


def forget() -> None:
    """Let everything be counted anew, for whoever measures how long that takes."""
    _counts.forget()
    _cases.forget()


def count(session: Session, scheme: Scheme, wanted: DatasetFilter, edition: Edition) -> Counts:
    """The counts of a filter under a scheme."""
    # The whole selection and not its digest, which is short enough for somebody to forge another filter's.
    key = (edition.stamp, str(edition.version), wanted.selection())
    known = _counts.get((*key, scheme.code))
    if known is None:
        known = _count(session, scheme, wanted, edition, key)
        _counts.put((*key, scheme.code), known)
    return known


def _count(session: Session, scheme: Scheme, wanted: DatasetFilter, edition: Edition, key: Key) -> Counts:
    found = _cases.get(key)
    if found is None:
        found = cases(session, wanted, edition)
        if found.kind.size <= MOST_CASES:
            _cases.put(key, found)
    counter = _Counter(found)
    return Counts(
        total=counter.everything,
        without_acts=total(session, wanted, edition) - counter.everything.incidents,
        acts=counter.listing(scheme.acts),
        actors=counter.listing(scheme.actors),
    )


class _Counter:
    """Counts cases in all units at once."""

    def __init__(self, found: Cases) -> None:
        self._found = found
        self._incidents, self._pairs, self._persons = (
            int(numbers.max(initial=-1)) + 1 for numbers in (found.incident, found.pair, found.person)
        )
        first_of_pair = np.searchsorted(found.pair, np.arange(self._pairs))
        nobody = found.person[first_of_pair] < 0
        self._unnamed = self._of_kind("kind", VictimKind.PERSON)[first_of_pair] & nobody
        self._groups = self._of_kind("kind", VictimKind.GROUP)[first_of_pair]
        self.everything = self._tally(np.arange(found.kind.size))

    def listing(self, listing: Listing) -> InListing:
        """What stands in the classes of a list."""
        examples, alike = self._found.told_apart({**listing.looked_at(), listing.column: None})
        reached = [listing.reached(case) for case in examples]
        rows = _Rows(alike, len(examples))
        mapped = np.array([bool(each) for each in reached], dtype=bool)[alike]
        if listing.column == "violation":
            # An act that stands somewhere by one of its perpetrators stands there, whoever else took part.
            stands = np.zeros(self._pairs, dtype=bool)
            stands[self._found.pair[mapped]] = True
            mapped = stands[self._found.pair]
        found = self._tally(np.flatnonzero(mapped))
        return InListing(
            classes=tuple(InClass(one.code, *self._tallies(rows.of(reached, one.code))) for one in listing.classes),
            mapped=found,
            nowhere=self._rest(found),
            by_code=self._by_code(listing.column, np.flatnonzero(~mapped)),
        )

    def _rest(self, found: Tally) -> Tally:
        return Tally(*(getattr(self.everything, one.name) - getattr(found, one.name) for one in fields(found)))

    def _by_code(self, column: str, chosen: Integers) -> dict[str, Tally]:
        codes, of_kind = np.unique(self._found.codes[column], return_inverse=True)
        rows = _Rows(of_kind[self._found.kind[chosen]], codes.size)
        by_code = ((str(code), rows.alike([number])) for number, code in enumerate(codes))
        return {code: self._tally(chosen[places]) for code, places in by_code if places.size}

    def _of_kind(self, name: str, *codes: str) -> Truths:
        """Which cases have one of these codes in a field."""
        return np.isin(self._found.codes[name], [str(code) for code in codes])[self._found.kind]

    def _tally(self, chosen: Integers) -> Tally:
        """How much the chosen cases are, in all units."""
        return self._tallies([chosen])[0]

    def _tallies(self, by_relation: Sequence[Integers]) -> list[Tally]:
        """How much stands in each relation, each thing by the strongest of its cases; the strongest comes first."""
        incidents = _strongest([self._found.incident[rows] for rows in by_relation], self._incidents)
        pairs = _strongest([self._found.pair[rows] for rows in by_relation], self._pairs)
        people = [self._found.person[rows] for rows in by_relation]
        persons = _strongest([person[person >= 0] for person in people], self._persons)
        return [
            Tally(
                incidents=_how_many(incidents == place),
                acts=_how_many(pairs == place),
                persons=_how_many(persons == place),
                unnamed=_how_many((pairs == place) & self._unnamed),
                groups=_how_many((pairs == place) & self._groups),
            )
            for place in range(len(by_relation))
        ]


def _how_many(truths: Truths) -> int:
    return int(np.count_nonzero(truths))


class _Rows:
    """The places of all cases by what they look like, so that few of them are found without a look at all."""

    def __init__(self, alike: Integers, count: int) -> None:
        self._order = np.argsort(narrowest(alike, count), kind="stable")
        self._start = np.searchsorted(alike[self._order], np.arange(count + 1))

    def alike(self, examples: Sequence[int]) -> Integers:
        """The places of the cases that look like one of these."""
        parts = [self._order[self._start[one] : self._start[one + 1]] for one in examples]
        return np.concatenate(parts) if parts else self._order[:0]

    def of(self, reached: Sequence[Mapping[str, Relation]], code: str) -> list[Integers]:
        """For each relation, the places of the cases that stand in it to a class, by what their examples reach."""
        of_class = [(number, each[code]) for number, each in enumerate(reached) if code in each]
        return [self.alike([number for number, found in of_class if found is relation]) for relation in RELATIONS]


def _strongest(by_relation: Sequence[Integers], count: int) -> Ranks:
    """Of so many things, the first relation in which each of them stands, as its place; `_NONE` where in none."""
    found = np.full(count, _NONE, dtype=np.int8)
    for place in reversed(range(len(by_relation))):
        found[by_relation[place]] = place
    return found
