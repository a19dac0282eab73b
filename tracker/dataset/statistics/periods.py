"""What years, quarters and months are called, and which days they have."""

from __future__ import annotations

from calendar import monthrange
from datetime import date


def period_key(number: int, months: int) -> str:
    """What a period is called (2020, 2020-Q4, 2020-10), by its number: they are counted from the year 0."""
    year, part = divmod(number, 12 // months)
    if months == 12:
        return f"{year:04d}"
    return f"{year:04d}-Q{part + 1}" if months == 3 else f"{year:04d}-{part + 1:02d}"


def period_days(key: str) -> tuple[date, date]:
    """The first and the last day of a period by its key."""
    year, _, part = key.partition("-")
    if not part:
        return date(int(year), 1, 1), date(int(year), 12, 31)
    first = (int(part[1:]) - 1) * 3 + 1 if part.startswith("Q") else int(part)
    last = first + 2 if part.startswith("Q") else first
    return date(int(year), first, 1), date(int(year), last, monthrange(int(year), last)[1])


def clipped(key: str, first: int | None, last: int | None) -> tuple[date, date]:
    """The days of a period that lie within the period of the filter."""
    start, end = period_days(key)
    return max(start, date.fromordinal(first or 1)), min(end, date.fromordinal(last or date.max.toordinal()))
