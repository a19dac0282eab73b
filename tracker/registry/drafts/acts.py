"""Drafts of acts: one violation, done by somebody to somebody."""

from collections.abc import Iterator
from typing import Literal

from pydantic import Field

from tracker.registry.drafts.base import (
    Count,
    Day,
    Draft,
    Key,
    Known,
    Line,
    Problem,
    Texts,
    missing,
    repeated,
    unknown_key,
)
from tracker.vocabulary import (
    ArbitraryJudgement,
    Basis,
    Completion,
    Consent,
    Consequence,
    Employment,
    EquipmentFate,
    EquipmentItem,
    Gender,
    Ground,
    Harm,
    InvolvementRole,
    KillingKind,
    Method,
    Naming,
    PerpetratorType,
    Returned,
    VictimKind,
    VictimRole,
    Violation,
)

# A judgement "arbitrary" is made on a deprivation of liberty, and on nothing else.
JUDGED_ARBITRARY = frozenset({Violation.ARREST_DETENTION, Violation.CONVICTION})


class ConsentDraft(Draft):
    """What a person agreed to, purpose by purpose; unknown means refused (Every Casualty standards)."""

    store: Consent = Consent.UNKNOWN
    publish_identity: Consent = Consent.UNKNOWN
    publish_account: Consent = Consent.UNKNOWN
    share: Consent = Consent.UNKNOWN
    legal: Consent = Consent.UNKNOWN


class EquipmentDraft(Draft):
    """A tool of the work, and what became of it."""

    item: EquipmentItem | None = None
    count: Count | None = None
    fate: EquipmentFate | None = None
    returned: Returned | None = None

    def problems(self) -> Iterator[Problem]:
        """What is wrong with the entry."""
        yield from missing(self, ("fate",))


class Counted(Draft):
    """How many: at least, at most, and in the words of the report."""

    count_least: Count | None = None
    count_most: Count | None = None
    count_as_reported: Line | None = None

    def count_problems(self) -> Iterator[Problem]:
        """A problem where the least exceeds the most."""
        if self.count_least is not None and self.count_most is not None and self.count_least > self.count_most:
            yield Problem(("count_most",), "is less than count_least", self.count_most, f"{self.count_least} or more")


class VictimDraft(Counted):
    """A person, group or outlet in one act, with what was done to them and what may be published of them."""

    kind: VictimKind | None = None
    person: Key | None = None
    naming: Naming | None = None
    name_published_in: list[Key] = Field([], description="sources of this incident that print the name")
    role: VictimRole | None = None
    employment: Employment | None = None
    gender: Gender | None = None
    outlet: Key | None = Field(None, description="whom they worked for then")
    description: Line | None = Field(None, description="such as: two filming crews")
    harm: Harm | None = None
    custody_from: Day | None = None
    custody_until: Day | None = None
    equipment: list[EquipmentDraft] = []
    followed: list[Consequence] = []
    minor: bool | None = None
    consent: ConsentDraft = ConsentDraft()

    def problems(self, known: Known, own_sources: frozenset[str]) -> Iterator[Problem]:
        """What is wrong with the victim; `own_sources` are those that the incident cites."""
        yield from missing(self, ("kind",))
        yield from self.count_problems()
        yield from unknown_key(("person",), self.person, known.people, "person")
        yield from unknown_key(("outlet",), self.outlet, known.outlets, "outlet")
        yield from self._naming_problems(known, own_sources)
        if self.kind is VictimKind.OUTLET and self.outlet is None:
            yield Problem(("outlet",), "is missing", None, "the outlet that is the victim")
        if self.custody_from and self.custody_until and self.custody_until < self.custody_from:
            allowed = f"{self.custody_from} or later"
            yield Problem(("custody_until",), "is before custody_from", self.custody_until, allowed)
        yield from repeated(("followed",), self.followed, "code")
        for number, item in enumerate(self.equipment):
            for problem in item.problems():
                yield problem.under("equipment", number)

    def _naming_problems(self, known: Known, own_sources: frozenset[str]) -> Iterator[Problem]:
        if self.kind is VictimKind.PERSON:
            yield from missing(self, ("naming",))
        elif self.person is not None:
            yield Problem(("person",), "only a victim of kind person is a person", self.person)
        if self.naming is Naming.NAMED and self.person is None:
            yield Problem(("person",), "is missing", None, "the person, as naming is named")
        if self.naming is Naming.NOT_NAMED_IN_SOURCE and self.person is not None:
            yield Problem(("naming",), "a person is given, so the name is known", self.naming, "named, withheld")
        for number, key in enumerate(self.name_published_in):
            if key not in own_sources:
                cited = ", ".join(sorted(own_sources))
                yield Problem(("name_published_in", number), "is not a source of this incident", key, cited)
            elif key not in known.shown_sources:
                allowed = "an open source with a url, or with publisher and title"
                yield Problem(("name_published_in", number), "cannot show that a name is public", key, allowed)


class InvolvementDraft(Counted):
    """Somebody's part in an act: who, in what role, and on what ground it is said."""

    role: InvolvementRole | None = None
    perpetrator: PerpetratorType | None = None
    named_actor: Line | None = None
    named_actor_is: Literal["organisation", "person"] | None = None
    affiliation: Line | None = Field(None, description="as reported, such as: riot police")
    description: Line | None = Field(None, description="as reported, such as: two unidentified men")
    basis: Basis | None = None

    def problems(self) -> Iterator[Problem]:
        """What is wrong with the involvement."""
        yield from missing(self, ("role", "basis"))
        yield from self.count_problems()
        if self.named_actor and not self.named_actor_is:
            yield Problem(("named_actor_is",), "is missing", None, "organisation, person")
        if self.named_actor_is and not self.named_actor:
            yield Problem(("named_actor",), "is missing", None, "a name, as named_actor_is is given")


class ActDraft(Draft):
    """The smallest unit that is counted: one violation, with those who did it and those it was done to."""

    violation: Violation | None = None
    killing_kind: KillingKind | None = None
    completion: Completion | None = None
    method: Method | None = None
    ground: Ground | None = Field(None, description="if other than the work; sensitive")
    arbitrary: ArbitraryJudgement | None = Field(None, description="where such a judgement was made")
    description: Texts = {}
    victims: list[VictimDraft] = []
    involvements: list[InvolvementDraft] = []

    def problems(self, known: Known, own_sources: frozenset[str]) -> Iterator[Problem]:
        """What is wrong with the act; `own_sources` are those that the incident cites."""
        yield from missing(self, ("violation", "victims"))
        if self.killing_kind and self.violation is not Violation.KILLING:
            yield Problem(("killing_kind",), "only a killing has a kind of killing", self.killing_kind)
        if self.arbitrary and self.violation not in JUDGED_ARBITRARY:
            allowed = "with " + " or ".join(sorted(JUDGED_ARBITRARY))
            yield Problem(("arbitrary",), "is a judgement on a deprivation of liberty", self.arbitrary, allowed)
        for number, victim in enumerate(self.victims):
            for problem in victim.problems(known, own_sources):
                yield problem.under("victims", number)
        for number, involvement in enumerate(self.involvements):
            for problem in involvement.problems():
                yield problem.under("involvements", number)
