"""Files of incidents: CSV, JSON and GeoJSON, each from the one filter, written in constant memory.

with database.public() as session:
    export = prepare(session, wanted, columns=FORMATS["csv"].columns)
pieces = FORMATS["csv"].write(database.public, export)
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from tracker.dataset.exports.batches import Sessions
from tracker.dataset.exports.csv import write_csv
from tracker.dataset.exports.json import write_geojson, write_json
from tracker.dataset.exports.meta import Export, ExportMeta, prepare, refuse_columns


@dataclass(frozen=True, slots=True)
class Format:
    """One kind of file: its name and ending, its media type, what it is for, and whether columns can be chosen."""

    name: str
    media_type: str
    purpose: str
    write: Callable[[Sessions, Export], Iterator[bytes]]
    columns: bool = False


FORMATS: Mapping[str, Format] = MappingProxyType(
    {
        made.name: made
        for made in (
            Format(
                "csv",
                "text/csv; charset=utf-8; header=present",
                "For spreadsheets and statistics: one incident to a line.",
                write_csv,
                columns=True,
            ),
            Format("json", "application/json", "For programs: the records exactly as they are kept.", write_json),
            Format("geojson", "application/geo+json", "For maps: one feature to an incident.", write_geojson),
        )
    }
)

__all__ = ["FORMATS", "Export", "ExportMeta", "Format", "Sessions", "prepare", "refuse_columns"]
