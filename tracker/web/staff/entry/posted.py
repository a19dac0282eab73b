"""What a browser posts of the form: the pairs that are kept, and beside them what steers the page."""

from dataclasses import dataclass

from flask import abort, request
from werkzeug.exceptions import RequestEntityTooLarge

from tracker.web.staff.entry.fields import Pair
from tracker.web.staff.entry.rows import Row, TooManyRows, tree_of

MOST_PAIRS = 6_000
# What the page itself needs; none of it is part of what somebody typed.
STEERING = frozenset({"csrf_token", "do", "sequence", "incident", "version", "form_id", "theirs"})
# Choices between two sides are for one post alone.
PASSING = "take-"
HIGHEST = 2**31


@dataclass(frozen=True, slots=True)
class Posted:
    """One post of the form.

    Attributes:
        pairs: what was typed, in its order.
        do: what the button says that is to happen.
        incident_id: the incident that is changed, or None for a new one.
        version: the version of the incident that the form was filled from.
        sequence: the count of saves that the browser keeps.
    """

    pairs: list[Pair]
    do: str
    incident_id: str | None
    version: int | None
    sequence: int

    def tree(self) -> Row:
        """The rows of the form; more than anybody can have typed is refused (413)."""
        return tree_or_413(self.pairs)


def tree_or_413(pairs: list[Pair]) -> Row:
    """The rows of these pairs; more than anybody can have typed is refused."""
    try:
        return tree_of(pairs)
    except TooManyRows:
        raise RequestEntityTooLarge from None


def posted() -> Posted:
    """What was posted; 413 where it is more than a form can hold, 400 where a number of ours is none."""
    given = list(request.form.items(multi=True))
    if len(given) > MOST_PAIRS:
        raise RequestEntityTooLarge
    pairs = [(_storable(name), _storable(value)) for name, value in given if _is_typed(name)]
    incident_id = request.form.get("incident") or None
    version = _whole(request.form.get("version") or "") if incident_id else None
    if incident_id and version is None:
        abort(400)
    sequence = _whole(request.form.get("sequence") or "0")
    return Posted(
        pairs, request.form.get("do", ""), incident_id, version, sequence if sequence is not None else abort(400)
    )


def _is_typed(name: str) -> bool:
    return name not in STEERING and not name.startswith(PASSING)


def _whole(typed: str) -> int | None:
    """A whole number as our own pages write it."""
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 11 and int(typed) < HIGHEST else None


def _storable(text: str) -> str:
    """Half characters cannot be stored as text at all; everything else is kept as typed and judged later."""
    return text.encode("utf-8", "replace").decode("utf-8") if not text.isascii() else text
