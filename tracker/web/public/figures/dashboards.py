"""The dashboard, as page and as JSON: this year against last, who is held, and what nobody has answered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from flask import Response, g
from sqlalchemy.orm import Session

from tracker.dataset.editions import dataset_version
from tracker.dataset.exports.meta import describe as meta_of_filter
from tracker.dataset.filters import DatasetFilter
from tracker.dataset.selection import check_names
from tracker.dataset.statistics.labels import Names, label, names_in
from tracker.dataset.statistics.notes import UNDERCOUNT
from tracker.dataset.statistics.question import DIMENSIONS, Question, Unit
from tracker.db import canonical_json
from tracker.vocabulary import NOT_RECORDED, Custody
from tracker.web.headers import unless_known
from tracker.web.public.answers import describe
from tracker.web.public.asking import asked_filter
from tracker.web.public.choosing import chosen, offered_in, with_query
from tracker.web.public.context import address, page, reading, site_name
from tracker.web.public.figures.shown import DIMENSION_LABELS, Number, share_words, unavailable_words
from tracker.web.public.offers import offers_of
from tracker.web.translation import gettext, page_locale
from tracker.web.wording import day as day_words

if TYPE_CHECKING:
    from tracker.dataset.statistics.dashboard import Comparison, Dashboard, Silence
    from tracker.dataset.statistics.table import Count

Span = tuple[date, date]


@dataclass(frozen=True, slots=True)
class Compared:
    """One row of a comparison in words: both years and the difference of what may have happened."""

    words: str
    this: Number
    last: Number
    difference: int


@dataclass(frozen=True, slots=True)
class Table:
    """A comparison as the page shows it, with the summaries of both years."""

    heading: str
    column: str
    rows: Sequence[Compared]
    summary: str


def _made() -> tuple[Dashboard, dict[str, Names], Any]:
    """The dashboard that is asked for, the names in it, and the metadata of its answer."""
    from tracker.dataset.statistics.dashboard import clock_day, dashboard, refuse_others

    wanted = asked_filter()
    refuse_others(wanted)
    with reading() as session:
        edition = dataset_version(session, wanted)
        check_names(session, wanted, edition)
        day = clock_day(wanted, edition)
        unless_known(edition, day.isoformat())
        g.version = edition
        found = dashboard(session, wanted, edition, day)
        return found, _names(session, found), meta_of_filter(session, wanted, edition, found.incidents[0].possible)


def _names(session: Session, found: Dashboard) -> dict[str, Names]:
    names: dict[str, Names] = {one.dimension: names_in(session, one.this) for one in found.comparisons}
    this, last = names_in(session, found.outlets.this), names_in(session, found.outlets.last)
    return names | {"outlet": {"outlet": {**last.get("outlet", {}), **this.get("outlet", {})}}}


def dashboard() -> str:
    """The page that is opened each month."""
    found, names, meta = _made()
    wanted = found.wanted
    with reading() as session:
        asked = chosen(session, wanted, found.edition, "public.dashboard")
        offered = offered_in(offers_of(session, found.edition))
    pinned = wanted.query_string(as_of=found.day, dataset=None)
    return page(
        "public/figures/dashboard.html",
        canonical=asked.canonical,
        chosen=asked,
        offered=offered,
        found=found,
        incidents=_incidents(found),
        victims=_victims(found),
        tables=[_table(found, one, names.get(one.dimension, {})) for one in found.comparisons],
        outlets=_table(found, found.outlets, names["outlet"]),
        held=_held(found),
        silence=[_silence(wanted, one) for one in found.silence],
        undercount=UNDERCOUNT,
        unavailable=meta.unavailable,
        unavailable_words=unavailable_words,
        asked_country=wanted.country[0] if wanted.country else "",
        twin=with_query("public.dashboard_json", wanted.query_string()),
        pinned=with_query("public.dashboard", pinned),
        citation=gettext(
            "%(site)s, figures from %(day)s, dataset version %(version)s. %(address)s",
            site=site_name(),
            day=day_words(found.day),
            version=found.edition.version,
            address=address("public.dashboard") + f"?{pinned}",
        ),
    )


def _list(wanted: DatasetFilter, **changes: Any) -> str:
    return with_query("public.incidents", wanted.query_string(**changes))


def _period(span: Span) -> dict[str, str]:
    return {"from": span[0].isoformat(), "to": span[1].isoformat()}


def _number(wanted: DatasetFilter, counted: Count, span: Span, **more: Any) -> Number:
    possible = _list(wanted, **_period(span), **more) if counted.possible else None
    certain = _list(wanted, **_period(span), when="certain", **more) if counted.certain else None
    return Number(counted.possible, counted.certain, possible, certain)


def _incidents(found: Dashboard) -> tuple[Number, Number]:
    this, last = found.incidents
    return _number(found.wanted, this, found.this_year), _number(found.wanted, last, found.last_year)


def _victims(found: Dashboard) -> tuple[list[Number], list[Number], str]:
    """Named persons, unnamed ones and groups in both years, and the summary behind them."""
    sides = []
    for table, span in ((found.victims, found.this_year), (found.victims_last, found.last_year)):
        sides.append([_number(found.wanted, counted, span) for counted in table.at(table.total)])
    return sides[0], sides[1], _summary(found.wanted, Unit.VICTIMS, "violation", **_period(found.this_year))


def _summary(wanted: DatasetFilter, unit: Unit, by: str, **changes: Any) -> str:
    return with_query("public.summary", Question(unit, DIMENSIONS[by]).query_string(wanted, **changes))


def _table(found: Dashboard, compared: Comparison, names: Names) -> Table:
    dimension = DIMENSIONS[compared.dimension]
    rows = []
    for line in compared.lines:
        more = {dimension.parameter: line.key}
        words = label(dimension, line.key, names, locale=str(page_locale()), translate=gettext)
        this = _number(found.wanted, line.this, found.this_year, **more)
        last = _number(found.wanted, line.last, found.last_year, **more)
        rows.append(Compared(words, this, last, line.this.possible - line.last.possible))
    heading = {
        "violation": gettext("By violation"),
        "perpetrator": gettext("By perpetrator"),
        "country": gettext("By country"),
        "outlet": gettext("Outlets most hit this year"),
    }[compared.dimension]
    summary = _summary(found.wanted, Unit.INCIDENTS, compared.dimension, **_period(found.this_year))
    return Table(heading, gettext(DIMENSION_LABELS[compared.dimension]), rows, summary)


def _held(found: Dashboard) -> dict[str, Any]:
    """How many are held, and the lists behind that."""
    counts = found.custody.at(found.custody.total)
    there = _list(found.wanted, custody=Custody.OPEN.value)
    return {
        "counts": [Number(one.possible, one.certain, there if one.possible else None) for one in counts],
        "list": there,
        "summary": _summary(found.wanted, Unit.VICTIMS, "country", custody=Custody.OPEN.value),
        "total": sum(one.possible for one in counts),
    }


def _silence(wanted: DatasetFilter, one: Silence) -> dict[str, Any]:
    old: dict[str, Any] = {"to": one.until.isoformat(), "when": "certain"}
    silent = old | {"response": NOT_RECORDED}
    return {
        "days": one.days,
        "until": one.until.isoformat(),
        "unanswered": Number(one.unanswered, 0, _list(wanted, **silent) if one.unanswered else None),
        "incidents": Number(one.incidents, 0, _list(wanted, **old) if one.incidents else None),
        "on_topic": one.on_topic,
        "share": share_words(one.unanswered, one.incidents) if one.incidents else "–",
    }


def dashboard_json() -> Response:
    """The same figures as data."""
    found, names, meta = _made()
    content = {
        "meta": meta.as_dict() | {"day": found.day.isoformat()},
        "this_year": _period(found.this_year),
        "last_year": _period(found.last_year),
        "incidents": _both(*found.incidents),
        "victims": {
            measure: _both(this, last)
            for measure, this, last in zip(
                found.victims.measures,
                found.victims.at(found.victims.total),
                found.victims_last.at(found.victims_last.total),
                strict=True,
            )
        },
        "by": {
            one.dimension: [
                {
                    "key": line.key,
                    "label": label(DIMENSIONS[one.dimension], line.key, names.get(one.dimension, {})),
                    **_both(line.this, line.last),
                }
                for line in one.lines
            ]
            for one in (*found.comparisons, found.outlets)
        },
        "held": _held_as_dict(found),
        "no_official_response": [
            {
                "days": one.days,
                "until": one.until.isoformat(),
                "incidents": one.incidents,
                "unanswered": one.unanswered,
                "answered_with_a_topic": one.on_topic,
            }
            for one in found.silence
        ],
    }
    response = Response(canonical_json(content) + "\n", mimetype="application/json")
    describe(response, meta)
    return response


def _held_as_dict(found: Dashboard) -> dict[str, Any]:
    counts = found.custody.at(found.custody.total)
    return {
        **{measure: one.possible for measure, one in zip(found.custody.measures, counts, strict=True)},
        "longest": [
            {
                "reference": one.reference,
                "name": one.name,
                "kind": one.kind,
                "naming": one.naming,
                "since": one.since,
                "outlet": one.outlet,
            }
            for one in found.held
        ],
    }


def _both(this: Count, last: Count) -> dict[str, dict[str, int]]:
    return {
        name: {"possible": counted.possible, "certain": counted.certain}
        for name, counted in (("this_year", this), ("last_year", last))
    }
