"""Private tables that remember: revisions, where imported records came from, and the next reference."""

from datetime import datetime
from typing import Any

from sqlalchemy import String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tracker.db import Base, Json, UTCDateTime, utc_now


class Revision(Base):
    """One write: which record, who, when, why, what changed, and the whole record as it stood afterwards."""

    __tablename__ = "revision"
    __table_args__ = (UniqueConstraint("entity_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    entity_kind: Mapped[str] = mapped_column(String(20))
    entity_id: Mapped[str] = mapped_column(String(26))
    number: Mapped[int]
    action: Mapped[str] = mapped_column(String(20))
    actor: Mapped[str] = mapped_column(String(200))
    why: Mapped[str | None] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(UTCDateTime, default=utc_now)
    changes: Mapped[list[Any]] = mapped_column(Json, default=list)
    snapshot: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)


class ImportOrigin(Base):
    """What an imported record looked like when it came in, so that a later edit by a person is noticed."""

    __tablename__ = "import_origin"

    entity_kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    key: Mapped[str] = mapped_column(String(80), primary_key=True)
    entity_id: Mapped[str] = mapped_column(String(26), unique=True)
    digest: Mapped[str] = mapped_column(String(64))
    revision: Mapped[int]
    imported_at: Mapped[datetime] = mapped_column(UTCDateTime, default=utc_now)


class ReferenceCounter(Base):
    """The last number given out under a prefix such as KGZ-2020."""

    __tablename__ = "reference_counter"

    prefix: Mapped[str] = mapped_column(String(8), primary_key=True)
    last: Mapped[int] = mapped_column(default=0)
