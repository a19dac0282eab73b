"""Truths about the rows of a set of columns, a bit for each, for the questions that were asked last."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock

import numpy as np

from tracker.dataset.statistics.columns import Array


class Bits:
    """Keeps truths by what was asked, the longest unused forgotten first; it ends with the columns that it is of."""

    def __init__(self, most_bytes: int) -> None:
        self._most = most_bytes
        self._kept: OrderedDict[object, tuple[int, Array]] = OrderedDict()
        self._lock = Lock()

    def get(self, key: object) -> Array | None:
        """The truths that were kept under a key, or None."""
        with self._lock:
            if key not in self._kept:
                return None
            self._kept.move_to_end(key)
            count, packed = self._kept[key]
        unpacked: Array = np.unpackbits(packed, count=count).view(bool)
        return unpacked

    def put(self, key: object, truths: Array) -> None:
        """Keep truths under a key."""
        packed = np.packbits(truths)
        with self._lock:
            self._kept[key] = (len(truths), packed)
            while len(self._kept) > 1 and sum(kept.nbytes for _, kept in self._kept.values()) > self._most:
                self._kept.popitem(last=False)
