"""Pins: who set them is remembered, and no machine ever moves one that a person has set."""

from collections.abc import Iterator

import pytest
from sqlalchemy.orm import Session

from tests.support.drafts import Raw, incident, minimal, publish, record, settle
from tracker.db import Database
from tracker.publication.restricting import Restriction, restrict_public
from tracker.registry import operations
from tracker.registry.mapping import draft_of, snapshot
from tracker.registry.models import Incident
from tracker.registry.pins import keeps_its_pin
from tracker.vocabulary import PlacePrecision

OSH: Raw = {"country": "KG", "locality": "Osh", "precision": "locality"}
BY_LIST: Raw = OSH | {
    "latitude": 40.52828, "longitude": 72.7985, "placed_by": "gazetteer", "entry": "geonames:1527534", "matched": "Osh",
}  # fmt: skip
BY_HAND: Raw = OSH | {"latitude": 40.531, "longitude": 72.801, "precision": "site", "placed_by": "hand"}

STAFF, OTHER, IMPORT, MACHINE = "staff:aida", "staff:bakyt", "import:partner", "machine:gazetteer"


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    """A transaction in which the world is recorded."""
    with database.write() as session:
        settle(session)
        yield session


def recorded(session: Session, place: Raw, by: str = STAFF) -> Incident:
    return record(session, minimal(place=place), by=by)[0]


def amended(session: Session, made: Incident, place: Raw, by: str) -> Raw:
    """The place of an incident after somebody has written it anew, as records are read."""
    operations.amend(session, made, incident(minimal(place=place)), by=by)
    session.flush()
    session.expire_all()
    place_now: Raw = snapshot(made)["place"]
    return place_now


# Who set it, and when.


def test_a_pin_is_signed_by_whoever_records_it(session: Session) -> None:
    made = recorded(session, BY_LIST)
    assert (made.place.placed_by_whom, made.place.placed_at is not None) == (STAFF, True)
    assert (made.place.entry, made.place.matched) == ("geonames:1527534", "Osh")


def test_a_place_without_a_point_is_signed_by_nobody(session: Session) -> None:
    made = recorded(session, OSH)
    assert (made.place.placed_by_whom, made.place.placed_at) == (None, None)


def test_whoever_moves_a_pin_signs_it_and_whoever_changes_words_does_not(session: Session) -> None:
    made = recorded(session, BY_LIST)
    first = made.place.placed_at
    amended(session, made, BY_LIST | {"as_reported": "in the city of Osh"}, OTHER)
    assert (made.place.placed_by_whom, made.place.placed_at) == (STAFF, first)
    amended(session, made, BY_HAND, OTHER)
    assert made.place.placed_by_whom == OTHER
    assert (made.place.placed_at, made.place.entry) == (made.updated_at, None)


def test_a_pin_that_is_taken_away_leaves_no_signature(session: Session) -> None:
    made = recorded(session, BY_HAND)
    amended(session, made, OSH, OTHER)
    assert (made.place.latitude, made.place.placed_by_whom, made.place.placed_at) == (None, None, None)


def test_the_same_point_chosen_by_hand_is_signed_anew(session: Session) -> None:
    made = recorded(session, BY_LIST, IMPORT)
    amended(session, made, BY_LIST | {"placed_by": "hand"}, STAFF)
    assert made.place.placed_by_whom == STAFF


def test_no_draft_says_who_set_a_pin(session: Session) -> None:
    made = recorded(session, BY_LIST)
    assert not {"placed_by_whom", "placed_at"} & set(snapshot(made)["place"])
    assert "placed_by_whom" not in type(draft_of(made)).model_json_schema()["$defs"]["PlaceDraft"]["properties"]


def test_a_restriction_leaves_the_pins_of_others_to_them(session: Session) -> None:
    made = recorded(session, BY_LIST)
    publish(session, made)
    amended(session, made, BY_HAND, OTHER)
    coarser = Restriction(precision=PlacePrecision.ADMIN1)
    restrict_public(session, made, coarser, by="staff:chief", why="danger", expected_version=made.version)
    assert (made.place.latitude, made.place.placed_by_whom) == (BY_HAND["latitude"], OTHER)
    assert made.place.public_precision == PlacePrecision.ADMIN1


# What a person set stays.


@pytest.mark.parametrize("placed_by", ["hand", "source_text"])
@pytest.mark.parametrize("by", [IMPORT, MACHINE, "job:places"])
def test_no_machine_and_no_import_moves_a_pin_of_the_staff(session: Session, placed_by: str, by: str) -> None:
    mine = BY_HAND | {"placed_by": placed_by}
    made = recorded(session, mine)
    signed = made.place.placed_at
    for theirs in (BY_LIST, OSH, BY_HAND | {"latitude": 40.6}):
        assert keeps_its_pin(made, incident(minimal(place=theirs)), by)
        assert amended(session, made, theirs, by) == mine
    assert (made.place.placed_by_whom, made.place.placed_at) == (STAFF, signed)


def test_the_rest_of_an_import_is_written_beside_the_pin_that_stays(session: Session) -> None:
    made = recorded(session, BY_HAND)
    found = amended(session, made, BY_LIST | {"as_reported": "in Osh", "admin1": "Osh Region"}, IMPORT)
    assert found == BY_HAND | {"as_reported": "in Osh", "admin1": "Osh Region"}


def test_a_pin_that_stays_is_shown_no_more_exactly_than_either_side_says(session: Session) -> None:
    made = recorded(session, BY_HAND | {"public_precision": "neighbourhood"})
    shown_by_them = BY_LIST | {"precision": "site", "public_precision": "admin1"}
    assert amended(session, made, shown_by_them, IMPORT)["public_precision"] == "admin1"
    finer = BY_LIST | {"precision": "site", "public_precision": "street"}
    assert amended(session, made, finer, IMPORT)["public_precision"] == "admin1"
    assert amended(session, made, BY_LIST, IMPORT)["public_precision"] == "admin1"


def test_a_pin_whose_precision_nobody_recorded_stays_too(session: Session) -> None:
    mine = {name: value for name, value in BY_HAND.items() if name != "precision"}
    made = recorded(session, mine)
    country = {"country": "KG", "precision": "country", "public_precision": "country"}
    found = amended(session, made, country, IMPORT)
    assert (found["latitude"], found["precision"], found["public_precision"]) == (40.531, "locality", "country")


def test_the_staff_may_move_any_pin(session: Session) -> None:
    made = recorded(session, BY_HAND)
    assert amended(session, made, BY_LIST, OTHER) == BY_LIST


def test_what_a_machine_has_found_may_be_found_anew(session: Session) -> None:
    made = recorded(session, BY_LIST, MACHINE)
    assert amended(session, made, BY_LIST | {"latitude": 40.53}, IMPORT)["latitude"] == 40.53


def test_a_file_may_correct_by_hand_or_take_back_the_pin_that_it_brought(session: Session) -> None:
    made = recorded(session, BY_HAND, IMPORT)
    assert amended(session, made, BY_LIST, IMPORT) == BY_HAND, "what was looked up takes no place of what a hand set"
    corrected = BY_HAND | {"latitude": 40.6}
    assert amended(session, made, corrected, IMPORT) == corrected
    assert amended(session, made, BY_LIST, MACHINE) == corrected
    assert amended(session, made, OSH, IMPORT) == OSH


def test_an_import_that_says_nothing_but_another_point_changes_nothing(session: Session) -> None:
    made = recorded(session, BY_HAND)
    assert not keeps_its_pin(made, incident(minimal(place=BY_HAND)), IMPORT)
    assert operations.amend(session, made, incident(minimal(place=BY_LIST)), by=IMPORT) is False
