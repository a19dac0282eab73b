"""The one filter behind every list, file and figure, read from a query string.

A parameter that is unknown, malformed, repeated where it may not be, or contradictory is refused with all the others
that are wrong; nothing is ever ignored. A parameter without a value counts as not given, since that is how forms in
a browser send what was left empty.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256
from itertools import islice
from typing import Any
from urllib.parse import urlencode

from tracker.dataset.boxes import Box
from tracker.dataset.paging import PageToken
from tracker.dataset.parameters import LONGEST_TEXT, PARAMETERS, Parameter, Refusal
from tracker.dataset.problems import FilterError, Problem
from tracker.phrases import phrase
from tracker.text import text_problem

MOST_PARAMETERS = 200
PAGING = frozenset({"limit", "after"})
COLUMNS = frozenset({"fields", "hxl"})
"""The parameters that say what a CSV file shows of the incidents, and not which."""
LONGEST_FIELDS = 4_000

Pairs = Iterable[tuple[str, str]]
Values = dict[str, list[Any]]


def at_most(pairs: Pairs) -> list[tuple[str, str]]:
    """The pairs of a query string; raises `FilterError` with one sentence where they are more than anybody needs."""
    given = list(islice(pairs, MOST_PARAMETERS + 1))
    if len(given) > MOST_PARAMETERS:
        message = phrase("There are too many parameters; at most {most} are allowed.", most=MOST_PARAMETERS)
        raise FilterError([Problem("query", "", message)])
    return given


@dataclass(frozen=True, slots=True)
class DatasetFilter:
    """What was asked for. Several values of one name mean any of them; different names mean all of them.

    Attributes:
        start, end: the period (`from`, `to`), both days included.
        when: `possible` where the days of the incident overlap the period, `certain` where they all lie in it.
        within: a box of the map in which the public point lies.
        fields, hxl: which columns a CSV file has, and whether hashtags stand under its header.
        after: the place where the page begins; it also pins the dataset version.
    """

    q: str | None = None
    start: date | None = None
    end: date | None = None
    when: str = "possible"
    country: tuple[str, ...] = ()
    admin1: tuple[str, ...] = ()
    place: tuple[str, ...] = ()
    placed: tuple[str, ...] = ()
    within: Box | None = None
    violation: tuple[str, ...] = ()
    completion: tuple[str, ...] = ()
    perpetrator: tuple[str, ...] = ()
    state: tuple[str, ...] = ()
    outlet: tuple[str, ...] = ()
    topic: tuple[str, ...] = ()
    role: tuple[str, ...] = ()
    harm: tuple[str, ...] = ()
    custody: tuple[str, ...] = ()
    verification: tuple[str, ...] = ()
    response: tuple[str, ...] = ()
    as_of: date | None = None
    dataset: int | None = None
    fields: tuple[str, ...] = ()
    hxl: str | None = None
    limit: int | None = None
    after: PageToken | None = None

    @classmethod
    def parse(cls, pairs: Pairs) -> DatasetFilter:
        """Read the pairs of a query string; raises `FilterError` with everything that is wrong."""
        values, problems = _read(at_most(pairs))
        problems += _contradictions(values)
        if problems:
            raise FilterError(problems)
        return cls(**_arguments(values))

    @property
    def is_empty(self) -> bool:
        """Whether it asks for all incidents, whatever the version, the page or the columns."""
        return all(name in NOT_NARROWING for name, _ in self.pairs())

    def without_facets(self) -> DatasetFilter:
        """The same filter without those of acts, victims and perpetrators, and without page and columns."""
        taken_out: dict[str, Any] = {name: () for name, parameter in PARAMETERS.items() if parameter.facet}
        return replace(self, **taken_out, fields=(), hxl=None, limit=None, after=None)

    def values(self, name: str) -> tuple[str, ...]:
        """The values of a parameter as text, in the order in which a canonical query has them."""
        value = getattr(self, _ATTRIBUTES.get(name, name))
        if value is None or (name == "when" and (value == "possible" or not self.has_period)):
            return ()
        if name == "fields":
            return (",".join(value),) if value else ()
        return tuple(sorted(value)) if isinstance(value, tuple) else (str(value),)

    def pairs(self) -> Iterator[tuple[str, str]]:
        """The canonical query as pairs: names in the order of the table, values sorted, defaults left out."""
        return ((name, value) for name in PARAMETERS for value in self.values(name))

    @property
    def has_period(self) -> bool:
        """Whether there is a period for `when` to speak of."""
        return self.start is not None or self.end is not None

    def query_string(self, **changes: object) -> str:
        """The canonical query, with parameters changed: None takes one out, a list gives several values.

        `from` is a word of Python, so a changed first day is written `query_string(**{"from": day})`.
        """
        named: dict[str, list[str]] = {}
        for name, value in self.pairs():
            named.setdefault(name, []).append(value)
        for name, change in changes.items():
            if name not in PARAMETERS:
                raise TypeError(f"there is no parameter {name}")
            several = change if isinstance(change, (list, tuple, set, frozenset)) else [change]
            named[name] = [str(value) for value in several if value is not None and value != ""]
        return urlencode([(name, value) for name in PARAMETERS for value in named.get(name, ())])

    def selection(self) -> str:
        """The canonical query without page and columns: alike for all filters that ask for the same incidents."""
        return self.query_string(**dict.fromkeys(PAGING | COLUMNS))

    def digest(self) -> str:
        """Ten hexadecimal digits that stand for the filter in tokens, whatever the page and its size."""
        return sha256(self.selection().encode()).hexdigest()[:10]


EVERYTHING = DatasetFilter()
"""The filter of an empty query: all incidents that are public now."""

_ATTRIBUTES = {"from": "start", "to": "end"}
NOT_NARROWING = frozenset({"as_of", "dataset"}) | COLUMNS | PAGING


def _read(given: list[tuple[str, str]]) -> tuple[Values, list[Problem]]:
    values: Values = {}
    problems: list[Problem] = []
    for name, raw in given:
        parameter = PARAMETERS.get(name)
        if parameter is None:
            problems.append(Problem.of(name, raw, phrase("There is no such parameter."), PARAMETERS))
            continue
        try:
            _read_one(parameter, raw, values)
        except Refusal as refusal:
            problems.append(Problem.of(name, raw, refusal.message, refusal.allowed))
    return values, problems


def _read_one(parameter: Parameter, raw: str, values: Values) -> None:
    limit = LONGEST_FIELDS if parameter.name == "fields" else LONGEST_TEXT
    problem = text_problem(raw, limit=limit)
    if problem is not None:
        raise Refusal(problem)
    text = raw.strip()
    if not text:
        return
    earlier = values.setdefault(parameter.name, [])
    if earlier and not parameter.many:
        raise Refusal(phrase("This may be given only once."))
    value = parameter.read(text)
    if value not in earlier:
        earlier.append(value)


def _contradictions(values: Values) -> Iterator[Problem]:
    start, end = _single(values, "from"), _single(values, "to")
    if start and end and start > end:
        message = phrase("The period ends before it begins.")
        allowed = phrase("a day not before {day}", day=start.isoformat())
        yield Problem("to", end.isoformat(), message, (allowed,))
    if values.get("as_of") and values.get("dataset"):
        message = phrase("A day and a dataset version cannot both be asked for.")
        yield Problem("dataset", str(_single(values, "dataset")), message, (phrase("as_of or dataset"),))


def _single(values: Values, name: str) -> Any:
    given = values.get(name)
    return given[0] if given else None


def _arguments(values: Values) -> dict[str, Any]:
    arguments: dict[str, Any] = {}
    for name, given in values.items():
        if not given:
            continue
        many = PARAMETERS[name].many
        arguments[_ATTRIBUTES.get(name, name)] = tuple(sorted(given)) if many else given[0]
    return arguments
