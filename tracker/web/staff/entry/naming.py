"""Names in the form: which record is meant, what has to be asked back, and which records are new.

A name is taken for a record where it is one of its names; where it is only like one, the question is put. To create a
record is a conscious step of its own, so that one person or outlet does not end up as two.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tracker.registry.drafts import Draft, Known, OutletDraft, PersonDraft, SourceDraft, read
from tracker.registry.names import Suggestion
from tracker.text import fold, slugify
from tracker.web.staff.entry.forms import RowForm
from tracker.web.staff.entry.registry import Names
from tracker.web.staff.entry.rows import Row
from tracker.web.staff.entry.sentences import Wrong, message_words
from tracker.web.translation import gettext

NEW = "new"
DETAILS = (
    "type", "publisher", "title", "url", "language", "published_on", "accessed_on", "archived_url", "archive_sha256",
    "confidential", "reliability", "independence_group", "note",
)  # fmt: skip
# What a source may say besides its address and still be taken for the one that has this address.
BESIDE_ADDRESS = frozenset({"url", "type", "accessed_on"})


@dataclass(frozen=True, slots=True)
class Question:
    """A name to ask back: the records that may be meant, and whether a new one can be made."""

    typed: str
    candidates: Sequence[Suggestion]
    can_create: bool = True


class Namer:
    """Finds or makes the records behind the names of one form; `seed` makes the keys of new ones."""

    def __init__(self, names: Names, seed: str) -> None:
        self._names = names
        self._seed = seed
        self._made: dict[tuple[str, str], str] = {}
        self.new: list[Draft] = []
        self.where_new: list[str] = []
        self.wrong: list[Wrong] = []
        self.questions: dict[str, Question] = {}

    def person(self, row: Row) -> str | None:
        """The key of the person named in a row of victims."""
        return self._named(row, "person")

    def outlet(self, row: Row) -> str | None:
        """The key of the outlet named in a row of victims."""
        return self._named(row, "outlet")

    def incident(self, row: Row) -> str | None:
        """The key of a related incident."""
        typed, key = row.form.incident.given(), row.form.incident_key.given()
        if not typed:
            return None
        if key and self._names.means("incident", key, typed):
            return str(key)
        found = self._names.incident_key(typed)
        if found is None:
            self.wrong.append(Wrong(row.form.incident.name, gettext("There is no incident with this reference.")))
        return found

    def source(self, row: Row) -> str | None:
        """The key of the source of a row: one that is on record, or a new one made of its details."""
        form = row.form
        details = {name: form[name].given() for name in DETAILS if form[name].given() is not None}
        typed = form.source.given()
        if typed:
            return self._on_record(row, typed, can_create=False)
        if not details:
            return None
        url = form.url.given()
        found = self._names.exact("source", url) if url else ()
        if found and form.source_is.given() != NEW:
            chosen = {each.key for each in found} & {form.source_is.given()}
            if chosen or (len(found) == 1 and details.keys() <= BESIDE_ADDRESS):
                return str(chosen.pop() if chosen else found[0].key)
            self._ask(form.url.name, url or "", found, gettext("This address is on record already. Is it the same?"))
        key = f"s-{self._hash('source', row.id)}"
        self._create(SourceDraft, key, details, {name: form[name].name for name in DETAILS}, form.url.name)
        return key

    def _named(self, row: Row, kind: str) -> str | None:
        typed = row.form[kind].given()
        return self._on_record(row, typed, kind=kind) if typed else None

    def _on_record(self, row: Row, typed: str, *, kind: str = "source", can_create: bool = True) -> str | None:
        form = row.form
        key, chosen = form[f"{kind}_key"].given(), form[f"{kind}_is"].given()
        if key and self._names.means(kind, key, typed):
            return str(key)
        found = list(self._names.exact(kind, typed))
        if len(found) == 1 and chosen != NEW:
            return self._taken(form, kind, found[0])
        candidates = found or list(self._names.near(kind, typed))
        if picked := next((each for each in candidates if each.key == chosen), None):
            return self._taken(form, kind, picked)
        if (kind, fold(typed)) in self._made:
            return self._made[kind, fold(typed)]
        if not (can_create and chosen == NEW):
            self._ask(form[kind].name, typed, candidates, _question(candidates, can_create), can_create=can_create)
        return self._make(kind, typed, form[kind].name, remember=chosen == NEW) if can_create else None

    def _taken(self, form: RowForm, kind: str, found: Suggestion) -> str:
        """Remember which record was meant, so that the page shows it and need not ask again."""
        form[f"{kind}_key"].data = found.key
        if not self._names.means(kind, found.key or "", form[kind].given() or ""):
            form[kind].data = found.name
        return found.key or ""

    def _make(self, kind: str, typed: str, where: str, *, remember: bool) -> str:
        model = PersonDraft if kind == "person" else OutletDraft
        number = self._hash(kind, fold(typed))
        key = f"p-{number}" if kind == "person" else slugify(typed, limit=60) or f"o-{number}"
        if kind == "outlet" and self._names.name("outlet", key) is not None:
            key = f"{key}-{number[:6]}"
        if remember:
            self._made[kind, fold(typed)] = key
        self._create(model, key, {"name": typed}, {"name": where}, where)
        return key

    def _create(self, model: type[Draft], key: str, raw: dict[str, Any], where: dict[str, str], other: str) -> None:
        draft, shape = read(model, raw | {"key": key})
        for problem in [*shape, *draft.problems(Known())]:  # type: ignore[attr-defined]
            name = str(problem.path[0]) if problem.path else ""
            self.wrong.append(Wrong(where.get(name, other), message_words(problem)))
        self.new.append(draft)
        self.where_new.append(other)

    def _ask(
        self, where: str, typed: str, found: Sequence[Suggestion], sentence: str, *, can_create: bool = True
    ) -> None:
        self.questions[where] = Question(typed, found, can_create)
        self.wrong.append(Wrong(where, sentence))

    def _hash(self, *parts: str) -> str:
        """Part of a key: the same for the same form, so that handing it in twice gives the same records."""
        return hashlib.sha256("\0".join((self._seed, *parts)).encode("utf-8", "replace")).hexdigest()[:16]


def _question(candidates: Sequence[Suggestion], can_create: bool) -> str:
    if candidates and can_create:
        return gettext("This name is like one on record. Is it the same?")
    if candidates:
        return gettext("Which of these is meant?")
    if can_create:
        return gettext("This name is not on record. Tick that a new record is to be made, or correct the name.")
    return gettext("No such source is on record. Choose another, or give the new one with its address or publisher.")
