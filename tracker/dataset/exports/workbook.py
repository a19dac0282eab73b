"""XLSX: a sheet of notes, a sheet for each entity, and one that explains their columns.

Texts stand in it exactly, without the apostrophe of the CSV files: a cell of this kind of file says itself that it is
text. The same incidents at the same dataset version give the same bytes, and no cell holds a formula.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from xlsxwriter.exceptions import FileCreateError

from tracker.dataset.exports.batches import Sessions
from tracker.dataset.exports.entities import records, rows_of
from tracker.dataset.exports.meta import Export, iso_instant
from tracker.dataset.exports.sheets import LONG_TEXTS, Book, EntitySheet, Oddities, RowWorksheet, Sheet
from tracker.dataset.fields import CsvColumn, FieldType, key_description, tables

NAME = "incidents.xlsx"
# What a workbook without a publication says of its making, so that it is the same whenever it is made.
_LONG_AGO = datetime(1980, 1, 1, tzinfo=UTC)


def make_workbook(sessions: Sessions, export: Export, folder: Path) -> Path:
    """Make the file in an empty folder. Raises `OSError` where there is no room for it."""
    path = folder / NAME
    book = Book(str(path), str(folder))
    try:
        _fill(book, sessions, export)
        book.workbook.close()
    except FileCreateError as error:
        # XlsxWriter wraps what the system said.
        raise error.args[0] if error.args and isinstance(error.args[0], OSError) else OSError(str(error)) from error
    finally:
        book.let_go()
    return path


def _fill(book: Book, sessions: Sessions, export: Export) -> None:
    meta = export.meta
    book.workbook.set_properties(
        {
            "title": f"Incidents, dataset version {meta.dataset_version}",
            "created": (meta.as_of or _LONG_AGO).astimezone(UTC).replace(tzinfo=None),
        }
    )
    notes = book.worksheet("notes")
    sheets = [EntitySheet(book, table) for table in tables()]
    _explain_columns(book)
    counts = dict.fromkeys((table.name for table in tables()), 0)
    for batch in records(sessions, export):
        for record in batch:
            for sheet in sheets:
                for keys, item in rows_of(sheet.table, record):
                    sheet.add_object(keys, item)
                    counts[sheet.table.name] += 1
    _write_notes(book, notes, export, counts)


def _explain_columns(book: Book) -> None:
    sheet = Sheet(book, "columns", ("sheet", "column", "type", "meaning", "codes"), (16, 28, 16, 80, 60))
    for table in tables():
        if table.parent:
            for key in table.keys:
                kind = "text" if key == table.keys[0] else "whole number"
                sheet.add([table.name, key, kind, key_description(key), None])
        for column in table.columns:
            sheet.add([table.name, column.name, _type(column), column.description, _codes(column)])


_TYPES = {
    FieldType.DATE: "day",
    FieldType.INTEGER: "whole number",
    FieldType.NUMBER: "number",
    FieldType.BOOLEAN: "true or false",
    FieldType.CODE: "code",
    FieldType.COUNTRY: "code",
    FieldType.CODES: "list of codes",
    FieldType.TEXTS: "list of texts",
    FieldType.INTEGERS: "list of whole numbers",
}


def _type(column: CsvColumn) -> str:
    if column.part == "others":
        return "list of texts"
    return _TYPES.get(column.field.type, "text") if column.part == "value" else "text"


def _codes(column: CsvColumn) -> str | None:
    known = column.field.vocabulary if column.part == "value" else None
    return ", ".join(known.codes()) if known else None


def _write_notes(book: Book, sheet: RowWorksheet, export: Export, counts: dict[str, int]) -> None:
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 100)
    sheet.fit_to_pages(1, 0)
    for row, (name, value) in enumerate([*_about(export), *_about_rows(counts), *_about_cells(book.oddities)]):
        sheet.write_string(row, 0, name, book.bold)
        if isinstance(value, int):
            sheet.write_number(row, 1, value, book.wrapped)
        else:
            sheet.write_string(row, 1, value, book.wrapped)


def _about(export: Export) -> Iterator[tuple[str, str | int]]:
    meta = export.meta
    yield "dataset version", meta.dataset_version
    yield "as of (UTC)", iso_instant(meta.as_of) or "nothing has been published yet"
    yield "filter", "; ".join(meta.filter)[:30_000] or "all incidents"
    yield "query", meta.query
    yield "counting unit", meta.unit
    yield "rows", meta.rows
    yield "no longer available", meta.unavailable
    if meta.licence:
        yield "licence", f"{meta.licence.label}, {meta.licence.url}"
    where = f"{export.site}/" if export.site else "/"
    yield "definitions", f"The sheet columns; {where}methodology defines every code, {where}data every field."


def _about_rows(counts: dict[str, int]) -> Iterator[tuple[str, str | int]]:
    for name, count in counts.items():
        yield f"rows of {name}", count


def _about_cells(oddities: Oddities) -> Iterator[tuple[str, str | int]]:
    yield "joining", "The column reference and the numbers beside it name a row, and the row that it belongs to."
    yield (
        "lists in a cell",
        "Values are separated by |. A | inside a value is written \\| and a \\ is written \\\\. Translations are such "
        "a list of language=text.",
    )
    yield "empty cells", "Nothing is recorded. What a source says is not known has the code unknown."
    yield (
        "control characters",
        "A carriage return and other control characters are written _xHHHH_ by their code, as this kind of file has "
        "it; spreadsheet programs show them as what they are. In Python: openpyxl.utils.escape.unescape(text).",
    )
    yield "days as text", f"{oddities.early_days} days before 1 March 1900, which spreadsheets disagree about."
    yield "numbers as text", f"{oddities.long_numbers} whole numbers above 2⁵³, which spreadsheets round."
    yield (
        "long texts",
        f"{oddities.long_texts} texts of more than 32,767 characters go on in the sheet {LONG_TEXTS}, which names the "
        "sheet, row and column of their beginning; join the parts in their order.",
    )
    yield (
        "further sheets",
        f"{oddities.further_sheets} sheets with a number in their name go on with the rows of the sheet without one.",
    )
