"""CSV: the stored lines under one header, and nothing else but a row of hashtags where one is asked for."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator, Sequence

from tracker.dataset.exports.batches import CSV_LINE, Sessions, texts
from tracker.dataset.exports.meta import Export
from tracker.dataset.fields import columns, csv_header
from tracker.dataset.flatten import header_line, to_line

# Python's reader takes 131,072 characters for the most that a cell can hold; the stored lines know no such limit.
csv.field_size_limit(2**31 - 1)

_EMPTY = b'""'
# A cell as it stands in a line, with its quotation marks if it has any; and the rest of a line, behind any cell.
_CELL = r'(?:"[^"]*+(?:""[^"]*+)*+"|[^,"\r]*+)'
_REST = r'[^"\r]*+(?:"[^"]*+"[^"\r]*+)*+\r\n'


def write_csv(sessions: Sessions, export: Export) -> Iterator[bytes]:
    """The file in pieces (UTF-8); with a choice of columns these alone, in the order asked for."""
    if export.fields:
        yield from _chosen_columns(sessions, export)
        return
    yield header_line().encode()
    if export.hxl:
        yield to_line(column.hxl for column in columns()).encode()
    yield from texts(sessions, export, CSV_LINE)


def _chosen_columns(sessions: Sessions, export: Export) -> Iterator[bytes]:
    places = [csv_header().index(name) for name in export.fields]
    yield to_line(export.fields).encode()
    if export.hxl:
        yield to_line(columns()[place].hxl for place in places).encode()
    yield from map(picking(places), texts(sessions, export, CSV_LINE))


def picking(places: Sequence[int]) -> Callable[[bytes], bytes]:
    """What takes the cells at these places, from 0 and each once, out of lines as `to_line` writes them (UTF-8).

    Cells are copied as they stand, quotation marks and all: taking a line apart and writing it again takes three times
    as long.
    """
    in_order = sorted(places)
    parts, next_place = [], 0
    for place in in_order:
        # Before each cell but the first stands a comma.
        passed = place - next_place
        parts.append(f"(?:{_CELL},){{{passed}}}({_CELL})" if next_place == 0 else f"(?:,{_CELL}){{{passed}}},({_CELL})")
        next_place = place + 1
    # What parts the cells is ASCII, and no other character of UTF-8 has such a byte in it.
    line = re.compile(("".join(parts) + _REST).encode())
    groups = [in_order.index(place) + 1 for place in places]

    def pick(lines: bytes) -> bytes:
        if len(groups) == 1:
            # A line without any character would be taken for no line.
            return b"".join([(found[1] or _EMPTY) + b"\r\n" for found in line.finditer(lines)])
        return b"".join([b",".join(found.group(*groups)) + b"\r\n" for found in line.finditer(lines)])

    return pick
