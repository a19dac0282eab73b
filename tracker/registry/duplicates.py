"""Incidents that may be the same as another one, and what somebody decided about them.

Two incidents look alike where they are in one country and on nearly the same days, and where they share a person or
an outlet or have similar titles. Nothing is ever made one by the program.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import cast

from sqlalchemy import Row, Select, or_, select
from sqlalchemy.orm import Session

from tracker.db import utc_now
from tracker.phrases import phrase
from tracker.registry import audit, operations
from tracker.registry.drafts import IncidentDraft, Problem
from tracker.registry.mapping import draft_of
from tracker.registry.models import Act, DuplicateRuling, Incident, Outlet, Person, Place, Victim
from tracker.registry.name_keys import latin
from tracker.vocabulary import Status
from tracker.vocabulary.staff import AuditEvent, DuplicateDecision

DAYS_APART = timedelta(days=3)
# A report that knows only the year lies as far back as this; what lasted longer is found by the people in it.
LONGEST_WINDOW = timedelta(days=370)
CANDIDATES = 600
LOOKED_THROUGH = 2_500
AT_ONCE = 500
# How like each other two titles are that may tell of the same (rapidfuzz, 0 to 100).
SIMILAR = 70
SHORTEST_TITLE = 8
GONE = (Status.WITHDRAWN, Status.ERASED)
# What a shared thing weighs; a shared violation or day says nothing alone, since on some days there are many.
PERSON, OUTLET, TITLE, VIOLATION, DAY = 50, 25, 40, 10, 5

SAME_PERSON = phrase("the same person")
SAME_OUTLET = phrase("the same outlet")
SIMILAR_TITLE = phrase("a similar title")
SAME_VIOLATION = phrase("the same violation")
SAME_DAY = phrase("the same day")
WEIGHTS: Mapping[str, int] = {
    SAME_PERSON: PERSON,
    SAME_OUTLET: OUTLET,
    SIMILAR_TITLE: TITLE,
    SAME_VIOLATION: VIOLATION,
    SAME_DAY: DAY,
}
STRONG: frozenset[str] = frozenset({SAME_PERSON, SAME_OUTLET, SIMILAR_TITLE})


@dataclass(frozen=True, slots=True)
class Likely:
    """One incident that may be the same.

    Attributes:
        score: the more, the likelier; only good to sort by.
        reasons: what they have in common, in words, the weightiest first.
        ruling: what was decided about the two, unless it is that they are different.
    """

    incident: Incident
    score: int
    reasons: tuple[str, ...]
    ruling: DuplicateDecision | None = None


def likely(
    session: Session,
    *,
    country: str | None,
    earliest: date | None,
    latest: date | None,
    title: str | Iterable[str],
    people: Collection[str],
    outlets: Collection[str],
    violations: Collection[str] = (),
    but_not: str | None = None,
    limit: int = 10,
) -> list[Likely]:
    """The incidents that may be the same as one being entered, the likeliest first.

    `title` is one title or those in several languages; `people` and `outlets` are keys; `but_not` is the id of the
    incident itself, whose rulings are heeded. Nothing is looked for without a country and a day.
    """
    earliest, latest = earliest or latest, latest or earliest
    if country is None or earliest is None or latest is None:
        return []
    person_ids = set(session.scalars(select(Person.id).where(Person.key.in_(people)))) if people else set()
    outlet_ids = set(session.scalars(select(Outlet.id).where(Outlet.key.in_(outlets)))) if outlets else set()
    found = _candidates(session, country, earliest, latest, person_ids)
    found.pop(but_not or "", None)
    reasons = _shared(session, found, person_ids, outlet_ids, violations)
    titles = [key for one in ([title] if isinstance(title, str) else title) if len(key := latin(one)) >= SHORTEST_TITLE]
    for incident_id, row in found.items():
        if titles and any(_alike(latin(own), titles) for own in row.title.values()):
            reasons.setdefault(incident_id, set()).add(SIMILAR_TITLE)
        if (row.date_earliest, row.date_latest) == (earliest, latest):
            reasons.setdefault(incident_id, set()).add(SAME_DAY)
    return _ranked(session, {i: why for i, why in reasons.items() if why & STRONG}, but_not, limit)


def scored(reasons: Iterable[str]) -> int:
    """How much these reasons weigh together."""
    return sum(WEIGHTS[reason] for reason in reasons)


def shifted(day: date, by: timedelta) -> date:
    """A day so much earlier or later, or the first or last day that there is."""
    try:
        return day + by
    except OverflowError:
        return date.min if by < timedelta() else date.max


def in_window(country: str, earliest: date, latest: date) -> Select[str, dict[str, str], date | None, date | None]:
    """The statement that finds incidents of a country on nearly these days; a range of the index on days."""
    low, high = shifted(earliest, -DAYS_APART), shifted(latest, DAYS_APART)
    # A vague date fits so many that only the latest of them are looked through.
    near = (
        select(Incident.id)
        .where(Incident.date_earliest.between(shifted(low, -LONGEST_WINDOW), high), Incident.date_latest >= low)
        .order_by(Incident.date_earliest.desc())
        .limit(LOOKED_THROUGH)
        .subquery()
    )
    # Of these few it is asked in which country they are, and of nothing else.
    there = select(Place.id).where(Place.incident_id == near.c.id, Place.country == country).exists()
    return _COLUMNS.where(Incident.id.in_(select(near.c.id).where(there)))


_COLUMNS = select(Incident.id, Incident.title, Incident.date_earliest, Incident.date_latest).where(
    Incident.status.not_in(GONE)
)


Candidate = Row[str, dict[str, str], date | None, date | None]


def _candidates(
    session: Session, country: str, earliest: date, latest: date, person_ids: set[str]
) -> dict[str, Candidate]:
    """Incidents of the country on nearly these days, and those that lasted until then and name the same people."""
    rows = list(session.execute(in_window(country, earliest, latest).limit(CANDIDATES)))
    if person_ids:
        named = select(Act.incident_id).join(Victim, Victim.act_id == Act.id).where(Victim.person_id.in_(person_ids))
        wanted = _COLUMNS.join(Place, Place.incident_id == Incident.id).where(
            Place.country == country,
            Incident.id.in_(named),
            or_(Incident.date_earliest.is_(None), Incident.date_earliest <= shifted(latest, DAYS_APART)),
            or_(Incident.date_latest.is_(None), Incident.date_latest >= shifted(earliest, -DAYS_APART)),
        )
        rows += session.execute(wanted.limit(CANDIDATES))
    return {row.id: row for row in rows}


def _shared(
    session: Session, ids: Iterable[str], person_ids: set[str], outlet_ids: set[str], violations: Collection[str]
) -> dict[str, set[str]]:
    """What each of these incidents shares with the one being entered."""
    reasons: dict[str, set[str]] = {}
    listed = list(ids) if person_ids or outlet_ids or violations else []
    for start in range(0, len(listed), AT_ONCE):
        wanted = (
            select(Act.incident_id, Act.violation, Victim.person_id, Victim.outlet_id)
            .outerjoin(Victim, Victim.act_id == Act.id)
            .where(Act.incident_id.in_(listed[start : start + AT_ONCE]))
            .where(
                or_(Victim.person_id.in_(person_ids), Victim.outlet_id.in_(outlet_ids), Act.violation.in_(violations))
            )
        )
        for row in session.execute(wanted):
            of_this = reasons.setdefault(row.incident_id, set())
            of_this |= {SAME_PERSON} if row.person_id in person_ids else set()
            of_this |= {SAME_OUTLET} if row.outlet_id in outlet_ids else set()
            of_this |= {SAME_VIOLATION} if row.violation in violations else set()
    return reasons


def _alike(own: str, titles: Sequence[str]) -> bool:
    # Loaded where it is needed: most processes answer readers alone, and it takes some megabytes of each.
    from rapidfuzz import fuzz

    return any(fuzz.token_sort_ratio(own, title, score_cutoff=SIMILAR) for title in titles)


def _ranked(session: Session, reasons: dict[str, set[str]], but_not: str | None, limit: int) -> list[Likely]:
    ruled = rulings(session, but_not) if but_not else {}
    open_ = [i for i in reasons if ruled.get(i) is not DuplicateDecision.DIFFERENT]
    best = sorted(open_, key=lambda i: (-scored(reasons[i]), i))[:limit]
    incidents = {i.id: i for i in session.scalars(select(Incident).where(Incident.id.in_(best)))} if best else {}
    return [
        Likely(
            incidents[i],
            scored(reasons[i]),
            tuple(sorted(reasons[i], key=_lightness)),
            ruled.get(i),
        )
        for i in best
    ]


def _lightness(reason: str) -> int:
    return -WEIGHTS[reason]


def rulings(session: Session, incident_id: str) -> dict[str, DuplicateDecision]:
    """What was decided about an incident and others, by the ids of the others."""
    wanted = select(DuplicateRuling).where(
        or_(DuplicateRuling.first_id == incident_id, DuplicateRuling.second_id == incident_id)
    )
    return {
        ruling.second_id if ruling.first_id == incident_id else ruling.first_id: DuplicateDecision(ruling.decision)
        for ruling in session.scalars(wanted)
    }


def rule(
    session: Session,
    incident: Incident,
    other: Incident,
    decision: DuplicateDecision,
    *,
    by: str,
    link_other: bool = True,
) -> None:
    """Keep what somebody decided about two incidents; related ones are linked to each other, each in a revision.

    `link_other` says whether the other one may be changed too. Raises `Refused` where it is the same incident, and
    where one of them cannot be amended.
    """
    if incident.id == other.id:
        raise operations.Refused([Problem(("other",), "an incident is not a duplicate of itself")])
    first, second = sorted((incident.id, other.id))
    wanted = select(DuplicateRuling).where(DuplicateRuling.first_id == first, DuplicateRuling.second_id == second)
    ruling = session.scalars(wanted).one_or_none() or DuplicateRuling(first_id=first, second_id=second)
    ruling.decision, ruling.actor, ruling.at = str(decision), by, utc_now()
    session.add(ruling)
    session.flush()
    if decision is DuplicateDecision.RELATED:
        _link(session, incident, other, by=by)
        if link_other:
            _link(session, other, incident, by=by)
    detail = {"decision": str(decision), "other": other.id}
    audit.write(session, AuditEvent.DUPLICATE_DECIDED, by=by, kind="incident", id=incident.id, detail=detail)


def _link(session: Session, incident: Incident, other: Incident, *, by: str) -> None:
    """Name the other among the related incidents; one that has no key yet is found by its id from now on."""
    if other.key is None:
        operations.amend(session, other, _draft(other).model_copy(update={"key": other.id}), by=by)
    draft = _draft(incident)
    if other.key not in draft.related:
        draft.related.append(cast(str, other.key))
        operations.amend(session, incident, draft, by=by)


def _draft(incident: Incident) -> IncidentDraft:
    return cast(IncidentDraft, draft_of(incident))
