"""What the dataset holds to choose from and to count, read once per edition and process.

These change only with a publication, and every publication changes the stamp of the edition, so that nothing here
outlives one. Only the editions asked for last are kept.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from sqlalchemy.orm import Session

from tracker.dataset import queries
from tracker.dataset.editions import Edition
from tracker.dataset.tallies import tally
from tracker.vocabulary import NOT_RECORDED, UNKNOWN

Made = TypeVar("Made")
MOST = 3
"""Of how many editions: readers go between the newest one and one of the past."""


@dataclass(frozen=True, slots=True)
class Offers:
    """The outlets and topics of one edition by slug, with their names and titles, and the codes of its countries."""

    outlets: dict[str, str]
    topics: dict[str, dict[str, str]]
    countries: Sequence[str]


@dataclass(frozen=True, slots=True)
class Tallies:
    """How many incidents there are by violation, perpetrator and outlet, the most frequent first."""

    violation: dict[str, int]
    perpetrator: dict[str, int]
    outlet: dict[str, int]


class LastEditions(Generic[Made]):
    """Something made from an edition, kept for those asked for last until something is published."""

    def __init__(self, make: Callable[[Session, Edition], Made]) -> None:
        self._make = make
        self._kept: tuple[str, dict[int, Made]] = ("", {})

    def __call__(self, session: Session, edition: Edition) -> Made:
        # One assignment and one read of one attribute: threads can at worst make the same thing twice.
        stamp, kept = self._kept
        known = kept if stamp == edition.stamp and edition.stamp else {}
        if edition.version in known:
            return known[edition.version]
        made = self._make(session, edition)
        self._kept = (edition.stamp, dict([*known.items()][1 - MOST :]) | {edition.version: made})
        return made


def _make_offers(session: Session, edition: Edition) -> Offers:
    named = [found.record for found in queries.outlets(session, edition.version)]
    titled = [found.record for found in queries.topics(session, edition.version)]
    return Offers(
        outlets={record["slug"]: record["name"] for record in named},
        topics={record["slug"]: record["title"] for record in titled},
        countries=[code for code in queries.countries(session, edition) if code not in (NOT_RECORDED, UNKNOWN)],
    )


def _make_tallies(session: Session, edition: Edition) -> Tallies:
    return Tallies(
        violation=tally(session, edition, "violation"),
        perpetrator=tally(session, edition, "perpetrator"),
        outlet=tally(session, edition, "outlet"),
    )


offers_of = LastEditions(_make_offers)
tallies_of = LastEditions(_make_tallies)
