"""Writing a gazetteer: entries in, an indexed file out, whole or not at all."""

import json
import math
import os
import secrets
import sqlite3
from array import array
from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tracker.geocoding.gazetteer import keys
from tracker.geocoding.gazetteer.file import APPLICATION, FORMAT, INDEXES, TABLES
from tracker.geocoding.gazetteer.generic import peel
from tracker.geocoding.gazetteer.places import FIRST_OF_SIMPLEMAPS, Entry, Kind, Place, Rank
from tracker.phrases import phrase

ATTRIBUTION = "Place data © GeoNames (CC BY 4.0)"
ATTRIBUTION_WITH_TOWNS = phrase("Place data © GeoNames and SimpleMaps (CC BY 4.0)")
_AT_ONCE = 20_000
_SHORTEST_WITH_PIECES = 4
_LONGEST_WITH_PIECES = 30
# Letters with which sounded names of Latin and Cyrillic script are made; slips are looked for among those alone.
_PLAIN = frozenset("abcdefghijklmnopqrstuvwxyz0123456789")
# A division that bears the name of its chief town is shown with what it calls itself: "Osh Region", "New York State".
_TOLD_APART = frozenset(
    {"Region", "Province", "State", "Oblast", "Governorate", "District", "Prefecture", "County", "Department", "Canton",
     "Municipality"}
)  # fmt: skip
_PLACE = "INSERT OR REPLACE INTO place VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
_NAME = "INSERT INTO name VALUES (?, ?, ?, ?, ?)"
# The towns of SimpleMaps whose name, as written or as it sounds, a place of GeoNames bears in their country. The cross
# joins have SQLite begin with the few towns and find the others by the indexes.
_KNOWN_TOWNS = """
WITH town AS (
    SELECT name.place, name.written, name.sound, place.country FROM name JOIN place ON place.id = name.place
    WHERE name.place >= :first
)
SELECT town.place FROM town CROSS JOIN name other ON other.written = town.written JOIN place ON place.id = other.place
WHERE other.place < :first AND place.kind = 3 AND place.country = town.country
UNION
SELECT town.place FROM town CROSS JOIN name other ON other.sound = town.sound JOIN place ON place.id = other.place
WHERE other.place < :first AND place.kind = 3 AND place.country = town.country
"""

NameRow = tuple[int, int, str, int | None, str]


@contextmanager
def replaced(path: Path) -> Iterator[Path]:
    """The name of a hidden file beside `path` that takes its place when the block ends well, and goes when not."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    hidden = path.with_name(f".{path.name}.{secrets.token_hex(6)}.part")
    try:
        yield hidden
        with hidden.open("rb") as file:
            os.fsync(file.fileno())
        hidden.replace(path)
    finally:
        hidden.unlink(missing_ok=True)


class Writer:
    """Puts entries into one file; nothing can be looked up before `finish`."""

    def __init__(self, path: Path, sources: list[str]) -> None:
        """Open a new file, or one that is there already in order to add to it."""
        new = not path.exists()
        self._sources = sources
        self._connection = sqlite3.connect(path, isolation_level=None)
        # A file that is not finished is thrown away, so that nothing needs to be written twice for safety.
        self._connection.executescript(
            "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE"
        )
        if new:
            self._connection.executescript(
                f"PRAGMA application_id = {APPLICATION}; PRAGMA user_version = {FORMAT}; {TABLES}"
            )
        self._connection.execute("BEGIN")
        self._connection.execute("DELETE FROM meta WHERE name = 'complete'")
        self._sounds: dict[str, int] = dict(self._connection.execute("SELECT sound, id FROM sound"))
        self._pieces: defaultdict[str, array[int]] = defaultdict(lambda: array("I"))
        self._new_sounds: list[tuple[int, str]] = []
        self._names: list[NameRow] = []
        self._places: list[Place] = []
        self._called: dict[int, str] = {}

    def add(self, entry: Entry) -> None:
        """Take one place with its names; a place that is there already is replaced, its names added to."""
        place = entry.place
        self._places.append(place)
        self.add_names(place.id, place.kind, entry.names)
        if entry.called in _TOLD_APART:
            self._called[place.id] = entry.called
        if entry.geonames:
            self._connection.execute("INSERT OR REPLACE INTO division VALUES (?, ?)", (entry.geonames, place.id))
        if len(self._places) >= _AT_ONCE:
            self._flush()

    def add_names(self, place: int, kind: Kind, names: list[tuple[str, Rank]]) -> None:
        """Take names of a place; those that are looked for in the same way count once, with the best rank."""
        found: dict[tuple[str, int | None], NameRow] = {}
        for text, rank in names:
            written = keys.written(text)
            if not written:
                continue
            variants = [(written, keys.sounded(text))]
            if kind in (Kind.ADMIN1, Kind.ADMIN2):
                # "Osh Region" is also looked for as "Osh", and "Ошская Область" as "Ошская".
                peeled = peel(tuple(written.split()))
                bare = " ".join(peeled.words)
                if bare != written and Kind.LOCALITY not in peeled.kinds:
                    variants.append((bare, keys.sounded(bare)))
            for key, sounded in variants:
                sound = None if rank is Rank.CODE else self._sound(sounded)
                row = found.get((key, sound))
                if row is None or rank < row[1]:
                    found[key, sound] = (place, int(rank), key, sound, text)
        self._names += found.values()

    def forget_names(self, places: list[int]) -> None:
        """Drop the names of places that go, or that are about to be taken anew."""
        self._connection.execute("CREATE TEMP TABLE IF NOT EXISTS again (id INTEGER PRIMARY KEY)")
        self._connection.execute("DELETE FROM again")
        self._connection.executemany("INSERT OR IGNORE INTO again VALUES (?)", [(number,) for number in places])
        self._connection.execute("DELETE FROM name WHERE place IN (SELECT id FROM again)")

    def known(self) -> tuple[dict[int, Kind], dict[str, int]]:
        """The kinds of all places that are there, and the divisions by their codes with GeoNames."""
        kinds = {number: Kind(kind) for number, kind in self._connection.execute("SELECT id, kind FROM place")}
        return kinds, self.divisions()

    def divisions(self) -> dict[str, int]:
        """The divisions by their codes with GeoNames."""
        return dict(self._connection.execute("SELECT geonames, place FROM division"))

    def finish(self, **more: Any) -> None:
        """Place the divisions, make the indexes, leave out towns that are known, and mark the file as complete."""
        self._flush()
        self._place_divisions()
        for name, statement in INDEXES.items():
            self._connection.execute(f"DROP INDEX IF EXISTS {name}")
            self._connection.execute(statement)
        self._leave_out_known_towns()
        self._write_pieces()
        self._connection.execute("COMMIT")
        self._connection.execute("ANALYZE")
        self._write_meta(more)
        self._connection.close()

    def close(self) -> None:
        """Let go of a file that is not finished."""
        self._connection.close()

    def _sound(self, sounded: str) -> int | None:
        if not keys.SHORTEST_SOUND <= len(sounded) <= keys.LONGEST_SOUND or not _PLAIN.issuperset(sounded):
            return None
        number = self._sounds.get(sounded)
        if number is None:
            number = self._sounds[sounded] = len(self._sounds) + 1
            self._new_sounds.append((number, sounded))
            if _SHORTEST_WITH_PIECES <= len(sounded) <= _LONGEST_WITH_PIECES:
                for piece in keys.pieces(sounded):
                    self._pieces[piece].append(number)
        return number

    def _flush(self) -> None:
        self._connection.executemany(_PLACE, self._places)
        self._connection.executemany("INSERT INTO sound VALUES (?, ?)", self._new_sounds)
        self._connection.executemany(_NAME, self._names)
        self._places, self._names, self._new_sounds = [], [], []

    def _place_divisions(self) -> None:
        """Give each division the middle of its places, and tell it from a town of the same name."""
        middles: defaultdict[int, _Middle] = defaultdict(_Middle)
        for number, admin1, admin2, latitude, longitude, population in self._connection.execute(
            "SELECT id, admin1, admin2, latitude, longitude, population FROM place WHERE kind = 3 AND id < ?",
            (FIRST_OF_SIMPLEMAPS,),
        ):
            for division in (admin1, admin2):
                if division is not None:
                    middles[division].take(number, latitude, longitude, population)
        rows = [(*middle.position(), middle.population, middle.chief, division) for division, middle in middles.items()]
        self._connection.executemany(
            "UPDATE place SET latitude = ?, longitude = ?, population = ?, chief = ? WHERE id = ? AND kind IN (1, 2)",
            rows,
        )
        clashing = [
            (f"{name} {self._called[number]}", number)
            for number, name in self._connection.execute(
                "SELECT d.id, d.name FROM place d WHERE d.kind IN (1, 2) AND EXISTS "
                "(SELECT 1 FROM place c WHERE c.id = d.chief AND c.name = d.name)"
            )
            if number in self._called
        ]
        self._connection.executemany("UPDATE place SET name = ? WHERE id = ?", clashing)

    def _leave_out_known_towns(self) -> None:
        """Drop the towns of SimpleMaps whose name is known in their country, be it that of the same place or not."""
        known = self._connection.execute(_KNOWN_TOWNS, {"first": FIRST_OF_SIMPLEMAPS}).fetchall()
        self._connection.executemany("DELETE FROM place WHERE id = ?", known)
        self.forget_names([number for (number,) in known])

    def _write_pieces(self) -> None:
        for piece, sounds in self._pieces.items():
            known = self._connection.execute("SELECT sounds FROM piece WHERE piece = ?", (piece,)).fetchone()
            packed = (known[0] if known else b"") + sounds.tobytes()
            self._connection.execute("INSERT OR REPLACE INTO piece VALUES (?, ?)", (piece, packed))

    def _has_towns(self) -> bool:
        query = "SELECT EXISTS (SELECT 1 FROM place WHERE id >= ?)"
        return bool(self._connection.execute(query, (FIRST_OF_SIMPLEMAPS,)).fetchone()[0])

    def _write_meta(self, more: dict[str, Any]) -> None:
        kinds = dict(self._connection.execute("SELECT kind, count(*) FROM place GROUP BY kind"))
        counts = {kind.precision.value: kinds.get(kind, 0) for kind in Kind}
        (counts["names"],) = self._connection.execute("SELECT count(*) FROM name").fetchone()
        meta = {
            "built_at": datetime.now(UTC).isoformat(timespec="seconds"),
            "sources": self._sources,
            "counts": counts,
            "attribution": ATTRIBUTION_WITH_TOWNS if self._has_towns() else ATTRIBUTION,
            **more,
            "complete": True,
        }
        rows = [(name, json.dumps(value, ensure_ascii=False)) for name, value in meta.items()]
        self._connection.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", rows)


class _Middle:
    """The middle of places on a globe, and how many people live in them."""

    __slots__ = ("_most", "_x", "_y", "_z", "chief", "population")

    def __init__(self) -> None:
        self._x = self._y = self._z = 0.0
        self._most = -1
        self.population = 0
        self.chief: int | None = None

    def take(self, place: int, latitude: float, longitude: float, population: int) -> None:
        latitude, longitude = math.radians(latitude), math.radians(longitude)
        self._x += math.cos(latitude) * math.cos(longitude)
        self._y += math.cos(latitude) * math.sin(longitude)
        self._z += math.sin(latitude)
        self.population += population
        if population > self._most:
            self._most, self.chief = population, place

    def position(self) -> tuple[float, float]:
        """Latitude and longitude in degrees, to about a kilometre."""
        latitude = math.degrees(math.atan2(self._z, math.hypot(self._x, self._y)))
        return round(latitude, 2), round(math.degrees(math.atan2(self._y, self._x)), 2)


@contextmanager
def writing(path: Path, sources: list[str]) -> Iterator[Writer]:
    """A writer whose file is let go of whatever happens; `finish` has to be called inside."""
    with closing(Writer(path, sources)) as writer:
        yield writer
