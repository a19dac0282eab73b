"""A report for the command line: made by the application as a reader's request for it would make it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlencode

from flask import Flask, g

from tracker.dataset.editions import dataset_version
from tracker.dataset.filters import DatasetFilter
from tracker.settings import Settings
from tracker.web.public.context import reached_at, reading
from tracker.web.public.report.contents import refuse_others
from tracker.web.public.report.document import document
from tracker.web.translation import prefix


@dataclass(frozen=True, slots=True)
class Made:
    """A report as HTML, how many incidents it counts, and the dataset version and stamp that it is made from."""

    html: str
    incidents: int
    version: int
    stamp: str


def made_offline(app: Flask, pairs: Iterable[tuple[str, str]], *, language: str, paper: str) -> Made:
    """The document of a report in a language; without an address of the site it names none and has no links to it.

    Raises `FilterError`.
    """
    settings: Settings = app.extensions["tracker_settings"]
    wanted = DatasetFilter.parse(pairs)
    refuse_others(wanted)
    path = f"{prefix(language)}/report?{urlencode(list(wanted.pairs()))}"
    with app.test_request_context(path, base_url=reached_at(app)), reading() as session:
        edition = dataset_version(session, wanted)
        g.version = edition
        html, made = document(session, wanted, edition, site=settings.base_url, paper=paper)
        return Made(html, made.counted.incidents, edition.version, edition.stamp)
