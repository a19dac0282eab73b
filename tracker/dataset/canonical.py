"""The canonical JSON of a public record: exactly the fields of its tree, in the order of the tree.

This is the last wall behind the publication gate: a record with a field that the table does not list, or with a value
of another shape, is refused before it is stored.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import cache
from typing import Any

from tracker.dataset.fields import TREES, FieldType, Kind, PublicField, Tree
from tracker.db import canonical_json
from tracker.vocabulary import COUNTRIES, Vocabulary


class RecordProblem(ValueError):
    """A record that does not have the shape of the table of public fields; names the path, never the value."""

    def __init__(self, path: str, message: str) -> None:
        self.path = path
        self.message = message
        super().__init__(f"{path}: {message}")

    def under(self, name: str) -> RecordProblem:
        """The same problem, seen from the object that holds it under `name`."""
        return RecordProblem(f"{name}.{self.path}" if self.path else name, self.message)


Check = Callable[[Any], Any]
"""Takes a value and gives its canonical form, or raises `RecordProblem` with the path below that value."""


def canonical(kind: Kind, record: Mapping[str, Any]) -> str:
    """The canonical JSON text of `record`; raises `RecordProblem` unless it has the shape of its kind."""
    try:
        return canonical_json(_check_of_kind(kind)(record))
    except RecordProblem as problem:
        raise problem.under(kind) from None


@cache
def _check_of_kind(kind: Kind) -> Check:
    return _object_check(TREES[kind])


# A large import publishes a hundred thousand records, so that the checks are put together once for each field.
def _object_check(tree: Tree) -> Check:
    checks = [(field.name, _field_check(field)) for field in tree]
    names = {field.name for field in tree}

    def check(value: Any) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise RecordProblem("", "an object is needed")
        if value.keys() != names:
            extra, missing = sorted(value.keys() - names), sorted(names - value.keys())
            raise RecordProblem("", f"not public fields {extra}, missing fields {missing}")
        made: dict[str, Any] = {}
        for name, check_field in checks:
            try:
                made[name] = check_field(value[name])
            except RecordProblem as problem:
                raise problem.under(name) from None
        return made

    return check


def _field_check(field: PublicField) -> Check:
    check = _value_check(field)
    if not field.may_be_null:
        return check
    return lambda value: None if value is None else check(value)


def _value_check(field: PublicField) -> Check:
    match field.type:
        case FieldType.OBJECT:
            return _object_check(field.fields)
        case FieldType.OBJECTS:
            return _list_check(_object_check(field.fields))
        case FieldType.TRANSLATIONS:
            return _translations
        case FieldType.CODES | FieldType.TEXTS | FieldType.INTEGERS:
            return _list_check(_plain_check(_SINGLE[field.type], field.vocabulary))
        case _:
            return _plain_check(field.type, field.vocabulary)


def _list_check(check: Check) -> Check:
    def check_list(value: Any) -> list[Any]:
        if not isinstance(value, (list, tuple)):
            raise RecordProblem("", "a list is needed")
        return [check(item) for item in value]

    return check_list


def _plain_check(kind: FieldType, vocabulary: type[Vocabulary] | None) -> Check:
    is_right = _one_of(vocabulary.codes()) if vocabulary else _TESTS[kind]

    def check(value: Any) -> Any:
        if is_right(value):
            return value
        raise RecordProblem("", f"not a public {kind} value")

    return check


def _translations(value: Any) -> dict[str, str]:
    if not isinstance(value, dict) or not all(_is_text(text) for pair in value.items() for text in pair):
        raise RecordProblem("", "texts by language are needed")
    return dict(sorted(value.items()))


def _one_of(codes: Iterable[str]) -> Callable[[Any], bool]:
    known = frozenset(codes)
    return lambda value: isinstance(value, str) and value in known


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and value != ""


def _is_day(value: Any) -> bool:
    try:
        return isinstance(value, str) and date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def _is_integer(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_number(value: Any) -> bool:
    return _is_integer(value) or (isinstance(value, float) and math.isfinite(value))


_TESTS: dict[FieldType, Callable[[Any], bool]] = {
    FieldType.TEXT: _is_text,
    FieldType.COUNTRY: _one_of(COUNTRIES),
    FieldType.DATE: _is_day,
    FieldType.INTEGER: _is_integer,
    FieldType.NUMBER: _is_number,
    FieldType.BOOLEAN: lambda value: isinstance(value, bool),
}
_SINGLE = {
    FieldType.CODES: FieldType.CODE,
    FieldType.TEXTS: FieldType.TEXT,
    FieldType.INTEGERS: FieldType.INTEGER,
}
