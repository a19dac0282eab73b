"""Reading rows of the public tables into columns, batch by batch."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from sqlalchemy import ColumnElement, Select, literal, select
from sqlalchemy.orm import Session

from tracker.dataset.models import PublicFacet, PublicIncident, PublicIncidentTopic
from tracker.dataset.statistics.columns import FACET_CODES, INCIDENT_NUMBERS, Array, Columns, Words, narrowest, starts

# Codes that go together are read as one text, of which few differ, since each text that a driver makes costs as much.
_ACT = ("violation", "completion", "perpetrator", "side", "custody")
_VICTIM = ("role", "harm", "counts_as")
_BLANK = " "


class Reader:
    """Reads batches of incident versions; the words of the columns that it is given grow with what it meets."""

    def __init__(self, words: dict[str, Words]) -> None:
        self._words = words
        self._groups = {_ACT: Words(), _VICTIM: Words()}

    def read(self, session: Session, after: int, to: int) -> Columns:
        """The versions with ids above `after` up to `to`, as columns of their own."""
        incidents = self._incidents(session, after, to)
        ids = incidents["version_id"]
        facets, start = self._facets(session, after, to, ids)
        topic, topic_start = self._topics(session, after, to, ids)
        return Columns(0, "", incidents, facets, start, topic, topic_start, self._words)

    def _incidents(self, session: Session, after: int, to: int) -> dict[str, Array]:
        table = PublicIncident
        columns = (*INCIDENT_NUMBERS, "country", "verification", "response", "admin1_key")
        chosen = select(*(getattr(table, name) for name in columns)).where(table.version_id.between(after + 1, to))
        *numbers, country, verification, response, admin1 = _read(session, chosen.order_by(table.version_id), 9)
        made = {name: _numbers(found) for name, found in zip(INCIDENT_NUMBERS, numbers, strict=True)}
        made["country"] = self._codes("country", country)
        made["verification"] = self._codes("verification", verification)
        made["response"] = self._codes("response", response)
        # Regions of the same name in two countries are two.
        regions = [f"{code}:{key}" for code, key in zip(country, admin1, strict=True)]
        made["region"] = self._codes("region", regions)
        return made

    def _facets(self, session: Session, after: int, to: int, ids: Array) -> tuple[dict[str, Array], Array]:
        table = PublicFacet
        columns = (table.version_id, table.act, table.victim, table.person, _joined(_ACT), _joined(_VICTIM))
        chosen = select(*columns, table.outlet).where(table.version_id.between(after + 1, to))
        ordered = chosen.order_by(table.version_id, table.act, table.victim, table.involvement)
        version_id, act, victim, person, acts, victims, outlet = _read(session, ordered, 7)
        owner = _owner(ids, _numbers(version_id))
        made = {"pair": _pairs(owner, _numbers(act), _numbers(victim)), "person": _numbers(person)}
        made |= self._grouped(_ACT, acts) | self._grouped(_VICTIM, victims)
        made["outlet"] = self._codes("outlet", outlet)
        return made, starts(owner, len(ids))

    def _topics(self, session: Session, after: int, to: int, ids: Array) -> tuple[Array, Array]:
        table = PublicIncidentTopic
        chosen = select(table.version_id, table.topic).where(table.version_id.between(after + 1, to))
        version_id, topic = _read(session, chosen.order_by(table.version_id, table.topic), 2)
        return self._codes("topic", topic), starts(_owner(ids, _numbers(version_id)), len(ids))

    def _codes(self, column: str, found: Sequence[str]) -> Array:
        return np.fromiter(map(self._words[column].__getitem__, found), dtype=np.int32, count=len(found))

    def _grouped(self, names: tuple[str, ...], found: Sequence[str]) -> dict[str, Array]:
        """The codes of columns that were read as one text."""
        group = self._groups[names]
        codes = np.fromiter(map(group.__getitem__, found), dtype=np.int32, count=len(found))
        parts = [text.split(_BLANK) for text in group.list]
        made = {}
        for place, name in enumerate(names):
            of_group = self._codes(name, [part[place] for part in parts])
            made[name] = of_group[codes] if len(of_group) else codes
        return made


def join(parts: Sequence[Columns], words: dict[str, Words]) -> Columns:
    """Several columns as one, in this order, each array in as few bytes as its numbers need."""
    facets = {name: _joined_arrays([part.facets[name] for part in parts]) for name in parts[0].facets}
    incidents = {name: _joined_arrays([part.incidents[name] for part in parts]) for name in parts[0].incidents}
    for name in FACET_CODES:
        facets[name] = narrowest(facets[name], len(words[name].list))
    for name in ("pair", "person"):
        facets[name] = narrowest(facets[name], int(facets[name].max(initial=0)))
    for name in ("country", "verification", "response", "region"):
        incidents[name] = narrowest(incidents[name], len(words[name].list))
    topic = narrowest(_joined_arrays([part.topic for part in parts]), len(words["topic"].list))
    start = _joined_starts([part.start for part in parts])
    topic_start = _joined_starts([part.topic_start for part in parts])
    return Columns(0, "", incidents, facets, start, topic, topic_start, words)


def _joined_arrays(arrays: Sequence[Array]) -> Array:
    return np.concatenate(arrays)


def _joined_starts(parts: Sequence[Array]) -> Array:
    counts = np.concatenate([np.diff(part) for part in parts])
    found = np.zeros(len(counts) + 1, dtype=np.int32)
    np.cumsum(counts, out=found[1:])
    return found


def _joined(names: tuple[str, ...]) -> ColumnElement[str]:
    joined: ColumnElement[str] = getattr(PublicFacet, names[0])
    for name in names[1:]:
        joined = joined.concat(literal(_BLANK)).concat(getattr(PublicFacet, name))
    return joined


def _read(session: Session, statement: Select[*tuple[Any, ...]], width: int) -> list[Sequence[Any]]:
    """The columns of a statement's rows, taken from the driver as they are."""
    result = session.connection().execute(statement)
    rows = list(result.cursor.fetchall())
    result.close()
    return list(zip(*rows, strict=True)) if rows else [()] * width


def _numbers(found: Sequence[int]) -> Array:
    return np.array(found, dtype=np.int32)


def _owner(ids: Array, version_ids: Array) -> Array:
    """The places of version ids among those of the incidents; all of them are there."""
    return np.searchsorted(ids, version_ids).astype(np.int32)


def _pairs(owner: Array, act: Array, victim: Array) -> Array:
    """The pairs of act and victim, numbered from 0 within each incident; the rows are in their order."""
    if not len(owner):
        return owner
    fresh = np.ones(len(owner), dtype=bool)
    fresh[1:] = (owner[1:] != owner[:-1]) | (act[1:] != act[:-1]) | (victim[1:] != victim[:-1])
    number = np.cumsum(fresh) - 1
    begins = np.ones(len(owner), dtype=bool)
    begins[1:] = owner[1:] != owner[:-1]
    first = np.maximum.accumulate(np.where(begins, number, 0))
    return (number - first).astype(np.int32)


def batches(first: int, last: int, size: int) -> Iterator[tuple[int, int]]:
    """Spans of version ids, each given by the id before it and its last one."""
    for start in range(first, last, size):
        yield start, min(start + size, last)
