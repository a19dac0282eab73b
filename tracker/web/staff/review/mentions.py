"""Public texts that name a record which was taken off the site: where they stand, for whoever can amend them."""

from collections.abc import Iterable
from dataclasses import dataclass

from flask import url_for
from sqlalchemy.orm import Session

from tracker.dataset import store
from tracker.dataset.fields import Kind
from tracker.publication.mentions import Mention, all_mentions, mentions, named_off_the_site, off_the_site
from tracker.registry.models import Incident
from tracker.registry.permissions import Reach, may, reach
from tracker.vocabulary import Status
from tracker.vocabulary.staff import Action
from tracker.web.staff.context import me
from tracker.web.staff.differences import place_words
from tracker.web.translation import gettext


@dataclass(frozen=True, slots=True)
class Told:
    """A public record that names another one which is not on the site.

    Attributes:
        name: what the record that names it is called in addresses.
        address: the page of the desk on which it is amended, where the reader of this may see it.
        references: what it names.
        places: in which of its fields, in words.
        in_past: whether an earlier version names it too.
    """

    name: str
    address: str | None
    references: tuple[str, ...]
    places: list[str]
    in_past: bool


def named_elsewhere(session: Session, incident: Incident) -> list[Told]:
    """The public records that name an incident which was public and is not on the site now."""
    if incident.reference is None or not off_the_site(session, [incident.reference]):
        return []
    return _told(session, mentions(session, [incident.reference]))


def names_in_public(session: Session, incident: Incident) -> list[str]:
    """The references of records off the site that the public text of an incident names."""
    if incident.status != Status.PUBLISHED:
        return []
    public = store.current(session, Kind.INCIDENT, incident.id)
    return named_off_the_site(session, public.record) if public else []


def waiting(session: Session) -> list[Told]:
    """All of them, for those at the desk who can bring a record back or have it amended."""
    return _told(session, all_mentions(session)) if reach(me(), Action.REOPEN) is Reach.ANY else []


def _told(session: Session, found: Iterable[Mention]) -> list[Told]:
    return [
        Told(
            each.key or gettext("a record that is no longer public"),
            _address(session, each),
            each.references,
            list(dict.fromkeys(place_words(path, str(each.kind)) for path in each.places)),
            each.in_past,
        )
        for each in found
    ]


def _address(session: Session, mention: Mention) -> str | None:
    match mention.kind:
        case Kind.INCIDENT:
            incident = session.get(Incident, mention.record_id)
            readable = incident is not None and may(me(), Action.READ, incident)
            return url_for("staff.incident", incident_id=mention.record_id) if readable else None
        case Kind.SITE:
            return url_for("staff.settings") if may(me(), Action.SETTINGS) else None
        case kind:
            readable = may(me(), Action.READ_REFERENCES)
            return url_for(f"staff.{kind}", record_id=mention.record_id) if readable else None
