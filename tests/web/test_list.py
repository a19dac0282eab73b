"""The list of incidents: its filter in words, its chips, its pages, and what it refuses."""

import pytest
from flask.testing import FlaskClient

from tests.web import records
from tests.web.conftest import SECOND_DAY, an_incident_to_publish, publish
from tests.web.reading import links, tags, words
from tracker.dataset.fields import Kind
from tracker.dataset.parameters import PARAMETERS
from tracker.dataset.store import Publication
from tracker.db import Database
from tracker.vocabulary import Nature, Violation

# Queries that are refused, and the parameter that is to blame.
BAD_QUERIES = {
    "colour=red": "colour",
    "violation=slap": "violation",
    "from=2020-13-01": "from",
    "from=2020-10-06&to=2020-10-05": "to",
    "country=XX": "country",
    "dataset=99": "dataset",
    "as_of=1999-01-01": "as_of",
    "outlet=nowhere": "outlet",
    "topic=nothing": "topic",
    "limit=0": "limit",
    "limit=²": "limit",
    "limit=" + "9" * 5000: "limit",
    "after=x": "after",
    "fields=nothing": "fields",
    "q=a%00b": "q",
    "dataset=" + "9" * 5000: "dataset",
}


def titles_on(client: FlaskClient, address: str) -> list[str]:
    """The references of the incidents that a list shows, in its order."""
    found = [link for link in links(client.get(address)) if link.startswith("/incidents/")]
    return [link.removeprefix("/incidents/") for link in found]


def test_the_newest_stand_first_and_the_undated_last(client_on_both: FlaskClient) -> None:
    expected = ["KGZ-2020-0013", "KGZ-2020-0004", "KGZ-2020-0003", "KGZ-2020-0001", "KGZ-2020-0017"]
    assert titles_on(client_on_both, "/incidents") == expected


def test_a_filter_says_itself_in_words_with_the_count(client_on_both: FlaskClient) -> None:
    response = client_on_both.get("/incidents?violation=assault&perpetrator=police&from=2020-10-05")
    assert "2 incidents : date: possibly from 5 October 2020; violation: physical assault" in words(response)


def test_filters_of_acts_hold_of_the_same_act(client_on_both: FlaskClient) -> None:
    # The police stood by at the robbery, and did not commit it.
    assert titles_on(client_on_both, "/incidents?violation=equipment_robbery&perpetrator=police") == []
    assert titles_on(client_on_both, "/incidents?violation=equipment_robbery&perpetrator=unknown") == ["KGZ-2020-0001"]


def test_a_search_finds_names_in_any_script(client_on_both: FlaskClient) -> None:
    assert titles_on(client_on_both, "/incidents?q=клооп") == ["KGZ-2020-0001"]
    assert titles_on(client_on_both, "/incidents?q=KOZHOMURATOV") == ["KGZ-2020-0003"]
    assert titles_on(client_on_both, '/incidents?q="*:-') == []


def test_each_chip_takes_one_choice_away(client: FlaskClient) -> None:
    response = client.get("/incidents?violation=assault&violation=threat&perpetrator=police")
    found = links(response)
    assert "/incidents?violation=threat&perpetrator=police" in found
    assert "/incidents?violation=assault&perpetrator=police" in found
    assert "/incidents?violation=assault&violation=threat" in found
    assert "Violation: Physical assault" in words(response)


def test_the_form_keeps_what_was_chosen(client: FlaskClient) -> None:
    response = client.get("/incidents?violation=assault&from=2020-10-05&place=Bishkek&when=certain")
    inputs = tags(response, "input")
    ticked = {(one["name"], one["value"]) for one in inputs if "checked" in one}
    assert ticked == {("violation", "assault"), ("when", "certain")}
    typed = {one["name"]: one["value"] for one in inputs if one.get("type") != "checkbox" and one.get("value")}
    assert typed == {"from": "2020-10-05", "place": "Bishkek"}


def test_the_form_keeps_more_than_one_value_of_a_text_field(client: FlaskClient) -> None:
    inputs = tags(client.get("/incidents?place=Bishkek&place=Osh"), "input")
    assert [one["value"] for one in inputs if one["name"] == "place"] == ["Bishkek", "Osh"]


def test_the_form_offers_text_fields_where_there_are_too_many_outlets_for_boxes(
    client: FlaskClient, sqlite_database: Database
) -> None:
    many = [records.an_outlet(f"outlet-{number}", f"Outlet {number}") for number in range(100)]
    publish(sqlite_database, [Publication(Kind.OUTLET, one["id"], one["slug"], one, Nature.ADDITION) for one in many])
    inputs = [one for one in tags(client.get("/incidents?outlet=outlet-7"), "input") if one["name"] == "outlet"]
    assert [one["value"] for one in inputs] == ["outlet-7"]
    assert inputs[0]["type"] == "text"


def test_the_form_sends_only_names_that_the_filter_knows(client: FlaskClient) -> None:
    assert {str(one["name"]) for one in tags(client.get("/incidents"), "input")} <= set(PARAMETERS)


def test_a_form_that_was_sent_empty_shows_everything(client: FlaskClient) -> None:
    assert len(titles_on(client, "/incidents?q=&from=&to=&admin1=&place=&as_of=&dataset=")) == 5


def test_the_pages_follow_one_another_without_gap_or_repetition(client_on_both: FlaskClient) -> None:
    address, seen = "/incidents?limit=2", []
    for _ in range(3):
        seen += titles_on(client_on_both, address)
        response = client_on_both.get(address)
        address = next((str(one["href"]) for one in tags(response, "a") if one.get("rel") == "next"), "")
    assert seen == ["KGZ-2020-0013", "KGZ-2020-0004", "KGZ-2020-0003", "KGZ-2020-0001", "KGZ-2020-0017"]
    assert address == ""


def test_a_later_page_leads_back_to_the_newest(client: FlaskClient) -> None:
    first = client.get("/incidents?limit=2")
    older = next(str(one["href"]) for one in tags(first, "a") if one.get("rel") == "next")
    assert "/incidents?limit=2" in links(client.get(older))


def test_a_page_of_another_filter_is_refused(client: FlaskClient) -> None:
    first = client.get("/incidents?limit=2")
    older = next(str(one["href"]) for one in tags(first, "a") if one.get("rel") == "next")
    assert client.get(older + "&country=KG").status_code == 400


def test_the_twins_have_the_same_query_and_all_pages(client: FlaskClient) -> None:
    found = links(client.get("/incidents?violation=assault&limit=1"))
    assert "/incidents.csv?violation=assault" in found
    assert "/incidents.json?violation=assault" in found
    assert "/incidents.geojson?violation=assault" in found


def test_no_match_is_not_said_to_mean_that_nothing_happened(client: FlaskClient) -> None:
    response = client.get("/incidents?violation=killing")
    assert response.status_code == 200
    assert "No published incident matches this filter." in words(response)
    assert "not that none happened" in words(response)


@pytest.mark.parametrize(("query", "name"), BAD_QUERIES.items())
def test_a_bad_filter_is_refused_in_html_and_in_json(client: FlaskClient, query: str, name: str) -> None:
    page = client.get(f"/incidents?{query}")
    assert page.status_code == 400
    assert "This filter cannot be used" in words(page)
    for twin in (f"/incidents.json?{query}", f"/incidents.csv?{query}"):
        refused = client.get(twin)
        assert refused.status_code == 400
        assert refused.mimetype == "application/json"
        assert refused.get_json()["error"]["problems"][0]["name"] == name


def test_columns_are_refused_where_none_can_be_chosen(client: FlaskClient) -> None:
    for address in ("/incidents", "/incidents.json", "/incidents.geojson"):
        response = client.get(f"{address}?fields=reference")
        assert response.status_code == 400, address
        assert "Columns can be chosen for CSV files only." in response.get_data(as_text=True)


@pytest.mark.parametrize("query", ["q=%FF", "q=%ED%A0%80", "%CA%EB=1", "q=%D0&place=%9E", "utm_source=%FF"])
def test_a_query_that_is_not_utf_8_is_refused_and_not_searched_for(client: FlaskClient, query: str) -> None:
    for address in ("/incidents", "/incidents.json", "/about"):
        response = client.get(f"{address}?{query}")
        assert response.status_code == 400, address
        assert "not written in UTF-8" in response.get_data(as_text=True)


def test_a_refused_code_comes_with_the_list_of_all_codes(client: FlaskClient) -> None:
    problem = client.get("/incidents.json?violation=slap").get_json()["error"]["problems"][0]
    assert set(Violation.codes()) <= set(problem["allowed"])
    assert problem["value"] == "slap"
    page = words(client.get("/incidents?violation=slap"))
    assert all(code in page for code in Violation.codes())


def test_a_refused_filter_keeps_the_form_with_the_problem_beside_its_field(client: FlaskClient) -> None:
    response = client.get("/incidents?from=2020-13-01&violation=assault&colour=red")
    wrong = next(one for one in tags(response, "input") if one["name"] == "from")
    assert wrong["value"] == "2020-13-01"
    assert wrong["aria-invalid"] == "true"
    assert wrong["aria-describedby"] == "from-problem"
    ticked = [one["value"] for one in tags(response, "input") if "checked" in one]
    assert ticked == ["assault"]


def test_json_is_given_for_a_page_where_it_is_preferred(client: FlaskClient) -> None:
    response = client.get("/incidents?colour=red", headers={"Accept": "application/json"})
    assert response.mimetype == "application/json"
    assert response.status_code == 400


def test_a_past_version_counts_what_is_no_longer_available(client: FlaskClient, sqlite_database: Database) -> None:
    changed = records.POLLING_STATION | {"revision": 2}
    publish(sqlite_database, [an_incident_to_publish(changed, Nature.RESTRICTION)], SECOND_DAY)
    past = client.get("/incidents?dataset=1")
    assert "4 incidents : dataset version 1" in words(past)
    assert "1 record of that version is no longer available" in words(past)
    assert "5 incidents" in words(client.get("/incidents"))
    gone = client.get("/incidents/KGZ-2020-0001?dataset=1")
    assert gone.status_code == 410
    assert "This version is no longer available" in words(gone)


@pytest.mark.parametrize("tracker", ["fbclid=abc", "utm_source=x&utm_medium=y", "gclid=1"])
def test_marks_that_others_added_to_a_shared_link_are_taken_off(client: FlaskClient, tracker: str) -> None:
    response = client.get(f"/incidents?violation=assault&{tracker}")
    assert response.status_code == 302
    assert response.headers["Location"] == "/incidents?violation=assault"
    assert client.get(f"/incidents/KGZ-2020-0003?{tracker}").headers["Location"] == "/incidents/KGZ-2020-0003"


def test_a_shared_link_leads_on_to_the_very_path_that_was_asked_for(client: FlaskClient) -> None:
    for name in ("a%0D%0AX-Evil%3A%20y", "a%3Fb", "a%23b", "%D0%BE"):
        response = client.get(f"/incidents/{name}?utm_source=x")
        assert response.status_code == 302
        assert response.headers["Location"] == f"/incidents/{name}"


@pytest.mark.parametrize("address", ["/about", "/data", "/methodology", "/incidents/KGZ-2020-0003"])
def test_a_page_refuses_parameters_that_it_does_not_take(client: FlaskClient, address: str) -> None:
    response = client.get(f"{address}?violation=assault")
    assert response.status_code == 400
    assert "This page does not take this parameter." in words(response)
