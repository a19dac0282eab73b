"""The pages that explain: the data, the methodology, the site itself."""

from flask import Response, g
from sqlalchemy.orm import Session

from tracker.dataset.editions import Edition, dataset_version
from tracker.dataset.exports import FORMATS
from tracker.dataset.exports.descriptor import how_to_undo
from tracker.dataset.fields import act_columns, columns
from tracker.dataset.map.credits import credits_due
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
        credits = credits_due(session, edition)
    return page(
        "public/data.html",
        credits=credits,
        canonical=address("public.data"),
        citation=cite_dataset(edition),
        parameters=reference.parameters(),
        formats=list(FORMATS.values()),
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
    endless = (
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
    lists = "".join(f"Disallow: {prefix(language)}{path}\n" for path in endless for language in LANGUAGES)
    files = "".join(f"Disallow: {form.path}?\nDisallow: {form.hash_path}\n" for form in FORMATS.values())
    rules = (
        f"User-agent: *\nAllow: /\n{lists}{files}Disallow: /map.json?\nDisallow: /changes.json?\nDisallow: /staff/\n"
    )
    return Response(rules, mimetype="text/plain")
