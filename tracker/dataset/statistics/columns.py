"""The public tables as compact columns in memory: what every figure is counted from.

Grouping five million rows in the database takes seconds; over arrays of small numbers it takes hundredths. The columns
hold codes, days, public points and numbers, and no text of any record but the short names of outlets and topics and the
folded names of regions. `valid_from` and `valid_to` stand beside each incident version, so that one set of columns
answers for every edition of the dataset.

Nothing in a set of columns is ever changed: what publications bring makes a new one (`changes`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from threading import Lock
from typing import Any, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from tracker.dataset.periods import NO_END, NO_START

Array = NDArray[Any]
Made = TypeVar("Made")

INCIDENT_NUMBERS = ("version_id", "valid_from", "valid_to", "earliest", "latest", "latitude", "longitude")
INCIDENT_CODES = ("country", "verification", "response", "region", "placing", "metres", "violation_group")
FACET_NUMBERS = ("pair", "person")
FACET_CODES = (
    "violation",
    "completion",
    "perpetrator",
    "side",
    "custody",
    "role",
    "harm",
    "counts_as",
    "outlet",
    "kind",
    "killing_kind",
    "arbitrary",
)
STARTS = ("start", "topic_start")
NAMES = (*INCIDENT_NUMBERS, *INCIDENT_CODES, *FACET_NUMBERS, *FACET_CODES, "topic", *STARTS)
"""The names of all columns: one array each."""
NOWHERE = 2**31 - 1
"""The latitude and the longitude of what has no public point: in no box."""

NEVER, ALWAYS = -1_000_000, 1_000_000
"""Months before and after all others: the open ends of a date."""
PIECE = 100_000
_EPOCH = 719_163
_EPOCH_MONTH = 1970 * 12


class Mapping(Protocol):
    """A file that lies in memory for as long as columns refer to it."""

    def rest(self) -> None:
        """Let go of the memory that it takes until it is looked at again."""


class Words(dict[str, int]):
    """The words of a column and their codes, given in the order in which they come; codes are never taken back."""

    def __init__(self) -> None:
        super().__init__()
        self.list: list[str] = []

    @classmethod
    def of(cls, words: Iterable[str]) -> Words:
        """These words, in this order."""
        found = cls()
        found.list = list(words)
        found.update((word, code) for code, word in enumerate(found.list))
        return found

    def __missing__(self, word: str) -> int:
        code = len(self.list)
        self.list.append(word)
        self[word] = code
        return code


@dataclass(frozen=True)
class Columns:
    """The incidents in the order of their version ids, the facets in the order of the incidents, and the topics.

    Attributes:
        version, stamp: the newest dataset version that the columns know of, and what tells it from others so numbered.
        incidents: columns of the incidents, by name (see `INCIDENT_NUMBERS` and `INCIDENT_CODES`).
        facets: columns of the facets; `pair` numbers the pairs of act and victim within the incident.
        start: where the facets of each incident begin, and where the last ones end.
        topic, topic_start: the same for topics.
        words: the words behind the codes.
        ready: what was worked out of the columns when they were written into a file, by name (see `worked_out`).
        mapping: the file that they lie in, where they do.
    """

    version: int
    stamp: str
    incidents: dict[str, Array]
    facets: dict[str, Array]
    start: Array
    topic: Array
    topic_start: Array
    words: dict[str, Words]
    ready: dict[str, Array] = field(default_factory=dict)
    mapping: Mapping | None = None
    _made: dict[Any, Any] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    @classmethod
    def empty(cls) -> Columns:
        """Columns that hold nothing yet."""
        none, begin = np.zeros(0, dtype=np.int32), np.zeros(1, dtype=np.int32)
        arrays = {name: begin if name in STARTS else none for name in NAMES}
        return cls.of(arrays, {name: Words() for name in (*INCIDENT_CODES, *FACET_CODES, "topic")})

    @classmethod
    def of(cls, arrays: dict[str, Array], words: dict[str, Words], mapping: Mapping | None = None) -> Columns:
        """Columns of arrays by their names in `NAMES`, and of those that `worked_out` gives, if they are there."""
        return cls(
            version=0,
            stamp="",
            incidents={name: arrays[name] for name in (*INCIDENT_NUMBERS, *INCIDENT_CODES)},
            facets={name: arrays[name] for name in (*FACET_NUMBERS, *FACET_CODES)},
            start=arrays["start"],
            topic=arrays["topic"],
            topic_start=arrays["topic_start"],
            words=words,
            ready={name: array for name, array in arrays.items() if name not in NAMES},
            mapping=mapping,
        )

    @property
    def arrays(self) -> dict[str, Array]:
        """All columns by their names, without what was worked out of them."""
        single = {"start": self.start, "topic": self.topic, "topic_start": self.topic_start}
        return self.incidents | self.facets | single

    def __len__(self) -> int:
        """How many incident versions there are."""
        return len(self.incidents["version_id"])

    @property
    def bytes(self) -> int:
        """How much memory the columns take, without what is made from them for a while."""
        return sum(array.nbytes for array in self.arrays.values())

    def at(self, version: int, stamp: str) -> Columns:
        """The same columns, known to be those of another dataset version."""
        return replace(self, version=version, stamp=stamp, _made={}, _lock=Lock())

    def with_ends(self, valid_to: Array) -> Columns:
        """The same columns, of which some versions have ended."""
        return replace(self, incidents=self.incidents | {"valid_to": valid_to}, _made={}, _lock=Lock())

    def public_at(self, version: int) -> Array:
        """Which incidents were public at a dataset version."""
        return (self.incidents["valid_from"] <= version) & (self.incidents["valid_to"] > version)

    def code(self, column: str, word: str) -> int | None:
        """The code of a word, or None where no row has ever held it."""
        return self.words[column].get(word)

    def incident_of_facet(self) -> Array:
        """To which incident each facet belongs."""
        return self._worked_out("incident_of_facet")

    def months(self) -> tuple[Array, Array]:
        """The first and last month of each incident, counted from the year 0, with `NEVER` and `ALWAYS` for open ends.

        For an undated incident they are reversed.
        """
        return self._worked_out("first_month"), self._worked_out("last_month")

    def list_days(self) -> Array:
        """The day by which each incident stands in the list: the last possible one, else the first, else 0."""
        return self._worked_out("list_day")

    def _worked_out(self, name: str) -> Array:
        found = self.ready.get(name)
        return self.once(name, lambda: _MADE_FROM[name](self.arrays)) if found is None else found

    def rest(self) -> None:
        """Let go of the memory that the file takes until something of it is looked at again."""
        if self.mapping is not None:
            self.mapping.rest()

    def once(self, name: str, make: Callable[[], Made]) -> Made:
        """What `make` gives, made once for these columns."""
        with self._lock:
            if name not in self._made:
                self._made[name] = make()
            found: Made = self._made[name]
            return found


def owners(start: Array) -> Array:
    """To which of the things that begin at `start` each of their parts belongs."""
    return np.repeat(np.arange(len(start) - 1, dtype=np.int32), np.diff(start))


def starts(owner: Array, count: int) -> Array:
    """The reverse: where the parts of each of `count` things begin, and where the last ones end."""
    found = np.zeros(count + 1, dtype=np.int32)
    np.cumsum(np.bincount(owner, minlength=count), out=found[1:])
    return found


def narrowest(array: Array, most: int) -> Array:
    """The same numbers from 0 to `most` in as few bytes as they need."""
    return array.astype(np.min_scalar_type(most), copy=False)


def worked_out(arrays: dict[str, Array]) -> Iterator[tuple[str, Array]]:
    """What is worked out of the columns once and for all, one after the other, by name."""
    for name, made in _MADE_FROM.items():
        yield name, made(arrays)


def _months_of(days: Array) -> Array:
    # Days on their way to months take ten times as much memory.
    found = [_months_of_some(days[start : start + PIECE]) for start in range(0, len(days), PIECE)]
    return np.concatenate([np.zeros(0, dtype=np.int32), *found])


def _months_of_some(days: Array) -> Array:
    known = (days != NO_START) & (days != NO_END)
    dates = (np.where(known, days, _EPOCH).astype(np.int64) - _EPOCH).astype("datetime64[D]")
    months = dates.astype("datetime64[M]").astype(np.int64) + _EPOCH_MONTH
    return np.where(known, months, np.where(days == NO_START, NEVER, ALWAYS)).astype(np.int32)


def _list_days(arrays: dict[str, Array]) -> Array:
    # An undated incident has the ends of its days reversed, so that its last one is 0.
    found: Array = np.where(arrays["latest"] == NO_END, arrays["earliest"], arrays["latest"])
    return found


_MADE_FROM: dict[str, Callable[[dict[str, Array]], Array]] = {
    "incident_of_facet": lambda arrays: owners(arrays["start"]),
    "first_month": lambda arrays: _months_of(arrays["earliest"]),
    "last_month": lambda arrays: _months_of(arrays["latest"]),
    "list_day": _list_days,
}
"""How each array is made that `worked_out` gives."""
