"""The programs that the page for programs shows. Each is a file of its own under `templates/public/examples/`.

The suite takes them from the page and runs them, so that none is shown that does not work.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask import render_template

from tracker.dataset.editions import Edition
from tracker.web.public.context import address
from tracker.web.translation import gettext, gettext_noop

SOME_DAY = "2026-11-30"
"""Stands in the example of an answer as of a day, where nothing has been published yet."""


@dataclass(frozen=True, slots=True)
class Example:
    """One program: its name, which is an anchor too, what it does, and its lines with this site's addresses."""

    name: str
    heading: str
    code: str


@dataclass(frozen=True, slots=True)
class Language:
    """What programs of one kind are run with, and the programs."""

    name: str
    heading: str
    examples: list[Example]


_EXAMPLES = {
    "curl": {
        "file": gettext_noop("A part of the data as a file"),
        "head": gettext_noop("What a file says of itself: dataset version, number of rows, licence, filter in words"),
        "as_of": gettext_noop("What was public at the end of a day"),
        "changed": gettext_noop("Taking a file again only when something was published"),
    },
    "python": {
        "file": gettext_noop("The flat file as a table"),
        "count": gettext_noop("Counting incidents by year and violation"),
        "pages": gettext_noop("Page by page"),
        "changed": gettext_noop("Keeping a copy up to date"),
    },
    "r": {
        "file": gettext_noop("The flat file as a table, counted by year"),
        "json": gettext_noop("The whole records, with jsonlite"),
    },
}
_LANGUAGES = {"curl": "curl", "python": "Python, pandas", "r": "R"}


def languages(edition: Edition) -> list[Language]:
    """All programs, with addresses and a day that this site has."""
    values = {
        "csv": address("public.incidents_csv"),
        "json": address("public.incidents_json"),
        "day": edition.published_at.date().isoformat() if edition.published_at else SOME_DAY,
    }
    return [
        Language(
            language,
            _LANGUAGES[language],
            [
                Example(f"{language}-{name}", gettext(heading), _code(language, name, values))
                for name, heading in examples.items()
            ],
        )
        for language, examples in _EXAMPLES.items()
    ]


def _code(language: str, name: str, values: dict[str, str]) -> str:
    return render_template(f"public/examples/{language}_{name}.txt", **values).strip()
