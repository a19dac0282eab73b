"""What the counts of a crosswalk are made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields

from tracker.vocabulary import Relation

RELATIONS = (Relation.EXACT, Relation.BROADER, Relation.NARROWER)


@dataclass(frozen=True, slots=True)
class Tally:
    """How much something was found.

    Attributes:
        incidents: incidents.
        acts: acts against a victim: the same act against two victims counts twice, and an act of which no victim is
            recorded counts once.
        persons: persons who can be followed through the acts of an incident, once for each incident.
        unnamed: of the acts, those against a person who cannot: the same person can be behind several.
        groups: of the acts, those against groups or classes of persons.
    """

    incidents: int = 0
    acts: int = 0
    persons: int = 0
    unnamed: int = 0
    groups: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(*(getattr(self, one.name) + getattr(other, one.name) for one in fields(self)))

    def as_dict(self) -> dict[str, int]:
        """The numbers by their names."""
        return {one.name: getattr(self, one.name) for one in fields(self)}


@dataclass(frozen=True, slots=True)
class InClass:
    """What stands in a class, by relation; everything counts once, by the strongest relation in which it stands."""

    code: str
    exact: Tally
    broader: Tally
    narrower: Tally

    @property
    def belongs(self) -> Tally:
        """What belongs to the class by its definition."""
        return self.exact + self.broader

    @property
    def at_most(self) -> Tally:
        """The same with what may belong to it."""
        return self.belongs + self.narrower


@dataclass(frozen=True, slots=True)
class InListing:
    """What stands in the classes of a list, and what in none.

    Attributes:
        classes: every class of the list in its order, empty ones too.
        mapped: what stands in at least one class.
        nowhere: what stands in none: incidents none of whose acts does, acts, and victims of such acts alone.
        by_code: what is behind `nowhere`, by our code: acts that stand in no class, and the incidents and victims
            that have such an act, whatever else was done there.
    """

    classes: tuple[InClass, ...]
    mapped: Tally
    nowhere: Tally
    by_code: Mapping[str, Tally]


@dataclass(frozen=True, slots=True)
class Counts:
    """The counts of a filter under a scheme.

    Attributes:
        total: all incidents that match and have acts, with these acts and their victims.
        without_acts: incidents that match and of which no act is recorded.
    """

    total: Tally
    without_acts: int
    acts: InListing
    actors: InListing
