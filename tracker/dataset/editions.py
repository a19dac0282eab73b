"""Which dataset version an answer is made from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import NoReturn

from sqlalchemy import Row, func, or_, select
from sqlalchemy.orm import Session

from tracker.dataset.filters import EVERYTHING, DatasetFilter
from tracker.dataset.models import DatasetVersion
from tracker.dataset.paging import PageToken
from tracker.dataset.problems import FilterError, Problem
from tracker.db import Database, utc_now
from tracker.phrases import phrase


@dataclass(frozen=True, slots=True)
class Edition:
    """The dataset as it was at one version.

    Attributes:
        version: number of the version; 0 while nothing has ever been published.
        published_at: when it was published (UTC); None at version 0.
        latest: number of the newest version.
        stamp: changes with every publication, restrictions included; whatever is kept in a cache is kept under it.
    """

    version: int
    published_at: datetime | None
    latest: int
    stamp: str


NOTHING_PUBLISHED = Edition(0, None, 0, "")

_VERSIONS = DatasetVersion.__table__.c
# Every answer asks this first: made once, and without an object of the whole version, it costs a third.
_NEWEST = select(_VERSIONS.version, _VERSIONS.published_at, _VERSIONS.stamp).order_by(_VERSIONS.version.desc()).limit(1)


def newest_stamp(database: Database) -> str:
    """The stamp of the newest version at this very moment; empty while nothing has been published."""
    found = database.glance("SELECT stamp FROM public_dataset_version ORDER BY version DESC LIMIT 1")
    return str(found[0]) if found else NOTHING_PUBLISHED.stamp


def dataset_version(session: Session, wanted: DatasetFilter = EVERYTHING) -> Edition:
    """The edition that a filter asks for: that of its page token, its `dataset`, its `as_of`, or the newest.

    Raises `FilterError` for a day or a version that the dataset has not had, and for the page of another filter.
    """
    newest = session.execute(_NEWEST).first()
    if newest is None:
        return _of_nothing(wanted)
    found: DatasetVersion | Row[int, datetime, str] = newest
    if wanted.as_of is not None:
        found = _as_of(session, wanted.as_of)
    elif wanted.dataset is not None:
        found = _numbered(session, "dataset", wanted.dataset, newest.version)
    if wanted.after is not None:
        found = _of_page(session, wanted, found.version)
    return Edition(found.version, found.published_at, newest.version, newest.stamp)


def still_holds(session: Session, edition: Edition) -> bool:
    """Whether nothing that was public when the edition was asked for has been taken back since."""
    newest = session.get(DatasetVersion, edition.latest) if edition.latest else None
    if (newest.stamp if newest else "") != edition.stamp:
        # A backup was restored meanwhile.
        return False
    taken = or_(DatasetVersion.restrictions > 0, DatasetVersion.withdrawals > 0)
    since = select(DatasetVersion.version).where(DatasetVersion.version > edition.latest, taken)
    return session.execute(since.limit(1)).first() is None


def _of_nothing(wanted: DatasetFilter) -> Edition:
    asked = [name for name, _ in wanted.pairs() if name in {"as_of", "dataset", "after"}]
    if asked:
        message, allowed = phrase("Nothing has been published yet."), (phrase("leave it out"),)
        raise FilterError(Problem.of(name, wanted.values(name)[0], message, allowed) for name in asked)
    return NOTHING_PUBLISHED


def _as_of(session: Session, day: date) -> DatasetVersion:
    # A reader west or east of Greenwich reads the day as UTC too; the last version of that day counts.
    end = datetime.combine(day, time.min, UTC) + timedelta(days=1) if day < date.max else None
    first = session.scalars(select(DatasetVersion.published_at).order_by(DatasetVersion.version).limit(1)).one()
    today = utc_now().date()
    if day > today or day < first.date() or end is None:
        message = phrase("The dataset cannot be shown as of that day.")
        allowed = phrase("a day from {first} to {last}", first=first.date().isoformat(), last=today.isoformat())
        raise FilterError([Problem.of("as_of", day.isoformat(), message, (allowed,))])
    of_that_day = select(func.max(DatasetVersion.version)).where(DatasetVersion.published_at < end)
    return session.get_one(DatasetVersion, session.scalar(of_that_day))


def _numbered(session: Session, name: str, number: int, newest: int) -> DatasetVersion:
    found = session.get(DatasetVersion, number)
    if found is None:
        message = phrase("There is no such dataset version.")
        allowed = phrase("a number from 1 to {newest}", newest=newest)
        raise FilterError([Problem.of(name, str(number), message, (allowed,))])
    return found


def _of_page(session: Session, wanted: DatasetFilter, bound: int) -> DatasetVersion:
    token = wanted.after
    assert token is not None
    fixed = wanted.dataset is not None and token.version != wanted.dataset
    if token.digest != wanted.digest() or token.version > bound or token.version < 1 or fixed:
        refuse_page(token)
    return _numbered(session, "after", token.version, bound)


def refuse_page(token: PageToken) -> NoReturn:
    """Raise `FilterError` for the page of another query, or of another kind of list."""
    message = phrase("This page belongs to another query.")
    allowed = (phrase("the value that the page before gives as `next`, with the same filters"),)
    raise FilterError([Problem.of("after", str(token), message, allowed)])
