"""What the form is offered for its empty fields, because of what was typed already."""

import re

import pytest
from flask.testing import FlaskClient

from tests.support.drafts import publish, record, settle, victim, with_victims
from tests.web.staff.conftest import Signed
from tracker.db import Database
from tracker.vocabulary.staff import Role

PERSON = {"acts-0-victims-0-person": "Whoever", "acts-0-victims-0-person_key": "aida"}
ROLE = "acts-0-victims-0-role"
OUTLET = "acts-0-victims-0-outlet"


def offered(client: FlaskClient, **fields: str) -> dict[str, str]:
    """The values that are offered, by the names of their fields."""
    page = client.post("/staff/forms/likely", data=fields).text
    return dict(re.findall(r'data-answers="([^"]*)" data-value="([^"]*)"', page))


@pytest.mark.parametrize("city", ["Bishkek", "Бишкек", " bishkek "])
def test_a_well_known_city_offers_its_country(as_staff: Signed, city: str) -> None:
    assert offered(as_staff(Role.MONITOR), place_locality=city) == {"place_country": "KG"}


def test_nothing_is_offered_for_a_field_that_says_something_or_a_place_that_may_be_anywhere(as_staff: Signed) -> None:
    client = as_staff(Role.MONITOR)
    assert offered(client, place_locality="Bishkek", place_country="KZ") == {}
    assert offered(client, place_locality="Springfield") == {}
    assert offered(client) == {}


def test_a_person_on_record_offers_role_and_outlet_of_their_last_incident(
    as_staff: Signed, desk_database: Database
) -> None:
    with desk_database.write() as session:
        settle(session)
        told = victim("aida", naming="named", role="editor", outlet="herald", name_published_in=["report"])
        publish(session, *record(session, with_victims(told, key="public")))
    expected = {ROLE: "editor", OUTLET: "The Herald"}
    assert offered(as_staff(Role.EDITOR), **PERSON) == expected
    # Readers are told it too, so that a monitor may know of it.
    assert offered(as_staff(Role.MONITOR), **PERSON) == expected
    assert offered(as_staff(Role.MONITOR), **PERSON, **{ROLE: "reporter"}) == {OUTLET: "The Herald"}


def test_a_monitor_is_offered_nothing_of_a_draft_of_others(as_staff: Signed, desk_database: Database) -> None:
    with desk_database.write() as session:
        settle(session)
        record(session, with_victims(victim("aida", naming="named", role="editor", outlet="herald"), key="unseen"))
    assert offered(as_staff(Role.EDITOR), **PERSON) != {}
    assert offered(as_staff(Role.MONITOR), **PERSON) == {}


def test_a_monitor_is_not_offered_what_readers_are_told_of_a_withheld_name(
    as_staff: Signed, desk_database: Database
) -> None:
    with desk_database.write() as session:
        settle(session)
        kept_back = victim("aida", naming="withheld", role="editor", outlet="herald")
        publish(session, *record(session, with_victims(kept_back, key="public")))
    assert offered(as_staff(Role.MONITOR), **PERSON) == {}
