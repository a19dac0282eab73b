"""Groups of public fields that several kinds of record share: dates, follow-ups, sources, the revision."""

from __future__ import annotations

from tracker import vocabulary as v
from tracker.dataset.fields.base import FieldType, PublicField, Tree

AS_WRITTEN = "as the monitor wrote it"
FROM_EDTF = "derived from the EDTF text"
BY_THE_GATE = "set when the record is published"


def date_fields(prefix: str | None) -> Tree:
    """The fields of a date; `prefix` starts their CSV columns (none: the date is not in the CSV)."""

    def column(name: str) -> str | None:
        return f"{prefix}_{name}" if prefix else None

    def hashtag(attribute: str) -> str | None:
        return f"#date+{attribute}" if prefix == "date" else None

    return (
        PublicField(
            "edtf",
            FieldType.TEXT,
            "The date in EDTF (ISO 8601-2): 2020-10-05 is a day, "
            "2020-10-05/2020-10-06 lasted over these days, [2020-10-05..2020-10-06] was one of these days.",
            AS_WRITTEN,
            csv=column("edtf"),
            nullable=False,
            hxl=hashtag("edtf"),
        ),
        PublicField(
            "earliest",
            FieldType.DATE,
            "First day on which it can have happened, or on which it began; empty when no such limit is known.",
            FROM_EDTF,
            csv=column("earliest"),
            hxl=hashtag("start"),
        ),
        PublicField(
            "latest",
            FieldType.DATE,
            "Last day on which it can have happened, or on which it ended; empty when no such limit is known.",
            FROM_EDTF,
            csv=column("latest"),
            hxl=hashtag("end"),
        ),
        PublicField(
            "precision",
            FieldType.CODE,
            "How exactly the date is known.",
            FROM_EDTF,
            v.DatePrecision,
            csv=column("precision"),
            nullable=False,
        ),
        PublicField(
            "extent",
            FieldType.BOOLEAN,
            "True when it lasted from the earliest to the latest day; false when it happened on one of these days.",
            FROM_EDTF,
            csv=column("extent"),
            nullable=False,
        ),
        PublicField(
            "part_of_day",
            FieldType.CODE,
            "Part of the day; a night belongs to the evening on which it begins.",
            AS_WRITTEN,
            v.PartOfDay,
            csv=column("part_of_day"),
        ),
        PublicField(
            "basis",
            FieldType.CODE,
            "Whether a source states the date or it was inferred.",
            AS_WRITTEN,
            v.DateBasis,
            csv=column("basis"),
            nullable=False,
        ),
        PublicField(
            "as_reported", FieldType.TEXT, "The date in the words of the source.", AS_WRITTEN, csv=column("as_reported")
        ),
        PublicField(
            "ongoing",
            FieldType.BOOLEAN,
            "True when it had begun and had not ended when the record was last revised.",
            FROM_EDTF,
            csv=column("ongoing"),
            nullable=False,
        ),
    )


def follow_up_fields(prefix: str | None) -> Tree:
    """The fields of a follow-up; `prefix` starts their CSV columns."""

    def column(name: str) -> str | None:
        return f"{prefix}_{name}" if prefix else None

    return (
        PublicField(
            "kind",
            FieldType.CODE,
            "What kind of step or answer it was.",
            AS_WRITTEN,
            v.FollowUpKind,
            csv=column("kind"),
            nullable=False,
        ),
        PublicField(
            "date", FieldType.OBJECT, "When it happened, if known.", AS_WRITTEN, fields=date_fields(column("date"))
        ),
        PublicField(
            "by", FieldType.TEXT, "Who took the step or gave the answer.", AS_WRITTEN, csv=column("by"), searched=True
        ),
        PublicField(
            "text",
            FieldType.TRANSLATIONS,
            "What was done or said, per language.",
            AS_WRITTEN,
            csv=column("text"),
            searched=True,
        ),
        PublicField(
            "sources",
            FieldType.INTEGERS,
            "Numbers of the sources of this record that report it.",
            "numbered " + BY_THE_GATE.removeprefix("set "),
            csv=column("sources"),
        ),
    )


def document_fields(prefix: str | None) -> Tree:
    """The fields of a source as a document, whatever cites it."""

    def column(name: str) -> str | None:
        return f"{prefix}_{name}" if prefix else None

    return (
        PublicField(
            "number",
            FieldType.INTEGER,
            "Number of the source within this record, from 1.",
            BY_THE_GATE,
            csv=column("number"),
            nullable=False,
        ),
        PublicField(
            "type", FieldType.CODE, "What kind of document it is.", AS_WRITTEN, v.SourceType, csv=column("type")
        ),
        PublicField(
            "publisher",
            FieldType.TEXT,
            "Who published it.",
            AS_WRITTEN,
            csv=column("publisher"),
            searched=True,
            hxl="#meta+source",
        ),
        PublicField("title", FieldType.TEXT, "Its title.", AS_WRITTEN, csv=column("title"), searched=True),
        PublicField(
            "url",
            FieldType.TEXT,
            "Its address on the web.",
            AS_WRITTEN,
            csv=column("url"),
            format="uri",
            hxl="#meta+url",
        ),
        PublicField("language", FieldType.TEXT, "Its language (BCP 47).", AS_WRITTEN, csv=column("language")),
        PublicField(
            "published_on", FieldType.DATE, "The day on which it was published.", AS_WRITTEN, csv=column("published_on")
        ),
        PublicField(
            "accessed_on", FieldType.DATE, "The day on which it was read.", AS_WRITTEN, csv=column("accessed_on")
        ),
        PublicField(
            "archived_url",
            FieldType.TEXT,
            "Address of an archived copy.",
            AS_WRITTEN,
            csv=column("archived_url"),
            format="uri",
        ),
        PublicField(
            "archive_sha256",
            FieldType.TEXT,
            "SHA-256 of the archived copy.",
            AS_WRITTEN,
            csv=column("archive_sha256"),
            format="sha256",
        ),
        PublicField(
            "reliability",
            FieldType.CODE,
            "How reliable the source has been, A to F.",
            AS_WRITTEN,
            v.Reliability,
            csv=column("reliability"),
        ),
        PublicField(
            "independence_group",
            FieldType.TEXT,
            "Sources that share this word draw on one origin and count as one.",
            AS_WRITTEN,
            csv=column("independence_group"),
        ),
    )


def revision_fields(*, csv: bool = False) -> Tree:
    """When a record was published and revised."""
    return (
        PublicField(
            "published_on",
            FieldType.DATE,
            "The day (UTC) on which the record was first published.",
            BY_THE_GATE,
            csv="published_on" if csv else None,
            nullable=False,
            hxl="#date+published",
        ),
        PublicField(
            "revised_on",
            FieldType.DATE,
            "The day (UTC) of the latest revision.",
            BY_THE_GATE,
            csv="revised_on" if csv else None,
            nullable=False,
            hxl="#date+updated",
        ),
        PublicField(
            "revision",
            FieldType.INTEGER,
            "Number of the revision, from 1.",
            BY_THE_GATE,
            csv="revision" if csv else None,
            nullable=False,
        ),
    )
