"""Towns that GeoNames lacks, from SimpleMaps World Cities (CC BY 4.0).

They stand in `towns.tsv`, and where that comes from in `towns.json`; requirements/towns.py made it and says which towns
are taken. What GeoNames has come to know since is left out again when a gazetteer is finished (`Writer.finish`).
"""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from tracker.geocoding.gazetteer.places import Entry, Kind, Place, Rank

FILE = Path(__file__).with_name("towns.tsv")
MANIFEST = Path(__file__).with_name("towns.json")
# Signs for sounds that no letter has, which most people leave out: "Dostobod" for "Do‘stobod".
_SIGNS = re.compile("['`´ʹʺʻʼʾʿ‘’]")


def source() -> str:
    """The package that they come from, with its version."""
    made = json.loads(MANIFEST.read_text(encoding="utf-8"))
    return f"{made['package']} {made['version']}"


def entries(divisions: Mapping[str, int]) -> Iterator[Entry]:
    """All of them, for a gazetteer with these divisions, by their codes with GeoNames."""
    with FILE.open(encoding="utf-8") as lines:
        for line in lines:
            number, country, province, latitude, longitude, name = line.rstrip("\n").split("\t")
            # How many people SimpleMaps counts is left aside: here and there they are those of a city nearby.
            place = Place(
                int(number), Kind.LOCALITY, name, country, divisions.get(province), None, float(latitude),
                float(longitude), 0, None,
            )  # fmt: skip
            yield Entry(place, names_of(name))


def names_of(name: str) -> list[tuple[str, Rank]]:
    """The name as it is written there, and as most people write it."""
    plain = _SIGNS.sub("", name)
    return [(plain, Rank.OTHER), (name, Rank.OWN)] if plain != name else [(name, Rank.OWN)]
