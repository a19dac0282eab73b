"""The front page: the map with the filter of the list, what it cannot show, the time line, and the ways in."""

from dataclasses import dataclass
from typing import Any

from flask import g, url_for
from sqlalchemy.orm import Session

from tracker.dataset import queries
from tracker.dataset.editions import Edition, dataset_version
from tracker.dataset.filters import DatasetFilter
from tracker.dataset.map.answer import MapAnswer, map_answer, refuse_pages
from tracker.dataset.map.credits import credits_due
from tracker.dataset.problems import FilterError
from tracker.vocabulary import Placing, ViolationGroup
from tracker.web.errors import wants_json
from tracker.web.headers import unless_known
from tracker.web.public.asking import asked_filter
from tracker.web.public.choosing import chosen, with_query
from tracker.web.public.context import address, page, reading
from tracker.web.public.incidents import refused
from tracker.web.public.maps import basemap
from tracker.web.public.maps.drawing import drawing
from tracker.web.public.maps.shapes import SHAPES, shape_path
from tracker.web.public.maps.timeline import timeline
from tracker.web.public.maps.words import map_words
from tracker.web.public.offers import offers_of, tallies_of
from tracker.web.public.ways import ways_in
from tracker.web.translation import gettext
from tracker.web.wording import country

NEWEST = 6
EMBEDDED_HEIGHT = 560
FINER_BELOW, COARSER_ABOVE = 28.0, 80.0
"""Views narrower and wider than so many degrees are drawn with the finer and the coarser base map on every screen."""


@dataclass(frozen=True, slots=True)
class Counted:
    """A line of a counted list: its words, where it leads, and how many incidents are there."""

    words: str
    address: str
    count: int


@dataclass(frozen=True, slots=True)
class Sample:
    """A group of violations in the legend: its code, its words, and its shape as a path (none for a circle)."""

    code: str
    words: str
    path: str


def overview() -> str | tuple[str, int]:
    """The map under the filter of the query string, and below it the newest incidents and the ways into the list."""
    try:
        return _page("public.overview", "public/map.html")
    except FilterError as error:
        if wants_json():
            raise
        return refused(error.problems, "public.overview")


def embedded() -> str:
    """The map alone, to stand in a frame of another site."""
    g.may_be_framed = True
    return _page("public.map_embedded", "public/map/embedded.html")


def _page(endpoint: str, template: str) -> str:
    wanted = asked_filter()
    refuse_pages(wanted)
    with reading() as session:
        edition = dataset_version(session, wanted)
        unless_known(edition)
        g.version = edition
        answer = map_answer(session, wanted)
        asked = chosen(session, wanted, edition, endpoint)
        picture = drawing(session, wanted, answer, path="page")
        return page(
            template,
            canonical=asked.canonical,
            chosen=asked,
            query=wanted.query_string(),
            counts=answer.summary.counts(),
            picture=picture,
            fetched=_fetched(picture.view),
            timeline=timeline(answer.summary, wanted),
            legend=legend(),
            credits=credits_due(session, edition),
            **_beside(wanted, answer),
            **_data(session, edition),
            **(_below(session, wanted, edition) if endpoint == "public.overview" else {}),
        )


def _beside(wanted: DatasetFilter, answer: MapAnswer) -> dict[str, Any]:
    """The counted lists of what the map cannot show, and the addresses of the same filter elsewhere."""

    def listed(**changes: Any) -> str:
        return with_query("public.incidents", wanted.query_string(**changes))

    by_country = [
        Counted(country(code), listed(placed=Placing.COUNTRY.value, country=code), count)
        for code, count in answer.summary.by_country
    ]
    countries = [Counted(country(code), listed(country=code), count) for code, count in answer.summary.countries]
    query = wanted.query_string()
    return {
        "by_country": by_country,
        "countries": countries,
        "lists": {placing.value: listed(placed=placing.value) for placing in Placing},
        "list": listed(),
        "picture_address": with_query("public.map_svg", query),
        "map_data": with_query("public.map_json", query),
        "map_page": with_query("public.overview", query),
        "snippet": _snippet(query),
    }


def _data(session: Session, edition: Edition) -> dict[str, Any]:
    """What the script of the map needs: addresses and words."""
    return {
        "words": map_words(offers_of(session, edition).countries),
        "base": basemap.address(near=False),
        "base_near": basemap.address(near=True),
        "cities": url_for("static", filename=basemap.CITIES),
    }


def _fetched(view: str) -> list[str]:
    """What the script will ask for besides the data, so that a browser fetches it at once and not when it has run.

    Which of the two base maps that is depends on the width of the reader's map; where both are likely, neither is.
    """
    west, _, east, _ = (float(edge) for edge in view.split(","))
    likely = [near for near in (False, True) if (east - west < FINER_BELOW if near else east - west > COARSER_ABOVE)]
    return [*(basemap.address(near=near) for near in likely), url_for("static", filename=basemap.CITIES)]


def _below(session: Session, wanted: DatasetFilter, edition: Edition) -> dict[str, Any]:
    offers = offers_of(session, edition)
    pinned = DatasetFilter(limit=NEWEST, dataset=wanted.dataset, as_of=wanted.as_of)
    return {
        "found": queries.incident_page(session, pinned),
        "ways": ways_in(offers, tallies_of(session, edition)),
        "topics": [{"slug": slug, "title": title} for slug, title in offers.topics.items()],
    }


def _snippet(query: str) -> str:
    """The lines that put this map into another page."""
    there = address("public.map_embedded") + (f"?{query}" if query else "")
    source = there.replace("&", "&amp;")
    title = gettext("Map of attacks on the press").replace('"', "&quot;")
    return f'<iframe src="{source}" title="{title}" width="100%" height="{EMBEDDED_HEIGHT}" loading="lazy"></iframe>'


def legend() -> list[Sample]:
    """The groups of violations with their shapes, the gravest first."""
    return [
        Sample(group.value, gettext(group.label), "" if shape == "circle" else shape_path(shape, 9, 9, 6))
        for group in ViolationGroup
        for shape in (SHAPES[group.value],)
    ]
