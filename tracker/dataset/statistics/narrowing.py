"""What a filter leaves of the columns: the same incidents, acts and victims that `selection` finds in the database.

Almost all of a filter is compared in memory. What only the database can tell (words of the text, a place) it is asked
for as version ids.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property, partial
from typing import Any

import numpy as np
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from tracker.dataset import search
from tracker.dataset.boxes import Box
from tracker.dataset.editions import Edition
from tracker.dataset.filters import DatasetFilter
from tracker.dataset.given import joined_ids
from tracker.dataset.models import PublicIncident
from tracker.dataset.parameters import PARAMETERS
from tracker.dataset.rendering import place_key
from tracker.dataset.statistics.bits import Bits
from tracker.dataset.statistics.columns import Array, Columns
from tracker.dataset.statistics.reading import numbers_of
from tracker.text import search_words
from tracker.vocabulary import NOT_RECORDED

MOST_BYTES = 4_000_000
"""How much memory the versions that hold the words asked for last take: a bit for each version and text."""
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
    if wanted.placed:
        incidents &= _allowed(columns, "placing", wanted.placed)[columns.incidents["placing"]]
    if wanted.within is not None:
        incidents &= _in_box(columns, wanted.within)
    if wanted.place:
        keys = [name if name == NOT_RECORDED else place_key(name) for name in wanted.place]
        named = select(PublicIncident.version_id.label("id")).where(PublicIncident.place_key.in_(keys))
        incidents &= _found(session, columns, named)
    if wanted.q is not None:
        incidents &= _holding(session, columns, wanted.q)
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


def _in_box(columns: Columns, box: Box) -> Array:
    latitude, longitude = columns.incidents["latitude"], columns.incidents["longitude"]
    found = (latitude >= box.south) & (latitude <= box.north)
    within = np.zeros(len(columns), dtype=bool)
    for west, east in box.spans():
        within |= (longitude >= west) & (longitude <= east)
    return found & within


def _holding(session: Session, columns: Columns, text: str) -> Array:
    """Which incident versions hold the words of a text, those that are public no more included."""
    words = search_words(text)
    if not words:
        # A text without letters and digits is in no record.
        return np.zeros(len(columns), dtype=bool)
    memory: Bits = columns.once("words", partial(Bits, MOST_BYTES))
    known = memory.get(tuple(words))
    if known is None:
        known = _found(session, columns, search.matching(session, words))
        memory.put(tuple(words), known)
    return known


def _found(session: Session, columns: Columns, chosen: Select[int]) -> Array:
    """Which incident versions the database finds; it gives their ids as one text, which is read the quickest."""
    number = chosen.selected_columns[0]
    text = session.scalar(chosen.with_only_columns(joined_ids(session, number)))
    held, wanted = columns.incidents["version_id"], numbers_of(text, ",")
    # Ids lie so close together that a table of those that were found is quicker than a search for each.
    is_found = np.zeros(max(int(held.max(initial=0)), int(wanted.max(initial=0))) + 1, dtype=bool)
    is_found[wanted] = True
    found: Array = is_found[held]
    return found


def day_of(number: int) -> date:
    """The day of a day number."""
    return date.fromordinal(number)
