"""Three-way comparison of records: what two people made of the same record, and putting both together.

Works on snapshots (`mapping.snapshot`), which leave out what is silent, so that None here always means: not there.
A list of rows (acts, victims, sources, …) is compared row by row after the rows of both sides were found again in the
base, so that a row that one side added and another that the other side changed both survive. Where rows were moved
about, nobody can say which is which, and the whole list is one difference.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from tracker.registry.rows import Pairs, about_the_same, pairs_of, same_row

Path = tuple[str | int, ...]
Snapshot = dict[str, Any]
Slot = tuple[Any, Any, Any]
"""One row as it stands in the base, with them and with me; None where it does not."""

# What is one statement in several fields: if each side changed a part of it, the parts may not fit together any more.
COUPLED: tuple[frozenset[str], ...] = (
    frozenset({"date"}),
    frozenset({"latitude", "longitude", "precision", "public_precision", "placed_by", "entry", "matched"}),
    frozenset({"violation", "killing_kind", "arbitrary"}),
    frozenset({"kind", "person", "naming", "name_published_in", "consent", "minor"}),
    frozenset({"count_least", "count_most", "count_as_reported"}),
    frozenset({"custody_from", "custody_until"}),
    frozenset({"named_actor", "named_actor_is"}),
)


class Side(StrEnum):
    """Whose version of a place is taken."""

    THEIRS = "theirs"
    MINE = "mine"


@dataclass(frozen=True, slots=True)
class Difference:
    """One place in which theirs and mine say different things.

    Attributes:
        path: where it is: names of fields and numbers of rows, the rows of both sides being counted together.
        base: what stood there before both; None where nothing did.
        theirs: what the others made of it; None where they left nothing.
        mine: what I made of it; None where I left nothing.
        conflict: whether somebody has to choose, since both changed it, or parts of the same statement.
    """

    path: Path
    base: Any
    theirs: Any
    mine: Any
    conflict: bool

    @property
    def where(self) -> str:
        """The path as text: `acts[0].victims[1].role`."""
        return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in self.path).lstrip(".")

    @property
    def changed_by(self) -> Side | None:
        """The only side that changed this place; None where both did."""
        if self.base == self.theirs:
            return Side.MINE
        return Side.THEIRS if self.base == self.mine else None


class Undecided(ValueError):
    """Somebody has to choose first; `differences` are those without a choice."""

    def __init__(self, differences: list[Difference]) -> None:
        super().__init__(f"{len(differences)} conflicts are undecided")
        self.differences = differences


def three_way(base: Snapshot, theirs: Snapshot, mine: Snapshot) -> list[Difference]:
    """Every place in which theirs and mine differ, in the order of the record; empty where they are the same."""
    return _coupled(list(_compare((), base, theirs, mine)))


def apply(theirs: Snapshot, differences: Iterable[Difference], choices: Mapping[str, str]) -> Snapshot:
    """The record that holds both sides' changes, with `choices` ("theirs" or "mine") by the `where` of differences.

    A difference without a choice goes to the side that made it. Raises `Undecided` where a conflict has no choice.
    """
    differences = list(differences)
    undecided = [each for each in differences if each.conflict and each.where not in choices]
    if undecided:
        raise Undecided(undecided)
    taken = {each.path: _taken(each, choices.get(each.where)) for each in differences}
    merged: Snapshot = _put_together(theirs, _tree(differences), taken)
    return merged


def _taken(difference: Difference, choice: str | None) -> Any:
    side = Side(choice) if choice is not None else difference.changed_by
    return difference.theirs if side is Side.THEIRS else difference.mine


def _compare(path: Path, base: Any, theirs: Any, mine: Any) -> Iterable[Difference]:
    if theirs == mine:
        return []
    sides = [value for value in (theirs, mine) if value is not None]
    if all(isinstance(value, dict) for value in sides) and not (path and isinstance(path[-1], int) and len(sides) < 2):
        return _compare_fields(path, base, theirs, mine)
    if all(isinstance(value, list) for value in sides):
        return _compare_rows(path, base, theirs, mine)
    return [_leaf(path, base, theirs, mine)]


def _leaf(path: Path, base: Any, theirs: Any, mine: Any) -> Difference:
    return Difference(path, base, theirs, mine, conflict=base not in (theirs, mine))


def _compare_fields(path: Path, base: Any, theirs: Any, mine: Any) -> list[Difference]:
    base, theirs, mine = (value if isinstance(value, dict) else {} for value in (base, theirs, mine))
    names = dict.fromkeys([*theirs, *mine])
    parts = (_compare((*path, name), base.get(name), theirs.get(name), mine.get(name)) for name in names)
    return [difference for part in parts for difference in part]


def _compare_rows(path: Path, base: Any, theirs: Any, mine: Any) -> list[Difference]:
    old, left, right = (value if isinstance(value, list) else [] for value in (base, theirs, mine))
    slots = _slots(old, left, right)
    if slots is None or _torn(slots):
        return [_leaf(path, base, theirs, mine)]
    found: list[Difference] = []
    for number, (before, left_row, right_row) in enumerate(slots):
        found += _compare((*path, number), before, left_row, right_row)
    return found


def _slots(base: list[Any], theirs: list[Any], mine: list[Any]) -> list[Slot] | None:
    """The rows of both sides in one order that keeps the order of each: base, theirs, mine; None if they moved."""
    in_theirs, in_mine = pairs_of(base, theirs), pairs_of(base, mine)
    if in_theirs is None or in_mine is None:
        return None
    slots: list[Slot] = []
    t = m = 0
    for number in range(len(base) + 1):
        end_t = in_theirs.get(number, t if number < len(base) else len(theirs))
        end_m = in_mine.get(number, m if number < len(base) else len(mine))
        slots += _added(theirs[t:end_t], mine[m:end_m])
        t, m = end_t, end_m
        if number == len(base):
            break
        row = (base[number], _at(theirs, in_theirs, number), _at(mine, in_mine, number))
        if row[1:] != (None, None):
            slots.append(row)
        t, m = t + (number in in_theirs), m + (number in in_mine)
    return slots


def _torn(slots: list[Slot]) -> bool:
    """Whether a row that stands in one place for them stands in another for me: together it would be there twice."""
    for place, (base, theirs, _) in enumerate(slots):
        for other_place, (other_base, _, mine) in enumerate(slots):
            if place != other_place and theirs is not None and mine is not None:
                both_added = base is None and other_base is None
                if about_the_same(theirs, mine) or (both_added and theirs == mine):
                    return True
    return False


def _at(rows: list[Any], pairs: Pairs, number: int) -> Any:
    return rows[pairs[number]] if number in pairs else None


def _added(theirs: Sequence[Any], mine: Sequence[Any]) -> list[Slot]:
    """Rows that both sides added between the same two rows: what is the same row stands once."""
    slots: list[Slot] = []
    rest = list(mine)
    for row in theirs:
        twin = next((place for place, other in enumerate(rest) if same_row(row, other)), None)
        if twin is None:
            slots.append((None, row, None))
            continue
        slots += [(None, None, other) for other in rest[:twin]]
        slots.append((None, row, rest[twin]))
        rest = rest[twin + 1 :]
    return slots + [(None, None, other) for other in rest]


def _coupled(differences: list[Difference]) -> list[Difference]:
    """Mark as conflicts what both sides changed in parts of the same statement."""
    touched: dict[tuple[Path, int], set[Side | None]] = {}
    for each in differences:
        for statement in _statements(each.path):
            touched.setdefault(statement, set()).add(each.changed_by)
    return [
        replace(each, conflict=each.conflict or any(len(touched[s]) > 1 for s in _statements(each.path)))
        for each in differences
    ]


def _statements(path: Path) -> list[tuple[Path, int]]:
    places = enumerate(path)
    return [(path[:n], group) for n, part in places for group, names in enumerate(COUPLED) if part in names]


def _tree(differences: Iterable[Difference]) -> dict[Any, Any]:
    """The differences as a tree along their paths."""
    root: dict[Any, Any] = {}
    for each in differences:
        node = root
        for part in each.path[:-1]:
            node = node.setdefault(part, {})
        node[each.path[-1]] = each
    return root


def _put_together(theirs: Any, tree: dict[Any, Any], taken: Mapping[Path, Any]) -> Any:
    if any(isinstance(part, int) for part in tree):
        return _put_rows(theirs or [], tree, taken)
    result = dict(theirs or {})
    for name, node in tree.items():
        value = taken[node.path] if isinstance(node, Difference) else _put_together(result.get(name), node, taken)
        result[name] = value
    return {name: value for name, value in result.items() if value is not None and value not in ({}, [])}


def _put_rows(theirs: list[Any], tree: dict[int, Any], taken: Mapping[Path, Any]) -> list[Any]:
    rows, result, number = list(theirs), [], 0
    while rows or number in tree:
        node = tree.get(number)
        if isinstance(node, Difference):
            # A row that theirs does not have takes a place of its own in the count, and none of their rows.
            if node.theirs is not None:
                rows.pop(0)
            row = taken[node.path]
        else:
            row = rows.pop(0)
            row = _put_together(row, node, taken) if node else row
        if row is not None:
            result.append(row)
        number += 1
    return result
