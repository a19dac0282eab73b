"""The pages that explain: the data, the methodology, the site itself."""

from flask import Response, current_app, g
from sqlalchemy.orm import Session

from tracker.dataset.editions import Edition, dataset_version
from tracker.dataset.exports import FORMATS
from tracker.dataset.exports.descriptor import how_to_undo
from tracker.dataset.fields import act_columns, columns
from tracker.dataset.map.credits import credits_due
from tracker.web.headers import unless_known
from tracker.web.public import offline, reference
from tracker.web.public.api.document import paths_of
from tracker.web.public.api.endpoints import ENDPOINTS
from tracker.web.public.asking import refuse_parameters
from tracker.web.public.citing import cite_dataset
from tracker.web.public.context import address, page, reading
from tracker.web.translation import LANGUAGES, prefix

ENDLESS = (
    "/incidents?",
    "/?",
    "/map/",
    "/map.svg?",
    "/embed/",
    "/summary",
    "/crosswalk/*?",
    "/dashboard?",
    "/completeness?",
    "/changes?",
    "/report",
)
"""How the addresses begin of pages under a filter, and of those that are there for one."""


def _enter(session: Session) -> Edition:
    """What every page here begins with: no parameters, the newest edition, nothing if the reader has it already."""
    refuse_parameters()
    edition = dataset_version(session)
    unless_known(edition)
    g.version = edition
    return edition


def data() -> str:
    """Downloads, versions, the query string and the data dictionary."""
    with reading() as session:
        edition = _enter(session)
        credits = credits_due(session, edition)
    return page(
        "public/data.html",
        credits=credits,
        canonical=address("public.data"),
        citation=cite_dataset(edition),
        parameters=reference.parameters(),
        formats=list(FORMATS.values()),
        commands=[*FORMATS, *offline.FILES],
        example="?country=KG",
        undo=how_to_undo(),
        csv_columns=reference.csv_columns(columns()),
        act_columns=reference.csv_columns(act_columns()),
        dictionaries=reference.dictionaries(),
    )


def methodology() -> str:
    """What counts, how it is known, and what every code means."""
    with reading() as session:
        _enter(session)
    return page("public/methodology.html", canonical=address("public.methodology"), vocabularies=reference.glossaries())


def about() -> str:
    """What the site's own record says about it."""
    with reading() as session:
        credits = credits_due(session, _enter(session))
    return page("public/about.html", canonical=address("public.about"), credits=credits)


def robots() -> Response:
    """All public pages may be indexed; the endless combinations of filters need not be."""
    refuse_parameters()
    unless_known()
    pages = [f"{prefix(language)}{path}" for path in ENDLESS for language in LANGUAGES]
    paths = paths_of(current_app.url_map)
    data = [f"{paths[name]}?" for name, entry in ENDPOINTS.items() if entry.parameters and "<" not in paths[name]]
    # Each of these costs as much as the file that it is of, under a filter or not.
    hashes = [form.hash_path for form in FORMATS.values() if not form.is_stored]
    rules = ["User-agent: *", "Allow: /", *(f"Disallow: {path}" for path in (*pages, *data, *hashes, "/staff/"))]
    return Response("\n".join(rules) + "\n", mimetype="text/plain")
