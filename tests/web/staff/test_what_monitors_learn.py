"""That a monitor learns nothing of incidents that are not theirs and of people whose names are kept back."""

import re

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.support.drafts import AIDA, draft, found, minimal, publish, record, settle, victim, with_victims
from tests.web.staff.conftest import Signed, member
from tests.web.staff.entry.forms import blank_form, hand_in, typed
from tracker.db import Database
from tracker.registry import operations
from tracker.registry.drafts import PersonDraft
from tracker.registry.models import Incident, Person
from tracker.registry.permissions import actor_of
from tracker.vocabulary.staff import Role

PERSON = "acts__0__victims__0__person"
SECRETS = ("Bakyt", "What they told us", "Somebody inside", "A hidden title")


@pytest.fixture(autouse=True)
def world(desk_database: Database) -> None:
    """Bakyt is withheld in a public incident and named in a draft of others; a confidential source is cited there."""
    with desk_database.write() as session:
        settle(session)
        withheld = victim("bakyt", naming="withheld")
        publish(session, *record(session, with_victims(victim("aida"), withheld, key="public")))
        sources = [{"source": "report"}, {"source": "insider"}]
        record(session, with_victims(victim("bakyt"), key="unseen", title={"en": "A hidden title"}, sources=sources))


def checked(client: FlaskClient, fields: dict[str, str]) -> TestResponse:
    """What the form says when it is checked, without what differs from form to form."""
    address = blank_form(client)
    assert hand_in(client, address, fields, do="check").status_code == 303
    return client.get(f"{address}?check=1")


def words(answer: TestResponse) -> str:
    """A page without the tokens and ids that differ each time."""
    page = re.sub(r'value="[^"]{30,}"|/forms/[A-Za-z0-9_-]+|<time.*?</time>', "", answer.text)
    return re.sub(r"\d\d:\d\d", "", page)


@pytest.mark.parametrize("chosen", ["", "new", "bakyt"])
@pytest.mark.parametrize("key", ["", "bakyt"])
def test_a_withheld_name_is_like_one_that_nobody_has(as_staff: Signed, chosen: str, key: str) -> None:
    client = as_staff(Role.MONITOR)
    more = {f"{PERSON}_is": chosen, f"{PERSON}_key": key}
    known = checked(client, typed(**{PERSON: "Bakyt Proberov"}, **more))
    unknown = checked(client, typed(**{PERSON: "Sakyt Proverov"}, **more))
    assert words(known).replace("Bakyt Proberov", "NAME") == words(unknown).replace("Sakyt Proverov", "NAME")


def test_a_withheld_name_makes_a_person_of_its_own(as_staff: Signed, desk_database: Database) -> None:
    client = as_staff(Role.MONITOR)
    fields = typed(**{PERSON: "Bakyt Proberov", f"{PERSON}_key": "bakyt", f"{PERSON}_is": "new"})
    assert hand_in(client, blank_form(client), fields).status_code == 303
    with desk_database.read() as session:
        assert session.query(Person).filter_by(name="Bakyt Proberov").count() == 2


@pytest.mark.parametrize(
    "fields",
    [
        {"follow_ups-0-sources": "insider", "follow_ups-0-kind": "complaint"},
        {"acts-0-victims-0-name_published_in": "insider"},
        {"sources-1-source": "insider", "sources-1-source_key": "insider"},
        {"sources-1-source": "insider", "sources-1-source_is": "insider"},
        {"related-0-incident": "unseen", "related-0-incident_key": "unseen"},
    ],
    ids=range(5),
)
def test_a_guessed_key_opens_nothing(as_staff: Signed, fields: dict[str, str]) -> None:
    client = as_staff(Role.MONITOR)
    page = words(checked(client, {**typed(), **fields}))
    told = re.sub(r"<(input|option)\b[^>]*>", "", page)
    typed_words = " ".join(fields.values())
    assert [secret for secret in SECRETS if secret in told and secret not in typed_words] == []
    other = {name: value.replace("insider", "nobodys").replace("unseen", "nobody") for name, value in fields.items()}
    same = words(checked(client, {**typed(), **other}))
    renamed = page.replace("insider", "nobodys").replace("unseen", "nobody")
    assert renamed.count('class="problem"') == same.count('class="problem"')
    assert re.findall(r'<a href="#[^"]+">.*?</a>', renamed) == re.findall(
        r'<a href="#[^"]+">.*?</a>', same.replace("unseen", "nobody")
    )


def test_hints_tell_only_of_what_is_public_or_ones_own(as_staff: Signed, desk_database: Database) -> None:
    client = as_staff(Role.MONITOR)
    fields = {"title-en": "A hidden title", "when": "5 October 2020", "place_country": "KG"}
    person = {"acts-0-victims-0-person": "Bakyt Proberov", "acts-0-victims-0-person_key": "bakyt"}
    hints = client.post("/staff/forms/likely", data={**fields, **person, "acts-0-violation": "assault"})
    assert (hints.status_code, hints.text.strip()) == (200, "")
    posted = {"country": "KG", "date": "2020-10-05", "people": "bakyt", "title": "A hidden title"}
    answer = client.post("/staff/duplicates", data=posted, headers={"Accept": "application/json"})
    assert answer.get_json() == {"likely": []}
    me = actor_of(member(desk_database, Role.MONITOR))
    with desk_database.write() as session:
        record(session, minimal("mine", title={"en": "A hidden title"}), by=me)
    assert client.post("/staff/forms/likely", data=fields).text.count("<li>") == 1
    with desk_database.read() as session:
        hidden = found(session, Incident, "unseen").id
    assert client.post("/staff/forms/likely", data={**fields, "incident": hidden, "version": "1"}).status_code == 404


def test_the_title_of_a_change_that_is_not_public_yet_is_not_offered(as_staff: Signed, desk_database: Database) -> None:
    client = as_staff(Role.MONITOR)
    assert len(client.get("/staff/suggest/incidents?q=a crew").get_json()) == 1
    with desk_database.write() as session:
        found(session, Incident, "public").amendment = "in_review"
    assert client.get("/staff/suggest/incidents?q=a crew").get_json() == []
    assert client.get("/staff/suggest/sources?q=attacks").get_json() == []


def test_a_named_person_is_offered_without_a_word_of_where_else_the_name_is_kept_back(
    as_staff: Signed, desk_database: Database
) -> None:
    with desk_database.write() as session:
        record(session, with_victims(victim("aida", naming="withheld"), key="elsewhere"))
    assert [each["note"] for each in as_staff(Role.MONITOR).get("/staff/suggest/people?q=aida").get_json()] == [""]
    assert [each["note"] for each in as_staff(Role.EDITOR).get("/staff/suggest/people?q=aida").get_json()] != [""]


def test_what_is_public_is_linked_where_a_monitor_can_read_it(as_staff: Signed) -> None:
    fields = {"when": "5 October 2020", "place_country": "KG", "acts-0-victims-0-person": "Aida Testova"}
    fields |= {"title-en": "A crew is turned away", "acts-0-victims-0-person_key": "aida"}
    hints = as_staff(Role.MONITOR).post("/staff/forms/likely", data=fields).text
    assert 'href="/incidents/KGZ-2020-0001"' in hints
    assert 'href="/staff/incidents/' not in hints


def aida_is_also(database: Database, *spellings: str) -> None:
    """Editors learn that the one who is named in public goes by other names too."""
    with database.write() as session:
        record = found(session, Person, "aida")
        others = [{"name": name} for name in spellings]
        operations.amend(session, record, draft(PersonDraft, {**AIDA, "other_names": others}), by="staff:editor")


def lists(client: FlaskClient, query: str) -> bool:
    """Whether the list of incidents shows the one that is one's own when it is searched."""
    return "A crew is turned away" in client.post("/staff/incidents", data={"q": query}, follow_redirects=True).text


def test_a_spelling_that_is_not_public_is_confirmed_nowhere(as_staff: Signed, desk_database: Database) -> None:
    aida_is_also(desk_database, "Gulzat Privatova")
    client = as_staff(Role.MONITOR)
    me = actor_of(member(desk_database, Role.MONITOR))
    with desk_database.write() as session:
        record(session, with_victims(victim("aida"), key="mine"), by=me)
    suggested = client.get("/staff/suggest/people", query_string={"q": "gulzat"}).get_json()
    assert suggested == []
    assert [each["key"] for each in client.get("/staff/suggest/people?q=aida").get_json()] == ["aida"]
    assert lists(client, "testova")
    assert not lists(client, "gulzat")
    assert lists(as_staff(Role.EDITOR), "gulzat")
    for key in ("", "aida"):
        known = checked(client, typed(**{PERSON: "Gulzat Privatova", f"{PERSON}_key": key}))
        unknown = checked(client, typed(**{PERSON: "Sulzat Drivatova", f"{PERSON}_key": key}))
        assert words(known).replace("Gulzat Privatova", "NAME") == words(unknown).replace("Sulzat Drivatova", "NAME")


def test_a_spelling_that_one_recorded_oneself_finds_its_person(as_staff: Signed, desk_database: Database) -> None:
    client = as_staff(Role.MONITOR)
    me = actor_of(member(desk_database, Role.MONITOR))
    with desk_database.write() as session:
        made = {"key": "chyngyz", "name": "Chyngyz Testov", "other_names": [{"name": "Pseudonymov"}]}
        operations.record(session, draft(PersonDraft, made), by=me)
        record(session, with_victims(victim("chyngyz"), key="mine"), by=me)
    assert [each["key"] for each in client.get("/staff/suggest/people?q=pseudo").get_json()] == ["chyngyz"]


def test_a_note_on_a_source_finds_nothing_for_a_monitor(as_staff: Signed, desk_database: Database) -> None:
    me = actor_of(member(desk_database, Role.MONITOR))
    with desk_database.write() as session:
        record(session, minimal("mine"), by=me)
    assert lists(as_staff(Role.EDITOR), "author is known")
    client = as_staff(Role.MONITOR)
    assert not lists(client, "author is known")
    assert lists(client, "attacks on the pr")
