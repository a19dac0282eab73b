"""Which cases the incidents of a filter hold: one act against one victim by one perpetrator each."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import reduce
from typing import Any

import numpy as np
import numpy.typing as npt
from sqlalchemy import ColumnElement, case, literal, select
from sqlalchemy.orm import Session

from tracker.dataset.counts import list_plan
from tracker.dataset.editions import Edition
from tracker.dataset.facets import NAMED
from tracker.dataset.filters import DatasetFilter
from tracker.dataset.models import PublicFacet, PublicIncident, rendered_at
from tracker.dataset.selection import Conditions, conditions, facet_conditions
from tracker.vocabulary import NOT_RECORDED, PerpetratorType
from tracker.vocabulary.crosswalks import FIELDS, Case

BATCH = 10_000
_BETWEEN = " "
"""Stands between the codes of a case in one text; no code holds a blank."""
_STORED = tuple(name for name in FIELDS if name != "side")
_SIDES = {kind.value: kind.side.value for kind in PerpetratorType} | {NOT_RECORDED: NOT_RECORDED}

Integers = npt.NDArray[np.int64]
Codes = npt.NDArray[np.str_]


def case_column() -> ColumnElement[str]:
    """All that rules may look at, in one text, which costs a reader a fraction of many columns."""
    columns: list[ColumnElement[Any]] = [getattr(PublicFacet, name) for name in _STORED]
    return reduce(lambda text, column: text + literal(_BETWEEN) + column, columns)


def read_case(text: str) -> dict[str, str]:
    """The case in such a text; the side follows from the perpetrator."""
    case = dict(zip(_STORED, text.split(_BETWEEN), strict=True))
    return case | {"side": _SIDES[case["perpetrator"]]}


def matching(session: Session, wanted: DatasetFilter, edition: Edition) -> Conditions:
    """What a facet has to meet: the filters of acts in itself, all others in its incident."""
    found = [rendered_at(PublicFacet, edition.version), *facet_conditions(wanted)]
    rest = wanted.without_facets()
    if not rest.is_empty:
        plan = list_plan(session, rest, edition)
        incidents = select(PublicIncident.version_id).where(*conditions(session, rest, edition, plan))
        found.append(PublicFacet.version_id.in_(incidents))
    return found


@dataclass(frozen=True, slots=True)
class Cases:
    """The cases of a filter, sorted by incident, act and victim; the arrays have one entry for each case.

    Attributes:
        codes: for each field, the codes of the different cases that there are.
        kind: which of these it is.
        incident, pair: numbers, from 0, of its incident and of its act and victim.
        person: a number from 0 for each named person within an incident, -1 for everyone else.
    """

    codes: Mapping[str, Codes]
    kind: Integers
    incident: Integers
    pair: Integers
    person: Integers

    def told_apart(self, named: Mapping[str, Collection[str] | None]) -> tuple[list[Case], Integers]:
        """One case for all that look alike, and for each case which of these it is.

        They look alike where they have the same of the named codes in a field (None: all its codes).
        """
        keys = np.zeros(next(iter(self.codes.values())).size, dtype=np.int64)
        for name, codes in named.items():
            values, places = np.unique(self.codes[name], return_inverse=True)
            numbers = np.array(
                [place if codes is None or value in codes else 0 for place, value in enumerate(values, 1)]
            )
            keys = keys * (values.size + 1) + numbers[places]
        _, examples, alike = np.unique(keys, return_index=True, return_inverse=True)
        found: list[Case] = [{name: str(codes[example]) for name, codes in self.codes.items()} for example in examples]
        return found, alike.astype(np.int64)[self.kind]


def cases(session: Session, wanted: DatasetFilter, edition: Edition) -> Cases:
    """All cases of a filter."""
    facet = PublicFacet
    order = (facet.version_id, facet.act, facet.victim)
    named = case((facet.counts_as == NAMED, facet.person), else_=0)
    statement = select(*order, named, case_column()).where(*matching(session, wanted, edition))
    seen: dict[str, int] = {}
    batches = [
        _numbers(rows, seen)
        for rows in session.execute(statement.order_by(*order, facet.involvement)).partitions(BATCH)
    ]
    table = np.concatenate(batches) if batches else np.empty((0, 5), dtype=np.int64)
    version_id, act, victim, person, kind = table.T
    incident = _numbered(version_id)
    read = [read_case(text) for text in seen]
    return Cases(
        codes={name: np.array([case[name] for case in read], dtype=np.str_) for name in FIELDS},
        kind=kind,
        incident=incident,
        pair=_numbered(incident, act, victim),
        person=_people(incident, person),
    )


def _numbers(rows: Any, seen: dict[str, int]) -> Integers:
    """Rows as numbers, each text of a case by its place among those seen."""
    return np.array([(*row[:4], seen.setdefault(row[4], len(seen))) for row in rows], dtype=np.int64)


def _numbered(*columns: Integers) -> Integers:
    """Sorted rows numbered from 0, the same rows alike."""
    if not columns[0].size:
        return np.empty(0, dtype=np.int64)
    changes = np.zeros(columns[0].size, dtype=bool)
    for column in columns:
        changes[1:] |= column[1:] != column[:-1]
    return np.cumsum(changes)


def _people(incident: Integers, person: Integers) -> Integers:
    """Persons numbered through all incidents; they are never linked from one incident to the next."""
    found = np.full(person.size, -1, dtype=np.int64)
    known = person > 0
    if known.any():
        found[known] = np.unique(incident[known] * (int(person.max()) + 1) + person[known], return_inverse=True)[1]
    return found
