"""Which public fields are known for what share of the incidents, year by year."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.dataset.editions import Edition
from tracker.dataset.filters import DatasetFilter
from tracker.dataset.known import completeness_fields
from tracker.dataset.models import PublicKnown
from tracker.dataset.statistics.columns import Array, Columns
from tracker.dataset.statistics.keeping import keeper
from tracker.dataset.statistics.narrowing import narrow
from tracker.dataset.statistics.reading import as_texts, batches, numbers_of

BATCH = 20_000

ALL, NO_YEAR = "all", "no_year"
"""The columns of all incidents, and of those of which no single year is known."""


@dataclass(frozen=True, slots=True)
class Share:
    """How many incidents could hold a field, and in how many it is known."""

    known: int
    of: int


@dataclass(frozen=True)
class Completeness:
    """The shares by field (dotted path) and year.

    Attributes:
        years: `ALL`, then each year from the first to the last in which an incident surely happened, then `NO_YEAR`.
        incidents: how many incidents there are in each of these.
        shares: by field, one share for each of the years.
    """

    edition: Edition
    wanted: DatasetFilter
    years: tuple[str, ...]
    incidents: tuple[int, ...]
    shares: dict[str, tuple[Share, ...]]


def completeness(session: Session, wanted: DatasetFilter, edition: Edition) -> Completeness:
    """Count what is known in the incidents of a filter at an edition."""
    columns = keeper.columns(session, edition)
    narrowed = narrow(session, columns, wanted, edition)
    year = _years(columns)
    known_years = year[narrowed.incidents & (year > 0)]
    first, last = (int(known_years.min()), int(known_years.max())) if len(known_years) else (1, 0)
    size = max(last - first + 1, 0)
    # The last place is that of the incidents without one year.
    place = np.where(year > 0, year - first, size)
    fields = completeness_fields()
    counts = np.zeros((2 * len(fields), size + 1), dtype=np.int64)
    for at, bits in _read(session, columns):
        chosen = narrowed.incidents[at]
        for cell in np.unique(place[at[chosen]]):
            counts[:, cell] += bits[chosen & (place[at] == cell), : 2 * len(fields)].sum(axis=0, dtype=np.int64)
    incidents = np.bincount(place[narrowed.incidents], minlength=size + 1)
    years = (ALL, *(str(number) for number in range(first, last + 1)), NO_YEAR)
    return Completeness(
        edition,
        wanted,
        years,
        (int(incidents.sum()), *(int(number) for number in incidents)),
        {field: _shares(counts[2 * row], counts[2 * row + 1]) for row, field in enumerate(fields)},
    )


def _shares(of: Array, known: Array) -> tuple[Share, ...]:
    whole = Share(int(known.sum()), int(of.sum()))
    return (whole, *(Share(int(one), int(other)) for one, other in zip(known, of, strict=True)))


def _years(columns: Columns) -> Array:
    """The year in which each incident surely happened, or 0."""
    first, last = (months // 12 for months in columns.months())
    dated = columns.incidents["earliest"] <= columns.incidents["latest"]
    found: Array = np.where(dated & (first == last), first, 0)
    return found


def _read(session: Session, columns: Columns) -> Iterator[tuple[Array, Array]]:
    """The places of the versions that the columns hold, with a row of bits for each, batch by batch."""
    held = columns.incidents["version_id"]
    table = PublicKnown
    for after, to in batches(0, int(held[-1]) if len(held) else 0, BATCH):
        chosen = select(table.version_id, table.bits).where(table.version_id.between(after + 1, to))
        numbers, digits = as_texts(session, chosen.order_by(table.version_id))
        ids = numbers_of(numbers)
        if not len(ids):
            continue
        octets = np.frombuffer(bytes.fromhex(digits or ""), dtype=np.uint8).reshape(len(ids), -1)
        at = np.minimum(np.searchsorted(held, ids), len(held) - 1)
        is_held = held[at] == ids
        yield at[is_held], np.unpackbits(octets[is_held], axis=1)
