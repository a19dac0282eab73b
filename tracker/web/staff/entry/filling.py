"""Filling the form from a draft: the pairs that a browser would post if somebody had typed the whole record."""

from collections.abc import Mapping
from typing import Any

from tracker.registry.drafts import IncidentDraft
from tracker.web.staff.entry.dating import as_typed
from tracker.web.staff.entry.fields import Asks, Pair, PointField
from tracker.web.staff.entry.forms import (
    DatedForm,
    FollowUpForm,
    IncidentForm,
    RelatedForm,
    RowForm,
    SourceForm,
    VictimForm,
)
from tracker.web.staff.entry.registry import Names

Raw = dict[str, Any]


def form_from(draft: IncidentDraft, names: Names, *, kept: bool = True) -> list[Pair]:
    """The pairs of a form that says what a draft says; `kept` marks every row as one that is on record."""
    raw = draft.model_dump(mode="json", exclude_none=True)
    return _Filler(names, raw, kept=kept).row(IncidentForm, "", raw)


class _Filler:
    def __init__(self, names: Names, raw: Raw, *, kept: bool) -> None:
        self._names = names
        self._kept = kept
        self._fields: dict[type[RowForm], Mapping[str, Asks]] = {}
        cited = [citation.get("source") for citation in raw.get("sources", [])]
        self._rows_of_sources = {key: f"#{number}" for number, key in enumerate(cited) if key}

    def row(self, form: type[RowForm], prefix: str, raw: Raw) -> list[Pair]:
        """One row and the rows in it."""
        fields = self._fields_of(form)
        plain = (pair for name, field in fields.items() if name not in form.OWN for pair in _plain(field, raw))
        found = [(f"{prefix}{name}", value) for name, value in plain]
        if prefix and self._kept:
            found.append((f"{prefix}kept", "yes"))
        found += self._own(form, fields, prefix, raw)
        for name, inner in form.ROWS.items():
            for number, item in enumerate(raw.get(name, [])):
                found += self.row(inner, f"{prefix}{name}-{number}-", item)
        return found

    def _fields_of(self, form: type[RowForm]) -> Mapping[str, Asks]:
        """The fields of a kind of row, without a prefix; made once, as that takes longer than filling them."""
        if form not in self._fields:
            self._fields[form] = {field.short_name: field for field in form()}
        return self._fields[form]

    def _own(self, form: type[RowForm], fields: Mapping[str, Asks], prefix: str, raw: Any) -> list[Pair]:
        """The fields that are read in a way of their own."""
        if issubclass(form, RelatedForm):
            return self._referring(prefix, "incident", "incident", raw)
        found: list[Pair] = []
        if issubclass(form, DatedForm):
            found += _dated(prefix, raw.get("date") or {})
        if issubclass(form, IncidentForm):
            place = raw.get("place", {})
            found += fields["place_point"].pairs(place) if {"latitude", "longitude"} <= place.keys() else []
        if issubclass(form, VictimForm):
            found += self._referring(prefix, "person", "person", raw.get("person"))
            found += self._referring(prefix, "outlet", "outlet", raw.get("outlet"))
            found += self._cited(f"{prefix}name_published_in", raw.get("name_published_in", []))
        if issubclass(form, SourceForm):
            found += self._referring(prefix, "source", "source", raw.get("source"))
        if issubclass(form, FollowUpForm):
            found += self._cited(f"{prefix}sources", raw.get("sources", []))
        return found

    def _referring(self, prefix: str, name: str, kind: str, key: str | None) -> list[Pair]:
        """A name to read and the key behind it."""
        if key is None:
            return []
        return [(f"{prefix}{name}", self._names.name(kind, key) or key), (f"{prefix}{name}_key", key)]

    def _cited(self, name: str, keys: list[str]) -> list[Pair]:
        """Sources by their rows in this form, so that a new one can be ticked too."""
        return [(name, self._rows_of_sources.get(key, key)) for key in keys]


def _plain(field: Asks, raw: Any) -> list[Pair]:
    """What is posted for a field that says one value of the draft as it is."""
    if isinstance(field, PointField) or not isinstance(raw, dict):
        return []
    value: Any = raw
    for part in field.path:
        value = value.get(part) if isinstance(value, dict) else None
    if value in (None, [], {}):
        # What a new row would show by itself must not appear where the record is silent.
        return [(field.name, "")] if field.begun else []
    return field.pairs(value)


def _dated(prefix: str, date: Raw) -> list[Pair]:
    found = []
    if edtf := date.get("edtf"):
        found.append((f"{prefix}when", as_typed(edtf)))
    if part := date.get("part_of_day"):
        found.append((f"{prefix}when_part_of_day", part))
    return found
