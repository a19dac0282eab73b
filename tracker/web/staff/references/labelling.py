"""Labels, hints and choices of the fields of this room, in the language of the page."""

from collections.abc import Mapping

from wtforms import Field, FieldList, FormField, SelectMultipleField

from tracker.vocabulary import (
    COUNTRIES,
    FollowUpKind,
    Licence,
    Medium,
    Ownership,
    PlacePrecision,
    Reliability,
    SourceType,
    Vocabulary,
    country_name,
)
from tracker.web.staff.field_words import field_label
from tracker.web.translation import gettext, gettext_noop, page_locale
from tracker.web.wording import capital, language_name

BETWEEN = "__"
"""What stands between the name of a text and its language in the name of a field."""

CHOICES: Mapping[str, type[Vocabulary]] = {
    "media": Medium,
    "ownership": Ownership,
    "type": SourceType,
    "reliability": Reliability,
    "kind": FollowUpKind,
    "licence": Licence,
    "default_public_precision": PlacePrecision,
}
HINTS = {
    "key": gettext_noop("How addresses and files call it: small letters, digits, hyphens. Left empty, it is made up."),
    "language": gettext_noop("A code, such as en, ru or ky."),
    "confidential": gettext_noop("Naming it could harm somebody: readers learn only how many such sources there are."),
    "independence_group": gettext_noop("A word that sources share which repeat one another, such as the wire's name."),
    "published_on": gettext_noop("Such as 2020-10-05."),
    "accessed_on": gettext_noop("Such as 2020-10-05."),
    "note": gettext_noop("For staff alone; never published."),
    "date": gettext_noop("As you would write it: 5 October 2020, October 2020, 4–6 Oct 2020."),
    "sources": gettext_noop("The key, the title or the address of a source on record."),
    "languages": gettext_noop("Codes with commas between them, in which titles and summaries are to be given."),
    "default_public_precision": gettext_noop("Unless somebody chooses otherwise for an incident."),
}


def label(field: Field, kind: str) -> None:
    """Give a field of a kind of record, and those in its rows, words in the page's language: label, hint, choices."""
    name, _, language = field.short_name.partition(BETWEEN)
    words = capital(field_label(name, kind))
    if name in HINTS:
        field.description = gettext(HINTS[name])
    field.label.text = (
        gettext("%(field)s (%(language)s)", field=words, language=language_name(language)) if language else words
    )
    if name in CHOICES or name == "country":
        field.choices = _choices(name, optional=not isinstance(field, SelectMultipleField))
    for inner in field if isinstance(field, FieldList) else ():
        if not isinstance(inner, FormField):
            # One of several, such as the sources of an entry; its own name is but a number.
            inner.label.text = words
        for part in inner.form if isinstance(inner, FormField) else ():
            label(part, kind)


def _choices(name: str, *, optional: bool) -> list[tuple[str, str]]:
    if name == "country":
        named = [(code, country_name(code, page_locale())) for code in COUNTRIES]
        pairs = sorted(named, key=lambda pair: pair[1].casefold())
    else:
        pairs = [(member.value, gettext(member.label)) for member in CHOICES[name]]
    return [("", "—"), *pairs] if optional else pairs
