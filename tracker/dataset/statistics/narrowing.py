"""What a filter leaves of the columns: the same incidents, acts and victims that `selection` finds in the database.

Most of a filter is compared in memory. What only the database can tell (words of the text, a place, the map) it is
asked for as version ids, with the very conditions behind every list.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.dataset.counts import list_plan
from tracker.dataset.editions import Edition
from tracker.dataset.filters import DatasetFilter
from tracker.dataset.models import PublicIncident
from tracker.dataset.parameters import PARAMETERS
from tracker.dataset.rendering import place_key
from tracker.dataset.selection import conditions
from tracker.dataset.statistics.columns import Array, Columns
from tracker.vocabulary import NOT_RECORDED

_OF_INCIDENT = ("country", "verification", "response")


@dataclass(frozen=True)
class Narrowed:
    """What is left of the columns.

    Attributes:
        incidents: which incidents match, all filters taken together.
        facets: which facets hold what the filters of acts ask for, whatever their incident; None: all.
        certain: which incidents have all their days within the period asked for; None where there is none.
        first, last: the period asked for, as day numbers.
        made: what was worked out of it for one count and serves the next.
    """

    columns: Columns
    incidents: Array
    facets: Array | None
    certain: Array | None
    first: int | None
    last: int | None
    made: dict[Any, Any] = field(default_factory=dict)

    @cached_property
    def is_whole(self) -> bool:
        """Whether every incident of the columns is left."""
        return bool(self.incidents.all())

    def only(self, incidents: Array) -> Narrowed:
        """The same with fewer incidents."""
        return replace(self, incidents=self.incidents & incidents, made={})

    @cached_property
    def dated(self) -> Array:
        """Which incidents have at least one limit of their date recorded."""
        made: Array = self.columns.incidents["earliest"] <= self.columns.incidents["latest"]
        return made

    @cached_property
    def chosen_facets(self) -> Array | None:
        """Which facets are left, those of other incidents taken out; None: all."""
        if self.is_whole:
            return self.facets
        of_incidents = np.repeat(self.incidents, np.diff(self.columns.start))
        return of_incidents if self.facets is None else of_incidents & self.facets


def narrow(session: Session, columns: Columns, wanted: DatasetFilter, edition: Edition) -> Narrowed:
    """The columns under a filter at an edition."""
    incidents = columns.public_at(edition.version)
    first = wanted.start.toordinal() if wanted.start else None
    last = wanted.end.toordinal() if wanted.end else None
    certain = _within(columns, first, last) if wanted.has_period else None
    if wanted.has_period:
        incidents &= _overlapping(columns, first, last)
        if wanted.when == "certain" and certain is not None:
            incidents &= certain
    for name in _OF_INCIDENT:
        if values := wanted.values(name):
            incidents &= _allowed(columns, name, values)[columns.incidents[name]]
    if wanted.admin1:
        incidents &= _regions(columns, wanted.admin1)[columns.incidents["region"]]
    if wanted.topic:
        incidents &= _any(_allowed(columns, "topic", wanted.topic)[columns.topic], columns.topic_start)
    if (asked := _for_the_database(wanted)) is not None:
        incidents &= _found(session, columns, asked, edition)
    facets = _facets(columns, wanted)
    if facets is not None:
        incidents &= _any(facets, columns.start)
    return Narrowed(columns, incidents, facets, certain, first, last)


def _overlapping(columns: Columns, first: int | None, last: int | None) -> Array:
    # As `periods.in_period` has it: an undated incident has its ends reversed and meets a limit on neither side.
    found = np.ones(len(columns), dtype=bool)
    if first is not None:
        found &= columns.incidents["latest"] >= first
    if last is not None:
        found &= columns.incidents["earliest"] <= last
    return found


def _within(columns: Columns, first: int | None, last: int | None) -> Array:
    found = _overlapping(columns, first, last)
    if first is not None:
        found &= columns.incidents["earliest"] >= first
    if last is not None:
        found &= columns.incidents["latest"] <= last
    return found


def _allowed(columns: Columns, column: str, values: tuple[str, ...]) -> Array:
    """Which codes of a column are asked for."""
    allowed = np.zeros(len(columns.words[column].list), dtype=bool)
    for value in values:
        code = columns.code(column, value)
        if code is not None:
            allowed[code] = True
    return allowed


def _regions(columns: Columns, names: tuple[str, ...]) -> Array:
    keys = {name if name == NOT_RECORDED else place_key(name) for name in names}
    return np.array([word.partition(":")[2] in keys for word in columns.words["region"].list], dtype=bool)


def _any(parts: Array, start: Array) -> Array:
    """Of the things that begin at `start`, those of which at least one part is true."""
    before = np.zeros(len(parts) + 1, dtype=np.int32)
    np.cumsum(parts, out=before[1:])
    found: Array = before[start[1:]] > before[start[:-1]]
    return found


def _facets(columns: Columns, wanted: DatasetFilter) -> Array | None:
    found: Array | None = None
    for name, parameter in PARAMETERS.items():
        if parameter.facet and (values := wanted.values(name)):
            matching = _allowed(columns, parameter.facet, values)[columns.facets[parameter.facet]]
            found = matching if found is None else found & matching
    return found


def _for_the_database(wanted: DatasetFilter) -> DatasetFilter | None:
    """The part of a filter that only the database can tell, or None."""
    asked = DatasetFilter(q=wanted.q, place=wanted.place, placed=wanted.placed, within=wanted.within)
    return None if asked.is_empty else asked


def _found(session: Session, columns: Columns, asked: DatasetFilter, edition: Edition) -> Array:
    plan = list_plan(session, asked, edition)
    statement = select(PublicIncident.version_id).where(*conditions(session, asked, edition, plan))
    result = session.connection().execute(statement)
    rows = result.cursor.fetchall()
    result.close()
    ids = np.fromiter((row[0] for row in rows), dtype=np.int32, count=len(rows))
    found = np.zeros(len(columns), dtype=bool)
    if len(columns) and len(ids):
        held = columns.incidents["version_id"]
        place = np.minimum(np.searchsorted(held, ids), len(held) - 1)
        found[place[held[place] == ids]] = True
    return found


def day_of(number: int) -> date:
    """The day of a day number."""
    return date.fromordinal(number)
