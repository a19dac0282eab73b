"""The records that the registry starts with, held against tables written by hand from the document they come from."""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

FILE = Path(__file__).parent.parent / "incidents.yaml"
PREFIX = "kg-2020-"
UPDATE = "iphr-lpf-update"
WATCHDOGS = ["media-policy-institute-statement", "cpj-statement", "rsf-statement"]
TOPIC = "kyrgyz-post-election-crisis-2020"

# Incident, date, part of the day, basis of the date, venue, town, precision of the place.
WHEN_AND_WHERE = """
osh-polling-station | 2020-10-04 | - | inferred | polling station | Osh | locality
talas-polling-station | 2020-10-04 | - | inferred | polling station | Talas | locality
bishkek-kozhomuratov | [2020-10-05..2020-10-06] | - | stated | - | Bishkek | locality
bishkek-kazybekov | [2020-10-05..2020-10-06] | - | stated | - | Bishkek | locality
bishkek-kharizov | [2020-10-05..2020-10-06] | - | stated | - | Bishkek | locality
bishkek-kloop-house-of-government | [2020-10-05..2020-10-06] | - | stated | House of Government | Bishkek | locality
bishkek-govori-tv | [2020-10-05..2020-10-06] | - | stated | General Prosecutor's Office | Bishkek | locality
dostuk-hotel-entry-denied | [2020-10-05..2020-10-06] | - | stated | Dostuk hotel | Bishkek | locality
dostuk-hotel-mingalieva | [2020-10-05..2020-10-06] | - | stated | Dostuk hotel | Bishkek | locality
opera-theatre-24-kg | 2020-10-09 | - | stated | Opera and Ballet Theatre | Bishkek | locality
old-square-radio-azattyk | 2020-10-09 | - | stated | Old Square | Bishkek | locality
old-square-7-kanal | 2020-10-09 | - | stated | Old Square | Bishkek | locality
sputnik-office | 2020-10-10 | - | stated | office of Sputnik | Bishkek | locality
rally-threat-to-offices | 2020-10-10 | - | stated | - | Bishkek | locality
offices-guarded | 2020-10-09 | evening | stated | - | Bishkek | locality
rally-traitors | 2020-10-14 | - | stated | - | Bishkek | locality
megakom-disruption | 2020-10-05 | evening | stated | - | - | country
public-broadcaster-seized | 2020-10-06 | morning | stated | Public Broadcasting Corporation | Bishkek | locality
"""

# The towns as GeoNames has them: where, and the number of the record.
TOWNS = {
    "Osh": [40.52828, 72.7985, "gazetteer", "geonames:1527534"],
    "Talas": [42.52256, 72.2417, "gazetteer", "geonames:1527299"],
    "Bishkek": [42.87, 74.59, "gazetteer", "geonames:1528675"],
}

# Below each incident its acts: violation, completion, outlets, people; then who did it, with how many they were. A part
# other than a direct one, and a basis other than a report, is named.
ACTS = """
osh-polling-station
  reporting_obstruction | attempted | kloop | - | unknown 2-2; present_did_not_intervene police
  equipment_robbery | attempted | kloop | khamidullo-uzakov, adilet-kyzy | unknown 2-2; present_did_not_intervene police
talas-polling-station
  harassment_offline | completed | radio-azattyk | - | unknown 1-1
  reporting_obstruction | - | radio-azattyk | - | unknown 1-1
bishkek-kozhomuratov
  assault | attempted | current-time | aibol-kozhomuratov | police
bishkek-kazybekov
  assault | - | vesti-kg | eldos-kazybekov | police 1-1
  assault | - | vesti-kg | eldos-kazybekov | police 1-1
bishkek-kharizov
  search_seizure | completed | 24-kg | ruslan-kharizov | police 1-1
bishkek-kloop-house-of-government
  assault | completed | kloop | - | unknown
bishkek-govori-tv
  property_damage | completed | govori-tv | - | unknown
dostuk-hotel-entry-denied
  access_denial | completed | kloop, 7-kanal | - | -
dostuk-hotel-mingalieva
  assault | completed | kaktus-media | tanzilya-mingalieva | unknown; helped_victim volunteer_patrol
  equipment_robbery | completed | kaktus-media | tanzilya-mingalieva | unknown; helped_victim volunteer_patrol
opera-theatre-24-kg
  equipment_robbery | attempted | 24-kg | - | unknown 1-1
  reporting_obstruction | - | 24-kg | - | unknown 1-1
old-square-radio-azattyk
  assault | completed | radio-azattyk | - | political_supporters inferred
  threat | completed | radio-azattyk | - | political_supporters inferred
  reporting_obstruction | completed | radio-azattyk | - | political_supporters inferred
old-square-7-kanal
  assault | completed | 7-kanal | - | unknown
sputnik-office
  threat | completed | sputnik | - | unknown 25-30
  editorial_coercion | completed | sputnik | - | unknown 25-30
rally-threat-to-offices
  threat | completed | - | - | political_supporters
  editorial_coercion | threatened | - | - | political_supporters
offices-guarded
  premises_attack | threatened | radio-azattyk, 24-kg, sputnik, kaktus-media | - | -
rally-traitors
  harassment_offline | completed | radio-azattyk | - | political_supporters
  harassment_offline | completed | - | - | political_supporters
megakom-disruption
  network_disruption | completed | - | - | state_enterprise claimed
  network_disruption | completed | - | - | -
public-broadcaster-seized
  premises_attack | completed | public-broadcasting-corporation | - | crowd_protester
"""

KEYS = [PREFIX + row.split()[0] for row in WHEN_AND_WHERE.strip().splitlines()]


@pytest.fixture(scope="module")
def data() -> Any:
    return yaml.safe_load(FILE.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def incidents(data: Any) -> dict[str, Any]:
    return {incident["key"]: incident for incident in data["incidents"]}


def values_named(node: Any, *names: str) -> Iterator[Any]:
    """Every value that stands under one of these names, at any depth."""
    if isinstance(node, dict):
        yield from (value for name, value in node.items() if name in names)
        node = list(node.values())
    if isinstance(node, list):
        for item in node:
            yield from values_named(item, *names)


def all_of(node: Any, *names: str) -> list[Any]:
    """The items of every list that stands under one of these names, at any depth."""
    return [item for found in values_named(node, *names) for item in found]


def victims_of(incident: Any) -> list[Any]:
    return [victim for act in incident["acts"] for victim in act["victims"]]


def act_line(act: Any) -> str:
    """An act as a line of the table of acts."""
    victims = act["victims"]
    cells = (
        act["violation"],
        act.get("completion"),
        ", ".join(dict.fromkeys(victim["outlet"] for victim in victims if "outlet" in victim)),
        ", ".join(victim["person"] for victim in victims if "person" in victim),
        "; ".join(involvement_words(part) for part in act.get("involvements", [])),
    )
    return " | ".join(cell or "-" for cell in cells)


def involvement_words(part: Any) -> str:
    words = [] if part["role"] == "direct" else [part["role"]]
    words.append(part["perpetrator"])
    if part["basis"] != "reported":
        words.append(part["basis"])
    if "count_least" in part:
        words.append(f"{part['count_least']}-{part['count_most']}")
    return " ".join(words)


def test_the_file_holds_exactly_the_eighteen_incidents_in_their_order(data: Any) -> None:
    assert [incident["key"] for incident in data["incidents"]] == KEYS
    assert len(KEYS) == 18


@pytest.mark.parametrize("row", WHEN_AND_WHERE.strip().splitlines(), ids=lambda row: row.split()[0])
def test_date_and_place_are_those_that_the_document_gives(incidents: dict[str, Any], row: str) -> None:
    key, *expected = [cell.strip() for cell in row.split("|")]
    date, place = incidents[PREFIX + key]["date"], incidents[PREFIX + key]["place"]
    found = [date["edtf"], date.get("part_of_day"), date["basis"]]
    found += [place.get("venue"), place.get("locality"), place["precision"]]
    assert [cell or "-" for cell in found] == expected
    assert place["country"] == "KG"
    assert place.keys().isdisjoint({"admin1", "admin2", "public_precision"})


def test_each_incident_in_a_town_stands_at_the_point_that_geonames_gives_that_town(incidents: dict[str, Any]) -> None:
    for incident in incidents.values():
        place = incident["place"]
        point = [place.get(name) for name in ("latitude", "longitude", "placed_by", "entry")]
        assert point == (TOWNS[place["locality"]] if "locality" in place else [None] * 4)


def test_no_building_or_square_has_a_point_of_its_own(incidents: dict[str, Any]) -> None:
    venues = [incident["place"] for incident in incidents.values() if "venue" in incident["place"]]
    assert len(venues) == 11
    assert {place["precision"] for place in venues} == {"locality"}


def test_each_act_joins_its_own_victims_and_perpetrators(data: Any) -> None:
    lines = []
    for incident in data["incidents"]:
        lines += [incident["key"].removeprefix(PREFIX), *(f"  {act_line(act)}" for act in incident["acts"])]
    assert lines == ACTS.strip().splitlines()


@pytest.mark.parametrize("key", KEYS)
def test_the_sources_are_those_that_reported_it(incidents: dict[str, Any], key: str) -> None:
    # The first sixteen stand in the list that the watchdogs are said to have reported.
    in_the_list = KEYS.index(key) < 16
    sources = incidents[key]["sources"]
    assert [citation["source"] for citation in sources] == [UPDATE, *(WATCHDOGS if in_the_list else [])]
    assert {"what", "victims"} <= set(sources[0]["supports"])
    assert all("supports" not in citation for citation in sources[1:])


def test_a_source_supports_no_more_than_it_says(incidents: dict[str, Any]) -> None:
    for incident in incidents.values():
        supports = set(incident["sources"][0]["supports"])
        assert ("date" in supports) == (incident["date"]["basis"] == "stated")
        assert ("perpetrators" in supports) == any("involvements" in act for act in incident["acts"])


def test_the_watchdogs_and_the_update_count_as_one_source(data: Any) -> None:
    groups = {source["key"]: source.get("independence_group") for source in data["sources"]}
    assert {groups[key] for key in (UPDATE, *WATCHDOGS)} == {UPDATE}


def test_every_incident_is_reported_work_related_and_part_of_the_crisis(incidents: dict[str, Any]) -> None:
    for incident in incidents.values():
        assert (incident["verification"], incident["work_related"]) == ("reported", "confirmed")
        assert incident["topics"] == [TOPIC]


def test_exactly_six_people_are_named_and_the_update_shows_each_name(data: Any, incidents: dict[str, Any]) -> None:
    names = {person["key"]: person["name"] for person in data["people"]}
    assert list(names.values()) == [
        "Khamidullo Uzakov",
        "Adilet Kyzy",
        "Aibol Kozhomuratov",
        "Eldos Kazybekov",
        "Ruslan Kharizov",
        "Tanzilya Mingalieva",
    ]
    named = [victim for incident in incidents.values() for victim in victims_of(incident) if "person" in victim]
    assert {victim["person"] for victim in named} == set(names)
    for victim in named:
        assert (victim["naming"], victim["name_published_in"]) == ("named", [UPDATE])


def test_nobody_is_said_to_have_consented(data: Any) -> None:
    assert list(values_named(data, "consent", "minor", "employment")) == []


def test_a_gender_stands_only_where_the_document_says_he_or_she(incidents: dict[str, Any]) -> None:
    genders = {
        key: {victim["gender"] for victim in victims_of(incident) if "gender" in victim}
        for key, incident in incidents.items()
    }
    assert {key: found for key, found in genders.items() if found} == {
        "kg-2020-bishkek-kozhomuratov": {"man"},
        "kg-2020-bishkek-kazybekov": {"man"},
        "kg-2020-bishkek-kharizov": {"man"},
        "kg-2020-dostuk-hotel-mingalieva": {"woman"},
        "kg-2020-old-square-radio-azattyk": {"man"},
    }


def test_harm_stands_only_where_the_document_says_that_nobody_was_hurt(incidents: dict[str, Any]) -> None:
    harm = {key: set(values_named(incident, "harm")) for key, incident in incidents.items()}
    assert {key: found for key, found in harm.items() if found} == {
        "kg-2020-bishkek-kozhomuratov": {"none"},
        "kg-2020-bishkek-kazybekov": {"none"},
    }


def test_the_means_of_the_acts_are_those_described(incidents: dict[str, Any]) -> None:
    assert list(values_named(incidents["kg-2020-bishkek-kozhomuratov"], "method")) == ["kinetic_projectile"]
    assert list(values_named(incidents["kg-2020-bishkek-kazybekov"], "method")) == ["thrown_object", "stun_grenade"]


def test_two_phones_were_taken_and_one_of_them_came_back(incidents: dict[str, Any]) -> None:
    equipment = [
        item for incident in incidents.values() for found in values_named(incident, "equipment") for item in found
    ]
    assert equipment == [
        {"item": "phone", "count": 1, "fate": "seized"},
        {"fate": "damaged"},
        {"item": "phone", "count": 1, "fate": "robbed", "returned": "yes"},
    ]


def test_what_followed_is_what_the_document_tells(incidents: dict[str, Any]) -> None:
    followed = {key: Counter(all_of(incident, "followed")) for key, incident in incidents.items()}
    assert {key: dict(found) for key, found in followed.items() if found} == {
        "kg-2020-old-square-radio-azattyk": {"stopped_covering": 3, "left_scene": 3},
        "kg-2020-offices-guarded": {"sought_protection": 4},
    }


def test_only_the_reproaches_to_minorities_have_a_ground(data: Any, incidents: dict[str, Any]) -> None:
    assert list(values_named(data, "ground")) == ["ethnicity"]
    act = incidents["kg-2020-rally-traitors"]["acts"][1]
    assert [(victim["kind"], victim["role"]) for victim in act["victims"]] == [
        ("class", "journalist"),
        ("class", "blogger"),
    ]


def test_megakom_is_the_only_actor_with_a_name(data: Any) -> None:
    assert list(values_named(data, "named_actor")) == ["Megakom"]
    assert list(values_named(data, "named_actor_is")) == ["organisation"]


def test_relations_hold_both_ways(incidents: dict[str, Any]) -> None:
    for key, incident in incidents.items():
        for other in incident.get("related", []):
            assert key in incidents[other]["related"]


def test_every_key_is_unique_and_every_key_referred_to_exists(data: Any, incidents: dict[str, Any]) -> None:
    sections = ("sources", "people", "outlets", "topics", "incidents")
    keys = {section: [record["key"] for record in data[section]] for section in sections}
    assert all(len(found) == len(set(found)) for found in keys.values())
    cited = all_of(data, "sources", "name_published_in")
    cited_keys = {item if isinstance(item, str) else item.get("source") for item in cited} - {None}
    assert cited_keys == set(keys["sources"])
    victims = [victim for incident in incidents.values() for victim in victims_of(incident)]
    assert {victim["outlet"] for victim in victims if "outlet" in victim} == set(keys["outlets"])
    assert set(all_of(data, "related")) <= set(keys["incidents"])


def test_no_address_is_made_up(data: Any) -> None:
    assert list(values_named(data, "url", "archived_url", "website", "contact")) == []
    assert not re.search(r"https?:|www\.", FILE.read_text(encoding="utf-8"))


def test_only_upi_shows_when_it_was_published(data: Any) -> None:
    assert list(values_named(data["sources"], "published_on")) == ["2020-10-06"]
    assert list(values_named(data["sources"], "publisher")) == [
        "International Partnership for Human Rights and Legal Prosperity Foundation",
        "Media Policy Institute",
        "Committee to Protect Journalists",
        "Reporters without Borders",
        "UPI",
    ]


def test_titles_are_short_and_summaries_have_two_to_five_sentences(incidents: dict[str, Any]) -> None:
    for incident in incidents.values():
        assert len(incident["title"]["en"]) < 110
        assert 2 <= len(re.findall(r"[.?!](?= [A-Z]|$)", incident["summary"]["en"])) <= 5


def test_an_inferred_date_or_town_is_admitted_in_the_summary(incidents: dict[str, Any]) -> None:
    inferred = [key for key, incident in incidents.items() if "inferred" in incident["summary"]["en"]]
    assert inferred == [
        "kg-2020-osh-polling-station",
        "kg-2020-talas-polling-station",
        "kg-2020-dostuk-hotel-entry-denied",
        "kg-2020-dostuk-hotel-mingalieva",
        "kg-2020-old-square-radio-azattyk",
        "kg-2020-sputnik-office",
        "kg-2020-offices-guarded",
    ]


def test_the_timeline_runs_from_the_vote_to_the_sixteenth_of_october(data: Any) -> None:
    timeline = data["topics"][0]["timeline"]
    days = [re.findall(r"\d{4}-\d\d-\d\d", entry["date"]["edtf"]) for entry in timeline]
    assert days == sorted(days, key=lambda found: found[0])
    assert (days[0], days[-1]) == (["2020-10-04"], ["2020-10-16"])
    assert all(entry["text"]["en"] and entry["sources"] for entry in timeline)


def test_the_timeline_draws_on_all_five_documents(data: Any) -> None:
    cited = set(all_of(data["topics"][0]["timeline"], "sources"))
    assert cited == {source["key"] for source in data["sources"]} - set(WATCHDOGS)


@pytest.mark.parametrize(
    "words", ["590", "more than 600", "more than 1,000", "Mekenchil", "107", "well run", "Facebook"]
)
def test_the_timeline_keeps_what_the_documents_disagree_on(data: Any, words: str) -> None:
    timeline = data["topics"][0]["timeline"]
    assert any(words in entry["disagreement"]["en"] for entry in timeline if "disagreement" in entry)


def test_the_call_of_the_watchdogs_and_the_denial_of_japarov_stand_undated_on_the_topic(data: Any) -> None:
    call, denial = data["topics"][0]["follow_ups"]
    assert [(step["kind"], step["sources"]) for step in (call, denial)] == [
        ("complaint", [UPDATE]),
        ("denial", [UPDATE]),
    ]
    assert "watchdogs" in call["by"]
    assert "Japarov" in denial["by"]
    assert "date" not in call
    assert "date" not in denial


def test_the_file_is_plain_yaml_without_anchors_aliases_or_tags() -> None:
    tokens = yaml.scan(FILE.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
    assert not any(isinstance(token, yaml.AnchorToken | yaml.AliasToken | yaml.TagToken) for token in tokens)


def test_nothing_in_the_file_is_read_as_a_date_or_as_yes_or_no(data: Any) -> None:
    def leaves(node: Any) -> Iterator[Any]:
        if isinstance(node, dict | list):
            for item in node.values() if isinstance(node, dict) else node:
                yield from leaves(item)
        else:
            yield node

    assert {type(leaf) for leaf in leaves(data)} == {str, int, float}


def test_the_comment_explains_the_file_by_its_first_record(incidents: dict[str, Any]) -> None:
    comment = FILE.read_text(encoding="utf-8").split("\nsite:")[0]
    first = next(iter(incidents.values()))
    for word in (first["key"], first["date"]["edtf"], "tracker check incidents.yaml", "--dry-run", "XXXX-XX-XX"):
        assert word in comment
