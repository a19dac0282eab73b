"""The time line under the map: how many incidents fall into each month or year, certainly and possibly."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date

from babel.dates import format_skeleton

from tracker.dataset.filters import DatasetFilter
from tracker.dataset.map.summary import Summary
from tracker.web.public.choosing import with_query
from tracker.web.translation import gettext, page_locale
from tracker.web.wording import capital, number

MOST_BARS = 48
"""More months than this are drawn as years."""
HEIGHT = 60


@dataclass(frozen=True, slots=True)
class Bar:
    """One month or year: where it stands, how high its two parts are, its link and what it says."""

    left: float
    width: float
    certain: float
    possible: float
    address: str
    words: str
    label: str


@dataclass(frozen=True, slots=True)
class Timeline:
    """All bars, and what the highest stands for."""

    bars: tuple[Bar, ...]
    most: int
    undated: int


def timeline(summary: Summary, wanted: DatasetFilter) -> Timeline:
    """The time line of a filter; each bar leads to the map of its period."""
    months = 1
    periods = summary.periods(months)
    if periods and periods[-1].number - periods[0].number >= MOST_BARS:
        months = 12
        periods = summary.periods(months)
    if not periods:
        return Timeline((), 0, summary.undated)
    most = max(period.possible for period in periods)
    start = periods[0].number
    width = 100 / (periods[-1].number - start + 1)
    bars = []
    for period in periods:
        first, last = _days(period.number, months)
        name = _name(first, months)
        words = gettext(
            "%(period)s: %(certain)s certainly, %(possible)s possibly",
            period=capital(name),
            certain=number(period.certain),
            possible=number(period.possible),
        )
        query = wanted.query_string(**{"from": first.isoformat(), "to": last.isoformat()})
        bars.append(
            Bar(
                left=round((period.number - start) * width, 3),
                width=round(width, 3),
                certain=round(period.certain / most * HEIGHT, 1),
                possible=round(period.possible / most * HEIGHT, 1),
                address=with_query("public.overview", query),
                words=words,
                label=name,
            )
        )
    return Timeline(tuple(bars), most, summary.undated)


def _days(period: int, months: int) -> tuple[date, date]:
    if months == 12:
        return date(period, 1, 1), date(period, 12, 31)
    year, month = period // 12, period % 12 + 1
    return date(year, month, 1), date(year, month, monthrange(year, month)[1])


def _name(first: date, months: int) -> str:
    return str(first.year) if months == 12 else str(format_skeleton("yMMMM", first, locale=page_locale()))
