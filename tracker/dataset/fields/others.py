"""The public fields of the other records: topics with their timelines, outlets, and the site itself."""

from __future__ import annotations

from tracker import vocabulary as v
from tracker.dataset.fields.base import FieldType, PublicField, Tree
from tracker.dataset.fields.common import (
    AS_WRITTEN,
    BY_THE_GATE,
    date_fields,
    document_fields,
    follow_up_fields,
    revision_fields,
)

SLUG = "Its name in addresses: lower-case letters, digits and hyphens."
IDENTIFIER = "Random identifier that never changes."

TIMELINE: Tree = (
    PublicField("date", FieldType.OBJECT, "When it happened.", AS_WRITTEN, fields=date_fields(None)),
    PublicField("text", FieldType.TRANSLATIONS, "What happened, per language.", AS_WRITTEN),
    PublicField(
        "disagreement", FieldType.TRANSLATIONS, "Where the sources contradict each other, and how.", AS_WRITTEN
    ),
    PublicField("sources", FieldType.INTEGERS, "Numbers of the sources of this record that report it.", BY_THE_GATE),
)

TOPIC: Tree = (
    PublicField("slug", FieldType.TEXT, SLUG, AS_WRITTEN, nullable=False),
    PublicField("id", FieldType.TEXT, IDENTIFIER, "given with the first record", nullable=False),
    PublicField("title", FieldType.TRANSLATIONS, "Title, per language.", AS_WRITTEN),
    PublicField("summary", FieldType.TRANSLATIONS, "What the topic is about, per language.", AS_WRITTEN),
    PublicField("timeline", FieldType.OBJECTS, "Events around the incidents, in order.", AS_WRITTEN, fields=TIMELINE),
    PublicField(
        "follow_ups",
        FieldType.OBJECTS,
        "What was done or said about it afterwards.",
        AS_WRITTEN,
        fields=follow_up_fields(None),
    ),
    PublicField(
        "sources", FieldType.OBJECTS, "The sources that may be named.", AS_WRITTEN, fields=document_fields(None)
    ),
    *revision_fields(),
)

OTHER_NAMES: Tree = (
    PublicField("name", FieldType.TEXT, "The name.", AS_WRITTEN, nullable=False),
    PublicField("language", FieldType.TEXT, "Its language (BCP 47).", AS_WRITTEN),
)

OUTLET: Tree = (
    PublicField("slug", FieldType.TEXT, SLUG, AS_WRITTEN, nullable=False),
    PublicField("id", FieldType.TEXT, IDENTIFIER, "given with the first record", nullable=False),
    PublicField("name", FieldType.TEXT, "The outlet's name.", AS_WRITTEN, nullable=False),
    PublicField(
        "other_names", FieldType.OBJECTS, "Other names, spellings and scripts.", AS_WRITTEN, fields=OTHER_NAMES
    ),
    PublicField("media", FieldType.CODES, "In which media it publishes.", AS_WRITTEN, v.Medium),
    PublicField("ownership", FieldType.CODE, "Who owns it.", AS_WRITTEN, v.Ownership),
    PublicField("country", FieldType.COUNTRY, "Where it is based (ISO 3166-1 alpha-2).", AS_WRITTEN),
    PublicField("website", FieldType.TEXT, "Its address on the web.", AS_WRITTEN, format="uri"),
    *revision_fields(),
)

SITE: Tree = (
    PublicField("name", FieldType.TRANSLATIONS, "Name of the site, per language.", AS_WRITTEN),
    PublicField("organisation", FieldType.TEXT, "Who runs it.", AS_WRITTEN),
    PublicField("contact", FieldType.TEXT, "How to reach them.", AS_WRITTEN),
    PublicField("licence", FieldType.CODE, "Licence of the data.", AS_WRITTEN, v.Licence, nullable=False),
    PublicField("introduction", FieldType.TRANSLATIONS, "Text of the first page, per language.", AS_WRITTEN),
    PublicField("about", FieldType.TRANSLATIONS, "Text of the page about the site, per language.", AS_WRITTEN),
    *revision_fields(),
)
