"""Snapshots in which one record is named in place of another, and the parts of them that can be put back one by one."""

import re
from collections.abc import Iterable, Mapping
from copy import deepcopy
from typing import Any

Snapshot = dict[str, Any]
_STEP = re.compile(r"\[(\d+)\]|([^.\[\]]+)")


def repointed(record: Snapshot, kind: str, old: str, new: str) -> Snapshot:
    """A copy of an incident or topic that names `new` wherever it named `old`; what then stands twice becomes one."""
    made = deepcopy(record)
    if kind in ("outlet", "person"):
        for victim in (victim for act in made.get("acts", []) for victim in act.get("victims", [])):
            if victim.get(kind) == old:
                victim[kind] = new
        return made
    made_one = _citations(made.get("sources", []), old, new)
    if made_one:
        made["sources"] = made_one
    for row in [*made.get("timeline", []), *made.get("follow_ups", [])]:
        _replace(row, "sources", old, new)
    for victim in (victim for act in made.get("acts", []) for victim in act.get("victims", [])):
        _replace(victim, "name_published_in", old, new)
    return made


def _citations(citations: list[Snapshot], old: str, new: str) -> list[Snapshot]:
    """Citations with one source in place of another; of two for the same source the facts are put together."""
    made: dict[str | None, Snapshot] = {}
    for citation in citations:
        citation = {**citation, "source": new if citation.get("source") == old else citation.get("source")}
        first = made.setdefault(citation["source"], citation)
        if first is not citation:
            facts = dict.fromkeys([*first.get("supports", []), *citation.get("supports", [])])
            made[citation["source"]] = {**citation, **first, **({"supports": list(facts)} if facts else {})}
    return list(made.values())


def _replace(row: Snapshot, name: str, old: str, new: str) -> None:
    if old in row.get(name, []):
        row[name] = list(dict.fromkeys(new if key == old else key for key in row[name]))


def units_changed(changes: Iterable[Mapping[str, Any]]) -> list[str]:
    """The rows in which something changed: a victim, a follow-up, an entry of a timeline, or all citations at once."""
    found: dict[str, None] = {}
    for path in (change["path"] for change in changes):
        if path.startswith("sources"):
            found["sources"] = None
        else:
            victim = re.match(r"acts\[\d+\]\.victims\[\d+\]", path) or re.match(r"[a-z_]+\[\d+\]", path)
            found[victim[0] if victim else path] = None
    return list(found)


def at(record: Snapshot, path: str) -> Any:
    """What stands at a path such as `acts[0].victims[1]`; None where nothing does."""
    value: Any = record
    for step in _steps(path):
        try:
            value = value[step]
        except (KeyError, IndexError, TypeError):
            return None
    return value


def put(record: Snapshot, path: str, value: Any) -> None:
    """Put a value at a path at which something stands."""
    *way, last = _steps(path)
    inner: Any = record
    for step in way:
        inner = inner[step]
    inner[last] = deepcopy(value)


def _steps(path: str) -> list[str | int]:
    return [int(number) if number else name for number, name in _STEP.findall(path)]
