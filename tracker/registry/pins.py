"""Pins: who put an incident on the map, when and how, and whose pin may take the place of whose.

A pin is a point together with where it comes from. What a person set on a map, or took from a source, is worth more
than anything that a machine finds by name: no import, job or look-up moves it.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.registry.drafts import IncidentDraft, PlaceDraft
from tracker.registry.drafts.incident import WITHOUT_POINT
from tracker.registry.models import Incident, Place, Revision
from tracker.vocabulary import PlacedBy, PlacePrecision

IMPORT = "import:"
MACHINE = "machine:"
"""How revisions name what looks places up by itself: `machine:gazetteer`, `machine:nominatim`."""

STAFF = "staff:"
NO_PERSON = (IMPORT, MACHINE, "job:")

BY_A_PERSON = frozenset({PlacedBy.HAND, PlacedBy.SOURCE_TEXT})

# What makes a pin, and what belongs to it: a point that stays keeps how exactly it is known.
PIN = ("latitude", "longitude", "placed_by", "entry")
WITH_A_PIN = ("latitude", "longitude", "precision", "placed_by", "entry", "matched")

# Steps that put back what somebody recorded before: the pin is then still theirs.
PUTS_BACK = frozenset({"restrict", "reapply"})

Pin = tuple[Any, ...]


def pin_of(place: Place | None) -> Pin | None:
    """What is compared to see whether a pin was set, moved or taken away; None where there is none."""
    if place is None or place.latitude is None:
        return None
    return tuple(getattr(place, name) for name in PIN)


def keeps_its_pin(incident: Incident, draft: IncidentDraft, by: str) -> bool:
    """Whether an incident holds a pin of a person that this write would move, and that it must leave where it is.

    A file that set a pin by hand may move it by hand or take it back; what staff set is moved by staff alone.
    """
    place, new = incident.place, draft.place
    if not by.startswith(NO_PERSON) or new is None or pin_of(place) is None or place.placed_by not in BY_A_PERSON:
        return False
    if pin_of(place) == tuple(getattr(new, name) for name in PIN):
        return False
    from_a_file = by.startswith(IMPORT) and (place.placed_by_whom or STAFF).startswith(IMPORT)
    return not (from_a_file and (new.latitude is None or new.placed_by in BY_A_PERSON))


def keeping_the_pin(incident: Incident, draft: IncidentDraft, by: str) -> IncidentDraft:
    """The draft as it may be written: with the pin of the record, where that one stays."""
    if draft.place is None or not keeps_its_pin(incident, draft, by):
        return draft
    return draft.model_copy(update={"place": _with_pin_of(incident.place, draft.place)})


def _with_pin_of(place: Place, draft: PlaceDraft) -> PlaceDraft:
    """The draft with the pin of a place, shown no more exactly than either of the two says."""
    said = draft.model_dump(mode="json", exclude_none=True)
    pin = {name: getattr(place, name) for name in WITH_A_PIN}
    if pin["precision"] is None and draft.precision not in WITHOUT_POINT:
        pin["precision"] = draft.precision
    shown = [PlacePrecision(each) for each in (place.public_precision, draft.public_precision) if each]
    if shown and pin["precision"] is None:
        pin["precision"] = PlacePrecision.LOCALITY
    shown = [each for each in shown if each.coarser_or_equal(PlacePrecision(pin["precision"]))]
    coarsest = max(shown, key=tuple(PlacePrecision).index, default=None)
    return PlaceDraft.model_validate(said | pin | {"public_precision": coarsest})


def sign(place: Place, *, by: str, at: datetime) -> None:
    """Say who put the pin where it is now, and when; of a place without one nobody did."""
    pinned = pin_of(place) is not None
    place.placed_by_whom, place.placed_at = (by, at) if pinned else (None, None)


def sign_again(session: Session, incident: Incident, before: Pin | None, action: str, *, by: str, at: datetime) -> None:
    """Sign the pin of an incident after a write, if the write has changed it; `before` is what stood there."""
    now = pin_of(incident.place)
    if now == before:
        return
    first = _first_set(session, incident, now) if action in PUTS_BACK and now is not None else None
    whom, when = first or (by, at)
    sign(incident.place, by=whom, at=when)


def _first_set(session: Session, incident: Incident, pin: Pin) -> tuple[str, datetime] | None:
    """Who set this pin when it last came to stand there, as the revisions tell."""
    wanted = select(Revision).where(Revision.entity_id == incident.id).order_by(Revision.number.desc())
    found = None
    for revision in session.scalars(wanted):
        place = revision.snapshot.get("place", {})
        if tuple(place.get(name) for name in PIN) == pin:
            found = revision.actor, revision.at
        elif found is not None:
            break
    return found
