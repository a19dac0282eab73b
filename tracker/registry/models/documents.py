"""Private tables of what incidents refer to: sources, people, outlets, topics, follow-ups, the site."""

from datetime import date
from typing import Any

from sqlalchemy import Column, Date, ForeignKey, String, Table, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.db import Base
from tracker.registry.models.common import ID_LENGTH, Dated, Entity, Identified, Texts, list_column, texts_column


class Source(Entity):
    """A document or statement; `reference_source` in the table's name keeps it apart from a journalist's own source."""

    __tablename__ = "reference_source"

    type: Mapped[str | None] = mapped_column(String(40))
    publisher: Mapped[str | None] = mapped_column(Text)
    title: Mapped[str | None] = mapped_column(Text)
    url: Mapped[str | None] = mapped_column(Text)
    language: Mapped[str | None] = mapped_column(String(20))
    published_on: Mapped[date | None] = mapped_column(Date)
    accessed_on: Mapped[date | None] = mapped_column(Date)
    archived_url: Mapped[str | None] = mapped_column(Text)
    archive_sha256: Mapped[str | None] = mapped_column(String(64))
    confidential: Mapped[bool] = mapped_column(default=False)
    reliability: Mapped[str | None] = mapped_column(String(1))
    independence_group: Mapped[str | None] = mapped_column(String(80))
    note: Mapped[str | None] = mapped_column(Text)
    # The record that it was merged into, which stands for it until the merge is undone.
    merged_into: Mapped[str | None] = mapped_column(String(ID_LENGTH), index=True)

    @property
    def shows_names(self) -> bool:
        """Whether it can prove that a name is public: it is open, and can be found."""
        return not self.confidential and bool(self.url or (self.publisher and self.title))


class Person(Entity):
    """Somebody attacked; the name as printed."""

    __tablename__ = "person"

    name: Mapped[str] = mapped_column(Text)
    other_names: Mapped[list[Any]] = list_column()
    # The record that it was merged into, which stands for it until the merge is undone.
    merged_into: Mapped[str | None] = mapped_column(String(ID_LENGTH), index=True)


class Outlet(Entity):
    """A newsroom, site, channel or agency."""

    __tablename__ = "outlet"

    name: Mapped[str] = mapped_column(Text)
    other_names: Mapped[list[Any]] = list_column()
    media: Mapped[list[Any]] = list_column()
    ownership: Mapped[str | None] = mapped_column(String(40))
    country: Mapped[str | None] = mapped_column(String(2))
    website: Mapped[str | None] = mapped_column(Text)
    # The record that it was merged into, which stands for it until the merge is undone.
    merged_into: Mapped[str | None] = mapped_column(String(ID_LENGTH), index=True)


timeline_source = Table(
    "timeline_source",
    Base.metadata,
    Column("entry_id", ForeignKey("timeline_entry.id", ondelete="CASCADE"), primary_key=True),
    Column("source_id", ForeignKey("reference_source.id"), primary_key=True, index=True),
)

follow_up_source = Table(
    "follow_up_source",
    Base.metadata,
    Column("follow_up_id", ForeignKey("follow_up.id", ondelete="CASCADE"), primary_key=True),
    Column("source_id", ForeignKey("reference_source.id"), primary_key=True, index=True),
)


class FollowUp(Identified, Dated, Base):
    """What happened after an incident, or in a topic at large."""

    __tablename__ = "follow_up"

    incident_id: Mapped[str | None] = mapped_column(ForeignKey("incident.id", ondelete="CASCADE"), index=True)
    topic_id: Mapped[str | None] = mapped_column(ForeignKey("topic.id", ondelete="CASCADE"), index=True)
    position: Mapped[int] = mapped_column(default=0)
    kind: Mapped[str] = mapped_column(String(40))
    by: Mapped[str | None] = mapped_column("said_by", Text)
    text: Mapped[Texts] = texts_column()
    sources: Mapped[list[Source]] = relationship(secondary=follow_up_source, order_by="Source.key")


class TimelineEntry(Identified, Dated, Base):
    """One dated event around the attacks of a topic."""

    __tablename__ = "timeline_entry"

    topic_id: Mapped[str] = mapped_column(ForeignKey("topic.id", ondelete="CASCADE"), index=True)
    position: Mapped[int] = mapped_column(default=0)
    text: Mapped[Texts] = texts_column()
    disagreement: Mapped[Texts] = texts_column()
    sources: Mapped[list[Source]] = relationship(secondary=timeline_source, order_by="Source.key")


class Topic(Entity):
    """A crisis, campaign or place in time that several incidents belong to."""

    __tablename__ = "topic"

    title: Mapped[Texts] = texts_column()
    summary: Mapped[Texts] = texts_column()
    timeline: Mapped[list[TimelineEntry]] = relationship(
        cascade="all, delete-orphan", order_by=TimelineEntry.position, passive_deletes=True
    )
    follow_ups: Mapped[list[FollowUp]] = relationship(
        cascade="all, delete-orphan", order_by=FollowUp.position, passive_deletes=True
    )


class Site(Entity):
    """How the organisation that runs the tracker presents itself; there is one row."""

    __tablename__ = "site"

    name: Mapped[Texts] = texts_column()
    organisation: Mapped[str | None] = mapped_column(Text)
    contact: Mapped[str | None] = mapped_column(Text)
    licence: Mapped[str] = mapped_column(String(40))
    introduction: Mapped[Texts] = texts_column()
    about: Mapped[Texts] = texts_column()
    # The languages in which titles and summaries are to be given.
    languages: Mapped[list[Any]] = list_column()
    # How exactly places are shown unless somebody says otherwise.
    default_public_precision: Mapped[str | None] = mapped_column(String(20))
    # Whether authors may review their own texts, as an organisation of one person must.
    one_person: Mapped[bool] = mapped_column(default=False)
