"""What somebody asks for a place, and what they are told: the shapes that every source of places has in common."""

from dataclasses import dataclass, fields
from enum import StrEnum

from tracker.vocabulary import COUNTRIES, PlacePrecision

MOST_CANDIDATES = 8
"""An answer names at most so many places: more are not read by anybody."""


class Outcome(StrEnum):
    """How a search ended. That nothing is known and that nobody could be asked are different things."""

    FOUND = "found"
    AMBIGUOUS = "ambiguous"
    NOT_FOUND = "not_found"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody is looking for: free text, parts, or both. Blanks around them are stripped; empty is None.

    Attributes:
        text: the place as written, its parts in any order: "Osh, Kyrgyzstan", "Кыргызстан, Ош".
        venue: a building, square or street; it never finds a place by itself.
        locality: a town or village.
        admin2: a district or county.
        admin1: a region, province or state.
        country: ISO 3166-1 alpha-2; answers outside it are refused.
    """

    text: str | None = None
    venue: str | None = None
    locality: str | None = None
    admin2: str | None = None
    admin1: str | None = None
    country: str | None = None

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            object.__setattr__(self, field.name, (value or "").strip() or None)
        if self.country is not None:
            object.__setattr__(self, "country", self.country.upper())

    @property
    def is_empty(self) -> bool:
        """Whether nothing at all was given."""
        return not any(getattr(self, field.name) for field in fields(self))


@dataclass(frozen=True, slots=True)
class Candidate:
    """One place that may be meant, and where it comes from.

    Attributes:
        name: how the place is called in Latin letters: "Osh".
        around: what it lies in, below its country and the nearest first: "Osh Region".
        latitude, longitude: degrees (WGS 84); None for a country, which never becomes a pin.
        precision: what kind of place it is; a gazetteer answers LOCALITY, ADMIN2, ADMIN1 or COUNTRY.
        country: ISO 3166-1 alpha-2.
        admin1, admin2: what it lies in, as shown to readers.
        score: how well it fits, from 0 to 1; only to be compared within one answer.
        provider: who says so: "gazetteer", "nominatim", "photon".
        entry: its record there: "geonames:1527534", "simplemaps:1417800599", "osm:N123".
        matched: the name on record that matched what was asked.
        population: inhabitants, where known.
    """

    name: str
    around: tuple[str, ...]
    latitude: float | None
    longitude: float | None
    precision: PlacePrecision
    country: str
    admin1: str | None
    admin2: str | None
    score: float
    provider: str
    entry: str
    matched: str
    population: int | None = None

    @property
    def label(self) -> str:
        """How it is called with what it lies in, in English: "Osh, Osh Region, Kyrgyzstan"."""
        return self.label_with(COUNTRIES[self.country].name if self.country in COUNTRIES else self.country)

    def label_with(self, country: str) -> str:
        """The same with the name of its country in another language."""
        if self.precision is PlacePrecision.COUNTRY:
            return country
        return ", ".join(dict.fromkeys((self.name, *self.around, country)))


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a search.

    Attributes:
        outcome: FOUND: the first candidate is the answer. AMBIGUOUS: a person has to choose. Otherwise there are none.
        candidates: the best first, at most MOST_CANDIDATES.
        problem: why it failed or cannot be answered, as a phrase.
        attribution: whom to name beside the answer, such as "Place data © GeoNames".
    """

    outcome: Outcome
    candidates: tuple[Candidate, ...] = ()
    problem: str | None = None
    attribution: str | None = None

    @property
    def best(self) -> Candidate | None:
        """The place that was found; None where a person has to choose, or where there is none."""
        return self.candidates[0] if self.outcome is Outcome.FOUND and self.candidates else None
