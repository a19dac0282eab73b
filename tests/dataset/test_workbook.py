"""XLSX: typed, without a formula, and nothing lost to the limits of spreadsheets."""

import datetime
import re
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import openpyxl
import pytest

from tests.dataset.reading_tables import incidents_of, workbook_tables
from tests.dataset.samples import act, incident, place, publish, site, source, topic, victim, when
from tracker.dataset.exports import FORMATS
from tracker.dataset.exports.sheets import LONGEST_CELL, parts
from tracker.dataset.fields import tables
from tracker.dataset.filters import DatasetFilter
from tracker.db import Database

# What other programs would run, follow or take for markup.
FORMULAS = ("=1+1", "+1", "-1", "@SUM(1)", "{=1}", '=HYPERLINK("http://example.org")', "http://example.org", "<r>x</r>")


def _workbook(database: Database, query: tuple[tuple[str, str], ...] = (), **more: Any) -> bytes:
    with database.public() as session:
        export = FORMATS["xlsx"].prepare(session, DatasetFilter.parse(query), **more)
    return b"".join(FORMATS["xlsx"].write(database.public, export))


def _notes(content: bytes) -> dict[str, Any]:
    book = openpyxl.load_workbook(BytesIO(content))
    return {row[0].value: row[1].value for row in book["notes"].iter_rows()}


def test_a_sheet_for_each_entity_has_its_columns_under_a_header_that_stays(sqlite_database: Database) -> None:
    publish(sqlite_database, incident("KGZ-2020-0001", acts=[act("threat", [victim(name="A")])]), site())
    book = openpyxl.load_workbook(BytesIO(_workbook(sqlite_database)))
    assert book.sheetnames == ["notes", *(table.name for table in tables()), "columns"]
    for table in tables():
        sheet = book[table.name]
        assert tuple(cell.value for cell in sheet[1]) == table.header
        assert sheet.freeze_panes == "A2"
        assert sheet.column_dimensions["A"].width > 8
    explained = {(row[0].value, row[1].value) for row in book["columns"].iter_rows(min_row=2)}
    assert explained >= {(table.name, name) for table in tables() for name in table.header}


def test_days_are_days_numbers_are_numbers_and_no_cell_is_a_formula_or_a_link(sqlite_database: Database) -> None:
    record = incident(
        "KGZ-2020-0001",
        title={"en": FORMULAS[0], "ru": FORMULAS[1]},
        place=place(country="NA", latitude=-22.123456789012345, longitude=17.0),
        sources=[source(number, title=text, url=text) for number, text in enumerate(FORMULAS, start=1)],
    )
    publish(sqlite_database, record)
    content = _workbook(sqlite_database)
    book = openpyxl.load_workbook(BytesIO(content))
    [row] = [dict(zip(book["incidents"][1], cells, strict=True)) for cells in book["incidents"].iter_rows(min_row=2)]
    cells = {header.value: cell for header, cell in row.items()}
    assert cells["date_earliest"].value == datetime.datetime(2020, 10, 5)
    assert cells["date_earliest"].number_format == "yyyy-mm-dd"
    assert cells["latitude"].value == -22.123456789012345
    assert cells["revision"].value == 1
    assert cells["country"].value == "NA"
    assert cells["date_extent"].value == "false"
    kinds = {cell.data_type for sheet in book for line in sheet.iter_rows() for cell in line}
    assert kinds <= {"s", "n", "d", "inlineStr"}
    with ZipFile(BytesIO(content)) as package:
        sheets = b"".join(package.read(name) for name in package.namelist() if "worksheets/" in name)
    assert not re.search(rb"<f[ >]|<hyperlink|<r>", sheets)
    assert [row["source_title"] for row in workbook_tables(content)["sources"]] == list(FORMULAS)


def test_what_no_cell_can_hold_is_kept_elsewhere_and_counted_in_the_notes(
    sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tracker.dataset.exports.sheets.MOST_ROWS", 4)
    long = "💥\r\n" * 20_000 + "_x0041_"
    records = [
        incident(
            f"KGZ-2020-{number:04d}",
            date=when(("1899-12-31", "1900-02-28", "1900-03-01")[number % 3]),
            summary={"en": f"{number}{long}"},
            acts=[act("threat", [victim(count_least=2**53 + 1, count_most=2**53)])],
        )
        for number in range(7)
    ]
    publish(sqlite_database, *records)
    content = _workbook(sqlite_database)
    book = openpyxl.load_workbook(BytesIO(content))
    assert {"incidents", "incidents_2", "incidents_3", "victims_3", "long_texts"} <= set(book.sheetnames)
    assert all(sheet.max_row <= 4 for sheet in book if sheet.title.startswith("incidents"))
    longest = max(len(str(cell.value)) for sheet in book for row in sheet.iter_rows() for cell in row)
    assert longest <= LONGEST_CELL
    assert incidents_of(workbook_tables(content)) == {record["reference"]: record for record in records}
    notes = _notes(content)
    assert notes["long texts"].startswith("7 texts of more than 32,767 characters go on in the sheet long_texts")
    # Two days of each date that is too early: the first and the last.
    assert notes["days as text"].startswith("10 days before 1 March 1900")
    assert notes["numbers as text"].startswith("7 whole numbers")
    assert not notes["further sheets"].startswith("0 ")


@pytest.mark.parametrize("character", ["a", "💥", "\r", "_"])
def test_the_parts_of_a_text_fit_into_cells_and_are_the_whole_text(character: str) -> None:
    text = character * 70_000
    found = list(parts(text))
    assert "".join(found) == text
    assert all(len(part.encode("utf-16-le")) // 2 <= LONGEST_CELL for part in found)
    assert list(parts("short")) == ["short"]


def test_the_notes_say_what_the_file_is(sqlite_database: Database) -> None:
    of_topic = incident("KGZ-2020-0002", topics=["vote"])
    publish(sqlite_database, site(), topic("vote"), incident("KGZ-2020-0001"), of_topic)
    notes = _notes(_workbook(sqlite_database, (("topic", "vote"),), site="https://example.org"))
    assert notes["dataset version"] == 1
    assert notes["as of (UTC)"] == "2026-03-01T12:00:00Z"
    assert (notes["filter"], notes["query"]) == ("topic: Vote", "topic=vote")
    assert (notes["counting unit"], notes["rows"], notes["rows of incidents"]) == ("incidents", 1, 1)
    assert notes["licence"].endswith("https://creativecommons.org/licenses/by/4.0/")
    assert "https://example.org/methodology" in notes["definitions"]
    assert "separated by |" in notes["lists in a cell"]


def test_the_same_incidents_at_the_same_version_give_the_same_bytes(sqlite_database: Database) -> None:
    publish(sqlite_database, *(incident(f"KGZ-2020-{number:04d}") for number in range(9)))
    for name in ("xlsx", "zip"):
        with sqlite_database.public() as session:
            export = FORMATS[name].prepare(session, DatasetFilter())
        first, second = (b"".join(FORMATS[name].write(sqlite_database.public, export)) for _ in range(2))
        assert first == second
