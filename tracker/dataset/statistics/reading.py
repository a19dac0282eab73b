"""Reading rows of the public tables into columns, batch by batch.

The database joins each column of a batch into one text, which is read in a fraction of the time that so many rows take.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from sqlalchemy import ColumnElement, Select, Text, cast, func, literal, select
from sqlalchemy.orm import Session

from tracker.dataset.models import PublicFacet, PublicIncident, PublicIncidentTopic, PublicPoint
from tracker.dataset.statistics.columns import (
    FACET_NUMBERS,
    INCIDENT_NUMBERS,
    NAMES,
    NOWHERE,
    STARTS,
    Array,
    Columns,
    Words,
    narrowest,
    starts,
)

# Codes that go together are read as one text, of which few differ, since each text that is looked up costs as much.
_ACT = ("violation", "completion", "perpetrator", "side", "custody")
_VICTIM = ("role", "harm", "counts_as", "kind", "killing_kind", "arbitrary")
_OF_INCIDENT = ("country", "verification", "response")
_OF_POINT = ("placing", "metres", "violation_group")
_BLANK, LINE = " ", "\n"
"""What stands between codes that are read together, and between rows: no code, slug or folded name holds either."""


class Reader:
    """Reads batches of incident versions; the words of the columns that it is given grow with what it meets."""

    def __init__(self, words: dict[str, Words]) -> None:
        self._words = words
        self._groups = {_ACT: Words(), _VICTIM: Words(), _OF_POINT: Words()}

    def read(self, session: Session, after: int, to: int) -> Columns:
        """The versions with ids above `after` up to `to`, as columns of their own."""
        incidents = self._incidents(session, after, to)
        ids = incidents["version_id"]
        facets, start = self._facets(session, after, to, ids)
        topic, topic_start = self._topics(session, after, to, ids)
        return Columns(0, "", incidents, facets, start, topic, topic_start, self._words)

    def _incidents(self, session: Session, after: int, to: int) -> dict[str, Array]:
        table, point = PublicIncident, PublicPoint
        degrees = (func.coalesce(column, NOWHERE) for column in (point.latitude, point.longitude))
        numbers = [getattr(table, name) for name in INCIDENT_NUMBERS if name in table.__table__.columns]
        # Regions of the same name in two countries are two.
        region = table.country.concat(literal(":")).concat(table.admin1_key)
        codes = (*(getattr(table, name) for name in _OF_INCIDENT), region, _joined(_OF_POINT, point))
        chosen = select(*numbers, *degrees, *codes).outerjoin(point, point.version_id == table.version_id)
        found = as_texts(session, chosen.where(table.version_id.between(after + 1, to)).order_by(table.version_id))
        made = {name: numbers_of(found.pop(0)) for name in INCIDENT_NUMBERS}
        made |= {name: self._codes(name, found.pop(0)) for name in (*_OF_INCIDENT, "region")}
        return made | self._grouped(_OF_POINT, found.pop(0))

    def _facets(self, session: Session, after: int, to: int, ids: Array) -> tuple[dict[str, Array], Array]:
        table = PublicFacet
        columns = (
            table.version_id,
            table.act,
            table.victim,
            table.person,
            _joined(_ACT, table),
            _joined(_VICTIM, table),
        )
        chosen = select(*columns, table.outlet).where(table.version_id.between(after + 1, to))
        ordered = chosen.order_by(table.version_id, table.act, table.victim, table.involvement)
        version_id, act, victim, person, acts, victims, outlet = as_texts(session, ordered)
        owner = _owner(ids, numbers_of(version_id))
        made = {"pair": _pairs(owner, numbers_of(act), numbers_of(victim)), "person": numbers_of(person)}
        made["person"] = narrowest(made["person"], int(made["person"].max(initial=0)))
        made |= self._grouped(_ACT, acts) | self._grouped(_VICTIM, victims)
        made["outlet"] = self._codes("outlet", outlet)
        return made, starts(owner, len(ids))

    def _topics(self, session: Session, after: int, to: int, ids: Array) -> tuple[Array, Array]:
        table = PublicIncidentTopic
        chosen = select(table.version_id, table.topic).where(table.version_id.between(after + 1, to))
        version_id, topic = as_texts(session, chosen.order_by(table.version_id, table.topic))
        return self._codes("topic", topic), starts(_owner(ids, numbers_of(version_id)), len(ids))

    def _codes(self, column: str, found: str | None) -> Array:
        return _codes(self._words[column], _rows(found))

    def _grouped(self, names: tuple[str, ...], found: str | None) -> dict[str, Array]:
        """The codes of columns that were read as one text."""
        group = self._groups[names]
        codes = _codes(group, _rows(found))
        parts = [text.split(_BLANK) for text in group.list]
        made = {}
        for place, name in enumerate(names):
            of_group = _codes(self._words[name], [part[place] for part in parts])
            made[name] = of_group[codes] if len(of_group) else codes
        return made


def join(parts: Sequence[Columns], words: dict[str, Words]) -> Iterator[tuple[str, Array]]:
    """The arrays of several columns as those of one, in this order: one after the other, by name.

    Each is in as few bytes as its numbers need. What lies in files is let go of between them.
    """
    for name in NAMES:
        arrays = [part.arrays[name] for part in parts]
        yield name, _joined_starts(arrays) if name in STARTS else _narrow(name, np.concatenate(arrays), words)
        for part in parts:
            part.rest()


def _narrow(name: str, array: Array, words: dict[str, Words]) -> Array:
    if name in words:
        return narrowest(array, len(words[name].list))
    return narrowest(array, int(array.max(initial=0))) if name in FACET_NUMBERS else array


def _joined_starts(parts: Sequence[Array]) -> Array:
    counts = np.concatenate([np.diff(part) for part in parts])
    found = np.zeros(len(counts) + 1, dtype=np.int32)
    np.cumsum(counts, out=found[1:])
    return found


def _joined(names: tuple[str, ...], table: type[PublicFacet | PublicPoint]) -> ColumnElement[str]:
    """Columns as one text; an empty one for what is not stored."""
    first, *others = (func.coalesce(cast(getattr(table, name), Text), "") for name in names)
    joined: ColumnElement[str] = first
    for other in others:
        joined = joined.concat(literal(_BLANK)).concat(other)
    return joined


def as_texts(session: Session, statement: Select[*tuple[Any, ...]]) -> list[str | None]:
    """The columns of a statement's rows, each as one text in their order; None where there is no row."""
    rows = statement.subquery()
    # Both databases take the rows in the order in which the subquery gives them.
    joined = select(*(func.aggregate_strings(cast(column, Text), LINE) for column in rows.c))
    return list(session.execute(joined).one())


def _rows(found: str | None) -> list[str]:
    return [] if found is None else found.split(LINE)


def _codes(words: Words, found: Sequence[str]) -> Array:
    """The codes of words, in as few bytes as these need: of what is read, much waits for long until it is joined."""
    codes = np.fromiter(map(words.__getitem__, found), dtype=np.int32, count=len(found))
    return narrowest(codes, int(codes.max(initial=0)))


def numbers_of(text: str | None, separator: str = LINE) -> Array:
    """The whole numbers that a text lists."""
    return np.fromstring(text or "", dtype=np.int32, sep=separator)


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
    return narrowest(number - first, int((number - first).max(initial=0)))


def batches(first: int, last: int, size: int) -> Iterator[tuple[int, int]]:
    """Spans of version ids, each given by the id before it and its last one."""
    for start in range(first, last, size):
        yield start, min(start + size, last)
