"""A report as PDF/UA, where WeasyPrint and the libraries that it needs are installed (the extra `pdf`).

Nothing is fetched for it: the document holds its styles and pictures as `data:` addresses, and all others are refused.
"""

from __future__ import annotations

import importlib.util
import logging
from functools import cache
from hashlib import sha256
from typing import Any

from tracker.phrases import phrase

VARIANT = "pdf/ua-1"
HOW_TO_INSTALL = (
    "A PDF needs WeasyPrint and Pango, which are not installed here. Install the extra `pdf` of this program (pip "
    'install "press-freedom-tracker[pdf]") and the system\'s Pango (Debian: libpango-1.0-0 libpangoft2-1.0-0 '
    "libharfbuzz-subset0), or make an .html file and print it from a browser."
)


class Missing(Exception):
    """What makes PDFs is not installed."""


@cache
def is_available() -> bool:
    """Whether PDFs can be made here; found out once, since the libraries take a second to load."""
    if importlib.util.find_spec("weasyprint") is None:
        return False
    try:
        import weasyprint
    except OSError:
        # WeasyPrint is there and Pango is not.
        return False
    return bool(weasyprint.__version__)


def pdf_of(html: str) -> bytes:
    """The PDF of a document that holds everything it shows. Raises `Missing`.

    The same document gives the same bytes: the identifier is made of it, and its dates stand in its head.
    """
    if not is_available():
        raise Missing(HOW_TO_INSTALL)
    from weasyprint import HTML
    from weasyprint.urls import URLFetcher

    # What it does not know of our styles for browsers is no news to an operator.
    logging.getLogger("weasyprint").setLevel(logging.CRITICAL)
    # No base address: what is relative cannot be resolved, and what is not in the document is refused.
    source: Any = HTML(string=html, url_fetcher=URLFetcher(allowed_protocols=("data",), fail_on_errors=True))
    made: bytes = source.write_pdf(pdf_variant=VARIANT, pdf_identifier=sha256(html.encode()).digest()[:16])
    return made


NO_PDF_HERE = phrase("This site makes no PDFs. Print the page of the report, or save it as a PDF from there.")
