"""CSV by act: one line for each act and victim, the shape in which acts and victims are counted."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from operator import itemgetter
from typing import Any

from tracker.dataset.exports.batches import Sessions
from tracker.dataset.exports.entities import Record, records
from tracker.dataset.exports.meta import Export
from tracker.dataset.fields import CsvColumn, act_columns
from tracker.dataset.flatten import Row, to_line

ACTS = "acts"
"""The unit of such a file: an act against one victim."""

Cells = list[str]
_PARTS = ("act", "victim", "equipment", "involvements")
_NOBODY: Record = {}


def write_acts(sessions: Sessions, export: Export) -> Iterator[bytes]:
    """The file in pieces (UTF-8); with a choice of columns these alone, in the order asked for."""
    columns = _chosen(export.fields)
    yield to_line(column.name for column in columns).encode()
    if export.hxl:
        yield to_line(column.hxl for column in columns).encode()
    rows = ActRows(columns)
    for batch in records(sessions, export):
        lines = io.StringIO(newline="")
        writer = csv.writer(lines, lineterminator="\r\n")
        for record in batch:
            writer.writerows(rows.of(record))
        yield lines.getvalue().encode()


def _chosen(names: tuple[str, ...]) -> tuple[CsvColumn, ...]:
    if not names:
        return act_columns()
    known = {column.name: column for column in act_columns()}
    return tuple(known[name] for name in names)


class ActRows:
    """Writes incidents as rows of these columns of `fields.act_columns`, in their order.

    What is said of an incident, or of an act, is put into words once and not for each victim.
    """

    def __init__(self, columns: tuple[CsvColumn, ...]) -> None:
        parts = {name: [column for column in columns if _part_of(column) == name] for name in (*_PARTS, "")}
        self._incident, self._act, self._victim, self._equipment, self._involvements = (
            Row(parts[name]) for name in ("", *_PARTS)
        )
        made = [column.name for name in ("", *_PARTS) for column in parts[name]]
        self._sorted = _sorting([made.index(column.name) for column in columns])

    def of(self, record: Record) -> Iterator[Cells]:
        """The rows of an incident: acts in their order, and the victims of each in theirs."""
        incident = self._incident.cells(record)
        for number, act in enumerate(record.get("acts") or (), start=1):
            before = [*incident, *self._act.cells({"act": {**act, "number": number}})]
            behind = self._involvements.cells(act)
            for place, victim in enumerate(act.get("victims") or [_NOBODY], start=1):
                numbered = {"victim": {**victim, "number": place} if victim else None}
                yield self._sorted([*before, *self._victim.cells(numbered), *self._equipment.cells(victim), *behind])


def _part_of(column: CsvColumn) -> str:
    first = column.path.partition(".")[0]
    return first if first in _PARTS else ""


def _sorting(places: list[int]) -> Callable[[Cells], Any]:
    if places == list(range(len(places))):
        return lambda cells: cells
    # There are at least two, so that the getter gives several cells.
    return itemgetter(*places)
