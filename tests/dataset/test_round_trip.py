"""Whatever is in the dataset comes back equal from every kind of file, read by others, after the documented undo."""

import csv
import io
import json
from typing import Any

import pandas
import pytest

from tests.dataset.made_up import MadeUp
from tests.dataset.reading import record_of
from tests.dataset.reading_tables import incidents_of, workbook_tables, zip_tables, zip_tables_by_pandas
from tests.dataset.samples import publish, site
from tracker.dataset.exports import FORMATS
from tracker.dataset.exports.acts import ActRows
from tracker.dataset.exports.csv import picking
from tracker.dataset.fields import act_columns, act_header, csv_header
from tracker.dataset.filters import EVERYTHING
from tracker.dataset.flatten import csv_line, to_line
from tracker.db import Database

Records = dict[str, dict[str, Any]]


def _written(database: Database, name: str) -> bytes:
    with database.public() as session:
        export = FORMATS[name].prepare(session, EVERYTHING)
    return b"".join(FORMATS[name].write(database.public, export))


def _from_csv(content: bytes) -> Records:
    rows = csv.DictReader(io.StringIO(content.decode(), newline=""))
    return {row["reference"]: record_of(row) for row in rows}


def _from_csv_by_pandas(content: bytes) -> Records:
    frame = pandas.read_csv(io.BytesIO(content), keep_default_na=False, dtype=str)
    return {row["reference"]: record_of(row) for row in frame.to_dict("records")}


def _from_json(content: bytes) -> Records:
    return {record["reference"]: record for record in json.loads(content)["incidents"]}


def _from_json_lines(content: bytes) -> Records:
    lines = content.decode().split("\n")
    assert lines.pop() == ""
    return {record["reference"]: record for record in map(json.loads, lines)}


def _check_all(database: Database, count: int) -> None:
    records = {record["reference"]: record for record in MadeUp().incidents(count)}
    publish(database, site(), *records.values())
    lines, package = _written(database, "csv"), _written(database, "zip")
    _equal(_from_csv(lines), records)
    _equal(_from_csv_by_pandas(lines), records)
    _equal(_from_json(_written(database, "json")), records)
    _equal(_from_json_lines(_written(database, "jsonl")), records)
    _equal(incidents_of(zip_tables(package)), records)
    _equal(incidents_of(zip_tables_by_pandas(package)), records)
    _equal(incidents_of(workbook_tables(_written(database, "xlsx"))), records)


def _equal(found: Records, records: Records) -> None:
    assert found.keys() == records.keys()
    # One after the other, so that a difference is shown in the record that has it.
    for reference, record in found.items():
        assert record == records[reference]


def test_every_field_comes_back_from_every_kind_of_file(sqlite_database: Database) -> None:
    _check_all(sqlite_database, 120)


@pytest.mark.deep
def test_every_field_of_ten_thousand_incidents_comes_back(sqlite_database: Database) -> None:
    _check_all(sqlite_database, 10_000)


@pytest.mark.parametrize("names", [("reference",), ("revision", "title", "venue"), ("venue",), csv_header()])
def test_columns_that_are_chosen_are_those_that_a_csv_reader_finds(names: tuple[str, ...]) -> None:
    lines = [csv_line(record) for record in MadeUp(7).incidents(200)]
    places = [csv_header().index(name) for name in names]
    rows = csv.reader(io.StringIO("".join(lines), newline=""))
    expected = "".join(to_line([row[place] for place in places]) for row in rows)
    assert picking(places)("".join(lines).encode()) == expected.encode()


def test_a_row_by_act_says_of_each_act_and_victim_what_the_record_says() -> None:
    rows = ActRows(act_columns())
    some = ("victim_name", "act", "reference", "victim")
    fewer = ActRows(tuple(column for name in some for column in act_columns() if column.name == name))
    for record in MadeUp(11).incidents(200):
        expected = [
            (number, place if act["victims"] else None, act, victim)
            for number, act in enumerate(record["acts"], start=1)
            for place, victim in enumerate(act["victims"] or [{}], start=1)
        ]
        found = [dict(zip(act_header(), row, strict=True)) for row in rows.of(record)]
        assert len(found) == len(expected)
        for row, (number, place, act, victim) in zip(found, expected, strict=True):
            assert (row["reference"], row["act"], row["victim"]) == (record["reference"], str(number), str(place or ""))
            assert (row["act_violation"], row["victim_harm"]) == (act["violation"], victim.get("harm") or "")
            assert row["date_edtf"] == record["date"]["edtf"]
            assert row["country"] == ((record["place"] or {}).get("country") or "")
            roles = [involvement["role"] for involvement in act["involvements"]]
            assert row["involvement_role"] == "|".join(roles)
            items = [equipment["item"] or "" for equipment in victim.get("equipment") or ()]
            assert row["equipment_item"] == "|".join(items)
        assert list(map(list, fewer.of(record))) == [[row[name] for name in some] for row in found]
