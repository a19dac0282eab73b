"""Handing in: from a blank form to an incident, once, with everything that is wrong said at once."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from tests.support import drafts
from tests.web.staff.conftest import Signed, member, sign_in
from tests.web.staff.entry.forms import blank_form, fields_on, hand_in, problems, typed
from tracker.db import Database
from tracker.registry.models import AuditEntry, Incident, Outlet, Person, UnfinishedForm
from tracker.vocabulary import Status
from tracker.vocabulary.staff import AuditEvent, Role


@pytest.fixture
def monitor(staff_app: Flask, database: Database) -> FlaskClient:
    """A monitor at the desk, with the world on record, on both databases in turn."""
    with database.write() as session:
        drafts.settle(session)
    return sign_in(staff_app, database, member(database, Role.MONITOR))


@pytest.fixture
def desk(as_staff: Signed, desk_database: Database) -> FlaskClient:
    """An editor at the desk, with the world on record, on SQLite."""
    with desk_database.write() as session:
        drafts.settle(session)
    return as_staff(Role.EDITOR)


def only_incident(database: Database) -> Incident:
    """The one incident on record, with everything in it read."""
    with database.read() as session:
        found = session.scalars(select(Incident)).one()
        _ = [(victim.person, victim.outlet) for act in found.acts for victim in act.victims]
        _ = [citation.source for citation in found.sources], found.place
        _ = [act.involvements for act in found.acts], found.topics, found.related
        return found


def test_a_form_becomes_a_submitted_incident_in_one_step(monitor: FlaskClient, database: Database) -> None:
    address = blank_form(monitor)
    answer = hand_in(monitor, address, typed(), do="save")
    assert answer.status_code == 303
    answer = hand_in(monitor, address, typed())
    assert answer.status_code == 303, problems(answer)
    incident = only_incident(database)
    assert answer.location.endswith(f"/staff/incidents/{incident.id}?done=submitted")
    assert (incident.status, incident.date_edtf) == (Status.SUBMITTED, "[2020-10-05..2020-10-06]")
    assert incident.created_by is not None
    victim = incident.acts[0].victims[0]
    assert victim.person is not None
    assert victim.outlet is not None
    assert (victim.person.name, victim.outlet.key, victim.naming) == ("Nurlan Sluchaev", "herald", "withheld")
    # A monitor is not told of sources that only others have cited.
    assert incident.sources[0].source.url == "https://example.org/report"
    assert incident.sources[0].source.key != "report"
    with database.read() as session:
        assert session.scalar(select(func.count()).select_from(UnfinishedForm)) == 0
        recorded = select(AuditEntry).where(AuditEntry.event == AuditEvent.RECORDED)
        assert {entry.object_kind for entry in session.scalars(recorded)} == {"person", "source", "incident"}


def test_a_form_handed_in_twice_makes_one_incident(monitor: FlaskClient, database: Database) -> None:
    address = blank_form(monitor)
    first, second = hand_in(monitor, address, typed()), hand_in(monitor, address, typed())
    assert (first.status_code, second.location) == (303, first.location)
    only_incident(database)
    # Nor does a save that arrives late bring the form back, and its address leads to the incident.
    assert monitor.post(f"{address}/save", data=typed(sequence="9")).json["why"] == "handed_in"  # type: ignore[index]
    assert monitor.get(address).location == first.location


def test_everything_that_is_wrong_is_said_at_once_and_stays_as_typed(desk: FlaskClient) -> None:
    fields = typed("place_country", "acts-0-violation", when="05/10/2020", acts__0__victims__0__minor="perhaps")
    fields |= {"sources-0-url": "not an address", "sources-0-type": "", "place_point": "somewhere"}
    answer = hand_in(desk, blank_form(desk), fields)
    assert answer.status_code == 422
    where = [field for field, _sentence in problems(answer)]
    assert set(where) == {
        "when", "place_country", "acts-0-violation", "acts-0-victims-0-minor", "sources-0-url", "sources-0-type",
        "place_point",
    }  # fmt: skip
    for field in where:
        assert f'id="{field}"' in answer.text
        assert f'aria-describedby="{field}-problem' in answer.text or f'id="{field}-problem"' in answer.text
    shown = dict(fields_on(answer))
    assert (shown["when"], shown["sources-0-url"]) == ("05/10/2020", "not an address")
    assert "pick:when:2020-10-05" in answer.text
    assert "pick:when:2020-05-10" in answer.text


def test_only_date_country_act_victim_and_source_are_asked_for(desk: FlaskClient) -> None:
    answer = hand_in(desk, blank_form(desk), {})
    assert [field for field, _ in problems(answer)] == ["when", "place_country", "acts-0-violation", "sources-0-url"]


def test_fields_that_are_no_part_of_the_form_are_never_bound(desk: FlaskClient, desk_database: Database) -> None:
    hostile = {"status": "published", "created_by": "staff:x", "id": "a" * 26, "reference": "KGZ-2020-0001"}
    hostile |= {"version": "9", "key": "mine", "acts-0-id": "x", "embargo_until": "2030-01-01", "roles": "editor"}
    hostile |= {"acts-0-victims-0-act_id": "x", "consent": "given", "acts-0-victims-00-kind": "person"}
    assert hand_in(desk, blank_form(desk), typed() | hostile).status_code == 303
    incident = only_incident(desk_database)
    assert (incident.status, incident.reference, incident.version) == (Status.SUBMITTED, None, 1)
    assert incident.created_by == f"staff:{member(desk_database, Role.EDITOR).id}"
    assert len(incident.acts[0].victims) == 1


def test_a_name_like_one_on_record_is_asked_back_and_a_new_one_needs_a_tick(
    desk: FlaskClient, desk_database: Database
) -> None:
    address = blank_form(desk)
    fields = typed("acts-0-victims-0-person_is", acts__0__victims__0__person="Aida Testowa")
    fields["acts-0-victims-0-outlet"] = "Weekly of Nowhere"
    answer = hand_in(desk, address, fields)
    assert {field for field, _ in problems(answer)} == {"acts-0-victims-0-person", "acts-0-victims-0-outlet"}
    assert re.search(r'name="acts-0-victims-0-person_is"\s+value="aida"', answer.text)
    assert re.search(r'name="acts-0-victims-0-outlet_is"\s+value="new"', answer.text)
    fields |= {"acts-0-victims-0-person_is": "aida", "acts-0-victims-0-outlet_is": "new"}
    assert hand_in(desk, address, fields).status_code == 303
    victim = only_incident(desk_database).acts[0].victims[0]
    assert victim.person is not None
    assert victim.outlet is not None
    assert (victim.person.key, victim.outlet.key) == ("aida", "weekly-of-nowhere")


def test_another_spelling_of_a_name_on_record_is_taken_for_it(desk: FlaskClient, desk_database: Database) -> None:
    fields = typed("acts-0-victims-0-person_is", acts__0__victims__0__person="аида тестова")
    assert hand_in(desk, blank_form(desk), fields).status_code == 303
    with desk_database.read() as session:
        assert session.scalar(select(func.count()).select_from(Person)) == 2
        assert session.scalar(select(func.count()).select_from(Outlet)) == 1


def test_a_key_that_was_left_behind_does_not_outlive_the_name_above_it(
    desk: FlaskClient, desk_database: Database
) -> None:
    fields = typed(acts__0__victims__0__person_key="aida")
    assert hand_in(desk, blank_form(desk), fields).status_code == 303
    person = only_incident(desk_database).acts[0].victims[0].person
    assert person is not None
    assert person.name == "Nurlan Sluchaev"


def test_the_address_of_a_source_on_record_is_that_source(desk: FlaskClient, desk_database: Database) -> None:
    assert hand_in(desk, blank_form(desk), typed()).status_code == 303
    assert only_incident(desk_database).sources[0].source.key == "report"


def test_a_year_that_was_not_typed_is_asked_back_once(desk: FlaskClient) -> None:
    address = blank_form(desk)
    first = hand_in(desk, address, typed(when="night of 5-6 October"))
    assert [field for field, _ in problems(first)] == ["when"]
    assert hand_in(desk, address, fields_on(first)).status_code == 303


def test_an_incident_like_one_on_record_is_ruled_on_before_it_is_made(
    desk: FlaskClient, desk_database: Database
) -> None:
    with desk_database.write() as session:
        [other] = drafts.record(session, drafts.with_victims(drafts.victim("aida", outlet="herald"), key="other"))
    address = blank_form(desk)
    answer = hand_in(desk, address, typed())
    ruling = f"same-{other.id}"
    assert [field for field, _ in problems(answer)] == [ruling]
    assert [field for field, _ in problems(hand_in(desk, address, typed() | {ruling: "same"}))] == [ruling]
    assert hand_in(desk, address, typed() | {ruling: "related"}).status_code == 303
    with desk_database.read() as session:
        made = session.scalars(select(Incident).where(Incident.id != other.id)).one()
        assert [each.id for each in made.related] == [other.id]
        decided = select(AuditEntry).where(AuditEntry.event == AuditEvent.DUPLICATE_DECIDED)
        assert session.scalars(decided).one().detail["decision"] == "related"


@pytest.mark.parametrize(
    "body",
    [
        b"title-en=%ff%fe&do=submit",
        b"title-en=%00&do=submit",
        b"title-en=%ed%a0%80&do=submit",
        b"when=" + b"9" * 100_000,
        b"do=add:" + b"acts-0-" * 50,
        b"acts-99999999999999-violation=assault&do=submit",
        b"place_point=nan,inf&place_country=ZZ&do=submit&acts-0-victims-0-count_least=%C2%B2",
        b"sources-0-url=javascript:alert(1)&sources-0-type=x&do=submit",
        b"",
    ],
    ids=["not utf-8", "nul", "half a character", "long", "deep", "high number", "odd numbers", "script", "empty"],
)
def test_whatever_is_posted_gets_a_clear_answer(desk: FlaskClient, body: bytes) -> None:
    answer = desk.post(blank_form(desk), data=body, content_type="application/x-www-form-urlencoded")
    assert answer.status_code in {303, 400, 413, 422}
    if answer.status_code == 303:
        assert desk.get(answer.location).status_code == 200


def test_more_than_anybody_can_have_typed_is_refused(desk: FlaskClient) -> None:
    address = blank_form(desk)
    fields = [(f"acts-{number}-violation", "assault") for number in range(800)]
    assert hand_in(desk, address, fields).status_code == 413
    assert hand_in(desk, address, [(f"x{number}", "") for number in range(10_000)]).status_code == 413
    crowd = typed() | {f"acts-0-victims-{number}-kind": "group" for number in range(60)}
    assert "acts-0-victims" in [field for field, _ in problems(hand_in(desk, address, crowd))]
