"""Small files to import, and ways to look at all that an import leaves behind."""

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import inspect, text

from tracker.db import Database
from tracker.importing.drafts import Entry, all_problems, entries_of, with_lines
from tracker.importing.load import Import
from tracker.importing.report import Report
from tracker.importing.yaml_file import Document, parse
from tracker.registry.drafts import Problem

SEED = Path(__file__).parents[2] / "incidents.yaml"

# What differs between two installations that hold the same: ids drawn at random, and clocks.
_OF_THE_MOMENT = {"id", "person", "published_on", "revised_on"}


def incident(key: str = "an-incident", **changes: Any) -> dict[str, Any]:
    """The least that can be submitted, with changes."""
    return {
        "key": key,
        "title": {"en": f"Title of {key}"},
        "date": {"edtf": "2020-10-05"},
        "place": {"country": "KG"},
        "sources": [{"source": "a-source"}],
        "acts": [{"violation": "assault", "victims": [{"kind": "group", "outlet": "an-outlet"}]}],
    } | changes


def file_of(*incidents: dict[str, Any], **parts: Any) -> dict[str, Any]:
    """A whole file with these incidents, and one source, person, outlet and topic to refer to."""
    return copy.deepcopy(
        {
            "sources": [{"key": "a-source", "type": "ngo_report", "publisher": "A Watchdog", "title": "A report"}],
            "people": [{"key": "a-person", "name": "Aida Example"}],
            "outlets": [{"key": "an-outlet", "name": "An Outlet"}],
            "topics": [{"key": "a-topic", "title": {"en": "A topic"}}],
            "incidents": list(incidents or [incident()]),
        }
        | parts
    )


def written(data: Any) -> str:
    """Data as a YAML file, in the order given; dates and codes come out as quoted text where they need it."""
    # The emitter in C, where there is one, takes a long text in its stride.
    dumper: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
    return str(yaml.dump(data, Dumper=dumper, sort_keys=False, allow_unicode=True, default_flow_style=False))


def read_text(content: str) -> tuple[Document, list[Entry], list[Problem]]:
    """A file's text, read as the commands read it."""
    document = parse(content.encode(), "file.yaml")
    return document, *entries_of(document)


def told(content: str) -> list[str]:
    """The lines in which a person is told what is wrong with a file."""
    document, entries, shape = read_text(content)
    return with_lines(document, entries, all_problems(entries, shape))


def imported(database: Database, data: Any, **choices: Any) -> Report:
    """Import data, or a file's text, and return what became of it."""
    _document, entries, shape = read_text(data if isinstance(data, str) else written(data))
    return Import(database, "import:tester", **choices).run(entries, shape)


def rows(database: Database) -> dict[str, list[str]]:
    """Everything that stands in every table."""
    found: dict[str, list[str]] = {}
    with database.read() as session:
        names = inspect(session.connection()).get_table_names()
        for name in names:
            # The shadow tables of SQLite's text search hold its index, whose pages are its own affair.
            if not name.startswith("public_search_"):
                found[name] = sorted(repr(tuple(row)) for row in session.execute(text(f"SELECT * FROM {name}")))
    return found


def counts(database: Database) -> dict[str, int]:
    """How many rows stand in every table."""
    return {name: len(found) for name, found in rows(database).items()}


def meaning(database: Database) -> dict[str, list[Any]]:
    """What two installations that imported the same have in common: history, snapshots and public records."""
    history = "SELECT entity_kind, number, action, actor, why, snapshot FROM revision"
    origins = "SELECT entity_kind, key, digest, revision FROM import_origin"
    public = "SELECT kind, key, nature, json FROM public_version WHERE valid_to IS NULL"
    with database.read() as session:
        return {
            "history": sorted(tuple(row) for row in session.execute(text(history))),
            "origins": sorted(tuple(row) for row in session.execute(text(origins))),
            "public": sorted((row[0], row[1], row[2], _lasting(row[3])) for row in session.execute(text(public))),
            "references": sorted(tuple(r) for r in session.execute(text("SELECT key, reference FROM incident"))),
        }


def _lasting(content: str) -> str:
    return json.dumps(_without_the_moment(json.loads(content)))


def _without_the_moment(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _without_the_moment(inner) for name, inner in value.items() if name not in _OF_THE_MOMENT}
    return [_without_the_moment(item) for item in value] if isinstance(value, list) else value


def leaves(value: Any, place: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """The place of every field in a record, parents before children."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for part, item in inner:
        yield (*place, part)
        yield from leaves(item, (*place, part))


def without(data: Any, place: tuple[str | int, ...]) -> Any:
    """A copy of the data in which nothing stands at one place."""
    changed = copy.deepcopy(data)
    holder = changed
    for part in place[:-1]:
        holder = holder[part]
    del holder[place[-1]]
    return changed
