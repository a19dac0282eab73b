"""Words for the fields of records and for what stands in them, for histories, comparisons and the staff view.

What kind of value a field holds is read from its draft, so that a new field is put into words as soon as it has a
label here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, get_args

from tracker.dataset.fields import INCIDENT, walk
from tracker.dates import DateProblem, IncidentDate
from tracker.registry.drafts import Draft, IncidentDraft
from tracker.registry.mapping import KINDS
from tracker.registry.queries.names import REFERS
from tracker.vocabulary import Status, Vocabulary
from tracker.web.translation import gettext, gettext_noop, page_locale, pgettext
from tracker.web.wording import capital, country, day, instant, language_name, number

Path = tuple[str | int, ...]
Names = Mapping[tuple[str, str], str]
"""The names of other records by kind and key, as `queries.names_of` finds them."""

LABELS = {
    "accessed_on": gettext_noop("accessed on"),
    "about": gettext_noop("about"),
    "acts": gettext_noop("acts"),
    "admin1": gettext_noop("region"),
    "admin2": gettext_noop("district"),
    "affiliation": gettext_noop("belonging to"),
    "amendment": gettext_noop("stage of the changes"),
    "arbitrary": gettext_noop("judgement"),
    "archive_sha256": gettext_noop("SHA-256 of the archived copy"),
    "archived_url": gettext_noop("archived copy"),
    "as_reported": gettext_noop("in the words of the source"),
    "basis": gettext_noop("basis"),
    "by": gettext_noop("by whom"),
    "completion": gettext_noop("completion"),
    "confidential": gettext_noop("confidential"),
    "confidential_sources": gettext_noop("number of confidential sources"),
    "consent": gettext_noop("consent"),
    "contact": gettext_noop("contact"),
    "count": gettext_noop("how many"),
    "count_as_reported": gettext_noop("how many, in the words of the source"),
    "count_least": gettext_noop("at least"),
    "count_most": gettext_noop("at most"),
    "country": gettext_noop("country"),
    "covering": gettext_noop("what was being covered"),
    "credibility": gettext_noop("credibility"),
    "credit": gettext_noop("owner of the place data"),
    "custody_from": gettext_noop("in custody from"),
    "custody_until": gettext_noop("in custody until"),
    "date": gettext_noop("date"),
    "default_public_precision": gettext_noop("how exactly places are shown"),
    "description": gettext_noop("description"),
    "disagreement": gettext_noop("what sources do not agree on"),
    "earliest": gettext_noop("earliest day"),
    "edtf": gettext_noop("date"),
    "embargo_until": gettext_noop("embargo until"),
    "employment": gettext_noop("employment"),
    "entry": gettext_noop("record in the gazetteer"),
    "equipment": gettext_noop("equipment"),
    "extent": gettext_noop("lasted from the first to the last day"),
    "fate": gettext_noop("what became of it"),
    "follow_ups": gettext_noop("follow-ups"),
    "followed": gettext_noop("what followed"),
    "gender": gettext_noop("gender"),
    "generalised": gettext_noop("shown less exactly than known"),
    "ground": gettext_noop("ground other than the work"),
    "harm": gettext_noop("harm"),
    "independence_group": gettext_noop("group of sources that repeat one another"),
    "internal_notes": gettext_noop("internal notes"),
    "introduction": gettext_noop("introduction"),
    "involvements": gettext_noop("those involved"),
    "item": gettext_noop("item"),
    "key": gettext_noop("key"),
    "killing_kind": gettext_noop("kind of killing"),
    "kind": gettext_noop("kind"),
    "language": gettext_noop("language"),
    "languages": gettext_noop("languages"),
    "latitude": gettext_noop("latitude"),
    "latest": gettext_noop("latest day"),
    "legal": gettext_noop("consent to use in legal proceedings"),
    "licence": gettext_noop("licence"),
    "locality": gettext_noop("town or village"),
    "locator": gettext_noop("page, minute or paragraph"),
    "longitude": gettext_noop("longitude"),
    "look_again_for": gettext_noop("what to look for then"),
    "look_again_on": gettext_noop("look at it again on"),
    "matched": gettext_noop("name that matched"),
    "media": gettext_noop("media"),
    "method": gettext_noop("method"),
    "minor": gettext_noop("minor"),
    "name": gettext_noop("name"),
    "name_published_in": gettext_noop("sources that print the name"),
    "named_actor": gettext_noop("named actor"),
    "named_actor_is": gettext_noop("the named actor is"),
    "naming": gettext_noop("naming"),
    "note": gettext_noop("note for staff"),
    "number": gettext_noop("number"),
    "ongoing": gettext_noop("still going on"),
    "one_person": gettext_noop("authors may review their own texts"),
    "organisation": gettext_noop("organisation"),
    "other_names": gettext_noop("other names"),
    "outlet": gettext_noop("outlet"),
    "outlets": gettext_noop("outlets"),
    "ownership": gettext_noop("ownership"),
    "part_of_day": gettext_noop("part of the day"),
    "perpetrator": gettext_noop("type of perpetrator"),
    "person": gettext_noop("person"),
    "place": gettext_noop("place of the incident"),
    "placed_by": gettext_noop("placed by"),
    "precision": gettext_noop("precision of the place"),
    "public_precision": gettext_noop("precision of the public place"),
    "publish_account": gettext_noop("consent to publish the account"),
    "publish_identity": gettext_noop("consent to publish the identity"),
    "published_on": gettext_noop("published on"),
    "publisher": gettext_noop("publisher"),
    "related": gettext_noop("related incidents"),
    "reliability": gettext_noop("reliability"),
    "returned": gettext_noop("returned"),
    "role": gettext_noop("role"),
    "share": gettext_noop("consent to share with partners"),
    "slug": gettext_noop("name in addresses"),
    "source": gettext_noop("source"),
    "sources": gettext_noop("sources"),
    "status": gettext_noop("status"),
    "store": gettext_noop("consent to keep the data"),
    "summary": gettext_noop("public summary"),
    "supports": gettext_noop("facts supported"),
    "text": gettext_noop("text"),
    "timeline": gettext_noop("timeline"),
    "title": gettext_noop("title"),
    "topics": gettext_noop("topics"),
    "type": gettext_noop("type"),
    "uncertainty_m": gettext_noop("how far off the point may be, in metres"),
    "url": gettext_noop("web address"),
    "venue": gettext_noop("venue"),
    "verification": gettext_noop("verification"),
    "victims": gettext_noop("victims"),
    "violation": gettext_noop("violation"),
    "website": gettext_noop("website"),
    "work_related": gettext_noop("connection with the work"),
}
"""The word for each field of each draft, of what else revisions tell of, and of the public record of an incident."""

# What a list of rows is made of: the word for one row, with its number.
ROWS = {
    "acts": gettext_noop("act %(number)s"),
    "victims": gettext_noop("victim %(number)s"),
    "involvements": gettext_noop("involved party %(number)s"),
    "sources": gettext_noop("source %(number)s"),
    "follow_ups": gettext_noop("follow-up %(number)s"),
    "timeline": gettext_noop("entry %(number)s"),
    "equipment": gettext_noop("item %(number)s"),
    "other_names": gettext_noop("other name %(number)s"),
}

# Kinds of record that are called what things are called; many languages have another word for the names of people.
THINGS = frozenset({"outlet", "site"})
ACTORS = {"organisation": gettext_noop("an organisation"), "person": gettext_noop("a person")}
# Parts whose own fields say what they are.
SPEAK_FOR_THEMSELVES = frozenset({"consent", "date", "edtf", "place"})
# What revisions tell of that no draft holds.
MOVES = {"status": Status, "amendment": Status}
# The codes of the public record, which has its sources, its outlets and its place in a shape of its own.
PUBLIC_CODES = {
    tuple(step.path.split(".")): step.field.vocabulary for step in walk(INCIDENT) if step.field.vocabulary is not None
}
DAYS = frozenset(
    {"accessed_on", "custody_from", "custody_until", "look_again_on", "published_on", "first_published_on"}
)


def field_label(name: str, kind: str = "incident") -> str:
    """The word for a field of a kind of record, to stand inside a sentence; what nobody knows is shown as it is."""
    if kind in THINGS and name == "name":
        return pgettext("of a thing", "name")
    if kind in THINGS and name == "other_names":
        return pgettext("of a thing", "other names")
    return gettext(LABELS[name]) if name in LABELS else name


def row_label(name: str, place: int, kind: str = "incident") -> str:
    """The word for one row of a list, counted from nought: `act 1`."""
    if kind in THINGS and name == "other_names":
        return pgettext("of a thing", "other name %(number)s", number=place + 1)
    return gettext(ROWS[name], number=place + 1) if name in ROWS else f"{field_label(name)} {place + 1}"


@dataclass(frozen=True, slots=True)
class Speaker:
    """Puts values of one kind of record into words; other records are called by their names where these are known."""

    kind: str
    names: Names

    def value(self, path: Path, value: Any) -> str | None:
        """What stands at a place of the record, in words; None where nothing does."""
        if value is None or value in ([], {}):
            return None
        if isinstance(value, dict):
            return self._fields(path, value)
        if isinstance(value, list):
            rows = [self.value((*path, number), item) for number, item in enumerate(value)]
            return ("\n" if any(isinstance(item, dict) for item in value) else ", ").join(row or "" for row in rows)
        return self._single(path, value)

    def _fields(self, path: Path, value: Mapping[str, Any]) -> str:
        parts = [(name, self.value((*path, name), part)) for name, part in value.items()]
        told = [
            words if name in SPEAK_FOR_THEMSELVES else self._field(path, name, words) for name, words in parts if words
        ]
        return capital("; ".join(told)) if path and isinstance(path[-1], int) else "; ".join(told)

    def _field(self, path: Path, name: str, words: str) -> str:
        label = language_name(name) if self._is_text(path) else field_label(name, self.kind)
        return gettext("%(field)s: %(value)s", field=label, value=words)

    def _is_text(self, path: Path) -> bool:
        return draft_at(self.kind, path) is None and field_type(self.kind, path) is dict

    def _single(self, path: Path, value: Any) -> str:
        name = next((part for part in reversed(path) if isinstance(part, str)), "")
        vocabulary = MOVES.get(name) or vocabulary_at(self.kind, path) or self._public_codes(path)
        if isinstance(value, bool):
            return gettext("yes") if value else gettext("no")
        if vocabulary is not None and value in vocabulary.codes():
            return gettext(vocabulary(value).label)
        if isinstance(value, str):
            return self._text(name, value)
        return number(value) if isinstance(value, int) else str(value)

    def _public_codes(self, path: Path) -> type[Vocabulary] | None:
        names = tuple(part for part in path if isinstance(part, str))
        return PUBLIC_CODES.get(names) if self.kind == "incident" else None

    def _text(self, name: str, value: str) -> str:
        if name in REFERS:
            return self.names.get((REFERS[name], value), value)
        if name == "edtf":
            return _date_words(value)
        if name in DAYS:
            return day(value)
        if name == "country":
            return country(value)
        if name in ("language", "languages"):
            return language_name(value)
        if name == "named_actor_is" and value in ACTORS:
            return gettext(ACTORS[value])
        return instant_words(value) if name == "embargo_until" else value


def instant_words(value: str) -> str:
    """An instant that a revision holds as text, in words."""
    return instant(datetime.fromisoformat(value))


def _date_words(edtf: str) -> str:
    try:
        return IncidentDate.from_edtf(edtf).in_words(str(page_locale()), gettext) or edtf
    except DateProblem:
        return edtf


def draft_at(kind: str, path: Path) -> type[Draft] | None:
    """The draft whose fields stand at a path of a kind of record; None where plain values do."""
    found = _annotation(kind, path)
    return next((each for each in _alternatives(found) if isinstance(each, type) and issubclass(each, Draft)), None)


def field_type(kind: str, path: Path) -> Any:
    """The plain Python type of what stands at a path: `dict` for texts by language, `list`, or the type itself."""
    found = _annotation(kind, path)
    return next((origin for each in _alternatives(found) if (origin := getattr(each, "__origin__", None))), found)


def vocabulary_at(kind: str, path: Path) -> type[Vocabulary] | None:
    """The vocabulary of the codes that stand at a path."""
    found = _annotation(kind, path)
    kinds = (each for each in _alternatives(found) if isinstance(each, type))
    return next((each for each in kinds if issubclass(each, Vocabulary)), None)


def _annotation(kind: str, path: Path) -> Any:
    """What a draft says about the place: its fields' types, through the rows of lists."""
    found: Any = KINDS[kind][0] if kind in KINDS else IncidentDraft
    for part in path:
        holder = next((each for each in _alternatives(found) if isinstance(each, type)), None)
        if isinstance(part, int):
            found = next(iter(_arguments_of(found, list)), None)
        elif isinstance(holder, type) and issubclass(holder, Draft):
            field = holder.model_fields.get(part)
            found = field.annotation if field else None
        else:
            arguments = _arguments_of(found, dict)
            found = arguments[1] if len(arguments) == 2 else None
    return found


def _alternatives(annotation: Any) -> tuple[Any, ...]:
    """The types that an annotation allows: its own, or those of a union, or that of what it annotates."""
    origin = getattr(annotation, "__origin__", None)
    if origin in (list, dict) or isinstance(annotation, type):
        return (annotation,)
    arguments = get_args(annotation)
    return tuple(inner for each in arguments for inner in _alternatives(each)) or (annotation,)


def _arguments_of(annotation: Any, of: type) -> tuple[Any, ...]:
    return next((get_args(each) for each in _alternatives(annotation) if getattr(each, "__origin__", None) is of), ())
