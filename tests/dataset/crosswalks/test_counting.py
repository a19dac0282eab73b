"""The counts of the crosswalks against a count by hand over the published JSON, on both databases."""

import json
import random
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from tests.dataset import samples
from tracker.dataset.crosswalks.counting import count
from tracker.dataset.crosswalks.results import RELATIONS, Counts, InListing, Tally
from tracker.dataset.editions import dataset_version
from tracker.dataset.exports import FORMATS, prepare
from tracker.dataset.filters import DatasetFilter
from tracker.db import Database
from tracker.vocabulary import (
    COUNTED_ROLES,
    NOT_RECORDED,
    ArbitraryJudgement,
    Completion,
    Harm,
    InvolvementRole,
    KillingKind,
    Naming,
    Nature,
    PerpetratorType,
    Relation,
    VictimKind,
    VictimRole,
    Violation,
)
from tracker.vocabulary.crosswalks import SCHEMES, Case, Listing

Record = dict[str, Any]
QUERIES = (
    "",
    "violation=arrest_detention&violation=killing&violation=abduction",
    "perpetrator=police",
    "state=state&role=reporter",
    "harm=injured&completion=completed",
    "from=2020-01-01&to=2021-06-30&when=certain",
    "violation=death_threat&perpetrator=not_recorded&country=KG",
    "topic=elections&violation=assault",
    "outlet=kloop",
)


SIDES = {kind.value: kind.side.value for kind in PerpetratorType}


def any_incidents(number: int, seed: int) -> Iterator[Record]:
    """Incidents with acts, victims and perpetrators of every kind, persons among them who come back."""
    chance, naming = random.Random(seed), random.Random(seed)

    def maybe(codes: Any) -> str | None:
        code: str | None = chance.choice([None, *codes])
        return code

    def victim() -> Record:
        kind = chance.choice(["person"] * 4 + list(VictimKind))
        person = chance.choice([None, "a", "b"]) if kind == "person" else None
        return samples.victim(
            kind=kind,
            person=person,
            naming=naming.choice(list(Naming)) if kind == "person" else None,
            role=maybe(VictimRole),
            harm=maybe(Harm),
            outlet=maybe(["kloop", "vesti"]),
        )

    def act() -> Record:
        violation = chance.choice([*Violation, *["arrest_detention", "killing", "abduction"] * 5])
        return samples.act(
            violation,
            [victim() for _ in range(chance.choice([0, 1, 1, 2]))],
            [
                samples.by(maybe(PerpetratorType), role=chance.choice(list(InvolvementRole)))
                for _ in range(chance.choice([0, 1, 2]))
            ],
            completion=maybe(Completion),
            killing_kind=maybe(KillingKind) if violation == "killing" else None,
            arbitrary=maybe(ArbitraryJudgement) if violation == "arrest_detention" else None,
        )

    for place in range(number):
        yield samples.incident(
            f"KGZ-2020-{place:04d}",
            chance.choice(["2020-10-05", "2021", "2021-05"]),
            acts=[act() for _ in range(chance.choice([0, 1, 2, 3]))],
            topics=chance.choice([[], ["elections"]]),
        )


def cases_of(record: Record) -> Iterator[tuple[int, int, str | None, Case]]:
    """Act, victim and person of every case of an incident, read from its JSON as a reader would."""
    for act_number, act in enumerate(record["acts"], start=1):
        actors = [one["perpetrator"] for one in act["involvements"] if one["role"] in COUNTED_ROLES] or [None]
        for victim_number, victim in enumerate(act["victims"] or [{}], start=bool(act["victims"])):
            for actor in actors:
                given = {
                    "violation": act["violation"],
                    "completion": act["completion"],
                    "killing_kind": act["killing_kind"],
                    "arbitrary": act["arbitrary"],
                    "perpetrator": actor,
                    "side": SIDES[actor] if actor else None,
                    **{name: victim.get(name) for name in ("kind", "role", "harm")},
                }
                case = {name: code or NOT_RECORDED for name, code in given.items()}
                outlet = (victim.get("outlet") or {}).get("slug") or NOT_RECORDED
                yield (
                    act_number,
                    victim_number,
                    named_person(victim, act_number, victim_number),
                    {**case, "outlet": outlet},
                )


def named_person(victim: Record, act: int, number: int) -> str | None:
    """Who a named victim is within the incident; a name without a link to a person stands for itself alone."""
    if victim.get("kind") != "person" or victim.get("naming") != "named":
        return None
    return victim["person"] or f"{act}.{number}"


FACETS = {"state": "side"} | {
    name: name for name in ("violation", "completion", "perpetrator", "role", "harm", "outlet")
}


def found_by_hand(records: list[Record], wanted: DatasetFilter) -> list[tuple[str, int, int, str | None, Case]]:
    return [
        (record["reference"], act, victim, person, case)
        for record in records
        for act, victim, person, case in cases_of(record)
        if all(not wanted.values(name) or case[column] in wanted.values(name) for name, column in FACETS.items())
    ]


def tally(found: list[tuple[str, int, int, str | None, Case]]) -> Tally:
    pairs = {one[:3]: (one[3], one[4]["kind"]) for one in found}
    return Tally(
        incidents=len({one[0] for one in found}),
        acts=len(pairs),
        persons=len({(one[0], one[3]) for one in found if one[3]}),
        unnamed=sum(kind == "person" and not person for person, kind in pairs.values()),
        groups=sum(kind == "group" for _, kind in pairs.values()),
    )


def strongest(of: Mapping[Any, list[Relation]]) -> dict[Relation, int]:
    best = [min(relations, key=lambda one: one.rank) for relations in of.values()]
    return {relation: best.count(relation) for relation in RELATIONS}


def by_hand(found: list[tuple[str, int, int, str | None, Case]], listing: Listing) -> dict[str, dict[str, Any]]:
    """Incidents, acts and persons in each class by the strongest relation."""
    counts: dict[str, dict[str, Any]] = {}
    for one in listing.classes:
        units: dict[str, dict[Any, list[Relation]]] = defaultdict(lambda: defaultdict(list))
        for reference, act, victim, person, case in found:
            if relation := listing.reached(case).get(one.code):
                units["incidents"][reference].append(relation)
                units["acts"][reference, act, victim].append(relation)
                if person:
                    units["persons"][reference, person].append(relation)
        counts[one.code] = {unit: strongest(units[unit]) for unit in ("incidents", "acts", "persons")}
    return counts


def counted(listing: InListing) -> dict[str, dict[str, Any]]:
    return {
        one.code: {
            unit: {relation: getattr(getattr(one, relation.value), unit) for relation in RELATIONS}
            for unit in ("incidents", "acts", "persons")
        }
        for one in listing.classes
    }


def published(database: Database, wanted: DatasetFilter) -> list[Record]:
    with database.public() as session:
        export = prepare(session, wanted)
    document = json.loads(b"".join(FORMATS["json"].write(database.public, export)))
    return list(document["incidents"])


def count_of(database: Database, scheme: str, wanted: DatasetFilter) -> Counts:
    with database.public() as session:
        return count(session, SCHEMES[scheme], wanted, dataset_version(session, wanted))


def test_counts_agree_with_a_count_by_hand_over_the_json(database: Database) -> None:
    others = [samples.topic("elections"), samples.outlet("kloop"), samples.outlet("vesti")]
    samples.publish(database, *others, *any_incidents(160, seed=5))
    for query in QUERIES:
        wanted = DatasetFilter.parse([tuple(pair.split("=")) for pair in query.split("&") if pair])  # type: ignore[misc]
        records = published(database, wanted)
        found = found_by_hand(records, wanted)
        assert found, query
        for code, scheme in SCHEMES.items():
            counts = count_of(database, code, wanted)
            assert counts.total == tally(found), query
            assert counts.without_acts == sum(not record["acts"] for record in records)
            for listing, counted_ in ((scheme.acts, counts.acts), (scheme.actors, counts.actors)):
                assert counted(counted_) == by_hand(found, listing), (query, code)
                nowhere = [one for one in found if not listing.reached(one[4])]
                if listing.column == "violation":
                    somewhere = {one[:3] for one in found if listing.reached(one[4])}
                    nowhere = [one for one in found if one[:3] not in somewhere]
                own = {one[4][listing.column] for one in nowhere}
                assert counted_.by_code == {
                    name: tally([one for one in nowhere if one[4][listing.column] == name]) for name in own
                }
                assert counted_.mapped == tally([one for one in found if one not in nowhere])
                assert counted_.mapped + counted_.nowhere == counts.total


def test_a_judgement_moves_a_detention_from_may_belong_to_belongs(database: Database) -> None:
    def held(reference: str, arbitrary: str | None) -> Record:
        act = samples.act(
            "arrest_detention", [samples.victim()], [samples.by("police")], completion="completed", arbitrary=arbitrary
        )
        return samples.incident(reference, acts=[act])

    judgements = ("arbitrary", "not_arbitrary", None)
    samples.publish(database, *(held(f"KGZ-2020-{place:04d}", one) for place, one in enumerate(judgements)))
    found = count_of(database, "sdg", DatasetFilter())
    detention = next(one for one in found.acts.classes if one.code == "arbitrary_detention")
    assert (detention.belongs.acts, detention.at_most.acts) == (1, 2)
    assert found.acts.by_code["arrest_detention"].acts == 1


def test_no_count_outlives_a_restriction_and_a_past_version_keeps_its_own(database: Database) -> None:
    hurt = samples.act("assault", [samples.victim(person="a")], completion="completed")
    samples.publish(database, samples.incident("KGZ-2020-0001", acts=[hurt]))
    samples.publish(database, samples.incident("KGZ-2020-0002", acts=[hurt]))
    assert count_of(database, "coe", DatasetFilter()).acts.classes[0].broader.incidents == 2
    assert count_of(database, "coe", DatasetFilter(dataset=1)).acts.classes[0].broader.incidents == 1
    samples.publish(database, samples.incident("KGZ-2020-0001"), nature=Nature.RESTRICTION)
    assert count_of(database, "coe", DatasetFilter()).acts.classes[0].broader.incidents == 1
    assert count_of(database, "coe", DatasetFilter(dataset=1)).total == Tally()


@pytest.mark.parametrize("scheme", SCHEMES)
def test_before_anything_is_published_all_counts_are_nought(database: Database, scheme: str) -> None:
    found = count_of(database, scheme, DatasetFilter())
    assert (found.total, found.without_acts) == (Tally(), 0)
    assert all(one.at_most == Tally() for one in found.acts.classes)
    assert found.acts.by_code == {}
