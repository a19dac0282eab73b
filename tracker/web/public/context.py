"""What every public page has at hand: the database, the dataset version, the record of the site, the navigation."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

from flask import Flask, current_app, g, render_template, request, url_for
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from tracker.dataset import queries
from tracker.db import Database
from tracker.settings import Settings
from tracker.vocabulary import Licence
from tracker.web.translation import DEFAULT, LANGUAGES, gettext, page_locale
from tracker.web.wording import Record, plain

# Looked up by a table, since the members of this vocabulary carry more than their code.
LICENCES = {licence.value: licence for licence in Licence}


def database() -> Database:
    """The database of this application."""
    opened: Database = current_app.extensions["tracker_database"]
    return opened


@contextmanager
def reading() -> Iterator[Session]:
    """One short reading transaction over the public tables."""
    with database().public() as session:
        yield session


def navigation() -> list[tuple[str, str]]:
    """The pages that every page leads to, by endpoint."""
    return [
        ("public.incidents", gettext("Incidents")),
        ("public.dashboard", gettext("Figures")),
        ("public.data", gettext("Data")),
        ("public.methodology", gettext("Methodology")),
        ("public.about", gettext("About")),
    ]


def site_record() -> Record | None:
    """The published record of the site itself, read once per request; None where there is none or it cannot be read.

    Error pages use it too, and the error may be that the database cannot be read.
    """
    if "site" not in g:
        try:
            with reading() as session:
                found = queries.site(session)
            g.site = found.record if found else None
        except SQLAlchemyError:
            g.site = None
    site: Record | None = g.site
    return site


def site_name() -> str:
    """What this site calls itself."""
    site = site_record()
    return plain(site["name"] if site else {}, gettext("Register of attacks on the press"))


def licence() -> Licence | None:
    """The licence of the data, as the site's record states it."""
    site = site_record()
    return LICENCES[site["licence"]] if site else None


def site_address() -> str | None:
    """Where readers reach the site, without a slash at the end, if the operator has said so.

    Nothing that is kept for others may hold the address of a request, which whoever asks first can choose.
    """
    settings: Settings = current_app.extensions["tracker_settings"]
    return settings.base_url


def reached_at(app: Flask) -> str:
    """Where the program asks itself what readers ask: the address of the site, else one that it answers under."""
    settings: Settings = app.extensions["tracker_settings"]
    # A name with a dot before it stands for all names under it, and for itself.
    host = settings.hosts[0].removeprefix(".") if settings.hosts else "localhost"
    return settings.base_url or f"http://{host}"


def address(endpoint: str, **values: Any) -> str:
    """The full address of a page, for citations and canonical links."""
    site = site_address()
    if site:
        return site + url_for(endpoint, **values)
    return url_for(endpoint, _external=True, **values)


def list_address(**query: str | int | None) -> str:
    """The address of the list of incidents under a query."""
    given: dict[str, Any] = {name: value for name, value in query.items() if value is not None}
    return url_for("public.incidents", **given)


@dataclass(frozen=True, slots=True)
class InLanguage:
    """A page in one language: where a reader finds it, and its full address for search engines, if it has one."""

    code: str
    name: str
    here: str
    canonical: str | None = None


def _this_page(canonical: str | None) -> list[InLanguage]:
    """The page that is being made, in all languages; its query goes with it."""
    asked = urlencode(list(request.args.items(multi=True)))
    found = []
    for code, name in LANGUAGES.items():
        key: dict[str, Any] = {**(request.view_args or {}), "language": code}
        there = _with_query(address(str(request.endpoint), **key), urlsplit(canonical).query) if canonical else None
        found.append(InLanguage(code, name, _with_query(url_for(str(request.endpoint), **key), asked), there))
    return found


def _with_query(path: str, query: str) -> str:
    return f"{path}?{query}" if query else path


def _overview() -> list[InLanguage]:
    """Where the languages lead from an error: to the overview, since an error never repeats what was asked for."""
    return [InLanguage(code, name, url_for("public.overview", language=code)) for code, name in LANGUAGES.items()]


def page(template: str, **context: Any) -> str:
    """A page of the public site."""
    return render_template(template, languages=_this_page(context.get("canonical")), **context)


def init_app(app: Flask) -> None:
    """Give these values to all templates."""

    @app.context_processor
    def _common() -> dict[str, Any]:
        return {
            "page_language": page_locale().language,
            "default_language": DEFAULT,
            "languages": _overview(),
            "site": site_record(),
            "site_name": site_name(),
            "licence": licence(),
            "navigation": navigation(),
            "version": g.get("version"),
            "request": request,
        }
