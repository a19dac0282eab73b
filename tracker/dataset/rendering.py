"""From the canonical JSON of an incident to everything that is stored beside it.

A rendering can be made again from the JSON text alone, whatever version of the program wrote it: a field that an
older text does not have counts as silence.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from typing import Any

from tracker.dataset.facets import Facet, facets
from tracker.dataset.fields import INCIDENT, FieldType, Tree, fields_hash
from tracker.dataset.flatten import csv_line, first_text
from tracker.dataset.known import known_bits
from tracker.dataset.map.points import map_columns, public_point
from tracker.dataset.periods import day_numbers
from tracker.dataset.specimen import specimen
from tracker.db import canonical_json
from tracker.text import fold, search_document
from tracker.vocabulary import NOT_RECORDED, OFFICIAL_RESPONSES, UNKNOWN, PlacePrecision, Response

UNDATED = "0000-00-00"
_DIGITS = re.compile(r"[0-9]+")

Record = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Rendering:
    """All renderings of one incident version.

    `columns` are those by which it is filtered and sorted, `point` is how it stands on the map.
    """

    columns: dict[str, Any]
    point: dict[str, Any]
    csv: str
    feature: str
    facets: list[Facet]
    topics: list[str]
    known: str
    words: str


def render(text: str) -> Rendering:
    """Make all renderings of the canonical JSON `text` of an incident."""
    record: Record = json.loads(text)
    rows, columns = facets(record), filter_columns(record)
    return Rendering(
        columns=columns,
        point=_map_columns(record, rows, columns),
        csv=csv_line(record),
        feature=canonical_json(feature(record, rows)),
        facets=rows,
        topics=[topic["slug"] for topic in record.get("topics") or ()] or [NOT_RECORDED],
        known=known_bits(record),
        words=search_document(searched_texts(record, _searched(INCIDENT))),
    )


@cache
def fingerprint() -> str:
    """What a rendering is stamped with: it changes whenever the table of fields or this code renders differently.

    It takes in the rendering of a specimen that holds every field, so that nobody has to remember to raise a number.
    """
    rendered = render(canonical_json(specimen(INCIDENT)))
    return sha256(f"{fields_hash()}{rendered!r}".encode()).hexdigest()[:16]


def filter_columns(record: Record) -> dict[str, Any]:
    """The narrow columns by which incidents are filtered and sorted."""
    place = record.get("place") or {}
    earliest, latest = day_numbers(record.get("date") or {})
    return {
        "earliest": earliest,
        "latest": latest,
        "sort_key": sort_key(record),
        "country": _country(place),
        "verification": record.get("verification") or NOT_RECORDED,
        "admin1_key": place_key(place.get("admin1")),
        "place_key": place_key(place.get("locality")),
        "response": _response(record),
    }


def _map_columns(record: Record, rows: list[Facet], columns: dict[str, Any]) -> dict[str, Any]:
    days = columns["earliest"], columns["latest"]
    return map_columns(record.get("place") or {}, (row.violation for row in rows), columns["country"], days)


def sort_key(record: Record) -> str:
    """Sorts incidents by their last possible day and then by reference; undated ones come before all days."""
    when = record.get("date") or {}
    day = when.get("latest") or when.get("earliest") or UNDATED
    reference = _DIGITS.sub(lambda number: number.group().zfill(8), record["reference"])
    return f"{day}:{reference}"


def place_key(name: str | None) -> str:
    """The form in which names of places are compared."""
    return fold(name) if name else NOT_RECORDED


def _response(record: Record) -> str:
    """Whether an official response is recorded with the incident itself, whatever its topics have."""
    kinds = {follow_up.get("kind") for follow_up in record.get("follow_ups") or ()}
    return Response.RECORDED.value if kinds & OFFICIAL_RESPONSES else NOT_RECORDED


def _country(place: Mapping[str, Any]) -> str:
    if place.get("country"):
        return str(place["country"])
    return UNKNOWN if place.get("precision") == PlacePrecision.UNKNOWN else NOT_RECORDED


def feature(record: Record, rows: list[Facet]) -> dict[str, Any]:
    """The GeoJSON feature (RFC 7946) of an incident; without a point where none may be drawn."""
    place, when = record.get("place") or {}, record.get("date") or {}
    return {
        "type": "Feature",
        "id": record["reference"],
        "geometry": _point(place),
        "properties": {
            "reference": record["reference"],
            "title": first_text(record.get("title")),
            "summary": first_text(record.get("summary")),
            **{f"date_{name}": when.get(name) for name in ("edtf", "earliest", "latest", "precision")},
            **{name: place.get(name) for name in ("country", "admin1", "locality", "venue")},
            **{f"place_{name}": place.get(name) for name in ("precision", "uncertainty_m", "generalised", "credit")},
            "violations": _distinct(row.violation for row in rows),
            "perpetrators": _distinct(row.perpetrator for row in rows),
            "outlets": [outlet["name"] for outlet in record.get("outlets") or ()],
            "verification": record.get("verification"),
            "revised_on": record.get("revised_on"),
        },
    }


def _point(place: Mapping[str, Any]) -> dict[str, Any] | None:
    if public_point(place) is None:
        return None
    return {"type": "Point", "coordinates": [place["longitude"], place["latitude"]]}


def _distinct(values: Iterator[str]) -> list[str]:
    return [value for value in dict.fromkeys(values) if value != NOT_RECORDED]


Searched = tuple[tuple[str, FieldType, Any], ...]


@cache
def _searched(tree: Tree) -> Searched:
    """The fields of a tree that the text search looks into, and those that hold such fields."""
    inner = [(field, _searched(field.fields)) for field in tree]
    return tuple((field.name, field.type, below) for field, below in inner if below or field.searched)


def searched_texts(record: Record, searched: Searched) -> Iterator[str]:
    """Every text of `record` that the text search looks into."""
    for name, kind, below in searched:
        value = record.get(name)
        if not value:
            continue
        if kind is FieldType.OBJECTS:
            for item in value:
                yield from searched_texts(item, below)
        elif kind is FieldType.OBJECT:
            yield from searched_texts(value, below)
        elif kind is FieldType.TRANSLATIONS:
            yield from value.values()
        elif kind is FieldType.TEXTS:
            yield from value
        else:
            yield value
