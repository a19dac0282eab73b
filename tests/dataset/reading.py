"""Reading a CSV line back into a record by the rule of the data dictionary, with nothing taken from the writer."""

import re
from typing import Any

from tracker.dataset.fields import INCIDENT, CsvColumn, FieldType, PublicField, Tree, columns
from tracker.text import split_list, unguard

_PARTS = re.compile(r"\\(.)|(\|)|([^\\|]+)", re.S)


def entries(cell: str) -> list[str]:
    """The entries of a block: parted by `|`, empty ones kept, `\\` before a sign takes it as it is."""
    found = [""]
    for escaped, bar, plain in _PARTS.findall(cell):
        if bar:
            found.append("")
        else:
            found[-1] += escaped or plain
    return found


def record_of(row: dict[str, str]) -> dict[str, Any]:
    """The public record that a row was written from."""
    plain = {column.name: unguard(row[column.name]) if column.is_text else row[column.name] for column in columns()}
    return _object(INCIDENT, "", plain, {})


def _object(tree: Tree, path: str, row: dict[str, str], own: dict[str, str]) -> dict[str, Any]:
    return {field.name: _field(field, f"{path}.{field.name}".lstrip("."), row, own) for field in tree}


def _field(field: PublicField, path: str, row: dict[str, str], own: dict[str, str]) -> Any:
    if field.type is FieldType.OBJECTS:
        return _objects(field, path, row, own.get("#"))
    if field.type is FieldType.OBJECT:
        inner = _object(field.fields, path, row, own)
        required = [name.name for name in field.fields if not name.may_be_null]
        return None if field.nullable and any(inner[name] is None for name in required) else inner
    cell = own[path] if own else row[str(field.csv)]
    return (
        _value(field, cell, inside=bool(own))
        if field.type is not FieldType.TRANSLATIONS
        else _translations(field, cell, row, inside=bool(own))
    )


def _objects(field: PublicField, path: str, row: dict[str, str], parent: str | None) -> list[dict[str, Any]]:
    block = [column for column in columns() if column.block == path]
    sizes = next(column for column in block if column.part == "number" or not column.field.may_be_null)
    if row[sizes.name] == "":
        return []
    cells = {column: entries(row[column.name]) for column in block}
    count = len(cells[sizes])
    numbers = next((cells[column] for column in block if column.part == "number"), None)
    chosen = [n for n in range(count) if numbers is None or parent is None or numbers[n] == parent]
    return [_object(field.fields, path, row, _own(cells, n)) for n in chosen]


def _own(cells: dict[CsvColumn, list[str]], number: int) -> dict[str, str]:
    own = {column.path: found[number] for column, found in cells.items() if column.part == "value"}
    return own | {"#": str(number + 1)}


def _translations(field: PublicField, cell: str, row: dict[str, str], *, inside: bool) -> dict[str, str]:
    if inside:
        return dict(_pair(text) for text in split_list(cell))
    first = {row[f"{field.csv}_language"]: cell} if row[f"{field.csv}_language"] else {}
    return first | dict(_pair(text) for text in split_list(row[f"{field.csv}_translations"]))


def _pair(text: str) -> tuple[str, str]:
    language, _, translation = text.partition("=")
    return language, translation


def _value(field: PublicField, cell: str, *, inside: bool) -> Any:
    match field.type:
        case FieldType.TEXTS:
            return split_list(cell)
        case FieldType.CODES:
            return cell.split() if inside else split_list(cell)
        case FieldType.INTEGERS:
            return [int(number) for number in cell.split()]
    if cell == "":
        return None
    match field.type:
        case FieldType.INTEGER:
            return int(cell)
        case FieldType.NUMBER:
            return float(cell)
        case FieldType.BOOLEAN:
            return {"true": True, "false": False}[cell]
        case _:
            return cell
