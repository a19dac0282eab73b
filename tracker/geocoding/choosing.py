"""From the places that a service answers with to an answer: which of them may be meant, and whether one alone can be.

A service answers with whatever is near to the words. So a place counts as found only if it bears the very name that
was asked for, lies where that was said to lie, and no other place does the same; else a person chooses.
"""

import math
from collections.abc import Sequence

from tracker.geocoding.answers import MOST_CANDIDATES, Answer, Candidate, Outcome, Wanted
from tracker.geocoding.services import OPENSTREETMAP, Found
from tracker.phrases import phrase
from tracker.text import fold, tokens
from tracker.vocabulary import COUNTRIES
from tracker.vocabulary import PlacePrecision as P

# Two records of one name this close together are the same place, drawn as a point and as an area.
SAME_PLACE_KM = 15.0
EARTH_KM = 6_371.0


def answer_of(found: Sequence[Found], wanted: Wanted, provider: str) -> Answer:
    """The answer to a question, given what a service found. Places outside the stated country are left out."""
    usable = [each for each in found if _is_usable(each)]
    inside = [each for each in usable if wanted.country in (None, each.country)]
    if not inside:
        outside = phrase("The service knows places of this name in other countries only.") if usable else None
        return Answer(Outcome.NOT_FOUND, problem=outside)
    asked = names_asked(wanted)
    ranked = sorted(inside, key=lambda each: -_score(each, asked))
    candidates = _apart([candidate_of(each, asked, provider) for each in ranked])[:MOST_CANDIDATES]
    meant = [each for each in inside if _bears_a_name(each, asked)]
    finest = min((_rank(each, asked) for each in meant), default=None)
    same = _apart([candidate_of(each, asked, provider) for each in meant if _rank(each, asked) == finest])
    if len(same) == 1 and all(_lies_there(each, wanted) for each in meant if _rank(each, asked) == finest):
        rest = [each for each in candidates if each.entry != same[0].entry]
        candidates, outcome = [same[0], *rest][:MOST_CANDIDATES], Outcome.FOUND
    else:
        outcome = Outcome.AMBIGUOUS
    licences = dict.fromkeys(each.licence for each in inside if each.licence)
    return Answer(outcome, tuple(candidates), attribution="; ".join(licences) or OPENSTREETMAP)


def names_asked(wanted: Wanted) -> list[str]:
    """The folded names that a place may bear, the finest first; free text may have them in any order."""
    parts = [wanted.venue, wanted.locality, wanted.admin2, wanted.admin1]
    folded = (fold(part) for part in [*parts, *(wanted.text or "").split(",")] if part)
    return [name for name in dict.fromkeys(folded) if name]


def candidate_of(found: Found, asked: Sequence[str], provider: str) -> Candidate:
    """A place as it is offered to people; a country has no point."""
    assert found.precision is not None
    assert found.entry is not None
    assert found.country is not None
    pinned = found.precision is not P.COUNTRY
    around = (found.locality, found.admin2, found.admin1)
    return Candidate(
        name=found.names[0],
        around=tuple(part for part in around if part),
        latitude=found.latitude if pinned else None,
        longitude=found.longitude if pinned else None,
        precision=found.precision,
        country=found.country,
        admin1=found.admin1,
        admin2=found.admin2,
        score=_score(found, asked),
        provider=provider,
        entry=found.entry,
        matched=max(found.names, key=lambda name: _likeness(name, asked)),
    )


def kilometres(one: Candidate, other: Candidate) -> float:
    """How far two places lie apart, along the earth; nought where one of them has no point."""
    if one.latitude is None or one.longitude is None or other.latitude is None or other.longitude is None:
        return 0.0
    a, b = math.radians(one.latitude), math.radians(other.latitude)
    turn = math.radians(other.longitude - one.longitude)
    h = math.sin((b - a) / 2) ** 2 + math.cos(a) * math.cos(b) * math.sin(turn / 2) ** 2
    return 2 * EARTH_KM * math.asin(min(1.0, math.sqrt(h)))


def _is_usable(found: Found) -> bool:
    """Whether a place can be offered: it has a name, a record, a kind, and a country that we know."""
    return bool(found.names and found.entry and found.precision) and found.country in COUNTRIES


def _bears_a_name(found: Found, asked: Sequence[str]) -> bool:
    return not {fold(name) for name in found.names}.isdisjoint(asked)


def _rank(found: Found, asked: Sequence[str]) -> int:
    """How fine the name is that a place bears, of those that were asked for; nought is the finest."""
    names = {fold(name) for name in found.names}
    return next((rank for rank, name in enumerate(asked) if name in names), len(asked))


def _lies_there(found: Found, wanted: Wanted) -> bool:
    """Whether a place lies in the town and the region that were stated, as far as its own record says so."""
    told = " ".join(part for part in (*found.names, found.locality, found.admin2, found.admin1) if part)
    words = set(tokens(told))
    return all(words & set(tokens(part)) for part in (wanted.locality, wanted.admin1) if part)


def _score(found: Found, asked: Sequence[str]) -> float:
    return max((_likeness(name, asked) for name in found.names), default=0.0)


def _likeness(name: str, asked: Sequence[str]) -> float:
    # Loaded where it is needed: most processes answer readers alone, and it takes some megabytes of each.
    from rapidfuzz import fuzz

    folded = fold(name)
    return max((round(fuzz.ratio(folded, each) / 100, 3) for each in asked), default=0.0)


def _apart(candidates: Sequence[Candidate]) -> list[Candidate]:
    """The candidates without those that are the same place as an earlier one."""
    kept: list[Candidate] = []
    for each in candidates:
        if not any(fold(each.name) == fold(k.name) and _same_place(each, k) for k in kept):
            kept.append(each)
    return kept


def _same_place(one: Candidate, other: Candidate) -> bool:
    alike = one.precision is other.precision or {one.precision, other.precision} <= {P.LOCALITY, P.ADMIN2}
    return alike and kilometres(one, other) <= SAME_PLACE_KM
