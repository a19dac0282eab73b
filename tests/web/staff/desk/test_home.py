"""The desk: what waits for whoever opens it."""

from datetime import UTC, datetime

import pytest

from tests.support import drafts
from tests.web.staff.conftest import Signed, member
from tests.web.staff.desk.conftest import record
from tracker.db import Database
from tracker.registry import unfinished
from tracker.registry.models import Incident
from tracker.vocabulary import Status
from tracker.vocabulary.staff import Role


@pytest.mark.parametrize("role", [Role.MONITOR, Role.EDITOR, Role.SAFETY_REVIEWER])
def test_an_empty_desk_says_so(as_staff: Signed, role: Role) -> None:
    assert "Nothing waits for you now." in as_staff(role).get("/staff/").get_data(as_text=True)


def test_an_administrator_is_told_that_no_incident_waits_for_them(as_staff: Signed, desk_database: Database) -> None:
    record(desk_database, drafts.minimal())
    page = as_staff(Role.ADMINISTRATOR).get("/staff/").get_data(as_text=True)
    assert "No incident ever waits for you" in page
    assert "A crew is turned away" not in page


def test_what_was_begun_stands_there_for_its_owner_alone(as_staff: Signed, desk_database: Database) -> None:
    owner = member(desk_database, Role.MONITOR)
    form = unfinished.new_id()
    with desk_database.write() as session:
        unfinished.save(session, owner.id, form, [("title-en", "Half a story")], sequence=1, title="Half a story")
    page = as_staff(Role.MONITOR).get("/staff/").get_data(as_text=True)
    assert "Half a story" in page
    assert f"/staff/forms/{form}" in page
    assert "Half a story" not in as_staff(Role.EDITOR).get("/staff/").get_data(as_text=True)


def test_incidents_stand_under_what_they_wait_for(as_staff: Signed, desk_database: Database) -> None:
    until = datetime(2031, 5, 4, 12, tzinfo=UTC)
    for status in (Status.SUBMITTED, Status.EMBARGOED):
        record(desk_database, *(drafts.minimal(f"{status}-{n}") for n in range(7)), status=status)
    with desk_database.write() as session:
        drafts.found(session, Incident, "embargoed-6").embargo_until = until
    page = as_staff(Role.EDITOR).get("/staff/").get_data(as_text=True)
    assert "To take up" in page
    assert page.count("A crew is turned away") == 10
    assert page.count("All 7") == 2
    assert "until 4 May 2031, 12:00 UTC" in page
    assert "/staff/incidents?queue=submitted" in page
    assert "Without a second source" in page
    assert "queue=without_second_source" in page
    monitor = as_staff(Role.MONITOR).get("/staff/").get_data(as_text=True)
    assert "To take up" not in monitor
    assert "Mine, on the way" in monitor


def test_what_was_discarded_is_said(as_staff: Signed) -> None:
    page = as_staff(Role.MONITOR).get("/staff/?done=discarded").get_data(as_text=True)
    assert "What you had typed was discarded." in page
