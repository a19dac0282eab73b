"""The review page: what to weigh, the exact public record, and the decision of somebody else than the author."""

import json
import re
from html import unescape
from typing import Any

import pytest

from tests.support.drafts import incident, minimal, record, rich
from tests.web.staff.review.conftest import FORM, Room
from tracker import publication
from tracker.registry import operations
from tracker.registry.models import AuditEntry, Incident, Revision, SafetyReview, Site, StaffMember
from tracker.registry.workflow import reviews
from tracker.vocabulary import Status
from tracker.vocabulary.staff import ReviewCheck


def amended(room: Room, **known: Any) -> None:
    """Somebody changes the words of the incident."""
    with room.database.write() as session:
        made = session.get_one(Incident, room.id)
        operations.amend(session, made, incident(rich(**known)), by="staff:anna")


def test_the_page_of_the_preview_is_that_of_the_public_byte_for_byte(room: Room) -> None:
    with room.database.write() as session:
        publication.publish(session, record(session, minimal())[0], by="import:anna")
    room.bring(Status.APPROVED)
    before = room.get(room.reviewer, "preview")
    assert room.post(room.editor, "steps/publish").status_code == 302
    after = room.public()
    assert after is not None
    version = re.compile(r"[Dd]ataset version \d+( of [^.<]+ UTC)?|dataset=\d+")
    assert version.sub("", before) == version.sub("", after)
    assert len(before) > 3_000


def test_the_page_shows_exactly_the_bytes_that_are_stored(room: Room) -> None:
    room.bring(Status.APPROVED)
    page = unescape(room.get(room.reviewer, "review"))
    shown = re.search(r'<pre class="bytes" tabindex="0">(.+?)</pre>', page, re.DOTALL)
    assert shown
    room.post(room.editor, "steps/publish")
    stored = room.app.test_client().get(f"/incidents/{room.incident().reference}.json").get_data(as_text=True)
    assert f'"incident":{shown[1]}}}' in stored
    assert json.loads(shown[1])["place"]["locality"] == "Bishkek"


def test_the_page_says_what_to_look_at(room: Room) -> None:
    page = unescape(room.get(room.editor, "review"))
    for words in (
        "Aida Testova is named. Consent to be named: unknown. Printed by: Attacks on the press.",
        "Bakyt Proberov is not named. Consent to be named: refused.",
        "What happened to Bakyt Proberov is not told in detail",
        "Recorded as: site. Shown as: town or village.",
        "Readers are told: Bishkek, Pervomay, Chuy, Kyrgyzstan.",
        "The point on the map stands for a circle of 8 km around it.",
        "42.85, 74.65, within 8 km",
        "Bakyt Proberov is not named, but readers learn: Camera operator · The Herald · Bishkek · 5 October 2020.",
        "On record, 1 person fits that.",
        "1 source is confidential",
        "Nothing of it is public now",
        '<th scope="row">reference</th>',
    ):
        assert words in page, words
    assert "The colleague hides with relatives" not in page


def test_what_would_change_is_told_place_by_place(room: Room) -> None:
    room.bring(Status.PUBLISHED)
    assert "It would say what is public now." in room.get(room.editor, "review")
    amended(room, verification="confirmed")
    page = room.get(room.editor, "review")
    assert "Corroborated" in page
    assert "It would say what is public now." not in page


def test_every_showing_of_confidential_parts_is_logged(room: Room) -> None:
    room.get(room.reviewer, "review")
    with room.database.read() as session:
        entry = session.query(AuditEntry).filter_by(event="read_confidential").one()
        assert {"withheld_name", "confidential_source"} <= set(entry.detail["groups"])


def test_a_clearance_with_every_point_answered_approves_the_incident(both: Room) -> None:
    both.bring(Status.SAFETY_REVIEW)
    form = FORM | {"note-place": "looked twice", "record": both.digest(), "decision": "clear"}
    assert both.post(both.reviewer, "review", **form).status_code == 302
    assert both.incident().stage is Status.APPROVED
    page = both.get(both.editor, "review")
    assert "looked twice" in page
    assert "Safety_Reviewer" in page


@pytest.mark.parametrize("left_out", list(ReviewCheck))
def test_a_point_without_an_answer_is_told_at_its_place_and_what_was_typed_stays(
    room: Room, left_out: ReviewCheck
) -> None:
    room.bring(Status.SAFETY_REVIEW)
    form = FORM | {"residual_risk": "a cousin", "record": room.digest(), "decision": "clear"}
    form.pop(f"check-{left_out}")
    answer = room.post(room.reviewer, "review", **form)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert f'href="#check-{left_out}"' in page
    assert f'id="check-{left_out}-problem"' in page
    assert "a cousin" in page
    assert page.count("checked") == len(ReviewCheck) - 1
    assert room.incident().stage is Status.SAFETY_REVIEW


def test_a_no_needs_a_note_and_an_objection_a_reason(room: Room) -> None:
    room.bring(Status.SAFETY_REVIEW)
    record = room.digest()
    no = FORM | {"check-mosaic": "no", "record": record, "decision": "clear"}
    assert 'id="note-mosaic-problem"' in room.post(room.reviewer, "review", **no).get_data(as_text=True)
    silent = {"record": record, "decision": "object"}
    assert 'id="why-problem"' in room.post(room.reviewer, "review", **silent).get_data(as_text=True)
    assert room.post(room.reviewer, "review", **silent, why="A cousin is held.").status_code == 302
    assert room.incident().stage is Status.IN_REVIEW
    with room.database.read() as session:
        assert [review.decision for review in reviews(session, room.incident())] == ["objected"]


def test_what_nobody_saw_is_not_cleared(room: Room) -> None:
    room.bring(Status.SAFETY_REVIEW)
    form = FORM | {"record": room.digest(), "decision": "clear"}
    version = room.incident().version
    for changed in ({"version": str(version - 1)}, {"record": "0" * 64}):
        assert room.post(room.reviewer, "review", **form | changed).status_code == 409
    assert room.incident().stage is Status.SAFETY_REVIEW


def test_an_author_has_no_form_and_an_organisation_of_one_has_one_that_says_so(room: Room) -> None:
    room.bring(Status.SAFETY_REVIEW)
    assert 'name="decision"' in room.get(room.reviewer, "review")
    with room.database.write() as session:
        me = session.query(StaffMember).filter_by(name="Safety_Reviewer").first()
        assert me is not None
        session.query(Revision).filter_by(entity_id=room.id, number=1).update({"actor": f"staff:{me.id}"})
    page = room.get(room.reviewer, "review")
    assert 'name="decision"' not in page
    assert "Somebody else has to be its safety reviewer" in page
    form = FORM | {"decision": "clear"}
    with room.database.write() as session:
        session.add(Site(name={"en": "A tracker"}, licence="cc_by_4_0", one_person=True))
    page = room.get(room.reviewer, "review")
    assert "Your review is marked as one of your own text" in page
    assert "authors review their own texts" in page
    assert room.post(room.reviewer, "review", **form, record=room.digest()).status_code == 302
    assert "of their own text" in room.get(room.editor, "review")
    with room.database.read() as session:
        assert session.query(SafetyReview).one().by_author


def test_what_is_not_theirs_to_see_answers_as_what_is_not_there(room: Room) -> None:
    room.bring(Status.SAFETY_REVIEW)
    for path in ("review", "preview"):
        assert room.author.get(f"/staff/incidents/{room.id}/{path}").status_code == 200
        assert room.editor.get(f"/staff/incidents/{'a' * 26}/{path}").status_code == 404
    for client in (room.editor, room.author):
        assert room.post(client, "review", **FORM).status_code == 404
