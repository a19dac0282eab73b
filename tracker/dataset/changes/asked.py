"""Which changes are asked for: since when, and which page of them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tracker.dataset.editions import Edition, dataset_version
from tracker.dataset.filters import DatasetFilter, at_most
from tracker.dataset.models import DatasetVersion
from tracker.dataset.parameters import PARAMETERS, Refusal, read_day
from tracker.dataset.problems import FilterError, Problem
from tracker.db import utc_now
from tracker.phrases import phrase
from tracker.text import text_problem

NAMES = ("since", "limit", "after")
LONGEST = 120

_NUMBER = re.compile(r"[0-9]{1,9}")
POSITION = r"([0-9]{1,9})\.([0-9a-f]{16})"
PLACE = r"([0-9]{1,9})\.([0-9]{1,9})\.([0-9]{1,9})\.([012])\.([A-Za-z0-9_-]{1,64})"
"""How a position and a place in the feed are written, as regular expressions."""

_POSITION = re.compile(POSITION)
_TOKEN = re.compile(PLACE)
_SINCE_ALLOWED = (
    phrase("the number of a dataset version"),
    phrase("a day such as 2020-10-05"),
    phrase("the `position` that an earlier answer gave"),
)
_NEXT_PAGE = (phrase("the value that the page before gives as `next`, with the same `since`"),)


@dataclass(frozen=True, slots=True)
class Position:
    """A dataset version with its random stamp, which a database that was restored from a backup does not have."""

    version: int
    stamp: str

    def __str__(self) -> str:
        """The position as it stands in an answer and in the next question."""
        return f"{self.version}.{self.stamp}"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page of the feed begins: behind this entry, in the changes from one dataset version to another.

    Attributes:
        latest: the version up to which the pages go, pinned by the first of them.
        since: the version from which on they go.
        version, source, mark: the last entry of the page before: its version, which of the three queries it came
            from, and its mark in that query.
    """

    latest: int
    since: int
    version: int
    source: int
    mark: str

    def __str__(self) -> str:
        """The place as it stands in a query."""
        return f"{self.latest}.{self.since}.{self.version}.{self.source}.{self.mark}"


@dataclass(frozen=True, slots=True)
class ChangesAsked:
    """A question for changes, read and not yet compared with the dataset."""

    since: int | date | Position | None = None
    limit: int | None = None
    after: Place | int | None = None

    @classmethod
    def parse(cls, pairs: Iterable[tuple[str, str]]) -> ChangesAsked:
        """Read a query string; raises `FilterError` with everything that is wrong with it."""
        problems: list[Problem] = []
        found: dict[str, Any] = {}
        for name, raw in at_most(pairs):
            try:
                _refuse_name(name)
                if value := _plain(raw):
                    if name in found:
                        raise Refusal(phrase("This may be given only once."))
                    found[name] = _READ[name](value)
            except Refusal as refusal:
                problems.append(Problem.of(name, raw, refusal.message, refusal.allowed))
        if problems:
            raise FilterError(problems)
        return cls(**found)


def _refuse_name(name: str) -> None:
    if name in NAMES:
        return
    if name in PARAMETERS:
        # What was changed so that it no longer matches would leave a filtered list without a word.
        message = phrase("Changes cannot be filtered, since a filter could not say what it lost.")
        raise Refusal(message, NAMES)
    raise Refusal(phrase("This page does not take this parameter."), NAMES)


def _plain(raw: str) -> str:
    if problem := text_problem(raw, limit=LONGEST):
        raise Refusal(problem)
    return raw.strip()


def _read_since(text: str) -> int | date | Position:
    if _NUMBER.fullmatch(text):
        return int(text)
    if found := _POSITION.fullmatch(text):
        return Position(int(found[1]), found[2])
    try:
        return read_day(text)
    except Refusal as refusal:
        raise Refusal(refusal.message, _SINCE_ALLOWED) from None


def _read_after(text: str) -> Place | int:
    if _NUMBER.fullmatch(text):
        return int(text)
    found = _TOKEN.fullmatch(text)
    if found is None or (found[4] != "2" and not _NUMBER.fullmatch(found[5])):
        raise Refusal(phrase("This is no page of ours."), _NEXT_PAGE)
    return Place(int(found[1]), int(found[2]), int(found[3]), int(found[4]), found[5])


_READ = {"since": _read_since, "limit": PARAMETERS["limit"].read, "after": _read_after}


def since_version(session: Session, asked: ChangesAsked, newest: Edition) -> int:
    """The dataset version from which on changes are asked for; 0 is before the first.

    A day stands for all that was published from its beginning (UTC) on, so that nothing of that day is missed by a
    copy which was made in its course. Raises `FilterError` for what the dataset has not had.
    """
    since = asked.since
    if since is None:
        return 0
    if isinstance(since, date):
        return _before_day(session, since)
    number = since.version if isinstance(since, Position) else since
    if number > newest.version:
        message = phrase("There is no such dataset version.")
        allowed = phrase("a number from 0 to {newest}, or a day", newest=newest.version)
        raise FilterError([Problem.of("since", str(since), message, (allowed,))])
    found = session.get(DatasetVersion, number)
    if isinstance(since, Position) and (found is None or found.stamp != since.stamp):
        message = phrase("This dataset has another history: it was restored from a backup since.")
        raise FilterError([Problem.of("since", str(since), message, (phrase("0, with an empty copy"),))])
    return number


def _before_day(session: Session, day: date) -> int:
    today = utc_now().date()
    if day > today:
        message = phrase("That day is still to come.")
        allowed = phrase("a day up to {today}, or the number of a dataset version", today=today.isoformat())
        raise FilterError([Problem.of("since", day.isoformat(), message, (allowed,))])
    begins = datetime.combine(day, time.min, UTC)
    last = select(func.max(DatasetVersion.version)).where(DatasetVersion.published_at < begins)
    return session.scalar(last) or 0


def pinned(session: Session, asked: ChangesAsked, since: int, newest: Edition) -> Edition:
    """The edition up to which the pages go: that of the first page. Raises `FilterError` for another query's page."""
    place = asked.after
    if place is None:
        return newest
    strange = isinstance(place, int) or place.since != since or not since < place.version <= place.latest
    if strange or isinstance(place, int) or place.latest > newest.version:
        raise not_a_page(place)
    return dataset_version(session, DatasetFilter(dataset=place.latest))


def not_a_page(place: Place | int) -> FilterError:
    """The refusal of a page that belongs to another query."""
    message = phrase("This page belongs to another query.")
    return FilterError([Problem.of("after", str(place), message, _NEXT_PAGE)])
