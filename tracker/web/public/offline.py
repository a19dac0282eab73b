"""The feed and the citations for the command line: made by the application, to the same bytes as a reader gets."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from flask import Flask
from sqlalchemy.orm import Session

from tracker.dataset.editions import Edition, dataset_version
from tracker.dataset.exports import ExportMeta, refuse_columns, refuse_pages
from tracker.dataset.filters import DatasetFilter
from tracker.dataset.selection import check_names
from tracker.web.public.citations import Citation, bibtex, citation_of, csl_json
from tracker.web.public.context import reached_at, reading
from tracker.web.public.feeds import feed_of

Making = Callable[[Session, DatasetFilter, Edition], tuple[str, ExportMeta]]


@dataclass(frozen=True, slots=True)
class Made:
    """A file as text, what it says of itself, and the edition that it is made from."""

    text: str
    meta: ExportMeta
    edition: Edition


def made_offline(app: Flask, name: str, wanted: DatasetFilter) -> Made | None:
    """One of `FILES` under a filter; None where nothing was published that could be cited. Raises `FilterError`."""
    with app.test_request_context(base_url=reached_at(app)), reading() as session:
        refuse_columns(wanted)
        edition = dataset_version(session, wanted)
        if name != "atom":
            refuse_pages(wanted)
            check_names(session, wanted, edition)
            if edition.published_at is None:
                return None
        text, meta = FILES[name](session, wanted, edition)
        return Made(text, meta, edition)


def _feed(session: Session, wanted: DatasetFilter, edition: Edition) -> tuple[str, ExportMeta]:
    return feed_of(session, wanted)


def _citation(form: Callable[[Citation], str]) -> Making:
    def make(session: Session, wanted: DatasetFilter, edition: Edition) -> tuple[str, ExportMeta]:
        citation, meta = citation_of(session, wanted, edition)
        return form(citation), meta

    return make


FILES: Mapping[str, Making] = MappingProxyType({"atom": _feed, "bib": _citation(bibtex), "csl": _citation(csl_json)})
"""What can be made so, by its name on the command line."""
