"""The pages that explain: the data, the methodology, the site itself."""

from flask import Response, g
from sqlalchemy.orm import Session

from tracker.dataset.editions import Edition, dataset_version
from tracker.web.headers import unless_known
from tracker.web.public import reference
from tracker.web.public.asking import refuse_parameters
from tracker.web.public.citing import cite_dataset
from tracker.web.public.context import address, page, reading
from tracker.web.translation import LANGUAGES, prefix


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
    return page(
        "public/data.html",
        canonical=address("public.data"),
        citation=cite_dataset(edition),
        parameters=reference.parameters(),
        csv_columns=reference.csv_columns(),
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
        _enter(session)
    return page("public/about.html", canonical=address("public.about"))


def robots() -> Response:
    """All public pages may be indexed; the endless combinations of filters need not be."""
    endless = (
        "/incidents?",
        "/?",
        "/map/",
        "/map.svg?",
        "/embed/",
        "/summary",
        "/dashboard?",
        "/completeness?",
        "/report",
    )
    lists = "".join(f"Disallow: {prefix(language)}{path}\n" for path in endless for language in LANGUAGES)
    return Response(f"User-agent: *\nAllow: /\n{lists}Disallow: /map.json?\nDisallow: /staff/\n", mimetype="text/plain")
