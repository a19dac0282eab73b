"""CSV lines: whatever is in a record comes back out of its line."""

import csv
import io
import json
from typing import Any

import pandas
import pytest
from hypothesis import given, settings

from tests.dataset.reading import record_of
from tests.dataset.records import AWKWARD, incidents
from tests.dataset.samples import act, by, incident, source, victim
from tracker.dataset.canonical import canonical
from tracker.dataset.fields import Kind, columns
from tracker.dataset.flatten import csv_line, header_line


def _rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def _as_stored(record: dict[str, Any]) -> dict[str, Any]:
    stored: dict[str, Any] = json.loads(canonical(Kind.INCIDENT, record))
    return stored


@given(incidents)
def test_every_field_comes_back_from_the_line(record: dict[str, Any]) -> None:
    stored = _as_stored(record)
    [row] = _rows(header_line() + csv_line(stored))
    assert record_of(row) == stored


@given(incidents)
@settings(max_examples=20)
def test_pandas_reads_what_the_csv_module_reads(record: dict[str, Any]) -> None:
    text = header_line() + csv_line(_as_stored(record))
    frame = pandas.read_csv(io.StringIO(text, newline=""), keep_default_na=False, dtype=str)
    assert frame.to_dict("records") == _rows(text)


@pytest.mark.parametrize("text", AWKWARD)
def test_no_cell_begins_like_a_formula(text: str) -> None:
    record = incident(
        "KGZ-2020-0001",
        title={"en": text, "ru": text},
        sources=[source(publisher=text, title=text)],
        acts=[act("assault", [victim(name=text, description=text)], [by("police", affiliation=text)])],
    )
    [row] = _rows(header_line() + csv_line(_as_stored(record)))
    numbers = {column.name for column in columns() if not column.is_text}
    for name, cell in row.items():
        assert name in numbers or not cell.lstrip(" \t\r\n").startswith(("=", "+", "-", "@", "＝"))


def test_numbers_stay_numbers() -> None:
    record = incident("KGZ-2020-0001")
    record["place"] |= {"latitude": -12.5, "longitude": 74.0}
    [row] = _rows(header_line() + csv_line(_as_stored(record)))
    assert (row["latitude"], row["longitude"]) == ("-12.5", "74.0")


def test_the_columns_of_a_block_keep_step_and_name_their_parents() -> None:
    first = act("assault", [victim(name="A", role="editor"), victim(name="B")], [by("police")])
    second = act("threat", [victim(name="C", role="fixer")], [])
    [row] = _rows(header_line() + csv_line(incident("KGZ-2020-0001", acts=[first, second])))
    assert row["act_violation"] == "assault|threat"
    assert row["victim_act"] == "1|1|2"
    assert row["victim_name"] == "A|B|C"
    assert row["victim_role"] == "editor||fixer"
    assert row["involvement_act"] == "1"


def test_a_title_is_shown_in_english_first_and_loses_no_language() -> None:
    [row] = _rows(header_line() + csv_line(incident("KGZ-2020-0001", title={"ru": "Б", "en": "A", "ky": "В"})))
    assert (row["title"], row["title_language"], row["title_translations"]) == ("A", "en", "ky=В|ru=Б")


def test_a_line_ends_with_cr_lf_and_a_record_of_an_older_shape_still_gives_a_whole_line() -> None:
    line = csv_line({"reference": "KGZ-2020-0001", "date": {}, "place": {}})
    assert line.endswith("\r\n")
    [row] = _rows(header_line() + line)
    assert row["reference"] == "KGZ-2020-0001"
    assert None not in row.values()
