"""The lists behind the marks of the map: the incidents at one public point, or in a box of several."""

from dataclasses import replace
from urllib.parse import urlencode

from flask import g, render_template
from sqlalchemy.orm import Session

from tracker.dataset import queries
from tracker.dataset.editions import Edition, dataset_version
from tracker.dataset.exports import refuse_columns
from tracker.dataset.filters import DatasetFilter
from tracker.dataset.problems import FilterError
from tracker.web.errors import wants_json
from tracker.web.headers import unless_known
from tracker.web.public.asking import pairs
from tracker.web.public.choosing import chosen, with_query
from tracker.web.public.context import address, page, reading
from tracker.web.public.incidents import refused
from tracker.web.public.maps.asking import asked_box, asked_spot
from tracker.web.translation import gettext
from tracker.web.wording import country

SHOWN = 20


def spot() -> str | tuple[str, int]:
    """The incidents at one public point."""
    return _answer("public.map_spot")


def box() -> str | tuple[str, int]:
    """The incidents in a box of the map."""
    return _answer("public.map_box")


def _answer(endpoint: str) -> str | tuple[str, int]:
    try:
        wanted, is_part = asked_spot() if endpoint == "public.map_spot" else asked_box()
        # In a frame without rights of its own (`sandbox`) the script of the map is a stranger here.
        g.is_public_data = is_part
        refuse_columns(wanted)
        with reading() as session:
            edition = dataset_version(session, wanted)
            unless_known(edition)
            g.version = edition
            return _list(session, wanted, edition, endpoint, is_part=is_part)
    except FilterError as error:
        if wants_json():
            raise
        return refused(error.problems, "public.overview")


def _list(session: Session, wanted: DatasetFilter, edition: Edition, endpoint: str, *, is_part: bool) -> str:
    found = queries.incident_page(session, replace(wanted, limit=wanted.limit or SHOWN))
    asked = chosen(session, wanted, edition, "public.incidents")
    made = {
        "found": found,
        "chosen": asked,
        "heading": _heading(found, endpoint),
        "whole_list": with_query("public.incidents", wanted.query_string(limit=None, after=None)),
        "map": with_query("public.overview", _of_map()),
        "older": _here(endpoint, after=str(found.after)) if found.after else None,
        "newest": _here(endpoint) if wanted.after else None,
        "is_part": is_part,
    }
    if is_part:
        return render_template("public/map/found.html", **made)
    query = urlencode([pair for pair in pairs() if pair[1] and pair[0] not in {"part", "limit", "after"}])
    return page("public/map/place.html", canonical=f"{address(endpoint)}?{query}", **made)


def _heading(found: queries.IncidentPage, endpoint: str) -> str:
    """What the place is called, in the words of the newest record there."""
    places = [record["place"] for record in found.incidents if record["place"]]
    if endpoint == "public.map_spot" and places:
        near = next((places[0][part] for part in ("locality", "admin2", "admin1") if places[0][part]), None)
        code = places[0]["country"]
        named = [part for part in (near, country(code) if code else None) if part]
        if named:
            return gettext("Incidents in: %(place)s", place=", ".join(dict.fromkeys(named)))
    return gettext("Incidents in this part of the map")


def _of_map() -> str:
    """The query of the map from which the list was opened: the same filter without the place."""
    own = {"lat", "lon", "box", "part", "limit", "after"}
    return DatasetFilter.parse(pair for pair in pairs() if pair[0] not in own).query_string()


def _here(endpoint: str, **changes: str) -> str:
    kept = [pair for pair in pairs() if pair[0] != "after"]
    return with_query(endpoint, urlencode([*kept, *changes.items()]))
