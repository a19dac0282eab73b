"""Reading the form: out of its rows one draft of the incident, with the new records that it brings, and what is wrong.

The drafts judge (`problems()`), as they do for files; what this adds is which field each problem belongs to, the names
that have to be asked back, and the dates as they were understood.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from tracker.registry.drafts import Draft, IncidentDraft, Problem, read
from tracker.registry.drafts.base import Path
from tracker.web.staff.entry.dating import Told, told
from tracker.web.staff.entry.fields import Asks, PointField, TextsField
from tracker.web.staff.entry.forms import DatedForm
from tracker.web.staff.entry.naming import Namer, Question
from tracker.web.staff.entry.registry import Names
from tracker.web.staff.entry.rows import Row, overfull
from tracker.web.staff.entry.sentences import Wrong, limit_sentence
from tracker.web.staff.places import typed

Raw = dict[str, Any]

# Where a link to an empty list leads.
FIRST_FIELD = {"acts": "violation", "victims": "person", "involvements": "perpetrator", "sources": "url"}
FIRST_FIELD |= {"equipment": "fate", "follow_ups": "kind", "related": "incident"}
SAFE_NAMING = "withheld"


@dataclass(slots=True)
class Reading:
    """What a form says.

    Attributes:
        incident: its draft; parts of the wrong shape are left out of it.
        new: people, outlets and sources that it brings with it.
        shape: problems of shape, by their paths in the draft.
        wrong: what is known to be wrong already, at the ids of fields.
        ids: the field of each path, and the row of each list.
        questions: the names that have to be asked back, by the ids of their fields.
        dates: how the dates were understood, by the ids of their fields.
    """

    incident: IncidentDraft
    new: list[Draft]
    shape: list[Problem]
    wrong: list[Wrong]
    ids: dict[Path, str]
    questions: dict[str, Question]
    dates: dict[str, Told]
    where_new: list[str] = field(default_factory=list)

    def id_of(self, path: Path) -> str:
        """The field that a path leads to, or the nearest one around it."""
        for end in range(len(path), 0, -1):
            if path[:end] in self.ids:
                return self.ids[path[:end]]
        return "content"


def draft_from(tree: Row, names: Names, *, key: str | None, today: date, languages: Sequence[str]) -> Reading:
    """The new records and the incident that a form speaks of; `key` is that of the incident."""
    reader = _Reader(names, key or "", today, languages)
    raw = reader.incident(tree)
    if key is not None:
        raw["key"] = key
    draft, shape = read(IncidentDraft, raw)
    namer = reader.namer
    wrong = [*reader.wrong, *namer.wrong]
    wrong += [Wrong(f"{where}", limit_sentence(name, limit)) for where, name, limit in overfull(tree)]
    return Reading(draft, namer.new, shape, wrong, reader.ids, namer.questions, reader.dates, where_new=namer.where_new)


class _Reader:
    def __init__(self, names: Names, key: str, today: date, languages: Sequence[str]) -> None:
        self._today = today
        self._names = names
        self._languages = languages
        self._sources: dict[str, str] = {}
        self.namer = Namer(names, key)
        self.ids: dict[Path, str] = {}
        self.wrong: list[Wrong] = []
        self.dates: dict[str, Told] = {}

    def incident(self, tree: Row) -> Raw:
        """The whole form; the sources first, since victims and follow-ups point to them."""
        sources = self._list(tree, "sources", (), self._source)
        raw = self._plain(tree, ())
        self._dated(tree, (), raw)
        self._point(tree, raw)
        self.ids.setdefault(("place",), "place_country")
        raw["acts"] = self._list(tree, "acts", (), self._act)
        raw["sources"] = sources
        raw["related"] = [key for row in tree.counting("related") if (key := self._related(row))]
        for number, row in enumerate(tree.counting("related")):
            self.ids["related", number] = f"{row.prefix}incident"
        raw["follow_ups"] = self._list(tree, "follow_ups", (), self._follow_up)
        return {name: value for name, value in raw.items() if value not in ([], {})}

    def _list(self, row: Row, name: str, path: Path, read_row: Any) -> list[Raw]:
        rows = row.counting(name)
        shown = [each for each in row.rows[name] if not each.removed]
        self.ids[*path, name] = f"{shown[0].prefix}{FIRST_FIELD[name]}" if shown else f"{row.prefix}{name}"
        found = []
        for number, each in enumerate(rows):
            self.ids[*path, name, number] = f"{each.prefix}{FIRST_FIELD[name]}"
            found.append(read_row(each, (*path, name, number)))
        return found

    def _plain(self, row: Row, path: Path) -> Raw:
        raw: Raw = {}
        for one in row.fields():
            own = one.short_name in row.form.OWN
            self._remember(one, path)
            if not own and (value := one.given()) is not None:
                _put(raw, one.path, value)
        return raw

    def _remember(self, one: Asks, path: Path) -> None:
        if isinstance(one, TextsField):
            for language in [*self._languages, *one.data]:
                self.ids[*path, *one.path, language] = f"{one.name}-{language}"
            self.ids[*path, *one.path] = f"{one.name}-{next(iter(self._languages), 'en')}"
        elif isinstance(one, PointField):
            self.ids[*path, "place", "latitude"] = self.ids[*path, "place", "longitude"] = one.name
        else:
            self.ids[*path, *one.path] = one.name

    def _dated(self, row: Row, path: Path, raw: Raw) -> None:
        form = row.form
        assert isinstance(form, DatedForm)
        self.ids[*path, "date"] = form.when.name
        part = form.when_part_of_day.given()
        typed = form.when.given()
        if typed:
            found = told(typed, self._today, part_of_day=part, shown=form.when_shown.given())
            self.dates[form.when.name] = found
            if found.problem:
                self.wrong.append(Wrong(form.when.name, found.problem))
            _put(raw, ("date", "edtf"), found.edtf or "XXXX-XX-XX")
            part = part or found.part_of_day
        if part:
            _put(raw, ("date", "part_of_day"), part)

    def _point(self, tree: Row, raw: Raw) -> None:
        problem = typed.put_point(tree.form, raw.setdefault("place", {}))
        if problem:
            self.wrong.append(Wrong(tree.form.place_point.name, problem))

    def _act(self, row: Row, path: Path) -> Raw:
        raw = self._plain(row, path)
        raw["victims"] = self._list(row, "victims", path, self._victim)
        raw["involvements"] = self._list(row, "involvements", path, self._plain)
        return raw

    def _victim(self, row: Row, path: Path) -> Raw:
        form = row.form
        person = self.namer.person(row)
        if person and not form.naming.data and form.kind.data == "person":
            # A name that nobody decided about is kept to ourselves, and the page shows that it is.
            form.naming.data = SAFE_NAMING
        raw = self._plain(row, path)
        raw |= {name: key for name, key in (("person", person), ("outlet", self.namer.outlet(row))) if key}
        raw["name_published_in"] = self._cited(form.name_published_in.given())
        raw["equipment"] = self._list(row, "equipment", path, self._plain)
        return raw

    def _source(self, row: Row, path: Path) -> Raw:
        raw = self._plain(row, path)
        key = self.namer.source(row)
        if key:
            raw["source"] = key
            self._sources[f"#{row.number}"] = key
        self.ids[*path, "source"] = f"{row.prefix}url"
        return raw

    def _follow_up(self, row: Row, path: Path) -> Raw:
        raw = self._plain(row, path)
        self._dated(row, path, raw)
        raw["sources"] = self._cited(row.form.sources.given())
        return raw

    def _cited(self, ticked: list[str] | None) -> list[str]:
        """The keys of ticked sources; the row of one that was taken away counts no more."""
        keys = [self._sources.get(value) if value.startswith("#") else value for value in ticked or ()]
        return [key for key in keys if key]

    def _related(self, row: Row) -> str | None:
        return self.namer.incident(row)


def _put(raw: Raw, path: Sequence[str], value: Any) -> None:
    for part in path[:-1]:
        raw = raw.setdefault(part, {})
    raw[path[-1]] = value
