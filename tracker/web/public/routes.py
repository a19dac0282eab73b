"""Every address of the public site and what answers it. All of them are read with GET and HEAD and nothing else.

Each page has an address for each language, and what a page leads to is in its own language; data has one address, and
an entry in `api.endpoints` that describes it.
"""

import re
from collections.abc import Callable
from typing import Any

from flask import Blueprint

from tracker.dataset.exports import FORMATS
from tracker.web.public import changes, citations, crosswalks, feeds, incidents, pages, releases, subjects, twins
from tracker.web.public.api import views as api
from tracker.web.public.api.endpoints import ENDPOINTS
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

_FILE = re.compile(r"/[a-z]+\.[a-z.]+")
"""An address of which there could be other kinds of file."""

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
    ("/changes", "changes", changes.index),
    ("/releases", "releases", releases.index),
    ("/releases/<name>", "release", releases.one),
    ("/crosswalk", "crosswalks", crosswalks.index),
    ("/crosswalk/<scheme>", "crosswalk", crosswalks.scheme),
    ("/report", "report", reports.report),
    ("/report.pdf", "report_pdf", reports.report_pdf),
    ("/data", "data", pages.data),
    ("/data/api", "api", api.page_for_programs),
    ("/methodology", "methodology", pages.methodology),
    ("/about", "about", pages.about),
)
DATA: tuple[tuple[str, str, View], ...] = (
    ("/map.json", "map_json", map_data.map_json),
    ("/map/base.json", "base_map", map_data.base_map),
    *((form.path, form.endpoint, twins.file_of(form)) for form in FORMATS.values()),
    *(
        (form.hash_path, f"{form.endpoint}_sha256", twins.hash_of(form))
        for form in FORMATS.values()
        if not form.is_stored
    ),
    ("/incidents.atom", "incidents_atom", feeds.incidents_atom),
    ("/incidents.bib", "incidents_bib", citations.dataset_bib),
    ("/incidents.csl.json", "incidents_csl", citations.dataset_csl),
    ("/incidents/<reference>.json", "incident_json", twins.incident),
    ("/incidents/<reference>.bib", "incident_bib", citations.incident_bib),
    ("/incidents/<reference>.csl.json", "incident_csl", citations.incident_csl),
    ("/topics/<slug>.json", "topic_json", twins.topic),
    ("/outlets/<slug>.json", "outlet_json", twins.outlet),
    ("/changes.json", "changes_json", changes.feed),
    ("/releases.json", "releases_json", releases.listed),
    ("/releases/<name>.json", "release_json", releases.manifest),
    ("/releases/<name>/<file>", "release_file", releases.file),
    ("/crosswalk/<scheme>.csv", "crosswalk_csv", crosswalks.counts_csv),
    ("/crosswalk/<scheme>.json", "crosswalk_json", crosswalks.counts_json),
    ("/crosswalk/<scheme>/acts.csv", "crosswalk_acts_csv", crosswalks.acts_csv),
    ("/crosswalk/<scheme>/mapping.csv", "crosswalk_mapping_csv", crosswalks.mapping_csv),
    ("/data/schema.json", "schema", twins.schema),
    ("/dashboard.json", "dashboard_json", dashboards.dashboard_json),
    ("/completeness.csv", "completeness_csv", completeness.completeness_csv),
    ("/completeness.json", "completeness_json", completeness.completeness_json),
    ("/summary.csv", "summary_csv", figure_twins.summary_csv),
    ("/summary.json", "summary_json", figure_twins.summary_json),
    ("/summary.xlsx", "summary_xlsx", figure_twins.summary_xlsx),
    ("/openapi.json", "openapi", api.openapi),
    ("/withdrawn.json", "withdrawn", twins.withdrawn),
    ("/robots.txt", "robots", pages.robots),
)

_IN_LANGUAGES = frozenset(f"public.{endpoint}" for _, endpoint, _ in PAGES)

blueprint = Blueprint("public", __name__)


def _add(rule: str, endpoint: str, view: View, *, is_data: bool | None = None, **options: Any) -> None:
    # Browsers ask with OPTIONS whether a page of another site may read data.
    is_data = endpoint in ENDPOINTS if is_data is None else is_data
    methods = ["GET", "OPTIONS"] if is_data else ["GET"]
    blueprint.add_url_rule(rule, endpoint, view, methods=methods, provide_automatic_options=False, **options)


for rule, endpoint, view in PAGES:
    answer = without_trackers(view)
    for language in LANGUAGES:
        _add(prefix(language) + rule, endpoint, answer, defaults={"language": language})
for rule, endpoint, view in DATA:
    _add(rule, endpoint, view)

_files = [(rule.partition(".")[0], endpoint) for rule, endpoint, _ in (*PAGES, *DATA) if _FILE.fullmatch(rule)]
for stem in sorted({stem for stem, _ in _files}):
    # Beside a picture or a report, which are no data, it would answer OPTIONS for these too.
    are_data = all(endpoint in ENDPOINTS for other, endpoint in _files if other == stem)
    _add(f"{stem}.<ending>", "no_such_file", twins.no_such_file, is_data=are_data)


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
