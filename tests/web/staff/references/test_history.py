"""Histories of outlets, people, sources and topics: told in words, and an old revision restored as a new one."""

from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tests.support.drafts import found, publish, record, rich, settle, victim, with_victims
from tests.web.staff.conftest import Signed, member, sign_in
from tracker.db import Database
from tracker.publication import Gate, merging
from tracker.registry import operations
from tracker.registry.mapping import KINDS, kind_of, snapshot
from tracker.registry.models import AuditEntry, Entity, Incident, Merge, Outlet, Person, Revision, Source, Topic
from tracker.registry.permissions import actor_of
from tracker.vocabulary.staff import AuditEvent, Role

ADDRESSES: dict[type[Entity], str] = {Outlet: "outlets", Person: "people", Source: "sources", Topic: "topics"}
WHY = "The older words were right."
# Of each kind a record that the rich incident names, and a change of it.
CHANGES: list[tuple[type[Entity], str, dict[str, Any]]] = [
    (Outlet, "herald", {"name": "The Messenger", "other_names": []}),
    (Person, "aida", {"name": "Aida T."}),
    (Source, "wire", {"title": "Other words", "publisher": None}),
    (Topic, "election", {"title": {"en": "A vote"}, "timeline": []}),
]


@pytest.fixture(autouse=True)
def world(request: pytest.FixtureRequest) -> None:
    """A rich incident is public, with its outlet and topic."""
    both = "staff_app" in request.fixturenames
    database: Database = request.getfixturevalue("database" if both else "desk_database")
    with database.write() as session:
        settle(session)
        publish(session, *record(session, rich()))


@pytest.fixture
def editor(as_staff: Signed) -> FlaskClient:
    """Somebody who may restore."""
    return as_staff(Role.EDITOR)


def change(database: Database, model: type[Entity], key: str, **known: Any) -> None:
    """An editor changes a record; the public records stay as they are."""
    by = actor_of(member(database, Role.EDITOR))
    with database.write() as session:
        entity = found(session, model, key)
        raw = snapshot(entity) | known
        operations.amend(session, entity, KINDS[kind_of(entity)][0].model_validate(raw), by=by)


def address(database: Database, model: type[Entity], key: str, rest: str = "") -> str:
    """The address of the history of a record."""
    with database.read() as session:
        return f"/staff/{ADDRESSES[model]}/{found(session, model, key).id}/history{rest}"


def text(client: FlaskClient, path: str, status: int = 200) -> str:
    """A page as people read it."""
    answer = client.get(path)
    assert answer.status_code == status
    return unescape(answer.get_data(as_text=True))


def restore(
    client: FlaskClient, database: Database, model: type[Entity], key: str, number: int = 1, **given: Any
) -> tuple[int, str]:
    """Restore a revision over the version that stands; the answer's status, and its place or its text."""
    with database.read() as session:
        version = found(session, model, key).version
    data = {"version": version, "why": WHY, **given}
    answer = client.post(address(database, model, key, f"/{number}/restore"), data=data)
    place = answer.location.rpartition("?")[2] if answer.location else unescape(answer.get_data(as_text=True))
    return answer.status_code, place


def version_of(database: Database, model: type[Entity], key: str) -> int:
    with database.read() as session:
        return found(session, model, key).version


Public = Callable[[type[Entity], str], str]


@pytest.fixture
def public(desk_database: Database) -> Public:
    """Everything that readers are told of a record."""

    def told(model: type[Entity], key: str) -> str:
        with desk_database.read() as session:
            entity = found(session, model, key)
            return str(Gate(session, by="t").standing([entity])[entity.id])

    return told


@pytest.mark.parametrize(("model", "key", "known"), CHANGES, ids=ADDRESSES.values())
def test_an_old_revision_becomes_a_new_one_and_the_log_tells_of_it(
    staff_app: Flask, database: Database, model: type[Entity], key: str, known: dict[str, Any]
) -> None:
    change(database, model, key, **known)
    client = sign_in(staff_app, database, member(database, Role.EDITOR))
    assert restore(client, database, model, key) == (303, "done=restored")
    with database.read() as session:
        entity = found(session, model, key)
        first, _, third = operations.revisions(session, entity)
        assert snapshot(entity) == first.snapshot == third.snapshot
        assert (third.number, third.action, third.why) == (3, "restore", WHY)
        (entry,) = session.scalars(select(AuditEntry).where(AuditEntry.event == AuditEvent.RESTORED))
        assert (entry.object_kind, entry.object_id) == (kind_of(entity), entity.id)
        assert entry.detail == {"number": 1, "version": 3}
    page = text(client, address(database, model, key).replace("/history", "?done=restored"))
    assert "Restored, as a new revision." in page
    assert "What was saved reaches readers only when it is applied." in page
    assert restore(client, database, model, key, 3) == (303, "done=unchanged")


def test_a_history_says_who_when_why_and_what_and_calls_others_by_their_names(
    editor: FlaskClient, desk_database: Database
) -> None:
    change(desk_database, Topic, "election", timeline=[], title={"en": "A vote"})
    page = text(editor, address(desk_database, Topic, "election"))
    for words in (
        "History: A vote",
        "Revision 2",
        "Changed",
        "Editor ·",
        "Recorded",
        "An election",
        "What they told us",
    ):
        assert words in page
    assert page.index("Revision 2") < page.index("Revision 1")
    first = text(editor, address(desk_database, Topic, "election", "/1"))
    for words in ("What is different now", "The turnout is disputed.", "The whole record as it stood"):
        assert words in first
    assert "Nothing is different." in text(editor, address(desk_database, Topic, "election", "/2"))
    for unknown in ("/3", "/0", "/99999999999999999999", "/1?against=9", "/1?against=x"):
        text(editor, address(desk_database, Topic, "election", unknown), status=404)


def test_what_is_restored_reaches_readers_only_when_it_is_applied(
    editor: FlaskClient, desk_database: Database, public: Public
) -> None:
    change(desk_database, Outlet, "herald", name="The Messenger")
    editor.post(address(desk_database, Outlet, "herald").replace("history", "publish"))
    assert "The Messenger" in public(Incident, "rich")
    offered = text(editor, address(desk_database, Outlet, "herald", "/1"))
    assert "Restore and apply to 1 public incident now" in offered
    assert "What readers see stays as it is until the restored record is applied." in offered
    assert restore(editor, desk_database, Outlet, "herald") == (303, "done=restored")
    for model, key in ((Outlet, "herald"), (Incident, "rich")):
        assert "The Messenger" in public(model, key)
    change(desk_database, Outlet, "herald", name="The Messenger")
    assert restore(editor, desk_database, Outlet, "herald", do="apply") == (303, "done=restored_applied")
    for model, key in ((Outlet, "herald"), (Incident, "rich")):
        assert "The Messenger" not in public(model, key)
        assert "The Herald" in public(model, key)
    assert restore(editor, desk_database, Outlet, "herald", do="apply") == (303, "done=published")


def test_restoring_what_says_less_takes_it_from_readers_at_once_where_wanted(
    staff_app: Flask, database: Database
) -> None:
    client = sign_in(staff_app, database, member(database, Role.EDITOR))
    change(database, Source, "wire", confidential=True)
    change(database, Source, "wire", confidential=False)
    assert restore(client, database, Source, "wire", 2, do="apply") == (303, "done=restored_applied")
    with database.read() as session:
        told = session.scalars(select(AuditEntry.event).where(AuditEntry.event == AuditEvent.RESTRICTED)).all()
        for entity in (found(session, Incident, "rich"), found(session, Topic, "election")):
            assert "Crews attacked" not in str(Gate(session, by="t").standing([entity])[entity.id])
    assert told == [AuditEvent.RESTRICTED]


def test_what_stands_against_applying_is_told_and_nothing_is_written(
    editor: FlaskClient, desk_database: Database, public: Public
) -> None:
    change(desk_database, Topic, "election", title={"en": "Bakyt Proberov and the vote"})
    change(desk_database, Topic, "election", title={"en": "An election"})
    with desk_database.write() as session:
        hidden = with_victims(victim("bakyt", naming="withheld"), key="hidden", topics=["election"])
        publish(session, *record(session, hidden))
    before = public(Topic, "election")
    status, page = restore(editor, desk_database, Topic, "election", 2, do="apply")
    assert status == 409
    assert "stands against it:" in page
    assert WHY in page
    assert version_of(desk_database, Topic, "election") == 3
    assert public(Topic, "election") == before


def test_restoring_over_what_somebody_else_changed_is_refused_and_keeps_the_reason(
    editor: FlaskClient, desk_database: Database
) -> None:
    change(desk_database, Person, "aida", name="Aida T.")
    for button in ("", "apply"):
        status, page = restore(editor, desk_database, Person, "aida", version=1, do=button)
        assert status == 409
        assert "Somebody changed the record in the meantime." in page
        assert WHY in page
    assert version_of(desk_database, Person, "aida") == 2
    assert restore(editor, desk_database, Person, "aida", version="x")[0] == 400
    assert restore(editor, desk_database, Person, "aida", why="a\x00b")[0] == 400


def test_a_reason_is_needed(editor: FlaskClient, desk_database: Database) -> None:
    change(desk_database, Person, "aida", name="Aida T.")
    status, page = restore(editor, desk_database, Person, "aida", why=" ")
    assert status == 422
    assert '<a href="#why">Say why.</a>' in page
    assert version_of(desk_database, Person, "aida") == 2


def test_a_merged_record_is_not_restored_until_the_merge_is_undone(
    editor: FlaskClient, desk_database: Database
) -> None:
    with desk_database.write() as session:
        operations.record(session, KINDS["outlet"][0].model_validate({"key": "herald-2", "name": "Herald KG"}), by="m")
    change(desk_database, Outlet, "herald-2", name="Herald Kyrgyzstan")
    with desk_database.write() as session:
        kept, gone = found(session, Outlet, "herald"), found(session, Outlet, "herald-2")
        merging.merge(session, kept, gone, by="m")
    page = text(editor, address(desk_database, Outlet, "herald-2", "/1"))
    assert "This record was merged into another one, and nothing of it can be restored." in page
    assert "Restore as a new revision" not in page
    status, page = restore(editor, desk_database, Outlet, "herald-2")
    assert status == 409
    assert "Undo the merge first" in page
    assert version_of(desk_database, Outlet, "herald-2") == 3
    with desk_database.read() as session:
        merge_id = session.scalars(select(Merge.id)).one()
    editor.post(f"/staff/merges/{merge_id}/undo")
    assert restore(editor, desk_database, Outlet, "herald-2") == (303, "done=restored")


def test_the_record_that_a_merge_kept_can_be_restored_and_the_merge_still_be_undone(
    editor: FlaskClient, desk_database: Database
) -> None:
    with desk_database.write() as session:
        operations.record(session, KINDS["outlet"][0].model_validate({"key": "herald-2", "name": "Herald KG"}), by="m")
        kept, gone = found(session, Outlet, "herald"), found(session, Outlet, "herald-2")
        merging.merge(session, kept, gone, by="m")
    assert "Herald KG" in text(editor, address(desk_database, Outlet, "herald", "/1"))
    assert restore(editor, desk_database, Outlet, "herald") == (303, "done=restored")
    with desk_database.read() as session:
        assert "Herald KG" not in str(snapshot(found(session, Outlet, "herald")))
        merge_id = session.scalars(select(Merge.id)).one()
    assert editor.post(f"/staff/merges/{merge_id}/undo").location.endswith("?done=unmerged")


def test_a_source_that_was_merged_since_is_meant_by_the_one_that_stands_for_it(
    editor: FlaskClient, desk_database: Database
) -> None:
    change(desk_database, Topic, "election", follow_ups=[])
    with desk_database.write() as session:
        merging.merge(session, found(session, Source, "report"), found(session, Source, "wire"), by="m")
    assert restore(editor, desk_database, Topic, "election") == (303, "done=restored")
    with desk_database.read() as session:
        topic = snapshot(found(session, Topic, "election"))
    assert topic["follow_ups"][0]["sources"] == ["report"]


@pytest.mark.parametrize("role", [Role.MONITOR, Role.SAFETY_REVIEWER, Role.ADMINISTRATOR])
def test_only_editors_restore_and_safety_reviewers_may_look(
    as_staff: Signed, desk_database: Database, role: Role
) -> None:
    change(desk_database, Outlet, "herald", name="The Messenger")
    client, path = as_staff(role), address(desk_database, Outlet, "herald")
    expected = 200 if role is Role.SAFETY_REVIEWER else 404
    for page in (text(client, path, expected), text(client, f"{path}/1", expected)):
        assert "Restore as a new revision" not in page
    assert restore(client, desk_database, Outlet, "herald")[0] == 404
    with desk_database.read() as session:
        herald = found(session, Outlet, "herald").id
        assert session.query(Revision).filter_by(entity_id=herald).count() == 2


def test_reading_the_history_of_what_is_or_was_confidential_is_written_down(
    editor: FlaskClient, desk_database: Database
) -> None:
    change(desk_database, Source, "leaflet", confidential=True)
    change(desk_database, Source, "leaflet", confidential=False)
    read = [(Person, "bakyt"), (Person, "aida"), (Source, "leaflet"), (Source, "wire"), (Outlet, "herald")]
    for model, key in [*read, (Topic, "election")]:
        text(editor, address(desk_database, model, key))
        text(editor, address(desk_database, model, key, "/1"))
    with desk_database.read() as session:
        entries = session.scalars(select(AuditEntry).where(AuditEntry.event == "read_confidential")).all()
        told = [(entry.object_kind, entry.detail["groups"], entry.detail["why"]) for entry in entries]
    assert told == [
        ("person", ["withheld_name"], "person_history"),
        ("person", ["withheld_name"], "person_revision"),
        ("source", ["confidential_source"], "source_history"),
        ("topic", ["confidential_source"], "topic_history"),
        ("topic", ["confidential_source"], "topic_revision"),
    ]


def test_hostile_words_are_shown_as_words(editor: FlaskClient, desk_database: Database) -> None:
    hostile = "<script>alert(1)</script>"
    change(desk_database, Outlet, "herald", name=hostile)
    assert restore(editor, desk_database, Outlet, "herald", why=hostile) == (303, "done=restored")
    for rest in ("", "/2", "/3"):
        page = editor.get(address(desk_database, Outlet, "herald", rest)).get_data(as_text=True)
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert(1)" in page
