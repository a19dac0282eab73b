"""What a watchdog looks up each month: this year against last, who is held, and what no authority has answered.

All of it is counted at one edition and from one day: the day of `as_of`, that on which the version asked for by
`dataset` was published, or else today (UTC).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy.orm import Session

from tracker.dataset.editions import Edition
from tracker.dataset.facets import OTHER, counts_as
from tracker.dataset.fields import Kind
from tracker.dataset.filters import DatasetFilter
from tracker.dataset.problems import FilterError, Problem
from tracker.dataset.queries import all_of, records
from tracker.dataset.renderings import batches
from tracker.dataset.statistics import summary
from tracker.dataset.statistics.question import DIMENSIONS, OF_A_DASHBOARD, Question, Unit
from tracker.db import utc_now
from tracker.phrases import phrase
from tracker.vocabulary import NOT_RECORDED, OFFICIAL_RESPONSES, Custody

if TYPE_CHECKING:
    from tracker.dataset.statistics.table import Count, Table

DAYS = (30, 180, 365)
COMPARED = ("violation", "perpetrator", "country")
MOST_OUTLETS = 10
MOST_HELD = 20
"""How many persons and groups in custody are listed, those held longest."""
MOST_READ = 2_000
"""Among how many incidents they are looked for, the earliest first."""

Pair = tuple["Count", "Count"]


@dataclass(frozen=True, slots=True)
class Line:
    """What is compared under one key: this year and last year."""

    key: str
    this: Count
    last: Count


@dataclass(frozen=True)
class Comparison:
    """A dimension in both years, with the tables that it comes from."""

    dimension: str
    lines: tuple[Line, ...]
    this: Table
    last: Table


@dataclass(frozen=True, slots=True)
class Held:
    """One victim in custody of whom no end is recorded."""

    reference: str
    title: Mapping[str, str]
    name: str | None
    kind: str
    naming: str | None
    since: str
    outlet: str | None


@dataclass(frozen=True, slots=True)
class Silence:
    """The incidents that surely happened at least so many days ago, and how many have no official response on record.

    `on_topic` of those have one on record with a topic of theirs, though not with the incident itself.
    """

    days: int
    until: date
    unanswered: int
    incidents: int
    on_topic: int


@dataclass(frozen=True)
class Dashboard:
    """All figures of the dashboard; periods are pairs of first and last day."""

    edition: Edition
    wanted: DatasetFilter
    day: date
    this_year: tuple[date, date]
    last_year: tuple[date, date]
    incidents: Pair
    victims: Table
    victims_last: Table
    comparisons: tuple[Comparison, ...]
    outlets: Comparison
    custody: Table
    held: tuple[Held, ...]
    silence: tuple[Silence, ...]


def refuse_others(wanted: DatasetFilter) -> None:
    """Raise `FilterError` for what a dashboard does not take."""
    message = phrase("The dashboard does not take this parameter.")
    problems = [
        Problem.of(name, value, message, OF_A_DASHBOARD) for name, value in wanted.pairs() if name not in OF_A_DASHBOARD
    ]
    if problems:
        raise FilterError(problems)


def clock_day(wanted: DatasetFilter, edition: Edition, now: datetime | None = None) -> date:
    """The day from which is counted."""
    if wanted.as_of is not None:
        return wanted.as_of
    if wanted.dataset is not None and edition.published_at is not None:
        return edition.published_at.astimezone(UTC).date()
    return (now or utc_now()).astimezone(UTC).date()


def spans(day: date) -> tuple[tuple[date, date], tuple[date, date]]:
    """From the first of January to that day, and the same days of the year before (29 February: 28 February)."""
    before = date(day.year - 1, day.month, 28 if (day.month, day.day) == (2, 29) else day.day)
    return (date(day.year, 1, 1), day), (date(before.year, 1, 1), before)


def dashboard(session: Session, wanted: DatasetFilter, edition: Edition, day: date) -> Dashboard:
    """All figures at an edition, counted from a day. Raises `FilterError`."""
    refuse_others(wanted)
    this_year, last_year = spans(day)

    def asked(unit: Unit, by: str, span: tuple[date, date] | None = None, **more: Any) -> Table:
        limits: dict[str, Any] = {} if span is None else {"start": span[0], "end": span[1]}
        return summary(session, replace(wanted, **limits, **more), Question(unit, DIMENSIONS[by]), edition)

    def compared(by: str) -> Comparison:
        return _comparison(by, asked(Unit.INCIDENTS, by, this_year), asked(Unit.INCIDENTS, by, last_year))

    comparisons = tuple(compared(by) for by in COMPARED)
    first = comparisons[0]
    custody = asked(Unit.VICTIMS, "country", custody=(Custody.OPEN.value,))
    return Dashboard(
        edition=edition,
        wanted=wanted,
        day=day,
        this_year=this_year,
        last_year=last_year,
        incidents=(first.this.at(first.this.total)[0], first.last.at(first.last.total)[0]),
        victims=asked(Unit.VICTIMS, "country", this_year),
        victims_last=asked(Unit.VICTIMS, "country", last_year),
        comparisons=comparisons,
        outlets=_most_hit(compared("outlet")),
        custody=custody,
        held=tuple(_held(session, replace(wanted, custody=(Custody.OPEN.value,)), edition)),
        silence=tuple(_silence(session, wanted, edition, day)),
    )


def _comparison(by: str, this: Table, last: Table) -> Comparison:
    from tracker.dataset.statistics.table import Count

    nothing = Count(0, 0)
    of_this = {key: this.at(this.of_rows, place)[0] for place, key in enumerate(this.rows)}
    of_last = {key: last.at(last.of_rows, place)[0] for place, key in enumerate(last.rows)}
    keys = dict.fromkeys((*of_this, *of_last))
    lines = (Line(key, of_this.get(key, nothing), of_last.get(key, nothing)) for key in keys)
    some = tuple(line for line in lines if line.this.possible or line.last.possible)
    return Comparison(by, some, this, last)


def _most_hit(outlets: Comparison) -> Comparison:
    named = sorted(
        (line for line in outlets.lines if line.key not in (NOT_RECORDED, "unknown") and line.this.possible),
        key=lambda line: (-line.this.possible, -line.this.certain, line.key),
    )
    return replace(outlets, lines=tuple(named[:MOST_OUTLETS]))


def _held(session: Session, wanted: DatasetFilter, edition: Edition) -> list[Held]:
    """The victims in custody, those held longest first; a named person once for each incident."""
    from tracker.dataset.statistics.keeping import keeper
    from tracker.dataset.statistics.narrowing import narrow

    columns = keeper.columns(session, edition)
    found = narrow(session, columns, wanted, edition).incidents.nonzero()[0]
    order = found[columns.incidents["earliest"][found].argsort(kind="stable")][:MOST_READ]
    ids = [int(version_id) for version_id in columns.incidents["version_id"][order]]
    held = [one for batch in batches(ids) for record in records(session, batch) for one in _held_in(record.record)]
    return sorted(held, key=lambda one: (one.since, one.reference))[:MOST_HELD]


def _held_in(record: Mapping[str, Any]) -> Iterator[Held]:
    seen: set[str | None] = set()
    for act in record["acts"]:
        for victim in act["victims"]:
            is_held = victim["custody_from"] and not victim["custody_until"]
            if not is_held or counts_as(victim) == OTHER or victim["person"] in seen - {None}:
                continue
            seen.add(victim["person"])
            outlet = victim["outlet"]["slug"] if victim["outlet"] else None
            yield Held(
                reference=record["reference"],
                title=record["title"],
                name=victim["name"],
                kind=victim["kind"],
                naming=victim["naming"],
                since=victim["custody_from"],
                outlet=outlet,
            )


def _silence(session: Session, wanted: DatasetFilter, edition: Edition, day: date) -> Iterator[Silence]:
    answered = answered_topics(session, edition)
    for days in DAYS:
        until = day - timedelta(days=days)
        old = replace(wanted, end=until, when="certain")
        silent = replace(old, response=(NOT_RECORDED,))
        on_topic = _total(session, replace(silent, topic=answered), edition) if answered else 0
        yield Silence(days, until, _total(session, silent, edition), _total(session, old, edition), on_topic)


def _total(session: Session, wanted: DatasetFilter, edition: Edition) -> int:
    question = Question(Unit.INCIDENTS, DIMENSIONS["verification"])
    return int(summary(session, wanted, question, edition).total.possible[0])


def answered_topics(session: Session, edition: Edition) -> tuple[str, ...]:
    """The short names of the topics whose own record holds an official response."""
    found = []
    for topic in all_of(session, Kind.TOPIC, edition.version):
        if {one["kind"] for one in topic.record["follow_ups"]} & OFFICIAL_RESPONSES:
            found.append(str(topic.key))
    return tuple(sorted(found))
