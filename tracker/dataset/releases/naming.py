"""What a release may be called."""

from __future__ import annotations

import re
from collections.abc import Iterable

from tracker.text import text_problem

LONGEST_NOTES = 2_000

# A name is a piece of addresses and of file names, so that nothing else is let into it.
NAME = re.compile(r"[0-9]{4}\.[1-9][0-9]{0,3}(?:\.[1-9][0-9]{0,3})?")
FORM = "a year and a number, as in 2026.1, and perhaps one more number, as in 2026.1.1"


class ReleaseProblem(RuntimeError):
    """A release that cannot be made or found; the message says why, and what is allowed."""


def read_name(text: str) -> str:
    """The name of a release. Raises `ReleaseProblem` for what can be none."""
    if not NAME.fullmatch(text):
        shown = "".join(character for character in text[:40] if character.isprintable())
        raise ReleaseProblem(f"{shown!r} cannot be the name of a release. Allowed: {FORM}.")
    return text


def read_notes(text: str | None) -> str | None:
    """The notes of a release, which are published with it. Raises `ReleaseProblem`."""
    notes = (text or "").strip()
    if problem := text_problem(notes, limit=LONGEST_NOTES, multiline=True):
        raise ReleaseProblem(f"The notes cannot be published: {problem}")
    return notes or None


def next_free(name: str, used: Iterable[str]) -> str:
    """A name like this one that is not in use."""
    taken = set(used)
    year, number = name.split(".")[:2]
    candidates = (f"{year}.{following}" for following in range(int(number) + 1, 10_000))
    return next((candidate for candidate in candidates if candidate not in taken), FORM)
