"""What the tests of restrictions share: what is public, restricting it, and saving changes that wait."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.support.drafts import found, incident, victim, with_victims
from tracker.dataset import store
from tracker.dataset.fields import Kind
from tracker.dataset.models import PublicVersion
from tracker.publication.restricting import Restriction, restrict_public
from tracker.registry import operations
from tracker.registry.mapping import draft_of, snapshot
from tracker.registry.models import Entity, Incident
from tracker.vocabulary import PlacePrecision

TOLD = with_victims(
    victim("aida", role="reporter", harm="injured", followed=["left_scene"]),
    key="told",
    title={"en": "Aida Testova is beaten"},
    summary={"en": "Aida Testova was beaten at Old Square.\n\nShe left.", "ru": "Аида Тестова избита."},
    place={"country": "KG", "venue": "Old Square", "locality": "Bishkek", "admin1": "Chuy", "latitude": 42.8764,
           "longitude": 74.6038, "precision": "site"},
)  # fmt: skip
NAME = Restriction(names=frozenset({"aida"}))
WITHOUT_WIRE = Restriction(sources=frozenset({"wire"}))
COARSER = Restriction(precision=PlacePrecision.COUNTRY)


def public(session: Session, made: Incident) -> dict[str, Any]:
    standing = store.current(session, Kind.INCIDENT, made.id)
    assert standing is not None
    return standing.record


def restrict(session: Session, made: Incident, restriction: Restriction) -> None:
    restrict_public(session, made, restriction, by="editor", why="asked", expected_version=made.version)


def amend(session: Session, made: Incident, **known: object) -> None:
    operations.amend(session, made, incident(snapshot(made) | known), by="staff:anna")


def save(session: Session, model: type[Entity], key: str, **known: object) -> None:
    """Change a record that incidents name, without publishing the change."""
    of_key = found(session, model, key)
    assert operations.amend(session, of_key, draft_of(of_key).model_copy(update=known), by="staff:anna")


def public_records(session: Session) -> list[str]:
    """Everything that is public now."""
    return list(session.scalars(select(PublicVersion.json).where(PublicVersion.valid_to.is_(None))))


def all_versions(session: Session) -> str:
    """Everything that was ever public and can still be asked for."""
    return str(session.scalars(select(PublicVersion.json).where(PublicVersion.json.is_not(None))).all())
