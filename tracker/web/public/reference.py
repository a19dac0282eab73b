"""What the methodology and the data page print from the program's own tables: vocabularies, fields, parameters.

Nothing in those tables is written a second time in a template, so that the pages cannot fall behind the program.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from tracker.dataset.fields import TREES, CsvColumn, FieldType, Kind, PublicField, walk
from tracker.dataset.parameters import PARAMETERS
from tracker.vocabulary import VOCABULARIES, Vocabulary
from tracker.web.translation import gettext, gettext_noop

# These say how the registry works inside; no public record holds their codes.
INTERNAL = frozenset({"status", "consent"})
NAMES = {vocabulary: name for name, vocabulary in VOCABULARIES.items()}


@dataclass(frozen=True, slots=True)
class Glossary:
    """One vocabulary as the methodology page prints it; `name` is its anchor."""

    name: str
    heading: str
    introduction: str
    terms: tuple[Vocabulary, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a data dictionary: a field, a column or a parameter, and the vocabulary of its codes, if any."""

    name: str
    description: str
    vocabulary: str | None
    type: str = ""
    origin: str = ""


@dataclass(frozen=True, slots=True)
class Dictionary:
    """The fields of one kind of public record."""

    name: str
    heading: str
    rows: tuple[Row, ...]


_HEADINGS = {
    "violation": gettext_noop("Violations"),
    "killing_kind": gettext_noop("Kinds of killing"),
    "completion": gettext_noop("Completion"),
    "method": gettext_noop("Methods"),
    "ground": gettext_noop("Grounds"),
    "arbitrary": gettext_noop("Arbitrary detention"),
    "perpetrator": gettext_noop("Perpetrators"),
    "side": gettext_noop("State and non-state"),
    "involvement_role": gettext_noop("Parts in an act"),
    "basis": gettext_noop("Grounds for naming a perpetrator"),
    "victim_kind": gettext_noop("Kinds of victim"),
    "naming": gettext_noop("Naming"),
    "victim_role": gettext_noop("Roles of victims"),
    "employment": gettext_noop("Employment"),
    "gender": gettext_noop("Gender"),
    "harm": gettext_noop("Bodily harm"),
    "equipment_item": gettext_noop("Equipment"),
    "equipment_fate": gettext_noop("What was done to equipment"),
    "returned": gettext_noop("Return of equipment"),
    "consequence": gettext_noop("What followed for the victim"),
    "custody": gettext_noop("Custody"),
    "verification": gettext_noop("Verification"),
    "work_related": gettext_noop("Relation to the work"),
    "source_type": gettext_noop("Types of source"),
    "fact": gettext_noop("Facts that a source supports"),
    "reliability": gettext_noop("Reliability of a source"),
    "credibility": gettext_noop("Credibility of a statement"),
    "date_precision": gettext_noop("Precision of dates"),
    "part_of_day": gettext_noop("Parts of the day"),
    "date_basis": gettext_noop("Grounds of dates"),
    "place_precision": gettext_noop("Precision of places"),
    "placed_by": gettext_noop("How places were found"),
    "place_credit": gettext_noop("Owners of place data"),
    "placing": gettext_noop("Incidents on the map"),
    "violation_group": gettext_noop("Groups of violations on the map"),
    "coverage": gettext_noop("What was being covered"),
    "medium": gettext_noop("Media"),
    "ownership": gettext_noop("Ownership of outlets"),
    "follow_up_kind": gettext_noop("Follow-ups"),
    "response": gettext_noop("Official responses"),
    "nature": gettext_noop("Additions, corrections, restrictions"),
    "withdrawal_reason": gettext_noop("Reasons for withdrawal"),
    "licence": gettext_noop("Licences"),
    "relation": gettext_noop("Relations to the lists of others"),
    "certainty": gettext_noop("Certainty about the lists of others"),
}


def heading(name: str) -> str:
    """What a vocabulary is called."""
    return gettext(_HEADINGS[name]) if name in _HEADINGS else name


def glossaries() -> list[Glossary]:
    """Every vocabulary whose codes the public meets, in the order in which they are printed."""
    return [
        Glossary(name, heading(name), gettext(vocabulary.introduction()), tuple(vocabulary))
        for name, vocabulary in VOCABULARIES.items()
        if name not in INTERNAL
    ]


_TYPES = {
    FieldType.TEXT: gettext_noop("text"),
    FieldType.TRANSLATIONS: gettext_noop("text per language"),
    FieldType.CODE: gettext_noop("code"),
    FieldType.CODES: gettext_noop("list of codes"),
    FieldType.COUNTRY: gettext_noop("country code"),
    FieldType.DATE: gettext_noop("date"),
    FieldType.INTEGER: gettext_noop("whole number"),
    FieldType.NUMBER: gettext_noop("number"),
    FieldType.BOOLEAN: gettext_noop("true or false"),
    FieldType.TEXTS: gettext_noop("list of texts"),
    FieldType.INTEGERS: gettext_noop("list of whole numbers"),
    FieldType.OBJECT: gettext_noop("object"),
    FieldType.OBJECTS: gettext_noop("list of objects"),
}


def _type_words(field: PublicField) -> str:
    words = gettext(_TYPES[field.type])
    return gettext("%(type)s or null", type=words) if field.may_be_null else words


def _rows(kind: Kind) -> Iterator[Row]:
    for step in walk(TREES[kind]):
        field = step.field
        name = NAMES[field.vocabulary] if field.vocabulary else None
        yield Row(step.path, field.description, name, _type_words(field), field.source)


def dictionaries() -> list[Dictionary]:
    """The fields of all four kinds of public record."""
    headings = {
        Kind.INCIDENT: gettext("Fields of an incident"),
        Kind.TOPIC: gettext("Fields of a topic"),
        Kind.OUTLET: gettext("Fields of an outlet"),
        Kind.SITE: gettext("Fields of the site"),
    }
    return [Dictionary(kind.value, headings[kind], tuple(_rows(kind))) for kind in Kind]


def csv_columns(columns: Iterable[CsvColumn]) -> list[Row]:
    """The columns of a CSV file, in their order."""
    return [
        Row(
            column.name,
            column.description,
            NAMES[column.field.vocabulary] if column.field.vocabulary and column.part == "value" else None,
        )
        for column in columns
    ]


def parameters() -> list[Row]:
    """The names that a query string may hold."""
    return [
        Row(name, parameter.description, NAMES[parameter.vocabulary] if parameter.vocabulary else None)
        for name, parameter in PARAMETERS.items()
    ]
