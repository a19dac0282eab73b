"""The invented world in which incidents happen: places, outlets, people and documents, each made from its number.

Nothing is kept but a few thousand names: the n-th person or document is made anew whenever it is asked for, and is
always the same, so that generating needs as little memory for a million incidents as for ten.
"""

import hashlib
import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from itertools import accumulate

from bench import words
from bench.atlas import COUNTRIES, CYRILLIC, OTHER_SCRIPTS
from bench.words import parts
from tracker.registry.drafts import NameDraft, OutletDraft, PersonDraft, SourceDraft
from tracker.vocabulary import Medium, Ownership, Reliability, SourceType

FIRST_DAY = date(2011, 1, 1)
LAST_DAY = date(2025, 12, 31)

# The names of people and places share no parts with each other or with the words of the texts: a name that is
# withheld must not stand in a text by chance, since the gate would rightly refuse it.
_GIVEN = parts(
    "Aljo Benik Carsa Dovim Elzi Fjora Gavro Hilka Ismo Jurka Kaspe Ljuma Mirze Nadvi Ovsen Pavka Rusma Sjeta"
)
_GIVEN_ENDS = ("", "n", "ra", "sh", "ta", "vin", "lo", "ke")
_FAMILY = parts("Abrezh Bukhtal Chovrin Dezhmur Fyrkash Ghelvad Hryznak Izdrov Jagmesh Kvortan Lyshgur Mzhavil Ozdemk")
_FAMILY_ENDS = ("ev", "ova", "adze", "uk", "yan", "oglu", "aitis", "bek", "escu", "ich", "ström", "é", "son", "iani")
_FAMILY_MIDDLES = ("", "ar", "ul", "in", "ok", "esh", "am", "ort", "igh", "und")
_LATIN_PLACES = parts(
    "Aarn Brev Cald Durm Estr Fjel Grau Holm Irsk Jarl Krup Lund Mosk Nyrd Oldr Prut Rask Skov Tvar Urge"
)
_LATIN_ENDS = (
    "au",
    "by",
    "chester",
    "dorf",
    "evo",
    "gh",
    "ica",
    "mouth",
    "nitz",
    "ok",
    "pur",
    "stan",
    "tal",
    "ville",
    "wick",
)
_CYRILLIC_PLACES = parts("Арн Брев Гжел Дурм Ерск Жуч Ирб Кард Луж Мшин Ныр Ольх Прут Рж Суж Тверц Урж Холм Шуй Юрг")
_CYRILLIC_ENDS = ("ово", "ск", "инка", "аул", "ечье", "город", "ай", "ань", "уль", "иха", "ент", "ары", "евка", "ополь")
_REGIONS = ("Upper", "Lower", "East", "West", "North", "South", "Inner", "Outer")
_DAILIES = ("Daily", "Evening", "Free", "People's", "Independent", "Morning", "Open", "New")
_TITLES = ("Courier", "Herald", "Observer", "Chronicle", "Voice", "Mirror", "Post", "Signal", "Wave", "Echo", "Channel")


@dataclass(frozen=True, slots=True)
class Locality:
    """A town or village; coordinates in degrees."""

    name: str
    admin1: str
    country: str
    latitude: float
    longitude: float


@dataclass(frozen=True)
class World:
    """What there is of each kind, made from one seed."""

    seed: int = 2020
    localities: int = 2_000
    outlets: int = 800
    people: int = 20_000
    documents: int = 30_000
    topics: int = 60

    def dice(self, *what: object) -> random.Random:
        """Randomness for one thing: the same whenever it is asked for, and independent of all others."""
        return random.Random(":".join(map(str, (self.seed, *what))))

    @cached_property
    def towns(self) -> Sequence[Locality]:
        """All localities; more of them in countries with more incidents."""
        weights = list(accumulate(COUNTRIES[code][0] for code in COUNTRIES))
        dice = self.dice("towns")
        codes = dice.choices(list(COUNTRIES), cum_weights=weights, k=self.localities)
        return [self._town(number, code) for number, code in enumerate(codes)]

    @cached_property
    def towns_of(self) -> dict[str, Sequence[Locality]]:
        """The localities of each country that has some."""
        found: dict[str, list[Locality]] = {}
        for town in self.towns:
            found.setdefault(town.country, []).append(town)
        return dict(found)

    def _town(self, number: int, country: str) -> Locality:
        dice = self.dice("town", number)
        _, latitude, longitude, reach = COUNTRIES[country]
        cyrillic = country in CYRILLIC and dice.random() < 0.6
        first, last = (_CYRILLIC_PLACES, _CYRILLIC_ENDS) if cyrillic else (_LATIN_PLACES, _LATIN_ENDS)
        middle = ("ав", "ел", "им", "ор", "ул", "") if cyrillic else ("a", "en", "i", "or", "u", "")
        name = dice.choice(first) + dice.choice(middle) + dice.choice(last)
        return Locality(
            name,
            f"{dice.choice(_REGIONS)} {country.title()}{dice.choice(('land', 'mark', 'ia'))}",
            country,
            round(latitude + dice.uniform(-reach, reach), 5),
            round(longitude + dice.uniform(-reach, reach), 5),
        )

    def outlet(self, number: int) -> OutletDraft:
        """The outlet of a number."""
        dice = self.dice("outlet", number)
        noun = words.invented(number + words.NOUNS, words.LATIN)
        country = dice.choices(list(COUNTRIES), cum_weights=self._country_weights)[0]
        script = "ru" if country in CYRILLIC else dice.choice(tuple(OTHER_SCRIPTS)) if dice.random() < 0.3 else None
        others = [NameDraft(name=self._other_script(dice, number, script), language=script)] if script else []
        return OutletDraft(
            key=f"outlet-{number:04}",
            name=f"{dice.choice(_DAILIES)} {noun}" if dice.random() < 0.4 else f"{noun} {dice.choice(_TITLES)}",
            other_names=others,
            media=dice.sample(list(Medium), dice.choice((1, 1, 2))),
            ownership=dice.choice((None, *Ownership)),
            country=country,
            website=f"https://www.{noun.lower()}-{number}.example" if dice.random() < 0.8 else None,
        )

    def _other_script(self, dice: random.Random, number: int, script: str) -> str:
        if script == "ru":
            return f"«{words.invented(number + words.CYRILLIC_NOUNS, words.CYRILLIC)}»"
        return "".join(dice.choices(OTHER_SCRIPTS[script], k=dice.randint(2, 4)))

    @cached_property
    def _country_weights(self) -> list[float]:
        return list(accumulate(weight for weight, *_ in COUNTRIES.values()))

    def person(self, number: int) -> PersonDraft:
        """The person of a number."""
        dice = self.dice("person", number)
        given = dice.choice(_GIVEN) + dice.choice(_GIVEN_ENDS)
        family = dice.choice(_FAMILY) + dice.choice(_FAMILY_MIDDLES) + dice.choice(_FAMILY_ENDS)
        others = [NameDraft(name=f"{family}, {given}")] if dice.random() < 0.2 else []
        return PersonDraft(key=f"person-{number:05}", name=f"{given} {family}", other_names=others)

    def is_confidential(self, number: int) -> bool:
        """Whether the document of a number is confidential; one in ten is."""
        return number % 10 == 7

    def document(self, number: int) -> SourceDraft:
        """The document of a number, some of them confidential."""
        dice = self.dice("document", number)
        day = FIRST_DAY + timedelta(days=dice.randrange((LAST_DAY - FIRST_DAY).days))
        noun = words.invented(dice.randrange(words.NOUNS), words.LATIN)
        archived = dice.random() < 0.25
        return SourceDraft(
            key=f"document-{number:06}",
            type=dice.choices(list(SourceType), weights=(4, 6, 9, 3, 2, 1, 1, 1, 4, 1, 1, 1, 1))[0],
            publisher=f"{noun} {dice.choice(_TITLES)}",
            title=words.headline(dice, "ru" if dice.random() < 0.2 else "en"),
            url=f"https://{noun.lower()}.example/{day:%Y/%m}/{number}?lang=en&from=list"
            if dice.random() < 0.8
            else None,
            language="en",
            published_on=day if dice.random() < 0.9 else None,
            accessed_on=day + timedelta(days=dice.randrange(60)),
            archived_url=f"https://archive.example/{number}" if archived else None,
            archive_sha256=hashlib.sha256(str(number).encode()).hexdigest() if archived else None,
            confidential=self.is_confidential(number),
            reliability=dice.choice((None, None, *Reliability)),
            independence_group=f"wire-{number % 5_000}" if dice.random() < 0.1 else None,
            note="Kept in the safe." if self.is_confidential(number) else None,
        )
