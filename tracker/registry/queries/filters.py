"""The filter of the staff list: what it may hold, and reading it from what was posted or kept."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker import text
from tracker.phrases import phrase
from tracker.registry import names
from tracker.registry.models import Outlet, Topic
from tracker.vocabulary import COUNTRIES, NOT_RECORDED, Status, Verification, Violation
from tracker.vocabulary.desk import Only, Sort

Pairs = Sequence[tuple[str, str]]
LONGEST_QUERY = 200
MOST_VALUES = 50
LANGUAGES = ("en", "ru", "ky")


@dataclass(frozen=True, slots=True)
class FilterProblem:
    """One value of a filter that cannot be used: the field, the value, why, and what is allowed."""

    name: str
    value: str
    message: str
    allowed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ListFilter:
    """A filter of the staff list. Fields that hold several values mean any of them; all fields must hold at once.

    Attributes:
        q: words of which all must stand in the incident or what it names.
        since: the first day of a period in which it may have happened.
        until: the last day of that period.
        outlet: names or keys of outlets, as typed.
        author: who recorded it, as revisions name people.
        missing: languages in which the title or the summary is wanting.
        only: what it must want for or wait for; all of these.
    """

    q: str = ""
    status: tuple[str, ...] = ()
    country: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None
    violation: tuple[str, ...] = ()
    outlet: tuple[str, ...] = ()
    topic: tuple[str, ...] = ()
    author: tuple[str, ...] = ()
    verification: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    only: tuple[str, ...] = ()
    sort: str = Sort.CHANGE

    def pairs(self) -> list[tuple[str, str]]:
        """The filter as names and values, as it is kept."""
        found: list[tuple[str, str]] = []
        for each in fields(self):
            value = getattr(self, each.name)
            values = value if isinstance(value, tuple) else (value,)
            found += [(each.name, str(one)) for one in values if one]
        return [pair for pair in found if pair != ("sort", Sort.CHANGE)]

    @property
    def is_empty(self) -> bool:
        """Whether it lets everything through, whatever the order."""
        return all(name == "sort" for name, _ in self.pairs())


SINGLE = frozenset({"q", "since", "until", "sort"})
FIELDS = frozenset(each.name for each in fields(ListFilter))
CODES: dict[str, tuple[str, ...]] = {
    "status": tuple(status for status in Status.codes() if status != Status.ERASED),
    "country": tuple(COUNTRIES),
    "violation": Violation.codes(),
    "verification": (*Verification.codes(), NOT_RECORDED),
    "missing": LANGUAGES,
    "only": Only.codes(),
    "sort": Sort.codes(),
}


def parse(session: Session, pairs: Pairs) -> tuple[ListFilter, list[FilterProblem]]:
    """The filter that these pairs mean, and everything in them that cannot be used; empty values say nothing."""
    given: dict[str, list[str]] = {}
    problems: list[FilterProblem] = []
    for name, value in pairs:
        if not value.strip():
            continue
        if name not in FIELDS:
            problems.append(FilterProblem("", "", phrase("There is no such filter."), tuple(sorted(FIELDS))))
        else:
            given.setdefault(name, []).append(value.strip())
    values: dict[str, object] = {}
    for name, found in given.items():
        kept, wrong = _read(session, name, list(dict.fromkeys(found)))
        problems += wrong
        if not wrong:
            values[name] = kept
    made = ListFilter(**values)  # type: ignore[arg-type]
    return made, problems + _reversed(made)


def _read(session: Session, name: str, found: list[str]) -> tuple[object, list[FilterProblem]]:
    if name in SINGLE and len(found) > 1:
        return None, [FilterProblem(name, found[1], phrase("This can be given once only."))]
    if len(found) > MOST_VALUES:
        return None, [FilterProblem(name, "", phrase("These are too many values; at most 50 are allowed."))]
    checks: dict[str, Callable[[list[str]], list[FilterProblem]]] = {
        "q": _check_query,
        "outlet": lambda typed: _check_outlets(session, typed),
        "topic": lambda keys: _check_topics(session, keys),
        "author": _check_authors,
    }
    if name in ("since", "until"):
        return _day(name, found[0])
    problems = checks[name](found) if name in checks else _check_codes(name, found)
    return found[0] if name in SINGLE else tuple(found), problems


def _check_codes(name: str, found: Iterable[str]) -> list[FilterProblem]:
    allowed = CODES[name]
    return [
        FilterProblem(name, v, phrase("This is not one of the values."), allowed) for v in found if v not in allowed
    ]


def _check_query(found: list[str]) -> list[FilterProblem]:
    problem = text.text_problem(found[0], limit=LONGEST_QUERY)
    if problem is None and not text.search_words(found[0]):
        problem = phrase("There is no letter or digit to look for.")
    return [] if problem is None else [FilterProblem("q", "", problem)]


def _check_outlets(session: Session, typed: list[str]) -> list[FilterProblem]:
    problems = []
    for name in typed:
        if text.text_problem(name, limit=LONGEST_QUERY):
            problems.append(FilterProblem("outlet", "", phrase("No outlet is called so.")))
        elif not outlet_ids(session, name):
            near = tuple(found.name for found in names.suggest(session, "outlet", name))
            problems.append(FilterProblem("outlet", name, phrase("No outlet is called so."), near))
    return problems


def outlet_ids(session: Session, name: str) -> list[str]:
    """The outlets that have this name or key."""
    key = list(session.scalars(select(Outlet.id).where(Outlet.key == name)))
    return key or [found.id for found in names.exact(session, "outlet", name)]


def _check_topics(session: Session, keys: list[str]) -> list[FilterProblem]:
    known = set(session.scalars(select(Topic.key)))
    allowed = tuple(sorted(key for key in known if key))
    return [FilterProblem("topic", k, phrase("There is no such topic."), allowed) for k in keys if k not in known]


def _check_authors(found: list[str]) -> list[FilterProblem]:
    wrong = [actor for actor in found if text.text_problem(actor, limit=LONGEST_QUERY)]
    return [FilterProblem("author", "", phrase("This is not one of the values.")) for _ in wrong]


def _day(name: str, value: str) -> tuple[date | None, list[FilterProblem]]:
    try:
        return date.fromisoformat(value), []
    except ValueError:
        return None, [FilterProblem(name, value, phrase("This is not a day."), ("2020-10-05",))]


def _reversed(made: ListFilter) -> list[FilterProblem]:
    if made.since is None or made.until is None or made.since <= made.until:
        return []
    message = phrase("The period ends before it begins.")
    return [FilterProblem("until", made.until.isoformat(), message, (f"{made.since.isoformat()} …",))]
