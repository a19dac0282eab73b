"""Every address of the public site and what answers it. All of them take GET and HEAD and nothing else."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint

from tracker.web.public import incidents, pages, subjects, twins
from tracker.web.public.asking import without_trackers

View = Callable[..., Any]

PAGES: tuple[tuple[str, str, View], ...] = (
    ("/", "overview", pages.overview),
    ("/incidents", "incidents", incidents.index),
    ("/incidents/<reference>", "incident", incidents.incident),
    ("/topics/<slug>", "topic", subjects.topic),
    ("/outlets/<slug>", "outlet", subjects.outlet),
    ("/data", "data", pages.data),
    ("/methodology", "methodology", pages.methodology),
    ("/about", "about", pages.about),
)
DATA: tuple[tuple[str, str, View], ...] = (
    ("/incidents.csv", "incidents_csv", twins.incidents_csv),
    ("/incidents.json", "incidents_json", twins.incidents_json),
    ("/incidents.geojson", "incidents_geojson", twins.incidents_geojson),
    ("/incidents/<reference>.json", "incident_json", twins.incident),
    ("/topics/<slug>.json", "topic_json", twins.topic),
    ("/outlets/<slug>.json", "outlet_json", twins.outlet),
    ("/data/schema.json", "schema", twins.schema),
    ("/withdrawn.json", "withdrawn", twins.withdrawn),
    ("/robots.txt", "robots", pages.robots),
)

blueprint = Blueprint("public", __name__)
for rule, endpoint, view in PAGES:
    blueprint.add_url_rule(rule, endpoint, without_trackers(view), methods=["GET"], provide_automatic_options=False)
for rule, endpoint, view in DATA:
    blueprint.add_url_rule(rule, endpoint, view, methods=["GET"], provide_automatic_options=False)
