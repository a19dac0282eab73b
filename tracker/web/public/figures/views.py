"""The page of a summary: what is counted by what, the table, the chart, and how to read and cite them."""

from flask import g, url_for
from werkzeug.datastructures import MultiDict

from tracker.dataset import statistics
from tracker.dataset.editions import Edition, dataset_version
from tracker.dataset.filters import DatasetFilter
from tracker.dataset.problems import FilterError, Problem
from tracker.dataset.statistics import DIMENSIONS, Question, Unit
from tracker.dataset.statistics.labels import names_in
from tracker.dataset.statistics.notes import notes
from tracker.web.errors import wants_json
from tracker.web.headers import unless_known
from tracker.web.public.asking import pairs
from tracker.web.public.choosing import chosen, offered_in, with_query
from tracker.web.public.context import address, page, reading, site_name
from tracker.web.public.figures.shown import (
    DIMENSION_LABELS,
    UNIT_LABELS,
    chart_of,
    left_out_words,
    shown,
    source_lines,
    title,
)
from tracker.web.public.forms import FilterForm
from tracker.web.public.offers import offers_of
from tracker.web.translation import gettext
from tracker.web.wording import instant

TWINS = ("csv", "json", "xlsx", "svg")
OWN = frozenset({"unit", "by", "then"})


def summary() -> str | tuple[str, int]:
    """A table of the filter of the query string by one dimension or two."""
    try:
        question, wanted = statistics.parse(pairs())
        with reading() as session:
            edition = dataset_version(session, wanted)
            unless_known(edition)
            g.version = edition
            table = statistics.summary(session, wanted, question)
            names = names_in(session, table)
            asked = chosen(session, wanted, edition, "public.summary", question.pairs())
    except FilterError as error:
        if wants_json():
            raise
        return _refused(error.problems)
    query = question.query_string(wanted)
    return page(
        "public/figures/summary.html",
        canonical=address("public.summary") + f"?{query}",
        chosen=asked,
        question=question,
        title=title(question),
        offered=offered_questions(),
        table=table,
        shown=shown(table, names),
        notes=notes(table),
        chart=chart_of(table, names, asked.words, headed=False),
        source=source_lines(table, asked.words),
        left_out_words=left_out_words,
        twins={kind: with_query(f"public.summary_{kind}", query) for kind in TWINS},
        list=with_query("public.incidents", wanted.query_string()),
        citation=_citation(question, wanted, edition),
    )


def offered_questions() -> dict[str, list[tuple[str, str]]]:
    """What the form offers to count and to count by."""
    dimensions = [(name, gettext(DIMENSION_LABELS[name])) for name in DIMENSIONS]
    return {"unit": [(unit.value, gettext(UNIT_LABELS[unit])) for unit in Unit], "dimensions": dimensions}


def _citation(question: Question, wanted: DatasetFilter, edition: Edition) -> str | None:
    """How this very table is cited: the address pins the dataset version."""
    if edition.published_at is None:
        return None
    query = question.query_string(wanted, as_of=None, dataset=edition.version)
    return gettext(
        "%(site)s, “%(title)s”, dataset version %(version)s of %(instant)s. %(address)s",
        site=site_name(),
        title=title(question),
        version=edition.version,
        instant=instant(edition.published_at),
        address=address("public.summary") + f"?{query}",
    )


def _refused(problems: tuple[Problem, ...]) -> tuple[str, int]:
    """The form as it was filled in, with everything that is wrong with it."""
    with reading() as session:
        offered = offered_in(offers_of(session, dataset_version(session)))
    given = pairs()
    filled = page(
        "public/figures/refused.html",
        form=FilterForm(MultiDict([pair for pair in given if pair[0] not in OWN]), offered, problems),
        problems=problems,
        given=dict(given),
        offered=offered_questions(),
        action=url_for("public.summary"),
    )
    return filled, 400
