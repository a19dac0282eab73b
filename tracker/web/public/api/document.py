"""The OpenAPI 3.1 document, made of the addresses of the site and the tables of endpoints, parameters and fields."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from types import MappingProxyType
from typing import Any

from werkzeug.routing import Map

from tracker.dataset.changes.asked import PLACE, POSITION
from tracker.dataset.exports import FORMATS
from tracker.dataset.fields import SCHEMA_VERSION, csv_header
from tracker.dataset.fields.schema import DIALECT
from tracker.dataset.map.views import NEAREST
from tracker.dataset.parameter_schemas import BOX, DAY, SHORT_NAME, columns_schema, parameter_schema
from tracker.dataset.parameters import PARAMETERS, Parameter
from tracker.dataset.releases.naming import NAME
from tracker.dataset.statistics import DIMENSIONS, Question, Unit
from tracker.vocabulary import Licence
from tracker.vocabulary.crosswalks import SCHEMES
from tracker.web.public.api import schemas
from tracker.web.public.api.endpoints import ENDPOINTS, DataEndpoint
from tracker.web.public.api.responses import header_components, response_components, responses_of

Object = dict[str, Any]

OPENAPI = "3.1.1"
BLUEPRINT = "public."
_PLACE = re.compile(r"<(?:[^:<>]+:)?([^<>]+)>")

DESCRIPTION = """\
The data of this register, as the pages show it: the twin of a page is its path with an ending.

* A parameter that is unknown, malformed or contradictory is refused with 400 and a list of what is allowed; none is
  ever ignored. Repeat a name for "any of"; different names must all hold, and those of acts, victims and perpetrators
  must hold of the same act and the same victim.
* `as_of` and `dataset` rebuild what was public then. What was restricted since, for somebody's safety, is left out and
  counted in `unavailable`.
* Of what is kept as a file (XLSX, ZIP, the files of a release) a part can be asked for with `Range`.
* `limit` asks for a page; `meta.next` is the `after` of the page that follows it, at the same dataset version. Without
  them everything comes at once.
* Every answer has an `ETag`; sent back as `If-None-Match` it brings 304 until something was published.
* Each address takes HEAD as well. Pages of other sites may read all of it. There are no keys and no cookies.
"""

_SINCE: Object = {
    "anyOf": [{"type": "string", "pattern": "^[0-9]{1,9}$"}, DAY, {"type": "string", "pattern": f"^{POSITION}$"}]
}
_AFTER_CHANGES: Object = {"type": "string", "pattern": f"^{PLACE}$"}
_PATHS: Mapping[str, Object] = MappingProxyType(
    {
        "reference": {
            "description": "Reference of an incident; it never changes.",
            "schema": {"type": "string", "pattern": "^[A-Z]{3}-([0-9]{4}|ND)-[0-9]{4,}$"},
            "example": "KGZ-2020-0001",
        },
        "slug": {
            "description": "Short name of a topic or an outlet, as in the address of its page.",
            "schema": SHORT_NAME,
            "example": "kloop",
        },
        "scheme": {
            "description": "Short name of the list of another organisation.",
            "schema": {"type": "string", "enum": list(SCHEMES)},
            "example": next(iter(SCHEMES)),
        },
        "name": {
            "description": "Name of a release.",
            "schema": {"type": "string", "pattern": f"^{NAME.pattern}$"},
            "example": "2026.1",
        },
        "file": {
            "description": "Name of a file of that release, as its manifest gives it.",
            "schema": {"type": "string", "pattern": "^[A-Za-z0-9][A-Za-z0-9._-]*$"},
            "example": "manifest.json",
        },
    }
)


def document(addresses: Map, *, title: str, server: str, licence: Licence | None) -> Object:
    """The whole document; `server` is the address of the site, "/" for wherever the document was fetched from."""
    terms = {"license": {"name": licence.label, "url": licence.url}} if licence else {}
    return {
        "openapi": OPENAPI,
        "jsonSchemaDialect": DIALECT,
        "info": {"title": title, "description": DESCRIPTION, "version": str(SCHEMA_VERSION), **terms},
        "servers": [{"url": server}],
        "tags": [{"name": name} for name in dict.fromkeys(entry.group for entry in ENDPOINTS.values())],
        "paths": dict(_paths(addresses)),
        "components": _components(),
    }


def paths_of(addresses: Map) -> dict[str, str]:
    """The path of each data endpoint by its name, as it stands in the table of routes."""
    found: dict[str, str] = {}
    for rule in addresses.iter_rules():
        name = rule.endpoint.removeprefix(BLUEPRINT)
        # Of a picture that is drawn in several languages the first address counts, which is the English one.
        if rule.endpoint.startswith(BLUEPRINT) and name in ENDPOINTS:
            found.setdefault(name, rule.rule)
    return {name: found[name] for name in ENDPOINTS}


def query_parameters() -> dict[str, Object]:
    """All parameters that some data endpoint takes, as the document describes them.

    Each stands under its name; where a name means something else at another address, under a key of its own there.
    """
    return {**{name: _of_table(parameter) for name, parameter in PARAMETERS.items()}, **_others()}


def _of_table(parameter: Parameter) -> Object:
    schema = parameter_schema(parameter)
    several = schema["type"] == "array"
    example: Any = parameter.example
    if schema["type"] == "integer":
        example = int(example)
    elif several:
        example = [example]
    return {
        "name": parameter.name,
        "in": "query",
        "description": str(parameter.description),
        "required": False,
        "style": "form",
        # Only the names of columns stand in one value, with commas between them.
        "explode": not several or parameter.many,
        "schema": schema,
        **({"example": example} if parameter.example else {}),
    }


def _others() -> dict[str, Object]:
    """What is no part of the filter."""
    zoom = {"type": "integer", "minimum": 0, "maximum": NEAREST}
    dimensions = {"type": "string", "enum": list(DIMENSIONS)}
    units = {"type": "string", "enum": [unit.value for unit in Unit]}
    asked = Question()
    return {
        "box": _plain("box", "The part of the map that is looked at, given together with `zoom`.", BOX, "69,39,81,44"),
        "zoom": _plain("zoom", "How near it is looked at, given together with `box`.", zoom, 7),
        "unit": _plain("unit", "What is counted.", {**units, "default": asked.unit.value}, "victims"),
        "by": _plain("by", "By what it is counted.", {**dimensions, "default": asked.by.name}, "violation"),
        "then": _plain("then", "By what again within that; something else than `by`.", dimensions, "year"),
        "since": _plain(
            "since", "A dataset version, a day, or the `position` that an earlier answer gave.", _SINCE, "0"
        ),
        "after_changes": _plain(
            "after", "The page after this one, as the page before gives it in `next`.", _AFTER_CHANGES, None
        ),
        **{
            f"fields_of_{form.stem}": _of_columns(form.stem, form.columns)
            for form in FORMATS.values()
            if form.columns and form.columns != csv_header()
        },
        "v": _plain("v", "A mark of the content, with which the answer may be kept.", {"type": "string"}, None),
    }


def _of_columns(stem: str, columns: tuple[str, ...]) -> Object:
    """The choice of columns of a file that has other ones than the flat file of incidents."""
    said = f"Columns of the CSV file of {stem}, with commas between them."
    schema, example = columns_schema(columns), list(columns[:2])
    return {**_plain("fields", said, schema, example), "style": "form", "explode": False}


def _plain(name: str, description: str, schema: Object, example: Any) -> Object:
    said = {} if example is None else {"example": example}
    return {"name": name, "in": "query", "description": description, "required": False, "schema": schema, **said}


@cache
def _components() -> Object:
    return {
        "schemas": schemas.components(),
        "parameters": query_parameters(),
        "headers": header_components(),
        "responses": response_components(),
    }


def _paths(addresses: Map) -> Iterator[tuple[str, Object]]:
    for name, rule in paths_of(addresses).items():
        yield _PLACE.sub(r"{\1}", rule), {"get": _operation(name, rule, ENDPOINTS[name])}


def _operation(name: str, rule: str, entry: DataEndpoint) -> Object:
    return {
        "operationId": name,
        "summary": entry.summary,
        "tags": [entry.group],
        "parameters": [
            *({"name": place, "in": "path", "required": True, **_PATHS[place]} for place in _PLACE.findall(rule)),
            *({"$ref": f"#/components/parameters/{parameter}"} for parameter in entry.parameters),
        ],
        "responses": responses_of(entry),
    }
