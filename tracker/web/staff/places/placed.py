"""How an incident came to its point on the map: by what, which record, which name, when and by whom."""

from collections.abc import Mapping
from dataclasses import dataclass

from tracker.registry.models import Incident, Place
from tracker.registry.pins import IMPORT, MACHINE
from tracker.vocabulary import PlacedBy
from tracker.web.translation import gettext, gettext_noop
from tracker.web.wording import inside, instant, label

# Whom to name for a point, by whose record it is, and else by what found it: the notices of `PlaceCredit`, marked here
# for the catalogue. The desk says them itself, since it may be served without public pages.
SIMPLEMAPS = ("simplemaps:", gettext_noop("Place data © SimpleMaps (CC BY 4.0)"))
CREDITS = {
    PlacedBy.GAZETTEER: gettext_noop("Place data © GeoNames (CC BY 4.0)"),
    PlacedBy.GEOCODER: gettext_noop("© OpenStreetMap contributors (ODbL 1.0)"),
}


@dataclass(frozen=True, slots=True)
class Placed:
    """How a point was set: sentences for staff, and whom to name for it; empty where nobody has to be named."""

    sentences: list[str]
    credit: str


def placed(incident: Incident, names: Mapping[str, str]) -> Placed | None:
    """How the point of an incident was set; None where it has none. `names` are those of the staff, by actor."""
    place = incident.place
    if place.latitude is None:
        return None
    how = label(place.placed_by, "placed_by") if place.placed_by else gettext("nobody said")
    sentences = [gettext("How it came to its point: %(how)s.", how=inside(how))]
    if place.entry and place.matched:
        sentences.append(
            gettext("Record %(entry)s, found by the name “%(name)s”.", entry=place.entry, name=place.matched)
        )
    elif place.entry:
        sentences.append(gettext("Record %(entry)s.", entry=place.entry))
    if place.placed_by_whom and place.placed_at:
        who = _who(place.placed_by_whom, names)
        sentences.append(gettext("Recorded by %(who)s, %(instant)s.", who=who, instant=instant(place.placed_at)))
    return Placed(sentences, _credit(place))


def _credit(place: Place) -> str:
    start, notice = SIMPLEMAPS
    if (place.entry or "").startswith(start):
        return gettext(notice)
    return gettext(CREDITS.get(PlacedBy(place.placed_by), "")) if place.placed_by else ""


def _who(actor: str, names: Mapping[str, str]) -> str:
    if actor.startswith(MACHINE):
        return gettext("the program itself")
    if actor.startswith(IMPORT):
        return gettext("an import")
    return names[actor]
