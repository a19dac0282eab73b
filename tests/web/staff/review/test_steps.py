"""The buttons: each one step, in one transaction, from the version that somebody saw."""

import re

import pytest

from tests.support.desk import Desk
from tests.support.drafts import incident, record, rich, victim, with_victims
from tests.web.staff.review.conftest import FORM, Room
from tracker.registry import operations, workflow
from tracker.registry.models import Incident
from tracker.vocabulary import SourceType, Status
from tracker.web.staff.review.embargo import time_zone


def words_in(page: str, tag: str) -> list[str]:
    """What a page marks as gone or as new, each stretch by itself."""
    return [" ".join(found.split()) for found in re.findall(rf"<{tag}>(.*?)</{tag}>", page, re.DOTALL)]


def test_an_incident_goes_the_whole_way_in_seven_requests(both: Room) -> None:
    for path in ("steps/take_up", "steps/ask_safety_review"):
        assert both.post(both.editor, path).status_code == 302
    assert both.post(both.reviewer, "review", **FORM, record=both.digest(), decision="clear").status_code == 302
    assert both.public() is None
    answer = both.post(both.editor, "steps/publish")
    assert answer.headers["Location"].endswith("?done=publish")
    assert "Crew beaten at a rally" in (both.public() or "")


def test_a_step_that_cannot_be_taken_says_why_and_changes_nothing(room: Room) -> None:
    before = room.incident().version
    answer = room.post(room.editor, "steps/publish")
    assert answer.status_code == 409
    assert "nothing was changed" in answer.get_data(as_text=True)
    assert room.incident().version == before


def test_a_step_from_an_older_page_is_told_so_and_the_reason_that_was_typed_is_kept(room: Room) -> None:
    answer = room.post(room.editor, "steps/send_back", version="0", why="Names are missing.")
    assert answer.status_code == 409
    page = answer.get_data(as_text=True)
    assert "Names are missing." in page
    assert room.incident().stage is Status.SUBMITTED


@pytest.mark.parametrize("version", ["", "one", "-1", "²", "1" * 30])
def test_a_step_without_a_version_is_refused(room: Room, version: str) -> None:
    assert room.post(room.editor, "steps/take_up", version=version).status_code == 400


def test_what_is_sent_back_is_corrected_and_handed_in_by_its_author(room: Room) -> None:
    assert room.post(room.editor, "steps/send_back").status_code == 422
    assert room.post(room.editor, "steps/send_back", why="Who was the second victim?").status_code == 302
    assert room.incident().status == Status.DRAFT
    assert room.post(room.author, "steps/submit").status_code == 302
    assert room.incident().status == Status.SUBMITTED


def test_a_role_without_the_right_gets_what_an_unknown_address_gets(room: Room) -> None:
    for client in (room.author, room.reviewer):
        assert room.post(client, "steps/take_up").status_code == 404
        assert room.post(client, "quarantine").status_code == 404
        for path in ("restrict", "withdraw", "embargo"):
            assert client.get(f"/staff/incidents/{room.id}/{path}").status_code == 404


def test_the_review_page_offers_the_steps_that_are_open_and_no_others(room: Room) -> None:
    page = room.get(room.editor, "review")
    assert f"/staff/incidents/{room.id}/steps/take_up" in page
    assert "steps/publish" not in page
    assert "steps/" not in room.get(room.author, "review")


# Embargoes.


def test_an_embargo_is_typed_in_a_time_zone_and_kept_in_utc(room: Room) -> None:
    room.bring(Status.APPROVED)
    answer = room.post(room.editor, "embargo", day="2031-03-01", time="09:00", zone="Asia/Bishkek")
    assert answer.status_code == 302
    until = room.incident().embargo_until
    assert until is not None
    assert until.isoformat() == "2031-03-01T03:00:00+00:00"
    assert "1 March 2031, 03:00 UTC" in room.get(room.editor, "review")
    refused = room.post(room.editor, "steps/publish")
    assert (refused.status_code, room.incident().stage) == (422, Status.EMBARGOED)
    assert 'name="early" value="yes"' in room.get(room.editor, "review")
    assert room.post(room.editor, "steps/publish", early="yes").status_code == 302
    assert room.public()


@pytest.mark.parametrize(
    ("form", "wrong"),
    [
        ({"day": "2031-13-01", "time": "09:00", "zone": "UTC"}, "day"),
        ({"day": "2020-01-01", "time": "09:00", "zone": "UTC"}, "day"),
        ({"day": "9999-12-31", "time": "23:59", "zone": "UTC-14"}, "day"),
        ({"day": "2031-03-01", "time": "", "zone": "UTC"}, "day"),
        ({"day": "2031-03-01", "time": "09:00", "zone": "../../etc/passwd"}, "zone"),
        ({"day": "2031-03-30", "time": "02:30", "zone": "Europe/Berlin"}, "time"),
    ],
    ids=["no-day", "past", "too-far", "no-time", "no-zone", "no-such-time"],
)
def test_an_embargo_that_cannot_be_is_told_at_its_field(room: Room, form: dict[str, str], wrong: str) -> None:
    room.bring(Status.APPROVED)
    answer = room.post(room.editor, "embargo", **form)
    assert answer.status_code == 422
    assert f'id="{wrong}-problem"' in answer.get_data(as_text=True)
    assert room.incident().embargo_until is None


def test_time_zones_have_names_and_offsets() -> None:
    offsets = {"": 0, "utc": 0, "UTC+6": 6, "+05:30": 5.5, "GMT-3": -3}
    for name, hours in offsets.items():
        zone = time_zone(name)
        assert zone is not None
        offset = zone.utcoffset(None)
        assert offset is not None
        assert offset.total_seconds() == hours * 3600
    assert time_zone("UTC+15") is None


# Taking back.


def test_one_click_takes_an_incident_off_the_site_by_the_very_next_request(both: Room) -> None:
    both.bring(Status.PUBLISHED)
    assert both.public()
    answer = both.editor.post(f"/staff/incidents/{both.id}/quarantine")
    assert answer.status_code == 302
    assert both.public() is None
    reader = both.app.test_client()
    reference = both.incident().reference
    unknown = reader.get("/incidents/KGZ-2020-9999")
    gone = reader.get(f"/incidents/{reference}")
    assert (gone.status_code, gone.data) == (unknown.status_code, unknown.data)
    assert str(reference) not in reader.get("/incidents.csv").get_data(as_text=True)
    assert both.jobs.woken == 1


def test_the_reason_for_a_quarantine_can_be_given_afterwards(room: Room) -> None:
    room.bring(Status.PUBLISHED)
    room.editor.post(f"/staff/incidents/{room.id}/quarantine")
    assert "Why was it taken off the site?" in room.get(room.editor, "review")
    answer = room.editor.post(f"/staff/incidents/{room.id}/quarantine/reason", data={"why": "A threat."})
    assert answer.status_code == 302
    assert "Why was it taken off the site?" not in room.get(room.editor, "review")
    with room.database.read() as session:
        made = session.get_one(Incident, room.id)
        last = operations.revisions(session, made)[-1]
        assert (last.action, last.why, last.number) == (workflow.EXPLAINED, "A threat.", made.version)


def test_a_withdrawal_leaves_a_mark_with_what_readers_are_told(room: Room) -> None:
    room.bring(Status.PUBLISHED)
    assert "What readers are told" in room.get(room.editor, "withdraw")
    wrong = room.post(room.editor, "withdraw", reason="merged", successor="KGZ-2020-0009").get_data(as_text=True)
    assert 'id="successor-problem"' in wrong
    assert 'id="why-problem"' in wrong
    answer = room.post(room.editor, "withdraw", reason="false_report", why="It did not happen; a secret.")
    assert answer.status_code == 302
    gone = room.app.test_client().get(f"/incidents/{room.incident().reference}")
    assert gone.status_code == 410
    page = gone.get_data(as_text=True)
    assert "a secret" not in page
    assert "did not happen as recorded" in page


def test_a_withdrawal_that_is_sent_again_is_told_that_it_stands_already(room: Room) -> None:
    room.bring(Status.PUBLISHED)
    asked = {"version": str(room.incident().version), "reason": "false_report", "why": "It did not happen."}
    assert room.post(room.editor, "withdraw", **asked).status_code == 302
    before = room.incident().version
    again = room.post(room.editor, "withdraw", **asked)
    assert again.status_code == 409
    assert "See the incident as it stands now" in again.get_data(as_text=True)
    assert room.incident().version == before
    assert room.post(room.author, "withdraw", **asked).status_code == 404


# Restricting.


def test_a_name_is_withheld_from_the_public_page_at_once(room: Room) -> None:
    room.bring(Status.PUBLISHED)
    page = room.get(room.editor, "restrict")
    assert "Aida Testova" in page
    assert 'name="name" value="bakyt"' not in page
    look = room.post(room.editor, "restrict", name="aida", look="yes").get_data(as_text=True)
    assert "Aida Testova" in words_in(look, "del")
    assert "[…]" in words_in(look, "ins")
    assert "Aida Testova" in (room.public() or "")
    answer = room.post(room.editor, "restrict", name="aida", why="She asked.")
    assert answer.status_code == 302
    assert "Testova" not in (room.public() or "Testova")
    assert room.jobs.woken == 1


def test_the_look_shows_the_name_withheld_that_only_the_closed_source_proves(room: Room) -> None:
    room.bring(Status.PUBLISHED)
    look = room.post(room.editor, "restrict", source="report", look="yes").get_data(as_text=True)
    assert "[…]" in words_in(look, "ins")
    assert "Aida Testova" in (room.public() or "")


def test_the_look_says_in_which_other_record_a_name_would_still_be_told(room: Room) -> None:
    room.bring(Status.PUBLISHED)
    with room.database.write() as session:
        told = with_victims(victim("aida"), key="other", title={"en": "Aida Testova is beaten"})
        other = record(session, told | {"sources": [{"source": "report"}]})[0]
        Desk(session).bring(other, Status.PUBLISHED)
        reference = other.reference
    look = room.post(room.editor, "restrict", source="report", look="yes").get_data(as_text=True)
    assert f"{reference}: Title (English): the text tells a name that is withheld: “Aida Testova”." in look


def test_the_look_calls_every_part_of_the_public_record_by_words(room: Room) -> None:
    room.bring(Status.PUBLISHED)
    look = room.post(room.editor, "restrict", source="report", precision="country", look="yes").get_data(as_text=True)
    assert "Number of confidential sources" in look
    assert f"type: {SourceType.NGO_REPORT.label}" in look
    assert not re.search(r"[a-z]_[a-z]", re.sub(r"<[^>]*>", " ", look))


def test_words_that_are_added_to_a_public_text_are_refused_at_their_field(room: Room) -> None:
    room.bring(Status.PUBLISHED)
    answer = room.post(room.editor, "restrict", why="Mended.", **{"text-summary.en": "Three men did it."})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert 'id="text-summary.en-problem"' in page
    assert "Three men did it." in page
    nothing = room.post(room.editor, "restrict", why="Nothing.")
    assert (nothing.status_code, "Nothing would be withheld" in nothing.get_data(as_text=True)) == (422, True)


def test_what_waits_does_not_get_out_with_a_restriction(room: Room) -> None:
    room.bring(Status.PUBLISHED)
    with room.database.write() as session:
        made = session.get_one(Incident, room.id)
        operations.amend(session, made, incident(rich(title={"en": "Waiting words"})), by="staff:anna")
    assert room.post(room.editor, "restrict", name="aida", why="She asked.").status_code == 302
    public = room.public() or ""
    assert "Testova" not in public
    assert "Waiting words" not in public
    assert room.incident().title == {"en": "Waiting words"}


def test_what_is_not_public_is_not_restricted(room: Room) -> None:
    assert "This incident is not public" in room.get(room.editor, "restrict")
    assert room.post(room.editor, "restrict", name="aida", why="She asked.").status_code == 422
