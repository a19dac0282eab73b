"""The columns of this process: read once, and kept up with every publication.

Each question comes with an edition that was read in its own transaction. Where the columns are not those of the newest
dataset version, what publications have brought since is taken in first: new versions, those that have ended, and those
whose content a restriction removed, which leave the columns with it. A restored backup, whose version of the same
number has another stamp, makes all be read again, and so does anything else by which the columns would not fit.
"""

from __future__ import annotations

from threading import Lock
from typing import NamedTuple

import numpy as np
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tracker.dataset.editions import Edition
from tracker.dataset.fields import Kind
from tracker.dataset.models import OPEN, DatasetVersion, PublicIncident, PublicVersion
from tracker.dataset.statistics.columns import Array, Columns, Words, narrowest, starts
from tracker.dataset.statistics.reading import Reader, batches, join

BATCH = 10_000
"""How many version ids are read in one transaction."""


class _Newest(NamedTuple):
    version: int
    stamp: str


class Keeper:
    """Holds the columns and renews them; threads wait for each other while one of them does."""

    def __init__(self) -> None:
        self._kept = Columns.empty()
        self._lock = Lock()

    def columns(self, session: Session, edition: Edition) -> Columns:
        """Columns that know all versions up to the newest of an edition."""
        kept = self._kept
        if (kept.version, kept.stamp) == (edition.latest, edition.stamp):
            return kept
        if edition.latest == 0:
            return Columns.empty()
        with self._lock:
            self._kept = self._renewed(session, self._kept)
            return self._kept

    def forget(self) -> None:
        """Let go of everything."""
        with self._lock:
            self._kept = Columns.empty()

    def _renewed(self, session: Session, kept: Columns) -> Columns:
        with _fresh(session) as fresh:
            newest = _newest(fresh)
            if kept.version and _stamp_of(fresh, kept.version) == kept.stamp:
                if newest == (kept.version, kept.stamp):
                    # Whoever asks still reads an older version, and these columns know that one too.
                    return kept
                changed = _caught_up(fresh, kept, newest)
                if changed is not None:
                    return changed
        # Reading everything takes seconds, and nobody's transaction is to stay open for so long.
        session.commit()
        return _read_all(session)


def _fresh(session: Session) -> Session:
    """A session of its own, which sees the newest state, and one state throughout."""
    bind = session.get_bind()
    fresh = Session(bind, expire_on_commit=False)
    if bind.dialect.name == "postgresql":
        fresh.connection(execution_options={"isolation_level": "REPEATABLE READ"})
    return fresh


def _newest(session: Session) -> _Newest:
    found = select(DatasetVersion.version, DatasetVersion.stamp).order_by(DatasetVersion.version.desc()).limit(1)
    row = session.execute(found).one_or_none()
    return _Newest(row[0], row[1]) if row else _Newest(0, "")


def _stamp_of(session: Session, version: int) -> str | None:
    return session.scalar(select(DatasetVersion.stamp).where(DatasetVersion.version == version))


def _read_all(session: Session) -> Columns:
    """Everything, in short transactions, and then what was published meanwhile."""
    while True:
        with _fresh(session) as fresh:
            begun = _newest(fresh)
            last = fresh.scalar(select(func.max(PublicIncident.version_id))) or 0
        empty = Columns.empty()
        reader, parts = Reader(empty.words), [empty]
        for after, to in batches(0, last, BATCH):
            with _fresh(session) as fresh:
                parts.append(reader.read(fresh, after, to))
        read = join(parts, empty.words).at(*begun)
        with _fresh(session) as fresh:
            newest = _newest(fresh)
            if _stamp_of(fresh, begun.version) == begun.stamp or begun.version == 0:
                found = _caught_up(fresh, read, newest)
                if found is not None:
                    return found


def _caught_up(session: Session, kept: Columns, newest: _Newest) -> Columns | None:
    """The columns with all that publications have brought since, or None where they would not fit the tables."""
    ids = kept.incidents["version_id"]
    known = int(ids[-1]) if len(ids) else 0
    kept = _ended(session, kept)
    kept = _without(kept, _purged(session))
    last = session.scalar(select(func.max(PublicIncident.version_id))) or 0
    reader, parts = Reader(kept.words), [kept]
    for after, to in batches(known, last, BATCH):
        parts.append(reader.read(session, after, to))
    joined = join(parts, kept.words) if len(parts) > 1 else kept
    if session.scalar(select(func.count()).select_from(PublicIncident)) != len(joined):
        return None
    return joined.at(*newest)


def _ended(session: Session, kept: Columns) -> Columns:
    """The columns with the ends of the versions that were public when they were read."""
    table = PublicIncident
    found = select(table.version_id, table.valid_to).where(table.valid_to > kept.version, table.valid_to < OPEN)
    rows = session.execute(found).all()
    ids = kept.incidents["version_id"]
    if not rows or not len(ids):
        return kept
    place, is_here = _places(ids, np.array([row[0] for row in rows], dtype=np.int32))
    ends = np.array([row[1] for row in rows], dtype=np.int32)
    valid_to = kept.incidents["valid_to"].copy()
    valid_to[place[is_here]] = ends[is_here]
    return _with_incidents(kept, kept.incidents | {"valid_to": valid_to})


def _with_incidents(kept: Columns, incidents: dict[str, Array]) -> Columns:
    return Columns(
        kept.version, kept.stamp, incidents, kept.facets, kept.start, kept.topic, kept.topic_start, kept.words
    )


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
