"""`/report` as a page, and `/report.pdf` where PDFs can be made."""

from pathlib import Path

from flask import Response, g

from tracker.dataset.editions import Edition, dataset_version
from tracker.dataset.exports.shelf import Recipe, TakenBack
from tracker.dataset.filters import DatasetFilter
from tracker.dataset.problems import FilterError
from tracker.dataset.selection import check_names
from tracker.web.errors import error_response, wants_json
from tracker.web.headers import unless_known
from tracker.web.public import stored
from tracker.web.public.answers import say_edition
from tracker.web.public.asking import asked_filter
from tracker.web.public.choosing import chosen, with_query
from tracker.web.public.context import page, reading
from tracker.web.public.incidents import refused
from tracker.web.public.report import pdf
from tracker.web.public.report.contents import file_name, refuse_others, report_of
from tracker.web.public.report.document import document, site_root, words_of
from tracker.web.translation import gettext, page_code, said

MOST_IN_PDF = 100
"""How many incidents a PDF from the site lists one by one: about seven seconds of the processor, and forty pages."""


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
    """The same as a PDF, made once for each edition and kept on the shelf of files."""
    wanted = asked_filter()
    refuse_others(wanted)
    if not pdf.is_available():
        return error_response(501, words=(gettext("There is no PDF here"), said(pdf.NO_PDF_HERE)))

    def prepared() -> tuple[Recipe, Edition]:
        with reading() as session:
            edition = dataset_version(session, wanted)
            unless_known(edition)
            # What the filter asks for has to be there before a file of it is.
            check_names(session, wanted, edition)
        return pdf_recipe(wanted, edition), edition

    response, edition = stored.answer(prepared)
    response.content_type = "application/pdf"
    say_edition(response, edition.version, edition.published_at)
    response.headers["Content-Disposition"] = f'inline; filename="{file_name(wanted, edition, "pdf")}"'
    return response


def pdf_recipe(wanted: DatasetFilter, edition: Edition) -> Recipe:
    """How the PDF of a filter is made, in the language of the request and with the address of its site."""
    # What is said of the filter depends on how the edition was asked for.
    name = ("report.pdf", str(edition.version), wanted.query_string(), page_code(), site_root())

    def make(folder: Path) -> Path:
        with reading() as session:
            if dataset_version(session, wanted) != edition:
                raise TakenBack
            html, _ = document(session, wanted, edition, site=site_root(), most=MOST_IN_PDF)
        made = folder / "report.pdf"
        made.write_bytes(pdf.pdf_of(html))
        return made

    return Recipe(edition, "\n".join(name), make)
