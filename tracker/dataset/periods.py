"""Days as numbers, and what it means in SQL that an incident possibly or certainly falls into a period.

The meaning is that of `dates.IncidentDate`: *possibly* where its days and the period overlap, *certainly* where all
of its days lie within the period. An undated incident falls into no period that has a limit.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, SQLColumnExpression

from tracker.dataset.models import PublicIncident

NO_START = 0
NO_END = date.max.toordinal() + 1
"""Numbers before and after every day: the open ends of a date."""


def day_numbers(when: Mapping[str, Any]) -> tuple[int, int]:
    """The first and the last day of a public date as stored numbers; reversed where neither is known."""
    earliest, latest = when.get("earliest"), when.get("latest")
    if earliest is None and latest is None:
        return NO_END, NO_START
    return (
        NO_START if earliest is None else date.fromisoformat(earliest).toordinal(),
        NO_END if latest is None else date.fromisoformat(latest).toordinal(),
    )


def in_period(
    start: date | None, end: date | None, *, certain: bool, by_index: bool = True
) -> list[ColumnElement[bool]]:
    """The conditions under which an incident falls into the period from `start` to `end`, both included.

    The overlap is asked for in both cases, because it is what keeps undated incidents out. Unless `by_index`, they
    stand in a form that leads the database to no index of the days.
    """
    days: tuple[SQLColumnExpression[int], SQLColumnExpression[int]] = (PublicIncident.earliest, PublicIncident.latest)
    earliest, latest = days if by_index else (days[0] + 0, days[1] + 0)
    conditions: list[ColumnElement[bool]] = []
    if start is not None:
        conditions.append(latest >= start.toordinal())
        if certain:
            conditions.append(earliest >= start.toordinal())
    if end is not None:
        conditions.append(earliest <= end.toordinal())
        if certain:
            conditions.append(latest <= end.toordinal())
    return conditions
