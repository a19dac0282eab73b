"""The form as a tree of rows, read out of the pairs of a post; rows are added, taken away and brought back here.

Names tell where a value stands: `acts-0-victims-1-role` is the role of the second victim of the first act. A name
that leads nowhere is left aside, so that nothing can be bound that is not a field of the form.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from werkzeug.datastructures import MultiDict

from tracker.web.staff.entry.dating import as_typed
from tracker.web.staff.entry.fields import Asks, Pair
from tracker.web.staff.entry.forms import LIMITS, IncidentForm, RowForm

# A row is found by its number, which stays the same for as long as the form lives.
HIGHEST_NUMBER = 9_999
MOST_ROWS = 700
LONGEST_TARGET = 120


class TooManyRows(ValueError):
    """More rows than anybody can have typed."""


@dataclass(slots=True)
class Row:
    """One row with its own fields and the rows that stand in it, by the names of their lists."""

    form: RowForm
    prefix: str = ""
    number: int = 0
    rows: dict[str, list["Row"]] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """The id of the row on the page: `acts-0-victims-1`; empty for the form itself."""
        return self.prefix.rstrip("-")

    @property
    def removed(self) -> bool:
        """Whether it was taken away and can still be brought back."""
        return bool(self.form.removed.data)

    @property
    def kept(self) -> bool:
        """Whether it stands for something on record, and so counts even where nothing in it was touched."""
        return bool(self.form.kept.data)

    def fields(self) -> Iterator[Asks]:
        """The fields that somebody can fill."""
        return (one for one in self.form if one.short_name not in ("removed", "kept", "when_shown"))

    def says(self) -> bool:
        """Whether the row says anything; one that shows only what a new row shows is no row of the record."""
        own = any(one.touched() for one in self.fields())
        return own or self.kept or any(row.says() for rows in self.rows.values() for row in rows)

    def counting(self, name: str) -> list["Row"]:
        """The rows of one list that are part of the record."""
        return [row for row in self.rows.get(name, ()) if not row.removed and row.says()]

    def filled(self, names: Iterable[str]) -> int:
        """How many of these fields say something."""
        return sum(1 for name in names if self.form[name].touched())

    def walk(self) -> Iterator["Row"]:
        """This row and all rows in it."""
        yield self
        for rows in self.rows.values():
            for row in rows:
                yield from row.walk()

    def find(self, row_id: str) -> "Row | None":
        """The row of an id."""
        return next((row for row in self.walk() if row.id == row_id), None)


def tree_of(pairs: Iterable[Pair]) -> Row:
    """The form as it was posted. Raises `TooManyRows`."""
    budget = _Budget()
    return _build(IncidentForm, "", 0, list(pairs), budget)


def blank() -> Row:
    """A new form, with one row of everything that an incident cannot be without."""
    return tree_of([])


class _Budget:
    """How many rows may still be made; the work is bounded before it is done."""

    def __init__(self) -> None:
        self.left = MOST_ROWS

    def take(self) -> None:
        self.left -= 1
        if self.left < 0:
            raise TooManyRows


def _build(form: type[RowForm], prefix: str, number: int, pairs: Sequence[Pair], budget: _Budget) -> Row:
    """A row out of the pairs that belong to it, their names without its prefix."""
    budget.take()
    own: MultiDict[str, str] = MultiDict()
    inner: dict[str, dict[int, list[Pair]]] = {name: {} for name in form.ROWS}
    for name, value in pairs:
        head, _, rest = name.partition("-")
        place, _, last = rest.partition("-")
        if head in inner and last and (at := _number(place)) is not None:
            inner[head].setdefault(at, []).append((last, value))
        else:
            own.add(prefix + name, value)
    row = Row(form(own, prefix=prefix) if pairs else form(prefix=prefix), prefix, number)
    for name, numbered in inner.items():
        found = dict(sorted(numbered.items())) or _begun(prefix, name)
        row.rows[name] = [
            _build(form.ROWS[name], f"{prefix}{name}-{at}-", at, posted, budget) for at, posted in found.items()
        ]
    return row


def _begun(prefix: str, name: str) -> dict[int, list[Pair]]:
    """The first rows of a new form; rows for what an incident can do without begin when somebody asks for them."""
    return {0: []} if name in ("acts", "sources", "victims", "involvements") else {}


def _number(place: str) -> int | None:
    """The number of a row as we write it, and in no other way."""
    if not (place.isascii() and place.isdigit() and len(place) <= 4):
        return None
    return int(place) if str(int(place)) == place else None


def after_step(pairs: Sequence[Pair], asked: str) -> tuple[list[Pair], str]:
    """The pairs after what a button asked for, and the id of where to go on; other buttons change nothing.

    Buttons ask for `add:acts-0-victims`, `remove:acts-0-victims-1`, `undo:acts-0-victims-1`, and `pick:when:2020-10-05`
    for one of several readings of a date.
    """
    verb, _, target = asked.partition(":")
    if verb not in ("add", "remove", "undo", "pick") or len(target) > LONGEST_TARGET:
        return list(pairs), ""
    tree = tree_of(pairs)
    if verb == "add":
        return _added(tree, list(pairs), target)
    if verb == "pick":
        return _picked(tree, pairs, target)
    row = tree.find(target)
    if row is None or not row.prefix:
        return list(pairs), ""
    others = [pair for pair in pairs if pair[0] != f"{row.prefix}removed"]
    if verb == "undo":
        return others, row.id
    around = row.id.rpartition("-")[0]
    if row.says():
        return [*others, (f"{row.prefix}removed", "yes")], row.id
    return [pair for pair in others if not pair[0].startswith(row.prefix)], around


def _added(tree: Row, pairs: list[Pair], target: str) -> tuple[list[Pair], str]:
    """A new row at the end of a list such as `acts-0-victims`."""
    parent, _, name = target.rpartition("-")
    holder = tree.find(parent)
    if holder is None or name not in holder.rows or len(holder.rows[name]) >= LIMITS[name]:
        return pairs, target
    number = max((row.number for row in holder.rows[name]), default=-1) + 1
    if number > HIGHEST_NUMBER:
        return pairs, target
    # Rows that a new form shows by itself are posted from now on, or the first one would vanish beside the second.
    shown = [(f"{row.prefix}removed", "") for row in holder.rows[name] if not _posted(pairs, row.prefix)]
    return [*pairs, *shown, (f"{holder.prefix}{name}-{number}-removed", "")], f"{holder.prefix}{name}-{number}"


def _picked(tree: Row, pairs: Sequence[Pair], target: str) -> tuple[list[Pair], str]:
    """One reading of a date, typed in place of what could be read in several ways."""
    name, _, edtf = target.partition(":")
    row = tree.find(name.rpartition("-")[0])
    if row is None or name.rpartition("-")[2] != "when" or "when" not in row.form:
        return list(pairs), ""
    return [*(pair for pair in pairs if pair[0] != name), (name, as_typed(edtf))], name


def _posted(pairs: Sequence[Pair], prefix: str) -> bool:
    return any(name.startswith(prefix) for name, _value in pairs)


def overfull(tree: Row) -> Iterator[tuple[str, str, int]]:
    """Each list with more rows than a form takes: its id, its name and the limit. What is on record always has room."""
    for row in tree.walk():
        for name, rows in row.rows.items():
            if len(rows) > LIMITS[name] and any(not each.kept for each in rows):
                yield f"{row.prefix}{name}", name, LIMITS[name]
