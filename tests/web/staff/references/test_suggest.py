"""Names offered while typing: to whom, which, and how."""

import pytest
from sqlalchemy import select

from tests.support.drafts import found, minimal, publish, record, settle, victim, with_victims
from tests.web.staff.conftest import Signed, member
from tracker.db import Database
from tracker.registry.models import Incident
from tracker.registry.operations import quarantine_incident
from tracker.registry.permissions import actor_of
from tracker.vocabulary.staff import Role

M, E, S, A = Role.MONITOR, Role.EDITOR, Role.SAFETY_REVIEWER, Role.ADMINISTRATOR


@pytest.fixture(autouse=True)
def world(desk_database: Database) -> None:
    """Aida is named in a published incident, Bakyt withheld in it."""
    with desk_database.write() as session:
        settle(session)
        publish(
            session, *record(session, with_victims(victim("aida"), victim("bakyt", naming="withheld"), key="public"))
        )


def names(as_staff: Signed, role: Role, kind: str, typed: str) -> list[str]:
    """The keys offered to somebody in a role."""
    answer = as_staff(role).get(f"/staff/suggest/{kind}", query_string={"q": typed})
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
    return [each["key"] for each in answer.get_json()]


def test_an_answer_tells_id_key_name_and_note(as_staff: Signed, desk_database: Database) -> None:
    offered = as_staff(E).get("/staff/suggest/people?q=проб").get_json()
    assert [{**each, "id": ""} for each in offered] == [
        {"id": "", "key": "bakyt", "name": "Bakyt Proberov", "note": "name withheld"}
    ]
    outlet = as_staff(E).get("/staff/suggest/outlets?q=вест").get_json()[0]
    assert outlet["note"] == "Вестник · Kyrgyzstan"


@pytest.mark.parametrize("role", [E, S])
def test_those_who_read_everything_are_offered_everybody(as_staff: Signed, role: Role) -> None:
    assert names(as_staff, role, "people", "aida") == ["aida"]
    assert names(as_staff, role, "people", "bakyt") == ["bakyt"]
    assert names(as_staff, role, "sources", "what they told") == ["insider"]


def test_a_monitor_is_offered_only_people_who_are_publicly_named(as_staff: Signed) -> None:
    assert names(as_staff, M, "people", "aida") == ["aida"]
    assert names(as_staff, M, "people", "bakyt") == []


def test_a_monitor_is_offered_those_of_their_own_incidents(as_staff: Signed, desk_database: Database) -> None:
    me = actor_of(member(desk_database, M))
    with desk_database.write() as session:
        record(session, with_victims(victim("bakyt", naming="withheld"), key="own"), by=me)
    assert names(as_staff, M, "people", "bakyt") == ["bakyt"]
    other = as_staff(M, name="another monitor").get("/staff/suggest/people?q=bakyt")
    assert other.get_json() == []


def test_nothing_is_concluded_from_what_is_not_public_any_more_or_not_yet(
    as_staff: Signed, desk_database: Database
) -> None:
    with desk_database.write() as session:
        record(session, with_victims(victim("bakyt"), key="draft"))
        quarantine_incident(session, found(session, Incident, "public"), by="e", why="w")
    assert names(as_staff, M, "people", "bakyt") == []
    assert names(as_staff, M, "people", "aida") == []


def test_a_change_that_is_not_published_yet_names_nobody(as_staff: Signed, desk_database: Database) -> None:
    with desk_database.write() as session:
        found(session, Incident, "public").amendment = "in_review"
    assert names(as_staff, M, "people", "aida") == []


def test_a_monitor_is_offered_open_sources_and_public_incidents_only(as_staff: Signed, desk_database: Database) -> None:
    with desk_database.write() as session:
        record(session, minimal("hidden", sources=[{"source": "wire"}]))
        public = session.scalars(select(Incident.id).where(Incident.key == "public")).one()
    assert names(as_staff, M, "sources", "attacks on") == ["report"]
    assert names(as_staff, M, "sources", "crews") == []
    assert names(as_staff, M, "sources", "what they told") == []
    offered = as_staff(M).get("/staff/suggest/incidents?q=a crew").get_json()
    assert [each["id"] for each in offered] == [public]
    assert names(as_staff, M, "outlets", "herald") == ["herald"]
    assert names(as_staff, M, "topics", "election") == ["election"]


@pytest.mark.parametrize("typed", ["", "a", "\x00\x00", "%%", "x" * 1_500])
def test_strange_queries_are_answered_with_nothing(as_staff: Signed, typed: str) -> None:
    query = {"q": typed}
    assert as_staff(E).get("/staff/suggest/people", query_string=query).get_json() == []


def test_other_kinds_and_other_roles_find_no_such_page(as_staff: Signed) -> None:
    assert as_staff(E).get("/staff/suggest/staff?q=aida").status_code == 404
    assert as_staff(A).get("/staff/suggest/people?q=aida").status_code == 404
