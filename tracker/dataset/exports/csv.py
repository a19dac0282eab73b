"""CSV: the stored lines under one header, and nothing else."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from operator import itemgetter

from tracker.dataset.exports.batches import CSV_LINE, Sessions, texts
from tracker.dataset.exports.meta import Export
from tracker.dataset.fields import csv_header
from tracker.dataset.flatten import header_line, to_line

# Python's reader takes 131,072 characters for the most that a cell can hold; the stored lines know no such limit.
csv.field_size_limit(2**31 - 1)


def write_csv(sessions: Sessions, export: Export) -> Iterator[bytes]:
    """The file in pieces (UTF-8); with a choice of columns these alone, in the order asked for."""
    if export.fields:
        yield from _chosen_columns(sessions, export)
        return
    yield header_line().encode()
    yield from texts(sessions, export, CSV_LINE)


def _chosen_columns(sessions: Sessions, export: Export) -> Iterator[bytes]:
    places = [csv_header().index(name) for name in export.fields]
    # A getter of one place gives the cell itself and not a row of one cell.
    pick = itemgetter(*places) if len(places) > 1 else itemgetter(slice(places[0], places[0] + 1))
    yield to_line(export.fields).encode()
    for lines in texts(sessions, export, CSV_LINE):
        chosen = io.StringIO(newline="")
        rows = csv.reader(io.StringIO(lines.decode(), newline=""))
        csv.writer(chosen, lineterminator="\r\n").writerows(map(pick, rows))
        yield chosen.getvalue().encode()
