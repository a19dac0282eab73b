"""Private tables of the work at the desk: unfinished forms, safety reviews, names to look up, merges, filters."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Date, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tracker.db import Base, Json, UTCDateTime, utc_now
from tracker.registry.models.common import Identified, list_column


class UnfinishedForm(Identified, Base):
    """What somebody has typed and not yet handed in: a new incident, or changes to one.

    `fields` is the form as it was posted: a list of pairs of name and value, so that nothing typed is ever lost.
    """

    __tablename__ = "unfinished_form"
    __table_args__ = (UniqueConstraint("staff_id", "incident_id"),)

    staff_id: Mapped[str] = mapped_column(ForeignKey("staff_member.id", ondelete="CASCADE"), index=True)
    incident_id: Mapped[str | None] = mapped_column(ForeignKey("incident.id", ondelete="CASCADE"), index=True)
    base_version: Mapped[int | None]
    title: Mapped[str | None] = mapped_column(Text)
    fields: Mapped[list[Any]] = list_column()
    # Raised by each save, so that an older save that arrives late never overwrites a newer one.
    sequence: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=utc_now)
    saved_at: Mapped[datetime] = mapped_column(UTCDateTime, default=utc_now)


class SafetyReview(Identified, Base):
    """One safety review of an incident as it stood at a version."""

    __tablename__ = "safety_review"

    incident_id: Mapped[str] = mapped_column(ForeignKey("incident.id", ondelete="CASCADE"), index=True)
    incident_version: Mapped[int]
    reviewer: Mapped[str] = mapped_column(String(200))
    # Whether the reviewer had a hand in the text, which only a one-person organisation allows.
    by_author: Mapped[bool] = mapped_column(default=False)
    at: Mapped[datetime] = mapped_column(UTCDateTime, default=utc_now)
    decision: Mapped[str] = mapped_column(String(20))
    # Of the public record that was reviewed, without its history: what is published later has to be the same.
    record_digest: Mapped[str] = mapped_column(String(64))
    # The answer and the note to each point of the checklist, by its code.
    checklist: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    residual_risk: Mapped[str | None] = mapped_column(Text)
    review_again_on: Mapped[date | None] = mapped_column(Date)


class NameKey(Base):
    """One way in which a name can be begun: its folded words from one of them on, in each of its spellings."""

    __tablename__ = "name_key"
    __table_args__ = (
        Index("ix_name_key_entity_kind_words", "entity_kind", "words"),
        Index("ix_name_key_entity_id", "entity_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    entity_kind: Mapped[str] = mapped_column(String(20))
    entity_id: Mapped[str] = mapped_column(String(26))
    words: Mapped[str] = mapped_column(String(300).with_variant(String(300, collation="C"), "postgresql"))
    # Whether this is a whole name from its first word on, in which near names are looked for.
    whole: Mapped[bool] = mapped_column(default=False)


class DuplicateRuling(Identified, Base):
    """What somebody decided about two incidents that look alike; the two ids are in order."""

    __tablename__ = "duplicate_ruling"
    __table_args__ = (UniqueConstraint("first_id", "second_id"),)

    first_id: Mapped[str] = mapped_column(ForeignKey("incident.id", ondelete="CASCADE"))
    second_id: Mapped[str] = mapped_column(ForeignKey("incident.id", ondelete="CASCADE"), index=True)
    decision: Mapped[str] = mapped_column(String(20))
    actor: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime] = mapped_column(UTCDateTime, default=utc_now)


class Merge(Identified, Base):
    """That one record was merged into another of its kind, with all that was moved, so that it can be undone."""

    __tablename__ = "merge"

    kind: Mapped[str] = mapped_column(String(20))
    kept_id: Mapped[str] = mapped_column(String(26), index=True)
    merged_id: Mapped[str] = mapped_column(String(26), index=True)
    moved: Mapped[list[Any]] = list_column()
    actor: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime] = mapped_column(UTCDateTime, default=utc_now)
    undone_by: Mapped[str | None] = mapped_column(String(200))
    undone_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class Upkeep(Base):
    """Work that a transaction leaves to be done after it, remembered in it so that no crash can lose it."""

    __tablename__ = "upkeep"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    wanted_at: Mapped[datetime] = mapped_column(UTCDateTime, default=utc_now)
    # Until when somebody is at it; whoever dies over it is followed by another then.
    leased_until: Mapped[datetime | None] = mapped_column(UTCDateTime)


class SavedFilter(Identified, Base):
    """A filter of the staff list; the one whose name is empty is what its owner looked at last.

    It is kept here and not in an address, since what staff search for is nobody's business.
    """

    __tablename__ = "saved_filter"
    __table_args__ = (UniqueConstraint("staff_id", "name"),)

    staff_id: Mapped[str] = mapped_column(ForeignKey("staff_member.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(100), default="")
    query: Mapped[list[Any]] = list_column()
    used_at: Mapped[datetime] = mapped_column(UTCDateTime, default=utc_now)


class SearchedIncident(Base):
    """That the words of an incident stand in the search table, by which number, and made by which rules."""

    __tablename__ = "searched_incident"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    incident_id: Mapped[str] = mapped_column(ForeignKey("incident.id", ondelete="CASCADE"), unique=True)
    made_with: Mapped[int]
