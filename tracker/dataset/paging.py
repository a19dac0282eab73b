"""The token that leads to the next page: it pins the dataset version and belongs to one filter."""

from __future__ import annotations

import re
from dataclasses import dataclass

_TOKEN = re.compile(r"([0-9]{1,9})\.([0-9a-f]{10})\.([0-9]{4}-[0-9]{2}-[0-9]{2}:[A-Za-z0-9_-]{1,60})")

LARGEST_ID = 2**31 - 1
"""The largest number of a version of a record that the databases hold."""

_FEED = "0000-00-00:v"
"""How a page of a feed stands in its token; no incident has such a key in a list."""


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

    @classmethod
    def of_feed(cls, version: int, digest: str, version_id: int) -> PageToken:
        """The token of a page of a feed, which begins below a version of a record."""
        return cls(version, digest, f"{_FEED}{version_id}")

    @property
    def below(self) -> int | None:
        """The version of a record below which a page of a feed begins; None for the page of a list."""
        number = self.sort_key.removeprefix(_FEED)
        if number == self.sort_key or not number.isdigit() or int(number) > LARGEST_ID:
            return None
        return int(number)

    def __str__(self) -> str:
        """The token as it stands in a query."""
        return f"{self.version}.{self.digest}.{self.sort_key}"
