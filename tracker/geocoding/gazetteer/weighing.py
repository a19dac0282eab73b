"""Weighing the places that a text can name against each other, and saying when none of them is safe to take.

Each place has a weight: how well its name fits, times how likely anybody speaks of it, which goes by its inhabitants.
The share of a weight in all of them is the chance that this place is meant. Parts of the text that say where the place
lies decide more than anything: whatever they do not fit hardly counts.
"""

import math
from dataclasses import dataclass, field

from tracker.geocoding.gazetteer.generic import peel
from tracker.geocoding.gazetteer.matching import Match
from tracker.geocoding.gazetteer.places import Kind, Place, Rank

# These were settled by trying on the tuning half of bench/places, but for `_CALLED_SO` and `_AT_HOME`, for which all
# lists were looked at.
_LEAST_PEOPLE = {Kind.LOCALITY: 600, Kind.ADMIN2: 20_000, Kind.ADMIN1: 20_000, Kind.COUNTRY: 300_000}
# Where nobody counted, lists hold a place because something is governed from there.
_PEOPLE_UNKNOWN = 1_500
# The towns of the other list are seats of districts and places of some size, about which nobody counted reliably. Their
# number lets them be found by their name where the country is known; where it is not, or for a slip, people are asked.
_PEOPLE_OF_A_TOWN = 3_000
_SPOKEN_OF = {Kind.LOCALITY: 1.0, Kind.ADMIN2: 0.05, Kind.ADMIN1: 0.15, Kind.COUNTRY: 0.3}
# Where the text itself says that it is a district or a province, and names nothing finer, one is spoken of.
_CALLED_SO = 0.5
# Where nothing says in which country, but the language is at home in this one.
_AT_HOME = 20
# Whatever fits a part less well does not count as naming what another place lies in.
_LEAST_WORD = 0.01
_NEXT_TO_NOTHING = 0.00001
_MISSED = 0.0005
_NAMESAKE = 0.02
_ONLY_AROUND = {Kind.LOCALITY: 1.0, Kind.ADMIN2: 0.05, Kind.ADMIN1: 0.05, Kind.COUNTRY: 0.0001}
# A town gives its name to its province; below this share of the province's people, the province gave it to a village.
_SHARE_OF_NAMESAKE = 0.05
# Where it lies beside the province of its name, as Buenos Aires does, it has to be larger to come first.
_SHARE_OF_NEIGHBOUR = 0.2
_COUNTRY_ALREADY_GIVEN = 0.1
_NOTHING: frozenset[int] = frozenset()
# "Tegucigalpita" is a village and no misspelt Tegucigalpa.
_MANY_SLIPS = 2
_NEAR_KM = 25
_BESIDE_KM = 40
_AROUND_KM = 60
NOBODY_KNOWN = {True: 150.0, False: 700.0}
ENOUGH = {True: 0.7, False: 0.85}
ENOUGH_IF_SIMILAR = 0.85
# What is only similar may be a place that no list knows, all the more where nothing says in which country.
NOBODY_KNOWN_SO = {True: 150.0, False: 3_000.0}


@dataclass(slots=True)
class Weighed:
    """A place with its weight. `explained` holds the parts that say what it lies in."""

    match: Match
    weight: float
    explained: frozenset[int]

    @property
    def place(self) -> Place:
        return self.match.place


@dataclass(slots=True)
class Balance:
    """All places that are left, the weightiest first, and whether the first is safe to take."""

    weighed: list[Weighed] = field(default_factory=list)
    total: float = 0.0
    safe: bool = False

    def share(self, one: Weighed) -> float:
        """The chance that this one is meant, from 0 to 1."""
        return one.weight / self.total if self.total else 0.0


def weigh(found: list[list[Match]], *, country_given: bool) -> Balance:
    """Weigh all places that the parts can name; `found` holds the matches of each part."""
    heads = [
        _weighed(match, found, country_given=country_given)
        for matches in found
        for match in matches
        if not (match.rank is Rank.CODE and len(found) > 1)
    ]
    if not heads:
        return Balance()
    most = max(len(head.explained) for head in heads)
    around = {number for head in heads if len(head.explained) == most for number in _lying_around(head.place)}
    around |= _called_around(heads, found, most)
    for head in heads:
        head.weight *= _MISSED ** (most - len(head.explained))
        if most > len(head.explained) and (head.place.id in around or head.place.kind is Kind.COUNTRY):
            head.weight *= _ONLY_AROUND[head.place.kind]
        if head.place.kind is Kind.COUNTRY and country_given:
            head.weight *= _COUNTRY_ALREADY_GIVEN
        if head.match.form.words is not None and _is_covered(head.match, found):
            head.weight /= head.match.form.trust
    heads = _worth_weighing(_once(heads))
    _settle_namesakes(heads)
    heads.sort(key=lambda head: (-head.weight, head.place.id))
    within = country_given or most > 0
    slips = heads[0].match.slips or 0
    balance = Balance(heads, sum(head.weight for head in heads) + (NOBODY_KNOWN_SO if slips else NOBODY_KNOWN)[within])
    enough = ENOUGH_IF_SIMILAR if slips else ENOUGH[within]
    balance.safe = _is_safe(balance, found, enough) and slips < _MANY_SLIPS and not heads[0].match.begins_otherwise
    return balance


def _lying_around(place: Place) -> tuple[int | None, ...]:
    return place.admin1, place.admin2


def _weighed(match: Match, found: list[list[Match]], *, country_given: bool) -> Weighed:
    explained = _explained(match, found)
    spoken_of = _SPOKEN_OF[match.place.kind]
    if match.place.kind in match.form.kinds and all(
        not matches or number == match.part or number in explained for number, matches in enumerate(found)
    ):
        spoken_of = max(spoken_of, _CALLED_SO)
    if not country_given and _is_at_home(match):
        spoken_of *= _AT_HOME
    return Weighed(match, match.quality * _people(match.place) * spoken_of, explained)


def _is_at_home(match: Match) -> bool:
    as_called = not match.form.kinds or match.place.kind in match.form.kinds
    return match.place.country in match.form.home and match.slips in (None, 0) and as_called


def _people(place: Place) -> float:
    least = _LEAST_PEOPLE[place.kind]
    if place.kind is Kind.LOCALITY and not place.population:
        least = _PEOPLE_OF_A_TOWN if place.is_of_simplemaps else _PEOPLE_UNKNOWN
    return max(place.population, least)


def _explained(match: Match, found: list[list[Match]]) -> frozenset[int]:
    """The other parts, or words of its own part, that name what this place lies in."""
    if len(found) == 1 and match.form.words is None:
        return _NOTHING
    numbers = set()
    for number, matches in enumerate(found):
        for other in matches:
            lies_in = _lies_in(match.place, other.place) or _may_lie_in(match.place, other)
            if other.quality >= _LEAST_WORD and lies_in and _apart(match, other):
                numbers.add(number if number != match.part else -1)
                break
    return frozenset(numbers)


def _apart(one: Match, other: Match) -> bool:
    """Whether two matches do not use the same words."""
    if one.part != other.part:
        return True
    if one.form.words is None or other.form.words is None:
        return False
    return one.form.words[1] <= other.form.words[0] or other.form.words[1] <= one.form.words[0]


def _lies_in(place: Place, other: Place) -> bool:
    if place.id == other.id or other.kind > place.kind:
        return False
    if other.kind is Kind.COUNTRY:
        return place.country == other.country
    if other.id in (place.admin1, place.admin2):
        return True
    # A quarter or a suburb is written before the name of its town.
    return (
        place.kind is other.kind is Kind.LOCALITY
        and other.population > 3 * place.population
        and distance(place, other) <= _BESIDE_KM
    )


def _may_lie_in(place: Place, around: Match) -> bool:
    """Whether a place of which no list says the district lies near the middle of one that the text calls a district."""
    other = around.place
    if place.kind is not Kind.LOCALITY or other.kind is not Kind.ADMIN2 or not _is_called_district(around):
        return False
    known = place.admin2 is not None or place.admin1 is None or place.admin1 != other.admin1
    return not known and (other.latitude is None or distance(place, other) <= _AROUND_KM)


def _is_called_district(match: Match) -> bool:
    """Whether the text says that it is a district, by a word of its own or as part of the name on record."""
    if match.place.kind is not Kind.ADMIN2:
        return False
    return Kind.ADMIN2 in match.form.kinds or Kind.ADMIN2 in peel(tuple(match.form.written.split())).kinds


def _called_around(heads: list[Weighed], found: list[list[Match]], most: int) -> set[int]:
    """The districts that the text calls so and in which its best places may lie, though no list says so."""
    called = [match for matches in found for match in matches if _is_called_district(match)]
    best = [head.place for head in heads if len(head.explained) == most > 0] if called else []
    return {match.place.id for match in called if any(_may_lie_in(place, match) for place in best)}


def _is_covered(match: Match, found: list[list[Match]]) -> bool:
    """Whether the other words of its part name what the place lies in: "Osh Kyrgyzstan"."""
    return any(
        _apart(match, other) and other.part == match.part and _lies_in(match.place, other.place)
        for other in found[match.part]
    )


def _once(heads: list[Weighed]) -> list[Weighed]:
    best: dict[int, Weighed] = {}
    for head in heads:
        if head.place.id not in best or head.weight > best[head.place.id].weight:
            best[head.place.id] = head
    return list(best.values())


def _worth_weighing(heads: list[Weighed]) -> list[Weighed]:
    """The places without those that the rest outweighs whatever comes of it; common names have hundreds of them."""
    least = max(head.weight for head in heads) * _NEXT_TO_NOTHING
    return [head for head in heads if head.weight >= least]


def _settle_namesakes(heads: list[Weighed]) -> None:
    """Of a town and the province or district that bears its name, leave the one that people mean."""
    divisions = [head for head in heads if head.place.kind in (Kind.ADMIN1, Kind.ADMIN2) and not head.match.form.kinds]
    own = {head.place.country for head in heads if head.place.kind is Kind.LOCALITY and _is_own(head.match)}
    for head in heads:
        if head.match.form.kinds:
            continue
        if head.place.kind is Kind.COUNTRY and head.match.rank is not Rank.OWN and head.place.country in own:
            # Somewhere Brazil is called as its capital is called everywhere.
            head.weight *= _NAMESAKE
        for outer in divisions:
            if (
                outer.place.country == head.place.country
                and outer.match.part == head.match.part
                and outer.match.form.words == head.match.form.words
            ):
                _settle(head, outer)


def _settle(head: Weighed, outer: Weighed) -> None:
    place, around = head.place, outer.place
    if place.kind <= around.kind:
        return
    # Both are misspelt alike where the text is, which says nothing of which one is meant.
    own = _is_own(head.match, head.match.slips if head.match.slips == outer.match.slips else None)
    share = place.population / max(around.population, 1) if own else 0.0
    if place.kind is Kind.LOCALITY and around.latitude is None:
        # A division in which no place is known is no answer where there is a town of its name.
        outer.weight *= _NAMESAKE
    elif not _is_around(around, place):
        if place.kind is Kind.LOCALITY and share >= _SHARE_OF_NEIGHBOUR:
            outer.weight *= _NAMESAKE
    elif place.kind is Kind.ADMIN2:
        head.weight *= _NAMESAKE
    elif around.chief == place.id or share >= _SHARE_OF_NAMESAKE or around.kind is Kind.ADMIN2:
        outer.weight *= _NAMESAKE
    elif around.id == place.admin1:
        head.weight *= _NAMESAKE


def _is_own(match: Match, slips: int | None = None) -> bool:
    """Whether it is the name of the place itself; in scripts other than Latin no list says which one that is."""
    own = match.rank is Rank.OWN or (match.rank is Rank.OTHER and not match.form.written.isascii())
    return own and match.slips == slips


def _is_around(division: Place, place: Place) -> bool:
    """Whether the place lies in a division, or so near to the middle of it that it bears the name of the place."""
    if division.id in (place.admin1, place.admin2):
        return True
    if division.kind is Kind.ADMIN2 and division.latitude is None:
        return division.admin1 == place.admin1
    return division.country == place.country and distance(division, place) <= _AROUND_KM


def _is_safe(balance: Balance, found: list[list[Match]], enough: float) -> bool:
    best = balance.weighed[0]
    if _is_contradicted(best, found):
        return False
    near = sum(
        head.weight
        for head in balance.weighed
        if head is best or (head.place.kind is best.place.kind and distance(head.place, best.place) <= _NEAR_KM)
    )
    return near >= enough * balance.total


def _is_contradicted(best: Weighed, found: list[list[Match]]) -> bool:
    """Whether some part names a country or region that the place does not lie in."""
    for number, matches in enumerate(found):
        if number == best.match.part or number in best.explained:
            continue
        if any(
            m.place.kind in (Kind.COUNTRY, Kind.ADMIN1) and m.slips in (None, 0) and m.form.words is None
            for m in matches
        ):
            return True
    return False


def distance(one: Place, other: Place) -> float:
    """Kilometres between two places on a globe; infinite where one has no position."""
    if one.latitude is None or other.latitude is None or one.longitude is None or other.longitude is None:
        return math.inf
    north, south = math.radians(one.latitude), math.radians(other.latitude)
    height = math.sin((north - south) / 2) ** 2
    width = math.sin(math.radians(one.longitude - other.longitude) / 2) ** 2
    return 12_742 * math.asin(min(1.0, math.sqrt(height + math.cos(north) * math.cos(south) * width)))
