"""One place as a gazetteer holds it."""

from dataclasses import dataclass, field
from enum import IntEnum
from typing import NamedTuple

from tracker.vocabulary import PlacePrecision

FIRST_OF_SIMPLEMAPS = 1_000_000_000
"""Ids from here on are those of SimpleMaps; below are the numbers of GeoNames."""


class Kind(IntEnum):
    """What kind of place it is, from the coarsest to the finest."""

    COUNTRY = 0
    ADMIN1 = 1
    ADMIN2 = 2
    LOCALITY = 3

    @property
    def precision(self) -> PlacePrecision:
        """The precision of a record whose place is known as this."""
        return _PRECISIONS[self]


_PRECISIONS = {
    Kind.COUNTRY: PlacePrecision.COUNTRY,
    Kind.ADMIN1: PlacePrecision.ADMIN1,
    Kind.ADMIN2: PlacePrecision.ADMIN2,
    Kind.LOCALITY: PlacePrecision.LOCALITY,
}


class Rank(IntEnum):
    """How a place bears a name: as its own, as another one, or as a code that stands for it."""

    OWN = 0
    OTHER = 1
    CODE = 2


class Place(NamedTuple):
    """A row of the table of places.

    `admin1` and `admin2` are the ids of the divisions that it lies in. `population` of a division is the sum over its
    known places. A country has no position; a division has the middle of its known places, or none. `code` is the
    ISO 3166-2 code of a division or the alpha-2 code of a country. `chief` is the place of a division in which most
    people live.
    """

    id: int
    kind: Kind
    name: str
    country: str
    admin1: int | None
    admin2: int | None
    latitude: float | None
    longitude: float | None
    population: int
    code: str | None
    chief: int | None = None

    @property
    def is_of_simplemaps(self) -> bool:
        """Whether GeoNames does not have it, and it comes from the list of `towns.py`."""
        return self.id >= FIRST_OF_SIMPLEMAPS

    @property
    def entry(self) -> str:
        """What to record as the place's origin. Divisions that GeoNames does not know have ids below zero."""
        if self.is_of_simplemaps:
            return f"simplemaps:{self.id}"
        return f"geonames:{self.id}" if self.id > 0 else f"iso3166-2:{self.code}"


@dataclass(slots=True)
class Entry:
    """A place on its way into a gazetteer, with all of its names."""

    place: Place
    names: list[tuple[str, Rank]] = field(default_factory=list)
    # What kind of division it calls itself: "Region", "State".
    called: str = ""
    # Its code with GeoNames, such as "KG.08", by which the lists of villages refer to it.
    geonames: str = ""
