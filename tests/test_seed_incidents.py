"""The eighteen incidents of October 2020 as the public dataset tells them, on both databases.

Each one stands here as it was written down by hand from the document that reports it: what differs is a fault.
"""

import itertools
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tracker.dataset.exports import FORMATS, prepare
from tracker.dataset.filters import DatasetFilter
from tracker.dataset.queries import incident_page
from tracker.db import Database
from tracker.settings import Settings
from tracker.vocabulary import COUNTED_ROLES

LIST = "[2020-10-05..2020-10-06]"
IPHR = "International Partnership for Human Rights and Legal Prosperity Foundation"
WATCHDOGS = ["Media Policy Institute", "Committee to Protect Journalists", "Reporters without Borders"]

# Reference: the day, the town (None: the country as a whole), the outlets, the people named, and each act with its
# completion and with who had which part in it.
SEED: dict[str, tuple[str, str | None, list[str], list[str], list[str]]] = {
    "KGZ-2020-0001": (
        "2020-10-04",
        "Osh",
        ["Kloop"],
        ["Khamidullo Uzakov", "Adilet Kyzy"],
        [
            "reporting_obstruction attempted by direct unknown, present_did_not_intervene police",
            "equipment_robbery attempted by direct unknown, present_did_not_intervene police",
        ],
    ),
    "KGZ-2020-0002": (
        "2020-10-04",
        "Talas",
        ["Radio Azattyk"],
        [],
        ["harassment_offline completed by direct unknown", "reporting_obstruction None by direct unknown"],
    ),
    "KGZ-2020-0003": (
        LIST,
        "Bishkek",
        ["Current Time"],
        ["Aibol Kozhomuratov"],
        ["assault attempted by direct police"],
    ),
    "KGZ-2020-0004": (
        LIST,
        "Bishkek",
        ["Vesti.kg"],
        ["Eldos Kazybekov"],
        ["assault None by direct police", "assault None by direct police"],
    ),
    "KGZ-2020-0005": (
        LIST,
        "Bishkek",
        ["24.kg"],
        ["Ruslan Kharizov"],
        ["search_seizure completed by direct police"],
    ),
    "KGZ-2020-0006": (LIST, "Bishkek", ["Kloop"], [], ["assault completed by direct unknown"]),
    "KGZ-2020-0007": (LIST, "Bishkek", ["Govori TV"], [], ["property_damage completed by direct unknown"]),
    "KGZ-2020-0008": (LIST, "Bishkek", ["Kloop", "7 Kanal"], [], ["access_denial completed by nobody"]),
    "KGZ-2020-0009": (
        LIST,
        "Bishkek",
        ["Kaktus Media"],
        ["Tanzilya Mingalieva"],
        [
            "assault completed by direct unknown, helped_victim volunteer_patrol",
            "equipment_robbery completed by direct unknown, helped_victim volunteer_patrol",
        ],
    ),
    "KGZ-2020-0010": (
        "2020-10-09",
        "Bishkek",
        ["24.kg"],
        [],
        ["equipment_robbery attempted by direct unknown", "reporting_obstruction None by direct unknown"],
    ),
    "KGZ-2020-0011": (
        "2020-10-09",
        "Bishkek",
        ["Radio Azattyk"],
        [],
        [
            "assault completed by direct political_supporters",
            "threat completed by direct political_supporters",
            "reporting_obstruction completed by direct political_supporters",
        ],
    ),
    "KGZ-2020-0012": ("2020-10-09", "Bishkek", ["7 Kanal"], [], ["assault completed by direct unknown"]),
    "KGZ-2020-0013": (
        "2020-10-10",
        "Bishkek",
        ["Sputnik"],
        [],
        ["threat completed by direct unknown", "editorial_coercion completed by direct unknown"],
    ),
    "KGZ-2020-0014": (
        "2020-10-10",
        "Bishkek",
        [],
        [],
        [
            "threat completed by direct political_supporters",
            "editorial_coercion threatened by direct political_supporters",
        ],
    ),
    "KGZ-2020-0015": (
        "2020-10-09",
        "Bishkek",
        ["Radio Azattyk", "24.kg", "Sputnik", "Kaktus Media"],
        [],
        ["premises_attack threatened by nobody"],
    ),
    "KGZ-2020-0016": (
        "2020-10-14",
        "Bishkek",
        ["Radio Azattyk"],
        [],
        [
            "harassment_offline completed by direct political_supporters",
            "harassment_offline completed by direct political_supporters",
        ],
    ),
    "KGZ-2020-0017": (
        "2020-10-05",
        None,
        [],
        [],
        ["network_disruption completed by direct state_enterprise", "network_disruption completed by nobody"],
    ),
    "KGZ-2020-0018": (
        "2020-10-06",
        "Bishkek",
        ["Public Broadcasting Corporation"],
        [],
        ["premises_attack completed by direct crowd_protester"],
    ),
}

# Where the towns lie, as GeoNames has it; the country as a whole has no point.
POINTS = {"Osh": (40.52828, 72.7985), "Talas": (42.52256, 72.2417), "Bishkek": (42.87, 74.59), None: (None, None)}


@pytest.fixture
def seeded(seed_url: str, tmp_path: Path) -> Iterator[Database]:
    """The registry with the file of the project imported and published."""
    database = Database(Settings(instance=tmp_path, database_url=seed_url))
    yield database
    database.dispose()


def incidents(database: Database, *pairs: tuple[str, str]) -> dict[str, dict[str, Any]]:
    """The public incidents that match a query, by reference."""
    with database.public() as session:
        page = incident_page(session, DatasetFilter.parse([*pairs, ("limit", "100")]))
    assert page.total == len(page.incidents)
    return {incident["reference"]: incident for incident in page.incidents}


def told(incident: dict[str, Any]) -> tuple[str, str | None, list[str], list[str], list[str]]:
    """A public incident in the shape of the table above."""
    return (
        incident["date"]["edtf"],
        incident["place"]["locality"],
        [outlet["name"] for outlet in incident["outlets"]],
        list(dict.fromkeys(v["name"] for act in incident["acts"] for v in act["victims"] if v["name"])),
        [act_words(act) for act in incident["acts"]],
    )


def act_words(act: dict[str, Any]) -> str:
    parts = ", ".join(f"{part['role']} {part['perpetrator']}" for part in act["involvements"])
    return f"{act['violation']} {act['completion']} by {parts or 'nobody'}"


def pairs_of(incident: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Each violation with each kind of perpetrator that counts as having done it."""
    for act in incident["acts"]:
        counted = [part for part in act["involvements"] if part["role"] in COUNTED_ROLES]
        yield from ((act["violation"], part["perpetrator"] or "not_recorded") for part in counted)
        if not counted:
            yield act["violation"], "not_recorded"


def test_there_are_eighteen_and_each_says_what_the_document_says(seeded: Database) -> None:
    found = incidents(seeded)
    assert {reference: told(incident) for reference, incident in found.items()} == SEED


def test_the_json_export_tells_the_same(seeded: Database) -> None:
    with seeded.public() as session:
        export = prepare(session, DatasetFilter.parse([]))
    content = json.loads(b"".join(FORMATS["json"].write(seeded.public, export)))
    assert {incident["reference"]: told(incident) for incident in content["incidents"]} == SEED
    assert content["meta"]["rows"] == 18


def test_every_incident_names_the_watchdogs_that_reported_it(seeded: Database) -> None:
    for number, incident in enumerate(dict(sorted(incidents(seeded).items())).values()):
        publishers = [source["publisher"] for source in incident["sources"]]
        assert publishers == [IPHR, *(WATCHDOGS if number < 16 else [])]
        assert incident["confidential_sources"] == 0
        assert not any(source["url"] or source["published_on"] for source in incident["sources"])


def test_all_are_in_kyrgyzstan_work_related_and_reported(seeded: Database) -> None:
    for incident in incidents(seeded).values():
        found = incident["place"]["country"], incident["work_related"], incident["verification"]
        assert found == ("KG", "confirmed", "reported")
        assert [topic["slug"] for topic in incident["topics"]] == ["kyrgyz-post-election-crisis-2020"]


def test_each_incident_in_a_town_has_its_point_and_says_how_exact_it_is(seeded: Database) -> None:
    for reference, incident in incidents(seeded).items():
        place = incident["place"]
        assert (place["latitude"], place["longitude"]) == POINTS[place["locality"]], reference
        if place["locality"] is None:
            assert (place["precision"], place["uncertainty_m"]) == ("country", None)
        else:
            assert (place["precision"], place["uncertainty_m"]) == ("locality", 10_000)
        assert {"entry", "matched", "placed_by", "placed_by_whom", "placed_at"}.isdisjoint(place)


def test_the_day_of_the_vote_is_marked_as_inferred_and_no_other(seeded: Database) -> None:
    inferred = [reference for reference, found in incidents(seeded).items() if found["date"]["basis"] == "inferred"]
    assert sorted(inferred) == ["KGZ-2020-0001", "KGZ-2020-0002"]


def test_what_stays_inside_reaches_no_public_record(seeded: Database) -> None:
    public = json.dumps(list(incidents(seeded).values()))
    for word in ("internal_notes", "consent", "name_published_in", "kg-2020-", '"key"', '"note"'):
        assert word not in public


def test_a_violation_and_a_perpetrator_are_only_found_together_in_one_act(seeded: Database) -> None:
    everything = incidents(seeded)
    together = {reference: set(pairs_of(incident)) for reference, incident in everything.items()}
    violations = {violation for found in together.values() for violation, _ in found}
    perpetrators = {perpetrator for found in together.values() for _, perpetrator in found}
    for violation, perpetrator in itertools.product(violations, perpetrators):
        found = incidents(seeded, ("violation", violation), ("perpetrator", perpetrator))
        wanted = {reference for reference, pairs in together.items() if (violation, perpetrator) in pairs}
        assert set(found) == wanted, (violation, perpetrator)


def test_police_who_stood_by_and_people_who_helped_count_as_no_perpetrators(seeded: Database) -> None:
    assert set(incidents(seeded, ("perpetrator", "police"))) == {f"KGZ-2020-000{n}" for n in (3, 4, 5)}
    assert incidents(seeded, ("perpetrator", "volunteer_patrol")) == {}
    assert set(incidents(seeded, ("state", "state"))) == {*(f"KGZ-2020-000{n}" for n in (3, 4, 5)), "KGZ-2020-0017"}


@pytest.mark.parametrize(
    ("first", "last", "when", "number"),
    [
        ("2020-10-04", "2020-10-04", "certain", 2),
        ("2020-10-05", "2020-10-05", "certain", 1),
        ("2020-10-05", "2020-10-05", "possible", 8),
        ("2020-10-05", "2020-10-06", "certain", 9),
        ("2020-10-09", "2020-10-14", "certain", 7),
        ("2020-10-15", "2020-12-31", "possible", 0),
    ],
)
def test_periods_count_certain_and_possible_days(
    seeded: Database, first: str, last: str, when: str, number: int
) -> None:
    assert len(incidents(seeded, ("from", first), ("to", last), ("when", when))) == number


@pytest.mark.parametrize(
    ("name", "value", "references"),
    [
        ("outlet", "kloop", ["0001", "0006", "0008"]),
        ("outlet", "24-kg", ["0005", "0010", "0015"]),
        ("place", "Osh", ["0001"]),
        ("place", "not_recorded", ["0017"]),
        ("completion", "attempted", ["0001", "0003", "0010"]),
        ("completion", "threatened", ["0014", "0015"]),
        ("completion", "not_recorded", ["0002", "0004", "0010"]),
        ("q", "Клооп", ["0001", "0006", "0008"]),
        ("q", "kazybekov", ["0004"]),
        ("violation", "killing", []),
    ],
)
def test_each_filter_finds_what_it_should(seeded: Database, name: str, value: str, references: list[str]) -> None:
    assert sorted(incidents(seeded, (name, value))) == [f"KGZ-2020-{number}" for number in references]
