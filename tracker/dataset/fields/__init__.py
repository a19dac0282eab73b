"""The one table of public fields.

From it come the allowlist of the publication gate, the data dictionary page, the JSON Schema, the CSV header and the
tests. A field that is not in these trees is private; one is made public by listing it here and nowhere else.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from types import MappingProxyType
from typing import Any

from tracker.dataset.fields.base import FieldType, PublicField, Tree, Walked, walk
from tracker.dataset.fields.csv_columns import CsvColumn, csv_columns
from tracker.dataset.fields.incident import INCIDENT
from tracker.dataset.fields.others import OUTLET, SITE, TOPIC
from tracker.dataset.fields.schema import DIALECT, document_schema, object_schema
from tracker.dataset.fields.tables import Table, act_row_tree, key_description
from tracker.dataset.fields.tables import tables as _tables
from tracker.vocabulary import COUNTED_ROLES, PerpetratorType

SCHEMA_VERSION = 1
"""Number of the shape of the canonical JSON; it rises when a field changes its meaning or goes away."""


class Kind(StrEnum):
    """The four kinds of public record."""

    INCIDENT = "incident"
    TOPIC = "topic"
    OUTLET = "outlet"
    SITE = "site"


TREES: Mapping[Kind, Tree] = MappingProxyType(
    {Kind.INCIDENT: INCIDENT, Kind.TOPIC: TOPIC, Kind.OUTLET: OUTLET, Kind.SITE: SITE}
)


@cache
def columns() -> tuple[CsvColumn, ...]:
    """The columns of the CSV file, one incident to a line."""
    return csv_columns(INCIDENT)


def csv_header() -> tuple[str, ...]:
    """The names of the CSV columns, in order."""
    return tuple(column.name for column in columns())


@cache
def act_columns() -> tuple[CsvColumn, ...]:
    """The columns of the CSV file by act, one act and victim to a line."""
    return csv_columns(act_row_tree(INCIDENT))


def act_header() -> tuple[str, ...]:
    """Their names, in order."""
    return tuple(column.name for column in act_columns())


@cache
def tables() -> tuple[Table, ...]:
    """The entities of an incident, each as a table of its own."""
    return _tables(INCIDENT)


def json_schema(kind: Kind = Kind.INCIDENT) -> dict[str, Any]:
    """The JSON Schema of one public record."""
    return {"$schema": DIALECT, "title": f"Public {kind}", **object_schema(TREES[kind])}


def export_schema() -> dict[str, Any]:
    """The JSON Schema of a JSON export of incidents with its metadata."""
    return document_schema(INCIDENT, "Incidents")


@cache
def fields_hash() -> str:
    """Sixteen hexadecimal digits that change with everything in these tables that changes a rendering.

    Descriptions and labels are left out: a corrected sentence in the data dictionary re-renders nothing.
    """
    shape = [
        (kind, step.path, step.field.type, step.field.csv, step.field.searched)
        for kind, tree in TREES.items()
        for step in walk(tree)
    ]
    sides = [(perpetrator.value, str(perpetrator.side)) for perpetrator in PerpetratorType]
    text = repr((SCHEMA_VERSION, shape, csv_header(), sides, sorted(COUNTED_ROLES)))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


__all__ = [
    "INCIDENT",
    "OUTLET",
    "SCHEMA_VERSION",
    "SITE",
    "TOPIC",
    "TREES",
    "CsvColumn",
    "FieldType",
    "Kind",
    "PublicField",
    "Table",
    "Tree",
    "Walked",
    "act_columns",
    "act_header",
    "columns",
    "csv_header",
    "export_schema",
    "fields_hash",
    "json_schema",
    "key_description",
    "tables",
    "walk",
]
