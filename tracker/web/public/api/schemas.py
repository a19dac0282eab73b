"""The schemas that the answers keep to, as components of the OpenAPI document: made of the tables of fields."""

from __future__ import annotations

from tracker.dataset.exports.schema import feature_collection_schema
from tracker.dataset.fields import TREES, Kind
from tracker.dataset.fields.schema import META, object_schema
from tracker.dataset.map.schema import map_schema
from tracker.vocabulary import Licence, WithdrawalReason
from tracker.web.public.api import change_schemas, figure_schemas
from tracker.web.public.api.shapes import INSTANT, Schema, closed, many, ref


def components() -> dict[str, Schema]:
    """All schemas by name."""
    return {
        **{kind.capitalize(): object_schema(TREES[kind]) for kind in Kind},
        "Meta": META,
        "Origin": _origin(),
        "Incidents": closed({"meta": ref("Meta"), "incidents": many(ref("Incident"))}),
        "FeatureCollection": feature_collection_schema(ref("Meta")),
        **{
            f"{kind.capitalize()}Record": closed({"meta": ref("Origin"), kind.value: ref(kind.capitalize())})
            for kind in (Kind.INCIDENT, Kind.TOPIC, Kind.OUTLET)
        },
        "Map": map_schema(ref("Meta")),
        "BaseMap": _base_map(),
        "Withdrawn": closed({"meta": ref("Origin"), "withdrawn": many(ref("WithdrawnRecord"))}),
        "WithdrawnRecord": _withdrawn(),
        **figure_schemas.components(),
        **change_schemas.components(),
        "Document": {"type": "object"},
        "Error": closed({"error": ref("Problem")}),
        "Gone": closed({"error": ref("Problem"), "withdrawn": {"oneOf": [ref("WithdrawnRecord"), {"type": "null"}]}}),
        "Problem": _problem(),
    }


def _origin() -> Schema:
    """What `answers.meta_of` says."""
    return closed(
        {
            "dataset_version": {"type": "integer", "minimum": 0},
            "as_of": INSTANT,
            "licence": {"type": ["string", "null"], "enum": [*(licence.value for licence in Licence), None]},
            "licence_url": {"type": ["string", "null"]},
        },
        "Where an answer comes from and what may be done with it.",
    )


def _withdrawn() -> Schema:
    """What `errors.withdrawn_entry` says."""
    return closed(
        {
            "kind": {"enum": [kind.value for kind in Kind]},
            "key": {"type": "string"},
            "withdrawn_on": {"type": "string", "format": "date"},
            "dataset_version": {"type": "integer", "minimum": 1},
            "reason": {"type": "string", "enum": list(WithdrawalReason.codes())},
            "successor": {"type": ["string", "null"]},
        },
        "A record that is no longer published.",
    )


def _problem() -> Schema:
    """What `errors.error_response` says."""
    wrong = closed(
        {
            "name": {"type": "string"},
            "value": {"type": "string"},
            "message": {"type": "string"},
            "allowed": many({"type": "string"}),
        },
        "One refused parameter: its name, what came, what is wrong with it, and what is allowed.",
    )
    return closed(
        {
            "status": {"type": "integer", "minimum": 400, "maximum": 599},
            "title": {"type": "string"},
            "detail": {"type": "string"},
            "number": {"type": ["string", "null"], "description": "A number to name when you report a fault."},
            "problems": many(wrong),
        }
    )


def _base_map() -> Schema:
    number: Schema = {"type": "number"}
    country: Schema = {
        "type": "array",
        "description": "The code or null, longitude and latitude of the label, and polygons as lists of rings.",
        "prefixItems": [{"type": ["string", "null"]}, many(number), many(many(many(number)))],
        "items": False,
        "minItems": 3,
    }
    return closed({"step": number, "countries": many(country)})
