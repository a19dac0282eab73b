"""The tables of the public house. No key leads from here to a private table.

`public_version` is the truth: the canonical JSON of every version of every public record. All other tables with a
`version_id` hold renderings of that JSON, for incidents alone, and `rebuild` can make them again from it.

In `public_version` an open version has no `valid_to`; in the renderings it has `OPEN`, so that one comparison of
integers decides whether a row was public at a dataset version.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    String,
    Text,
    and_,
    or_,
    text,
)
from sqlalchemy.orm import InstrumentedAttribute, Mapped, mapped_column

from tracker.db import Base, UTCDateTime
from tracker.vocabulary import NOT_RECORDED

OPEN = 2_147_483_647
"""`valid_to` of a rendering whose version is still public."""

FACET_COLUMNS = ("violation", "completion", "perpetrator", "side", "role", "harm", "outlet", "custody")
"""The columns of the facets by which incidents are filtered."""

# Keys that are sorted or compared are ASCII and compared byte by byte, on both databases alike.
ASCII = Text().with_variant(Text(collation="C"), "postgresql")


def _where(condition: str) -> dict[str, Any]:
    """What makes an index hold only the rows that meet a condition."""
    return {"sqlite_where": text(condition), "postgresql_where": text(condition)}


class DatasetCounter(Base):
    """The one row whose lock makes dataset versions gapless: publishing transactions queue for it."""

    __tablename__ = "public_dataset"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    version: Mapped[int]


class DatasetVersion(Base):
    """One dataset version: when it was published and what it brought, in counts.

    `stamp` is random. It tells versions with the same number apart after a restored backup, for caches.
    """

    __tablename__ = "public_dataset_version"
    __table_args__ = (Index(None, "published_at"),)

    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    published_at: Mapped[datetime] = mapped_column(UTCDateTime)
    stamp: Mapped[str] = mapped_column(String(16))
    additions: Mapped[int] = mapped_column(default=0)
    corrections: Mapped[int] = mapped_column(default=0)
    restrictions: Mapped[int] = mapped_column(default=0)
    withdrawals: Mapped[int] = mapped_column(default=0)


class PublicVersion(Base):
    """One version of one public record. A restriction empties `json` and `key` and leaves the rest as a count."""

    __tablename__ = "public_version"
    __table_args__ = (
        Index(None, "kind", "record_id"),
        Index(None, "kind", "key"),
        Index("uq_public_version_open_record_id", "kind", "record_id", unique=True, **_where("valid_to IS NULL")),
        Index("uq_public_version_open_key", "kind", "key", unique=True, **_where("valid_to IS NULL")),
        Index("ix_public_version_purged", "kind", "valid_from", "valid_to", **_where("json IS NULL")),
        # What each dataset version brought, and what it took away.
        Index("ix_public_version_begun", "valid_from", "id", "nature", **_where("json IS NOT NULL")),
        Index("ix_public_version_ended", "valid_to", "id", **_where("json IS NULL")),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    record_id: Mapped[str] = mapped_column(String(64))
    key: Mapped[str | None] = mapped_column(ASCII)
    valid_from: Mapped[int]
    valid_to: Mapped[int | None]
    published_at: Mapped[datetime] = mapped_column(UTCDateTime)
    nature: Mapped[str] = mapped_column(String(16))
    schema_version: Mapped[int] = mapped_column(SmallInteger)
    json: Mapped[str | None] = mapped_column(Text)


def _version_id() -> Mapped[int]:
    return mapped_column(ForeignKey(PublicVersion.id), primary_key=True, autoincrement=False)


class PublicIncident(Base):
    """What incidents are filtered and sorted by, kept narrow so that a scan of it is fast.

    `earliest` and `latest` are day numbers (1 is 0001-01-01). `periods` says what stands for an open end and
    for an undated incident.
    """

    __tablename__ = "public_incident"
    __table_args__ = (
        Index(None, "sort_key", "valid_from", "valid_to"),
        Index(None, "latest", "earliest", "valid_from", "valid_to"),
        Index(None, "country", "latest", "earliest", "valid_from", "valid_to"),
        Index(None, "place_key"),
        Index(None, "admin1_key"),
    )

    version_id: Mapped[int] = _version_id()
    valid_from: Mapped[int]
    valid_to: Mapped[int]
    earliest: Mapped[int]
    latest: Mapped[int]
    sort_key: Mapped[str] = mapped_column(ASCII)
    country: Mapped[str] = mapped_column(String(16))
    verification: Mapped[str] = mapped_column(String(16))
    admin1_key: Mapped[str] = mapped_column(Text)
    place_key: Mapped[str] = mapped_column(Text)
    response: Mapped[str] = mapped_column(String(16))
    rendered_with: Mapped[str] = mapped_column(String(16))


class PublicLine(Base):
    """The stored CSV line and GeoJSON feature of an incident version, as they leave the house."""

    __tablename__ = "public_line"

    version_id: Mapped[int] = _version_id()
    valid_from: Mapped[int]
    valid_to: Mapped[int]
    csv: Mapped[str] = mapped_column(Text)
    feature: Mapped[str] = mapped_column(Text)


class PublicFacet(Base):
    """Who did what to whom: one row per act, victim and perpetrator, so that filters hold of the same act.

    Numbers count from 1 within the incident; 0 stands for a victim or perpetrator that is not recorded. `facets` says
    what `person` and `counts_as` are: by them victims are counted.
    """

    __tablename__ = "public_facet"
    __table_args__ = (
        # Each index answers the count of a filter of its own column without a look at the table.
        *(Index(None, name, "version_id", "valid_from", "valid_to") for name in FACET_COLUMNS),
        Index("ix_public_facet_act", "violation", "perpetrator", "version_id", "valid_from", "valid_to"),
        {"sqlite_with_rowid": False},
    )

    version_id: Mapped[int] = _version_id()
    act: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    victim: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    involvement: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    valid_from: Mapped[int]
    valid_to: Mapped[int]
    violation: Mapped[str] = mapped_column(String(32))
    completion: Mapped[str] = mapped_column(String(16))
    perpetrator: Mapped[str] = mapped_column(String(32))
    side: Mapped[str] = mapped_column(String(16))
    role: Mapped[str] = mapped_column(String(32))
    harm: Mapped[str] = mapped_column(String(16))
    outlet: Mapped[str] = mapped_column(ASCII)
    custody: Mapped[str] = mapped_column(String(16))
    person: Mapped[int] = mapped_column(SmallInteger)
    counts_as: Mapped[str] = mapped_column(String(8))
    kind: Mapped[str] = mapped_column(String(16), server_default=NOT_RECORDED)
    killing_kind: Mapped[str] = mapped_column(String(32), server_default=NOT_RECORDED)
    arbitrary: Mapped[str] = mapped_column(String(16), server_default=NOT_RECORDED)


class PublicIncidentTopic(Base):
    """The topics of an incident version; an incident without one has a row that says so."""

    __tablename__ = "public_incident_topic"
    __table_args__ = (Index(None, "topic", "version_id"), {"sqlite_with_rowid": False})

    version_id: Mapped[int] = _version_id()
    topic: Mapped[str] = mapped_column(ASCII, primary_key=True)


class PublicKnown(Base):
    """Which public fields of an incident version are known, as `known.known_bits` writes it."""

    __tablename__ = "public_known"

    version_id: Mapped[int] = _version_id()
    bits: Mapped[str] = mapped_column(ASCII)


class PublicPoint(Base):
    """How an incident version stands on the map: where its public point is, if it has one, and what is drawn there.

    `latitude` and `longitude` are in units of 0.00001°, `x`, `y` and `cell` are cells of the map (`map.points` says
    which), months count from the year 0, and `violation_group` is the place of a group in its vocabulary. It stands
    apart from `public_incident` so that lists need not read past it.
    """

    __tablename__ = "public_point"
    __table_args__ = (
        # Each index answers one question of the map in its own order, without a look at the table and without sorting.
        Index("ix_public_point_placing", "placing", "country", "valid_from", "valid_to"),
        Index("ix_public_point_first_month", "first_month", "last_month", "valid_from", "valid_to"),
        Index(
            "ix_public_point_cell",
            "cell",
            "valid_from",
            "valid_to",
            "latitude",
            "longitude",
            "metres",
            "violation_group",
        ),
        Index("ix_public_point_credit", "credit", "valid_from", "valid_to", **_where("credit IS NOT NULL")),
        Index("ix_public_point_longitude", "longitude", "latitude", "valid_from", "valid_to"),
    )

    version_id: Mapped[int] = _version_id()
    valid_from: Mapped[int]
    valid_to: Mapped[int]
    placing: Mapped[str] = mapped_column(String(8))
    country: Mapped[str] = mapped_column(String(16))
    first_month: Mapped[int]
    last_month: Mapped[int]
    violation_group: Mapped[int] = mapped_column(SmallInteger)
    latitude: Mapped[int | None]
    longitude: Mapped[int | None]
    metres: Mapped[int | None]
    x: Mapped[int | None]
    y: Mapped[int | None]
    cell: Mapped[int | None]
    credit: Mapped[str | None] = mapped_column(String(16))


class PublicTally(Base):
    """How many incidents that are public now hold a value; `tallies` says which, and keeps it in step."""

    __tablename__ = "public_tally"
    __table_args__ = ({"sqlite_with_rowid": False},)

    name: Mapped[str] = mapped_column(String(16), primary_key=True)
    value: Mapped[str] = mapped_column(ASCII, primary_key=True)
    count: Mapped[int]


class PublicTombstone(Base):
    """What is said of a withdrawn record: its reference, when, and a reason and successor where there may be one."""

    __tablename__ = "public_tombstone"
    __table_args__ = (Index(None, "dataset_version", "record_id"), Index(None, "record_id"))

    kind: Mapped[str] = mapped_column(String(16), primary_key=True)
    key: Mapped[str] = mapped_column(ASCII, primary_key=True)
    record_id: Mapped[str] = mapped_column(String(64))
    reason: Mapped[str] = mapped_column(String(16))
    successor: Mapped[str | None] = mapped_column(ASCII)
    dataset_version: Mapped[int] = mapped_column(Integer)
    withdrawn_at: Mapped[datetime] = mapped_column(UTCDateTime)


class PublicRelease(Base):
    """A dataset version that was frozen under a name, as files in the folder of releases.

    `folder`, `manifest` and `files` are empty from the moment at which a restriction is found to have reached the
    release until it is issued anew: no file of an issue, and no hash of one, outlives what it held. `purged` counts
    the rows of `public_version` that were public at its dataset version and were empty when this issue was begun.
    """

    __tablename__ = "public_release"

    name: Mapped[str] = mapped_column(ASCII, primary_key=True)
    dataset_version: Mapped[int] = mapped_column(unique=True)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    notes: Mapped[str | None] = mapped_column(Text)
    issue: Mapped[int] = mapped_column(SmallInteger)
    issued_at: Mapped[datetime] = mapped_column(UTCDateTime)
    purged: Mapped[int]
    folder: Mapped[str | None] = mapped_column(String(64))
    manifest: Mapped[str | None] = mapped_column(Text)
    files: Mapped[str | None] = mapped_column(Text)


def public_at(version: int | ColumnElement[int]) -> ColumnElement[bool]:
    """Whether a row of `public_version` was public at dataset version `version`."""
    return and_(
        PublicVersion.valid_from <= version,
        or_(PublicVersion.valid_to.is_(None), PublicVersion.valid_to > version),
    )


def rendered_at(
    table: type[PublicIncident] | type[PublicLine] | type[PublicFacet] | type[PublicPoint],
    version: int | ColumnElement[int],
) -> ColumnElement[bool]:
    """The same for a row of a rendering."""
    start: InstrumentedAttribute[int] = table.valid_from
    end: InstrumentedAttribute[int] = table.valid_to
    return and_(start <= version, end > version)
