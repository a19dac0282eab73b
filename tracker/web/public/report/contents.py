"""What a report holds: read in one transaction, at one edition, under the one filter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy.orm import Session

from tracker.dataset import queries
from tracker.dataset.editions import Edition
from tracker.dataset.exports.meta import refuse_columns
from tracker.dataset.filters import PAGING, DatasetFilter
from tracker.dataset.map.answer import MapAnswer, map_answer
from tracker.dataset.map.credits import Credits, credits_due
from tracker.dataset.problems import FilterError, Problem
from tracker.dataset.statistics import Unit
from tracker.dates import period_words
from tracker.phrases import phrase
from tracker.vocabulary import COUNTED_ROLES, NOT_RECORDED, Response
from tracker.web.public.choosing import with_query
from tracker.web.public.figures.shown import Number
from tracker.web.public.maps.drawing import Drawing, drawing
from tracker.web.public.report.figures import Counted, Counting, counted
from tracker.web.public.report.sources import Note, Notes, renumbered
from tracker.web.translation import gettext, page_locale
from tracker.web.wording import Record, capital, country, label

MOST_INCIDENTS = 500
"""How many incidents a report lists one by one, the latest."""
MOST_TOPICS = 50


@dataclass(frozen=True, slots=True)
class Entry:
    """One incident of the table: its record, who is said to have done it, and its notes."""

    record: Record
    perpetrators: Sequence[str]
    notes: Sequence[int]
    follow_ups: Sequence[Record]


@dataclass(frozen=True, slots=True)
class Wider:
    """What followed wider events to which incidents of the report belong."""

    topic: Record
    follow_ups: Sequence[Record]


@dataclass(frozen=True, slots=True)
class Accountability:
    """How many incidents have an official response on record here and how many have none; None where not asked."""

    answered: Number
    silent: Number


@dataclass(frozen=True, slots=True)
class Mapped:
    """The map, what it does not show, and whom to name for the places of its edition."""

    picture: Drawing
    counts: dict[str, int]
    credits: Credits


@dataclass(frozen=True, slots=True)
class Report:
    """A whole report.

    Attributes:
        entries: the latest incidents in the order of their dates, those without one last.
        left_out: how many further incidents the filter finds.
        confidential: how many sources of the listed incidents are not described.
        list: the address of all incidents.
    """

    wanted: DatasetFilter
    edition: Edition
    title: str
    period: str
    counted: Counted
    mapped: Mapped
    entries: Sequence[Entry]
    left_out: int
    accountability: Accountability
    wider: Sequence[Wider]
    notes: Sequence[Note]
    confidential: int
    unavailable: int
    list: str


def refuse_others(wanted: DatasetFilter) -> None:
    """Raise `FilterError` for a page or for columns: a report has neither."""
    refuse_columns(wanted)
    message, allowed = phrase("A report has no pages."), (phrase("leave it out"),)
    problems = [Problem.of(name, value, message, allowed) for name, value in wanted.pairs() if name in PAGING]
    if problems:
        raise FilterError(problems)


def report_of(session: Session, wanted: DatasetFilter, edition: Edition, most: int | None = None) -> Report:
    """The report of a filter, which lists at most so many incidents one by one. Raises `FilterError`."""
    refuse_others(wanted)
    found = queries.incident_page(session, replace(wanted, limit=most or MOST_INCIDENTS))
    notes = Notes()
    entries = [_entry(record, notes) for record in _by_date(found.incidents)]
    wider = _wider(session, entries, edition, notes)
    answer = map_answer(session, wanted)
    figures = counted(session, wanted)
    return Report(
        wanted=wanted,
        edition=edition,
        title=_title(wanted),
        period=_period(wanted),
        counted=figures,
        mapped=_mapped(session, wanted, edition, answer),
        entries=entries,
        left_out=found.total - len(entries),
        accountability=_accountability(session, wanted, figures),
        wider=wider,
        notes=notes.notes,
        confidential=sum(entry.record["confidential_sources"] for entry in entries),
        unavailable=found.unavailable,
        list=with_query("public.incidents", wanted.query_string()),
    )


def _title(wanted: DatasetFilter) -> str:
    if len(wanted.country) == 1 and wanted.country[0].isupper():
        return gettext("Attacks on the press: %(country)s", country=country(wanted.country[0]))
    return gettext("Attacks on the press")


def _period(wanted: DatasetFilter) -> str:
    if not wanted.has_period:
        return gettext("All dates on record")
    return capital(period_words(wanted.start, wanted.end, str(page_locale()), gettext))


def _by_date(latest: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """A list that is newest first, turned to run with time; what has no date stays at its end."""
    dated = [record for record in latest if _is_dated(record["date"])]
    return [*reversed(dated), *(record for record in latest if not _is_dated(record["date"]))]


def _is_dated(when: Record | None) -> bool:
    return when is not None and bool(when["earliest"] or when["latest"])


def _entry(record: dict[str, Any], notes: Notes) -> Entry:
    numbers = notes.cite(record["sources"])
    codes = dict.fromkeys(
        involvement["perpetrator"]
        for act in record["acts"]
        for involvement in act["involvements"]
        if involvement["role"] in COUNTED_ROLES and involvement["perpetrator"]
    )
    return Entry(
        record=record,
        perpetrators=[label(code, "perpetrator") for code in codes],
        notes=sorted(set(numbers.values())),
        follow_ups=renumbered(record["follow_ups"], numbers),
    )


def _wider(session: Session, entries: Sequence[Entry], edition: Edition, notes: Notes) -> list[Wider]:
    slugs = dict.fromkeys(topic["slug"] for entry in entries for topic in entry.record["topics"])
    found = []
    for slug in list(slugs)[:MOST_TOPICS]:
        topic = queries.topic(session, slug, edition.version)
        if topic is None or not topic.record["follow_ups"]:
            continue
        record = topic.record
        cited = {number for one in record["follow_ups"] for number in one["sources"]}
        numbers = notes.cite([source for source in record["sources"] if source["number"] in cited])
        found.append(Wider(record, renumbered(record["follow_ups"], numbers)))
    return found


def _accountability(session: Session, wanted: DatasetFilter, figures: Counted) -> Accountability:
    """Incidents with and without an official response; a filter by response leaves but some of them."""

    def number(code: str) -> Number:
        if wanted.response and code not in wanted.response:
            return Number(0, 0)
        table = Counting(session, wanted).table(Unit.INCIDENTS, "verification", response=(code,))
        count = table.at(table.total)[0]
        there = with_query("public.incidents", wanted.query_string(response=code))
        return Number(count.possible, count.certain, there if count.possible else None)

    if not figures.incidents:
        return Accountability(Number(0, 0), Number(0, 0))
    return Accountability(number(Response.RECORDED.value), number(NOT_RECORDED))


def _mapped(session: Session, wanted: DatasetFilter, edition: Edition, answer: MapAnswer) -> Mapped:
    picture = drawing(session, wanted, answer, path="page")
    return Mapped(picture, answer.summary.counts(), credits_due(session, edition))


def file_name(wanted: DatasetFilter, edition: Edition, ending: str) -> str:
    """What a file of the report is called."""
    part = "".join(f"-{code.lower()}" for code in wanted.country[:3])
    return f"report{part}-v{edition.version}.{ending}"
