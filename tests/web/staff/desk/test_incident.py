"""The staff view of one incident: everything, what readers are told of it, and a note of who was shown it."""

import pytest
from flask.testing import FlaskClient

from tests.support import drafts
from tests.web.staff.conftest import Signed, member
from tests.web.staff.desk.conftest import readings, record
from tracker.db import Database
from tracker.registry.models import Incident, Person, Victim
from tracker.registry.permissions import actor_of
from tracker.vocabulary import Status
from tracker.vocabulary.staff import FieldGroup, Role
from tracker.web.staff.incidents.telling import naming_of


def shown(client: FlaskClient, incident_id: str) -> str:
    answer = client.get(f"/staff/incidents/{incident_id}")
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def test_everything_recorded_is_shown_and_what_readers_are_not_told_is_marked(
    as_staff: Signed, rich_incident: str
) -> None:
    page = shown(as_staff(Role.EDITOR), rich_incident)
    for words in (
        "Aida Testova",
        "Bakyt Proberov",
        "The colleague hides with relatives.",
        "by the fountain on the square",
        "42.8764",
        "Somebody inside",
        "Met twice.",
        "Their author is known to us.",
        "a tall man with a limp",
        "Kalyk Komandirov",
        "Unit Seven",
        "They complained.",
        "Съёмочную группу избили на митинге",
        "The title is missing in this language.",
        "Readers are told the name: an open source has printed it.",
        "Readers are not told the name: it is recorded as withheld.",
        "Readers are shown a wider place than is recorded (town or village).",
    ):
        assert words in page
    assert page.count("not public") > 10


@pytest.mark.parametrize(
    ("fact", "public"),
    [
        ("Latitude", False),
        ("Longitude", False),
        ("Precision of the place", False),
        ("Venue", False),
        ("Town or village", True),
        ("Region", True),
        ("Consent", False),
        ("Connection with the work", True),
        ("Part of the day", True),
        ("Reliability", True),
        ("Note for staff", False),
        ("Page, minute or paragraph", True),
    ],
)
def test_the_exact_place_and_the_like_are_marked_and_the_rest_is_not(
    as_staff: Signed, rich_incident: str, fact: str, public: bool
) -> None:
    page = shown(as_staff(Role.EDITOR), rich_incident)
    told = page.partition(f"<dt>{fact}</dt>")[2].partition("</dd>")[0]
    assert told
    assert ("not public" not in told) is public


def test_sources_of_which_readers_are_not_told_all_are_marked(as_staff: Signed, rich_incident: str) -> None:
    page = shown(as_staff(Role.EDITOR), rich_incident).partition("What followed")[2]
    complaint, denial = (part.partition("</dd>")[0] for part in page.split("<dt>Sources</dt>")[1:3])
    assert "not public" in complaint
    assert "not public" not in denial


def test_reading_is_written_down_with_the_groups_that_were_shown_own_incidents_too(
    as_staff: Signed, desk_database: Database, rich_incident: str
) -> None:
    shown(as_staff(Role.EDITOR), rich_incident)
    shown(as_staff(Role.MONITOR), rich_incident)
    groups = sorted(FieldGroup.codes())
    actors = [actor_of(member(desk_database, role)) for role in (Role.EDITOR, Role.MONITOR)]
    assert readings(desk_database, rich_incident) == [(actor, groups) for actor in actors]


def test_nothing_is_written_down_where_nothing_is_confidential(as_staff: Signed, desk_database: Database) -> None:
    (plain,) = record(desk_database, drafts.minimal())
    shown(as_staff(Role.EDITOR), plain)
    assert readings(desk_database, plain) == []


@pytest.mark.parametrize(
    ("role", "name", "status"),
    [
        (Role.EDITOR, None, 200),
        (Role.SAFETY_REVIEWER, None, 200),
        (Role.MONITOR, None, 200),
        (Role.MONITOR, "another", 404),
        (Role.ADMINISTRATOR, None, 404),
    ],
    ids=["editor", "reviewer", "its author", "another monitor", "administrator"],
)
def test_who_may_read_it(as_staff: Signed, rich_incident: str, role: Role, name: str | None, status: int) -> None:
    assert as_staff(role, name=name).get(f"/staff/incidents/{rich_incident}").status_code == status


@pytest.mark.parametrize("status", [s for s in Status if s is not Status.ERASED])
def test_it_can_be_opened_in_every_status(as_staff: Signed, desk_database: Database, status: Status) -> None:
    (found,) = record(desk_database, drafts.minimal(), status=status)
    client = as_staff(Role.EDITOR, Role.SAFETY_REVIEWER)
    if status is Status.PUBLISHED:
        with desk_database.write() as session:
            incident = drafts.found(session, Incident, "minimal")
            incident.reference, incident.amendment = "KGZ-2020-0001", Status.IN_REVIEW
    assert "A crew is turned away" in shown(client, found)


def test_an_incident_of_which_nearly_nothing_is_known_can_be_opened(as_staff: Signed, desk_database: Database) -> None:
    (found,) = record(desk_database, drafts.minimal(title={}, date={"edtf": "XXXX-XX-XX"}))
    page = shown(as_staff(Role.EDITOR), found)
    assert "without a title" in page
    assert "There is no second source." in page


@pytest.mark.parametrize(
    ("known", "public", "words"),
    [
        ({"naming": "named", "consent_publish_identity": "given"}, True, "agreed"),
        ({"naming": "named", "name_published_in": ["report"]}, True, "has printed it"),
        ({"naming": "named", "name_published_in": ["leaflet"]}, False, "nobody agreed"),
        ({"naming": "withheld", "consent_publish_identity": "given"}, False, "recorded as withheld"),
        ({"naming": "named", "consent_publish_identity": "refused"}, False, "refused"),
        ({"naming": "named", "minor": True, "name_published_in": ["report"]}, False, "a child"),
    ],
    ids=["agreed", "printed", "not shown", "withheld", "refused", "minor"],
)
def test_the_reason_is_told_why_a_name_is_public_or_not(
    as_staff: Signed, desk_database: Database, known: dict[str, object], public: bool, words: str
) -> None:
    client = as_staff(Role.EDITOR)
    with client.application.test_request_context("/staff/"):
        values = {"consent_publish_identity": "unknown", "name_published_in": []} | known
        person = Victim(kind="person", person=Person(name="Aida Testova"), **values)
        told = naming_of(person, frozenset({"report"}))
    assert told[0] is public
    assert words in told[1]


@pytest.mark.parametrize(
    ("done", "sentence"),
    [
        ("submitted", "Handed in. An editor can take it up now."),
        ("amended", "Your changes are saved."),
        ("discarded", "the incident is as it was"),
        ("quarantine", "Off the site, in all its versions."),
        ("related", "The two incidents are linked as related."),
        ("restored", "Restored, as a new revision."),
    ],
)
def test_it_says_what_was_done_in_the_room_that_led_here(
    as_staff: Signed, rich_incident: str, done: str, sentence: str
) -> None:
    assert sentence in shown(as_staff(Role.EDITOR), f"{rich_incident}?done={done}")


def test_another_like_it_is_begun_from_the_same_event_or_the_same_source(as_staff: Signed, rich_incident: str) -> None:
    editor = as_staff(Role.EDITOR)
    page = shown(editor, rich_incident)
    carried = {"event": "date, place, topics, sources and those involved are", "source": "the sources and topics are"}
    for same, words in carried.items():
        address = f"/staff/incidents/{rich_incident}/repeat?same={same}&amp;done=same_{same}"
        assert f'href="{address}"' in page
        begun = editor.get(address.replace("&amp;", "&")).get_data(as_text=True)
        assert f"A new incident: {words} carried over" in begun


def test_a_decision_about_two_records_leads_to_both_beside_each_other(
    as_staff: Signed, desk_database: Database, rich_incident: str
) -> None:
    other = record(desk_database, drafts.minimal("other"))[0]
    editor = as_staff(Role.EDITOR)
    both = f"/staff/incidents/{rich_incident}/duplicates/{other}"
    assert both not in shown(editor, rich_incident)
    assert editor.post(both, data={"decision": "different"}).status_code in {302, 303}
    assert f'href="{both}"' in shown(editor, rich_incident)
    assert editor.get(both).status_code == 200
