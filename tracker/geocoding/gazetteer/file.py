"""The file of a gazetteer: its tables, and how a missing, cut-short or older one is told apart from a good one.

It is an SQLite database that is written once and then only read. Its format number stands in the header of the file,
and a mark that it is complete is the last thing written into it.
"""

import json
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tracker.phrases import phrase

FORMAT = 3
"""Raised with every change of the tables, of the keys or of what the names mean: older files are then made anew."""

APPLICATION = 0x50465447
_HEADER_BYTES = 100

TABLES = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE place (
    id INTEGER PRIMARY KEY, kind INTEGER NOT NULL, name TEXT NOT NULL, country TEXT NOT NULL, admin1 INTEGER,
    admin2 INTEGER, latitude REAL, longitude REAL, population INTEGER NOT NULL, code TEXT,
    chief INTEGER
);
CREATE TABLE division (geonames TEXT PRIMARY KEY, place INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE sound (id INTEGER PRIMARY KEY, sound TEXT NOT NULL);
CREATE TABLE name (
    place INTEGER NOT NULL, rank INTEGER NOT NULL, written TEXT NOT NULL, sound INTEGER, text TEXT NOT NULL
);
CREATE TABLE piece (piece TEXT PRIMARY KEY, sounds BLOB NOT NULL) WITHOUT ROWID;
"""
INDEXES = {
    "name_written": "CREATE INDEX name_written ON name (written)",
    "name_sound": "CREATE INDEX name_sound ON name (sound) WHERE sound IS NOT NULL",
    "sound_sound": "CREATE UNIQUE INDEX sound_sound ON sound (sound)",
}


class GazetteerProblem(ValueError):
    """The gazetteer cannot be used or made; the message, a phrase, says what to do about it."""


@dataclass(frozen=True, slots=True)
class Info:
    """What a gazetteer holds.

    Attributes:
        path: where it lies.
        bytes: its size.
        built_at: when it was made (ISO 8601, UTC).
        sources: what it was made from, in order, with versions.
        counts: how many places it has of each kind, and how many names.
        attribution: whom to name wherever its places are shown.
    """

    path: Path
    bytes: int
    built_at: str
    sources: tuple[str, ...]
    counts: dict[str, int]
    attribution: str


def opened(path: Path) -> sqlite3.Connection:
    """A connection that can only read. Raises `GazetteerProblem` for a file that is missing, cut short or older."""
    _check(path)
    # The file never changes: another one takes its name. So no locks are needed, and threads may share it.
    connection = sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False)
    try:
        complete = connection.execute("SELECT value FROM meta WHERE name = 'complete'").fetchone()
        connection.execute("PRAGMA query_only = ON")
        connection.execute("PRAGMA cache_size = -8000")
    except sqlite3.DatabaseError:
        connection.close()
        raise _damaged() from None
    if complete is None:
        connection.close()
        raise _damaged()
    return connection


def is_current(path: Path, sources: list[str]) -> bool:
    """Whether a good file of this format, made from these sources at least, lies at `path`."""
    try:
        return set(sources) <= set(info(path).sources)
    except GazetteerProblem:
        return False


def info(path: Path) -> Info:
    """What the gazetteer at `path` holds; raises `GazetteerProblem`."""
    with closing(opened(path)) as connection:
        meta: dict[str, Any] = {
            name: json.loads(value) for name, value in connection.execute("SELECT name, value FROM meta")
        }
    return Info(
        path=path,
        bytes=path.stat().st_size,
        built_at=meta["built_at"],
        sources=tuple(meta["sources"]),
        counts=meta["counts"],
        attribution=meta["attribution"],
    )


def _check(path: Path) -> None:
    try:
        with path.open("rb") as file:
            header = file.read(_HEADER_BYTES)
        size = path.stat().st_size
    except FileNotFoundError:
        raise GazetteerProblem(
            phrase("There is no gazetteer yet; `tracker gazetteer build` makes it, within a minute.")
        ) from None
    except OSError as error:
        raise GazetteerProblem(
            phrase("The gazetteer cannot be read: {reason}.", reason=error.strerror or str(error))
        ) from None
    if len(header) < _HEADER_BYTES or not header.startswith(b"SQLite format 3\x00"):
        raise _damaged()
    # The places of these numbers are part of SQLite's file format.
    page = int.from_bytes(header[16:18], "big")
    pages, found_format, application = (int.from_bytes(header[at : at + 4], "big") for at in (28, 60, 68))
    if application != APPLICATION:
        raise GazetteerProblem(phrase("The file in the gazetteer's place is not a gazetteer."))
    if size < pages * (65_536 if page == 1 else page):
        raise _damaged()
    if found_format != FORMAT:
        raise GazetteerProblem(
            phrase(
                "The gazetteer has format {found}, and this version of the tracker reads format {wanted}: make it anew "
                "with `tracker gazetteer build`.",
                found=found_format,
                wanted=FORMAT,
            )
        )


def _damaged() -> GazetteerProblem:
    return GazetteerProblem(
        phrase("The gazetteer is damaged or was cut short: make it anew with `tracker gazetteer build`.")
    )
