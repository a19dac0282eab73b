"""The JSON Schema of incidents.yaml, generated from the drafts, so that an editor can check a file as it is typed.

What a draft calls missing when it is empty is required here, so that the schema demands what `tracker check` demands.
What takes more than one record to judge (a key that names nothing, a day that does not exist) is left to the check.
"""

from collections.abc import Iterator
from typing import Any

from pydantic.json_schema import models_json_schema

from tracker.importing.drafts import SECTIONS
from tracker.importing.schema_words import DESCRIPTIONS
from tracker.registry import drafts
from tracker.registry.drafts import MISSING, Draft, Known, Problem
from tracker.registry.mapping import KINDS
from tracker.vocabulary import COUNTRIES, VOCABULARIES

DIALECT = "https://json-schema.org/draft/2020-12/schema"
SUFFIX = "Draft"

# Bounds that pydantic leaves in its own words where a check of ours stands before them.
_NAMES = {"ge": "minimum", "le": "maximum"}

Schema = dict[str, Any]

# What drafts leave to the record around them to miss.
ALSO_REQUIRED: dict[str, list[str]] = {"Citation": ["source"], "Name": ["name"], "Incident": ["key"]}

# What is required only together with something else.
CONDITIONS: dict[str, list[Schema]] = {
    "Source": [{"anyOf": [{"required": [name]} for name in ("publisher", "title", "url")]}],
    "Victim": [
        {"if": _is, "then": {"required": [name]}}
        for _is, name in (
            ({"required": ["kind"], "properties": {"kind": {"const": "person"}}}, "naming"),
            ({"required": ["kind"], "properties": {"kind": {"const": "outlet"}}}, "outlet"),
            ({"required": ["naming"], "properties": {"naming": {"const": "named"}}}, "person"),
        )
    ],
    "Involvement": [{"dependentRequired": {"named_actor": ["named_actor_is"], "named_actor_is": ["named_actor"]}}],
    "Place": [{"dependentRequired": {"latitude": ["longitude"], "longitude": ["latitude"]}}],
}


def file_schema() -> Schema:
    """The schema of a whole file."""
    models = [KINDS[kind][0] for kind in SECTIONS.values()]
    _places, made = models_json_schema([(model, "validation") for model in models], ref_template="#/$defs/{model}")
    definitions = {_short(name): _definition(name, found) for name, found in made["$defs"].items()}
    return {
        "$schema": DIALECT,
        "title": "incidents.yaml",
        "description": "Incidents, and the sources, people, outlets and topics that they name.",
        "type": "object",
        "additionalProperties": False,
        "properties": {section: _part(section, kind) for section, kind in SECTIONS.items()},
        "$defs": definitions | {"Country": {"description": "ISO 3166-1 alpha-2.", "enum": sorted(COUNTRIES)}},
    }


def _part(section: str, kind: str) -> Schema:
    record = {"$ref": f"#/$defs/{_short(KINDS[kind][0].__name__)}"}
    said = {"description": DESCRIPTIONS[""][section]}
    # Any part of the file may be left empty.
    if section == "site":
        return {"anyOf": [record, {"type": "null"}], **said}
    return {"type": ["array", "null"], "items": record, **said}


def _definition(name: str, found: Schema) -> Schema:
    """One definition as pydantic made it, with our own words and with what is required."""
    if not name.endswith(SUFFIX):
        return _codes(name, found)
    required = _required(getattr(drafts, name))
    name = _short(name)
    needed = [*required, *ALSO_REQUIRED.get(name, [])]
    properties = {
        field: _property(name, field, shape, needed=field in needed) for field, shape in found["properties"].items()
    }
    made = {"type": "object", "description": found["description"], "additionalProperties": False}
    made |= {"properties": properties} | ({"required": needed} if needed else {})
    return made | ({"allOf": CONDITIONS[name]} if name in CONDITIONS else {})


def _property(name: str, field: str, shape: Schema, *, needed: bool) -> Schema:
    shape = _renamed({key: value for key, value in shape.items() if key not in {"title", "default"}})
    said = DESCRIPTIONS.get(name, {}).get(field) or _sentence(shape.pop("description"))
    shape.pop("description", None)
    if field == "country":
        shape = {"anyOf": [{"$ref": "#/$defs/Country"}, {"type": "null"}]}
    if needed:
        shape = _not_empty(shape)
    return {"description": said, **shape}


def _not_empty(shape: Schema) -> Schema:
    """The shape of something required: neither null nor empty."""
    choices = [choice for choice in shape.get("anyOf", []) if choice != {"type": "null"}]
    if choices:
        return choices[0] if len(choices) == 1 else {"anyOf": choices}
    least = {"array": "minItems", "object": "minProperties"}.get(shape.get("type", ""))
    return {**shape, least: 1} if least else shape


def _required(model: type[Draft]) -> list[str]:
    """The fields that an empty draft is told to be missing."""
    return [str(problem.path[0]) for problem in _complaints(model()) if problem.message == MISSING]


def _complaints(draft: Draft) -> Iterator[Problem]:
    if isinstance(draft, drafts.VictimDraft | drafts.ActDraft):
        yield from draft.problems(Known(), frozenset())
    elif isinstance(draft, drafts.DateDraft | drafts.PlaceDraft | drafts.EquipmentDraft | drafts.InvolvementDraft):
        yield from draft.problems()
    elif hasattr(draft, "problems"):
        yield from draft.problems(Known())


def _codes(name: str, found: Schema) -> Schema:
    """A vocabulary: its codes, and what each of them means."""
    meanings = next((list(v) for v in VOCABULARIES.values() if v.__name__ == name), [])
    told = [found.get("description", "").partition("\n")[0], *(f"{code}: {code.definition}" for code in meanings)]
    return {"type": "string", "description": "\n".join(told), "enum": found["enum"]}


def _renamed(shape: Any) -> Any:
    """The same shape, with references to the definitions by their short names, and bounds as JSON Schema has them."""
    if isinstance(shape, dict):
        return {
            _NAMES.get(key, key): _short(value) if key == "$ref" else _renamed(value) for key, value in shape.items()
        }
    return [_renamed(item) for item in shape] if isinstance(shape, list) else shape


def _short(name: str) -> str:
    """A draft's name without its suffix, unless a vocabulary has that name already."""
    return name.replace("ConsentDraft", "Consents").removesuffix(SUFFIX)


def _sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:].rstrip('.')}."
