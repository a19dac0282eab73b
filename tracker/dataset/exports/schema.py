"""The JSON Schema of the GeoJSON file (RFC 7946), made of the fields that `rendering.feature` takes from a record."""

from __future__ import annotations

from typing import Any

from tracker.dataset.fields import INCIDENT, walk
from tracker.dataset.fields.schema import field_schema
from tracker.vocabulary import PerpetratorType, Violation

Schema = dict[str, Any]

TEXT_OR_NULL: Schema = {"type": ["string", "null"]}
# A property of a feature, and the field of the record that it repeats.
_REPEATED = {
    "reference": "reference",
    **{f"date_{name}": f"date.{name}" for name in ("edtf", "earliest", "latest", "precision")},
    **{name: f"place.{name}" for name in ("country", "admin1", "locality", "venue")},
    **{f"place_{name}": f"place.{name}" for name in ("precision", "uncertainty_m", "generalised", "credit")},
    "verification": "verification",
    "revised_on": "revised_on",
}


def feature_collection_schema(meta: Schema) -> Schema:
    """The whole file, with the schema of its metadata given."""
    return _object({"type": {"const": "FeatureCollection"}, "meta": meta, "features": _list(feature_schema())})


def feature_schema() -> Schema:
    """One incident as a feature."""
    return _object(
        {
            "type": {"const": "Feature"},
            "id": {"type": "string"},
            "geometry": {"oneOf": [_point(), {"type": "null"}]},
            "properties": _object(_properties()),
        }
    )


def _properties() -> dict[str, Schema]:
    fields = {step.path: step.field for step in walk(INCIDENT)}
    return {
        "title": {**TEXT_OR_NULL, "description": "The title in English, else in the first language by its code."},
        "summary": {**TEXT_OR_NULL, "description": "The summary in English, else in the first language by its code."},
        **{name: field_schema(fields[path]) for name, path in _REPEATED.items()},
        "violations": _list({"type": "string", "enum": list(Violation.codes())}),
        "perpetrators": _list({"type": "string", "enum": list(PerpetratorType.codes())}),
        "outlets": _list({"type": "string"}),
    }


def _point() -> Schema:
    longitude, latitude = ({"type": "number", "minimum": -most, "maximum": most} for most in (180, 90))
    coordinates = {"type": "array", "prefixItems": [longitude, latitude], "items": False, "minItems": 2}
    return _object({"type": {"const": "Point"}, "coordinates": coordinates})


def _list(items: Schema) -> Schema:
    return {"type": "array", "items": items}


def _object(properties: dict[str, Schema]) -> Schema:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }
