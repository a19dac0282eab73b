"""Which public fields of an incident are known: the rendering behind the table of completeness.

A field of a list of objects (a victim's role) is known where every object of that kind in the incident has it, and it
is left out of account where the incident has no such object. Fields that are never empty tell nothing and have no
place here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from tracker.dataset.fields import INCIDENT, FieldType, PublicField, Tree, walk

_EMPTY: tuple[Any, ...] = (None, "", [], {})


@cache
def completeness_fields() -> tuple[str, ...]:
    """The dotted paths of the fields, in the order of the table of fields and of the bits."""
    return tuple(step.path for step in walk(INCIDENT) if _can_be_empty(step.field))


def _can_be_empty(field: PublicField) -> bool:
    return field.type is not FieldType.OBJECT and (field.may_be_null or field.type in _LISTS)


_LISTS = frozenset({FieldType.TRANSLATIONS, FieldType.CODES, FieldType.TEXTS, FieldType.INTEGERS, FieldType.OBJECTS})


def known_bits(record: Mapping[str, Any]) -> str:
    """Two bits for each field, whether the incident has an object that could hold it, and whether it is known.

    They come as hexadecimal digits, the first field in the highest bits.
    """
    bits = "".join(f"{applies:d}{known:d}" for applies, known in _bits(INCIDENT, [record]))
    padded = bits.ljust(-(-len(bits) // 8) * 8, "0")
    return f"{int(padded, 2):0{len(padded) // 4}x}"


def _bits(tree: Tree, objects: Sequence[Mapping[str, Any]]) -> Iterator[tuple[bool, bool]]:
    there = bool(objects)
    for field in tree:
        values = [each.get(field.name) for each in objects]
        if _can_be_empty(field):
            yield there, there and all(value not in _EMPTY for value in values)
        if field.type is FieldType.OBJECTS:
            yield from _bits(field.fields, [item for value in values for item in value or ()])
        elif field.type is FieldType.OBJECT:
            yield from _bits(field.fields, [value or {} for value in values])
