"""An incident as one CSV line; `fields.csv_columns` states the rule."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from itertools import groupby
from typing import Any

from tracker.dataset.fields import CsvColumn, FieldType, columns, csv_header
from tracker.text import SEPARATOR, guard, join_list

Record = Mapping[str, Any]
Items = list[tuple[int, Record]]
"""The objects of a block, each with the number of its parent."""

PREFERRED_LANGUAGE = "en"
_IN_WORDS = frozenset({FieldType.TRANSLATIONS, FieldType.CODES, FieldType.TEXTS, FieldType.INTEGERS})
_ESCAPED = str.maketrans({"\\": "\\\\", SEPARATOR: f"\\{SEPARATOR}"})


def first_language(translations: Mapping[str, str] | None) -> str | None:
    """The language in which a text is shown first: English, else the first by its code, else none."""
    if not translations:
        return None
    return PREFERRED_LANGUAGE if PREFERRED_LANGUAGE in translations else min(translations)


def first_text(translations: Mapping[str, str] | None) -> str:
    """The text in its first language, or an empty text."""
    language = first_language(translations)
    return translations[language] if translations and language else ""


class Row:
    """Writes records as rows of certain columns, in their order."""

    def __init__(self, columns: Iterable[CsvColumn]) -> None:
        grouped = groupby(columns, key=lambda column: column.block)
        # The cells of neighbouring columns of the same block.
        self._groups = [(block, [_cell_of(column) for column in group]) for block, group in grouped]
        self._blocks = list(dict.fromkeys(block for block, _ in self._groups if block))

    def cells(self, record: Record) -> list[str]:
        """The cells of a record, as they stand in a CSV file."""
        items = {path: _items(record, path) for path in self._blocks}
        cells: list[str] = []
        for block, group in self._groups:
            if block is None:
                cells += [cell(record) for cell in group]
            elif found := items[block]:
                cells += [cell(found) for cell in group]
            else:
                cells += [""] * len(group)
        return cells


def csv_line(record: Record) -> str:
    """The CSV line of an incident, ended by CR LF."""
    return to_line(_incident_row().cells(record))


@cache
def _incident_row() -> Row:
    return Row(columns())


def header_line() -> str:
    """The first line of a CSV file of incidents."""
    return to_line(csv_header())


def to_line(cells: Iterable[str]) -> str:
    """One line of a CSV file as RFC 4180 has it: quoted where needed, ended by CR LF."""
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\r\n").writerow(cells)
    return buffer.getvalue()


Cell = Callable[[Any], str]
"""Makes a cell of the record, or of all objects of a block."""


def _items(record: Record, path: str) -> Items:
    """All objects of a block through the whole incident, in order, with the numbers of their parents."""
    found: Items = [(0, record)]
    for step in path.split("."):
        found = [(number, item) for number, (_, parent) in enumerate(found, start=1) for item in parent.get(step) or ()]
    return found


def _cell_of(column: CsvColumn) -> Cell:
    cell = _number_cell if column.part == "number" else _entry_cell(column) if column.block else _whole_cell(column)
    return (lambda source: guard(cell(source))) if column.is_text else cell


def _number_cell(items: Items) -> str:
    return SEPARATOR.join([str(number) for number, _ in items])


def _entry_cell(column: CsvColumn) -> Cell:
    entry, get = _entry(column.field.type), getter(column.steps)
    return lambda items: join_entries([entry(get(item)) for _, item in items])


def _whole_cell(column: CsvColumn) -> Cell:
    show, get = _shown(column), getter(column.steps)
    return lambda record: show(get(record))


def exact_value(column: CsvColumn) -> Callable[[Record], Any]:
    """Gives the value of a column that is in no block as it is: days as text, numbers and truth as such, no guard.

    Lists and translations come as the text that stands for them in a cell; silence is None or an empty text.
    """
    if column.part == "value" and column.field.type not in _IN_WORDS:
        return getter(column.steps)
    return _whole_cell(column)


def getter(steps: Sequence[str]) -> Callable[[Record], Any]:
    """Gives what stands at these steps below a record, or None where something on the way is not recorded."""
    if len(steps) == 1:
        name = steps[0]
        return lambda record: record.get(name)

    def get(record: Record) -> Any:
        value: Any = record
        for step in steps:
            if value is None:
                return None
            value = value.get(step)
        return value

    return get


def _shown(column: CsvColumn) -> Callable[[Any], str]:
    if column.part == "language":
        return lambda value: first_language(value) or ""
    if column.part == "others":
        return _other_languages
    match column.field.type:
        case FieldType.TRANSLATIONS:
            return first_text
        case FieldType.CODES | FieldType.TEXTS | FieldType.INTEGERS:
            return lambda value: join_list([str(item) for item in value or ()])
        case _:
            return scalar


def _other_languages(translations: Mapping[str, str] | None) -> str:
    first = first_language(translations)
    return _translations({language: text for language, text in (translations or {}).items() if language != first})


def _translations(translations: Mapping[str, str] | None) -> str:
    return join_list([f"{language}={text}" for language, text in sorted((translations or {}).items())])


def _entry(kind: FieldType) -> Callable[[Any], str]:
    match kind:
        case FieldType.TRANSLATIONS:
            return _translations
        case FieldType.TEXTS:
            return lambda value: join_list([str(item) for item in value or ()])
        case FieldType.CODES | FieldType.INTEGERS:
            return lambda value: " ".join(str(item) for item in value or ())
        case _:
            return scalar


def join_entries(entries: Sequence[str]) -> str:
    """The entries of a block in one cell. Unlike a list, a block has empty entries: its columns keep step."""
    return SEPARATOR.join([entry.translate(_ESCAPED) if entry else "" for entry in entries])


def scalar(value: Any) -> str:
    """A single value as text: silence is empty, truth is `true` or `false`, numbers are as in JSON."""
    if value is None:
        return ""
    if value is True:
        return "true"
    if value is False:
        return "false"
    return str(value)
