"""Rows of a form that are added, moved and taken away by buttons: `add:other_names`, `remove:timeline:2`."""

from typing import Any

from tracker.web.staff.references.forms import MOST_ROWS, Raw

ROWS = frozenset({"other_names", "timeline", "follow_ups"})
LISTS_IN_ROWS = frozenset({"sources"})


def is_rows(do: str) -> bool:
    """Whether a button is one of these."""
    return do.partition(":")[0] in ("add", "remove", "up", "down")


def changed(raw: Raw, do: str) -> Raw:
    """What was typed, with a row more, less or elsewhere; anything that no button says changes nothing.

    An empty row is an empty record, and an empty text in a list within a row.
    """
    verb, _, where = do.partition(":")
    made = dict(raw)
    parts = where.split(":")
    if len(parts) == 3 and verb == "add" and parts[0] in ROWS and parts[2] in LISTS_IN_ROWS:
        rows = list(made.get(parts[0], []))
        at = _number(parts[1], len(rows))
        if at is not None:
            rows[at] = {**rows[at], parts[2]: [*rows[at].get(parts[2], []), ""]}
            made[parts[0]] = rows
        return made
    if parts[0] not in ROWS:
        return made
    rows = list(made.get(parts[0], []))
    if verb == "add" and len(parts) == 1 and len(rows) < MOST_ROWS:
        made[parts[0]] = [*rows, {}]
    elif len(parts) == 2 and (at := _number(parts[1], len(rows))) is not None:
        made[parts[0]] = _moved(rows, verb, at)
    return made


def _moved(rows: list[Any], verb: str, at: int) -> list[Any]:
    if verb == "remove":
        return rows[:at] + rows[at + 1 :]
    to = at - 1 if verb == "up" else at + 1
    if 0 <= to < len(rows):
        rows[at], rows[to] = rows[to], rows[at]
    return rows


def _number(words: str, rows: int) -> int | None:
    at = int(words) if words.isascii() and words.isdigit() and len(words) < 5 else rows
    return at if at < rows else None
