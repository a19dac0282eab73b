"""The figures of a report: headline numbers, and tables with a chart each, all counted by `dataset.statistics`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from sqlalchemy.orm import Session

from tracker.dataset.filters import DatasetFilter
from tracker.dataset.statistics import DIMENSIONS, Question, Unit, summary
from tracker.dataset.statistics.labels import names_in
from tracker.dataset.statistics.notes import PERPETRATORS, POSSIBLE, UNDERCOUNT, UNIT_NOTES, notes
from tracker.dataset.statistics.periods import period_days
from tracker.dataset.statistics.question import Level
from tracker.vocabulary import NOT_RECORDED, UNKNOWN, Custody, Harm
from tracker.web.public.charts import Chart, Series, draw
from tracker.web.public.choosing import with_query
from tracker.web.public.figures.shown import DIMENSION_LABELS, Number, Row, Words, numbers, title, value_of
from tracker.web.translation import gettext
from tracker.web.wording import number

if TYPE_CHECKING:
    from tracker.dataset.statistics.table import Count, Table

MOST_ROWS = 30
MOST_OUTLETS = 10
MOST_PERIODS = 60
MOST_MONTHS, MOST_QUARTERS = 24, 40
"""Up to how many of them a report goes by months or by quarters; beyond that it goes by years."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One table of a report with its chart, which there is none of for a single row.

    Attributes:
        name: what it is called in addresses within the report.
        remarks: what has to be said of this table and is not said of all.
        hidden: how many further rows hold something.
        summary: the address of the whole table.
    """

    name: str
    title: str
    column: str
    rows: Sequence[Row]
    undated: Number | None
    total: Number
    is_paired: bool
    chart: Chart | None
    remarks: Sequence[str]
    hidden: int
    summary: str


@dataclass(frozen=True, slots=True)
class Headline:
    """A number that stands large, with what it counts."""

    label: str
    number: Number
    aside: str = ""


@dataclass(frozen=True, slots=True)
class Counted:
    """All figures of a report."""

    headlines: Sequence[Headline]
    verification: Sequence[Row]
    harm_not_recorded: str
    figures: Sequence[Figure]
    is_paired: bool
    incidents: int


class Counting:
    """Counts for one report, within one transaction."""

    def __init__(self, session: Session, wanted: DatasetFilter) -> None:
        self._session = session
        self.wanted = wanted

    def table(self, unit: Unit, by: str, **more: Any) -> Table:
        """A table of one dimension under the filter with some of its parameters changed."""
        return summary(self._session, replace(self.wanted, **more), Question(unit, DIMENSIONS[by]))

    def figure(self, by: str, *, most: int = MOST_ROWS, heading: str = "") -> Figure:
        """The incidents by a dimension: periods in their order, all else with the most frequent first."""
        table = self.table(Unit.INCIDENTS, by)
        is_period = table.question.by.level is Level.PERIOD
        places, silent = (_periods(table), []) if is_period else _most_frequent(table)
        kept = places[-most:] if is_period else places[:most]
        standing = [*kept, *silent]
        shown = replace(table, rows=tuple(table.rows[place] for place in standing))
        words = Words(shown, names_in(self._session, shown))
        rows = [
            Row(words.row(table.rows[place]), numbers(table, table.at(table.of_rows, place), table.rows[place]))
            for place in standing
        ]
        name = heading or title(table.question)
        return Figure(
            name=by,
            title=name,
            column=gettext(DIMENSION_LABELS[by]),
            rows=rows,
            undated=_undated(table),
            total=_total(table),
            is_paired=_differ([_total(table), *(row.numbers[0] for row in rows)]),
            chart=_chart(name, table, rows[: len(kept)]) if len(kept) > 1 else None,
            remarks=[note.in_words(gettext) for note in notes(table) if note not in _SAID_OF_ALL],
            hidden=len(places) - len(kept),
            summary=with_query("public.summary", table.question.query_string(self.wanted)),
        )


_SAID_OF_ALL = {UNDERCOUNT, POSSIBLE, PERPETRATORS, *UNIT_NOTES.values()}
"""These stand once in the report, before all figures."""


def counted(session: Session, wanted: DatasetFilter) -> Counted:
    """All figures under a filter. Raises `FilterError`."""
    counting = Counting(session, wanted)
    levels = counting.table(Unit.INCIDENTS, "verification")
    words = Words(levels, {})
    total = _total(levels)
    headlines = [Headline(gettext("Incidents"), total), *_headlines(counting)]
    verification = [
        Row(words.row(key), numbers(levels, levels.at(levels.of_rows, place), key))
        for place, key in enumerate(levels.rows)
        if int(levels.of_rows.possible[0][place])
    ]
    return Counted(
        headlines=headlines,
        verification=verification,
        harm_not_recorded=_harm_not_recorded(counting),
        figures=list(_figures(counting)) if total.possible else [],
        is_paired=_differ([*(one.number for one in headlines), *(row.numbers[0] for row in verification)]),
        incidents=total.possible,
    )


def _differ(found: Sequence[Number]) -> bool:
    """Whether any of these is not certain as a whole, so that certain counts have to stand beside the possible ones."""
    return any(one.possible != one.certain for one in found)


def _headlines(counting: Counting) -> Iterator[Headline]:
    acts = counting.table(Unit.ACTS, "violation")
    yield Headline(gettext("Acts, each against one victim"), _total(acts))
    victims = counting.table(Unit.VICTIMS, "harm")
    yield _of_victims(gettext("Victims"), victims, victims.at(victims.total), None)
    yield Headline(gettext("Outlets hit"), _total(counting.table(Unit.OUTLETS, "violation")))
    for code, label in (
        (Harm.KILLED, gettext("Victims killed, on record")),
        (Harm.INJURED, gettext("Victims injured, on record")),
    ):
        if code.value in victims.rows:
            yield _of_victims(label, victims, victims.at(victims.of_rows, victims.rows.index(code.value)), code.value)
    held = counting.wanted.custody
    if not held or Custody.OPEN.value in held:
        custody = counting.table(Unit.VICTIMS, "harm", custody=(Custody.OPEN.value,))
        yield _of_victims(gettext("Victims held, no end on record"), custody, custody.at(custody.total), None)


def _harm_not_recorded(counting: Counting) -> str:
    """Of how many victims no source says whether they were hurt: none on record as injured is not none injured."""
    victims = counting.table(Unit.VICTIMS, "harm")
    if NOT_RECORDED not in victims.rows:
        return ""
    found = victims.at(victims.of_rows, victims.rows.index(NOT_RECORDED))
    if not any(one.possible for one in found):
        return ""
    named, unnamed, groups = (number(one.possible) for one in found)
    return gettext(
        "Whether they were hurt is not recorded of these victims: named %(named)s, unnamed persons %(unnamed)s, "
        "groups %(groups)s.",
        named=named,
        unnamed=unnamed,
        groups=groups,
    )


def _of_victims(label: str, table: Table, counts: Sequence[Count], row: str | None) -> Headline:
    """Named victims in large, and beside them those who are never added to them."""
    found = numbers(table, counts, row)
    if not any(one.possible for one in found):
        return Headline(label, found[0])
    unnamed, groups = found[1].possible, found[2].possible
    beside = gettext(
        "named; beside them, not to be added: unnamed persons %(unnamed)s, groups %(groups)s",
        unnamed=number(unnamed),
        groups=number(groups),
    )
    return Headline(label, found[0], beside)


def _figures(counting: Counting) -> Iterator[Figure]:
    yield _over_time(counting)
    yield counting.figure("violation")
    yield counting.figure("perpetrator")
    countries = counting.figure("country")
    if len(countries.rows) > 1:
        yield countries
    else:
        regions = counting.figure("admin1")
        # One region alone, most often that none is recorded, tells no more than the table of incidents.
        if len(regions.rows) > 1:
            yield regions
    outlets = counting.figure("outlet", most=MOST_OUTLETS, heading=gettext("Outlets most hit, by incidents"))
    if outlets.rows:
        yield outlets


def _over_time(counting: Counting) -> Figure:
    table = counting.table(Unit.INCIDENTS, "year")
    years = _periods(table)
    if not years:
        return counting.figure("year")
    first, last = period_days(table.rows[years[0]])[0], period_days(table.rows[years[-1]])[1]
    first, last = max(first, counting.wanted.start or first), min(last, counting.wanted.end or last)
    months = 12 * (last.year - first.year) + last.month - first.month + 1
    step = "month" if months <= MOST_MONTHS else "quarter" if months <= 3 * MOST_QUARTERS else "year"
    return counting.figure(step, most=MOST_PERIODS)


def _periods(table: Table) -> Sequence[int]:
    """The places of the periods from the first to the last in which anything may have happened."""
    some = table.of_rows.possible[0].nonzero()[0]
    return range(int(some[0]), int(some[-1]) + 1) if len(some) else range(0)


def _most_frequent(table: Table) -> tuple[list[int], list[int]]:
    """The places of what is on record, the most frequent first; of outlets, apart, those of none that is known."""
    possible, certain = table.of_rows.possible[0], table.of_rows.certain[0]
    apart = (NOT_RECORDED, UNKNOWN) if table.question.by.name == "outlet" else ()
    some = possible.nonzero()[0].tolist()
    some.sort(key=lambda place: (-int(possible[place]), -int(certain[place]), table.rows[place]))
    silent = [place for place in some if table.rows[place] in apart]
    return [place for place in some if place not in silent], silent


def _total(table: Table) -> Number:
    return numbers(table, table.at(table.total)[:1], None)[0]


def _undated(table: Table) -> Number | None:
    if table.undated is None or not table.undated.possible.any():
        return None
    count = table.at(table.undated)[0]
    return Number(count.possible, count.certain)


def _chart(heading: str, table: Table, rows: Sequence[Row]) -> Chart:
    """The rows as bars, or as columns where they are periods."""
    values = [value_of(row.words, row.numbers[0]) for row in rows]
    # What a reader who does not see the picture is told.
    description = gettext("A bar for each row of the table below, with its number.")
    series = Series("", values, table.question.by.level is Level.PERIOD)
    return draw(heading, description, [series], [], headed=False)
