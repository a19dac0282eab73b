"""Private tables of remote geocoding: whose turn it is to ask a service, and what it answered."""

from datetime import datetime
from typing import Any

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from tracker.db import Base, Json, UTCDateTime, utc_now


class GeocoderTurn(Base):
    """The one turn that all workers and processes share for one service, and whether the service is left in peace.

    `service` is its kind and its address: `nominatim https://nominatim.example.org`.
    """

    __tablename__ = "geocoder_turn"

    service: Mapped[str] = mapped_column(String(300), primary_key=True)
    # Who is asking just now; whoever dies over it is followed by another when `free_at` has come.
    holder: Mapped[str | None] = mapped_column(String(26))
    free_at: Mapped[datetime] = mapped_column(UTCDateTime, default=utc_now)
    # How often it has failed since it last answered, and until when nobody asks it for that reason.
    failures: Mapped[int] = mapped_column(default=0)
    open_until: Mapped[datetime | None] = mapped_column(UTCDateTime)


class GeocoderAnswer(Base):
    """What a service answered, until it is too old. `key` is a digest of the question alone.

    Only what was answered is kept: that a service failed says nothing about a place.
    """

    __tablename__ = "geocoder_answer"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    service: Mapped[str] = mapped_column(String(300))
    outcome: Mapped[str] = mapped_column(String(20))
    candidates: Mapped[list[Any]] = mapped_column(Json, default=list)
    attribution: Mapped[str | None] = mapped_column(Text)
    answered_at: Mapped[datetime] = mapped_column(UTCDateTime, default=utc_now)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)
