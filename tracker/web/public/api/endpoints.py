"""The table of everything that gives data: what it is, how it is asked for, what comes, and what it costs.

The OpenAPI document, the list on the page for programs, the headers for other sites, the form of errors and the
allowances are made from it. An address of the public site that is neither a page nor listed here fails a test.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from tracker.dataset.exports import FORMATS, Format
from tracker.dataset.fields import csv_header
from tracker.dataset.filters import COLUMNS, PAGING
from tracker.dataset.parameters import PARAMETERS
from tracker.dataset.statistics.question import OF_A_DASHBOARD
from tracker.web.allowances import Work
from tracker.web.translation import gettext_noop

ROWS = tuple(name for name in PARAMETERS if name not in COLUMNS)
"""The filter and its pages, where all columns come."""
COUNTS = tuple(name for name in ROWS if name not in PAGING)
"""The filter where there are no pages."""
VERSION = ("as_of", "dataset")
"""What asks for a past version of one record."""

EDITION_HEADERS = ("X-Dataset-Version", "X-As-Of", "X-Licence")
META_HEADERS = (*EDITION_HEADERS, "X-Row-Count", "X-Unit", "X-Unavailable", "X-Filter")
FILE_HEADERS = (*META_HEADERS, "Content-Disposition")
CREDITS = ("X-Place-Credits",)
NEXT = ("X-Next", "Link")
HASHES = ("X-SHA256", "Repr-Digest")


@dataclass(frozen=True, slots=True)
class DataEndpoint:
    """One address that gives data; its path stands in the table of routes under the same name.

    Attributes:
        group: the heading under which it is listed.
        summary: what it gives, in one sentence.
        media_type: of the answer, with its parameters.
        schema: name of the schema in `schemas.components` that a JSON answer keeps to.
        parameters: names in `document.query_parameters`; any other is refused.
        headers: what the answer says of itself, besides its tag.
        sometimes: what it says where there is something to say, such as that there is another page.
        kept_whole: whether its bytes lie ready, so that a part of them can be asked for (`Range`).
        missing: how it answers where there is no such thing: 404, and 410 for what was withdrawn.
        work: what it is counted as where it is costly; a search for words is counted in any case.
    """

    group: str
    summary: str
    media_type: str
    schema: str | None = None
    parameters: tuple[str, ...] = ()
    headers: tuple[str, ...] = ()
    missing: tuple[int, ...] = ()
    work: Work | None = None
    sometimes: tuple[str, ...] = ()
    kept_whole: bool = False

    @property
    def bare_type(self) -> str:
        """The media type without its parameters."""
        return self.media_type.partition(";")[0]

    @property
    def takes_words(self) -> bool:
        """Whether it can be searched, which is counted."""
        return "q" in self.parameters


CSV = "text/csv; charset=utf-8; header=present"
JSON = "application/json"
PLAIN = "text/plain; charset=utf-8"
SVG = "image/svg+xml"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
BIBTEX = "application/x-bibtex; charset=utf-8"
CSL = "application/vnd.citationstyles.csl+json"
ANY = "*/*"
"""Of files of which each has a type of its own."""

INCIDENTS = gettext_noop("Incidents")
RECORDS = gettext_noop("Single records")
MAP = gettext_noop("The map")
FIGURES = gettext_noop("Figures")
CROSSWALKS = gettext_noop("Crosswalks")
CITATIONS = gettext_noop("Citations")
CHANGES = gettext_noop("Changes and releases")
ITSELF = gettext_noop("The data about itself")

NOTHING_THERE = frozenset({"no_such_file"})
"""Addresses at which data may be looked for and is never found: their errors are data too."""
COSTLY_PAGES: Mapping[str, Work] = MappingProxyType(
    {
        **dict.fromkeys(("summary", "dashboard", "completeness", "crosswalk", "report"), Work.FIGURES),
        "report_pdf": Work.FILES,
    }
)
"""Pages that cost as much as data, and as what they are counted."""

_SCHEMAS = {"json": "Incidents", "geojson": "FeatureCollection"}


def _parameters(form: Format) -> tuple[str, ...]:
    parameters = COUNTS if form.is_stored else ROWS
    if not form.columns:
        return parameters
    # What can be chosen is described for each file by itself.
    fields = "fields" if form.columns == csv_header() else f"fields_of_{form.stem}"
    return (*parameters, fields, "hxl")


def _file(form: Format) -> DataEndpoint:
    return DataEndpoint(
        INCIDENTS,
        form.purpose,
        form.media_type,
        _SCHEMAS.get(form.name),
        _parameters(form),
        (*FILE_HEADERS, *HASHES) if form.is_stored else FILE_HEADERS,
        work=Work.FILES,
        sometimes=CREDITS if form.is_stored else (*CREDITS, *NEXT),
        kept_whole=form.is_stored,
    )


def _hash(form: Format) -> DataEndpoint:
    """The hash of a file that is written while it is sent."""
    return DataEndpoint(
        INCIDENTS,
        gettext_noop("The SHA-256 of such a file, as `sha256sum --check` takes it."),
        PLAIN,
        parameters=_parameters(form),
        headers=META_HEADERS,
        work=Work.FILES,
        sometimes=(*CREDITS, "X-Next"),
    )


def _record(summary: str, schema: str) -> DataEndpoint:
    return DataEndpoint(RECORDS, summary, JSON, schema, VERSION, EDITION_HEADERS, (404, 410))


def _citation(summary: str, media_type: str, parameters: tuple[str, ...], missing: tuple[int, ...]) -> DataEndpoint:
    schema = "Citations" if media_type == CSL else None
    of_one = ("X-Dataset-Version", "X-As-Of", "Content-Disposition")
    headers, sometimes = (of_one, ()) if parameters == VERSION else ((*FILE_HEADERS, "X-SHA256"), CREDITS)
    return DataEndpoint(CITATIONS, summary, media_type, schema, parameters, headers, missing, sometimes=sometimes)


def _figures(
    summary: str,
    media_type: str,
    schema: str | None = None,
    parameters: tuple[str, ...] = COUNTS,
    *,
    group: str = FIGURES,
    headers: tuple[str, ...] = META_HEADERS,
    missing: tuple[int, ...] = (),
    work: Work = Work.FIGURES,
) -> DataEndpoint:
    return DataEndpoint(group, summary, media_type, schema, parameters, headers, missing, work, CREDITS)


def _crosswalk(summary: str, media_type: str, schema: str | None = None, *, work: Work = Work.FIGURES) -> DataEndpoint:
    return _figures(summary, media_type, schema, group=CROSSWALKS, headers=FILE_HEADERS, missing=(404,), work=work)


_OF_INCIDENTS = {
    **{form.endpoint: _file(form) for form in FORMATS.values()},
    **{f"{form.endpoint}_sha256": _hash(form) for form in FORMATS.values() if not form.is_stored},
    "incidents_atom": DataEndpoint(
        INCIDENTS,
        gettext_noop("A feed (Atom) of what was published, updated and withdrawn."),
        "application/atom+xml; charset=utf-8",
        parameters=ROWS,
        headers=(*META_HEADERS, "X-SHA256"),
        sometimes=(*CREDITS, "X-Next"),
    ),
    "incident_json": _record(gettext_noop("One incident, exactly as it was published."), "IncidentRecord"),
    "topic_json": _record(gettext_noop("One topic, with its timeline."), "TopicRecord"),
    "outlet_json": _record(gettext_noop("One outlet."), "OutletRecord"),
}

_OF_THE_MAP = {
    "map_json": DataEndpoint(
        MAP,
        gettext_noop("Counts by country and month, and public points or clusters of them."),
        JSON,
        "Map",
        (*COUNTS, "box", "zoom"),
        META_HEADERS,
        sometimes=CREDITS,
    ),
    "map_svg": _figures(gettext_noop("The map as a picture."), SVG, group=MAP),
    "base_map": DataEndpoint(
        MAP,
        gettext_noop("The outlines under the map, where the operator has put in others than those that come with it."),
        JSON,
        "BaseMap",
        ("v",),
        missing=(404,),
    ),
}

_SUMMARY = ("unit", "by", "then", *COUNTS)
_OF_FIGURES = {
    "summary_csv": _figures(
        gettext_noop("Counts by one or two dimensions, a line for each cell of the table."),
        CSV,
        None,
        _SUMMARY,
        headers=FILE_HEADERS,
    ),
    "summary_json": _figures(gettext_noop("The same with totals, overlaps and notes."), JSON, "Summary", _SUMMARY),
    "summary_xlsx": _figures(gettext_noop("The same as a workbook."), XLSX, None, _SUMMARY, headers=FILE_HEADERS),
    "summary_svg": _figures(gettext_noop("The same as a chart."), SVG, None, _SUMMARY),
    "dashboard_json": _figures(
        gettext_noop("This year against last, who is held, and what has no official response."),
        JSON,
        "Dashboard",
        OF_A_DASHBOARD,
    ),
    "completeness_csv": _figures(
        gettext_noop("For what share of the incidents each field is known, a line for each field and year."),
        CSV,
        headers=FILE_HEADERS,
    ),
    "completeness_json": _figures(gettext_noop("The same as JSON."), JSON, "Completeness"),
    "crosswalk_csv": _crosswalk(
        gettext_noop("Counts under the list of another organisation, a line for each class and relation."), CSV
    ),
    "crosswalk_json": _crosswalk(gettext_noop("The same with the mapping."), JSON, "Crosswalk"),
    "crosswalk_acts_csv": _crosswalk(
        gettext_noop("Every act against each victim, with the classes of that list in which it stands."),
        CSV,
        work=Work.FILES,
    ),
    "crosswalk_mapping_csv": DataEndpoint(
        CROSSWALKS,
        gettext_noop("The mapping to that list, which no filter changes."),
        CSV,
        headers=("Content-Disposition",),
        missing=(404,),
    ),
}

_OF_CITATIONS = {
    "incidents_bib": _citation(gettext_noop("The data under a filter, as BibTeX."), BIBTEX, COUNTS, (404,)),
    "incidents_csl": _citation(gettext_noop("The data under a filter, as CSL-JSON."), CSL, COUNTS, (404,)),
    "incident_bib": _citation(gettext_noop("One incident, as BibTeX."), BIBTEX, VERSION, (404, 410)),
    "incident_csl": _citation(gettext_noop("One incident, as CSL-JSON."), CSL, VERSION, (404, 410)),
}

_OF_CHANGES = {
    "changes_json": DataEndpoint(
        CHANGES,
        gettext_noop("What a copy has to do to follow the data, the oldest change first."),
        JSON,
        "Changes",
        ("since", "limit", "after_changes"),
        EDITION_HEADERS,
        work=Work.FILES,
    ),
    "releases_json": DataEndpoint(
        CHANGES,
        gettext_noop("All releases, with the hashes of their files."),
        JSON,
        "Releases",
        headers=EDITION_HEADERS,
    ),
    "release_json": DataEndpoint(
        CHANGES,
        gettext_noop("What one release holds, how to cite it, and what changed since the one before."),
        JSON,
        "Release",
        headers=EDITION_HEADERS,
        missing=(404,),
    ),
    "release_file": DataEndpoint(
        CHANGES,
        gettext_noop("A file of a release, or a part of it."),
        ANY,
        headers=("X-Dataset-Version", "X-As-Of", "X-SHA256", "Content-Disposition"),
        missing=(404,),
        kept_whole=True,
    ),
}

_OF_ITSELF = {
    "withdrawn": DataEndpoint(
        ITSELF,
        gettext_noop("Records that were withdrawn, so that copies of them can be deleted."),
        JSON,
        "Withdrawn",
        headers=EDITION_HEADERS,
    ),
    "schema": DataEndpoint(
        ITSELF, gettext_noop("The JSON Schema of the JSON file."), "application/schema+json", "Document"
    ),
    "openapi": DataEndpoint(ITSELF, gettext_noop("This interface as an OpenAPI 3.1 document."), JSON, "Document"),
}

ENDPOINTS: Mapping[str, DataEndpoint] = MappingProxyType(
    {**_OF_INCIDENTS, **_OF_THE_MAP, **_OF_FIGURES, **_OF_CITATIONS, **_OF_CHANGES, **_OF_ITSELF}
)
"""Every address that gives data, by the name of its endpoint in `routes`."""
