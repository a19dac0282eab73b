"""The sheets of a workbook: cells of the right type, never a formula, and nothing lost to the limits of spreadsheets.

What a spreadsheet cannot hold as it is, it holds as text or in a further sheet, and `Oddities` counts it for the notes:

* a text of more than 32,767 characters (in UTF-16, as spreadsheets count) goes on in the sheet `long_texts`;
* a table of more than 1,048,575 rows goes on in a sheet of the same name with a number;
* a day before 1 March 1900, which spreadsheets disagree about, and a number above 2⁵³, which they round, are text;
* truth is written in words, `true` or `false`, as in the CSV files;
* a control character, carriage return among them, is written `_xHHHH_` by its code, as Office Open XML has it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Any

from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from tracker.dataset.exports.entities import Keys, Record
from tracker.dataset.fields import CsvColumn, FieldType, Table
from tracker.dataset.flatten import exact_value, scalar

LONGEST_CELL = 32_767
MOST_ROWS = 1_048_576
LONG_TEXTS = "long_texts"
LONG_TEXT_COLUMNS = ("sheet", "row", "column", "part", "text")

# A text of this length can be no longer than a cell may be, even where each of its characters is escaped.
_SURELY_SHORT = LONGEST_CELL // 7
_FIRST_DAY, _EPOCH = date(1900, 3, 1), date(1899, 12, 30).toordinal()
_MOST_EXACT = 2**53
_SPECIAL = re.compile("[&<>\x00-\x08\x0b-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_NARROW, _MIDDLE, _WIDE = 12, 20, 48
_WIDTHS = {
    FieldType.DATE: _NARROW,
    FieldType.INTEGER: _NARROW,
    FieldType.NUMBER: _NARROW,
    FieldType.BOOLEAN: _NARROW,
    FieldType.COUNTRY: _NARROW,
    FieldType.TRANSLATIONS: _WIDE,
}


@dataclass
class Oddities:
    """How often something could not stand in a cell as it is."""

    long_texts: int = 0
    early_days: int = 0
    long_numbers: int = 0
    further_sheets: int = 0


class RowWorksheet(Worksheet):  # type: ignore[misc]  # The library publishes no types.
    """A worksheet that takes whole rows of cells that are already in the words of Office Open XML.

    XlsxWriter goes through a dozen calls for each cell, which takes three times as long, and it writes a text that
    looks like its own rich text as markup.
    """

    def add_row(self, row: int, cells: list[str]) -> None:
        """Write the next row, counted from 0, below those written before."""
        # Flushes what stands in the row before; from then on there is nothing to flush.
        self._write_single_row(row)
        self._check_dimensions(row, 0)
        self.fh.write(f'<row r="{row + 1}">{"".join(cells)}</row>')


def escape(text: str) -> str:
    """A text as Office Open XML has it: control characters, and what looks like their codes, by `_xHHHH_`."""
    return _SPECIAL.sub(_escaped, text)


def _escaped(found: re.Match[str]) -> str:
    return _ENTITIES.get(found[0]) or f"_x{ord(found[0]):04X}_"


def parts(text: str) -> Iterator[str]:
    """A text in pieces that each fit into a cell."""
    if len(text) <= _SURELY_SHORT:
        yield text
        return
    start = length = 0
    for place, character in enumerate(text):
        size = 7 if character in "_\r" or ord(character) < 32 else 2 if ord(character) > 0xFFFF else 1
        if length + size > LONGEST_CELL:
            yield text[start:place]
            start, length = place, 0
        length += size
    yield text[start:]


class Book:
    """A workbook in the making, written row by row: only the row of each sheet that is being filled is in memory."""

    def __init__(self, path: str, folder: str) -> None:
        options = {
            "constant_memory": True,
            "tmpdir": folder,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        }
        self.workbook = Workbook(path, options)
        self.workbook.use_zip64()
        self.oddities = Oddities()
        self.bold = self.workbook.add_format({"bold": True})
        self.wrapped = self.workbook.add_format({"text_wrap": True, "align": "left", "valign": "top"})
        self.day = self.workbook.add_format({"num_format": "yyyy-mm-dd"})
        self._long: Sheet | None = None

    def worksheet(self, name: str) -> RowWorksheet:
        """A further worksheet, the last one so far."""
        made: RowWorksheet = self.workbook.add_worksheet(name, RowWorksheet)
        return made

    def let_go(self) -> None:
        """Close what is still open of a workbook that could not be made."""
        for sheet in self.workbook.worksheets():
            # What could not be written before cannot be written now either.
            with suppress(OSError):
                sheet.row_data_fh.close()

    def go_on(self, sheet: str, row: int, column: str, rest: Iterable[str]) -> None:
        """Keep the further parts of a text; `row` is the number of its row as spreadsheets show it."""
        self.oddities.long_texts += 1
        if self._long is None:
            self._long = Sheet(self, LONG_TEXTS, LONG_TEXT_COLUMNS, (_NARROW, _NARROW, _MIDDLE, _NARROW, _WIDE))
        for number, part in enumerate(rest, start=2):
            self._long.add([sheet, row, column, number, part])


class Sheet:
    """A table of a workbook under a header that stays in sight, on as many worksheets as its rows need."""

    def __init__(self, book: Book, name: str, header: Sequence[str], widths: Sequence[int]) -> None:
        self._book = book
        self._first_name = name
        self._header = header
        self._widths = widths
        self._number = 0
        self._letters = [xl_col_to_name(place) for place in range(len(header))]
        self._day_style = book.day._get_xf_index()
        self._begin()

    def _begin(self) -> None:
        self._number += 1
        self.name = self._first_name if self._number == 1 else f"{self._first_name}_{self._number}"
        self._sheet = self._book.worksheet(self.name)
        for place, (title, width) in enumerate(zip(self._header, self._widths, strict=True)):
            self._sheet.set_column(place, place, width)
            self._sheet.write_string(0, place, title, self._book.bold)
        self._sheet.freeze_panes(1, 0)
        self._row = 0

    def add(self, values: Iterable[Any]) -> None:
        """Write the next row: days, numbers and texts as such, truth in words; None is an empty cell."""
        if self._row == MOST_ROWS - 1:
            self._book.oddities.further_sheets += 1
            self._begin()
        self._row += 1
        number = self._row + 1
        cells = [
            self._cell(f'<c r="{letters}{number}"', place, value)
            for place, (letters, value) in enumerate(zip(self._letters, values, strict=True))
            if value is not None and value != ""
        ]
        self._sheet.add_row(self._row, cells)

    def _cell(self, opening: str, place: int, value: Any) -> str:
        if isinstance(value, str):
            return self._text(opening, place, value)
        if isinstance(value, bool):
            # LibreOffice makes formulas of cells that hold truth: =TRUE().
            return self._text(opening, place, scalar(value))
        if isinstance(value, date):
            if value >= _FIRST_DAY:
                return f'{opening} s="{self._day_style}"><v>{value.toordinal() - _EPOCH}</v></c>'
            self._book.oddities.early_days += 1
            return self._text(opening, place, value.isoformat())
        if abs(value) > _MOST_EXACT and isinstance(value, int):
            self._book.oddities.long_numbers += 1
            return self._text(opening, place, str(value))
        return f"{opening}><v>{value!r}</v></c>"

    def _text(self, opening: str, place: int, text: str) -> str:
        if len(text) > _SURELY_SHORT:
            text, *rest = parts(text)
            if rest:
                self._book.go_on(self.name, self._row + 1, self._header[place], rest)
        return f'{opening} t="inlineStr"><is><t xml:space="preserve">{escape(text)}</t></is></c>'


class EntitySheet(Sheet):
    """The sheet of one entity: its keys and its columns."""

    def __init__(self, book: Book, table: Table) -> None:
        keys = table.keys if table.parent else ()
        widths = [_MIDDLE, *[_NARROW] * len(keys)][: len(keys)] + [_width(column) for column in table.columns]
        super().__init__(book, table.name, table.header, widths)
        self.table = table
        self._has_keys = table.parent is not None
        self._values = [_typed(column) for column in table.columns]

    def add_object(self, keys: Keys, item: Record) -> None:
        """Write one object of the entity."""
        own = [value(item) for value in self._values]
        self.add([*keys, *own] if self._has_keys else own)


def _width(column: CsvColumn) -> int:
    return _WIDTHS.get(column.field.type, _MIDDLE) if column.part == "value" else _MIDDLE


def _typed(column: CsvColumn) -> Callable[[Record], Any]:
    value = exact_value(column)
    if column.part != "value" or column.field.type is not FieldType.DATE:
        return value

    def day(record: Record) -> date | None:
        text = value(record)
        return date.fromisoformat(text) if text else None

    return day
