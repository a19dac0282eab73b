"""The query parameters as JSON Schema, for programs that read how to ask: the same that `parameters` reads.

Values are strings in an address; a schema says which. Blanks around a value are cut off and a country may be written
in small letters, which no schema repeats: whoever keeps to it is understood.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tracker.dataset.fields import csv_header
from tracker.dataset.parameters import LARGEST_LIMIT, LONGEST_TEXT, PARAMETERS, Parameter, codes_allowed
from tracker.vocabulary import COUNTRIES, NOT_RECORDED, UNKNOWN

Schema = dict[str, Any]

DAY: Schema = {"type": "string", "format": "date", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}
# In one line, without characters of control, those that turn the direction, and those that stand for none.
_NO_TEXT = r"\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069\ufdd0-\ufdef\ufffe\uffff"
WORDS: Schema = {"type": "string", "minLength": 1, "maxLength": LONGEST_TEXT, "pattern": f"^[^{_NO_TEXT}]+$"}
SHORT_NAME: Schema = {"type": "string", "maxLength": LONGEST_TEXT, "pattern": "^[a-z0-9]+([-_][a-z0-9]+)*$"}
_LONGITUDE = r"-?(180(\.0{1,20})?|(1[0-7][0-9]|[1-9]?[0-9])(\.[0-9]{1,20})?)"
_LATITUDE = r"-?(90(\.0{1,20})?|[1-8]?[0-9](\.[0-9]{1,20})?)"
BOX: Schema = {"type": "string", "pattern": f"^{_LONGITUDE},{_LATITUDE},{_LONGITUDE},{_LATITUDE}$"}
LARGEST_VERSION = 999_999_999


def _schemas() -> dict[str, Schema]:
    """What is no coded value, by the names of the parameters; of those with several values, one."""
    return {
        "q": WORDS,
        "from": DAY,
        "to": DAY,
        "when": {"type": "string", "enum": ["possible", "certain"]},
        "country": {"type": "string", "enum": [*sorted(COUNTRIES), UNKNOWN, NOT_RECORDED]},
        "admin1": WORDS,
        "place": WORDS,
        "within": BOX,
        "outlet": SHORT_NAME,
        "topic": SHORT_NAME,
        "as_of": DAY,
        "dataset": {"type": "integer", "minimum": 1, "maximum": LARGEST_VERSION},
        "fields": columns_schema(csv_header()),
        "hxl": {"type": "string", "const": "1"},
        "limit": {"type": "integer", "minimum": 1, "maximum": LARGEST_LIMIT},
        "after": {
            "type": "string",
            "pattern": r"^[0-9]{1,9}\.[0-9a-f]{10}\.[0-9]{4}-[0-9]{2}-[0-9]{2}:[A-Za-z0-9_-]{1,60}$",
        },
    }


def columns_schema(columns: Sequence[str]) -> Schema:
    """A choice of the columns of a file."""
    return {"type": "array", "minItems": 1, "items": {"type": "string", "enum": list(columns)}}


def parameter_schema(parameter: Parameter) -> Schema:
    """What a parameter may be: one value, or a list of them where it can be repeated."""
    if parameter.vocabulary is not None:
        one: Schema = {"type": "string", "enum": list(codes_allowed(parameter.vocabulary))}
    else:
        one = _schemas()[parameter.name]
    return {"type": "array", "minItems": 1, "items": one} if parameter.many else one


def parameter_schemas() -> dict[str, Schema]:
    """All parameters of the filter by name."""
    return {name: parameter_schema(parameter) for name, parameter in PARAMETERS.items()}
