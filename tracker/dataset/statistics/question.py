"""What a summary is asked for: what is counted, and by what."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from urllib.parse import urlencode

from tracker.dataset.exports.meta import refuse_columns
from tracker.dataset.filters import PAGING, DatasetFilter, at_most
from tracker.dataset.problems import FilterError, Problem
from tracker.phrases import phrase


class Unit(StrEnum):
    """What is counted; `docs/figures.md` says what each of them means."""

    INCIDENTS = "incidents"
    ACTS = "acts"
    VICTIMS = "victims"
    OUTLETS = "outlets"


class Level(StrEnum):
    """Of what a dimension tells: of an act against a victim, of the whole incident, of its topics or of its days."""

    FACET = "facet"
    INCIDENT = "incident"
    TOPIC = "topic"
    PERIOD = "period"


@dataclass(frozen=True, slots=True)
class Dimension:
    """One way of dividing up what is counted.

    Attributes:
        column: the column of the public tables that it reads.
        parameter: the parameter of the filter by which the incidents of one row are listed.
        months: for periods, how many months one of them has.
    """

    name: str
    level: Level
    column: str
    parameter: str
    months: int = 0


DIMENSIONS: Mapping[str, Dimension] = MappingProxyType(
    {
        made.name: made
        for made in (
            Dimension("year", Level.PERIOD, "", "from", 12),
            Dimension("quarter", Level.PERIOD, "", "from", 3),
            Dimension("month", Level.PERIOD, "", "from", 1),
            Dimension("country", Level.INCIDENT, "country", "country"),
            Dimension("admin1", Level.INCIDENT, "region", "admin1"),
            Dimension("violation", Level.FACET, "violation", "violation"),
            Dimension("perpetrator", Level.FACET, "perpetrator", "perpetrator"),
            Dimension("state_or_not", Level.FACET, "side", "state"),
            Dimension("outlet", Level.FACET, "outlet", "outlet"),
            Dimension("role", Level.FACET, "role", "role"),
            Dimension("harm", Level.FACET, "harm", "harm"),
            Dimension("topic", Level.TOPIC, "topic", "topic"),
            Dimension("verification", Level.INCIDENT, "verification", "verification"),
        )
    }
)
"""Every dimension by its name, in the order in which a form offers them."""

OF_A_DASHBOARD = ("country", "admin1", "place", "verification", "as_of", "dataset")
"""The parameters of the filter that a dashboard takes; it has periods of its own."""

_CHOICES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"unit": tuple(Unit), "by": tuple(DIMENSIONS), "then": tuple(DIMENSIONS)}
)
_MESSAGES = {
    "unit": phrase("There is no such unit."),
    "by": phrase("There is no such dimension."),
    "then": phrase("There is no such dimension."),
}


@dataclass(frozen=True, slots=True)
class Question:
    """What is counted (`unit`), by what (`by`), and by what again within that (`then`)."""

    unit: Unit = Unit.INCIDENTS
    by: Dimension = DIMENSIONS["year"]
    then: Dimension | None = None

    @property
    def dimensions(self) -> tuple[Dimension, ...]:
        """The dimensions: that of the rows, and that of the columns, if there is one."""
        return (self.by,) if self.then is None else (self.by, self.then)

    def pairs(self) -> list[tuple[str, str]]:
        """The question as it stands first in a canonical query."""
        pairs = [("unit", self.unit.value), ("by", self.by.name)]
        return pairs if self.then is None else [*pairs, ("then", self.then.name)]

    def query_string(self, wanted: DatasetFilter, **changes: object) -> str:
        """The canonical query of a summary; changes are those of the filter (see `DatasetFilter.query_string`)."""
        rest = wanted.query_string(**changes)
        return urlencode(self.pairs()) + (f"&{rest}" if rest else "")


def parse(pairs: Iterable[tuple[str, str]]) -> tuple[Question, DatasetFilter]:
    """The question and the filter of a query string; raises `FilterError` with everything that is wrong."""
    mine: list[tuple[str, str]] = []
    rest: list[tuple[str, str]] = []
    for pair in at_most(pairs):
        (mine if pair[0] in _CHOICES else rest).append(pair)
    chosen, problems = _choices(mine)
    try:
        wanted = DatasetFilter.parse(rest)
        refuse_pages(wanted)
    except FilterError as error:
        problems += error.problems
    if problems:
        raise FilterError(problems)
    return _question(chosen), wanted


def _choices(pairs: Iterable[tuple[str, str]]) -> tuple[dict[str, str], list[Problem]]:
    chosen: dict[str, str] = {}
    problems = []
    for name, raw in pairs:
        value = raw.strip()
        if not value:
            continue
        if name in chosen:
            problems.append(Problem.of(name, raw, phrase("This may be given only once.")))
        elif value not in _CHOICES[name]:
            problems.append(Problem.of(name, raw, _MESSAGES[name], _CHOICES[name]))
        else:
            chosen[name] = value
    if "then" in chosen and chosen["then"] == chosen.get("by", Question().by.name):
        others = [name for name in DIMENSIONS if name != chosen["then"]]
        problems.append(Problem.of("then", chosen["then"], phrase("This is counted by already."), others))
    return chosen, problems


def _question(chosen: Mapping[str, str]) -> Question:
    default = Question()
    then = chosen.get("then")
    return Question(
        Unit(chosen.get("unit", default.unit)),
        DIMENSIONS[chosen.get("by", default.by.name)],
        DIMENSIONS[then] if then else None,
    )


def refuse_pages(wanted: DatasetFilter) -> None:
    """Raise `FilterError` for a page or for columns: a summary has neither."""
    refuse_columns(wanted)
    message, allowed = phrase("A summary has no pages."), (phrase("leave it out"),)
    problems = [Problem.of(name, value, message, allowed) for name, value in wanted.pairs() if name in PAGING]
    if problems:
        raise FilterError(problems)
