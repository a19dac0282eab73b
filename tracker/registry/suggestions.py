"""How a record is shown to somebody who may mean it: its name, and what tells it apart from others."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.phrases import Phrase, phrase
from tracker.registry.mapping import KINDS
from tracker.registry.models import Entity, Incident, Outlet, Person, Source, Topic, Victim
from tracker.registry.name_keys import keys_of, spellings
from tracker.vocabulary import Consent, Naming


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One record that may be meant.

    Attributes:
        key: how drafts refer to it; None where it has no key.
        note: what tells it apart from others of the same name, or warns of it; a phrase or a text of the record.
        country: of an outlet, for the page to name in its language.
    """

    id: str
    key: str | None
    name: str
    note: str = ""
    country: str | None = None


def described(
    session: Session, kind: str, ids: Sequence[str], keys: Sequence[str], *, warned: bool
) -> list[Suggestion]:
    """Suggestions for these records, in this order.

    Only those to whom everything is open are `warned` that some incident keeps a name back: to others that would tell
    of an incident that they may not know of.
    """
    table = KINDS[kind][1]
    by_id = {entity.id: entity for entity in session.scalars(select(table).where(table.id.in_(ids)))} if ids else {}
    made = [_suggestion(by_id[entity_id], keys) for entity_id in ids if entity_id in by_id]
    unnamed = withheld(session, [each.id for each in made]) if kind == "person" and warned else set()
    return [replace(each, note=WITHHELD) if each.id in unnamed else each for each in made]


WITHHELD = phrase("name withheld")
CONFIDENTIAL = phrase("confidential source")


def withheld(session: Session, ids: Sequence[str]) -> set[str]:
    """Of these people, those whom some incident does not name, or who do not wish to be named."""
    against = (Consent.REFUSED, Consent.WITHDRAWN)
    unwilling = (Victim.naming == Naming.WITHHELD) | Victim.consent_publish_identity.in_(against)
    return set(session.scalars(select(Victim.person_id).where(Victim.person_id.in_(ids), unwilling)))


def _suggestion(entity: Entity, keys: Sequence[str]) -> Suggestion:
    def made(name: str, note: str | Phrase = "", country: str | None = None) -> Suggestion:
        return Suggestion(entity.id, entity.key, name, note, country)

    if isinstance(entity, Outlet | Person):
        country = entity.country if isinstance(entity, Outlet) else None
        return made(entity.name, _spelling_that_fits(entity, keys), country)
    if isinstance(entity, Source):
        name, *rest = [part for part in (entity.title, entity.publisher, entity.url, entity.key) if part]
        dated = entity.published_on.isoformat() if entity.published_on else ""
        return made(name, CONFIDENTIAL if entity.confidential else ", ".join(filter(None, (*rest[:1], dated))))
    if isinstance(entity, Incident):
        title = next(iter(entity.title.values()), entity.reference or entity.key or entity.id)
        return made(title, ", ".join(filter(None, (entity.reference, entity.date_edtf))))
    if isinstance(entity, Topic):
        return made(next(iter(entity.title.values()), entity.key or entity.id))
    return made(entity.key or entity.id)


def _spelling_that_fits(entity: Outlet | Person, keys: Sequence[str]) -> str:
    """The other spelling by which a record was found, where its first one does not show why."""

    def fits(spelling: str) -> bool:
        return any(f" {key}" in f" {own}" for key in keys for own in keys_of(spelling))

    if not keys or fits(entity.name):
        return ""
    return next((other for other in spellings(entity)[1:] if fits(other)), "")
