"""From what was typed of a record to its draft, and from what is wrong with it back to the fields."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session
from wtforms import FieldList, Form, FormField

from tracker.dates import DateProblem
from tracker.dates.typed import read_typed
from tracker.db import utc_now
from tracker.registry import names
from tracker.registry.directory import Directory
from tracker.registry.drafts import Draft, Problem, prune_missing, read
from tracker.registry.mapping import KINDS
from tracker.registry.models import Source
from tracker.registry.operations import problems_of
from tracker.web.staff.entry.dating import as_typed
from tracker.web.staff.entry.sentences import message_words
from tracker.web.staff.field_words import row_label
from tracker.web.staff.references.forms import Raw, field_at
from tracker.web.translation import gettext
from tracker.web.wording import capital

Wrong = tuple[str, str]
"""The id of a field, and what is wrong there in a sentence."""


def judged(session: Session, kind: str, typed: Raw, base: Raw | None = None) -> tuple[Draft, list[Problem]]:
    """The draft that was meant, and everything that is wrong with it.

    What the form does not show of a date is kept from `base`, the record from which it was filled.
    """
    directory = Directory(session)
    raw = dict(typed)
    for name in _dated(typed):
        known = {_written(row).get("date"): row.get("date") for row in (base or {}).get(name, [])}
        raw[name] = [_meant(session, row, known) for row in typed[name]]
    draft, shape = read(KINDS[kind][0], raw)
    return draft, prune_missing([*shape, *problems_of(draft, directory.known([draft]))])


def shown(session: Session, snapshot: Raw) -> Raw:
    """A record as its form shows it: dates as people type them."""
    made = dict(snapshot)
    for name in _dated(made):
        made[name] = [{**row, **_written(row)} for row in made[name]]
    return made


def _dated(raw: Raw) -> list[str]:
    return [name for name in ("timeline", "follow_ups") if raw.get(name)]


def _written(row: Raw) -> Raw:
    edtf = (row.get("date") or {}).get("edtf")
    return {"date": as_typed(edtf)} if edtf else {}


def _meant(session: Session, row: Raw, known: Mapping[str | None, Any]) -> Raw:
    """A row with its date read and its sources found; what cannot be read stays as it was typed, for the draft to say.

    A source is given by its key, or by its title or address where only one has it.
    """
    made = dict(row)
    typed = row.get("date")
    if typed in known and typed:
        made["date"] = known[typed]
    elif typed:
        try:
            meant = read_typed(typed, today=utc_now().date())
            made["date"] = {"edtf": meant.edtf, **({"part_of_day": meant.part_of_day} if meant.part_of_day else {})}
        except DateProblem:
            made["date"] = {"edtf": typed}
    if given := row.get("sources"):
        made["sources"] = [_source_key(session, words) for words in given]
    return made


def _source_key(session: Session, words: str) -> str:
    if Directory(session).find(Source, words) is not None:
        return words
    found = names.exact(session, "sources", words)
    return found[0].key if len(found) == 1 and found[0].key else words


def put_to_fields(form: Form, problems: list[Problem], kind: str) -> list[Wrong]:
    """Set each problem of a kind of record beside its field, and give all of them for the summary."""
    wrong: list[Wrong] = []
    for problem in problems:
        said = message_words(problem)
        field = field_at(form, problem.path) if problem.path else None
        while isinstance(field, FieldList | FormField):
            inner: list[Any] = list(field.form) if isinstance(field, FormField) else list(field)
            field = inner[0] if inner else None
        if field is not None:
            field.errors = [*field.errors, said]
        wrong.append((field.id if field is not None else "form", _with_row(problem, said, kind)))
    return list(dict.fromkeys(wrong))


def _with_row(problem: Problem, said: str, kind: str) -> str:
    pairs = zip(problem.path, problem.path[1:], strict=False)
    rows = ", ".join(row_label(name, at, kind) for name, at in pairs if isinstance(name, str) and isinstance(at, int))
    return gettext("%(rows)s: %(problem)s", rows=capital(rows), problem=said) if rows else said
