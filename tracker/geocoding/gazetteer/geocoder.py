"""The gazetteer as a geocoder of geopy: text in, places out, without any network."""

import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from geopy.adapters import BaseSyncAdapter
from geopy.geocoders.base import Geocoder
from geopy.location import Location

from tracker.geocoding.answers import MOST_CANDIDATES, Answer, Candidate, Outcome, Wanted
from tracker.geocoding.gazetteer import file
from tracker.geocoding.gazetteer.index import Index
from tracker.geocoding.gazetteer.matching import Match, matched, slipped, without_lesser
from tracker.geocoding.gazetteer.places import Kind, Place
from tracker.geocoding.gazetteer.reading import (
    LONGEST_NAME,
    Form,
    Part,
    Source,
    left_over,
    left_over_form,
    may_be_village,
    parts_of,
)
from tracker.geocoding.gazetteer.weighing import Balance, Weighed, weigh
from tracker.geocoding.gazetteer.writer import ATTRIBUTION, ATTRIBUTION_WITH_TOWNS
from tracker.phrases import phrase
from tracker.vocabulary import COUNTRIES

PROVIDER = "gazetteer"
# Below this chance nobody would choose a place from the list.
_LEAST_SHARE = 0.002
# A region in which eight of ten live in a town of two millions is that town.
_METROPOLIS, _NEARLY_ALL = 2_000_000, 0.8
# A town that another part names may be meant if it weighs so much of the best one.
_AS_LIKELY = 0.02
# What lies in a region or country no wider than so around its town may be shown there: Berlin, Damascus, Singapore.
_AS_GOOD_AS_THERE_KM = 25.0
_DIVISIONS = (Kind.ADMIN1, Kind.ADMIN2)


class _NoNetwork(BaseSyncAdapter):  # type: ignore[misc]
    """What geopy would ask the network through; a gazetteer has no use for it."""

    def get_json(self, url: str, *, timeout: float, headers: Mapping[str, str]) -> Any:
        raise NotImplementedError(url)

    def get_text(self, url: str, *, timeout: float, headers: Mapping[str, str]) -> str:
        raise NotImplementedError(url)


class Gazetteer(Geocoder):  # type: ignore[misc]
    """Places of the world from one file. It may be shared by threads, and notices when the file is replaced."""

    def __init__(self, path: Path) -> None:
        """Nothing is opened before the first look-up; a file that is not there is said then."""
        super().__init__(user_agent="offline", adapter_factory=_NoNetwork)
        self.path = path
        self._lock = threading.Lock()
        self._opened: tuple[tuple[int, int, int], Index] | None = None

    def geocode(
        self, query: str, *, exactly_one: bool = True, country: str | None = None, timeout: object = None
    ) -> Location | list[Location] | None:
        """The place that a text names, as geopy's locations; None where there is none or a person has to choose.

        With `exactly_one=False` all candidates, the best first. Countries and whatever has no position are left out.
        `raw` holds the `Candidate`. Raises `GazetteerProblem`. `timeout` is taken for geopy's sake and not needed.
        """
        answer = self.search(Wanted(text=query, country=country))
        chosen = answer.candidates if not exactly_one else (answer.best,) if answer.best else ()
        locations = [
            Location(each.label, (each.latitude, each.longitude), each) for each in chosen if each.latitude is not None
        ]
        if exactly_one:
            return locations[0] if locations else None
        return locations or None

    def search(self, wanted: Wanted) -> Answer:
        """All that the gazetteer knows about what is wanted; raises `GazetteerProblem`."""
        parts = parts_of(wanted)
        if not parts:
            return Answer(Outcome.NOT_FOUND, problem=phrase("There is no name of a place in this."))
        with self._lock:
            index = self._index()
            found = matched(index, parts, wanted.country)
            balance = weigh(found, country_given=wanted.country is not None)
            beside = _beside(balance.weighed[0], parts) if balance.weighed else None
            if _may_be_misspelt(balance, found) or beside or _is_open(balance, parts, found):
                more = slipped(index, parts, found, wanted.country, beside)
                if any(more):
                    found = without_lesser(found, more)
                    balance = weigh(found, country_given=wanted.country is not None)
            if not balance.weighed:
                return Answer(Outcome.NOT_FOUND, problem=self._elsewhere(index, parts, wanted.country))
            candidates = self._candidates(index, balance)
            safe = balance.safe and not (
                _names_another_town(balance) or _is_too_coarse(index, balance.weighed[0], parts, found)
            )
        shown = balance.weighed[: len(candidates)]
        owners = ATTRIBUTION_WITH_TOWNS if any(one.place.is_of_simplemaps for one in shown) else ATTRIBUTION
        return Answer(Outcome.FOUND if safe else Outcome.AMBIGUOUS, candidates, attribution=owners)

    def info(self) -> file.Info:
        """What the file holds; raises `GazetteerProblem`."""
        return file.info(self.path)

    def close(self) -> None:
        """Let go of the file; the next look-up opens it again."""
        with self._lock:
            if self._opened is not None:
                self._opened[1].close()
                self._opened = None

    def _index(self) -> Index:
        try:
            found = self.path.stat()
        except OSError:
            # A file that was taken away is said to be missing, even if it could still be read.
            self._opened = None
            return Index(file.opened(self.path))
        state = (found.st_ino, found.st_mtime_ns, found.st_size)
        if self._opened is None or self._opened[0] != state:
            if self._opened is not None:
                self._opened[1].close()
                self._opened = None
            self._opened = (state, Index(file.opened(self.path)))
        return self._opened[1]

    def _candidates(self, index: Index, balance: Balance) -> tuple[Candidate, ...]:
        shown = [
            one
            for one in balance.weighed[:MOST_CANDIDATES]
            if one is balance.weighed[0] or balance.share(one) > _LEAST_SHARE
        ]
        return tuple(_candidate(index, one, balance.share(one)) for one in shown)

    def _elsewhere(self, index: Index, parts: list[Part], country: str | None) -> str | None:
        """Why nothing was found in the country, where the text speaks of another."""
        if country is None:
            return None
        for matches in matched(index, parts, None):
            for match in matches:
                if match.place.kind is Kind.COUNTRY and match.form.words is None and match.slips is None:
                    return phrase(
                        "The text names {other}, and the country given is {country}.",
                        other=COUNTRIES.get(match.place.country, match.place.name),
                        country=COUNTRIES.get(country, country),
                    )
        return None


def _may_be_misspelt(balance: Balance, found: list[list[Match]]) -> bool:
    """Whether names that are only similar have to be looked at too, before anything is taken for the answer."""
    if not balance.safe:
        return True
    best = balance.weighed[0]
    if best.place.kind is not Kind.LOCALITY and not all(found):
        return True
    if best.place.kind in _DIVISIONS and best.place.latitude is None:
        # Nothing is known to lie in it, so that a town that is spelt nearly so may be meant.
        return True
    # "Nizhyn Novgorod" is not the Novgorod that stands in it, and "Lodon" not the Loddon that sounds the same.
    return best.match.form.words is not None or best.match.is_respelt


def _is_open(balance: Balance, parts: list[Part], found: list[list[Match]]) -> bool:
    """Whether nothing is known of a part that may be a town beside the one that was found: "Spin Boldark, Kandahar"."""
    best = balance.weighed[0].match.part if balance.weighed else None
    unknown = (part for number, part in enumerate(parts) if number != best and not found[number])
    return any(may_be_village(part, LONGEST_NAME) for part in unknown)


def _beside(best: Weighed, parts: list[Part]) -> tuple[int, Form] | None:
    """Words beside the best name in its part that may be a name too, and that do not say what it lies in."""
    number, words = best.match.part, best.match.form.words
    if words is None or -1 in best.explained or best.match.form.pointed:
        return None
    left = left_over(parts[number], words)
    return (number, left_over_form(parts[number], left)) if left else None


def _is_too_coarse(index: Index, best: Weighed, parts: list[Part], found: list[list[Match]]) -> bool:
    """Whether the answer is only what the place lies in: "Xyz, Osh Region", where no Xyz is known there."""
    others = [number for number in range(len(parts)) if number != best.match.part and number not in best.explained]
    if best.place.kind is Kind.ADMIN2 and not _is_called_division(parts[best.match.part]):
        # Hardly anybody writes a district without the word; its town may be one that the list lacks.
        return True
    if best.place.kind is not Kind.LOCALITY:
        # Half a part that names a province is no more certain than a part left over.
        return bool(others) or (best.match.form.words is not None and not best.explained and not _says_all(best, parts))
    if any(parts[number].source is Source.LOCALITY for number in others):
        return True
    open_parts = any(may_be_village(parts[number]) for number in others) or _beside(best, parts) is not None
    return open_parts and any(
        not _is_nearly_all_of(best.place, each) and index.reaches_beyond(best.place, each, _AS_GOOD_AS_THERE_KM)
        for each in _namesakes_around(best, found)
    )


def _is_called_division(part: Part) -> bool:
    return part.source is not Source.TEXT or any(not form.kinds.isdisjoint(_DIVISIONS) for form in part.forms)


def _names_another_town(balance: Balance) -> bool:
    """Whether the text names another town that may as well be meant: "Taloqan/Tashkent", "Jucitán de Zaragoza"."""
    best = balance.weighed[0]
    return best.place.kind is Kind.LOCALITY and any(
        one.weight >= _AS_LIKELY * best.weight and (_is_elsewhere(one, best) or _is_of_all_words(one, best))
        for one in balance.weighed
        if one.place.kind is Kind.LOCALITY and one.match.form.words is None
    )


def _is_elsewhere(one: Weighed, best: Weighed) -> bool:
    """Whether a part that does not say where the best place lies is the name of a place in another region."""
    beside = one.match.part not in (best.match.part, *best.explained)
    return beside and one.match.slips is None and one.place.admin1 != best.place.admin1


def _is_of_all_words(one: Weighed, best: Weighed) -> bool:
    """Whether all words of a part are nearly the name of a place, and the best one bears but a few of them."""
    return one.match.part == best.match.part and best.match.form.words is not None


def _is_nearly_all_of(town: Place, around: Place) -> bool:
    """Whether it is a metropolis beside which its region has hardly anything, so that what is unknown is a quarter."""
    return town.population >= max(_METROPOLIS, _NEARLY_ALL * around.population)


def _says_all(best: Weighed, parts: list[Part]) -> bool:
    """Whether a part calls it a province or district and names nothing else: "rural Oaxaca state"."""
    form = best.match.form
    return (
        form.words is not None
        and best.place.kind in form.kinds
        and left_over(parts[best.match.part], form.words) is None
    )


def _namesakes_around(best: Weighed, found: list[list[Match]]) -> list[Place]:
    """What the words for a town may as well stand for, as in "Xyz, Talas" and "Xyz, Tunis": all that lies around it."""
    return [
        match.place
        for match in found[best.match.part]
        if match.place.id in (best.place.admin1, best.place.admin2)
        or (match.place.kind is Kind.COUNTRY and match.place.country == best.place.country and match.slips is None)
    ]


def _candidate(index: Index, one: Weighed, share: float) -> Candidate:
    place = one.place
    admin1, admin2 = index.name(place.admin1), index.name(place.admin2)
    return Candidate(
        name=place.name,
        around=(admin1,) if admin1 else (),
        latitude=place.latitude,
        longitude=place.longitude,
        precision=place.kind.precision,
        country=place.country,
        admin1=place.name if place.kind is Kind.ADMIN1 else admin1,
        admin2=place.name if place.kind is Kind.ADMIN2 else admin2,
        score=round(share, 3),
        provider=PROVIDER,
        entry=place.entry,
        matched=one.match.text,
        population=place.population if place.kind is Kind.LOCALITY and place.population else None,
    )
