"""Changing an incident: the same form, two people at once, and another incident like it."""

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update

from tests.support import drafts
from tests.web.staff.conftest import Signed, member
from tests.web.staff.entry.forms import Pairs, fields_on, form_address, hand_in, problems
from tracker.db import Database
from tracker.registry import operations
from tracker.registry.mapping import snapshot
from tracker.registry.models import AuditEntry, Incident, Revision, UnfinishedForm
from tracker.vocabulary import Status
from tracker.vocabulary.staff import AuditEvent, Role


@pytest.fixture
def incident_id(desk_database: Database) -> str:
    """A rich incident on record."""
    with desk_database.write() as session:
        drafts.settle(session)
        return drafts.record(session, drafts.rich())[0].id


@pytest.fixture
def editor(as_staff: Signed) -> FlaskClient:
    return as_staff(Role.EDITOR)


def steering(text: str) -> dict[str, str]:
    """The page's own fields."""
    return {name: value for name, value in fields_on_text(text) if name in {"incident", "version", "theirs", "form_id"}}


def fields_on_text(text: str) -> Pairs:
    class Page:
        pass

    page = Page()
    page.text = text.replace('class="conflict"', 'id="entry"')  # type: ignore[attr-defined]
    return fields_on(page)  # type: ignore[arg-type]


def changed(pairs: Pairs, **values: str) -> Pairs:
    """The same form with other values."""
    new = {name.replace("__", "-"): value for name, value in values.items()}
    return [(name, new.get(name, value)) for name, value in pairs]


def stored(database: Database, incident_id: str) -> dict[str, object]:
    with database.read() as session:
        found = session.get(Incident, incident_id)
        assert found is not None
        return snapshot(found)


def test_a_form_that_is_opened_and_saved_changes_nothing(
    editor: FlaskClient, desk_database: Database, incident_id: str
) -> None:
    before = stored(desk_database, incident_id)
    page = editor.get(f"/staff/incidents/{incident_id}/edit")
    answer = hand_in(editor, form_address(page), fields_on(page))
    assert answer.location.endswith("done=unchanged"), problems(answer)
    assert stored(desk_database, incident_id) == before
    with desk_database.read() as session:
        read = select(AuditEntry).where(AuditEntry.event == AuditEvent.READ_CONFIDENTIAL)
        assert session.scalars(read).first() is not None


def test_a_change_is_a_revision_with_its_reason_and_an_entry_of_the_log(
    editor: FlaskClient, desk_database: Database, incident_id: str
) -> None:
    page = editor.get(f"/staff/incidents/{incident_id}/edit")
    fields = changed(fields_on(page), title__en="Crew beaten at a rally on the square", why="a second report")
    answer = hand_in(editor, form_address(page), fields)
    assert answer.location.endswith("done=amended"), problems(answer)
    with desk_database.read() as session:
        revision = session.scalars(select(Revision).where(Revision.entity_id == incident_id)).all()[-1]
        assert (revision.why, [change["path"] for change in revision.changes]) == ("a second report", ["title.en"])
        amended = select(AuditEntry).where(AuditEntry.event == AuditEvent.AMENDED)
        assert session.scalars(amended).one().object_id == incident_id
        assert session.scalars(select(UnfinishedForm)).all() == []


def test_changing_a_public_incident_is_said_to_wait_for_review(
    editor: FlaskClient, desk_database: Database, incident_id: str
) -> None:
    with desk_database.write() as session:
        incident = session.get(Incident, incident_id)
        assert incident is not None
        drafts.publish(session, incident)
    page = editor.get(f"/staff/incidents/{incident_id}/edit")
    assert "This incident is public" in page.text
    hand_in(editor, form_address(page), changed(fields_on(page), title__en="Another title"))
    with desk_database.read() as session:
        incident = session.get(Incident, incident_id)
        assert incident is not None
        assert (incident.status, incident.amendment) == (Status.PUBLISHED, Status.IN_REVIEW)


def test_a_stale_save_shows_both_sides_and_saves_what_is_chosen(
    editor: FlaskClient, as_staff: Signed, desk_database: Database, incident_id: str
) -> None:
    mine = editor.get(f"/staff/incidents/{incident_id}/edit")
    other = as_staff(Role.EDITOR, name="other")
    theirs = other.get(f"/staff/incidents/{incident_id}/edit")
    fields = changed(fields_on(theirs), title__en="Their title", acts__0__victims__0__role="presenter")
    assert hand_in(other, form_address(theirs), fields).location.endswith("done=amended")
    fields = changed(fields_on(mine), title__en="My title", summary__en="My summary.")
    conflict = hand_in(editor, form_address(mine), fields)
    assert conflict.status_code == 409
    assert "Their title" in conflict.text
    assert "My title" in conflict.text
    assert "both changed it" in conflict.text
    assert re.search(r'name="take-summary.en"\s+value="mine"\s+checked', conflict.text)
    # Without a choice where both changed something, nothing is saved.
    where = f"/staff/incidents/{incident_id}/conflict"
    carried = fields_on_text(conflict.text)
    again = hand_in(editor, where, carried, do="chosen")
    assert again.status_code == 409
    answer = hand_in(editor, where, [*carried, ("take-title.en", "mine")], do="chosen")
    assert answer.location.endswith("done=amended"), answer.text
    after = stored(desk_database, incident_id)
    assert (after["title"]["en"], after["summary"]["en"]) == ("My title", "My summary.")  # type: ignore[index]
    assert after["acts"][0]["victims"][0]["role"] == "presenter"  # type: ignore[index]


@pytest.mark.parametrize(("button", "title"), [("all-mine", "My title"), ("all-theirs", "Their title")])
def test_one_click_takes_either_side_and_can_be_outrun_again(
    editor: FlaskClient, desk_database: Database, incident_id: str, button: str, title: str
) -> None:
    mine = editor.get(f"/staff/incidents/{incident_id}/edit")
    _amended(desk_database, incident_id, "Their title")
    conflict = hand_in(editor, form_address(mine), changed(fields_on(mine), title__en="My title"))
    carried = fields_on_text(conflict.text)
    _amended(desk_database, incident_id, "Their title", notes="once more")
    where = f"/staff/incidents/{incident_id}/conflict"
    outrun = hand_in(editor, where, carried, do=button)
    assert outrun.status_code == 409
    assert "changed once more" in outrun.text
    hand_in(editor, where, fields_on_text(outrun.text), do=button)
    after = stored(desk_database, incident_id)
    assert (after["title"]["en"], after["internal_notes"]) == (title, "once more")  # type: ignore[index]


def _amended(database: Database, incident_id: str, title: str, notes: str | None = None) -> None:
    with database.write() as session:
        incident = session.get(Incident, incident_id)
        assert incident is not None
        raw = snapshot(incident)
        raw["title"] = raw["title"] | {"en": title}
        raw["internal_notes"] = notes or raw["internal_notes"]
        operations.amend(session, incident, drafts.incident(raw), by="staff:somebody")


def test_changes_in_a_second_window_never_overwrite_those_of_the_first(editor: FlaskClient, incident_id: str) -> None:
    pages = [editor.get(f"/staff/incidents/{incident_id}/edit") for _ in range(2)]
    first, second = [{**dict(fields_on(page)), "sequence": "1"} for page in pages]
    assert editor.post(f"{form_address(pages[0])}/save", data=first).json == {"saved": True, "sequence": 1}
    refused = editor.post(f"{form_address(pages[1])}/save", data=second)
    assert (refused.status_code, refused.json["why"]) == (409, "open_elsewhere")  # type: ignore[index]
    # Opening it anew carries on with what was begun.
    assert editor.get(f"/staff/incidents/{incident_id}/edit").location.split("?")[0] == form_address(pages[0])


def test_a_repeated_incident_holds_what_both_have_in_common_and_nothing_of_people(
    editor: FlaskClient, incident_id: str
) -> None:
    page = editor.get(f"/staff/incidents/{incident_id}/repeat?same=event")
    fields = dict(fields_on(page))
    assert (fields["when"], fields["place_country"], fields["sources-0-source_key"]) == (
        "5 or 6 October 2020", "KG", "report",
    )  # fmt: skip
    assert fields["acts-0-involvements-0-perpetrator"] == "police"
    assert fields["related-0-incident_key"] == "rich"
    assert (fields["internal_notes"], fields["title-en"], fields["acts-0-victims-0-person"]) == ("", "", "")
    for secret in ("Aida", "Bakyt", "relatives", "minute 99"):
        assert secret not in page.text


@pytest.mark.parametrize("query", ["?same=source", ""])
def test_from_the_same_source_only_the_sources_and_topics_are_carried_over(
    editor: FlaskClient, incident_id: str, query: str
) -> None:
    page = editor.get(f"/staff/incidents/{incident_id}/repeat{query}")
    blank = fields_on(editor.get("/staff/incidents/new"))
    # The token of a page holds the second at which it was made.
    own = {"form_id", "csrf_token"}
    assert [pair for pair in fields_on(page) if pair[1] and pair not in blank and pair[0] not in own] == [
        ("topics", "election"),
        ("sources-0-source", "Attacks on the press"),
        ("sources-0-source_key", "report"),
        ("sources-1-source", "What they told us"),
        ("sources-1-source_key", "insider"),
    ]


def test_another_incident_is_of_the_event_or_from_the_source_and_of_nothing_else(
    editor: FlaskClient, incident_id: str
) -> None:
    assert editor.get(f"/staff/incidents/{incident_id}/repeat?same=day").status_code == 400


def test_who_may_not_change_an_incident_gets_no_form_of_it(as_staff: Signed, incident_id: str) -> None:
    assert as_staff(Role.MONITOR).get(f"/staff/incidents/{incident_id}/edit").status_code == 404
    assert as_staff(Role.SAFETY_REVIEWER).get(f"/staff/incidents/{incident_id}/edit").status_code == 404
    stranger = as_staff(Role.MONITOR, name="stranger")
    fields = {"incident": incident_id, "version": "1", "title-en": "x"}
    assert hand_in(stranger, f"/staff/forms/{'a' * 26}", fields).status_code == 404
    assert hand_in(stranger, f"/staff/incidents/{incident_id}/conflict", fields).status_code == 404


def test_a_monitor_changes_their_own_until_it_is_taken_up(
    as_staff: Signed, desk_database: Database, incident_id: str
) -> None:
    monitor = as_staff(Role.MONITOR)
    me = f"staff:{member(desk_database, Role.MONITOR).id}"
    with desk_database.write() as session:
        session.execute(update(Incident).values(created_by=me))
    assert monitor.get(f"/staff/incidents/{incident_id}/edit").status_code == 200
    with desk_database.write() as session:
        session.execute(update(Incident).values(status=Status.IN_REVIEW))
    assert monitor.get(f"/staff/incidents/{incident_id}/edit").status_code == 403
