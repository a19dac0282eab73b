"""Files of incidents, each from the one filter, written or made in constant memory.

form = FORMATS["csv"]
with database.public() as session:
    export = form.prepare(session, wanted)
pieces = form.write(database.public, export)
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from tracker.dataset.exports.acts import ACTS, write_acts
from tracker.dataset.exports.batches import Sessions
from tracker.dataset.exports.csv import write_csv
from tracker.dataset.exports.formats import Format
from tracker.dataset.exports.json import write_geojson, write_json, write_jsonl
from tracker.dataset.exports.meta import Export, ExportMeta, prepare, refuse_columns, refuse_pages
from tracker.dataset.exports.package import make_package
from tracker.dataset.fields import act_header, csv_header
from tracker.phrases import phrase


def _make_workbook(sessions: Sessions, export: Export, folder: Path) -> Path:
    # Loaded where it is needed, since the library behind it takes some megabytes.
    from tracker.dataset.exports.workbook import make_workbook

    return make_workbook(sessions, export, folder)


CSV_TYPE = "text/csv; charset=utf-8; header=present"

_TABLE = (
    Format(
        "csv", "CSV", "incidents", "csv", CSV_TYPE,
        phrase("For spreadsheets and statistics: one incident to a line. UTF-8, separated by commas, RFC 4180."),
        writing=write_csv,
        columns=csv_header(),
    ),
    Format(
        "acts-csv", phrase("CSV by act"), "acts", "csv", CSV_TYPE,
        phrase(
            "For counting: one line for each act and victim, with the date, the place and the outlet of the time; all "
            "acts of the incidents that match. An act without a recorded victim has one line."
        ),
        unit=ACTS,
        writing=write_acts,
        columns=act_header(),
    ),
    Format(
        "xlsx", "XLSX", "incidents", "xlsx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        phrase(
            "For Excel and LibreOffice: a sheet for each entity (incidents, acts, victims, perpetrators, sources …), "
            "days and numbers as such, and a sheet of notes that says where the data is from."
        ),
        making=_make_workbook,
    ),
    Format(
        "json", "JSON", "incidents", "json", "application/json",
        phrase(
            "For programs: the whole records exactly as they are kept, and what was asked for under `meta`; "
            "`/data/schema.json` is its schema."
        ),
        writing=write_json,
    ),
    Format(
        "jsonl", "JSON Lines", "incidents", "jsonl", "application/jsonl",
        phrase("For programs that read line by line: each line is one record, as in the JSON file."),
        writing=write_jsonl,
    ),
    Format(
        "geojson", "GeoJSON", "incidents", "geojson", "application/geo+json",
        phrase("For maps: one feature to an incident (RFC 7946). What has no point has a null geometry."),
        writing=write_geojson,
    ),
    Format(
        "zip", phrase("ZIP of tables"), "incidents", "zip", "application/zip",
        phrase(
            "For databases and archives: a CSV file for each entity, joined by keys, with a description of every "
            "column, code and key (Frictionless `datapackage.json`), the licence and a hash of each file."
        ),
        making=make_package,
    ),
)  # fmt: skip

FORMATS: Mapping[str, Format] = MappingProxyType({form.name: form for form in _TABLE})
"""Every kind of file by its name, in the order in which they are offered."""

__all__ = ["FORMATS", "Export", "ExportMeta", "Format", "Sessions", "prepare", "refuse_columns", "refuse_pages"]
