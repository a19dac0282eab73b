"""A save that somebody else outran: both sides in words, what was typed kept, and what was chosen."""

from collections.abc import Iterable
from typing import Any, cast

from flask import request

from tracker.registry.drafts import Draft
from tracker.registry.merging import Difference
from tracker.web.staff.differences import place_words, value_words
from tracker.web.staff.references.forms import Raw

CHOICE = "choice:"
STEERING = frozenset({"csrf_token", "do", "version", "base_version"})


def plain_snapshot(draft: Draft) -> Raw:
    """A draft as a snapshot of its record would be: without what is silent."""
    return cast(Raw, _without_silence(draft.model_dump(mode="json", exclude_defaults=True)))


def _without_silence(value: Any) -> Any:
    if isinstance(value, dict):
        pruned = {name: _without_silence(inner) for name, inner in value.items()}
        return {name: inner for name, inner in pruned.items() if inner not in (None, [], {})}
    return [_without_silence(item) for item in value] if isinstance(value, list) else value


def side_lines(kind: str, differences: Iterable[Difference]) -> list[dict[str, Any]]:
    """Each difference in words, for the page of both sides."""
    return [
        {
            "at": each.where,
            "where": place_words(each.path, kind),
            "base": value_words(each.path, each.base, kind=kind),
            "theirs": value_words(each.path, each.theirs, kind=kind),
            "mine": value_words(each.path, each.mine, kind=kind),
            "conflict": each.conflict,
            "by": each.changed_by,
        }
        for each in differences
    ]


def choices_posted(differences: Iterable[Difference]) -> dict[str, str]:
    """What was chosen, by the place of each difference."""
    given = ((each.where, request.form.get(f"{CHOICE}{each.where}")) for each in differences)
    return {where: choice for where, choice in given if choice in ("theirs", "mine")}


def typed_again() -> list[tuple[str, str]]:
    """What was typed, for hidden fields: nothing of it is lost."""
    posted = request.form.items(multi=True)
    return [(name, value) for name, value in posted if name not in STEERING and not name.startswith(CHOICE)]
