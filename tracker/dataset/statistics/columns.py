"""The public tables as compact columns in memory: what every figure is counted from.

Grouping five million rows in the database takes seconds; over arrays of small numbers it takes hundredths. The columns
hold codes, days, public points and numbers, and no text of any record but the short names of outlets and topics and the
folded names of regions. `valid_from` and `valid_to` stand beside each incident version, so that one set of columns
answers for every edition of the dataset.

Nothing in a set of columns is ever changed: what publications bring makes a new one (`changes`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from threading import Lock
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from tracker.dataset.periods import NO_END, NO_START

Array = NDArray[Any]
Made = TypeVar("Made")

INCIDENT_NUMBERS = ("version_id", "valid_from", "valid_to", "earliest", "latest", "latitude", "longitude")
INCIDENT_CODES = ("country", "verification", "response", "region", "placing")
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
NOWHERE = 2**31 - 1
"""The latitude and the longitude of what has no public point: in no box."""

NEVER, ALWAYS = -1_000_000, 1_000_000
"""Months before and after all others: the open ends of a date."""
_EPOCH = 719_163
_EPOCH_MONTH = 1970 * 12


class Words(dict[str, int]):
    """The words of a column and their codes, given in the order in which they come; codes are never taken back."""

    def __init__(self) -> None:
        super().__init__()
        self.list: list[str] = []

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
    """

    version: int
    stamp: str
    incidents: dict[str, Array]
    facets: dict[str, Array]
    start: Array
    topic: Array
    topic_start: Array
    words: dict[str, Words]
    _made: dict[Any, Any] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    @classmethod
    def empty(cls) -> Columns:
        """Columns that hold nothing yet."""
        none = np.zeros(0, dtype=np.int32)
        return cls(
            version=0,
            stamp="",
            incidents=dict.fromkeys((*INCIDENT_NUMBERS, *INCIDENT_CODES), none),
            facets=dict.fromkeys((*FACET_NUMBERS, *FACET_CODES), none),
            start=np.zeros(1, dtype=np.int32),
            topic=none,
            topic_start=np.zeros(1, dtype=np.int32),
            words={name: Words() for name in (*INCIDENT_CODES, *FACET_CODES, "topic")},
        )

    def __len__(self) -> int:
        """How many incident versions there are."""
        return len(self.incidents["version_id"])

    @property
    def bytes(self) -> int:
        """How much memory the columns take, without what is made from them for a while."""
        arrays = (*self.incidents.values(), *self.facets.values(), self.start, self.topic, self.topic_start)
        return sum(array.nbytes for array in arrays)

    def at(self, version: int, stamp: str) -> Columns:
        """The same columns, known to be those of another dataset version."""
        return replace(self, version=version, stamp=stamp, _made={}, _lock=Lock())

    def public_at(self, version: int) -> Array:
        """Which incidents were public at a dataset version."""
        return (self.incidents["valid_from"] <= version) & (self.incidents["valid_to"] > version)

    def code(self, column: str, word: str) -> int | None:
        """The code of a word, or None where no row has ever held it."""
        return self.words[column].get(word)

    def incident_of_facet(self) -> Array:
        """To which incident each facet belongs."""
        return self.once("incident_of_facet", lambda: owners(self.start))

    def months(self) -> tuple[Array, Array]:
        """The first and last month of each incident, counted from the year 0, with `NEVER` and `ALWAYS` for open ends.

        For an undated incident they are reversed.
        """
        return self.once("months", self._months)

    def _months(self) -> tuple[Array, Array]:
        first = _months_of(self.incidents["earliest"])
        last = _months_of(self.incidents["latest"])
        return first, last

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


def _months_of(days: Array) -> Array:
    known = (days != NO_START) & (days != NO_END)
    dates = (np.where(known, days, _EPOCH).astype(np.int64) - _EPOCH).astype("datetime64[D]")
    months = dates.astype("datetime64[M]").astype(np.int64) + _EPOCH_MONTH
    return np.where(known, months, np.where(days == NO_START, NEVER, ALWAYS)).astype(np.int32)
