"""Private tables of incidents: the episode, its place, and what was cited for it."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Column, Date, ForeignKey, Index, String, Table, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.db import Base, UTCDateTime
from tracker.registry.models.acts import Act
from tracker.registry.models.common import Dated, Entity, Identified, Texts, list_column, texts_column
from tracker.registry.models.documents import FollowUp, Source, Topic
from tracker.vocabulary import Status

incident_topic = Table(
    "incident_topic",
    Base.metadata,
    Column("incident_id", ForeignKey("incident.id", ondelete="CASCADE"), primary_key=True),
    Column("topic_id", ForeignKey("topic.id"), primary_key=True, index=True),
)

related_incident = Table(
    "related_incident",
    Base.metadata,
    Column("incident_id", ForeignKey("incident.id", ondelete="CASCADE"), primary_key=True),
    Column("other_id", ForeignKey("incident.id", ondelete="CASCADE"), primary_key=True, index=True),
)


class Place(Identified, Base):
    """Where an incident occurred: the reporter's words, its parts, and how precisely it is known and shown.

    Beside the point stands where it comes from: how it was found (`placed_by`), which record of a gazetteer was chosen
    (`entry`) by which of its names (`matched`), and who recorded that, when. `tracker.registry.pins` signs it.
    """

    __tablename__ = "place"
    __table_args__ = (Index("ix_place_country_incident_id", "country", "incident_id"),)

    incident_id: Mapped[str] = mapped_column(ForeignKey("incident.id", ondelete="CASCADE"), unique=True)
    as_reported: Mapped[str | None] = mapped_column(Text)
    venue: Mapped[str | None] = mapped_column(Text)
    locality: Mapped[str | None] = mapped_column(Text)
    admin2: Mapped[str | None] = mapped_column(Text)
    admin1: Mapped[str | None] = mapped_column(Text)
    country: Mapped[str] = mapped_column(String(2))
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    precision: Mapped[str | None] = mapped_column(String(20))
    public_precision: Mapped[str | None] = mapped_column(String(20))
    placed_by: Mapped[str | None] = mapped_column(String(20))
    entry: Mapped[str | None] = mapped_column(String(64))
    matched: Mapped[str | None] = mapped_column(Text)
    placed_by_whom: Mapped[str | None] = mapped_column(String(200))
    placed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class Citation(Identified, Base):
    """That a source says something about an incident."""

    __tablename__ = "citation"

    incident_id: Mapped[str] = mapped_column(ForeignKey("incident.id", ondelete="CASCADE"), index=True)
    source_id: Mapped[str] = mapped_column(ForeignKey("reference_source.id"), index=True)
    position: Mapped[int] = mapped_column(default=0)
    supports: Mapped[list[Any]] = list_column()
    credibility: Mapped[str | None] = mapped_column(String(1))
    locator: Mapped[str | None] = mapped_column(Text)

    source: Mapped[Source] = relationship()


class Incident(Dated, Entity):
    """One continuous episode at one place. Its reference is given at first publication and never changes."""

    __tablename__ = "incident"
    # Likely duplicates and the staff list ask for days.
    __table_args__ = (
        Index("ix_incident_date_earliest_date_latest", "date_earliest", "date_latest"),
        Index("ix_incident_status_updated_at", "status", "updated_at"),
        Index("ix_incident_updated_at", "updated_at"),
    )

    reference: Mapped[str | None] = mapped_column(String(20), unique=True)
    status: Mapped[str] = mapped_column(String(20), default=Status.SUBMITTED)
    title: Mapped[Texts] = texts_column()
    summary: Mapped[Texts] = texts_column()
    internal_notes: Mapped[str | None] = mapped_column(Text)
    covering: Mapped[list[Any]] = list_column()
    work_related: Mapped[str | None] = mapped_column(String(20))
    verification: Mapped[str | None] = mapped_column(String(20))
    # When somebody should look at it again, and what for.
    look_again_on: Mapped[date | None] = mapped_column(Date, index=True)
    look_again_for: Mapped[str | None] = mapped_column(Text)

    # Who recorded it, as revisions name people.
    created_by: Mapped[str | None] = mapped_column(String(200), index=True)
    # Where the changes made since publication stand on their way to the public; None where there are none.
    amendment: Mapped[str | None] = mapped_column(String(20), index=True)
    embargo_until: Mapped[datetime | None] = mapped_column(UTCDateTime, index=True)
    # When it was first published, and how often it had been revised when a quarantine removed its public record.
    first_published_on: Mapped[date | None] = mapped_column(Date)
    public_revision: Mapped[int | None]

    place: Mapped[Place] = relationship(cascade="all, delete-orphan", passive_deletes=True)
    topics: Mapped[list[Topic]] = relationship(secondary=incident_topic, order_by=Topic.key)
    related: Mapped[list["Incident"]] = relationship(
        secondary=related_incident,
        primaryjoin=lambda: Incident.id == related_incident.c.incident_id,
        secondaryjoin=lambda: Incident.id == related_incident.c.other_id,
        order_by=lambda: Incident.key,
    )
    sources: Mapped[list[Citation]] = relationship(
        cascade="all, delete-orphan", order_by=Citation.position, passive_deletes=True
    )
    acts: Mapped[list[Act]] = relationship(cascade="all, delete-orphan", order_by=Act.position, passive_deletes=True)
    follow_ups: Mapped[list[FollowUp]] = relationship(
        cascade="all, delete-orphan", order_by=FollowUp.position, passive_deletes=True
    )

    @property
    def stage(self) -> Status:
        """Where the record, or the changes made to it since publication, stand on the way to the public."""
        return Status(self.amendment or self.status)
