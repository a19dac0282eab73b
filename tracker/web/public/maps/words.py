"""The words that the script of the map shows, in the language of the page. `{x}` stands for what the script knows."""

from collections.abc import Iterable
from typing import Any

from tracker.vocabulary import ViolationGroup
from tracker.web.translation import gettext, ngettext
from tracker.web.wording import country


def map_words(countries: Iterable[str]) -> dict[str, Any]:
    """All words by the names by which the script asks for them; `countries` are the codes that it can meet."""
    return {
        "groups": {group.value: gettext(group.label) for group in ViolationGroup},
        "countries": {code: country(code) for code in countries},
        **_counted(),
        "zoom_in": gettext("Zoom in"),
        "zoom_out": gettext("Zoom out"),
        "close": gettext("Close"),
        "loading": gettext("Loading …"),
        "failed": gettext("The map cannot be loaded now. The lists on this page still work."),
        "area": gettext("somewhere within {reach} of here"),
        "attribution": gettext("Outlines: Natural Earth. Place data © GeoNames."),
        "map_label": gettext("Map of incidents; arrow keys move it, plus and minus zoom"),
        "whole": gettext("Show all that is found"),
        "in_view": gettext("On this part of the map"),
        "in_view_none": gettext("No incident on this part of the map."),
        "in_view_more": gettext("{n} further places or groups: zoom in to list them."),
        "near": gettext("{country}, near {city}"),
        "around": gettext("{place} and around"),
        "at": gettext("{country}, {latitude}, {longitude}"),
        "back": gettext("Back to what is on the map"),
        "retry": gettext("Try again"),
        "two_fingers": gettext("Move the map with two fingers."),
        "scroll_hint": gettext("Hold {key} and scroll to zoom."),
        "mixed": gettext("several kinds"),
        "months": gettext("Incidents by month"),
        "months_from": gettext("From"),
        "months_to": gettext("To"),
        "months_all": gettext("Whole time"),
        "months_certain": gettext("{n} certainly"),
        "months_possible": gettext("{n} more possibly"),
        "months_undated": gettext("{n} fall into no month"),
        "incidents_found": gettext("{incidents} found."),
    }


# A number of each of the kinds that languages tell apart (CLDR): the form of the message that goes with it.
_KINDS = {"one": 1, "few": 2, "many": 5, "other": 100}


def _counted() -> dict[str, str]:
    forms = {
        name: ngettext("%(count)s incident", "%(count)s incidents", count, count="{n}")
        for name, count in _KINDS.items()
    }
    return {f"incidents_{name}": words for name, words in forms.items()}
