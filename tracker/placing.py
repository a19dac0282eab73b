"""Filling in points that are missing: the words of a place are looked up, and what has one answer is recorded.

What is filled in is a revision like any other, by a machine. A place that is confidential, a point that is there
already and an incident that is just being weighed for publication are left alone; a public incident takes the usual way
through review before readers see anything of it.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session, joinedload

from tracker.db import Database
from tracker.geocoding import Answer, Candidate, Wanted
from tracker.phrases import Phrase, phrase
from tracker.publication.places import public_place, recorded_precision
from tracker.registry import audit, operations
from tracker.registry.drafts import IncidentDraft, PlaceDraft
from tracker.registry.mapping import draft_of
from tracker.registry.models import Incident, Place
from tracker.registry.operations import WEIGHED, Refused, Stale
from tracker.registry.permissions import OPEN_STATES
from tracker.registry.pins import MACHINE
from tracker.vocabulary import PlacedBy, PlacePrecision
from tracker.vocabulary.staff import AuditEvent

AT_ONCE = 100
WHY = "filled in by tracker geocode-places"

# What is looked for: these name a place by themselves. Buildings are for people to place, and the words of a source
# may speak of more than a place.
NAMED_BY = ("locality", "admin2", "admin1")
WITHOUT_POINT = frozenset({PlacePrecision.COUNTRY, PlacePrecision.ONLINE, PlacePrecision.UNKNOWN})

LookUp = Callable[[Wanted], Answer]
Progress = Callable[[int, int], None]


class Result(StrEnum):
    """What became of one place."""

    FILLED = "filled"
    AMBIGUOUS = "ambiguous"
    NOT_FOUND = "not_found"
    FAILED = "failed"
    KEPT = "kept"


@dataclass(frozen=True, slots=True)
class Placed:
    """What became of the place of one incident: which one was chosen, or why none was."""

    incident_id: str
    key: str | None
    result: Result
    answer: str | None = None
    entry: str | None = None
    why: str | None = None


@dataclass
class Report:
    """What came of filling in: one entry for each incident that was looked at, in the order of their ids."""

    places: list[Placed] = field(default_factory=list)

    def count(self, result: Result) -> int:
        """How many places met this result."""
        return sum(each.result is result for each in self.places)


@dataclass(frozen=True, slots=True)
class _Missing:
    """An incident without a point, as it was read: what to look for, and why it is to be left alone, if it is."""

    incident_id: str
    key: str | None
    version: int
    wanted: Wanted
    recorded: PlacePrecision
    leave: Phrase | None


def fill_places(
    database: Database,
    look_up: LookUp,
    *,
    country: str | None = None,
    limit: int | None = None,
    dry_run: bool = False,
    progress: Progress | None = None,
) -> Report:
    """Look up the places of incidents that have words for one and no point, and record what has one answer.

    It can be interrupted and called again: what was filled in is not looked at any more. Nothing is looked up inside a
    transaction, and places that may not be touched are not looked up at all.

    Args:
        database: where the incidents are.
        look_up: finds a place; called for places that are not confidential alone.
        country: only incidents there (ISO 3166-1 alpha-2).
        limit: fill in no more than so many.
        dry_run: look everything up and write nothing.
        progress: told how many of how many were looked at.
    """
    report = Report()
    with database.read() as session:
        ids = list(session.scalars(_missing(country)))
    for start in range(0, len(ids), AT_ONCE):
        with database.read() as session:
            batch = list(_read(session, ids[start : start + AT_ONCE]))
        looked_up = list(_looked_up(batch, look_up, None if limit is None else limit - report.count(Result.FILLED)))
        report.places += _told(looked_up) if dry_run else _write(database, looked_up)
        if progress is not None:
            progress(start + len(batch), len(ids))
        if limit is not None and report.count(Result.FILLED) >= limit:
            break
    return report


Judged = tuple[Placed, Candidate | None]


def _looked_up(batch: Sequence[_Missing], look_up: LookUp, most: int | None) -> Iterator[tuple[_Missing, Judged]]:
    """Each place with what is to become of it, until so many are to be filled in."""
    filled = 0
    for missing in batch:
        judged = _judged(missing, look_up)
        yield missing, judged
        filled += judged[1] is not None
        if most is not None and filled >= most:
            return


def _missing(country: str | None) -> Select[str]:
    named = or_(*(getattr(Place, name).is_not(None) for name in NAMED_BY))
    placeable = or_(Place.precision.is_(None), Place.precision.not_in(WITHOUT_POINT))
    wanted = select(Incident.id).join(Place).where(Place.latitude.is_(None), named, placeable)
    wanted = wanted.where(Incident.status.in_(OPEN_STATES)).order_by(Incident.id)
    return wanted.where(Place.country == country) if country else wanted


def _read(session: Session, ids: Sequence[str]) -> Iterator[_Missing]:
    wanted = select(Incident).where(Incident.id.in_(ids)).options(joinedload(Incident.place)).order_by(Incident.id)
    for incident in session.scalars(wanted):
        place = incident.place
        parts = {name: getattr(place, name) for name in NAMED_BY}
        yield _Missing(
            incident.id,
            incident.key,
            incident.version,
            Wanted(country=place.country, **parts),
            recorded_precision(place),
            _reason_to_leave(incident),
        )


def _reason_to_leave(incident: Incident) -> Phrase | None:
    if public_place(incident.place).generalised:
        return phrase("The place is confidential.")
    if incident.stage in WEIGHED:
        return phrase("The incident is being weighed for publication.")
    return None


def _judged(missing: _Missing, look_up: LookUp) -> Judged:
    """What is to become of a place, and the candidate that fills it in."""

    def told(result: Result, found: Candidate | None = None, why: str | None = None) -> Judged:
        label, entry = (found.label, found.entry) if found else (None, None)
        placed = Placed(missing.incident_id, missing.key, result, label, entry, why)
        return placed, found if result is Result.FILLED else None

    if missing.leave is not None:
        return told(Result.KEPT, why=missing.leave)
    answer = look_up(missing.wanted)
    found = answer.best
    if found is None:
        return told(Result(answer.outcome.value), why=answer.problem or _offered(answer))
    if found.latitude is None or found.precision in WITHOUT_POINT:
        return told(Result.NOT_FOUND, found, phrase("Only the country was found."))
    if not found.precision.coarser_or_equal(missing.recorded):
        return told(Result.KEPT, found, phrase("It was found more exactly than it is known."))
    return told(Result.FILLED, found)


def _offered(answer: Answer) -> str | None:
    """The places between which somebody has to choose."""
    return "; ".join(each.label for each in answer.candidates) or None


def _told(looked_up: Sequence[tuple[_Missing, Judged]]) -> list[Placed]:
    return [placed for _missing_place, (placed, _found) in looked_up]


def _write(database: Database, looked_up: Sequence[tuple[_Missing, Judged]]) -> list[Placed]:
    if not any(found for _missing_place, (_placed, found) in looked_up):
        return _told(looked_up)
    with database.write() as session:
        return [_filled(session, missing, placed, found) if found else placed for missing, (placed, found) in looked_up]


def _filled(session: Session, missing: _Missing, placed: Placed, found: Candidate) -> Placed:
    """Record a point in the caller's transaction, unless somebody has been at the incident since it was read."""
    incident = session.get(Incident, missing.incident_id, with_for_update=True)
    by = f"{MACHINE}{found.provider}"
    try:
        if incident is None:
            raise Stale(f"incident {missing.incident_id} is gone")
        draft = _with_point(incident, found)
        operations.amend(session, incident, draft, by=by, why=WHY, expected_version=missing.version)
    except Stale:
        return _kept(placed, phrase("Somebody changed the incident in the meantime."))
    except Refused as refused:
        return _kept(placed, "; ".join(map(str, refused.problems)))
    detail: audit.Detail = {"fields": ["place"], "version": incident.version}
    audit.write(session, AuditEvent.AMENDED, by=by, kind="incident", id=incident.id, detail=detail)
    return placed


def _kept(placed: Placed, why: str) -> Placed:
    return Placed(placed.incident_id, placed.key, Result.KEPT, placed.answer, placed.entry, why)


def _with_point(incident: Incident, found: Candidate) -> IncidentDraft:
    """The incident with its point: known as exactly as what was found, which is never finer than what was recorded."""
    draft = draft_of(incident)
    assert isinstance(draft, IncidentDraft)
    place = draft.place or PlaceDraft()
    by = PlacedBy.GAZETTEER if found.provider == "gazetteer" else PlacedBy.GEOCODER
    told = {
        "latitude": found.latitude,
        "longitude": found.longitude,
        "precision": found.precision,
        "public_precision": found.precision if place.public_precision else None,
        "placed_by": by,
        "entry": found.entry,
        "matched": found.matched,
    }
    whole = place.model_dump(mode="json", exclude_none=True) | told
    return draft.model_copy(update={"place": PlaceDraft.model_validate(whole)})
