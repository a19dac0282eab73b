"""The schemas of figures: summaries, the dashboard, completeness and crosswalks."""

from __future__ import annotations

from dataclasses import fields

from tracker.dataset.crosswalks.results import RELATIONS, Tally
from tracker.dataset.fields.schema import META
from tracker.dataset.statistics.question import DIMENSIONS, Unit
from tracker.vocabulary import Certainty
from tracker.vocabulary.crosswalks import SCHEMES
from tracker.web.public.api.shapes import COUNT, DAY, TEXT, TEXT_OR_NULL, Schema, closed, many, ref

BY = ("violation", "perpetrator", "country", "outlet")
"""The dimensions in which a dashboard compares two years."""
_DIMENSION: Schema = {"type": "string", "enum": list(DIMENSIONS)}
_DIMENSION_OR_NULL: Schema = {"type": ["string", "null"], "enum": [*DIMENSIONS, None]}
_UNIT: Schema = {"type": "string", "enum": [unit.value for unit in Unit]}


def components() -> dict[str, Schema]:
    """The schemas of figures by name."""
    return {
        "Count": closed(
            {"possible": COUNT, "certain": COUNT},
            "How many may be meant, and of how many it is certain that they are.",
        ),
        "Measures": {
            "type": "object",
            "description": "Counts by the name of what is counted: the unit, or the measures of the unit `victims`.",
            "additionalProperties": ref("Count"),
        },
        "Summary": _summary(),
        "BothYears": closed({"this_year": ref("Count"), "last_year": ref("Count")}),
        "Dashboard": _dashboard(),
        "Completeness": closed({"meta": ref("Meta"), "completeness": many(_known())}),
        "Tally": closed({one.name: COUNT for one in fields(Tally)}, "Incidents, acts and victims in a class."),
        "Crosswalk": _crosswalk(),
        "CrosswalkList": _crosswalk_list(),
    }


def _meta(**more: Schema) -> Schema:
    """The metadata of a filter, and what else an answer says there."""
    return closed({**META["properties"], **more}, META["description"])


def _summary() -> Schema:
    """What `statistics.writing.json_text` says."""
    cell = {
        "measure": TEXT,
        **dict.fromkeys(("row", "row_label", "column", "column_label"), TEXT),
        "possible": COUNT,
        "certain": COUNT,
    }
    return closed(
        {
            "meta": _meta(unit=_UNIT, by=_DIMENSION, then=_DIMENSION_OR_NULL),
            "total": ref("Measures"),
            "sum_of_rows": ref("Measures"),
            "overlapping": {"type": "boolean"},
            "undated": {"oneOf": [ref("Measures"), {"type": "null"}]},
            "without_act": COUNT,
            "row_totals": many(_total("row")),
            "column_totals": many(_total("column")),
            "notes": many(TEXT),
            "cells": many(closed(cell)),
        }
    )


def _total(name: str) -> Schema:
    return {
        "type": "object",
        "properties": {name: TEXT},
        "required": [name],
        "additionalProperties": ref("Count"),
    }


def _dashboard() -> Schema:
    """What `dashboards.dashboard_json` says."""
    year = closed({"from": DAY, "to": DAY})
    line = closed({"key": TEXT, "label": TEXT, "this_year": ref("Count"), "last_year": ref("Count")})
    held = closed(
        {**dict.fromkeys(("name", "naming", "outlet"), TEXT_OR_NULL), "reference": TEXT, "kind": TEXT, "since": TEXT}
    )
    silence = closed(
        {"days": COUNT, "until": DAY, "incidents": COUNT, "unanswered": COUNT, "answered_with_a_topic": COUNT}
    )
    return closed(
        {
            "meta": _meta(day=DAY),
            "this_year": year,
            "last_year": year,
            "incidents": ref("BothYears"),
            "victims": {"type": "object", "additionalProperties": ref("BothYears")},
            "by": closed({name: many(line) for name in BY}),
            "held": {
                "type": "object",
                "properties": {"longest": many(held)},
                "required": ["longest"],
                "additionalProperties": COUNT,
            },
            "no_official_response": many(silence),
        }
    )


def _known() -> Schema:
    """What `completeness._lines` says."""
    year = {"type": "string", "description": "A year, `all`, or `no_year` for what lies in no single one."}
    return closed({"field": TEXT, "year": year, "known": COUNT, "of": COUNT, "incidents": COUNT})


def _crosswalk() -> Schema:
    """What `crosswalks.files.counts_as_json` says."""
    scheme = {"code": {"type": "string", "enum": list(SCHEMES)}, **dict.fromkeys(("name", "keeper", "about"), TEXT)}
    return closed(
        {
            "meta": ref("Meta"),
            "scheme": closed({**scheme, "url": TEXT_OR_NULL, "caution": TEXT_OR_NULL}),
            "total": ref("Tally"),
            "without_acts": COUNT,
            "acts": ref("CrosswalkList"),
            "perpetrators": ref("CrosswalkList"),
            "mapping": many(_rule()),
        }
    )


def _crosswalk_list() -> Schema:
    relations = [relation.value for relation in RELATIONS]
    one = {
        "class": TEXT,
        "number": TEXT_OR_NULL,
        "label": TEXT,
        "above": TEXT_OR_NULL,
        "certainty": {"type": "string", "enum": list(Certainty.codes())},
        "source": TEXT,
        "source_url": TEXT_OR_NULL,
        **{name: ref("Tally") for name in (*relations, "belongs", "at_most")},
    }
    return closed(
        {
            "note": TEXT_OR_NULL,
            "classes": many(closed(one)),
            "mapped": ref("Tally"),
            "not_mapped": ref("Tally"),
            "not_mapped_by_code": {"type": "object", "additionalProperties": ref("Tally")},
        }
    )


def _rule() -> Schema:
    return closed(
        {
            "list": {"type": "string", "enum": ["acts", "perpetrators"]},
            "code": TEXT_OR_NULL,
            "when": {"type": "object", "additionalProperties": many(TEXT)},
            "classes": many(closed({"class": TEXT, "relation": {"enum": [one.value for one in RELATIONS]}})),
            "note": TEXT_OR_NULL,
            "certainty": {"type": "string", "enum": list(Certainty.codes())},
            "sources": many(closed({"title": TEXT, "url": TEXT_OR_NULL})),
        }
    )
