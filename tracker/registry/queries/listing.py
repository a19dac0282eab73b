"""The staff list: incidents that match a filter, of those that somebody may read, page by page."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, Text, and_, false, func, or_, select, type_coerce
from sqlalchemy.orm import Session, aliased, joinedload, selectinload

from tracker.db import utc_now
from tracker.registry import search
from tracker.registry.models import (
    Act,
    Citation,
    Incident,
    Place,
    Revision,
    SafetyReview,
    StaffMember,
    Topic,
    Victim,
)
from tracker.registry.models.incident import incident_topic
from tracker.registry.permissions import Reach, actor_of, reach
from tracker.registry.queries.filters import ListFilter, outlet_ids
from tracker.registry.workflow import AUTHORSHIP, one_person
from tracker.vocabulary import NOT_RECORDED, PlacePrecision, Status
from tracker.vocabulary.desk import Only, Sort
from tracker.vocabulary.staff import Action

PAGE = 50
"""How many incidents stand on one page."""
COUNTED = 1_000
"""How many incidents are counted where counting all would mean to look at every incident there is."""

Condition = ColumnElement[bool]


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the list, how many incidents there are in all, and how many pages.

    Attributes:
        total: how many match; at least that many where there are `more`, which were not counted.
    """

    incidents: list[Incident]
    total: int
    number: int
    more: bool = False

    @property
    def pages(self) -> int:
        """How many pages there are, as far as they were counted; an empty list is one page."""
        return max(1, -(-self.total // PAGE))


def list_incidents(session: Session, staff: StaffMember, wanted: ListFilter, number: int = 1, size: int = PAGE) -> Page:
    """The incidents that match, of those that this person may read; a page beyond the last one is the last.

    They are looked for once, for the page and for the count; that always reaches beyond the page, so that there is a
    way on.
    """
    most = max(COUNTED, (max(number, 1) + 1) * size)
    found = _found(session, staff, wanted, most + 1)
    total, more = min(len(found), most), len(found) > most
    if more and _is_counted_at_once(wanted):
        total, more = count(session, staff, wanted), False
    number = min(max(number, 1), max(1, -(-total // size)))
    ids = found[(number - 1) * size : number * size]
    loaded = {incident.id: incident for incident in session.scalars(_whole(ids))}
    return Page([loaded[each] for each in ids if each in loaded], total, number, more)


def _found(session: Session, staff: StaffMember, wanted: ListFilter, most: int) -> list[str]:
    """The ids of the first that match, in their order."""
    matching = _matching(session, staff, wanted)
    if wanted.sort != Sort.STATUS:
        return list(session.scalars(matching.order_by(*_order(wanted.sort)).limit(most)))
    found: list[str] = []
    # One status after the other, along the way to publication: each is a piece of an index.
    for status in Status:
        some = matching.where(Incident.status == status).order_by(*_order(Sort.CHANGE))
        found += session.scalars(some.limit(most - len(found)))
    return found


def count(session: Session, staff: StaffMember, wanted: ListFilter, most: int | None = None) -> int:
    """How many incidents match, of those that this person may read; `most` is as far as they are counted."""
    matching = _matching(session, staff, wanted).limit(most)
    return session.scalar(select(func.count()).select_from(matching.subquery())) or 0


def _is_counted_at_once(wanted: ListFilter) -> bool:
    """Whether an index alone tells how many match."""
    return {name for name, _ in wanted.pairs()} <= {"status", "sort"}


def authors_listed(session: Session) -> list[str]:
    """Everybody who recorded an incident, as revisions name people."""
    # From one author to the next along the index; DISTINCT would look at every incident.
    first = select(func.min(Incident.created_by).label("author")).cte(recursive=True)
    later = select(func.min(Incident.created_by)).where(Incident.created_by > first.c.author).scalar_subquery()
    authors = first.union_all(select(later).where(first.c.author.is_not(None)))
    return sorted(author for author in session.scalars(select(authors.c.author)) if author)


def _matching(session: Session, staff: StaffMember, wanted: ListFilter) -> Select[str]:
    return select(Incident.id).where(_readable(staff), *_conditions(session, staff, wanted))


def _whole(ids: Any) -> Select[Incident]:
    """These incidents with what a row of the list shows of them."""
    victims = selectinload(Incident.acts).selectinload(Act.victims)
    return (
        select(Incident)
        .where(Incident.id.in_(ids))
        .options(
            joinedload(Incident.place),
            victims.selectinload(Victim.person),
            victims.selectinload(Victim.outlet),
            selectinload(Incident.sources).joinedload(Citation.source),
        )
    )


def _readable(staff: StaffMember) -> Condition:
    """Of which incidents somebody may know at all."""
    far = reach(staff, Action.READ)
    if far is Reach.NONE:
        return false()
    there = Incident.status != Status.ERASED
    return there if far is Reach.ANY else and_(there, Incident.created_by == actor_of(staff))


def _conditions(session: Session, staff: StaffMember, wanted: ListFilter) -> Iterator[Condition]:
    if wanted.q:
        whole = reach(staff, Action.READ) is Reach.ANY
        found = search.hits(session, wanted.q) if whole else search.hits_of_own(session, wanted.q, actor_of(staff))
        yield false() if found is None else found
    if wanted.status:
        yield _in_status(wanted.status)
    if wanted.country:
        yield _among(session, select(Place.incident_id).where(Place.country.in_(wanted.country)))
    yield from _period(wanted.since, wanted.until)
    if wanted.violation:
        yield _among(session, select(Act.incident_id).where(Act.violation.in_(wanted.violation)))
    if wanted.outlet:
        ids = [each for name in wanted.outlet for each in outlet_ids(session, name)]
        in_acts = select(Act.incident_id).join(Victim, Victim.act_id == Act.id)
        yield Incident.id.in_(in_acts.where(Victim.outlet_id.in_(ids)))
    if wanted.topic:
        topics = select(incident_topic.c.incident_id).join(Topic, Topic.id == incident_topic.c.topic_id)
        yield Incident.id.in_(topics.where(Topic.key.in_(wanted.topic)))
    if wanted.author:
        yield Incident.created_by.in_(wanted.author)
    if wanted.verification:
        silent = Incident.verification.is_(None) if NOT_RECORDED in wanted.verification else false()
        yield or_(Incident.verification.in_(wanted.verification), silent)
    if wanted.missing:
        yield or_(*(_lacks_language(language) for language in wanted.missing))
    for code in wanted.only:
        yield _only(session, staff, Only(code))


def _in_status(codes: Collection[str]) -> Condition:
    """That the incident, or the changes made to it since publication, are so far."""
    others = [status for status in Status if status not in codes]
    # Only what is published has changes since. Where most statuses are asked for, no index is to be tried for each.
    if Status.PUBLISHED in codes:
        return Incident.status.not_in(others) if len(others) < len(codes) else Incident.status.in_(codes)
    return or_(Incident.status.in_(codes), Incident.amendment.in_(codes))


def _among(session: Session, ids: Select[str]) -> Condition:
    """That the incident is one of these; where they are very many, that is asked of one incident after the other."""
    if search.are_many(session, ids):
        return ids.where(ids.selected_columns[0] == Incident.id).correlate(Incident).exists()
    return Incident.id.in_(ids)


def _period(since: date | None, until: date | None) -> Iterator[Condition]:
    """That it may have happened in a period; what has no known day lies in none."""
    open_end = and_(Incident.date_latest.is_(None), Incident.date_earliest.is_not(None))
    open_beginning = and_(Incident.date_earliest.is_(None), Incident.date_latest.is_not(None))
    if since is not None:
        yield or_(Incident.date_latest >= since, open_end)
    if until is not None:
        yield or_(Incident.date_earliest <= until, open_beginning)


def _lacks_language(language: str) -> Condition:
    # Texts are kept as JSON; inside a text, a quotation mark has a backslash before it, so only a key can look so.
    key = f'%"{language}":%'
    return or_(*(type_coerce(texts, Text).not_like(key) for texts in (Incident.title, Incident.summary)))


def _only(session: Session, staff: StaffMember, code: Only) -> Condition:
    today = utc_now().date()
    match code:
        case Only.WITHOUT_PLACE:
            nowhere = and_(Place.latitude.is_(None), Place.locality.is_(None))
            online = func.coalesce(Place.precision, "") == PlacePrecision.ONLINE
            unknown = or_(and_(nowhere, ~online), Place.precision == PlacePrecision.UNKNOWN)
            return Incident.id.in_(select(Place.incident_id).where(unknown))
        case Only.WITHOUT_SECOND_SOURCE:
            cited = select(func.count()).where(Citation.incident_id == Incident.id).correlate(Incident)
            return cited.scalar_subquery() < 2
        case Only.OVERDUE:
            # Asked for apart, since these are few, and would else be looked for among all.
            due = aliased(Incident)
            return Incident.id.in_(select(due.id).where(due.look_again_on <= today))
        case Only.AMENDED:
            return Incident.amendment.is_not(None)
        case Only.REVIEW_AGAIN:
            return Incident.id.in_(_reviews_due(today))
        case Only.NOT_MINE:
            return _not_mine(session, staff)


def _reviews_due(today: date) -> Select[str]:
    """Incidents whose last safety review is to be repeated by today."""
    ranked = select(
        SafetyReview.incident_id,
        SafetyReview.review_again_on,
        func.row_number()
        .over(
            partition_by=SafetyReview.incident_id,
            order_by=(SafetyReview.incident_version.desc(), SafetyReview.at.desc()),
        )
        .label("place"),
    ).subquery()
    return select(ranked.c.incident_id).where(ranked.c.place == 1, ranked.c.review_again_on <= today)


def _not_mine(session: Session, staff: StaffMember) -> Condition:
    """That somebody had no hand in the words that are not public yet, or that this does not matter here.

    The same as `workflow.authors`, for many incidents at once.
    """
    if one_person(session):
        return Incident.id.is_not(None)
    put_back = select(Revision.entity_id, (Revision.number - 1).label("number")).where(Revision.action == "reapply")
    back = put_back.subquery()
    published = (
        select(func.max(Revision.number))
        .outerjoin(back, and_(back.c.entity_id == Revision.entity_id, back.c.number == Revision.number))
        .where(Revision.entity_id == Incident.id, Revision.action == Action.PUBLISH, back.c.entity_id.is_(None))
        .correlate(Incident)
        .scalar_subquery()
    )
    written = (
        select(Revision.id)
        .where(
            Revision.entity_id == Incident.id,
            Revision.actor == actor_of(staff),
            Revision.action.in_(AUTHORSHIP),
            Revision.number > func.coalesce(published, 0),
        )
        .correlate(Incident)
    )
    return ~written.exists()


def _order(sort: str) -> list[Any]:
    first: dict[str, list[Any]] = {
        Sort.CHANGE: [Incident.updated_at.desc()],
        Sort.DATE: [Incident.date_earliest.desc().nulls_last()],
        Sort.REFERENCE: [Incident.reference.desc().nulls_last()],
    }
    return [*first[sort], Incident.id]
