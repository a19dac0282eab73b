"""Columns that several private tables share."""

import secrets
from datetime import date, datetime
from typing import Any

from sqlalchemy import Date, String, Text
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from tracker.dates import IncidentDate
from tracker.db import Base, Json, UTCDateTime, utc_now
from tracker.vocabulary import DateBasis

# 26 letters and digits carry 128 bits: an id says nothing and cannot be guessed (ASVS 5.0, 8.2.1).
ID_ALPHABET = b"abcdefghjkmnpqrstvwxyz0123456789"
ID_LENGTH = 26
# Each letter stands for eight of the 256 bytes, so that random bytes give random letters, each as often as any other.
_ALPHABET_OF_BYTES = ID_ALPHABET * 8

Texts = dict[str, str]


def random_id() -> str:
    """A new random id."""
    return secrets.token_bytes(ID_LENGTH).translate(_ALPHABET_OF_BYTES).decode()


class Identified:
    """A random id, drawn when the object is made."""

    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True, default=random_id)


class Entity(Identified, Base):
    """A record of its own: found by a key, locked optimistically by a version, remembered in revisions."""

    __abstract__ = True

    key: Mapped[str | None] = mapped_column(String(80), unique=True)
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=utc_now)
    updated_at: Mapped[datetime] = mapped_column(UTCDateTime, default=utc_now)

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:
        return {"version_id_col": cls.version}


class Dated:
    """When something happened: the EDTF text is the truth, the two days are kept beside it for searching."""

    date_edtf: Mapped[str | None] = mapped_column(String(60))
    date_earliest: Mapped[date | None] = mapped_column(Date)
    date_latest: Mapped[date | None] = mapped_column(Date)
    date_as_reported: Mapped[str | None] = mapped_column(Text)
    date_part_of_day: Mapped[str | None] = mapped_column(String(20))
    date_basis: Mapped[str | None] = mapped_column(String(20))

    @property
    def date(self) -> IncidentDate | None:
        """The date as a whole, or None where none is recorded."""
        if self.date_edtf is None:
            return None
        return IncidentDate.from_edtf(
            self.date_edtf,
            part_of_day=self.date_part_of_day,
            basis=self.date_basis or DateBasis.STATED,
            as_reported=self.date_as_reported,
        )


class CountedColumns:
    """How many: at least, at most, and in the words of the report."""

    count_least: Mapped[int | None]
    count_most: Mapped[int | None]
    count_as_reported: Mapped[str | None] = mapped_column(Text)


def texts_column() -> Mapped[Texts]:
    """A text in several languages, by language code."""
    return mapped_column(Json, default=dict)


def list_column() -> Mapped[list[Any]]:
    """A list of codes or of small records that are never searched on their own."""
    return mapped_column(Json, default=list)
