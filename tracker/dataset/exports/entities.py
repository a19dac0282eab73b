"""Incidents as objects, and the objects inside them, each with the numbers that name it."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Mapping
from typing import Any

from tracker.dataset.exports.batches import JSON, Sessions, texts
from tracker.dataset.exports.meta import Export
from tracker.dataset.fields import Table

Record = Mapping[str, Any]
Keys = tuple[str | int, ...]


def records(sessions: Sessions, export: Export) -> Iterator[Iterator[Record]]:
    """The records of an export in batches, read one by one: a batch of texts is small beside one of objects."""
    for batch in texts(sessions, export, JSON, "\n"):
        # No line break stands in a canonical text as it is, and one before the first.
        lines = io.BytesIO(batch)
        lines.seek(1)
        yield (json.loads(line) for line in lines)


def rows_of(table: Table, record: Record) -> Iterator[tuple[Keys, Record]]:
    """The rows of one incident in a table: the keys, and the object that the columns show."""
    return _below((record["reference"],), record, table.path)


def _below(keys: Keys, parent: Record, path: tuple[str, ...]) -> Iterator[tuple[Keys, Record]]:
    if not path:
        yield keys, parent
        return
    for number, item in enumerate(parent.get(path[0]) or (), start=1):
        yield from _below((*keys, number), item, path[1:])
