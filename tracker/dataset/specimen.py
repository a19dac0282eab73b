"""A made-up record that holds a value in every field of a tree, so that a change of any rendering shows."""

from __future__ import annotations

from typing import Any

from tracker.dataset.fields import FieldType, PublicField, Tree

_PLAIN: dict[FieldType, Any] = {
    FieldType.COUNTRY: "KG",
    FieldType.DATE: "2020-10-05",
    FieldType.INTEGER: 1,
    FieldType.NUMBER: 42.5,
    FieldType.BOOLEAN: True,
    FieldType.INTEGERS: [1, 2],
}


def specimen(tree: Tree) -> dict[str, Any]:
    """A record of the shape of `tree`; each list of objects holds two of them, and coded fields differ in the two."""
    return _object(tree, 0)


def _object(tree: Tree, turn: int) -> dict[str, Any]:
    return {field.name: _value(field, turn) for field in tree}


def _value(field: PublicField, turn: int) -> Any:
    match field.type:
        case FieldType.OBJECT:
            return _object(field.fields, turn)
        case FieldType.OBJECTS:
            return [_object(field.fields, 0), _object(field.fields, 1)]
        case FieldType.CODE:
            return _codes(field)[-turn]
        case FieldType.CODES:
            return list(_codes(field))
        case FieldType.TRANSLATIONS:
            return {"en": f'= {field.name}, "quoted"', "ru": "Ёлка | и\\ЕЛЬ\r\n"}
        case FieldType.TEXTS:
            return [f"{field.name}|1", "Straße"]
        case FieldType.TEXT:
            return f"-{field.name} {turn}"
        case _:
            return _PLAIN[field.type]


def _codes(field: PublicField) -> tuple[str, ...]:
    if field.vocabulary is None:
        raise ValueError(f"the coded field {field.name} names no vocabulary")
    return field.vocabulary.codes()
