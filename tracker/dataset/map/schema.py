"""The JSON Schema of what is answered about the map (`answer.MapAnswer.as_dict`)."""

from __future__ import annotations

from typing import Any

from tracker.dataset.map.points import GROUPS
from tracker.dataset.map.views import NEAREST
from tracker.vocabulary import COUNTRIES

Schema = dict[str, Any]

COUNT: Schema = {"type": "integer", "minimum": 0}
LONGITUDE: Schema = {"type": "number", "minimum": -180, "maximum": 180}
LATITUDE: Schema = {"type": "number", "minimum": -90, "maximum": 90}
METRES: Schema = {"type": "integer", "minimum": -2}
GROUP: Schema = {"type": "integer", "minimum": -1, "maximum": len(GROUPS) - 1}


def map_schema(meta: Schema) -> Schema:
    """The whole answer, with the schema of its metadata given."""
    return _object(
        {
            "meta": meta,
            "counts": _object(
                dict.fromkeys(("matching", "shown", "country_only", "online", "without_place"), COUNT),
                "How many incidents match; the other four add up to the first.",
            ),
            "countries": _countries("All that match, by country, however they are placed."),
            "by_country": _countries("Those that are placed by their country alone."),
            "months": _list(
                _row({"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}$"}, COUNT, COUNT),
                "A month, how many certainly and how many possibly fall into it.",
            ),
            "undated": COUNT,
            "groups": _list({"type": "string", "enum": [group.value for group in GROUPS]}),
            "mode": {"enum": ["spots", "clusters"]},
            "box": {
                "type": ["array", "null"],
                "description": "West, south, east and north of the tiles that the answer was narrowed down to.",
                "prefixItems": [LONGITUDE, LATITUDE, LONGITUDE, LATITUDE],
                "items": False,
                "minItems": 4,
            },
            "zoom": {"type": ["integer", "null"], "minimum": 0, "maximum": NEAREST},
            "spots": {"oneOf": [_spots(), {"type": "null"}]},
            "clusters": _clusters(),
        }
    )


def _spots() -> Schema:
    columns = {"lat": LATITUDE, "lon": LONGITUDE, "metres": METRES, "count": COUNT, "group": GROUP}
    return _object(
        {name: _list(schema) for name, schema in columns.items()},
        "Public points in columns, all of the same length; -1 metres: the uncertainty is not stated.",
    )


def _clusters() -> Schema:
    row = _row(LATITUDE, LONGITUDE, COUNT, LONGITUDE, LATITUDE, LONGITUDE, LATITUDE, METRES, GROUP)
    return _list(
        row,
        "Middle (latitude, longitude), incidents, box (west, south, east, north), metres and group; -2 metres: several "
        "points; -1 as a group: several groups.",
    )


def _countries(description: str) -> Schema:
    return _list(_row({"type": "string", "enum": sorted(COUNTRIES)}, COUNT), description)


def _row(*items: Schema) -> Schema:
    return {"type": "array", "prefixItems": list(items), "items": False, "minItems": len(items)}


def _list(items: Schema, description: str = "") -> Schema:
    said = {"description": description} if description else {}
    return {"type": "array", **said, "items": items}


def _object(properties: dict[str, Schema], description: str = "") -> Schema:
    said = {"description": description} if description else {}
    return {
        "type": "object",
        **said,
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }
