"""What was counted for the map, kept until the next publication and never longer."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from typing import Any, TypeVar

from tracker.dataset.editions import Edition

MOST_BYTES = 24_000_000
"""About how much memory one process spends on this."""

Made = TypeVar("Made")
_Key = tuple[object, ...]


class Memory:
    """Answers by what was asked for, the longest unused forgotten first.

    All of them belong to one stamp, which changes with every publication, restrictions included: the first question
    after one empties the memory, so that nothing outlives a quarantine. The stamp is read from the database in the
    transaction that answers.
    """

    def __init__(self, most: int = MOST_BYTES) -> None:
        self._most = most
        self._stamp = ""
        self._held = 0
        self._kept: OrderedDict[_Key, tuple[int, object]] = OrderedDict()
        self._lock = Lock()

    def get(self, edition: Edition, key: _Key, make: Callable[[], Made], weigh: Callable[[Made], int]) -> Made:
        """What `make` gives, made once per edition and key; `weigh` says about how many bytes it takes."""
        key = (edition.version, *key)
        with self._lock:
            if self._stamp != edition.stamp:
                self._forget(edition.stamp)
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key][1]  # type: ignore[return-value]  # What was made under this key.
        made = make()
        self._keep(edition.stamp, key, made, weigh(made))
        return made

    def known(self, edition: Edition, key: _Key) -> Any:
        """What is kept for an edition under a key, or None; nothing is made."""
        with self._lock:
            found = self._kept.get((edition.version, *key)) if self._stamp == edition.stamp else None
            return found[1] if found else None

    def _keep(self, stamp: str, key: _Key, made: object, weight: int) -> None:
        with self._lock:
            # Another thread may have met a publication meanwhile, or have made the same.
            if self._stamp != stamp or key in self._kept or weight > self._most:
                return
            self._kept[key] = (weight, made)
            self._held += weight
            while self._held > self._most:
                _, (gone, _) = self._kept.popitem(last=False)
                self._held -= gone

    def _forget(self, stamp: str) -> None:
        self._stamp, self._held = stamp, 0
        self._kept.clear()


memory = Memory()
"""The memory of this process."""
