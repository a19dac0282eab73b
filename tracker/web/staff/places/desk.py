"""The place on the page of the form: what was found, what readers will see, and the words for the script."""

from dataclasses import dataclass
from typing import Any

from flask import g

from tracker.vocabulary import PlacePrecision
from tracker.web.staff.entry.rows import Row
from tracker.web.staff.places import ground
from tracker.web.staff.places.shown import Shown, pinned, shown
from tracker.web.staff.places.telling import Told, origin_words, told, why_unusable
from tracker.web.staff.places.typed import named
from tracker.web.translation import gettext


@dataclass(frozen=True, slots=True)
class PlaceDesk:
    """What the section of the place shows besides its fields.

    Attributes:
        told: what was found, where that was asked for on this very page.
        unusable: that nothing can be looked up, and why; None where it can.
        named: the name that a point was found for; empty for other points.
        origin: how the point was found, in words; empty where a person set it or there is none.
        shown: what readers will see.
        picture: the same as a drawing, where there is a point.
        ground: where a browser finds the outlines of its map.
        words: what the script says.
    """

    told: Told | None
    unusable: str | None
    named: str
    origin: str
    shown: Shown
    picture: Any
    ground: dict[str, str]
    words: dict[str, Any]


def place_desk(tree: Row, default: PlacePrecision | None) -> PlaceDesk:
    """The place of a form; `default` is how exactly places are shown unless somebody says otherwise."""
    found = pinned(tree.form, default)
    visible = shown(found.place)
    answer = g.get("place_answer")
    return PlaceDesk(
        told=told(answer, tree.form) if answer is not None else None,
        unusable=why_unusable(),
        named=tree.form.place_named.data or named(tree.form),
        origin=origin_words(tree.form),
        shown=visible,
        picture=ground.picture(visible.latitude, visible.longitude, visible.metres),
        ground=ground.addresses(),
        words=_words(),
    )


def _words() -> dict[str, Any]:
    return {
        "pin": gettext("Pin: drag it, or move it with the arrow keys"),
        "map": gettext("Map of the place; arrow keys move it, plus and minus zoom"),
        "area": gettext("somewhere within {reach} of here"),
        "zoom_in": gettext("Zoom in"),
        "zoom_out": gettext("Zoom out"),
        "scroll_hint": gettext("Hold {key} and scroll to zoom."),
        "two_fingers": gettext("Move the map with two fingers."),
        "choose": gettext("Choose"),
        "take_over": gettext("Take over what the list says"),
        "keep": gettext("Keep what stands in the form"),
        "taken": gettext("Taken: {place}"),
        "failed": gettext("The place could not be looked up now. The form can be saved all the same."),
    }
