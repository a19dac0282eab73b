"""Public points with their counts, one by one: what a browser clusters itself while there are not too many."""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tracker.dataset.boxes import Box, degrees
from tracker.dataset.editions import Edition
from tracker.dataset.filters import DatasetFilter
from tracker.dataset.map.memory import memory
from tracker.dataset.map.rows import matching
from tracker.dataset.map.table import counted
from tracker.dataset.models import PublicPoint


class Spot(NamedTuple):
    """A public point with one uncertainty and one group of violations, and how many incidents have them.

    Degrees are in stored units; `metres` is -1 where the uncertainty is not stated.
    """

    latitude: int
    longitude: int
    metres: int
    incidents: int
    group: int


@dataclass(frozen=True, slots=True)
class Spots:
    """Many spots in columns, which take a tenth of the memory of rows; sorted by place."""

    columns: tuple[array[int], ...]

    def __iter__(self) -> Iterator[Spot]:
        return map(Spot._make, zip(*self.columns, strict=True))

    def __len__(self) -> int:
        return len(self.columns[0])

    def within(self, box: Box) -> Spots:
        """Those in a box."""
        return of_rows(spot for spot in self if box.holds(spot.latitude, spot.longitude))

    def as_dict(self) -> dict[str, list[Any]]:
        """The columns for JSON, with degrees."""
        latitude, longitude, metres, incidents, group = self.columns
        return {
            "lat": [degrees(units) for units in latitude],
            "lon": [degrees(units) for units in longitude],
            "metres": metres.tolist(),
            "count": incidents.tolist(),
            "group": group.tolist(),
        }


def of_rows(rows: Iterator[Any]) -> Spots:
    """Spots out of rows of their five numbers."""
    columns = tuple(array("i") for _ in Spot._fields)
    for row in rows:
        for column, value in zip(columns, row, strict=True):
            column.append(value)
    return Spots(columns)


def spots(session: Session, wanted: DatasetFilter, edition: Edition) -> Spots:
    """All spots of a filter at an edition."""
    return memory.get(
        edition,
        ("spots", wanted.selection()),
        lambda: _read(session, wanted, edition),
        lambda made: 1_000 + 20 * len(made),
    )


def _read(session: Session, wanted: DatasetFilter, edition: Edition) -> Spots:
    known = counted(session, wanted, edition)
    if known is not None:
        found = ((each.latitude, each.longitude, each.metres, count, each.group) for each, count in known.points)
        return of_rows(iter(sorted(found, key=lambda row: (*row[:3], row[4]))))
    point = PublicPoint
    key = (point.latitude, point.longitude, point.metres, point.violation_group)
    statement = select(*key[:3], func.count(), key[3]).where(
        matching(session, wanted, edition), point.latitude.is_not(None)
    )
    return of_rows(iter(session.execute(statement.group_by(*key).order_by(*key))))
