"""The page of the log, its files, and that nothing confidential ever gets into it."""

import csv
import io
import json
from typing import Any

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient
from sqlalchemy import delete, select

from tests.support import drafts
from tests.web.staff.conftest import Signed, member
from tests.web.staff.desk.conftest import record
from tracker.cli import main
from tracker.db import Database
from tracker.registry import audit, operations
from tracker.registry.models import AuditEntry, Incident
from tracker.registry.permissions import actor_of
from tracker.settings import Settings
from tracker.vocabulary.staff import AuditEvent, Role

LOG = "/staff/audit"


@pytest.fixture
def entries(desk_database: Database, rich_incident: str) -> str:
    """The id of an incident of which the log tells, beside other things."""
    editor = actor_of(member(desk_database, Role.EDITOR))
    with desk_database.write() as session:
        audit.write(session, AuditEvent.RECORDED, by=editor, kind="incident", id=rich_incident)
        audit.write(session, AuditEvent.SIGNED_OUT, by="cli:root", detail={"fields": ["title", "place"]})
    return rich_incident


def text(client: FlaskClient, address: str = LOG, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status
    return answer.get_data(as_text=True)


def rows(page: str) -> str:
    return page.partition("<tbody>")[2]


def test_the_log_says_who_did_what_to_what(as_staff: Signed, entries: str) -> None:
    page = text(as_staff(Role.ADMINISTRATOR))
    for words in ("The chain of 2 entries holds.", "Recorded", "Editor", entries, "fields: title, place", "cli:root"):
        assert words in page


@pytest.mark.parametrize("role", [Role.MONITOR, Role.EDITOR, Role.SAFETY_REVIEWER])
@pytest.mark.parametrize("address", [LOG, f"{LOG}.csv", f"{LOG}.json"], ids=["page", "csv", "json"])
def test_only_administrators_read_it(as_staff: Signed, role: Role, address: str) -> None:
    assert as_staff(role).get(address).status_code == 404


def test_ids_lead_to_records_for_those_who_may_read_them(as_staff: Signed, entries: str) -> None:
    there = f'href="/staff/incidents/{entries}"'
    assert there not in text(as_staff(Role.ADMINISTRATOR))
    assert there in text(as_staff(Role.ADMINISTRATOR, Role.EDITOR))


@pytest.mark.parametrize(
    ("query", "numbers"),
    [("event=recorded", ["1"]), ("actor=cli:root", ["2"]), ("object_id=ID", ["1"]), ("since=2999-01-01", [])],
    ids=["event", "person", "record", "period"],
)
def test_entries_are_found_as_asked(as_staff: Signed, entries: str, query: str, numbers: list[str]) -> None:
    client = as_staff(Role.ADMINISTRATOR)
    asked = query.replace("ID", entries)
    found = list(csv.DictReader(io.StringIO(text(client, f"{LOG}.csv?{asked}"), newline="")))
    assert [row["number"] for row in found] == numbers
    assert text(client, f"{LOG}?{asked}").count('class="number">') - 1 == len(numbers) or not numbers


@pytest.mark.parametrize(
    "query", ["event=nothing", "since=x", "since=2020-02-01&until=2020-01-01", "actor=%00", "object_id=%D0%90"]
)
@pytest.mark.parametrize("address", [LOG, f"{LOG}.json"], ids=["page", "file"])
def test_what_cannot_be_asked_is_refused(as_staff: Signed, entries: str, address: str, query: str) -> None:
    page = text(as_staff(Role.ADMINISTRATOR), f"{address}?{query}", status=400)
    assert "problem-summary" in page
    assert entries not in rows(page)


def test_the_files_hold_all_that_is_needed_to_check_the_chain(as_staff: Signed, entries: str) -> None:
    answer = as_staff(Role.ADMINISTRATOR).get(f"{LOG}.json")
    assert answer.headers["Cache-Control"] == "no-store"
    found = json.loads(answer.get_data(as_text=True))
    assert [entry["number"] for entry in found] == [2, 1]
    assert found[0]["previous"] == found[1]["digest"]
    empty = as_staff(Role.ADMINISTRATOR).get(f"{LOG}.json?since=2999-01-01")
    assert json.loads(empty.get_data(as_text=True)) == []


def test_a_long_log_has_pages(as_staff: Signed, desk_database: Database) -> None:
    with desk_database.write() as session:
        for number in range(103):
            audit.write(session, AuditEvent.MOVED, by="staff:x", detail={"n": number})
    client = as_staff(Role.ADMINISTRATOR)
    page = text(client)
    assert "before=4" in page
    assert rows(text(client, f"{LOG}?before=4")).count("<tr>") == 3


def test_a_broken_chain_is_told_at_once(as_staff: Signed, desk_database: Database, entries: str) -> None:
    with desk_database.write() as session:
        session.execute(delete(AuditEntry).where(AuditEntry.number == 1))
    assert "The chain is broken: entry 1" in text(as_staff(Role.ADMINISTRATOR))


def test_the_commands_say_whether_it_holds(
    desk_settings: Settings, desk_database: Database, entries: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRACKER_DATABASE_URL", desk_settings.database_url)

    def run(*words: str) -> tuple[int, str]:
        result = CliRunner().invoke(main, ["log", *words])
        return result.exit_code, result.output

    code, head = run("head")
    assert (code, head.split()[0]) == (0, "2")
    assert run("verify") == (0, "The chain of 2 entries holds.\n")
    assert run("verify", "--known", *head.split())[0] == 0
    assert run("verify", "--known", "2", "0" * 64)[0] == 1
    assert run("verify", "--known", "3", "0" * 64)[0] == 1
    assert run("verify", "--known", "2", "x")[0] == 2
    with desk_database.write() as session:
        session.execute(delete(AuditEntry).where(AuditEntry.number == 2))
    code, said = run("verify")
    assert code == 1
    assert "broken at entry 2" in said


CANARY = "Qzxkanary"


def _with_canaries(value: Any, name: str = "") -> Any:
    """The same raw record with a canary in every free text."""
    free = {
        "title", "summary", "internal_notes", "look_again_for", "as_reported", "venue", "locality", "admin1", "admin2",
        "description", "named_actor", "affiliation", "count_as_reported", "by", "text", "locator", "note", "publisher",
        "name",
    }  # fmt: skip
    if isinstance(value, dict):
        inside = {key: _with_canaries(part, name if name in free else key) for key, part in value.items()}
        return inside
    if isinstance(value, list):
        return [_with_canaries(part, name) for part in value]
    return f"{CANARY} {value}" if isinstance(value, str) and name in free else value


def test_no_canary_in_any_text_of_an_incident_gets_into_the_log(as_staff: Signed, desk_database: Database) -> None:
    (found,) = record(desk_database, _with_canaries(drafts.rich(look_again_for="what became of it")))
    editor = actor_of(member(desk_database, Role.EDITOR))
    with desk_database.write() as session:
        incident = drafts.found(session, Incident, "rich")
        changed = _with_canaries(drafts.rich(verification="confirmed"))
        operations.amend(session, incident, drafts.incident(changed), by=editor, why=f"{CANARY} why")
    client = as_staff(Role.EDITOR, Role.SAFETY_REVIEWER)
    here = f"/staff/incidents/{found}"
    for address in ("", "/history", "/history/1", "/history/2?against=1", "/review", "/edit"):
        assert CANARY in client.get(f"{here}{address}").get_data(as_text=True)
    client.post("/staff/incidents", data={"q": CANARY})
    client.post("/staff/filters", data={"name": CANARY})
    restored = client.post(f"{here}/history/1/restore", data={"version": "2", "why": f"{CANARY} because"})
    assert restored.status_code == 303
    for step, version in (("take_up", "3"), ("send_back", "4")):
        answer = client.post(f"{here}/steps/{step}", data={"version": version, "why": f"{CANARY} reason"})
        assert answer.status_code == 302
    client.post(f"{here}/quarantine", data={"why": CANARY})
    with desk_database.read() as session:
        log = session.scalars(select(AuditEntry)).all()
        told = json.dumps([[e.actor, e.event, e.object_kind, e.object_id, e.detail] for e in log])
    assert len(log) > 7
    assert CANARY.casefold() not in told.casefold()
