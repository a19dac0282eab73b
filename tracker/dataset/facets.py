"""The facets of an incident: who did what to whom, one row per act, victim and perpetrator."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from tracker.vocabulary import COUNTED_ROLES, NOT_RECORDED, UNKNOWN, PerpetratorType

_SIDES: Mapping[str, str] = {kind.value: str(kind.side) for kind in PerpetratorType}
_SILENT: Mapping[str, Any] = {}


class Facet(NamedTuple):
    """One act against one victim by one perpetrator; numbers count from 1, and 0 stands for none recorded.

    `person` is the same number for the same person in all acts of an incident, and 0 for whoever cannot be followed
    from one act to the next; it says nothing about other incidents.
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
    kind: str
    person: int
    killing_kind: str
    arbitrary: str


def facets(record: Mapping[str, Any]) -> list[Facet]:
    """All facets of an incident. Those who stood by or helped are no perpetrators and have none."""
    people = _people(record)
    return [
        _facet(act_number, act, victim_number, victim, involvement_number, involvement, people)
        for act_number, act in enumerate(record.get("acts") or (), start=1)
        for victim_number, victim in _numbered(act.get("victims"))
        for involvement_number, involvement in _perpetrators(act)
    ]


def _people(record: Mapping[str, Any]) -> dict[str, int]:
    """The persons of an incident who can be told apart, numbered in the order in which they come."""
    victims = (victim for act in record.get("acts") or () for victim in act.get("victims") or ())
    known = dict.fromkeys(victim["person"] for victim in victims if victim.get("person"))
    return {person: number for number, person in enumerate(known, start=1)}


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
    people: Mapping[str, int],
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
        kind=victim.get("kind") or NOT_RECORDED,
        person=people.get(victim.get("person") or "", 0),
        killing_kind=act.get("killing_kind") or NOT_RECORDED,
        arbitrary=act.get("arbitrary") or NOT_RECORDED,
    )
