"""What stands in a ZIP of tables about it: `datapackage.json` for programs, `README.txt` for people."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from tracker.dataset.exports import undo
from tracker.dataset.exports.meta import Export, iso_instant
from tracker.dataset.fields import CsvColumn, FieldType, Table, key_description
from tracker.text import SEPARATOR
from tracker.vocabulary import COUNTRIES, Licence

Described = dict[str, Any]

_BAR = re.escape(SEPARATOR)
_TYPES = {
    FieldType.DATE: "date",
    FieldType.INTEGER: "integer",
    FieldType.NUMBER: "number",
    FieldType.BOOLEAN: "boolean",
}
_DIALECT = {
    "delimiter": ",",
    "lineTerminator": "\r\n",
    "quoteChar": '"',
    "doubleQuote": True,
    "skipInitialSpace": False,
    "header": True,
}


@cache
def how_to_undo() -> str:
    """The program that reads a CSV file back, as it is printed for readers."""
    return Path(undo.__file__).read_text(encoding="utf-8").partition('"""\n\n')[2].strip() + "\n"


def descriptor(export: Export, files: Iterable[tuple[Table, int, int, str]]) -> Described:
    """The content of `datapackage.json`; each file is a table, its rows, its bytes and its SHA-256."""
    meta = export.meta
    described: Described = {
        "profile": "tabular-data-package",
        "name": "incidents",
        "title": f"Incidents, dataset version {meta.dataset_version}",
        "description": f"Attacks on the press: {'; '.join(meta.filter) or 'all incidents'}.",
        "version": str(meta.dataset_version),
        "meta": meta.as_dict(),
        "resources": [_resource(*file) for file in files],
    }
    if export.site:
        described["homepage"] = f"{export.site}/"
    if meta.as_of:
        described["created"] = iso_instant(meta.as_of)
    if meta.licence:
        described["licenses"] = [_licence(meta.licence)]
    return described


def _licence(licence: Licence) -> Described:
    # Such as CC-BY-4.0, by which the Open Definition and SPDX know it.
    name = licence.value.upper().replace("_", "-")
    name = re.sub(r"-(\d)-(\d)$", r"-\1.\2", name)
    return {"name": name, "title": licence.label, "path": licence.url}


def _resource(table: Table, rows: int, size: int, digest: str) -> Described:
    schema: Described = {
        "fields": [*_key_fields(table), *(_field(column) for column in table.columns)],
        "missingValues": [""],
        "primaryKey": list(table.keys),
    }
    if table.parent:
        keys = list(table.keys[:-1])
        schema["foreignKeys"] = [{"fields": keys, "reference": {"resource": table.parent, "fields": keys}}]
    return {
        "profile": "tabular-data-resource",
        "name": table.name,
        "path": f"{table.name}.csv",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "dialect": _DIALECT,
        "rows": rows,
        "bytes": size,
        "hash": f"sha256:{digest}",
        "schema": schema,
    }


def _key_fields(table: Table) -> list[Described]:
    if table.parent is None:
        return []
    reference, *numbers = (
        {"name": name, "description": key_description(name), "constraints": {"required": True}} for name in table.keys
    )
    return [reference | {"type": "string"}, *(number | {"type": "integer"} for number in numbers)]


def _field(column: CsvColumn) -> Described:
    kind = _TYPES.get(column.field.type, "string") if column.part == "value" else "string"
    described: Described = {"name": column.name, "type": kind, "description": column.description}
    if constraints := _constraints(column):
        described["constraints"] = constraints
    return described


def _constraints(column: CsvColumn) -> Described:
    field = column.field
    if column.part != "value":
        return {}
    # What is never silent in its object is silent where that object is not recorded, such as the date of a follow-up.
    constraints: Described = {}
    if not field.may_be_null and len(column.steps) == 1 and field.type not in _MAY_BE_EMPTY:
        constraints["required"] = True
    codes = sorted(COUNTRIES) if field.type is FieldType.COUNTRY else field.vocabulary and field.vocabulary.codes()
    if codes and field.type is FieldType.CODES:
        one = "|".join(re.escape(code) for code in codes)
        constraints["pattern"] = f"({one})({_BAR}({one}))*"
    elif codes:
        constraints["enum"] = list(codes)
    elif field.type is FieldType.INTEGERS:
        constraints["pattern"] = f"[0-9]+({_BAR}[0-9]+)*"
    return constraints


_MAY_BE_EMPTY = frozenset({FieldType.TRANSLATIONS, FieldType.CODES, FieldType.TEXTS, FieldType.INTEGERS})

_README = """\
Incidents, dataset version {version}
{line}

As of (UTC):          {as_of}
Filter:               {filter}
Query:                {query}
Counting unit:        {unit}
Rows:                 {rows}
No longer available:  {unavailable}
Licence:              {licence}
Definitions:          {site}/methodology defines every code, {site}/data every field.

Files
-----
{files}
datapackage.json describes every column, key and code, with the size and the SHA-256 of each file
(https://specs.frictionlessdata.io/). A row is named by the column reference and the numbers beside it; the same columns
without the last one name the row of the file to which it belongs.

How to read them
----------------
The files are UTF-8, separated by commas, quoted where needed (RFC 4180), lines end with CR LF. An empty cell says that
nothing is recorded; what a source says is not known has the code "unknown". NA is a country.

A list in a cell is separated by "|"; a "|" inside a value is written "\\|", and a "\\" is written "\\\\". The other
translations of a text are such a list of language=text.

A text that a spreadsheet could take for a formula is preceded by one apostrophe: a text that begins, after blanks or
not, with = + - @ ' in either width, a tab or a line break. To undo it, remove one apostrophe from the start of the
cell. Numbers, days and codes are never changed. In Python:

{undo}"""


def readme(export: Export, files: Iterable[tuple[Table, int]]) -> str:
    """The content of `README.txt`."""
    meta = export.meta
    title = f"Incidents, dataset version {meta.dataset_version}"
    return _README.format(
        version=meta.dataset_version,
        line="=" * len(title),
        as_of=iso_instant(meta.as_of) or "nothing has been published yet",
        filter="; ".join(meta.filter) or "all incidents",
        query=meta.query or "none",
        unit=meta.unit,
        rows=meta.rows,
        unavailable=meta.unavailable,
        licence=f"{meta.licence.label}, {meta.licence.url}" if meta.licence else "not stated",
        site=export.site or "",
        files="\n".join(f"{table.name + '.csv':22}{count:>10,} rows" for table, count in files) + "\n",
        undo="\n".join(f"    {line}".rstrip() for line in how_to_undo().splitlines()) + "\n",
    )
