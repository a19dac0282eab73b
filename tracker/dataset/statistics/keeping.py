"""The columns of this process: read once, and kept up with every publication.

Each question comes with an edition that was read in its own transaction. Where the columns are not those of the newest
dataset version, what publications have brought since is taken in first: new versions, those that have ended, and those
whose content a restriction removed, which leave the columns with it. A restored backup, whose version of the same
number has another stamp, makes all be read again, and so does anything else by which the columns would not fit.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from threading import Lock
from typing import Any

import numpy as np
from sqlalchemy import Connection, and_, func, select
from sqlalchemy.orm import Session, aliased

from tracker.dataset.editions import Edition
from tracker.dataset.fields import Kind
from tracker.dataset.models import DatasetVersion, PublicIncident, PublicVersion
from tracker.dataset.statistics.columns import Array, Columns, Words, narrowest, starts
from tracker.dataset.statistics.reading import Reader, batches
from tracker.dataset.statistics.sharing import Alone, Newest

BATCH = 20_000
"""How many version ids are read in one transaction."""
QUICKLY = 2_000
"""How many new incident versions a list takes in before it is answered."""
SECONDS_TO_WAIT = 0.2
"""For how long a list waits while another one does so."""
ONE_STATE: dict[str, Any] = {"isolation_level": "REPEATABLE READ"}


class Keeper:
    """Holds the columns and renews them; threads wait for each other while one of them does."""

    def __init__(self, place: Alone | None = None) -> None:
        self._kept = Columns.empty()
        self._lock = Lock()
        self._place = place or Alone()
        self._settled: Newest | None = None
        self._used = False

    def keep_in(self, place: Alone) -> None:
        """Keep the columns there from now on, whenever they are settled."""
        self._place = place

    def columns(self, session: Session, edition: Edition) -> Columns:
        """Columns that know all versions up to the newest of an edition."""
        self._used = True
        kept = self._kept
        if (kept.version, kept.stamp) == (edition.latest, edition.stamp):
            return kept
        if edition.latest == 0:
            return Columns.empty()
        with self._turn(session):
            self._kept = self._renewed(session, self._kept)
            return self._kept

    @contextmanager
    def _turn(self, session: Session) -> Iterator[None]:
        """Wait until no other thread renews the columns."""
        if not self._lock.acquire(blocking=False):
            # Whoever is at it needs a connection, and those who wait may have all that there are.
            session.commit()
            self._lock.acquire()
        try:
            yield
        finally:
            self._lock.release()

    def at_hand(self, session: Session, edition: Edition) -> Columns | None:
        """The same where that takes no longer than an answer may; None where more would have to be read."""
        self._used = True
        kept = self._kept
        if (kept.version, kept.stamp) == (edition.latest, edition.stamp):
            return kept
        # Whoever holds the lock longer than this reads everything.
        if not (kept.version and edition.latest) or not self._lock.acquire(timeout=SECONDS_TO_WAIT):
            return None
        try:
            found = self._caught_up(session, self._kept, at_most=QUICKLY)
            # Columns that hold nothing any more are columns too.
            self._kept = self._kept if found is None else found
            return found
        finally:
            self._lock.release()

    def forget(self) -> None:
        """Let go of everything."""
        with self._lock:
            self._kept = Columns.empty()

    def settle(self, session: Session) -> None:
        """Put columns that caught up in memory where they are to be kept; whoever asks meanwhile need not wait."""
        kept = self._kept
        newest = Newest(kept.version, kept.stamp)
        if newest == self._settled or not kept.version:
            return
        # Writing it takes a second, and nobody's transaction is to stay open for so long.
        session.commit()
        with self._place.turn():
            made = self._place.find(newest)
            found = _keep(session, self._place, [kept], kept.words, newest) if made is None else made
        with self._lock:
            if self._kept is kept:
                self._kept, self._settled = found, newest

    def rest(self) -> bool:
        """Let go of the memory that a file takes until something of it is looked at again; whether anything was."""
        used, self._used = self._used, False
        if used:
            self._kept.rest()
        return used

    def _renewed(self, session: Session, kept: Columns) -> Columns:
        found = self._caught_up(session, kept)
        if found is not None:
            return found
        # Reading everything takes seconds, and nobody's transaction is to stay open for so long.
        session.commit()
        with self._place.turn():
            # Whoever had the turn before may have read it.
            found = self._caught_up(session, kept)
            return _read_all(session, self._place) if found is None else found

    def _caught_up(self, session: Session, kept: Columns, at_most: int | None = None) -> Columns | None:
        """The columns with all that has come since, at most so many incident versions; None where that cannot be."""
        with _fresh(session) as fresh:
            newest = _newest(fresh)
            if kept.version and newest == (kept.version, kept.stamp):
                # Whoever asks still reads an older version, and these columns know that one too.
                return kept
            made = self._place.find(newest)
            if made is not None:
                return made
            if not kept.version or _stamp_of(fresh, kept.version) != kept.stamp:
                return None
            if at_most is not None and _last(fresh) - _known(kept) > at_most:
                return None
            return _with_all_since(fresh, kept, newest)


def _fresh(session: Session) -> Session:
    """A session of its own, which sees the newest state, and one state throughout."""
    bind = session.get_bind()
    fresh = Session(bind, expire_on_commit=False)
    if bind.dialect.name == "postgresql":
        fresh.connection(execution_options=ONE_STATE)
    return fresh


@contextmanager
def _connected(session: Session) -> Iterator[Connection]:
    """A connection for several such sessions that read much, one after the other.

    PostgreSQL's library would keep room for the longest row that it ever got for as long as the connection is open.
    """
    is_postgresql = session.get_bind().dialect.name == "postgresql"
    with session.get_bind().engine.connect() as connection:
        if is_postgresql:
            connection.execution_options(**ONE_STATE)
        yield connection
        if is_postgresql:
            connection.invalidate()


def _newest(session: Session) -> Newest:
    found = select(DatasetVersion.version, DatasetVersion.stamp).order_by(DatasetVersion.version.desc()).limit(1)
    row = session.execute(found).one_or_none()
    return Newest(row[0], row[1]) if row else Newest(0, "")


def _stamp_of(session: Session, version: int) -> str | None:
    return session.scalar(select(DatasetVersion.stamp).where(DatasetVersion.version == version))


def _last(session: Session) -> int:
    """The id of the last incident version; of all others later ones have higher ids."""
    return session.scalar(select(func.max(PublicIncident.version_id))) or 0


def _count(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(PublicIncident)) or 0


def _known(kept: Columns) -> int:
    """The id of the last incident version that the columns hold."""
    ids = kept.incidents["version_id"]
    return int(ids[-1]) if len(ids) else 0


def _read_all(session: Session, place: Alone) -> Columns:
    """Everything, in short transactions, and then what was published meanwhile."""
    with _connected(session) as connection:
        while True:
            with Session(connection) as fresh:
                begun = _newest(fresh)
                last = _last(fresh)
            empty = Columns.empty()
            reader, parts = Reader(empty.words), [empty]
            for after, to in batches(0, last, BATCH):
                with Session(connection) as fresh:
                    parts.append(place.aside(reader.read(fresh, after, to)))
            with Session(connection) as fresh:
                newest = _newest(fresh)
                is_whole = newest == begun and _count(fresh) == sum(map(len, parts))
                if newest != begun and (_stamp_of(fresh, begun.version) == begun.stamp or begun.version == 0):
                    found = _with_all_since(fresh, Alone().keep(parts, empty.words, begun), newest)
                    if found is not None:
                        return found
            # The file takes seconds too.
            if is_whole:
                return _keep(session, place, parts, empty.words, newest)


def _keep(session: Session, place: Alone, parts: Sequence[Columns], words: dict[str, Words], newest: Newest) -> Columns:
    """Several parts as one, kept as the columns of a version as long as that is the newest."""
    found = place.keep(parts, words, newest)
    is_newest = False
    try:
        with _fresh(session) as fresh:
            is_newest = _newest(fresh) == newest
    finally:
        if not is_newest:
            # Whoever removed what was kept before the next version may have been too early for this.
            place.drop(newest)
    return found


def _with_all_since(session: Session, kept: Columns, newest: Newest) -> Columns | None:
    """The columns with all that publications have brought since, in memory; None where they fit the tables no more."""
    known = _known(kept)
    kept = _ended(session, kept)
    kept = _without(kept, _purged(session))
    reader, parts = Reader(kept.words), [kept]
    for after, to in batches(known, _last(session), BATCH):
        parts.append(reader.read(session, after, to))
    return Alone().keep(parts, kept.words, newest) if _count(session) == sum(map(len, parts)) else None


def _ended(session: Session, kept: Columns) -> Columns:
    """The columns with the ends of the versions that were public when they were read.

    A version that ended and is still there has one that followed it, since what is taken back has lost its content:
    by what has begun since it is found without a look at all that there is.
    """
    begun, before = aliased(PublicVersion), aliased(PublicVersion)
    # In this form the kind leads to no index of it, so that what has begun is found by when it did.
    since = (begun.valid_from > kept.version, begun.json.is_not(None), begun.kind.concat("") == Kind.INCIDENT.value)
    same = and_(before.kind == Kind.INCIDENT, before.record_id == begun.record_id, before.valid_to > kept.version)
    found = select(before.id, before.valid_to).join(begun, same).where(*since, before.json.is_not(None))
    rows = session.execute(found.distinct()).all()
    ids = kept.incidents["version_id"]
    if not rows or not len(ids):
        return kept
    place, is_here = _places(ids, np.array([row[0] for row in rows], dtype=np.int32))
    ends = np.array([row[1] for row in rows], dtype=np.int32)
    valid_to = kept.incidents["valid_to"].copy()
    valid_to[place[is_here]] = ends[is_here]
    return kept.with_ends(valid_to)


def _purged(session: Session) -> Array:
    """The ids of all incident versions whose content was ever removed."""
    gone = select(PublicVersion.id).where(PublicVersion.kind == Kind.INCIDENT, PublicVersion.json.is_(None))
    return np.array(session.scalars(gone).all(), dtype=np.int32)


def _without(kept: Columns, gone: Array) -> Columns:
    """The columns without these versions."""
    ids = kept.incidents["version_id"]
    if not len(gone) or not len(ids):
        return kept
    place, is_here = _places(ids, gone)
    if not is_here.any():
        return kept
    stays = np.ones(len(ids), dtype=bool)
    stays[place[is_here]] = False
    facet_stays = np.repeat(stays, np.diff(kept.start))
    topic_stays = np.repeat(stays, np.diff(kept.topic_start))
    fewer = Columns(
        kept.version,
        kept.stamp,
        {name: array[stays] for name, array in kept.incidents.items()},
        {name: array[facet_stays] for name, array in kept.facets.items()},
        _fewer(kept.start, stays),
        kept.topic[topic_stays],
        _fewer(kept.topic_start, stays),
        kept.words,
    )
    return _without_words(fewer)


def _without_words(kept: Columns) -> Columns:
    """The columns without the names of outlets, topics and regions that no incident has any more."""
    words, changed = dict(kept.words), {}
    held = {"region": kept.incidents["region"], "outlet": kept.facets["outlet"], "topic": kept.topic}
    for name, array in held.items():
        used = np.flatnonzero(np.bincount(array, minlength=len(kept.words[name].list)))
        words[name] = Words()
        new_code = np.zeros(len(kept.words[name].list), dtype=np.int32)
        new_code[used] = [words[name][kept.words[name].list[code]] for code in used]
        changed[name] = narrowest(new_code[array], len(used))
    return Columns(
        kept.version,
        kept.stamp,
        kept.incidents | {"region": changed["region"]},
        kept.facets | {"outlet": changed["outlet"]},
        kept.start,
        changed["topic"],
        kept.topic_start,
        words,
    )


def _fewer(start: Array, stays: Array) -> Array:
    counts = np.diff(start)[stays]
    return starts(np.repeat(np.arange(len(counts)), counts), len(counts))


def _places(ids: Array, wanted: Array) -> tuple[Array, Array]:
    """Where each of the wanted ids stands among `ids`, and whether it is there at all."""
    place = np.minimum(np.searchsorted(ids, wanted), len(ids) - 1)
    return place, ids[place] == wanted


keeper = Keeper()
"""The columns of this process."""
