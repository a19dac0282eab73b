"""JSON Schema (draft 2020-12) of the public records, derived from the field trees."""

from __future__ import annotations

from typing import Any

from tracker.dataset.fields.base import FieldType, PublicField, Tree
from tracker.vocabulary import COUNTRIES

DIALECT = "https://json-schema.org/draft/2020-12/schema"
LANGUAGE_TAG = "^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$"
PATTERNS = {"sha256": {"pattern": "^[0-9a-f]{64}$"}, "uri": {"pattern": "^https?://"}}

Schema = dict[str, Any]


def object_schema(tree: Tree) -> Schema:
    """An object with exactly the fields of `tree`: all required, nothing else allowed."""
    return {
        "type": "object",
        "properties": {field.name: field_schema(field) for field in tree},
        "required": [field.name for field in tree],
        "additionalProperties": False,
    }


def field_schema(field: PublicField) -> Schema:
    """One field of a record: null where silence is null."""
    schema = _value_schema(field)
    if field.may_be_null:
        schema = _or_null(schema)
    return {"description": field.description, **schema}


def _or_null(schema: Schema) -> Schema:
    if "enum" in schema:
        return {**schema, "type": [schema["type"], "null"], "enum": [*schema["enum"], None]}
    return {**schema, "type": [schema["type"], "null"]}


def _value_schema(field: PublicField) -> Schema:
    match field.type:
        case FieldType.OBJECT:
            return object_schema(field.fields)
        case FieldType.OBJECTS:
            return {"type": "array", "items": object_schema(field.fields)}
        case FieldType.CODE:
            return {"type": "string", "enum": _codes(field)}
        case FieldType.CODES:
            return {"type": "array", "items": {"type": "string", "enum": _codes(field)}, "uniqueItems": True}
        case FieldType.TRANSLATIONS:
            return {
                "type": "object",
                "patternProperties": {LANGUAGE_TAG: {"type": "string"}},
                "additionalProperties": False,
            }
        case _:
            return _plain_schema(field)


def _plain_schema(field: PublicField) -> Schema:
    plain: dict[FieldType, Schema] = {
        FieldType.TEXT: {"type": "string", "minLength": 1, **PATTERNS.get(field.format or "", {})},
        FieldType.DATE: {"type": "string", "format": "date", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"},
        FieldType.INTEGER: {"type": "integer"},
        FieldType.NUMBER: {"type": "number"},
        FieldType.BOOLEAN: {"type": "boolean"},
        FieldType.COUNTRY: {"type": "string", "enum": sorted(COUNTRIES)},
        FieldType.TEXTS: {"type": "array", "items": {"type": "string"}},
        FieldType.INTEGERS: {"type": "array", "items": {"type": "integer"}},
    }
    return plain[field.type]


def _codes(field: PublicField) -> list[str]:
    if field.vocabulary is None:
        raise ValueError(f"the coded field {field.name} names no vocabulary")
    return list(field.vocabulary.codes())


META: Schema = {
    "type": "object",
    "description": "What was counted and how to cite it.",
    "properties": {
        "dataset_version": {"type": "integer", "minimum": 0},
        "as_of": {"type": ["string", "null"], "format": "date-time"},
        "filter": {"type": "array", "items": {"type": "string"}},
        "query": {"type": "string"},
        "unit": {"const": "incidents"},
        "rows": {"type": "integer", "minimum": 0},
        "unavailable": {"type": "integer", "minimum": 0},
        "licence": {"type": ["string", "null"]},
        "licence_url": {"type": ["string", "null"]},
        "place_credits": {"type": "array", "items": {"type": "string"}},
        "next": {"type": ["string", "null"]},
    },
    "required": ["dataset_version", "as_of", "filter", "query", "unit", "rows", "unavailable", "licence",
                 "licence_url", "place_credits", "next"],
    "additionalProperties": False,
}  # fmt: skip


def document_schema(incident: Tree, title: str) -> Schema:
    """The schema of a whole JSON export: its metadata and its incidents."""
    return {
        "$schema": DIALECT,
        "title": title,
        "type": "object",
        "properties": {"meta": META, "incidents": {"type": "array", "items": object_schema(incident)}},
        "required": ["meta", "incidents"],
        "additionalProperties": False,
    }
