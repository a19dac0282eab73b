"""Private tables of acts: one violation each, with its victims and those involved."""

from datetime import date
from typing import Any

from sqlalchemy import Date, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.db import Base
from tracker.registry.models.common import CountedColumns, Identified, Texts, list_column, texts_column
from tracker.registry.models.documents import Outlet, Person
from tracker.vocabulary import Consent


def consent_column() -> Mapped[str]:
    """What a person agreed to for one purpose."""
    return mapped_column(String(20), default=Consent.UNKNOWN)


class Victim(Identified, CountedColumns, Base):
    """A person, group or outlet in one act."""

    __tablename__ = "victim"

    act_id: Mapped[str] = mapped_column(ForeignKey("act.id", ondelete="CASCADE"), index=True)
    position: Mapped[int] = mapped_column(default=0)
    kind: Mapped[str] = mapped_column(String(20))
    person_id: Mapped[str | None] = mapped_column(ForeignKey("person.id"), index=True)
    naming: Mapped[str | None] = mapped_column(String(30))
    name_published_in: Mapped[list[Any]] = list_column()
    role: Mapped[str | None] = mapped_column(String(40))
    employment: Mapped[str | None] = mapped_column(String(40))
    gender: Mapped[str | None] = mapped_column(String(20))
    outlet_id: Mapped[str | None] = mapped_column(ForeignKey("outlet.id"), index=True)
    description: Mapped[str | None] = mapped_column(Text)
    harm: Mapped[str | None] = mapped_column(String(20))
    custody_from: Mapped[date | None] = mapped_column(Date)
    custody_until: Mapped[date | None] = mapped_column(Date)
    equipment: Mapped[list[Any]] = list_column()
    followed: Mapped[list[Any]] = list_column()
    minor: Mapped[bool | None]
    consent_store: Mapped[str] = consent_column()
    consent_publish_identity: Mapped[str] = consent_column()
    consent_publish_account: Mapped[str] = consent_column()
    consent_share: Mapped[str] = consent_column()
    consent_legal: Mapped[str] = consent_column()

    person: Mapped[Person | None] = relationship()
    outlet: Mapped[Outlet | None] = relationship()


class Involvement(Identified, CountedColumns, Base):
    """Somebody's part in an act."""

    __tablename__ = "involvement"

    act_id: Mapped[str] = mapped_column(ForeignKey("act.id", ondelete="CASCADE"), index=True)
    position: Mapped[int] = mapped_column(default=0)
    role: Mapped[str] = mapped_column(String(40))
    perpetrator: Mapped[str | None] = mapped_column(String(40))
    named_actor: Mapped[str | None] = mapped_column(Text)
    named_actor_is: Mapped[str | None] = mapped_column(String(20))
    affiliation: Mapped[str | None] = mapped_column(Text)
    description: Mapped[str | None] = mapped_column(Text)
    basis: Mapped[str] = mapped_column(String(20))


class Act(Identified, Base):
    """The smallest unit that is counted."""

    __tablename__ = "act"
    __table_args__ = (Index("ix_act_violation_incident_id", "violation", "incident_id"),)

    incident_id: Mapped[str] = mapped_column(ForeignKey("incident.id", ondelete="CASCADE"), index=True)
    position: Mapped[int] = mapped_column(default=0)
    violation: Mapped[str] = mapped_column(String(40))
    killing_kind: Mapped[str | None] = mapped_column(String(40))
    completion: Mapped[str | None] = mapped_column(String(20))
    method: Mapped[str | None] = mapped_column(String(40))
    ground: Mapped[str | None] = mapped_column(String(40))
    arbitrary: Mapped[str | None] = mapped_column(String(20))
    description: Mapped[Texts] = texts_column()

    victims: Mapped[list[Victim]] = relationship(
        cascade="all, delete-orphan", order_by=Victim.position, passive_deletes=True
    )
    involvements: Mapped[list[Involvement]] = relationship(
        cascade="all, delete-orphan", order_by=Involvement.position, passive_deletes=True
    )
