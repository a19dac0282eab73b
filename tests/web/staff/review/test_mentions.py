"""What the desk says of public texts that name an incident which was taken off the site."""

from tests.support.drafts import ELECTION, draft, found, minimal, publish, record
from tests.web.staff.conftest import member, sign_in
from tests.web.staff.review.conftest import Room
from tracker.publication import Gate
from tracker.registry import operations
from tracker.registry.drafts import TopicDraft
from tracker.registry.models import Incident, Topic
from tracker.vocabulary import Status
from tracker.vocabulary.staff import Role

HIDDEN = "KGZ-2020-0001"


def _named(room: Room) -> str:
    """Publish the incident of the room, another one that names it, and a topic that does; returns the other's id."""
    room.bring(Status.PUBLISHED)
    assert room.incident().reference == HIDDEN
    with room.database.write() as session:
        other = record(session, minimal("other", title={"en": f"As in {HIDDEN}"}, topics=["election"]))[0]
        publish(session, other)
        topic = found(session, Topic, "election")
        words = ELECTION | {
            "timeline": [{"date": {"edtf": "2020-10-04"}, "text": {"en": f"See {HIDDEN}."}, "sources": ["report"]}]
        }
        operations.amend(session, topic, draft(TopicDraft, words), by="editor")
        Gate(session, by="editor").publish_entities([topic])
    return other.id


def test_whoever_quarantines_is_told_where_public_texts_name_it(both: Room) -> None:
    other = _named(both)
    assert 'id="named-elsewhere"' not in both.get(both.editor, "review")
    answer = both.editor.post(f"/staff/incidents/{both.id}/quarantine", follow_redirects=True)
    page = answer.get_data(as_text=True)
    assert 'id="named-elsewhere"' in page
    assert f'href="/staff/incidents/{other}">KGZ-2020-0002</a>: Title (English)' in page
    assert ">election</a>" in page
    assert "text (English)" in page
    assert 'id="named-elsewhere"' in both.editor.get(f"/staff/incidents/{both.id}").get_data(as_text=True)


def test_the_page_of_the_incident_that_names_it_says_so_until_it_is_amended(room: Room) -> None:
    other = _named(room)
    room.editor.post(f"/staff/incidents/{room.id}/quarantine")
    for address in (f"/staff/incidents/{other}", f"/staff/incidents/{other}/review"):
        page = room.editor.get(address).get_data(as_text=True)
        assert f"The public text names {HIDDEN}, which is not on the site." in page
    with room.database.read() as session:
        version = session.get_one(Incident, other).version
    posted = {"version": str(version), "why": "It names another.", "text-title.en": "As in"}
    assert room.editor.post(f"/staff/incidents/{other}/restrict", data=posted).status_code == 302
    with room.database.read() as session:
        assert HIDDEN not in str(session.get_one(Incident, other).title)
    page = room.editor.get(f"/staff/incidents/{other}").get_data(as_text=True)
    assert 'id="names-hidden"' not in page


def test_the_desk_lists_all_of_them_for_those_who_may_bring_it_back(room: Room) -> None:
    _named(room)
    assert 'id="named"' not in room.editor.get("/staff/").get_data(as_text=True)
    room.editor.post(f"/staff/incidents/{room.id}/quarantine")
    page = room.editor.get("/staff/").get_data(as_text=True)
    assert 'id="named"' in page
    assert f"KGZ-2020-0002</a> names {HIDDEN}: Title (English)" in page
    assert 'id="named"' not in room.author.get("/staff/").get_data(as_text=True)
    monitor = sign_in(room.app, room.database, member(room.database, Role.MONITOR, name="somebody"))
    assert HIDDEN not in monitor.get("/staff/").get_data(as_text=True)
