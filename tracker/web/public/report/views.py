"""`/report` as a page, and `/report.pdf` where PDFs can be made."""

from flask import Response, g, render_template, request

from tracker.dataset.editions import Edition, dataset_version
from tracker.dataset.filters import DatasetFilter
from tracker.dataset.map.memory import Memory
from tracker.dataset.problems import FilterError
from tracker.web.errors import wants_json
from tracker.web.headers import build, unless_known
from tracker.web.public.answers import say_edition
from tracker.web.public.asking import asked_filter
from tracker.web.public.choosing import chosen, with_query
from tracker.web.public.context import page, reading
from tracker.web.public.incidents import refused
from tracker.web.public.report import pdf
from tracker.web.public.report.contents import file_name, refuse_others, report_of
from tracker.web.public.report.document import document, site_root, words_of
from tracker.web.translation import gettext, page_code, said

REMEMBERED_BYTES = 32_000_000
SECONDS_TO_RETRY = "20"
MOST_IN_PDF = 100
"""How many incidents a PDF from the site lists one by one: about seven seconds of the processor, and forty pages."""

_made = Memory(REMEMBERED_BYTES)
"""The PDFs made last in this process, forgotten with the next publication or restriction."""


class _TakenBack(Exception):
    """Something was published or taken back while the PDF was made."""


class _NotThere(Exception):
    """The PDF that is asked for is not kept."""


def report() -> str | tuple[str, int]:
    """The report of the filter of the query string, as a page."""
    try:
        wanted = asked_filter()
        refuse_others(wanted)
        with reading() as session:
            edition = dataset_version(session, wanted)
            unless_known(edition)
            g.version = edition
            asked = chosen(session, wanted, edition, "public.report")
            made = report_of(session, wanted, edition)
    except FilterError as error:
        if wants_json():
            raise
        return refused(error.problems, "public.report")
    return page(
        "public/report/page.html",
        canonical=asked.canonical,
        chosen=asked,
        pdf=with_query("public.report_pdf", wanted.query_string()) if pdf.is_available() else None,
        **words_of(made, asked.words, root="", site=site_root()),
    )


def report_pdf() -> Response:
    """The same as a PDF, made once for each edition and process, and one at a time."""
    wanted = asked_filter()
    refuse_others(wanted)
    if not pdf.is_available():
        return _plainly(501, gettext("There is no PDF here"), said(pdf.NO_PDF_HERE))
    with reading() as session:
        edition = dataset_version(session, wanted)
        unless_known(edition)
        name = file_name(wanted, edition, "pdf")
    if request.method == "HEAD":
        return _file(b"", edition, name)
    key = ("report", wanted.selection(), page_code(), site_root(), build())
    try:
        return _file(_kept_or_made(wanted, edition, key), edition, name)
    except pdf.Busy:
        return _later(gettext("Another report is being made just now. Please try again in a moment."))
    except _TakenBack:
        return _later(gettext("The records changed while the report was made. Please try again."))


def _kept_or_made(wanted: DatasetFilter, edition: Edition, key: tuple[str, ...]) -> bytes:
    """The PDF if it is there; else, when it is this request's turn, made unless somebody else has made it meanwhile."""
    try:
        return _made.get(edition, key, _not_there, len)
    except _NotThere:
        with pdf.my_turn():
            return _made.get(edition, key, lambda: _fresh(wanted, edition), len)


def _not_there() -> bytes:
    raise _NotThere


def _fresh(wanted: DatasetFilter, edition: Edition) -> bytes:
    with reading() as session:
        if dataset_version(session, wanted) != edition:
            raise _TakenBack
        html, _ = document(session, wanted, edition, site=site_root(), most=MOST_IN_PDF)
    content = pdf.pdf_of(html)
    with reading() as session:
        if dataset_version(session, wanted).stamp != edition.stamp:
            raise _TakenBack
    return content


def _file(content: bytes, edition: Edition, name: str) -> Response:
    response = Response(content, mimetype="application/pdf")
    say_edition(response, edition.version, edition.published_at)
    response.headers["Content-Disposition"] = f'inline; filename="{name}"'
    return response


def _later(sentence: str) -> Response:
    response = _plainly(503, gettext("Please try again"), sentence)
    response.headers["Retry-After"] = SECONDS_TO_RETRY
    return response


def _plainly(status: int, heading: str, sentence: str) -> Response:
    g.pop("etag", None)
    words = render_template("errors/error.html", status=status, heading=heading, sentence=sentence, problems=())
    return Response(words, status, mimetype="text/html")
