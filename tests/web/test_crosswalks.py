"""The pages and files of the crosswalks: they agree with one another and with the incidents, and refuse the rest."""

import csv
import io
import json
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.dataset.samples import act, by, incident, publish, victim
from tests.support.shared import application
from tests.web.reading import words
from tracker.dataset.crosswalks.acts import ACT_COLUMNS
from tracker.dataset.crosswalks.files import COUNT_COLUMNS, MAPPING_COLUMNS
from tracker.db import Database
from tracker.settings import Settings
from tracker.vocabulary import PerpetratorType, Violation
from tracker.vocabulary.crosswalks import SCHEMES

EVERY = pytest.mark.parametrize("scheme", SCHEMES)


def rows(client: FlaskClient, address: str) -> list[dict[str, str]]:
    response = client.get(address)
    assert response.status_code == 200, response.get_data(as_text=True)
    assert response.content_type == "text/csv; charset=utf-8; header=present"
    return list(csv.DictReader(io.StringIO(response.get_data(as_text=True), newline="")))


def document(client: FlaskClient, address: str) -> dict[str, Any]:
    response = client.get(address)
    assert response.status_code == 200
    return dict(json.loads(response.data))


@EVERY
def test_page_csv_json_and_acts_say_the_same(client_on_both: FlaskClient, scheme: str) -> None:
    query = "?state=state&from=2020-10-01&to=2020-10-31"
    found = document(client_on_both, f"/crosswalk/{scheme}.json{query}")
    listed = client_on_both.get(f"/incidents.json{query}").get_json()
    assert found["meta"]["filter"] == listed["meta"]["filter"]
    assert found["meta"]["rows"] == listed["meta"]["rows"] == len(listed["incidents"])
    counts = rows(client_on_both, f"/crosswalk/{scheme}.csv{query}")
    assert tuple(counts[0]) == tuple(name for name, _ in COUNT_COLUMNS)
    acts = rows(client_on_both, f"/crosswalk/{scheme}/acts.csv{query}")
    assert tuple(acts[0]) == tuple(name for name, _ in ACT_COLUMNS)
    assert len(acts) == found["total"]["acts"]
    for name, prefix in (("acts", ""), ("perpetrators", "perpetrators_")):
        for one in found[name]["classes"]:
            for relation in ("exact", "broader", "narrower"):
                (line,) = (
                    each
                    for each in counts
                    if (each["list"], each["class"], each["relation"]) == (name, one["class"], relation)
                )
                number = sum(one["class"] in each[prefix + relation].split("|") for each in acts)
                assert one[relation]["acts"] == int(line["acts"]) == number, (name, one["class"])
        unmapped = {each["code"]: int(each["acts"]) for each in counts if each["list"] == name and each["code"]}
        assert unmapped == {code: one["acts"] for code, one in found[name]["not_mapped_by_code"].items()}
        (whole,) = (each for each in counts if (each["list"], each["relation"], each["code"]) == (name, "none", ""))
        assert {unit: int(whole[unit]) for unit in found[name]["not_mapped"]} == found[name]["not_mapped"]
    page = words(client_on_both.get(f"/crosswalk/{scheme}{query}"))
    assert SCHEMES[scheme].caution in page
    nowhere = found["acts"]["not_mapped"]["acts"]
    assert (f"{nowhere} act" if nowhere else "Nothing: all of it stands in a class of theirs") in page


@EVERY
def test_the_mapping_names_every_code_of_ours_with_its_sources(client: FlaskClient, scheme: str) -> None:
    mapped = rows(client, f"/crosswalk/{scheme}/mapping.csv")
    assert tuple(mapped[0]) == tuple(name for name, _ in MAPPING_COLUMNS)
    for name, vocabulary in (("acts", Violation), ("perpetrators", PerpetratorType)):
        assert {one["code"] for one in mapped if one["list"] == name} - {""} == set(vocabulary.codes())
    assert all(one["relation"] in ("exact", "broader", "narrower", "none") for one in mapped)
    assert all(one["certainty"] in ("read", "reported", "unconfirmed") and one["sources"] for one in mapped)
    in_json = document(client, f"/crosswalk/{scheme}.json")["mapping"]
    assert sum(max(1, len(one["classes"])) for one in in_json) == len(mapped)


def test_a_file_says_where_it_comes_from(client: FlaskClient) -> None:
    headers = client.get("/crosswalk/mmf/acts.csv?violation=assault").headers
    assert headers["X-Unit"] == "acts"
    assert headers["X-Row-Count"] == "3"
    assert headers["X-Filter"] == "violation: physical assault"
    assert headers["X-Dataset-Version"] == "1"
    assert headers["Access-Control-Allow-Origin"] == "*"
    assert headers["Content-Disposition"] == 'attachment; filename="crosswalk-mmf-acts-v1.csv"'
    assert (
        client.get(
            "/crosswalk/mmf.csv", headers={"If-None-Match": client.get("/crosswalk/mmf.csv").headers["ETag"]}
        ).status_code
        == 304
    )


@pytest.mark.parametrize("address", ["/crosswalk/acled.json", "/crosswalk/acled.csv", "/crosswalk/acled/acts.csv"])
def test_an_unknown_list_is_refused_with_all_that_there_are(client: FlaskClient, address: str) -> None:
    response = client.get(address)
    assert response.status_code == 404
    (problem,) = response.get_json()["error"]["problems"]
    assert (problem["name"], problem["value"]) == ("scheme", "acled")
    assert problem["allowed"] == list(SCHEMES)
    page = client.get("/crosswalk/acled")
    assert page.status_code == 404
    assert "huridocs" in words(page)


@pytest.mark.parametrize(
    "query", ["limit=5", "after=x", "fields=reference", "colour=red", "violation=slap", "to=2020-13-01"]
)
def test_what_a_count_cannot_take_is_refused(client: FlaskClient, query: str) -> None:
    for address in ("/crosswalk/sdg", "/crosswalk/sdg.csv", "/crosswalk/sdg.json", "/crosswalk/sdg/acts.csv"):
        response = client.get(f"{address}?{query}")
        assert response.status_code == 400, address
    problems = client.get(f"/crosswalk/sdg.json?{query}").get_json()["error"]["problems"]
    assert problems[0]["name"] == query.partition("=")[0]
    assert problems[0]["allowed"]
    assert client.get("/crosswalk/sdg/mapping.csv?violation=assault").status_code == 400


@EVERY
def test_every_address_answers_before_anything_is_published(empty_client: FlaskClient, scheme: str) -> None:
    for address in ("", ".csv", ".json", "/acts.csv", "/mapping.csv"):
        assert empty_client.get(f"/crosswalk/{scheme}{address}").status_code == 200
    assert len(rows(empty_client, f"/crosswalk/{scheme}/acts.csv")) == 0


def test_the_candidate_cases_are_never_called_the_indicator(client: FlaskClient) -> None:
    page = words(client.get("/crosswalk/sdg"))
    assert "These are candidate cases and not the indicator." in page
    for custodian in ("OHCHR", "UNESCO", "ILO"):
        assert custodian in page
    assert "Unconfirmed" in page


def test_the_pages_lead_to_one_another(client: FlaskClient) -> None:
    index = client.get("/crosswalk").get_data(as_text=True)
    for scheme in SCHEMES.values():
        assert f'href="/crosswalk/{scheme.code}"' in index
    assert 'href="/crosswalk"' in client.get("/data").get_data(as_text=True)
    assert 'href="/crosswalk"' in client.get("/methodology").get_data(as_text=True)
    here = client.get("/crosswalk/sdg?violation=threat").get_data(as_text=True)
    assert 'href="/crosswalk/coe?violation=threat"' in here
    assert 'href="/incidents?violation=threat"' in here
    assert 'href="/ru/crosswalk/coe"' in client.get("/ru/crosswalk/sdg").get_data(as_text=True)


def test_where_codes_add_up_to_more_than_what_did_not_map_the_page_says_so(
    settings: Settings, database: Database
) -> None:
    client = application(settings, database).test_client()
    note = "the rows add up to more than the acts that stand in no class"
    publish(database, incident("KGZ-2020-0001", acts=[act("assault", [victim()], [by(None)])]))
    assert note not in words(client.get("/crosswalk/coe"))
    publish(database, incident("KGZ-2020-0002", acts=[act("assault", [victim()], [by("police"), by(None)])]))
    page = words(client.get("/crosswalk/coe"))
    assert "1 act stands in no class of theirs Our code Incidents Acts Persons Not recorded 2 2" in page
    assert note in page
