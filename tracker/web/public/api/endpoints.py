"""The table of everything that gives data: what it is, how it is asked for, what comes, and what it costs.

The OpenAPI document, the list on the page for programs, the headers for other sites, the form of errors and the
allowances are made from it. An address of the public site that is neither a page nor listed here fails a test.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from tracker.dataset.exports import FORMATS
from tracker.dataset.filters import PAGING
from tracker.dataset.parameters import PARAMETERS
from tracker.web.allowances import Work
from tracker.web.translation import gettext_noop

FILTER = tuple(PARAMETERS)
"""The whole filter, with pages and columns."""
ROWS = tuple(name for name in PARAMETERS if name != "fields")
"""The filter and its pages, where all columns come."""
COUNTS = tuple(name for name in ROWS if name not in PAGING)
"""The filter where there are no pages."""
VERSION = ("as_of", "dataset")
"""What asks for a past version of one record."""

EDITION_HEADERS = ("X-Dataset-Version", "X-As-Of", "X-Licence")
META_HEADERS = (*EDITION_HEADERS, "X-Row-Count", "X-Unit", "X-Unavailable", "X-Filter")
FILE_HEADERS = (*META_HEADERS, "Content-Disposition")


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

    @property
    def bare_type(self) -> str:
        """The media type without its parameters."""
        return self.media_type.partition(";")[0]

    @property
    def takes_words(self) -> bool:
        """Whether it can be searched, which is counted."""
        return "q" in self.parameters


INCIDENTS = gettext_noop("Incidents")
RECORDS = gettext_noop("Single records")
MAP = gettext_noop("The map")
ITSELF = gettext_noop("The data about itself")


def _file(name: str, schema: str | None, parameters: tuple[str, ...]) -> DataEndpoint:
    form = FORMATS[name]
    return DataEndpoint(INCIDENTS, form.purpose, form.media_type, schema, parameters, FILE_HEADERS, work=Work.FILES)


def _record(summary: str, schema: str) -> DataEndpoint:
    missing = (404, 410)
    return DataEndpoint(RECORDS, summary, "application/json", schema, VERSION, EDITION_HEADERS, missing)


ENDPOINTS: Mapping[str, DataEndpoint] = MappingProxyType(
    {
        "incidents_csv": _file("csv", None, FILTER),
        "incidents_json": _file("json", "Incidents", ROWS),
        "incidents_geojson": _file("geojson", "FeatureCollection", ROWS),
        "incident_json": _record(gettext_noop("One incident, exactly as it was published."), "IncidentRecord"),
        "topic_json": _record(gettext_noop("One topic, with its timeline."), "TopicRecord"),
        "outlet_json": _record(gettext_noop("One outlet."), "OutletRecord"),
        "map_json": DataEndpoint(
            MAP,
            gettext_noop("Counts by country and month, and public points or clusters of them."),
            "application/json",
            "Map",
            (*COUNTS, "box", "zoom"),
            META_HEADERS,
        ),
        "map_svg": DataEndpoint(
            MAP,
            gettext_noop("The map as a picture."),
            "image/svg+xml",
            parameters=COUNTS,
            headers=META_HEADERS,
            work=Work.FIGURES,
        ),
        "base_map": DataEndpoint(
            MAP,
            gettext_noop(
                "The outlines under the map, where the operator has put in others than those that come with it."
            ),
            "application/json",
            "BaseMap",
            ("v",),
            missing=(404,),
        ),
        "withdrawn": DataEndpoint(
            ITSELF,
            gettext_noop("Records that were withdrawn, so that copies of them can be deleted."),
            "application/json",
            "Withdrawn",
            headers=EDITION_HEADERS,
        ),
        "schema": DataEndpoint(
            ITSELF, gettext_noop("The JSON Schema of the JSON file."), "application/schema+json", "Document"
        ),
        "openapi": DataEndpoint(
            ITSELF,
            gettext_noop("This interface as an OpenAPI 3.1 document."),
            "application/json",
            "Document",
        ),
    }
)
"""Every address that gives data, by the name of its endpoint in `routes`."""
