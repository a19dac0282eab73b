"""The public fields of an incident: who did what to whom, when, where, and how it is known."""

from __future__ import annotations

from tracker import vocabulary as v
from tracker.dataset.fields.acts import ACT
from tracker.dataset.fields.base import FieldType, PublicField, Tree
from tracker.dataset.fields.common import (
    AS_WRITTEN,
    BY_THE_GATE,
    date_fields,
    document_fields,
    follow_up_fields,
    revision_fields,
)

COARSENED = "as the monitor wrote it, left out where the public precision is coarser"

PLACE: Tree = (
    PublicField(
        "as_reported",
        FieldType.TEXT,
        "The place in the words of the source.",
        COARSENED,
        csv="place_as_reported",
        searched=True,
    ),
    PublicField(
        "venue",
        FieldType.TEXT,
        "Building, square or other site.",
        COARSENED,
        csv="venue",
        searched=True,
        hxl="#loc+venue+name",
    ),
    PublicField(
        "locality",
        FieldType.TEXT,
        "City, town or village.",
        COARSENED,
        csv="locality",
        searched=True,
        hxl="#loc+name",
    ),
    PublicField("admin2", FieldType.TEXT, "District.", COARSENED, csv="admin2", searched=True, hxl="#adm2+name"),
    PublicField(
        "admin1", FieldType.TEXT, "Province or region.", COARSENED, csv="admin1", searched=True, hxl="#adm1+name"
    ),
    PublicField(
        "country",
        FieldType.COUNTRY,
        "Country (ISO 3166-1 alpha-2).",
        AS_WRITTEN,
        csv="country",
        hxl="#country+code+v_iso2",
    ),
    PublicField(
        "latitude",
        FieldType.NUMBER,
        "Degrees north (WGS 84) of the public place: the centre of a cell where it was generalised.",
        "public place, generalised once and stored",
        csv="latitude",
        hxl="#geo+lat",
    ),
    PublicField(
        "longitude",
        FieldType.NUMBER,
        "Degrees east (WGS 84) of the public place.",
        "public place, generalised once and stored",
        csv="longitude",
        hxl="#geo+lon",
    ),
    PublicField(
        "precision",
        FieldType.CODE,
        "How exactly the public place is given.",
        "the coarser of the recorded and the public precision",
        v.PlacePrecision,
        csv="place_precision",
        nullable=False,
        hxl="#geo+precision",
    ),
    PublicField(
        "uncertainty_m",
        FieldType.INTEGER,
        "How far in metres the true place can lie from the coordinates.",
        "public place, generalised once and stored",
        csv="place_uncertainty_m",
    ),
    PublicField(
        "generalised",
        FieldType.BOOLEAN,
        "True when the public place is coarser than the recorded one.",
        BY_THE_GATE,
        csv="place_generalised",
        nullable=False,
    ),
    PublicField(
        "credit",
        FieldType.CODE,
        "Whose place data the coordinates are, where their owner is to be named.",
        BY_THE_GATE,
        v.PlaceCredit,
        csv="place_credit",
    ),
)

OUTLETS: Tree = (
    PublicField(
        "slug",
        FieldType.TEXT,
        "The outlet's name in addresses.",
        "the outlet's own record",
        csv="outlet_slug",
        nullable=False,
    ),
    PublicField(
        "name",
        FieldType.TEXT,
        "The outlet's name.",
        "the outlet's own record",
        csv="outlet_name",
        nullable=False,
        searched=True,
        hxl="#org+outlet+name",
    ),
    PublicField(
        "other_names",
        FieldType.TEXTS,
        "Its other names and its name in other scripts, for the text search.",
        "the outlet's own record",
        csv="outlet_other_names",
        searched=True,
    ),
)

CITED: Tree = (
    *document_fields("source"),
    PublicField(
        "credibility",
        FieldType.CODE,
        "How credible what it says is, 1 to 6.",
        AS_WRITTEN,
        v.Credibility,
        csv="source_credibility",
    ),
    PublicField(
        "supports", FieldType.CODES, "The facts that it is cited for.", AS_WRITTEN, v.Fact, csv="source_supports"
    ),
    PublicField("locator", FieldType.TEXT, "Page, paragraph or minute.", AS_WRITTEN, csv="source_locator"),
)

TOPIC_LINK: Tree = (
    PublicField(
        "slug",
        FieldType.TEXT,
        "The topic's name in addresses.",
        "the topic's own record",
        csv="topic_slug",
        nullable=False,
    ),
    PublicField(
        "title",
        FieldType.TRANSLATIONS,
        "The topic's title, per language.",
        "the topic's own record",
        csv="topic_title",
        searched=True,
        hxl="#crisis+name",
    ),
)

INCIDENT: Tree = (
    PublicField(
        "reference",
        FieldType.TEXT,
        "Number by which to cite the incident: country, year, serial number. It never changes.",
        "given at first publication",
        csv="reference",
        nullable=False,
        searched=True,
        hxl="#event+id",
    ),
    PublicField(
        "id",
        FieldType.TEXT,
        "Random identifier that never changes.",
        "given with the first record",
        csv="id",
        nullable=False,
    ),
    PublicField(
        "title",
        FieldType.TRANSLATIONS,
        "Title, per language.",
        AS_WRITTEN,
        csv="title",
        searched=True,
        hxl="#event+name",
    ),
    PublicField(
        "summary",
        FieldType.TRANSLATIONS,
        "What happened, in our own words, per language.",
        AS_WRITTEN,
        csv="summary",
        searched=True,
        hxl="#description",
    ),
    PublicField("date", FieldType.OBJECT, "When it happened.", AS_WRITTEN, fields=date_fields("date"), nullable=False),
    PublicField(
        "place",
        FieldType.OBJECT,
        "Where it happened, as exactly as may be published.",
        AS_WRITTEN,
        fields=PLACE,
        nullable=False,
    ),
    PublicField("covering", FieldType.CODES, "What was being covered.", AS_WRITTEN, v.Coverage, csv="covering"),
    PublicField(
        "work_related",
        FieldType.CODE,
        "How surely it is connected with the work.",
        AS_WRITTEN,
        v.WorkRelatedness,
        csv="work_related",
    ),
    PublicField(
        "verification",
        FieldType.CODE,
        "How well it is established.",
        AS_WRITTEN,
        v.Verification,
        csv="verification",
        hxl="#status+verification",
    ),
    PublicField(
        "acts",
        FieldType.OBJECTS,
        "What was done: each act with its own victims and perpetrators.",
        AS_WRITTEN,
        fields=ACT,
    ),
    PublicField(
        "outlets", FieldType.OBJECTS, "All outlets in the incident.", "collected from the victims", fields=OUTLETS
    ),
    PublicField(
        "sources", FieldType.OBJECTS, "How it is known: the sources that may be named.", AS_WRITTEN, fields=CITED
    ),
    PublicField(
        "confidential_sources",
        FieldType.INTEGER,
        "How many more sources are confidential.",
        BY_THE_GATE,
        csv="confidential_sources",
        nullable=False,
    ),
    PublicField("topics", FieldType.OBJECTS, "Topics to which it belongs.", AS_WRITTEN, fields=TOPIC_LINK),
    PublicField(
        "follow_ups",
        FieldType.OBJECTS,
        "What was done about it afterwards.",
        AS_WRITTEN,
        fields=follow_up_fields("follow_up"),
    ),
    PublicField(
        "related", FieldType.TEXTS, "References of related incidents that are public.", AS_WRITTEN, csv="related"
    ),
    *revision_fields(csv=True),
)
