"""Invented acts: what was done, to whom, and by whom."""

import random
from collections.abc import Sequence
from datetime import timedelta
from typing import Literal

from bench import words
from bench.world import FIRST_DAY, World
from tracker.registry.drafts import ActDraft, ConsentDraft, EquipmentDraft, InvolvementDraft, VictimDraft
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

V, T = Violation, PerpetratorType
# What is done often; all that is not listed is done rarely.
VIOLATIONS = {
    V.ASSAULT: 20,
    V.ARREST_DETENTION: 16,
    V.REPORTING_OBSTRUCTION: 14,
    V.THREAT: 10,
    V.HARASSMENT_ONLINE: 8,
    V.ACCESS_DENIAL: 7,
    V.CRIMINAL_CHARGE: 5,
    V.SEARCH_SEIZURE: 5,
    V.PROPERTY_DAMAGE: 4,
    V.DEATH_THREAT: 4,
    V.POLITICAL_SMEAR: 4,
    V.INTERROGATION: 3,
}
PERPETRATORS = {T.POLICE: 25, T.UNKNOWN: 12, T.CROWD_PROTESTER: 9, T.EXECUTIVE_OFFICIAL: 8, T.POLITICAL_SUPPORTERS: 6}
DETAINED = frozenset({V.ARREST_DETENTION, V.CONVICTION, V.ABDUCTION})
TAKEN = frozenset({V.SEARCH_SEIZURE, V.EQUIPMENT_ROBBERY, V.PROPERTY_DAMAGE, V.ASSAULT})
_VIOLATION_WEIGHTS = [VIOLATIONS.get(violation, 0.6) for violation in V]
_PERPETRATOR_WEIGHTS = [PERPETRATORS.get(kind, 2) for kind in T]
_KIND_WEIGHTS = (80, 8, 8, 2, 2)


def acts_of(dice: random.Random, world: World, shown: Sequence[str]) -> list[ActDraft]:
    """The acts of one incident; `shown` are the keys of those of its documents that can prove a name."""
    return [_act(dice, world, shown) for _ in range(dice.choices((1, 2, 3, 4), (70, 20, 7, 3))[0])]


def _act(dice: random.Random, world: World, shown: Sequence[str]) -> ActDraft:
    violation = dice.choices(list(V), weights=_VIOLATION_WEIGHTS)[0]
    judged = violation in {V.ARREST_DETENTION, V.CONVICTION} and dice.random() < 0.3
    victims = dice.choices((1, 2, 3), (80, 15, 5))[0]
    involvements = dice.choices((0, 1, 2), (20, 65, 15))[0]
    return ActDraft(
        violation=violation,
        killing_kind=dice.choice(list(KillingKind)) if violation is V.KILLING else None,
        completion=dice.choices((None, *Completion), weights=(10, 75, 10, 5))[0],
        method=dice.choice(list(Method)) if dice.random() < 0.4 else None,
        ground=dice.choice(list(Ground)) if dice.random() < 0.05 else None,
        arbitrary=dice.choice(list(ArbitraryJudgement)) if judged else None,
        description={"en": words.sentence(dice, "en")} if dice.random() < 0.3 else {},
        victims=[_victim(dice, world, violation, shown) for _ in range(victims)],
        involvements=[_involvement(dice) for _ in range(involvements)],
    )


def _victim(dice: random.Random, world: World, violation: Violation, shown: Sequence[str]) -> VictimDraft:
    kind = dice.choices(list(VictimKind), weights=_KIND_WEIGHTS)[0]
    many = kind in {VictimKind.GROUP, VictimKind.CLASS}
    outlet = f"outlet-{int(world.outlets * dice.random() ** 2):04}" if dice.random() < 0.75 else None
    victim = VictimDraft(
        kind=kind,
        role=VictimRole.OUTLET if kind is VictimKind.OUTLET else dice.choice((None, *list(VictimRole)[:12])),
        outlet=outlet or ("outlet-0001" if kind is VictimKind.OUTLET else None),
        description=f"a crew from {words.nouns(dice, 'en', 1)[0]}" if many else None,
        count_least=dice.randint(2, 5) if many else None,
        count_most=dice.randint(5, 30) if many else None,
        harm=dice.choices((None, *Harm), weights=(60, 20, 15, 1, 4))[0],
    )
    if kind is VictimKind.PERSON:
        _describe_person(dice, world, victim, shown)
    if violation in DETAINED and dice.random() < 0.6:
        victim.custody_from = FIRST_DAY + timedelta(days=dice.randrange(5_000))
        victim.custody_until = victim.custody_from + timedelta(days=dice.randrange(90)) if dice.random() < 0.7 else None
    if violation in TAKEN and dice.random() < 0.5:
        victim.equipment = [_equipment(dice)]
    victim.followed = dice.sample(list(Consequence), dice.choices((0, 1, 2), (75, 20, 5))[0])
    return victim


def _describe_person(dice: random.Random, world: World, victim: VictimDraft, shown: Sequence[str]) -> None:
    """Who the person is, and what may be told of them: a part is named, a part withheld, a part not known by name."""
    naming = dice.choices(list(Naming), weights=(60, 15, 25))[0]
    victim.naming = naming
    victim.employment = dice.choice((None, None, *Employment))
    victim.gender = dice.choice((None, *list(Gender)[:2]))
    if naming is Naming.NOT_NAMED_IN_SOURCE:
        return
    victim.person = f"person-{int(world.people * dice.random() ** 1.5):05}"
    victim.minor = True if dice.random() < 0.005 else None
    if naming is Naming.NAMED and shown and dice.random() < 0.9:
        victim.name_published_in = [dice.choice(shown)]
    answers = dice.choices(list(Consent), weights=(70, 3, 26, 1), k=2)
    victim.consent = ConsentDraft(publish_identity=answers[0], publish_account=answers[1])


def _equipment(dice: random.Random) -> EquipmentDraft:
    return EquipmentDraft(
        item=dice.choice(list(EquipmentItem)),
        count=dice.randint(1, 4) if dice.random() < 0.5 else None,
        fate=dice.choice(list(EquipmentFate)),
        returned=dice.choice((None, *Returned)),
    )


def _involvement(dice: random.Random) -> InvolvementDraft:
    actor, what = _actor(dice)
    return InvolvementDraft(
        role=dice.choices(list(InvolvementRole), weights=(80, 8, 5, 5, 2))[0],
        perpetrator=dice.choices(list(PerpetratorType), weights=_PERPETRATOR_WEIGHTS)[0]
        if dice.random() < 0.92
        else None,
        named_actor=actor,
        named_actor_is=what,
        affiliation=f"{words.nouns(dice, 'en', 1)[0]} department" if dice.random() < 0.3 else None,
        count_least=dice.randint(1, 6) if dice.random() < 0.2 else None,
        basis=dice.choices(list(Basis), weights=(75, 5, 8, 2, 10))[0],
        description="men in dark jackets, without badges" if dice.random() < 0.2 else None,
    )


def _actor(dice: random.Random) -> tuple[str | None, Literal["organisation", "person"] | None]:
    """The name of somebody who acted, where there is one, and whose name it is."""
    chance = dice.random()
    if chance < 0.1:
        return f"{words.nouns(dice, 'en', 1)[0]} Holding", "organisation"
    if chance < 0.15:
        # Nobody shares a part of this name, since one who is accused may have to be withheld beside one who is named.
        return " ".join(words.invented(dice.randrange(1_000_000), words.LATIN, 4) for _ in range(2)), "person"
    return None, None
