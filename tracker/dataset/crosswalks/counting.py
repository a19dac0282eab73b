"""How many incidents, acts and victims of a filter stand in each class of a scheme, and how many in none."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from threading import Lock
from typing import Generic, TypeVar

import numpy as np
import numpy.typing as npt
from sqlalchemy.orm import Session

from tracker.dataset.counts import total
from tracker.dataset.crosswalks.cases import Cases, Integers, cases
from tracker.dataset.editions import Edition
from tracker.dataset.filters import DatasetFilter
from tracker.vocabulary import Relation, VictimKind
from tracker.vocabulary.crosswalks import Listing, Scheme

RELATIONS = (Relation.EXACT, Relation.BROADER, Relation.NARROWER)
_NONE = np.int8(Relation.NONE.rank)

Ranks = npt.NDArray[np.int8]
Truths = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Tally:
    """How much something was found.

    Attributes:
        incidents: incidents.
        acts: acts against a victim: the same act against two victims counts twice, and an act of which no victim is
            recorded counts once.
        persons: persons who can be followed through the acts of an incident, once for each incident.
        unnamed: of the acts, those against a person who cannot: the same person can be behind several.
        groups: of the acts, those against groups or classes of persons.
    """

    incidents: int = 0
    acts: int = 0
    persons: int = 0
    unnamed: int = 0
    groups: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(*(getattr(self, one.name) + getattr(other, one.name) for one in fields(self)))

    def as_dict(self) -> dict[str, int]:
        """The numbers by their names."""
        return {one.name: getattr(self, one.name) for one in fields(self)}


@dataclass(frozen=True, slots=True)
class InClass:
    """What stands in a class, by relation; everything counts once, by the strongest relation in which it stands."""

    code: str
    exact: Tally
    broader: Tally
    narrower: Tally

    @property
    def belongs(self) -> Tally:
        """What belongs to the class by its definition."""
        return self.exact + self.broader

    @property
    def at_most(self) -> Tally:
        """The same with what may belong to it."""
        return self.belongs + self.narrower


@dataclass(frozen=True, slots=True)
class InListing:
    """What stands in the classes of a list, and what in none.

    Attributes:
        classes: every class of the list in its order, empty ones too.
        mapped: what stands in at least one class.
        nowhere: what stands in none: incidents none of whose acts does, acts, and victims of such acts alone.
        by_code: what is behind `nowhere`, by our code: acts that stand in no class, and the incidents and victims
            that have such an act, whatever else was done there.
    """

    classes: tuple[InClass, ...]
    mapped: Tally
    nowhere: Tally
    by_code: Mapping[str, Tally]


@dataclass(frozen=True, slots=True)
class Counts:
    """The counts of a filter under a scheme.

    Attributes:
        total: all incidents that match and have acts, with these acts and their victims.
        without_acts: incidents that match and of which no act is recorded.
    """

    total: Tally
    without_acts: int
    acts: InListing
    actors: InListing


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
    everything = counter.tally(counter.everything)
    return Counts(
        total=everything,
        without_acts=total(session, wanted, edition) - everything.incidents,
        acts=counter.listing(scheme.acts),
        actors=counter.listing(scheme.actors),
    )


class _Counter:
    """Counts cases in all units at once."""

    def __init__(self, found: Cases) -> None:
        self._found = found
        self._known = found.person >= 0
        self.everything: Truths = np.ones(found.kind.size, dtype=bool)
        first_of_pair = _starts(found.pair)
        nobody = ~self._known[first_of_pair]
        self._unnamed = self._of_kind("kind", VictimKind.PERSON)[first_of_pair] & nobody
        self._groups = self._of_kind("kind", VictimKind.GROUP)[first_of_pair]

    def tally(self, chosen: Truths) -> Tally:
        """How much the chosen cases are, in all units."""
        return self._tallies(np.where(chosen, np.int8(0), _NONE))[0]

    def listing(self, listing: Listing) -> InListing:
        """What stands in the classes of a list."""
        examples, alike = self._found.told_apart({**listing.looked_at(), listing.column: None})
        reached = [listing.reached(case) for case in examples]
        best = _ranks([min((one.rank for one in each.values()), default=Relation.NONE.rank) for each in reached], alike)
        mapped = best < _NONE
        if listing.column == "violation":
            # An act that stands somewhere by one of its perpetrators stands there, whoever else took part.
            mapped = (_strongest(best, self._found.pair) < _NONE)[self._found.pair]
        found = self.tally(mapped)
        return InListing(
            classes=tuple(
                InClass(
                    one.code,
                    *self._tallies(_ranks([each.get(one.code, Relation.NONE).rank for each in reached], alike)),
                )
                for one in listing.classes
            ),
            mapped=found,
            nowhere=self._rest(found),
            by_code=self._by_code(listing.column, ~mapped),
        )

    def _rest(self, found: Tally) -> Tally:
        everything = self.tally(self.everything)
        return Tally(*(getattr(everything, one.name) - getattr(found, one.name) for one in fields(found)))

    def _by_code(self, column: str, chosen: Truths) -> dict[str, Tally]:
        codes = np.unique(self._found.codes[column][self._found.kind[chosen]])
        return {str(code): self.tally(chosen & self._of_kind(column, str(code))) for code in codes}

    def _of_kind(self, name: str, *codes: str) -> Truths:
        """Which cases have one of these codes in a field."""
        return np.isin(self._found.codes[name], [str(code) for code in codes])[self._found.kind]

    def _tallies(self, ranks: Ranks) -> list[Tally]:
        """How much has each rank, each thing by the strongest of its cases."""
        incidents = _strongest(ranks, self._found.incident)
        pairs = _strongest(ranks, self._found.pair)
        persons = _strongest(ranks[self._known], self._found.person[self._known])
        return [
            Tally(
                incidents=int((incidents == relation.rank).sum()),
                acts=int((pairs == relation.rank).sum()),
                persons=int((persons == relation.rank).sum()),
                unnamed=int(((pairs == relation.rank) & self._unnamed).sum()),
                groups=int(((pairs == relation.rank) & self._groups).sum()),
            )
            for relation in RELATIONS
        ]


def _ranks(of_examples: Sequence[int], alike: Integers) -> Ranks:
    """The rank of every case, from those of the examples that stand for them."""
    return np.array(of_examples, dtype=np.int8)[alike]


def _starts(numbers: Integers) -> Integers:
    """Where each of the numbers of sorted rows comes first."""
    return np.unique(numbers, return_index=True)[1]


def _strongest(ranks: Ranks, numbers: Integers) -> Ranks:
    """The strongest rank among the cases of each number; numbers go from 0 without a gap."""
    strongest = np.full(int(numbers.max()) + 1 if numbers.size else 0, _NONE, dtype=np.int8)
    np.minimum.at(strongest, numbers, ranks)
    return strongest
