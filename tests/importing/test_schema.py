"""The JSON Schema of incidents.yaml keeps step with what `tracker check` says."""

import copy
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from tests.importing.material import SEED, file_of, leaves, read_text, told, without, written
from tracker.importing.schema import file_schema
from tracker.importing.schema_words import DESCRIPTIONS
from tracker.vocabulary import VOCABULARIES, PerpetratorType, Violation

SCHEMA = file_schema()
VALIDATOR = Draft202012Validator(SCHEMA)

FULL: dict[str, Any] = file_of(
    {
        "key": "an-incident",
        "date": {"edtf": "2020-10-05", "part_of_day": "night"},
        "place": {"country": "KG", "latitude": 42.8, "longitude": 74.6},
        "sources": [{"source": "a-source", "supports": ["what"]}],
        "acts": [
            {
                "violation": "killing",
                "killing_kind": "murder",
                "victims": [
                    {
                        "kind": "person",
                        "naming": "named",
                        "person": "a-person",
                        "equipment": [{"item": "phone", "fate": "seized"}],
                        "consent": {"store": "given"},
                    },
                    {"kind": "outlet", "outlet": "an-outlet"},
                ],
                "involvements": [
                    {"role": "direct", "basis": "reported", "named_actor": "Megakom", "named_actor_is": "organisation"}
                ],
            }
        ],
        "follow_ups": [{"kind": "denial", "text": {"en": "No."}, "sources": ["a-source"]}],
    },
    site={"name": {"en": "A registry"}, "licence": "cc_by_4_0"},
    topics=[
        {
            "key": "a-topic",
            "title": {"en": "A topic"},
            "timeline": [{"date": {"edtf": "2020"}, "text": {"en": "It began."}, "sources": ["a-source"]}],
        }
    ],
    outlets=[{"key": "an-outlet", "name": "An Outlet", "country": "KG", "other_names": [{"name": "Other"}]}],
)
PLACES = list(leaves(FULL))

# A key that others refer to, or that only together with its partner makes sense, is the business of the check alone.
BEYOND_A_SCHEMA = {("sources",), ("people",), ("outlets",), ("sources", 0), ("people", 0), ("outlets", 0)}


def fits(data: Any) -> bool:
    return bool(VALIDATOR.is_valid(data))


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(SCHEMA)


def test_the_file_of_the_project_fits() -> None:
    document, _entries, _shape = read_text(SEED.read_text(encoding="utf-8"))
    assert list(VALIDATOR.iter_errors(document.data)) == []


def test_a_full_file_fits_both_the_schema_and_the_check() -> None:
    assert fits(FULL)
    assert told(written(FULL)) == []


def test_leaving_something_out_is_refused_by_both_or_by_neither() -> None:
    left_out = {place: without(FULL, place) for place in PLACES if place not in BEYOND_A_SCHEMA}
    told_apart = [place for place, data in left_out.items() if fits(data) != (told(written(data)) == [])]
    assert told_apart == []


@pytest.mark.parametrize("value", [{"colour": "red"}, True, [[]], "NO SUCH CODE \u2028", None], ids=repr)
def test_what_the_schema_refuses_the_check_refuses_too(value: object) -> None:
    changed = {place: replaced(place, value) for place in PLACES}
    assert [place for place, data in changed.items() if not fits(data) and told(written(data)) == []] == []


def replaced(place: tuple[str | int, ...], value: object) -> Any:
    changed = copy.deepcopy(FULL)
    holder: Any = changed
    for part in place[:-1]:
        holder = holder[part]
    holder[place[-1]] = value
    return changed


def test_every_record_refuses_fields_that_it_does_not_know() -> None:
    records = [found for found in SCHEMA["$defs"].values() if found.get("type") == "object"]
    assert len(records) > 15
    assert all(found["additionalProperties"] is False for found in [SCHEMA, *records])


def test_every_field_and_every_record_is_described() -> None:
    for name, found in SCHEMA["$defs"].items():
        assert found["description"], name
        for field, shape in found.get("properties", {}).items():
            assert shape["description"].endswith("."), f"{name}.{field}"


def test_no_words_are_kept_for_fields_that_are_gone() -> None:
    for name, words in DESCRIPTIONS.items():
        fields = SCHEMA["$defs"][name]["properties"] if name else SCHEMA["properties"]
        assert set(words) <= set(fields)


def test_the_codes_are_ours_with_what_they_mean() -> None:
    assert {Violation, PerpetratorType} <= set(VOCABULARIES.values())
    for vocabulary in (Violation, PerpetratorType):
        found = SCHEMA["$defs"][vocabulary.__name__]
        assert found["enum"] == list(vocabulary.codes())
        assert all(f"{code}: {code.definition}" in found["description"] for code in vocabulary)


def test_what_must_be_there_to_submit_an_incident_is_required() -> None:
    required = {name: set(found.get("required", [])) for name, found in SCHEMA["$defs"].items()}
    assert required["Incident"] == {"key", "date", "place", "sources", "acts"}
    assert required["Act"] == {"violation", "victims"}
    assert required["Date"] == {"edtf"}
    assert required["Place"] == {"country"}
