"""Looking names up in the file: exactly, as they sound, and with slips of the pen."""

import heapq
import json
import math
import sqlite3
from array import array
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from tracker.geocoding.gazetteer import keys
from tracker.geocoding.gazetteer.places import Kind, Place, Rank

_BY_WRITTEN = """
SELECT p.id, p.kind, p.name, p.country, p.admin1, p.admin2, p.latitude, p.longitude, p.population, p.code, p.chief,
       n.rank, n.text, n.written
FROM json_each(?) wanted JOIN name n ON n.written = wanted.value JOIN place p ON p.id = n.place
WHERE ? IS NULL OR p.country = ? LIMIT ?
"""
_BY_SOUND = """
SELECT p.id, p.kind, p.name, p.country, p.admin1, p.admin2, p.latitude, p.longitude, p.population, p.code, p.chief,
       n.rank, n.text, n.sound
FROM json_each(?) wanted JOIN name n ON n.sound = wanted.value JOIN place p ON p.id = n.place
WHERE ? IS NULL OR p.country = ? LIMIT ?
"""
_SOUNDS = "SELECT s.id, s.sound FROM json_each(?) wanted JOIN sound s ON s.sound = wanted.value"
_SOUNDS_BY_ID = "SELECT s.id, s.sound FROM json_each(?) wanted JOIN sound s ON s.id = wanted.value"
_PIECES = "SELECT sounds FROM piece WHERE piece IN (SELECT value FROM json_each(?))"
_OUTSIDE = """
SELECT 1 FROM place WHERE {} = ? AND kind = 3
AND (latitude NOT BETWEEN ? AND ? OR longitude NOT BETWEEN ? AND ?) LIMIT 1
"""
_KINDS, _RANKS = tuple(Kind), tuple(Rank)
# More places than this never share a name; the cap only guards against a strange file.
_MOST_HITS = 3_000
# Of many similar names only so many are compared letter by letter.
_MOST_COMPARED = 1_500
_MOST_REMEMBERED = 2_000
_DEGREE_KM = 111.2


@dataclass(frozen=True, slots=True)
class Hit:
    """A place that bears a name. `slips` is None where it is written so, else how many letters of the sound differ."""

    place: Place
    rank: Rank
    text: str
    slips: int | None = None


class Index:
    """Reads one connection to a gazetteer file."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._division_names: dict[int, str | None] = {}
        self._wider: dict[tuple[int, int, float], bool] = {}

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def written(self, names: Iterable[str], country: str | None = None) -> dict[str, list[Hit]]:
        """The places whose names are written like these keys; keys that nothing bears are left out."""
        found: dict[str, list[Hit]] = {}
        for row in self._rows(_BY_WRITTEN, list(names), country):
            found.setdefault(row[13], []).append(Hit(_place(row), _RANKS[row[11]], row[12]))
        return found

    def sounded(self, sounds: Iterable[str], country: str | None = None) -> dict[str, list[Hit]]:
        """The places whose names sound like these keys."""
        numbers = self._connection.execute(_SOUNDS, (_listed(sounds),))
        return self._sounding({number: (sound, 0) for number, sound in numbers}, country)

    def slipped(self, sound: str, country: str | None = None, *, letters: int = 0) -> list[Hit]:
        """The places whose names sound nearly like this: one slip, or two in a long name (an exchange is one).

        `letters` is the length of what was written, which may have lost some: "Dalls" sounds like four.
        """
        slips = slips_allowed(sound, letters)
        if not slips:
            return []
        near = self._near(sound, slips)
        return self._sounding(near, country).get("", []) if near else []

    def name(self, division: int | None) -> str | None:
        """What a division is called; the few that are asked for again and again are remembered."""
        if division is None:
            return None
        if division not in self._division_names:
            if len(self._division_names) >= _MOST_REMEMBERED:
                self._division_names.clear()
            row = self._connection.execute("SELECT name FROM place WHERE id = ?", (division,)).fetchone()
            self._division_names[division] = row[0] if row else None
        return self._division_names[division]

    def reaches_beyond(self, place: Place, around: Place, kilometres: float) -> bool:
        """Whether a region or country has towns farther from a place in it than so; this reads all places once."""
        known = place.id, around.id, kilometres
        if known not in self._wider:
            if len(self._wider) >= _MOST_REMEMBERED:
                self._wider.clear()
            self._wider[known] = self._has_outside(place, around, kilometres)
        return self._wider[known]

    def _has_outside(self, place: Place, around: Place, kilometres: float) -> bool:
        if place.latitude is None or place.longitude is None:
            return True
        north = kilometres / _DEGREE_KM
        east = north / max(0.01, math.cos(math.radians(place.latitude)))
        box = (place.latitude - north, place.latitude + north, place.longitude - east, place.longitude + east)
        column = {Kind.COUNTRY: "country", Kind.ADMIN1: "admin1", Kind.ADMIN2: "admin2"}[around.kind]
        wanted = around.country if around.kind is Kind.COUNTRY else around.id
        return self._connection.execute(_OUTSIDE.format(column), (wanted, *box)).fetchone() is not None

    def _near(self, sound: str, slips: int) -> dict[int, tuple[str, int]]:
        # Loaded where it is needed: most processes answer readers alone, and it takes some megabytes of each.
        from rapidfuzz.distance import OSA

        wanted = sorted(keys.pieces(sound))
        lists = [row[0] for row in self._connection.execute(_PIECES, (_listed(wanted),))]
        # Each slip spoils at most four pieces: of so many, and one more, one is left. The rarest are the quickest.
        lists.sort(key=len)
        counted: Counter[int] = Counter()
        for packed in lists[: 4 * slips + 1]:
            counted.update(_numbers(packed))
        likely = heapq.nlargest(_MOST_COMPARED, counted.items(), key=lambda item: (item[1], -item[0]))
        others = self._connection.execute(_SOUNDS_BY_ID, (_listed(number for number, _shared in likely),))
        near = {}
        for number, other in others:
            distance = OSA.distance(sound, other, score_cutoff=slips)
            if 0 < distance <= slips:
                near[number] = ("", int(distance))
        return near

    def _sounding(self, numbers: dict[int, tuple[str, int]], country: str | None) -> dict[str, list[Hit]]:
        found: dict[str, list[Hit]] = {}
        for row in self._rows(_BY_SOUND, list(numbers), country):
            key, slips = numbers[row[13]]
            found.setdefault(key, []).append(Hit(_place(row), _RANKS[row[11]], row[12], slips))
        return found

    def _rows(self, query: str, values: list[str] | list[int], country: str | None) -> list[tuple[Any, ...]]:
        if not values:
            return []
        return self._connection.execute(query, (_listed(values), country, country, _MOST_HITS)).fetchall()


def slips_allowed(sound: str, letters: int = 0) -> int:
    """How many letters may be wrong: none in the shortest names, where every slip is another name."""
    if len(sound) < 4 or max(len(sound), letters) < 5:
        return 0
    return 1 if len(sound) < 9 else 2


def _place(row: tuple[Any, ...]) -> Place:
    return Place(row[0], _KINDS[row[1]], *row[2:11])


def _listed(values: Iterable[str] | Iterable[int]) -> str:
    """Values as SQLite takes many of them at once, so that one statement serves for any number."""
    return json.dumps(list(values))


def _numbers(packed: bytes) -> "array[int]":
    numbers = array("I")
    numbers.frombytes(packed)
    return numbers
