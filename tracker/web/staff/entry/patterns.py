"""What every form holds besides its rows: the definitions of all codes, and blank rows for the browser to copy."""

from functools import cache, lru_cache
from typing import Any

from flask import render_template
from markupsafe import Markup

from tracker.vocabulary import VOCABULARIES, Vocabulary
from tracker.web.staff.entry.fields import DayField, NumberField, label_in
from tracker.web.staff.entry.forms import IncidentForm, RowForm
from tracker.web.staff.entry.rows import Row, blank
from tracker.web.translation import gettext, page_code
from tracker.web.wording import language_name


@lru_cache(maxsize=32)
def helpers(_locale: str, languages: tuple[str, ...]) -> Markup:
    """What every form needs besides its rows, made once for each language of the page: definitions and blank rows."""
    return Markup(  # noqa: S704 - it comes out of our own template, which has escaped what is in it
        render_template(
            "staff/entry/_patterns.html",
            patterns=_patterns(),
            vocabularies=_definitions(),
            languages=languages,
            language_names={code: language_name(code) for code in languages},
            wrong={},
            questions={},
            dates={},
            cited=[],
            **FUNCTIONS,
        )
    )


def input_type(field: Any) -> str:
    """The type of the input of a line."""
    return "date" if isinstance(field, DayField) else "text"


def input_mode(field: Any) -> str | None:
    """Which keyboard a phone shows for a line."""
    return "numeric" if isinstance(field, NumberField) else None


def vocabulary_name(one: Any) -> str | None:
    """The name of the vocabulary of a field."""
    return _vocabulary_names().get(one.vocabulary) if getattr(one, "vocabulary", None) is not None else None


def label_of(one: Any) -> str:
    """What stands above a field, in the language of the page."""
    return label_in(one.label.text, page_code())


def heading_of(one: Any) -> tuple[str, str | None, str]:
    """What stands above a field, the name of its vocabulary, and what the button says that shows the definitions."""
    return _heading_in(label_of(one), getattr(one, "vocabulary", None), page_code())


@lru_cache(maxsize=512)
def _heading_in(label: str, vocabulary: type[Vocabulary] | None, _locale: str) -> tuple[str, str | None, str]:
    listed = _vocabulary_names().get(vocabulary) if vocabulary is not None else None
    return label, listed, gettext("What do the answers to “%(field)s” mean?", field=label)


@cache
def _vocabulary_names() -> dict[type[Vocabulary], str]:
    return {vocabulary: name for name, vocabulary in VOCABULARIES.items()}


@cache
def _used() -> list[type[Vocabulary]]:
    """The vocabularies of the fields of the form, once each."""
    found: dict[type[Vocabulary], None] = {}

    def look(form: type[RowForm]) -> None:
        for one in form():
            if getattr(one, "vocabulary", None) is not None:
                found[one.vocabulary] = None
        for inner in form.ROWS.values():
            look(inner)

    look(IncidentForm)
    return list(found)


def _definitions() -> list[tuple[str, type[Vocabulary]]]:
    """The vocabularies of the form by their names."""
    return [(_vocabulary_names()[vocabulary], vocabulary) for vocabulary in _used()]


def _patterns() -> dict[str, Row]:
    """One new row of each kind, for the browser to copy; its number is a mark that is replaced in the copy."""
    root = blank()
    act = root.rows["acts"][0]
    marked = {
        "acts": _marked(IncidentForm.ROWS["acts"], "acts-@-"),
        "sources": _marked(IncidentForm.ROWS["sources"], "sources-@-"),
        "related": _marked(IncidentForm.ROWS["related"], "related-@-"),
        "follow_ups": _marked(IncidentForm.ROWS["follow_ups"], "follow_ups-@-"),
    }
    for name in act.form.ROWS:
        marked[name] = _marked(act.form.ROWS[name], f"acts-@-{name}-@-")
    victim = act.form.ROWS["victims"]
    marked["equipment"] = _marked(victim.ROWS["equipment"], "acts-@-victims-@-equipment-@-")
    return marked


def _marked(form: type[RowForm], prefix: str) -> Row:
    row = Row(form(prefix=prefix), prefix)
    begun = {"victims", "involvements"} & form.ROWS.keys()
    row.rows = {name: [] for name in form.ROWS}
    for name in begun:
        row.rows[name] = [_marked(form.ROWS[name], f"{prefix}{name}-0-")]
    return row


FUNCTIONS = {
    "input_type": input_type,
    "input_mode": input_mode,
    "vocabulary_name": vocabulary_name,
    "heading_of": heading_of,
    "label_of": label_of,
}
"""What the macros of the form ask about a field."""
