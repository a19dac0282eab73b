"""A table as a page shows it: words for its rows and columns, numbers with the lists behind them, its chart."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tracker.dataset.statistics.labels import Names, label
from tracker.dataset.statistics.notes import MEASURE_LABELS
from tracker.dataset.statistics.question import Dimension, Level, Question, Unit
from tracker.web.public.charts import Chart, Series, Value, draw
from tracker.web.public.choosing import with_query
from tracker.web.public.context import licence, site_name
from tracker.web.translation import gettext, gettext_noop, ngettext, page_locale, said
from tracker.web.wording import day, full_stop, inside, number

if TYPE_CHECKING:
    from tracker.dataset.statistics.table import Count, Table

MOST_ROWS, MOST_COLUMNS = 150, 40
"""What a page shows of a table; the files have all of it."""

UNIT_LABELS = {
    Unit.INCIDENTS: gettext_noop("Incidents"),
    Unit.ACTS: gettext_noop("Acts"),
    Unit.VICTIMS: gettext_noop("Victims"),
    Unit.OUTLETS: gettext_noop("Outlets"),
}
DIMENSION_LABELS = {
    "year": gettext_noop("Year"),
    "quarter": gettext_noop("Quarter"),
    "month": gettext_noop("Month"),
    "country": gettext_noop("Country"),
    "admin1": gettext_noop("Province or region"),
    "violation": gettext_noop("Violation"),
    "perpetrator": gettext_noop("Perpetrator"),
    "state_or_not": gettext_noop("State or non-state perpetrator"),
    "outlet": gettext_noop("Outlet"),
    "role": gettext_noop("Role of the victim"),
    "harm": gettext_noop("Bodily harm"),
    "topic": gettext_noop("Topic"),
    "verification": gettext_noop("Verification"),
}


@dataclass(frozen=True, slots=True)
class Number:
    """A count on the page: what may be and what is certain, and the lists of incidents behind both."""

    possible: int
    certain: int
    list: str | None = None
    certain_list: str | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the page's table: its words, its numbers, and the distinct things in it where it has columns."""

    words: str
    numbers: Sequence[Number]
    total: Sequence[Number] = ()


@dataclass(frozen=True, slots=True)
class Shown:
    """A table as the page shows it."""

    caption: str
    row_heading: str
    column_headings: Sequence[str]
    measures: Sequence[str]
    rows: Sequence[Row]
    foot: Sequence[Row]
    is_paired: bool
    hidden_rows: int
    hidden_columns: int


class Words:
    """What everything in a table is called in the language of the page."""

    def __init__(self, table: Table, names: Names) -> None:
        self.table = table
        self._names = names
        self._locale = str(page_locale())

    def row(self, key: str) -> str:
        """The words for a row."""
        return self.of(self.table.question.by, key)

    def column(self, key: str) -> str:
        """The words for a column."""
        assert self.table.question.then is not None
        return self.of(self.table.question.then, key)

    def of(self, dimension: Dimension, key: str) -> str:
        """The words for a key of a dimension."""
        return label(dimension, key, self._names, locale=self._locale, translate=gettext)

    def measure(self, name: str) -> str:
        """The words for a measure."""
        return said(MEASURE_LABELS[name]) if name else gettext(UNIT_LABELS[self.table.question.unit])


def share_words(part: int, whole: int) -> str:
    """A share in whole per cent, which says neither that it is all nor that it is nothing where that is not so."""
    nearest = round(100 * part / whole)
    if nearest == 0 and part:
        return "<\N{NO-BREAK SPACE}1\N{NO-BREAK SPACE}%"
    if nearest == 100 and part < whole:
        return ">\N{NO-BREAK SPACE}99\N{NO-BREAK SPACE}%"
    return f"{nearest}\N{NO-BREAK SPACE}%"


def title(question: Question) -> str:
    """What a summary is called: “Incidents by violation and year”."""
    unit = gettext(UNIT_LABELS[question.unit])
    by = inside(gettext(DIMENSION_LABELS[question.by.name]))
    if question.then is None:
        return gettext("%(unit)s by %(by)s", unit=unit, by=by)
    then = inside(gettext(DIMENSION_LABELS[question.then.name]))
    return gettext("%(unit)s by %(by)s and %(then)s", unit=unit, by=by, then=then)


def shown(table: Table, names: Names) -> Shown:
    """A table in words, with links, as much of it as a page can show."""
    words = Words(table, names)
    then = table.question.then
    rows, columns = _part(table.rows, table.question.by, MOST_ROWS), _part(table.columns, then, MOST_COLUMNS)
    return Shown(
        caption=title(table.question),
        row_heading=gettext(DIMENSION_LABELS[table.question.by.name]),
        column_headings=[words.column(table.columns[place]) for place in columns],
        measures=[words.measure(name) for name in table.measures],
        rows=[_row(table, words, place, columns) for place in rows],
        foot=_foot(table, columns),
        is_paired=table.is_paired,
        hidden_rows=len(table.rows) - len(rows),
        hidden_columns=len(table.columns) - len(columns),
    )


def _part(keys: Sequence[str], dimension: Dimension | None, most: int) -> Sequence[int]:
    """The places that a page shows: the first ones, and of periods the latest."""
    if dimension is not None and dimension.level is Level.PERIOD:
        return range(max(len(keys) - most, 0), len(keys))
    return range(min(len(keys), most))


def _row(table: Table, words: Words, place: int, columns: Sequence[int]) -> Row:
    key = table.rows[place]
    own = numbers(table, table.at(table.of_rows, place), key)
    if table.question.then is None:
        return Row(words.row(key), own)
    cells = [
        each
        for column in columns
        for each in numbers(table, table.at(table.cells, place, column), key, table.columns[column])
    ]
    return Row(words.row(key), cells, own)


def numbers(table: Table, counts: Sequence[Count], row: str | None, column: str | None = None) -> list[Number]:
    """Counts with the lists behind them; there is none behind nothing."""
    possible = _list(table, row, column, certain=False)
    certain = _list(table, row, column, certain=True) if table.is_paired else None
    return [
        Number(
            counted.possible,
            counted.certain,
            possible if counted.possible else None,
            certain if counted.certain else None,
        )
        for counted in counts
    ]


def _list(table: Table, row: str | None, column: str | None, *, certain: bool) -> str | None:
    changes = table.changes(row, column, certain=certain)
    if changes is None:
        return None
    return with_query("public.incidents", table.wanted.query_string(**changes))


def _foot(table: Table, columns: Sequence[int]) -> list[Row]:
    """Below the rows: what has no date, and the distinct things in all."""
    foot = []
    totals: list[Number] = []
    if table.of_columns is not None:
        for column in columns:
            totals += numbers(table, table.at(table.of_columns, column), None, table.columns[column])
    if table.undated is not None and table.undated.possible.any():
        undated = [Number(counted.possible, counted.certain) for counted in table.at(table.undated)]
        foot.append(Row(gettext("No date recorded"), undated if table.question.then is None else (), undated))
    total = numbers(table, table.at(table.total), None)
    foot.append(Row(gettext("Distinct in all"), total if table.question.then is None else totals, total))
    return foot


def chart_of(table: Table, names: Names, asked: Sequence[str], *, headed: bool) -> Chart:
    """The chart of a table: one panel, or one for each row where there are columns; `asked` is the filter in words."""
    words = Words(table, names)
    measure = words.measure(table.measures[0])
    question = table.question
    heading = title(question)
    if question.unit is Unit.VICTIMS:
        heading = gettext("%(title)s: %(measure)s", title=heading, measure=inside(measure))
    return draw(
        heading,
        _description(table),
        _series(table, words),
        [*_alone(table), *source_lines(table, asked)],
        headed=headed,
        left_out=left_out_words,
        periods_below=question.then is not None and question.by.level is question.then.level is Level.PERIOD,
    )


def left_out_words(count: int) -> str:
    """How many values a chart does not draw, and why."""
    return ngettext(
        "%(num)s row is not drawn: it holds nothing, or the chart has no room for it.",
        "%(num)s rows are not drawn: they hold nothing, or the chart has no room for them.",
        count,
        num=number(count),
    )


def _alone(table: Table) -> Iterator[str]:
    """What the page says beside the chart, and a picture that stands alone has to say itself."""
    if table.nothing():
        yield gettext(
            "No published incident matches this filter. That says that none is on record here, not that none happened."
        )
    if table.unavailable:
        yield unavailable_words(table.unavailable)


def unavailable_words(count: int) -> str:
    """How many records a restriction has taken out of the figures of an earlier version."""
    return ngettext(
        "%(num)s record of that version is no longer available and is not counted.",
        "%(num)s records of that version are no longer available and are not counted.",
        count,
    )


def _series(table: Table, words: Words) -> list[Series]:
    by, then = table.question.by, table.question.then
    if then is None:
        values = [value_of(words.row(key), *table.at(table.of_rows, place)[:1]) for place, key in enumerate(table.rows)]
        return [Series("", values, by.level is Level.PERIOD)]
    # Time goes from left to right whichever dimension it is.
    turned = by.level is Level.PERIOD and then.level is not Level.PERIOD
    outer, inner = (table.columns, table.rows) if turned else (table.rows, table.columns)
    across = by if turned else then
    series = []
    for place, key in enumerate(outer):
        values = [
            value_of(
                words.of(across, other),
                table.at(table.cells, *((within, place) if turned else (place, within)))[0],
            )
            for within, other in enumerate(inner)
        ]
        if any(value.possible for value in values):
            series.append(Series(words.of(then if turned else by, key), values, across.level is Level.PERIOD))
    return series


def value_of(words: str, counted: Count | Number) -> Value:
    """A count as a chart draws it, with the sentence that says it."""
    if counted.possible == counted.certain:
        sentence = gettext("%(what)s: %(count)s", what=words, count=number(counted.possible))
    else:
        sentence = gettext(
            "%(what)s: possibly %(possible)s, certainly %(certain)s",
            what=words,
            possible=number(counted.possible),
            certain=number(counted.certain),
        )
    return Value(words, counted.possible, counted.certain, sentence)


def _description(table: Table) -> str:
    """What a reader who does not see the chart is told; the numbers themselves are in the table."""
    most = max((cell.counts[0].possible for cell in table.iterate()), default=0)
    return gettext(
        "Bars from zero to %(most)s; %(total)s distinct in all. All numbers stand in the table of the same summary.",
        most=number(most),
        total=number(int(table.total.possible[0])),
    )


def source_lines(table: Table, asked: Sequence[str]) -> list[str]:
    """Where the figures come from, in full sentences: site, version, day, filter, licence, and what they are not."""
    terms = licence()
    published = table.edition.published_at
    return [
        gettext(
            "Source: %(site)s, dataset version %(version)s of %(day)s.",
            site=site_name(),
            version=table.edition.version,
            day=day(published.date()) if published else "–",
        ),
        full_stop(gettext("Filter: %(filter)s", filter="; ".join(asked) or gettext("all incidents"))),
        gettext("Number in brackets: certain; before it: possible.") if table.is_paired else "",
        gettext("Observed cases, a floor and no estimate.")
        + (" " + gettext("Licence: %(licence)s.", licence=gettext(terms.label)) if terms else ""),
    ]
