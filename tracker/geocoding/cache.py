"""What services have answered, kept for a while, so that nobody is asked the same thing twice.

A question is kept as a digest alone. That something was not found is believed for a shorter time than a place, since
places are added to maps all the time; that a service failed is not kept at all.
"""

import hashlib
from dataclasses import asdict
from datetime import timedelta

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert as insert_on_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_on_sqlite
from sqlalchemy.orm import Session

from tracker.db import canonical_json, utc_now
from tracker.geocoding.answers import Answer, Candidate, Outcome, Wanted
from tracker.geocoding.models import GeocoderAnswer
from tracker.vocabulary import PlacePrecision

KEPT = {
    Outcome.FOUND: timedelta(days=90),
    Outcome.AMBIGUOUS: timedelta(days=90),
    Outcome.NOT_FOUND: timedelta(days=7),
}

# Raised whenever answers are read in another way than before, so that older ones are asked for again.
READ_WITH = 2


def key_of(service: str, wanted: Wanted) -> str:
    """The digest of a question to a service."""
    return hashlib.sha256(canonical_json([READ_WITH, service, asdict(wanted)]).encode()).hexdigest()


def look_up(session: Session, key: str) -> Answer | None:
    """What was answered, if that is not too old."""
    found = select(GeocoderAnswer).where(GeocoderAnswer.key == key, GeocoderAnswer.expires_at > utc_now())
    row = session.scalars(found).one_or_none()
    if row is None:
        return None
    return Answer(Outcome(row.outcome), tuple(map(_candidate, row.candidates)), attribution=row.attribution)


def keep(session: Session, key: str, service: str, answer: Answer) -> None:
    """Keep an answer for as long as its kind is kept, and clear away those that are too old."""
    if answer.outcome not in KEPT:
        return
    now = utc_now()
    session.execute(delete(GeocoderAnswer).where(GeocoderAnswer.expires_at <= now))
    row = {
        "key": key,
        "service": service,
        "outcome": str(answer.outcome),
        "candidates": [asdict(candidate) for candidate in answer.candidates],
        "attribution": answer.attribution,
        "answered_at": now,
        "expires_at": now + KEPT[answer.outcome],
    }
    insert = insert_on_postgresql if session.get_bind().dialect.name == "postgresql" else insert_on_sqlite
    new = insert(GeocoderAnswer).values(row)
    session.execute(new.on_conflict_do_update(index_elements=[GeocoderAnswer.key], set_=row))


def _candidate(kept: dict[str, object]) -> Candidate:
    read = {"precision": PlacePrecision(str(kept["precision"])), "around": tuple(kept["around"])}  # type: ignore[arg-type]
    return Candidate(**kept | read)  # type: ignore[arg-type]
