"""Realistic drafts in any number, for benchmarks and long tests: the same for a seed, whatever the order or the number.

    for draft in Generator(seed=2020).incidents(100_000): …

Incidents refer by key to documents, people, outlets, topics and earlier incidents, which `others()` gives first.
All words, names and places are made up.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from bench import words
from bench.acts import acts_of
from bench.dates import date_of
from bench.phrases import AWKWARD
from bench.world import World
from tracker.registry.drafts import (
    CitationDraft,
    Draft,
    FollowUpDraft,
    IncidentDraft,
    PlaceDraft,
    SiteDraft,
    TimelineEntryDraft,
    TopicDraft,
    VictimDraft,
)
from tracker.vocabulary import (
    Consent,
    Coverage,
    Credibility,
    Fact,
    FollowUpKind,
    Licence,
    Naming,
    PlacedBy,
    PlacePrecision,
    Verification,
    WorkRelatedness,
)

P = PlacePrecision
PRECISIONS = {
    P.SITE: 30,
    P.STREET: 12,
    P.NEIGHBOURHOOD: 8,
    P.LOCALITY: 35,
    P.ADMIN1: 5,
    P.COUNTRY: 4,
    P.ONLINE: 5,
    P.UNKNOWN: 1,
}
COARSER = {P.SITE: P.LOCALITY, P.STREET: P.LOCALITY, P.NEIGHBOURHOOD: P.ADMIN1, P.LOCALITY: P.ADMIN1}


@dataclass(frozen=True)
class Generator:
    """Drafts made from one seed; nothing is remembered from one to the next."""

    seed: int = 2020
    world: World = field(default_factory=World)

    def others(self) -> Iterator[Draft]:
        """The site, and all documents, people, outlets and topics that incidents may refer to."""
        yield self.site()
        yield from (self.world.document(number) for number in range(self.world.documents))
        yield from (self.world.person(number) for number in range(self.world.people))
        yield from (self.world.outlet(number) for number in range(self.world.outlets))
        yield from (self.topic(number) for number in range(self.world.topics))

    def incidents(self, count: int, start: int = 0) -> Iterator[IncidentDraft]:
        """Incidents from number `start` on."""
        return (self.incident(number) for number in range(start, start + count))

    def site(self) -> SiteDraft:
        """The site that publishes them."""
        return SiteDraft(name={"en": "Invented incidents"}, licence=Licence.CC_BY_4_0, about={"en": "None is real."})

    def topic(self, number: int) -> TopicDraft:
        """The topic of a number, with a timeline."""
        dice = self.world.dice("topic", number)
        return TopicDraft(
            key=f"topic-{number:03}",
            title={"en": f"The {words.nouns(dice, 'en', 1)[0]} crisis"},
            summary={"en": words.text(dice, "en", 40, 80)},
            timeline=[self._timeline_entry(dice) for _ in range(dice.randint(3, 12))],
        )

    def _timeline_entry(self, dice: random.Random) -> TimelineEntryDraft:
        return TimelineEntryDraft(
            date=date_of(dice),
            text={"en": words.sentence(dice, "en")},
            disagreement={"en": words.sentence(dice, "en")} if dice.random() < 0.1 else {},
            sources=[self._document_key(dice.randrange(self.world.documents))],
        )

    def incident(self, number: int) -> IncidentDraft:
        """The incident of a number; the same one whenever it is asked for."""
        dice = self.world.dice(self.seed, "incident", number)
        documents = self._documents(dice)
        shown = [self._document_key(n) for n in documents if not self.world.is_confidential(n)]
        place = self._place(dice)
        acts = acts_of(dice, self.world, shown)
        languages = self._languages(dice, place.country)
        names = [name for act in acts for victim in act.victims if (name := self._printable_name(victim))]
        return IncidentDraft(
            key=f"incident-{number:07}",
            title={language: self._title(dice, language, names) for language in languages},
            summary={language: self._summary(dice, language, place) for language in languages},
            internal_notes=words.text(dice, "en", 10, 40) if dice.random() < 0.3 else None,
            date=date_of(dice),
            place=place,
            topics=[f"topic-{dice.randrange(self.world.topics):03}"] if dice.random() < 0.2 else [],
            covering=dice.sample(list(Coverage), dice.choice((0, 1, 1, 2))),
            work_related=dice.choices((None, *WorkRelatedness), weights=(10, 60, 25, 5))[0],
            verification=dice.choices((None, *Verification), weights=(5, 55, 25, 10, 5))[0],
            related=[f"incident-{number - dice.randint(1, 50):07}"] if number >= 50 and dice.random() < 0.08 else [],
            sources=[self._citation(dice, document) for document in documents],
            acts=acts,
            follow_ups=[self._follow_up(dice, documents) for _ in range(dice.choices((0, 1, 2), (70, 25, 5))[0])],
        )

    def _documents(self, dice: random.Random) -> Sequence[int]:
        # A few much-cited reports stand beside many documents that are cited once or twice.
        count = dice.choices((1, 2, 3, 4), (35, 35, 20, 10))[0]
        found = {int(self.world.documents * dice.random() ** 2) for _ in range(count)}
        return sorted(found)

    def _document_key(self, number: int) -> str:
        return f"document-{number:06}"

    def _citation(self, dice: random.Random, document: int) -> CitationDraft:
        return CitationDraft(
            source=self._document_key(document),
            supports=sorted(dice.sample(list(Fact), dice.choice((0, 1, 3, 5)))),
            credibility=dice.choice((None, None, *Credibility)),
            locator=f"p. {dice.randint(1, 90)}" if dice.random() < 0.15 else None,
        )

    def _follow_up(self, dice: random.Random, documents: Sequence[int]) -> FollowUpDraft:
        return FollowUpDraft(
            kind=dice.choice(list(FollowUpKind)),
            date=date_of(dice) if dice.random() < 0.8 else None,
            by=f"The {words.nouns(dice, 'en', 1)[0]} prosecutor" if dice.random() < 0.5 else None,
            text={"en": words.sentence(dice, "en")},
            sources=[self._document_key(dice.choice(documents))],
        )

    def _place(self, dice: random.Random) -> PlaceDraft:
        town = dice.choice(self.world.towns)
        precision = dice.choices(list(PRECISIONS), weights=list(PRECISIONS.values()))[0]
        fine = precision in COARSER
        # A place that is known to its town alone stands in the middle of it, with all the others.
        near = 0.03 if fine and precision is not P.LOCALITY else 0.0
        return PlaceDraft(
            as_reported=f"{town.name}, in the centre" if fine and dice.random() < 0.5 else None,
            venue=f"{words.nouns(dice, 'en', 1)[0]} hall" if precision is P.SITE else None,
            locality=town.name if fine else None,
            admin1=town.admin1 if fine or precision is P.ADMIN1 else None,
            country=town.country,
            latitude=round(town.latitude + dice.uniform(-near, near), 5) if fine else None,
            longitude=round(town.longitude + dice.uniform(-near, near), 5) if fine else None,
            precision=precision,
            public_precision=COARSER[precision] if fine and dice.random() < 0.06 else None,
            placed_by=dice.choice(list(PlacedBy)) if fine else None,
        )

    def _languages(self, dice: random.Random, country: str | None) -> Sequence[str]:
        if country not in {"RU", "UA", "BY", "KG", "KZ"}:
            return ("en",)
        return dice.choices((("en",), ("en", "ru"), ("ru",)), (30, 55, 15))[0]

    def _printable_name(self, victim: VictimDraft) -> str | None:
        """The victim's name, where the gate lets it stand in a public text."""
        consent = victim.consent.publish_identity
        open_ = consent is Consent.GIVEN or (
            consent is Consent.UNKNOWN and victim.name_published_in and not victim.minor
        )
        if victim.naming is not Naming.NAMED or victim.person is None or not open_:
            return None
        return self.world.person(int(victim.person.rpartition("-")[2])).name

    def _title(self, dice: random.Random, language: str, names: Sequence[str]) -> str:
        title = words.headline(dice, language)
        if names and dice.random() < 0.5:
            title = f"{dice.choice(names)}: {title[0].lower()}{title[1:]}"
        return f"{dice.choice(AWKWARD)}: {title}" if dice.random() < 0.02 else title

    def _summary(self, dice: random.Random, language: str, place: PlaceDraft) -> str:
        told = words.text(dice, language, 40, 110)
        if place.locality and place.public_precision is None and dice.random() < 0.5:
            told = f"{place.locality}. {told}"
        if dice.random() < 0.05:
            told = f"{told}\n\n{dice.choice(AWKWARD)}"
        return told
