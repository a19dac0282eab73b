"""Two records beside each other, field by field."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from tracker.registry.mapping import kind_of, snapshot
from tracker.registry.models import Entity
from tracker.registry.queries import keys_in, names_of
from tracker.web.staff.differences import place_words, value_words


def side_by_side(
    session: Session, one: Entity, other: Entity, fields: Sequence[str] = ()
) -> list[tuple[str, str | None, str | None]]:
    """Each of these fields that either of the two has, and what stands there in each, in words; else all they have."""
    first, second = snapshot(one), snapshot(other)
    kind, names = kind_of(one), names_of(session, keys_in(first) | keys_in(second))
    return [
        (
            place_words((name,), kind),
            value_words((name,), first.get(name), names, kind),
            value_words((name,), second.get(name), names, kind),
        )
        for name in fields or dict.fromkeys([*first, *second])
        if name in first or name in second
    ]
