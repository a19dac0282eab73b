"""Which cases the incidents of a filter hold: one act against one victim by one perpetrator each."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from sqlalchemy.orm import Session

from tracker.dataset.editions import Edition
from tracker.dataset.facets import NAMED
from tracker.dataset.filters import DatasetFilter
from tracker.dataset.statistics.columns import Columns
from tracker.dataset.statistics.distinct import numbered
from tracker.dataset.statistics.keeping import keeper
from tracker.dataset.statistics.narrowing import narrow
from tracker.vocabulary.crosswalks import FIELDS, Case

Integers = npt.NDArray[np.signedinteger[Any]]
Codes = npt.NDArray[np.str_]


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
        return found, alike.astype(np.int32)[self.kind]


def cases(session: Session, wanted: DatasetFilter, edition: Edition) -> Cases:
    """All cases of a filter: the facets that meet its filters of acts, of incidents that meet all others."""
    columns = keeper.columns(session, edition)
    chosen = narrow(session, columns, wanted, edition).chosen_facets
    rows = np.arange(len(columns.facets["pair"])) if chosen is None else np.flatnonzero(chosen)
    incident = _places(columns.incident_of_facet()[rows])
    named = columns.code("counts_as", NAMED)
    is_named = columns.facets["counts_as"][rows] == (-1 if named is None else named)
    codes, kind = _kinds(columns, rows)
    return Cases(
        codes=codes,
        kind=kind,
        incident=incident,
        pair=_places(incident, columns.facets["pair"][rows]),
        person=_people(incident, columns.facets["person"][rows], is_named),
    )


def _kinds(columns: Columns, rows: Integers) -> tuple[dict[str, Codes], Integers]:
    """The codes of the different cases among these facets, and which case each of them is."""
    kind, kinds = np.zeros(rows.size, dtype=np.int32), 1
    for name in FIELDS:
        size = max(len(columns.words[name].list), 1)
        # Numbered anew with each field, they never take more room than there are different ones.
        found, kind = numbered(kind * np.int64(size) + columns.facets[name][rows], kinds * size)
        kinds = max(found.size, 1)
    examples = np.zeros(kinds if rows.size else 0, dtype=np.int64)
    examples[kind] = rows
    codes = {name: np.array(columns.words[name].list, dtype=np.str_)[columns.facets[name][examples]] for name in FIELDS}
    return codes, kind


def _places(*columns: Integers) -> Integers:
    """Sorted rows numbered from 0, the same rows alike."""
    if not columns[0].size:
        return np.empty(0, dtype=np.int32)
    changes = np.zeros(columns[0].size, dtype=bool)
    for column in columns:
        changes[1:] |= column[1:] != column[:-1]
    return np.cumsum(changes, dtype=np.int32)


def _people(incident: Integers, person: Integers, is_named: npt.NDArray[np.bool_]) -> Integers:
    """Persons numbered through all incidents, -1 for who has no name; nobody is linked from one to the next."""
    found = np.full(person.size, -1, dtype=np.int32)
    if is_named.any():
        most = int(person.max()) + 1
        key = incident[is_named].astype(np.int64) * most + person[is_named]
        found[is_named] = numbered(key, (int(incident[-1]) + 1) * most)[1]
    return found
