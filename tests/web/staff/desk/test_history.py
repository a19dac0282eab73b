"""The history of an incident: in words, any two revisions compared, and an old one restored as a new one."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, select

from tests.support import drafts
from tests.web.staff.conftest import Signed, member
from tests.web.staff.desk.conftest import readings, record
from tracker.db import Database
from tracker.registry import merges, operations, queries
from tracker.registry.mapping import snapshot
from tracker.registry.models import AuditEntry, Incident, Outlet, Person, Revision, Source, Victim
from tracker.registry.permissions import actor_of
from tracker.registry.workflow import STEPS
from tracker.vocabulary import Status
from tracker.vocabulary.staff import AuditEvent, Role
from tracker.web.staff.history.told import action_words

Changed = Callable[..., None]


@pytest.fixture
def change(desk_database: Database, rich_incident: str) -> Changed:
    """Amends the rich incident, as an editor."""

    def amend(why: str | None = None, **known: Any) -> None:
        by = actor_of(member(desk_database, Role.EDITOR))
        with desk_database.write() as session:
            incident = drafts.found(session, Incident, "rich")
            operations.amend(session, incident, drafts.incident(drafts.rich(**known)), by=by, why=why)

    return amend


def text(client: FlaskClient, address: str, status: int = 200) -> str:
    answer = client.get(f"/staff/incidents/{address}")
    assert answer.status_code == status
    return answer.get_data(as_text=True)


def test_each_revision_says_who_when_why_and_what(as_staff: Signed, rich_incident: str, change: Changed) -> None:
    change(why="A second witness called.", verification="confirmed", topics=[])
    page = text(as_staff(Role.EDITOR), f"{rich_incident}/history")
    for words in (
        "Revision 2",
        "Changed",
        "Editor ·",
        "UTC",
        "A second witness called.",
        "Corroborated",
        "Confirmed",
        "An election",
        "Revision 1",
        "Monitor ·",
    ):
        assert words in page
    assert page.index("Revision 2") < page.index("Revision 1")


def test_a_revision_shows_the_whole_record_as_it_stood_and_what_is_different(
    as_staff: Signed, rich_incident: str, change: Changed
) -> None:
    change(internal_notes="They moved on to Osh, all three of them and the driver.")
    change(internal_notes="They moved on to Talas, all three of them and the driver.")
    client = as_staff(Role.EDITOR)
    first = text(client, f"{rich_incident}/history/1")
    assert "The colleague hides with relatives." in first
    assert "Talas" in first
    assert "Bakyt Proberov" in first
    compared = text(client, f"{rich_incident}/history/2?against=3")
    assert "<del>Osh,</del><ins>Talas,</ins>" in compared
    for unknown in (
        "history/4",
        "history/0",
        "history/99999999999999999999",
        "history/1?against=9",
        "history/1?against=x",
    ):
        text(client, f"{rich_incident}/{unknown}", status=404)


def test_reading_a_history_is_written_down(as_staff: Signed, desk_database: Database, rich_incident: str) -> None:
    client = as_staff(Role.EDITOR)
    text(client, f"{rich_incident}/history")
    text(client, f"{rich_incident}/history/1")
    groups = [sorted(shown) for _, shown in readings(desk_database, rich_incident)]
    assert len(groups) == 2
    assert groups[0] == groups[1]
    assert {"internal_notes", "consent", "withheld_name", "exact_place", "confidential_source"} == set(groups[0])


def restore(
    client: FlaskClient, incident_id: str, number: int, version: int, why: str = "It was right."
) -> tuple[int, str]:
    address = f"/staff/incidents/{incident_id}/history/{number}/restore"
    answer = client.post(address, data={"version": str(version), "why": why})
    return answer.status_code, answer.location or answer.get_data(as_text=True)


def test_an_old_revision_becomes_a_new_one(
    as_staff: Signed, desk_database: Database, rich_incident: str, change: Changed
) -> None:
    change(verification="confirmed", acts=[drafts.rich()["acts"][1]])
    client = as_staff(Role.EDITOR)
    assert restore(client, rich_incident, 1, 2) == (303, f"/staff/incidents/{rich_incident}?done=restored")
    with desk_database.read() as session:
        incident = drafts.found(session, Incident, "rich")
        first, _, third = operations.revisions(session, incident)
        assert snapshot(incident) == first.snapshot == third.snapshot
        assert (third.number, third.action, third.why) == (3, "restore", "It was right.")
        (entry,) = session.scalars(select(AuditEntry).where(AuditEntry.event == AuditEvent.RESTORED))
        assert entry.detail == {"number": 1, "version": 3}
    assert "Restored, as a new revision." in text(client, f"{rich_incident}?done=restored")
    assert restore(client, rich_incident, 1, 3) == (303, f"/staff/incidents/{rich_incident}?done=unchanged")


def test_restoring_in_public_waits_for_the_whole_way(
    as_staff: Signed, desk_database: Database, rich_incident: str, change: Changed
) -> None:
    change(verification="confirmed")
    with desk_database.write() as session:
        drafts.found(session, Incident, "rich").status = Status.PUBLISHED
    restore(as_staff(Role.EDITOR), rich_incident, 1, 3)
    with desk_database.read() as session:
        incident = drafts.found(session, Incident, "rich")
        assert (incident.status, incident.amendment) == (Status.PUBLISHED, Status.IN_REVIEW)


def test_restoring_over_what_somebody_else_changed_is_refused(
    as_staff: Signed, rich_incident: str, change: Changed
) -> None:
    change(verification="confirmed")
    status, page = restore(as_staff(Role.EDITOR), rich_incident, 1, 1, "My reason")
    assert status == 409
    assert "Somebody changed the record in the meantime." in page
    assert "My reason" in page


def test_a_revision_that_names_what_is_gone_is_refused_with_its_place(
    as_staff: Signed, desk_database: Database, rich_incident: str, change: Changed
) -> None:
    change(acts=[drafts.minimal()["acts"][0]])
    with desk_database.write() as session:
        assert session.scalars(select(Victim).where(Victim.outlet_id.is_not(None))).all() == []
        session.execute(delete(Outlet))
    status, page = restore(as_staff(Role.EDITOR), rich_incident, 1, 2)
    assert status == 409
    assert "Act 1, victim 1: outlet: what is named there does not exist any more." in page


def test_whoever_was_merged_since_is_meant_by_the_record_that_stands_for_them(
    as_staff: Signed, desk_database: Database, rich_incident: str, change: Changed
) -> None:
    change(acts=[drafts.minimal()["acts"][0]])
    with desk_database.write() as session:
        gone, kept = drafts.found(session, Person, "aida"), drafts.found(session, Person, "bakyt")
        gone.merged_into = kept.id
    assert restore(as_staff(Role.EDITOR), rich_incident, 1, 2)[0] == 303
    with desk_database.read() as session:
        people = {v.person.key for act in drafts.found(session, Incident, "rich").acts for v in act.victims if v.person}
    assert people == {"bakyt"}


def test_a_source_that_was_merged_since_is_meant_by_the_one_that_stands_for_it(
    as_staff: Signed, desk_database: Database, rich_incident: str, change: Changed
) -> None:
    change(sources=[{"source": "insider"}], acts=[drafts.minimal()["acts"][0]])
    with desk_database.write() as session:
        gone, kept = drafts.found(session, Source, "report"), drafts.found(session, Source, "wire")
        merges.merge(session, kept, gone, by="m")
    assert restore(as_staff(Role.EDITOR), rich_incident, 1, 3)[0] == 303
    with desk_database.read() as session:
        said = snapshot(drafts.found(session, Incident, "rich"))
    assert [citation["source"] for citation in said["sources"]] == ["wire", "insider"]
    assert "report" not in {key for kind, key in queries.keys_in(said) if kind == "source"}


def test_a_reason_is_needed(as_staff: Signed, desk_database: Database, rich_incident: str, change: Changed) -> None:
    change(verification="confirmed")
    status, page = restore(as_staff(Role.EDITOR), rich_incident, 1, 2, " ")
    assert status == 422
    assert '<a href="#why">Say why.</a>' in page
    with desk_database.read() as session:
        assert drafts.found(session, Incident, "rich").version == 2


@pytest.mark.parametrize("role", [Role.MONITOR, Role.SAFETY_REVIEWER, Role.ADMINISTRATOR])
def test_only_editors_restore(
    as_staff: Signed, desk_database: Database, rich_incident: str, change: Changed, role: Role
) -> None:
    change(verification="confirmed")
    assert restore(as_staff(role), rich_incident, 1, 2)[0] == 404
    with desk_database.read() as session:
        assert session.query(Revision).filter_by(entity_id=rich_incident).count() == 2


def test_another_monitor_does_not_learn_that_there_is_a_history(as_staff: Signed, rich_incident: str) -> None:
    client = as_staff(Role.MONITOR, name="other")
    for address in ("history", "history/1"):
        text(client, f"{rich_incident}/{address}", status=404)


def test_a_long_history_has_pages(as_staff: Signed, rich_incident: str, change: Changed) -> None:
    for number in range(31):
        change(internal_notes=f"Note {number}")
    client = as_staff(Role.EDITOR)
    assert "Page 1 of 2" in text(client, f"{rich_incident}/history")
    older = text(client, f"{rich_incident}/history?page=2")
    assert "Revision 1" in older
    assert "Revision 32" not in older


def test_the_history_of_a_record_of_one_row_survives_hostile_words(as_staff: Signed, desk_database: Database) -> None:
    hostile = "<script>alert(1)</script>"
    (found,) = record(desk_database, drafts.minimal("hostile", title={"en": hostile}, internal_notes=hostile))
    client = as_staff(Role.EDITOR)
    for address in (found, f"{found}/history", f"{found}/history/1"):
        page = text(client, address)
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert(1)" in page


@pytest.mark.parametrize(
    "action",
    [*STEPS, "record", "amend", "restrict", "restore", "reapply", "explain", "merge", "unmerge"],
)
def test_whatever_leaves_a_revision_has_words(staff_words: None, action: str) -> None:
    assert action_words(action)[0].isupper()


@pytest.fixture
def staff_words(desk_app: Flask) -> Iterator[None]:
    """A request, in whose language things are said."""
    with desk_app.test_request_context():
        yield
