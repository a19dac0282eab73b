"""Every address of the public site and what answers it. All of them take GET and HEAD and nothing else.

Each page has an address for each language, and what a page leads to is in its own language; data has one address.
"""

from collections.abc import Callable
from typing import Any

from flask import Blueprint

from tracker.web.public import incidents, pages, subjects, twins
from tracker.web.public.asking import without_trackers
from tracker.web.public.figures import completeness, dashboards
from tracker.web.public.figures import twins as figure_twins
from tracker.web.public.figures import views as figures
from tracker.web.public.maps import data as map_data
from tracker.web.public.maps import listing
from tracker.web.public.maps import page as map_page
from tracker.web.public.report import views as reports
from tracker.web.translation import LANGUAGES, page_locale, prefix

View = Callable[..., Any]

PAGES: tuple[tuple[str, str, View], ...] = (
    ("/", "overview", map_page.overview),
    ("/map/spot", "map_spot", listing.spot),
    ("/map/box", "map_box", listing.box),
    ("/map.svg", "map_svg", map_data.map_svg),
    ("/embed/map", "map_embedded", map_page.embedded),
    ("/incidents", "incidents", incidents.index),
    ("/incidents/<reference>", "incident", incidents.incident),
    ("/topics/<slug>", "topic", subjects.topic),
    ("/outlets/<slug>", "outlet", subjects.outlet),
    ("/dashboard", "dashboard", dashboards.dashboard),
    ("/completeness", "completeness", completeness.completeness),
    ("/summary", "summary", figures.summary),
    ("/summary.svg", "summary_svg", figure_twins.summary_svg),
    ("/report", "report", reports.report),
    ("/report.pdf", "report_pdf", reports.report_pdf),
    ("/data", "data", pages.data),
    ("/methodology", "methodology", pages.methodology),
    ("/about", "about", pages.about),
)
DATA: tuple[tuple[str, str, View], ...] = (
    ("/map.json", "map_json", map_data.map_json),
    ("/map/base.json", "base_map", map_data.base_map),
    ("/incidents.csv", "incidents_csv", twins.incidents_csv),
    ("/incidents.json", "incidents_json", twins.incidents_json),
    ("/incidents.geojson", "incidents_geojson", twins.incidents_geojson),
    ("/incidents/<reference>.json", "incident_json", twins.incident),
    ("/topics/<slug>.json", "topic_json", twins.topic),
    ("/outlets/<slug>.json", "outlet_json", twins.outlet),
    ("/data/schema.json", "schema", twins.schema),
    ("/dashboard.json", "dashboard_json", dashboards.dashboard_json),
    ("/completeness.csv", "completeness_csv", completeness.completeness_csv),
    ("/completeness.json", "completeness_json", completeness.completeness_json),
    ("/summary.csv", "summary_csv", figure_twins.summary_csv),
    ("/summary.json", "summary_json", figure_twins.summary_json),
    ("/summary.xlsx", "summary_xlsx", figure_twins.summary_xlsx),
    ("/withdrawn.json", "withdrawn", twins.withdrawn),
    ("/robots.txt", "robots", pages.robots),
)

_IN_LANGUAGES = frozenset(f"public.{endpoint}" for _, endpoint, _ in PAGES)

blueprint = Blueprint("public", __name__)


def _add(rule: str, endpoint: str, view: View, **options: Any) -> None:
    blueprint.add_url_rule(rule, endpoint, view, methods=["GET"], provide_automatic_options=False, **options)


for rule, endpoint, view in PAGES:
    answer = without_trackers(view)
    for language in LANGUAGES:
        _add(prefix(language) + rule, endpoint, answer, defaults={"language": language})
for rule, endpoint, view in DATA:
    _add(rule, endpoint, view)


@blueprint.url_value_preprocessor
def _leave_language(_endpoint: str | None, values: dict[str, Any] | None) -> None:
    """Keep the language from the views: `select_locale` has it from the path."""
    if values:
        values.pop("language", None)


@blueprint.url_defaults
def _keep_language(endpoint: str, values: dict[str, Any]) -> None:
    """Lead from a page to pages in the same language."""
    if endpoint in _IN_LANGUAGES:
        values.setdefault("language", page_locale().language)
