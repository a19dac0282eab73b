"""The table of completeness, as page, CSV and JSON: which fields are known for what share of the incidents."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import Response, g

from tracker.dataset.editions import dataset_version
from tracker.dataset.exports import ExportMeta
from tracker.dataset.exports.meta import describe as meta_of_filter
from tracker.dataset.fields import INCIDENT, walk
from tracker.dataset.flatten import to_line
from tracker.dataset.selection import check_names
from tracker.dataset.statistics import refuse_pages
from tracker.db import canonical_json
from tracker.web.headers import unless_known
from tracker.web.public.answers import describe
from tracker.web.public.asking import asked_filter
from tracker.web.public.choosing import Chosen, chosen, with_query
from tracker.web.public.context import page, reading
from tracker.web.public.figures.shown import share_words, unavailable_words
from tracker.web.translation import gettext

if TYPE_CHECKING:
    from tracker.dataset.statistics.completeness import Completeness, Share

COLUMNS = ("field", "year", "known", "of", "incidents")
MOST_YEARS = 12


@dataclass(frozen=True, slots=True)
class Line:
    """A field with its description and its shares in the years that the page shows."""

    path: str
    description: str
    shares: list[Share]


def _made() -> tuple[Completeness, ExportMeta]:
    from tracker.dataset.statistics.completeness import completeness as count

    wanted = asked_filter()
    refuse_pages(wanted)
    with reading() as session:
        edition = dataset_version(session, wanted)
        check_names(session, wanted, edition)
        unless_known(edition)
        g.version = edition
        found = count(session, wanted, edition)
        return found, meta_of_filter(session, wanted, edition, len(found.shares) * len(found.years))


def completeness() -> str:
    """Every public field that can be empty, and for what share of the incidents it is known, year by year."""
    found, meta = _made()
    with reading() as session:
        asked: Chosen = chosen(session, found.wanted, found.edition, "public.completeness")
    # All incidents, the latest years, and what has no single year.
    places = [0, *range(max(1, len(found.years) - 1 - MOST_YEARS), len(found.years))]
    descriptions = {step.path: step.field.description for step in walk(INCIDENT)}
    query = found.wanted.query_string()
    return page(
        "public/figures/completeness.html",
        canonical=asked.canonical,
        chosen=asked,
        found=found,
        columns=[(_year(found.years[place]), found.incidents[place]) for place in places],
        lines=[
            Line(path, gettext(descriptions[path]), [shares[place] for place in places])
            for path, shares in found.shares.items()
        ],
        share_words=share_words,
        unavailable=meta.unavailable,
        unavailable_words=unavailable_words,
        twins={kind: with_query(f"public.completeness_{kind}", query) for kind in ("csv", "json")},
    )


def _year(key: str) -> str:
    return {"all": gettext("All"), "no_year": gettext("No single year")}.get(key, key)


def completeness_csv() -> Response:
    """The same in long form: one line for each field and year."""
    found, meta = _made()
    lines = [to_line(COLUMNS), *(to_line([str(line[name]) for name in COLUMNS]) for line in _lines(found))]
    response = Response("".join(lines), content_type="text/csv; charset=utf-8; header=present")
    describe(response, meta)
    response.headers["Content-Disposition"] = f'attachment; filename="completeness-v{meta.dataset_version}.csv"'
    return response


def completeness_json() -> Response:
    """The same as JSON."""
    found, meta = _made()
    response = Response(
        canonical_json({"meta": meta.as_dict(), "completeness": _lines(found)}) + "\n", mimetype="application/json"
    )
    describe(response, meta)
    return response


def _lines(found: Completeness) -> list[dict[str, Any]]:
    return [
        {"field": path, "year": year, "known": share.known, "of": share.of, "incidents": incidents}
        for path, shares in found.shares.items()
        for year, incidents, share in zip(found.years, found.incidents, shares, strict=True)
    ]
