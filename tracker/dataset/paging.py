"""The token that leads to the next page: it pins the dataset version and belongs to one filter."""

from __future__ import annotations

import re
from dataclasses import dataclass

_TOKEN = re.compile(r"([0-9]{1,9})\.([0-9a-f]{10})\.([0-9]{4}-[0-9]{2}-[0-9]{2}:[A-Za-z0-9_-]{1,60})")


@dataclass(frozen=True, slots=True)
class PageToken:
    """Where a page begins: after the incident with this sort key, at this version, under the filter of this digest."""

    version: int
    digest: str
    sort_key: str

    @classmethod
    def read(cls, text: str) -> PageToken | None:
        """The token that `str` printed, or None for anything else."""
        found = _TOKEN.fullmatch(text)
        return cls(int(found[1]), found[2], found[3]) if found else None

    def __str__(self) -> str:
        """The token as it stands in a query."""
        return f"{self.version}.{self.digest}.{self.sort_key}"
