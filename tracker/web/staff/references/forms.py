"""The forms of outlets, people, sources, topics and the site: plain fields, texts by language, rows.

A form only carries what was typed; what it means is judged by the drafts. Texts in several languages are one field
for each, called `title__en`; rows are added, moved and taken away by buttons, so that no script is needed.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from wtforms import (
    BooleanField,
    Field,
    FieldList,
    Form,
    FormField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.widgets import CheckboxInput, ListWidget

from tracker.registry.drafts.base import Path
from tracker.web.staff.references.labelling import BETWEEN, label

Raw = dict[str, Any]
USUAL_LANGUAGES = ("en", "ru", "ky")
MOST_ROWS = 200


class Choices(SelectMultipleField):  # type: ignore[misc]
    """Several of a few, as boxes to tick."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


def one_of() -> SelectField:
    """A choice of one code, or of nothing; the labels are filled in when the page is made."""
    return SelectField(choices=[], validate_choice=False)


class NameRow(Form):  # type: ignore[misc]
    """Another name, in another script or language."""

    name = StringField()
    language = StringField(render_kw={"size": 4, "autocapitalize": "none", "placeholder": "ru"})


class OutletForm(Form):  # type: ignore[misc]
    """A newsroom, site, channel or agency."""

    name = StringField()
    key = StringField()
    other_names = FieldList(FormField(NameRow), max_entries=MOST_ROWS)
    media = Choices(choices=[], validate_choice=False)
    ownership = one_of()
    country = one_of()
    website = StringField(render_kw={"type": "url", "inputmode": "url"})


class PersonForm(Form):  # type: ignore[misc]
    """Somebody attacked."""

    name = StringField()
    key = StringField()
    other_names = FieldList(FormField(NameRow), max_entries=MOST_ROWS)


class SourceForm(Form):  # type: ignore[misc]
    """A document, post, statement or conversation."""

    type = one_of()
    title = StringField()
    publisher = StringField()
    url = StringField(render_kw={"type": "url", "inputmode": "url"})
    key = StringField()
    confidential = BooleanField()
    language = StringField(render_kw={"size": 4, "autocapitalize": "none", "placeholder": "ru"})
    published_on = StringField(render_kw={"inputmode": "numeric", "placeholder": "2020-10-05"})
    accessed_on = StringField(render_kw={"inputmode": "numeric", "placeholder": "2020-10-05"})
    archived_url = StringField(render_kw={"type": "url", "inputmode": "url"})
    archive_sha256 = StringField(render_kw={"autocapitalize": "none"})
    reliability = one_of()
    independence_group = StringField()
    note = TextAreaField(render_kw={"rows": 3})


TEXTS: Mapping[str, tuple[str, ...]] = {
    "topic": ("title", "summary"),
    "timeline": ("text", "disagreement"),
    "follow_ups": ("text",),
    "site": ("name", "introduction", "about"),
}
"""The fields that hold a text in each language, by the form or the rows in which they stand."""

SHORT_TEXTS = {("topic", "title"), ("site", "name")}


def _texts(holder: str, languages: Sequence[str]) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for name in TEXTS[holder]:
        for language in languages:
            kind = StringField if (holder, name) in SHORT_TEXTS else TextAreaField
            rows = {} if kind is StringField else {"rows": 3}
            made[f"{name}{BETWEEN}{language}"] = kind(render_kw={"lang": language, **rows})
    return made


def _sources() -> FieldList:
    return FieldList(StringField(render_kw={"data-suggest": "sources"}), max_entries=MOST_ROWS)


@lru_cache(maxsize=32)
def topic_form(languages: tuple[str, ...]) -> type[Form]:
    """The form of a topic with its timeline, in these languages."""
    # Fields stand on the page in the order in which they are made here.
    entry = type("EntryRow", (Form,), {"date": StringField(), **_texts("timeline", languages), "sources": _sources()})
    follow_up = type(
        "FollowUpRow",
        (Form,),
        {
            "kind": one_of(),
            "date": StringField(),
            "by": StringField(),
            **_texts("follow_ups", languages),
            "sources": _sources(),
        },
    )
    fields = {
        **_texts("topic", languages),
        "key": StringField(),
        "timeline": FieldList(FormField(entry), max_entries=MOST_ROWS),
        "follow_ups": FieldList(FormField(follow_up), max_entries=MOST_ROWS),
    }
    return type("TopicForm", (Form,), fields)


@lru_cache(maxsize=32)
def site_form(languages: tuple[str, ...]) -> type[Form]:
    """The form of the settings of the organisation, with texts in these languages."""
    fields = {
        **_texts("site", languages),
        "organisation": StringField(),
        "contact": StringField(),
        "licence": one_of(),
        "languages": StringField(render_kw={"autocapitalize": "none"}),
        "default_public_precision": one_of(),
        "one_person": BooleanField(),
    }
    return type("SiteForm", (Form,), fields)


def form_of(kind: str, languages: Sequence[str]) -> type[Form]:
    """The form of a kind of record."""
    plain: dict[str, type[Form]] = {"outlet": OutletForm, "person": PersonForm, "source": SourceForm}
    by_language = {"topic": topic_form, "site": site_form}
    return plain[kind] if kind in plain else by_language[kind](tuple(languages))


def languages_of(*records: object, also: Iterable[str] = ()) -> list[str]:
    """The languages in which texts are asked for: the usual ones, those of the settings, and those that are there."""
    found = dict.fromkeys([*USUAL_LANGUAGES, *also])
    for record in records:
        found.update(dict.fromkeys(_languages_in(record)))
    return list(found)


def _languages_in(value: object) -> Iterable[str]:
    names = {name for of in TEXTS.values() for name in of}
    if isinstance(value, dict):
        for name, inner in value.items():
            if name in names and isinstance(inner, dict):
                yield from inner
            else:
                yield from _languages_in(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _languages_in(inner)


def filled(kind: str, raw: Raw, languages: Sequence[str]) -> Form:
    """The form of a record with this in it, labelled in the language of the page."""
    made = form_of(kind, languages)(data=_flat(raw))
    for field in made:
        label(field, kind)
    return made


def _flat(raw: Any) -> Any:
    """Raw data as the form has it: texts by language are fields of their own."""
    if isinstance(raw, list):
        return [_flat(item) for item in raw]
    if not isinstance(raw, dict):
        return raw
    made: dict[str, Any] = {}
    for name, value in raw.items():
        if isinstance(value, dict) and name != "date":
            made |= {f"{name}{BETWEEN}{language}": words for language, words in value.items()}
        else:
            made[name] = _flat(value)
    return made


def raw_of(form: Form) -> Raw:
    """What was typed, in the shape of a draft; what is empty is left out, and so are rows without anything in them."""
    made: Raw = {}
    for field in form:
        name, _, language = field.short_name.partition(BETWEEN)
        value = _typed(field)
        if value in (None, "", [], False):
            continue
        if language:
            made.setdefault(name, {})[language] = value
        else:
            made[name] = value
    return made


def _typed(field: Field) -> Any:
    if isinstance(field, FieldList):
        rows = [raw_of(inner.form) if isinstance(inner, FormField) else _typed(inner) for inner in field]
        return [row for row in rows if row]
    if isinstance(field.data, str):
        return field.data.strip().replace("\r\n", "\n")
    return field.data


def field_at(form: Form, path: Path) -> Field | None:
    """The field in which what stands at a path of the draft was typed; the nearest one around it else."""
    found: Field | None = None
    holder: Any = form
    parts = list(path)
    while parts and holder is not None:
        part = parts.pop(0)
        if isinstance(part, int):
            found = holder.entries[part] if part < len(holder.entries) else found
            holder = found.form if isinstance(found, FormField) else None
            continue
        names = [part, f"{part}{BETWEEN}{parts[0]}" if parts else part]
        names += [name for name in holder._fields if name.startswith(f"{part}{BETWEEN}")]
        name = next((name for name in (names[1], names[0], *names[2:]) if name in holder._fields), None)
        found = holder._fields[name] if name else found
        holder = found if isinstance(found, FieldList) else None
    return found
