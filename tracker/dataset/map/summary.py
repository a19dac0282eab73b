"""What stands beside the map: how many incidents it shows, how many it cannot show and why, and when they were."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tracker.dataset.editions import Edition
from tracker.dataset.filters import DatasetFilter
from tracker.dataset.map.memory import memory
from tracker.dataset.map.points import NO_MONTH, OPEN_MONTH
from tracker.dataset.map.rows import matching
from tracker.dataset.map.table import counted
from tracker.dataset.models import PublicPoint
from tracker.vocabulary import NOT_RECORDED, UNKNOWN, Placing

Counted = tuple[tuple[str, int], ...]
_Rows = Sequence[Any]


@dataclass(frozen=True, slots=True)
class Period:
    """One month or year and how many incidents fall into it: certainly (all their days) and possibly (any)."""

    number: int
    certain: int
    possible: int


@dataclass(frozen=True, slots=True)
class Summary:
    """The counts of a filter, all of incidents.

    Attributes:
        placings: how many stand on the map in each way; the numbers add up to `matching`.
        countries: all that match by country, however they are placed, the most first.
        by_country: those that are placed only by country.
        spans: first possible month, last possible month, and how many incidents have these.
    """

    placings: dict[Placing, int]
    countries: Counted
    by_country: Counted
    spans: tuple[tuple[int, int, int], ...]

    @property
    def matching(self) -> int:
        """How many incidents match."""
        return sum(self.placings.values())

    @property
    def undated(self) -> int:
        """How many fall into no month, since no day is known of them."""
        return sum(count for first, last, count in self.spans if first > last)

    def counts(self) -> dict[str, int]:
        """The counts of an answer: the last four add up to the first."""
        names = {"shown": Placing.POINT, "country_only": Placing.COUNTRY, "online": Placing.ONLINE}
        counted = {name: self.placings[placing] for name, placing in names.items()}
        return {"matching": self.matching, **counted, "without_place": self.placings[Placing.NOWHERE]}

    def periods(self, months: int = 1) -> list[Period]:
        """The counts by month, or by year for `months` 12; periods in which nothing can have happened are left out.

        An incident with an open beginning or end counts as possible from the first or up to the last period in which
        another date lies.
        """
        dated = [(first // months, last // months, count) for first, last, count in self.spans if first <= last]
        bounds = [number for first, last, _ in dated for number in (first, last) if _is_known(number, months)]
        if not bounds:
            return []
        return _periods(dated, min(bounds), max(bounds))


def _is_known(number: int, months: int) -> bool:
    return NO_MONTH // months < number < OPEN_MONTH // months


def _periods(dated: Iterable[tuple[int, int, int]], lowest: int, highest: int) -> list[Period]:
    certain: Counter[int] = Counter()
    changes: Counter[int] = Counter()
    for first, last, count in dated:
        if first == last:
            certain[first] += count
        changes[max(first, lowest)] += count
        changes[min(last, highest) + 1] -= count
    found, possible = [], 0
    for number in range(lowest, highest + 1):
        possible += changes[number]
        if possible:
            found.append(Period(number, certain[number], possible))
    return found


def summary(session: Session, wanted: DatasetFilter, edition: Edition) -> Summary:
    """The counts of a filter at an edition."""
    return memory.get(
        edition,
        ("summary", wanted.selection()),
        lambda: _count(session, wanted, edition),
        lambda made: 2_000 + 200 * (len(made.spans) + len(made.countries)),
    )


def _count(session: Session, wanted: DatasetFilter, edition: Edition) -> Summary:
    known = counted(session, wanted, edition)
    found, spans = (known.placings, known.spans) if known else _from_database(session, wanted, edition)
    placings: Counter[Placing] = Counter()
    countries: Counter[str] = Counter()
    by_country: Counter[str] = Counter()
    for placing, country, count in found:
        placings[Placing(placing)] += count
        countries[country] += count
        if placing == Placing.COUNTRY:
            by_country[country] += count
    return Summary(
        placings={placing: placings[placing] for placing in Placing},
        countries=_most_first(countries),
        by_country=_most_first(by_country),
        spans=tuple(sorted((first, last, count) for first, last, count in spans)),
    )


def _from_database(session: Session, wanted: DatasetFilter, edition: Edition) -> tuple[_Rows, _Rows]:
    rows = matching(session, wanted, edition)
    number = func.count()
    by_placing = select(PublicPoint.placing, PublicPoint.country, number).where(rows)
    by_month = select(PublicPoint.first_month, PublicPoint.last_month, number).where(rows)
    return (
        session.execute(by_placing.group_by(PublicPoint.placing, PublicPoint.country)).all(),
        session.execute(by_month.group_by(PublicPoint.first_month, PublicPoint.last_month)).all(),
    )


def _most_first(counted: Counter[str]) -> Counted:
    known = [(code, count) for code, count in counted.items() if code not in (UNKNOWN, NOT_RECORDED)]
    return tuple(sorted(known, key=lambda pair: (-pair[1], pair[0])))
