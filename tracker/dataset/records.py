"""A public record as it is stored."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tracker.dataset.models import PublicVersion


@dataclass(frozen=True, slots=True)
class PublicRecord:
    """One version of a public record: its canonical JSON and from when until when it was public."""

    version_id: int
    record_id: str
    key: str
    valid_from: int
    valid_to: int | None
    published_at: datetime
    nature: str
    json: str

    @classmethod
    def of(cls, row: Sequence[Any]) -> PublicRecord:
        """The record in a row of `COLUMNS` whose content was not removed."""
        return cls(*row)

    @property
    def record(self) -> dict[str, Any]:
        """The record as an object, read anew at each call."""
        read: dict[str, Any] = json.loads(self.json)
        return read


COLUMNS = (
    PublicVersion.id,
    PublicVersion.record_id,
    PublicVersion.key,
    PublicVersion.valid_from,
    PublicVersion.valid_to,
    PublicVersion.published_at,
    PublicVersion.nature,
    PublicVersion.json,
)
"""The columns of a `PublicRecord`, in its order."""
