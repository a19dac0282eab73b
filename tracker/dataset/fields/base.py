"""What a public field is, and how a tree of fields is walked.

The trees in this package are the one allowlist of the public house: what is not listed here cannot be published.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from tracker.vocabulary import Vocabulary


class FieldType(StrEnum):
    """The shapes that a public value can have; lists and translations are empty, never null."""

    TEXT = "text"
    TRANSLATIONS = "translations"
    CODE = "code"
    CODES = "codes"
    COUNTRY = "country"
    DATE = "date"
    INTEGER = "integer"
    NUMBER = "number"
    BOOLEAN = "boolean"
    TEXTS = "texts"
    INTEGERS = "integers"
    OBJECT = "object"
    OBJECTS = "objects"


NEVER_NULL = frozenset(
    {FieldType.TRANSLATIONS, FieldType.CODES, FieldType.TEXTS, FieldType.INTEGERS, FieldType.OBJECTS}
)


Codes = type[Vocabulary]
"""A controlled vocabulary. (Inside the class below the word `type` is the name of a field.)"""


@dataclass(frozen=True, slots=True)
class PublicField:
    """One field of a public record.

    `source` says where the value comes from. `csv` is the column that holds the field; on a list of objects inside
    another list it names the column that gives the number of the parent item. `searched` fields feed the text search.
    `format` narrows a text ("uri", "sha256", …) in the JSON Schema. `hxl` is the hashtag of the column for readers who
    ask for hashtags (Humanitarian Exchange Language 1.1).
    """

    name: str
    type: FieldType
    description: str
    source: str
    vocabulary: Codes | None = None
    fields: tuple[PublicField, ...] = ()
    csv: str | None = None
    nullable: bool = True
    searched: bool = False
    format: str | None = None
    hxl: str | None = None

    @property
    def may_be_null(self) -> bool:
        """Whether silence is null (else it is an empty list or an empty object)."""
        return self.nullable and self.type not in NEVER_NULL


Tree = tuple[PublicField, ...]


@dataclass(frozen=True, slots=True)
class Walked:
    """A field met on a walk: its dotted path ("acts.victims.name") and the lists of objects around it."""

    path: str
    field: PublicField
    lists: tuple[str, ...]


def walk(tree: Tree, path: str = "", lists: tuple[str, ...] = ()) -> Iterator[Walked]:
    """Every field of `tree`, parents before children, in the order in which they are printed."""
    for field in tree:
        here = f"{path}.{field.name}" if path else field.name
        yield Walked(here, field, lists)
        if field.fields:
            inner = (*lists, here) if field.type is FieldType.OBJECTS else lists
            yield from walk(field.fields, here, inner)
