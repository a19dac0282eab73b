"""References such as KGZ-2020-0007: without gaps and given at first publication, so that they betray no drafts."""

from collections.abc import Sequence, Set

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert as insert_on_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_on_sqlite
from sqlalchemy.orm import Session

from tracker.registry.models import Incident, ReferenceCounter
from tracker.vocabulary import COUNTRIES


def give_references(session: Session, incidents: Sequence[Incident]) -> None:
    """Country and year of each incident and the next number there: KGZ-2020-0007; ND where no year is known."""
    prefixes = [_reference_prefix(incident) for incident in incidents]
    counters = _counters(session, set(prefixes))
    for incident, prefix in zip(incidents, prefixes, strict=True):
        counters[prefix].last += 1
        incident.reference = f"{prefix}-{counters[prefix].last:04}"


def expected_reference(session: Session, incident: Incident) -> str:
    """The reference of an incident, or the one that it would be given now; somebody else may be given that first."""
    if incident.reference is not None:
        return incident.reference
    prefix = _reference_prefix(incident)
    last = session.scalar(select(ReferenceCounter.last).where(ReferenceCounter.prefix == prefix))
    return f"{prefix}-{(last or 0) + 1:04}"


def _reference_prefix(incident: Incident) -> str:
    """Country and year of an incident: KGZ-2020; ND where no year is known."""
    year = f"{incident.date_earliest.year:04}" if incident.date_earliest else "ND"
    return f"{COUNTRIES[incident.place.country].alpha3}-{year}"


def _counters(session: Session, prefixes: Set[str]) -> dict[str, ReferenceCounter]:
    """The counters of these prefixes, locked until the transaction ends."""
    # In one order for everybody, so that no two writers wait for each other.
    if not prefixes:
        return {}
    # Two writers may miss the same counter at once: one of them makes it, and the other waits and goes on from there.
    insert_new = insert_on_postgresql if session.get_bind().dialect.name == "postgresql" else insert_on_sqlite
    rows = [{"prefix": prefix, "last": 0} for prefix in sorted(prefixes)]
    session.execute(insert_new(ReferenceCounter).values(rows).on_conflict_do_nothing())
    wanted = select(ReferenceCounter).where(ReferenceCounter.prefix.in_(prefixes)).order_by(ReferenceCounter.prefix)
    locked = session.scalars(wanted.with_for_update().execution_options(populate_existing=True))
    return {counter.prefix: counter for counter in locked}
