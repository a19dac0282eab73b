"""A filter as conditions on `public_incident`: the one translation into SQL behind every list and file."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, and_, exists, false, func, or_, select
from sqlalchemy.orm import Session

from tracker.dataset import search
from tracker.dataset.boxes import Box
from tracker.dataset.editions import Edition
from tracker.dataset.fields import Kind
from tracker.dataset.filters import DatasetFilter
from tracker.dataset.models import (
    PublicFacet,
    PublicIncident,
    PublicIncidentTopic,
    PublicPoint,
    PublicVersion,
    public_at,
    rendered_at,
)
from tracker.dataset.parameters import PARAMETERS
from tracker.dataset.periods import in_period
from tracker.dataset.problems import FilterError, Problem
from tracker.dataset.rendering import place_key
from tracker.phrases import phrase
from tracker.text import search_words
from tracker.vocabulary import NOT_RECORDED, UNKNOWN

Conditions = list[ColumnElement[bool]]

_COLUMNS = {
    "country": PublicIncident.country,
    "verification": PublicIncident.verification,
    "response": PublicIncident.response,
}
_PLACES = {
    "admin1": PublicIncident.admin1_key,
    "place": PublicIncident.place_key,
}


def check_names(session: Session, wanted: DatasetFilter, edition: Edition) -> None:
    """Raise `FilterError` for outlets and topics that are not in the dataset at this edition."""
    messages = {Kind.OUTLET: phrase("There is no such outlet."), Kind.TOPIC: phrase("There is no such topic.")}
    allowed = (phrase("a short name from the list of records"),)
    problems = [
        Problem.of(kind, slug, messages[kind], allowed)
        for kind in messages
        for slug in wanted.values(kind)
        if slug not in (UNKNOWN, NOT_RECORDED) and not _is_known(session, kind, slug, edition.version)
    ]
    if problems:
        raise FilterError(problems)


def _is_known(session: Session, kind: Kind, slug: str, version: int) -> bool:
    record = exists().where(PublicVersion.kind == kind, PublicVersion.key == slug, public_at(version))
    # The record itself may have been restricted since, while incidents of the time go on naming it.
    if kind == Kind.OUTLET:
        named = select(PublicFacet.version_id).where(PublicFacet.outlet == slug)
    else:
        named = select(PublicIncidentTopic.version_id).where(PublicIncidentTopic.topic == slug)
    incident = exists().where(PublicIncident.version_id.in_(named), rendered_at(PublicIncident, version))
    return bool(session.scalar(select(or_(record, incident))))


@dataclass(frozen=True, slots=True)
class Plan:
    """How the database is led to the matches; the answer is the same with every plan.

    Attributes:
        walk: go down the list in its order until a page is full, which is quick where much of the list matches.
        look_up: look each incident up among the facets and topics, which is quick where few come that far; else
            make a list of all that have the facets first.
    """

    walk: bool = False
    look_up: bool = False


def conditions(session: Session, wanted: DatasetFilter, edition: Edition, plan: Plan) -> Conditions:
    """What a row of `public_incident` has to meet."""
    found: Conditions = [rendered_at(PublicIncident, edition.version)]
    found += _period_conditions(wanted, plan)
    for name, column in (_COLUMNS | _PLACES).items():
        if wanted.values(name):
            allowed = [_place(value) for value in wanted.values(name)] if name in _PLACES else wanted.values(name)
            # In this form the column says the same, and no walk down the list is given up for an index of it.
            found.append((column.concat("") if plan.walk else column).in_(allowed))
    if wanted.placed or wanted.within:
        found.append(_has(PublicPoint, _map_conditions(wanted), plan))
    if wanted.topic:
        found.append(_has(PublicIncidentTopic, [PublicIncidentTopic.topic.in_(wanted.topic)], plan))
    if facets := facet_conditions(wanted):
        found.append(_has(PublicFacet, facets, plan))
    if wanted.q is not None:
        found.append(_text_condition(session, wanted.q, plan))
    return found


def _period_conditions(wanted: DatasetFilter, plan: Plan) -> Conditions:
    """The period, and for a walk down the list the part of it in which a certain one must lie.

    The list is sorted by the last possible day, or by the first where there is no last one, and both are within.
    """
    certain = wanted.when == "certain"
    # What possibly falls into a period of the past has no place in the list before which it cannot stand.
    from_the_end = certain or wanted.end is None
    found = in_period(wanted.start, wanted.end, certain=certain, by_index=not (plan.walk and from_the_end))
    if plan.walk and certain and wanted.start:
        found.append(PublicIncident.sort_key >= wanted.start.isoformat())
    if plan.walk and certain and wanted.end:
        # A colon follows each day, and nothing that begins with a later day comes before this.
        found.append(PublicIncident.sort_key < f"{wanted.end.isoformat()};")
    return found


def _map_conditions(wanted: DatasetFilter) -> Conditions:
    """How the incident stands on the map, and where: of its public point alone."""
    found: Conditions = []
    if wanted.placed:
        found.append(PublicPoint.placing.in_(wanted.placed))
    if wanted.within is not None:
        found.append(in_box(wanted.within))
    return found


def in_box(box: Box) -> ColumnElement[bool]:
    """Whether a public point lies in a box, its edges included."""
    longitude = or_(*(PublicPoint.longitude.between(west, east) for west, east in box.spans()))
    return and_(longitude, PublicPoint.latitude.between(box.south, box.north))


_OfVersion = type[PublicFacet] | type[PublicIncidentTopic] | type[PublicPoint]


def _has(table: _OfVersion, rows: Conditions, plan: Plan) -> ColumnElement[bool]:
    """Whether the table has such a row of the incident."""
    ids = select(table.version_id).where(*rows)
    if plan.look_up:
        return ids.where(table.version_id == PublicIncident.version_id).exists()
    return PublicIncident.version_id.in_(ids)


def page_order(plan: Plan) -> ColumnElement[str]:
    """What a page is sorted by; without a walk in a form that keeps the database from going down the list."""
    key = PublicIncident.sort_key
    return key.desc() if plan.walk else key.concat("").desc()


def facet_count(wanted: DatasetFilter, edition: Edition) -> Select[int]:
    """Counts the incidents that have the facets asked for, whatever else is asked for."""
    public = (*facet_conditions(wanted), rendered_at(PublicFacet, edition.version))
    return select(func.count()).select_from(select(PublicFacet.version_id).where(*public).distinct().subquery())


def _place(value: str) -> str:
    return value if value == NOT_RECORDED else place_key(value)


def facet_conditions(wanted: DatasetFilter) -> Conditions:
    """All filters of acts in one row of the facets, so that they hold of the same act and the same victim."""
    return [
        getattr(PublicFacet, parameter.facet).in_(wanted.values(name))
        for name, parameter in PARAMETERS.items()
        if parameter.facet and wanted.values(name)
    ]


def _text_condition(session: Session, text: str, plan: Plan) -> ColumnElement[bool]:
    words = search_words(text)
    if not words:
        # A text without letters and digits is in no record.
        return false()
    # The sum says the same as the column alone, but no walk down the list is given up for it.
    version_id = PublicIncident.version_id
    hits = search.matching(session, words)
    return (version_id + 0).in_(hits) if plan.walk else version_id.in_(hits)


def text_hits(session: Session, text: str, most: int) -> int:
    """How many versions hold the words of a text, counted up to `most`."""
    words = search_words(text)
    if not words:
        return 0
    hits = search.matching(session, words).limit(most).subquery()
    return session.scalar(select(func.count()).select_from(hits)) or 0
