"""The description of the interface for programs, and the page for those who write them."""

from dataclasses import dataclass
from itertools import groupby

from flask import Response, current_app, g

from tracker.dataset.editions import dataset_version
from tracker.db import canonical_json
from tracker.settings import Settings
from tracker.web.headers import unless_known
from tracker.web.public.api.document import document, paths_of
from tracker.web.public.api.endpoints import ENDPOINTS, DataEndpoint
from tracker.web.public.api.examples import languages
from tracker.web.public.asking import refuse_parameters
from tracker.web.public.context import address, licence, page, reading, site_name
from tracker.web.translation import gettext, ngettext, said


def openapi() -> Response:
    """The OpenAPI document of this site."""
    refuse_parameters()
    with reading() as session:
        unless_known(dataset_version(session))
    server = _settings().base_url or "/"
    made = document(current_app.url_map, title=site_name(), server=server, licence=licence())
    return Response(canonical_json(made) + "\n", mimetype="application/json")


@dataclass(frozen=True, slots=True)
class Address:
    """One address that gives data, as the page lists it; what may be missing, or needs a key, is no link."""

    path: str
    summary: str
    media_type: str
    is_always_there: bool


@dataclass(frozen=True, slots=True)
class Group:
    """Addresses that give data of one kind."""

    heading: str
    rows: list[Address]


def page_for_programs() -> str:
    """How the data is asked for from a program: the rules, examples that were run, and all addresses."""
    refuse_parameters()
    with reading() as session:
        g.version = edition = dataset_version(session)
        unless_known(edition)
    return page(
        "public/api.html",
        canonical=address("public.api"),
        examples=languages(edition),
        addresses=_addresses(),
        rates=_rates(),
    )


def _settings() -> Settings:
    found: Settings = current_app.extensions["tracker_settings"]
    return found


def _addresses() -> list[Group]:
    paths = paths_of(current_app.url_map)
    listed = sorted(ENDPOINTS.items(), key=lambda named: _groups().index(named[1].group))
    return [
        Group(gettext(heading), [_address(paths[name], one) for name, one in entries])
        for heading, entries in groupby(listed, key=lambda named: named[1].group)
    ]


def _address(path: str, entry: DataEndpoint) -> Address:
    return Address(path, said(entry.summary), entry.bare_type, not entry.missing)


def _groups() -> list[str]:
    return list(dict.fromkeys(entry.group for entry in ENDPOINTS.values()))


def _rates() -> list[str]:
    """How much may be asked for in a minute, in words; what has no limit is left out."""
    settings = _settings()
    files, figures, searches = settings.files_a_minute, settings.figures_a_minute, settings.searches_a_minute
    return [
        words
        for number, words in (
            (files, ngettext("%(num)s file", "%(num)s files", files)),
            (figures, ngettext("%(num)s figure", "%(num)s figures", figures)),
            (searches, ngettext("%(num)s text search", "%(num)s text searches", searches)),
        )
        if number
    ]
