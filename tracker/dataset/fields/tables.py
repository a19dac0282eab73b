"""The other shapes of an incident, derived from its field tree: one row per act and victim, and one table per entity.

Nothing here names a field a second time: a field that is added to the tree has its columns in all of them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from tracker.dataset.fields.acts import ACT, VICTIM
from tracker.dataset.fields.base import FieldType, PublicField, Tree, walk
from tracker.dataset.fields.common import BY_THE_GATE
from tracker.dataset.fields.csv_columns import CsvColumn, csv_columns
from tracker.phrases import phrase

KEY = "reference"
"""The column by which all tables of incidents are joined."""

# Told once for each incident, it would stand there again for each of its victims.
_TOLD_ONCE = frozenset({"summary"})


def _number(name: str, description: str) -> PublicField:
    return PublicField("number", FieldType.INTEGER, description, BY_THE_GATE, csv=name, nullable=False)


def plain(tree: Tree) -> Tree:
    """The fields of a tree that one row can hold: all but the lists of objects."""
    return tuple(field for field in tree if field.type is not FieldType.OBJECTS)


def _lists(tree: Tree) -> Tree:
    """The lists of objects of a tree as blocks of columns; what they belong to is the row itself."""
    return tuple(
        replace(field, csv=None) for field in tree if field.type is FieldType.OBJECTS and field.name != "victims"
    )


def act_row_tree(incident: Tree) -> Tree:
    """The tree of one row per act and victim: the incident, the act, the victim, and the lists of these two."""
    act = _number("act", phrase("Number, from 1, of the act within the incident."))
    victim = _number("victim", phrase("Number, from 1, of the victim within the act; empty where none is recorded."))
    return (
        *(field for field in plain(incident) if field.name not in _TOLD_ONCE),
        PublicField("act", FieldType.OBJECT, "The act.", BY_THE_GATE, fields=(act, *plain(ACT)), nullable=False),
        PublicField("victim", FieldType.OBJECT, "The victim.", BY_THE_GATE, fields=(victim, *plain(VICTIM))),
        *_lists(VICTIM),
        *_lists(ACT),
    )


@dataclass(frozen=True, slots=True)
class Table:
    """One entity as a table of its own.

    Attributes:
        name: name of the file or sheet, such as `victims`.
        path: where its objects stand in an incident, as names of lists; empty for the incident itself.
        keys: the columns that together name a row: the reference, then a number, from 1, for each list on the path.
        parent: the table whose rows the keys without the last one name; None for the incidents.
        columns: all other columns.
    """

    name: str
    path: tuple[str, ...]
    keys: tuple[str, ...]
    parent: str | None
    columns: tuple[CsvColumn, ...]

    @property
    def header(self) -> tuple[str, ...]:
        """The names of all columns, in order; the key of the incidents is one of their own columns."""
        own = tuple(column.name for column in self.columns)
        return own if self.parent is None else (*self.keys, *own)


def tables(incident: Tree) -> tuple[Table, ...]:
    """The incidents and every list of objects inside them, parents before children."""
    found = [Table("incidents", (), (KEY,), None, csv_columns(plain(incident)))]
    for step in walk(incident):
        if step.field.type is FieldType.OBJECTS:
            path = tuple(step.path.split("."))
            keys = (KEY, *(name.removesuffix("s") for name in path))
            parent = path[-2] if len(path) > 1 else "incidents"
            found.append(Table(path[-1], path, keys, parent, csv_columns(plain(step.field.fields))))
    return tuple(found)


def key_description(name: str) -> str:
    """What a key column of a table says."""
    if name == KEY:
        return phrase("The incident, by its reference.")
    return phrase("Number, from 1, of `{name}` within what it belongs to.", name=name)
