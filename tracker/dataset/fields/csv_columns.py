"""How the field tree of an incident becomes the columns of a CSV file, one incident to a line.

The rule is one for all columns, and it loses nothing:

* A list of objects (acts, victims, sources …) becomes a *block* of columns. Every cell of a block lists one entry per
  object, in the same order, separated by `|`; an entry that is not recorded is empty.
* Objects inside objects are listed through the whole incident, and a column of the block gives the number of the
  parent: the third entry of `victim_act` is the number, from 1, of the act of the third victim. `equipment_victim`
  counts through all victims of the incident.
* A text with translations has three columns: the text (English, else the first language by code), its language, and
  the others as entries `language=text`. Inside a block it is one entry that lists `language=text`.
* Codes and numbers that are a list inside an entry are separated by a blank.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from tracker.dataset.fields.base import FieldType, PublicField, Tree, walk
from tracker.phrases import phrase

Part = Literal["value", "language", "others", "number"]

_PARENTS = {
    "act": phrase("Number, from 1, of the act to which each entry of this block belongs."),
    "victim": phrase("Number, from 1, of the victim to which each entry of this block belongs."),
}


@dataclass(frozen=True, slots=True)
class CsvColumn:
    """One column: the field it shows, which part of it, and the block of objects (dotted path) that it belongs to."""

    name: str
    path: str
    field: PublicField
    part: Part
    block: str | None
    parent: str | None = None

    @property
    def steps(self) -> tuple[str, ...]:
        """The names from the record (or from an object of the block) down to the value."""
        inner = self.path.removeprefix(f"{self.block}.") if self.block else self.path
        return tuple(inner.split("."))

    @property
    def description(self) -> str:
        """What stands in the column, for the data dictionary."""
        match self.part:
            case "language":
                return phrase("Language of `{column}`.", column=self.field.csv)
            case "others":
                return phrase("`{column}` in the other languages, as entries `language=text`.", column=self.field.csv)
            case "number":
                return _PARENTS[str(self.parent)]
            case _:
                return self.field.description

    @property
    def hxl(self) -> str:
        """The HXL hashtag of the column; empty where its field has none. A list in a cell has the attribute `list`."""
        if self.field.hxl is None or self.part != "value":
            return ""
        in_list = self.block is not None or self.field.type in {FieldType.CODES, FieldType.TEXTS, FieldType.INTEGERS}
        return f"{self.field.hxl}+list" if in_list else self.field.hxl

    @property
    def is_text(self) -> bool:
        """Whether a spreadsheet could take the cell for a formula, so that it has to be guarded."""
        if self.part == "number":
            return False
        return self.field.type in {FieldType.TEXT, FieldType.TRANSLATIONS, FieldType.TEXTS}


def csv_columns(tree: Tree) -> tuple[CsvColumn, ...]:
    """The columns of `tree`, in the order in which they are written."""
    columns: list[CsvColumn] = []
    for step in walk(tree):
        block = step.lists[-1] if step.lists else None
        if step.field.type is FieldType.OBJECTS:
            if step.field.csv is not None:
                columns.append(_number_column(step.path, step.field))
        elif step.field.csv is None:
            continue
        elif step.field.type is FieldType.TRANSLATIONS and block is None:
            columns.extend(_translation_columns(step.path, step.field))
        else:
            columns.append(CsvColumn(step.field.csv, step.path, step.field, "value", block))
    return tuple(columns)


def _number_column(path: str, field: PublicField) -> CsvColumn:
    parent = path.split(".")[-2].removesuffix("s")
    return CsvColumn(str(field.csv), path, field, "number", path, parent)


def _translation_columns(path: str, field: PublicField) -> list[CsvColumn]:
    return [
        CsvColumn(str(field.csv), path, field, "value", None),
        CsvColumn(f"{field.csv}_language", path, field, "language", None),
        CsvColumn(f"{field.csv}_translations", path, field, "others", None),
    ]
