"""The facets of an incident: who did what to whom, one row per act, victim and perpetrator."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from tracker.vocabulary import COUNTED_ROLES, NOT_RECORDED, UNKNOWN, Custody, Naming, PerpetratorType, VictimKind

_SIDES: Mapping[str, str] = {kind.value: str(kind.side) for kind in PerpetratorType}
_SILENT: Mapping[str, Any] = {}

NAMED, UNNAMED, GROUP, OTHER = "named", "unnamed", "group", "other"
"""As what a victim is counted: a person who is named or not, a group of persons, or what is no person at all."""


class Facet(NamedTuple):
    """One act against one victim by one perpetrator; numbers count from 1, and 0 stands for none recorded.

    `person` numbers the victims of the whole incident: a named person bears the same number in each of its acts, and
    nobody else is linked with anybody. `counts_as` is one of the four words above.
    """

    act: int
    victim: int
    involvement: int
    violation: str
    completion: str
    perpetrator: str
    side: str
    role: str
    harm: str
    outlet: str
    custody: str
    person: int
    counts_as: str
    kind: str
    killing_kind: str
    arbitrary: str


def facets(record: Mapping[str, Any]) -> list[Facet]:
    """All facets of an incident. Those who stood by or helped are no perpetrators and have none."""
    numbers = _person_numbers(record.get("acts") or ())
    return [
        _facet(
            act_number,
            act,
            victim_number,
            victim,
            involvement_number,
            involvement,
            numbers.get((act_number, victim_number), 0),
        )
        for act_number, act in enumerate(record.get("acts") or (), start=1)
        for victim_number, victim in _numbered(act.get("victims"))
        for involvement_number, involvement in _perpetrators(act)
    ]


def _person_numbers(acts: Iterable[Mapping[str, Any]]) -> dict[tuple[int, int], int]:
    """The number of each victim by those of act and victim; only named persons are known to be the same."""
    numbers: dict[tuple[int, int], int] = {}
    of_person: dict[str, int] = {}
    last = 0
    for act_number, act in enumerate(acts, start=1):
        for victim_number, victim in enumerate(act.get("victims") or (), start=1):
            person = victim.get("person") if counts_as(victim) == NAMED else None
            known = of_person.get(person) if person else None
            if known is None:
                last += 1
                known = last
            if person:
                of_person[person] = known
            numbers[act_number, victim_number] = known
    return numbers


def counts_as(victim: Mapping[str, Any]) -> str:
    """As what a victim is counted."""
    kind = victim.get("kind")
    if kind == VictimKind.PERSON:
        return NAMED if victim.get("naming") == Naming.NAMED else UNNAMED
    return GROUP if kind == VictimKind.GROUP else OTHER


def _custody(victim: Mapping[str, Any]) -> str:
    if victim.get("custody_until"):
        return Custody.ENDED.value
    return Custody.OPEN.value if victim.get("custody_from") else NOT_RECORDED


def _numbered(items: list[Mapping[str, Any]] | None) -> Iterator[tuple[int, Mapping[str, Any]]]:
    yield from enumerate(items, start=1) if items else [(0, _SILENT)]


def _perpetrators(act: Mapping[str, Any]) -> list[tuple[int, Mapping[str, Any]]]:
    counted = [
        (number, involvement)
        for number, involvement in enumerate(act.get("involvements") or (), start=1)
        if involvement.get("role") in COUNTED_ROLES
    ]
    return counted or [(0, _SILENT)]


def _facet(
    act_number: int,
    act: Mapping[str, Any],
    victim_number: int,
    victim: Mapping[str, Any],
    involvement_number: int,
    involvement: Mapping[str, Any],
    person: int,
) -> Facet:
    perpetrator = involvement.get("perpetrator") or NOT_RECORDED
    return Facet(
        act=act_number,
        victim=victim_number,
        involvement=involvement_number,
        violation=act.get("violation") or NOT_RECORDED,
        completion=act.get("completion") or NOT_RECORDED,
        perpetrator=perpetrator,
        side=_SIDES.get(perpetrator, NOT_RECORDED if perpetrator == NOT_RECORDED else UNKNOWN),
        role=victim.get("role") or NOT_RECORDED,
        harm=victim.get("harm") or NOT_RECORDED,
        outlet=(victim.get("outlet") or {}).get("slug") or NOT_RECORDED,
        custody=_custody(victim),
        person=person,
        counts_as=counts_as(victim),
        kind=victim.get("kind") or NOT_RECORDED,
        killing_kind=act.get("killing_kind") or NOT_RECORDED,
        arbitrary=act.get("arbitrary") or NOT_RECORDED,
    )
