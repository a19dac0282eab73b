"""What the pages say, and what they keep to themselves."""

import copy
import re

import pytest
from flask.testing import FlaskClient

from tests.web import records
from tests.web.conftest import an_incident_to_publish, publish
from tests.web.reading import links, tags, words
from tracker.db import Database
from tracker.vocabulary import VOCABULARIES

EVERY_PAGE = (
    "/",
    "/?violation=assault&from=2020-10-01",
    "/map/spot?lat=42.87&lon=74.59",
    "/map/box?box=69,39,81,44",
    "/incidents",
    *(f"/incidents/{incident['reference']}" for incident in records.INCIDENTS),
    f"/topics/{records.CRISIS}",
    "/outlets/kloop",
    "/changes",
    "/releases",
    "/data",
    "/data/api",
    "/methodology",
    "/about",
)


def test_every_page_is_there_on_both_databases(client_on_both: FlaskClient) -> None:
    for address in EVERY_PAGE:
        response = client_on_both.get(address)
        assert response.status_code == 200, address
        assert response.mimetype == "text/html"
        assert len(tags(response, "h1")) == 1
        assert len(tags(response, "main")) == 1


@pytest.mark.parametrize(
    "address", ["/", "/incidents", "/changes", "/releases", "/data", "/data/api", "/methodology", "/about"]
)
def test_every_page_can_be_read_before_anything_is_published(empty_client: FlaskClient, address: str) -> None:
    assert empty_client.get(address).status_code == 200


def test_the_empty_list_says_that_nothing_is_published(empty_client: FlaskClient) -> None:
    assert "No incident has been published yet." in words(empty_client.get("/incidents"))


def test_every_link_of_every_page_leads_somewhere(client: FlaskClient) -> None:
    anchors: dict[str, set[str]] = {}
    for address in EVERY_PAGE:
        for link in links(client.get(address)):
            if link.startswith("/"):
                anchors.setdefault(link.partition("#")[0], set()).add(link.partition("#")[2])
    for target, fragments in anchors.items():
        response = client.get(target, buffered=True)
        assert response.status_code == 200, target
        if response.mimetype == "text/html":
            ids = {attributes.get("id") for name in ("h2", "h3", "main") for attributes in tags(response, name)}
            assert fragments - {""} <= ids, target


def test_the_overview_says_how_much_is_on_record_and_leads_into_the_list(client_on_both: FlaskClient) -> None:
    response = client_on_both.get("/")
    assert "5 incidents as of 20 November 2026, 09:30 UTC." in words(response)
    violations = "Physical assault 2 Robbery of equipment 1 Network disruption 1 Threat 1"
    assert f"By violation Violation Incidents {violations}" in words(response)
    assert "Police 2 Political supporters 1 Unknown 1 Not recorded 1" in words(response)
    assert "/incidents?violation=assault" in links(response)
    assert "/incidents?perpetrator=police" in links(response)
    assert "/outlets/kloop" in links(response)
    assert f"/topics/{records.CRISIS}" in links(response)


def test_an_incident_says_who_did_what_to_whom(client: FlaskClient) -> None:
    said = words(client.get("/incidents/KGZ-2020-0003"))
    assert "Physical assault (attempted)" in said
    assert "By whom Riot police Type: police (state)" in said
    assert "To whom Aibol Kozhomuratov Journalist, Current Time Man No bodily harm" in said
    assert "Night of 5–6 October 2020" in said
    assert "In the source: “5th-6th October 2020”" in said


def test_two_acts_stand_as_two_blocks(client: FlaskClient) -> None:
    response = client.get("/incidents/KGZ-2020-0004")
    acts = [attributes for attributes in tags(response, "article") if attributes.get("class") == "act"]
    assert len(acts) == 2
    said = words(response)
    assert said.index("One police officer") < said.index("Another police officer")


def test_those_who_stood_by_or_helped_are_told_apart_from_perpetrators(client: FlaskClient) -> None:
    stood_by = words(client.get("/incidents/KGZ-2020-0001"))
    by_whom, present = stood_by.index("By whom"), stood_by.index("Who was present and did not step in")
    assert by_whom < stood_by.index("Two unidentified men", by_whom) < present
    assert present < stood_by.index("Police officers at the polling station")
    assert "Who helped A group of volunteers" in words(client.get("/incidents/KGZ-2020-0013"))


def test_a_withheld_name_and_a_name_that_is_not_in_the_source_are_different(client: FlaskClient) -> None:
    assert "Name withheld" in words(client.get("/incidents/KGZ-2020-0013"))


def test_an_unnamed_victim_is_said_to_be_unnamed_in_the_source(client: FlaskClient, sqlite_database: Database) -> None:
    victim = records.a_victim(None, role="journalist", outlet=records.KLOOP)
    unnamed = records.an_incident("KGZ-2020-0020", "Unnamed", acts=[records.an_act("threat", [victim], [])])
    publish(sqlite_database, [an_incident_to_publish(unnamed)])
    assert "Not named in the source" in words(client.get("/incidents/KGZ-2020-0020"))


def test_what_is_not_recorded_is_said_quietly(client: FlaskClient) -> None:
    said = words(client.get("/incidents/KGZ-2020-0017"))
    assert "By whom not recorded" in said
    assert "Summary not recorded" in said
    assert "No source is recorded." in said


def test_confidential_sources_are_counted_and_nothing_else(client: FlaskClient) -> None:
    assert "2 confidential sources" in words(client.get("/incidents/KGZ-2020-0013"))


def test_a_text_in_another_language_is_marked_with_it(client: FlaskClient) -> None:
    titled = [attributes.get("lang") for attributes in tags(client.get("/incidents/KGZ-2020-0017"), "span")]
    assert "ky" in titled
    assert "In Russian" in words(client.get("/incidents/KGZ-2020-0003"))
    assert {"lang": "ru"} in tags(client.get("/outlets/kloop"), "span")


def test_an_incident_tells_how_to_cite_it_at_its_version(client: FlaskClient) -> None:
    said = words(client.get("/incidents/KGZ-2020-0003"))
    assert "KGZ-2020-0003, revision 2 of 21 November 2026, dataset version 1." in said
    assert "http://localhost/incidents/KGZ-2020-0003?dataset=1" in said


def test_a_topic_shows_where_accounts_differ_and_who_says_so(client: FlaskClient) -> None:
    response = client.get(f"/topics/{records.CRISIS}")
    assert "Where accounts differ: Accounts of the number of injured" in words(response)
    assert "#source-2" in links(response)
    assert f"/incidents?topic={records.CRISIS}" in links(response)


def test_the_methodology_defines_every_code_that_the_public_meets(client: FlaskClient) -> None:
    said = words(client.get("/methodology"))
    for name, vocabulary in VOCABULARIES.items():
        if name in {"status", "consent"}:
            continue
        for member in vocabulary:
            assert member.definition in said, member


def test_an_earlier_version_of_a_record_says_that_it_is_one(client: FlaskClient, sqlite_database: Database) -> None:
    corrected = copy.deepcopy(records.RUBBER_BULLET) | {"title": {"en": "Corrected title"}, "revision": 3}
    publish(sqlite_database, [an_incident_to_publish(corrected)])
    assert "Corrected title" in words(client.get("/incidents/KGZ-2020-0003"))
    past = client.get("/incidents/KGZ-2020-0003?dataset=1")
    assert "This is the record as it stood in dataset version 1." in words(past)
    assert "Corrected title" not in words(past)


def test_names_of_fields_are_set_apart_and_not_between_backticks(client: FlaskClient) -> None:
    for path in ("/completeness", "/data", "/data/api", "/methodology", "/incidents"):
        for prefix in ("", "/ru"):
            body = client.get(prefix + path).get_data(as_text=True)
            assert "`" not in re.sub(r"<pre.*?</pre>", "", body, flags=re.DOTALL), path


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "ftp://example.org/x", "//example.org"])
def test_only_web_addresses_become_links(client: FlaskClient, sqlite_database: Database, url: str) -> None:
    source = records.a_source(1, title="A title", url=url)
    incident = records.an_incident("KGZ-2020-0021", "Linked", sources=[source])
    publish(sqlite_database, [an_incident_to_publish(incident)])
    response = client.get("/incidents/KGZ-2020-0021")
    assert "A title" in words(response)
    assert url not in links(response)


def test_links_to_other_sites_tell_them_nothing(client: FlaskClient) -> None:
    for address in EVERY_PAGE:
        for attributes in tags(client.get(address), "a"):
            if str(attributes["href"]).startswith("http"):
                assert str(attributes["rel"]).endswith("noopener noreferrer nofollow")


def test_markup_in_a_record_is_shown_as_text(client: FlaskClient, sqlite_database: Database) -> None:
    payload = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"
    victim = records.a_victim(payload, description=payload, count_as_reported=payload, person="p-1")
    actor = records.an_involvement("police", payload, affiliation=payload, named_actor=payload)
    incident = records.an_incident(
        "KGZ-2020-0022",
        payload,
        summary={"en": payload},
        acts=[records.an_act("threat", [victim], [actor], description={"en": payload})],
        place=records.a_place(as_reported=payload, venue=payload, country="KG", precision="site"),
        date=records.NIGHT | {"as_reported": payload},
        sources=[records.a_source(1, publisher=payload, title=payload, locator=payload, independence_group=payload)],
        follow_ups=[{"kind": "denial", "date": None, "by": payload, "text": {"en": payload}, "sources": [1]}],
    )
    publish(sqlite_database, [an_incident_to_publish(incident)])
    for address in ("/incidents/KGZ-2020-0022", "/incidents", "/"):
        response = client.get(address)
        # The map has a script of its own, in a file, and its words beside it.
        assert all("src" in script or script["type"] == "application/json" for script in tags(response, "script"))
        assert payload not in response.get_data(as_text=True)
        assert tags(response, "img") == []
        assert payload in words(response)


def test_what_a_reader_searched_for_is_shown_as_text(client: FlaskClient) -> None:
    response = client.get("/incidents", query_string={"q": "<script>alert(1)</script>", "place": '"><img src=x>'})
    assert response.status_code == 200
    assert tags(response, "script") == []
    assert tags(response, "img") == []
