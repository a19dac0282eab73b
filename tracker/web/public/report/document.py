"""A report as one file: the page without the site around it, its styles and pictures within, nothing to be fetched."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from functools import cache
from typing import Any

from flask import current_app, render_template, request, url_for
from sqlalchemy.orm import Session

from tracker.dataset import queries
from tracker.dataset.editions import Edition
from tracker.dataset.exports.meta import iso_instant
from tracker.dataset.filter_words import filter_words
from tracker.dataset.filters import DatasetFilter
from tracker.dataset.statistics.notes import UNDERCOUNT, UNIT_NOTES
from tracker.settings import STATIC, Settings
from tracker.vocabulary import Verification
from tracker.web.public.answers import xml
from tracker.web.public.context import site_name, site_record
from tracker.web.public.maps.page import legend
from tracker.web.public.report.contents import Report, report_of
from tracker.web.translation import gettext, page_locale
from tracker.web.wording import instant

STYLES = ("document.css", "report.css")
PAPERS = ("a4", "letter")


def site_root() -> str:
    """The address of the site without a slash at its end."""
    settings: Settings = current_app.extensions["tracker_settings"]
    return settings.base_url or request.host_url.rstrip("/")


def words_of(made: Report, asked: Sequence[str], *, root: str | None, site: str | None) -> dict[str, Any]:
    """What the template says.

    `root` stands before the paths of links, None for no links; `site` is the site's address for citations, if known.
    """
    pinned = _pinned(made, site) if made.edition.published_at else None
    record = site_record() or {}
    return {
        "made": made,
        "asked": asked,
        "root": root,
        "organisation": record.get("organisation") or site_name(),
        "contact": record.get("contact"),
        "pinned": pinned,
        "citation": _citation(made, pinned),
        "legend": legend(),
        "levels": list(Verification),
        "notes_of": {unit.value: note for unit, note in UNIT_NOTES.items()},
        "undercount": UNDERCOUNT,
    }


def _pinned(made: Report, site: str | None) -> str | None:
    if site is None:
        return None
    query = made.wanted.query_string(as_of=None, dataset=made.edition.version)
    return f"{site}{url_for('public.report')}?{query}"


def _citation(made: Report, pinned: str | None) -> str | None:
    """How this very report is cited: the address pins the dataset version."""
    if made.edition.published_at is None:
        return None
    return gettext(
        "%(site)s, “%(title)s”, dataset version %(version)s of %(instant)s. %(address)s",
        site=site_name(),
        title=f"{made.title}, {made.period}",
        version=made.edition.version,
        instant=instant(made.edition.published_at),
        address=pinned or "",
    ).rstrip()


def document(
    session: Session,
    wanted: DatasetFilter,
    edition: Edition,
    *,
    site: str | None,
    paper: str = PAPERS[0],
    most: int | None = None,
) -> tuple[str, Report]:
    """The file as HTML, in the language of the request, with what stands in it. Raises `FilterError`."""
    made = report_of(session, wanted, edition, most)
    names = queries.names(session, wanted, edition)
    asked = filter_words(wanted, names=names, locale=str(page_locale()), translate=gettext)
    html = render_template(
        "public/report/document.html",
        styles=_styles(),
        paper=paper,
        picture=data_url,
        created=iso_instant(edition.published_at),
        **words_of(made, asked, root=site, site=site),
    )
    return html, made


def data_url(svg: str) -> str:
    """A picture within the file."""
    return "data:image/svg+xml;base64," + b64encode(xml(svg).encode()).decode()


@cache
def _styles() -> str:
    return "\n".join((STATIC / name).read_text(encoding="utf-8") for name in STYLES)
