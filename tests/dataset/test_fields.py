"""The table of public fields, and what is derived from it."""

import pytest
from hypothesis import given
from jsonschema import Draft202012Validator

from tests.dataset.records import incidents
from tests.dataset.samples import incident, outlet, site, topic
from tracker.dataset import fields
from tracker.dataset.canonical import RecordProblem, canonical
from tracker.dataset.fields import TREES, FieldType, Kind, columns, csv_header, json_schema, walk
from tracker.dataset.rendering import fingerprint
from tracker.dataset.specimen import specimen

ALL = [(kind, step) for kind, tree in TREES.items() for step in walk(tree)]


@pytest.mark.parametrize(("kind", "step"), ALL, ids=lambda value: getattr(value, "path", str(value)))
def test_every_field_says_what_it_is_and_where_it_comes_from(kind: Kind, step: fields.Walked) -> None:
    assert step.field.description[0].isupper()
    assert step.field.description.endswith(".")
    assert step.field.source
    assert (step.field.vocabulary is not None) == (step.field.type in {FieldType.CODE, FieldType.CODES})
    assert bool(step.field.fields) == (step.field.type in {FieldType.OBJECT, FieldType.OBJECTS})


def test_every_field_of_an_incident_has_its_columns_in_the_csv() -> None:
    shown = {column.path for column in columns()}
    values = {step.path for step in walk(TREES[Kind.INCIDENT]) if not step.field.fields}
    assert values <= shown


def test_no_two_csv_columns_share_a_name() -> None:
    assert len(set(csv_header())) == len(csv_header())


def test_no_csv_file_begins_like_a_sylk_file() -> None:
    assert not csv_header()[0].startswith("ID")


@pytest.mark.parametrize("kind", list(Kind))
def test_the_json_schema_is_a_valid_schema_and_fits_a_record_that_fills_every_field(kind: Kind) -> None:
    schema = json_schema(kind)
    Draft202012Validator.check_schema(schema)
    made = {
        Kind.INCIDENT: incident("KGZ-2020-0001"),
        Kind.TOPIC: topic("a"),
        Kind.OUTLET: outlet("a"),
        Kind.SITE: site(),
    }
    Draft202012Validator(schema).validate(made[kind])
    assert schema["additionalProperties"] is False


def test_the_json_schema_of_an_export_is_valid() -> None:
    Draft202012Validator.check_schema(fields.export_schema())


@given(incidents)
def test_what_the_last_wall_lets_through_is_what_the_json_schema_allows(record: dict[str, object]) -> None:
    validator = Draft202012Validator(json_schema())
    addresses = [step.path for step in walk(TREES[Kind.INCIDENT]) if step.field.format]
    assert addresses
    canonical(Kind.INCIDENT, record)
    errors = [error for error in validator.iter_errors(record) if error.validator != "pattern"]
    assert errors == []


def test_a_field_that_the_table_does_not_list_is_refused() -> None:
    record = incident("KGZ-2020-0001", internal_notes="met in the café")
    with pytest.raises(RecordProblem, match="internal_notes") as refusal:
        canonical(Kind.INCIDENT, record)
    assert "café" not in str(refusal.value)


def test_a_nested_field_that_the_table_does_not_list_is_refused() -> None:
    record = incident("KGZ-2020-0001")
    record["place"]["exact_latitude"] = 42.1
    with pytest.raises(RecordProblem, match=r"incident\.place"):
        canonical(Kind.INCIDENT, record)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("reference", None),
        ("reference", ""),
        ("verification", "certainly"),
        ("covering", ["elections", "witchcraft"]),
        ("covering", "elections"),
        ("title", {"en": None}),
        ("title", "Title"),
        ("date", None),
        ("place", ["KG"]),
        ("acts", {"violation": "assault"}),
        ("confidential_sources", "2"),
        ("confidential_sources", True),
        ("published_on", "2026-3-1"),
        ("published_on", "2026-02-30"),
    ],
)
def test_a_value_of_another_shape_is_refused(name: str, value: object) -> None:
    with pytest.raises(RecordProblem, match=name):
        canonical(Kind.INCIDENT, incident("KGZ-2020-0001") | {name: value})


def test_a_number_that_is_none_is_refused() -> None:
    record = incident("KGZ-2020-0001")
    record["place"]["latitude"] = float("nan")
    with pytest.raises(RecordProblem, match="latitude"):
        canonical(Kind.INCIDENT, record)


def test_the_canonical_text_does_not_depend_on_the_order_of_the_keys() -> None:
    record = incident("KGZ-2020-0001", title={"ru": "Б", "en": "A"})
    turned = dict(reversed(list(record.items()))) | {"title": {"en": "A", "ru": "Б"}}
    assert canonical(Kind.INCIDENT, record) == canonical(Kind.INCIDENT, turned)


def test_the_fingerprint_is_made_of_a_record_that_fills_every_field() -> None:
    def filled(value: object) -> bool:
        if isinstance(value, dict):
            return bool(value) and all(filled(inner) for inner in value.values())
        if isinstance(value, list):
            return bool(value) and all(filled(inner) for inner in value)
        return value is not None

    assert filled(specimen(TREES[Kind.INCIDENT]))
    assert len(fingerprint()) == 16
