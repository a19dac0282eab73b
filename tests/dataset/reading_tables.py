"""Putting incidents together again from the tables of a ZIP or a workbook, with nothing taken from the writer."""

import csv
import io
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import openpyxl
import pandas
from openpyxl.utils.escape import unescape

from tracker.dataset.fields import INCIDENT, FieldType, PublicField, Table, Tree, tables
from tracker.text import split_list, unguard

Row = dict[str, Any]
Tables = Mapping[str, list[Row]]
Listed = Callable[[str], list[Row]]
"""Gives the objects of a list by its name."""


def zip_tables(content: bytes) -> dict[str, list[Row]]:
    """The tables of a ZIP by the csv module, the apostrophes taken away."""
    with ZipFile(BytesIO(content)) as package:
        names = [name for name in package.namelist() if name.endswith(".csv")]
        texts = {name.removesuffix(".csv"): package.read(name).decode() for name in names}
    found = {name: list(csv.DictReader(io.StringIO(text, newline=""))) for name, text in texts.items()}
    return {name: [{key: unguard(cell) for key, cell in row.items()} for row in rows] for name, rows in found.items()}


def zip_tables_by_pandas(content: bytes) -> dict[str, list[Row]]:
    """The same by pandas, which has to be told that NA is a country."""
    found = {}
    with ZipFile(BytesIO(content)) as package:
        for table in tables():
            with package.open(f"{table.name}.csv") as file:
                frame = pandas.read_csv(file, keep_default_na=False, dtype=str)
            rows = frame.to_dict("records")
            found[table.name] = [{str(key): unguard(cell) for key, cell in row.items()} for row in rows]
    return found


def workbook_tables(content: bytes) -> dict[str, list[Row]]:
    """The tables of a workbook by openpyxl: escapes undone, long texts joined, further sheets put behind the first."""
    book = openpyxl.load_workbook(BytesIO(content), read_only=True)
    sheets = {sheet.title: list(_sheet_rows(sheet)) for sheet in book.worksheets if sheet.title != "notes"}
    book.close()
    further = [name for name in sheets if name.startswith("long_texts")]
    for part in [row for name in further for row in sheets.pop(name)]:
        sheets[part["sheet"]][part["row"] - 2][part["column"]] += part["text"]
    found: dict[str, list[Row]] = {}
    for name, rows in sheets.items():
        found.setdefault(re.sub(r"_\d+$", "", name), []).extend(rows)
    return found


def _sheet_rows(sheet: Any) -> Iterator[Row]:
    header: tuple[str, ...] = ()
    for row in sheet.iter_rows(values_only=True):
        if header:
            cells = [unescape(cell) if isinstance(cell, str) else "" if cell is None else cell for cell in row]
            cells += [""] * (len(header) - len(cells))
            yield dict(zip(header, cells, strict=True))
        else:
            header = row


def incidents_of(found: Tables) -> dict[str, Row]:
    """The incidents in tables, by their references."""
    by_keys: dict[str, dict[tuple[Any, ...], list[Row]]] = {}
    for table in tables()[1:]:
        grouped = by_keys[table.name] = defaultdict(list)
        for row in found[table.name]:
            keys = [row[table.keys[0]], *(int(row[key]) for key in table.keys[1:])]
            grouped[tuple(keys[:-1])].append(row)
            assert len(grouped[tuple(keys[:-1])]) == keys[-1], "numbers count from 1 without a gap"

    def inner(path: tuple[str, ...], keys: tuple[Any, ...]) -> list[Row]:
        rows = by_keys[_table(path).name][keys]
        return [_object(_tree(path), row, listed(path, (*keys, place))) for place, row in enumerate(rows, start=1)]

    def listed(path: tuple[str, ...], keys: tuple[Any, ...]) -> Listed:
        return lambda name: inner((*path, name), keys)

    return {row["reference"]: _object(INCIDENT, row, listed((), (row["reference"],))) for row in found["incidents"]}


def _table(path: tuple[str, ...]) -> Table:
    return next(table for table in tables() if table.path == path)


def _tree(path: tuple[str, ...]) -> Tree:
    tree = INCIDENT
    for name in path:
        tree = next(field.fields for field in tree if field.name == name)
    return tree


def _object(tree: Tree, row: Row, listed: Listed) -> Row:
    return {field.name: _field(field, row, listed) for field in tree}


def _field(field: PublicField, row: Row, listed: Listed) -> Any:
    if field.type is FieldType.OBJECTS:
        return listed(field.name)
    if field.type is FieldType.OBJECT:
        made = _object(field.fields, row, listed)
        needed = [one.name for one in field.fields if not one.may_be_null]
        return None if field.nullable and any(made[name] is None for name in needed) else made
    cell = row[str(field.csv)]
    if field.type is FieldType.TRANSLATIONS:
        first = {row[f"{field.csv}_language"]: cell} if row[f"{field.csv}_language"] else {}
        others = (text.partition("=") for text in split_list(row[f"{field.csv}_translations"]))
        return first | {language: text for language, _, text in others}
    return _value(field.type, cell)


def _value(kind: FieldType, cell: Any) -> Any:
    match kind:
        case FieldType.CODES | FieldType.TEXTS:
            return split_list(cell)
        case FieldType.INTEGERS:
            return [int(number) for number in split_list(str(cell))]
    if cell == "":
        return None
    match kind:
        case FieldType.INTEGER:
            return int(cell)
        case FieldType.NUMBER:
            return float(cell)
        case FieldType.BOOLEAN:
            return {"true": True, "false": False}[cell]
        case FieldType.DATE:
            if isinstance(cell, datetime):
                assert cell == datetime(cell.year, cell.month, cell.day)
                return cell.date().isoformat()
            return date.fromisoformat(cell).isoformat()
        case _:
            assert isinstance(cell, str)
            return cell
