"""Pins that were set before anybody wrote down by whom: the revisions tell."""

from tests.support.drafts import Raw, incident, minimal, record, settle
from tracker import upgrades
from tracker.db import Database
from tracker.registry import operations
from tracker.registry.models import Incident
from tracker.settings import Settings

OSH: Raw = {"country": "KG", "locality": "Osh"}
PINNED: Raw = OSH | {"latitude": 40.5, "longitude": 72.7, "placed_by": "hand"}
MOVED: Raw = PINNED | {"latitude": 40.6}


def test_an_upgrade_signs_each_pin_with_whoever_set_it(settings: Settings) -> None:
    database = Database(settings)
    with database.write() as session:
        settle(session)
        places = (PINNED, OSH, OSH)
        made = record(session, *(minimal(f"i{n}", place=place) for n, place in enumerate(places)), by="staff:first")
        first, second, third = (each.id for each in made)
        words = PINNED | {"as_reported": "in Osh"}
        operations.amend(session, made[0], incident(minimal("i0", place=words)), by="staff:words")
        operations.amend(session, made[1], incident(minimal("i1", place=PINNED)), by="staff:second")
        operations.amend(session, made[1], incident(minimal("i1", place=MOVED)), by="staff:third")
    database.dispose()
    upgrades.downgrade(settings, "0005")
    upgrades.upgrade(settings)
    assert upgrades.check(settings) == []
    database = Database(settings)
    with database.read() as session:
        signed = {id: session.get_one(Incident, id) for id in (first, second, third)}
        assert signed[first].place.placed_by_whom == "staff:first"
        assert signed[first].place.placed_at == operations.revisions(session, signed[first])[0].at
        assert signed[second].place.placed_by_whom == "staff:third"
        assert (signed[third].place.placed_by_whom, signed[third].place.placed_at) == (None, None)
    database.dispose()
