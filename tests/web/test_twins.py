"""The data behind the pages: the same incidents as CSV, JSON and GeoJSON, with where they come from."""

import csv
import io
import json

import jsonschema
import pytest
from flask.testing import FlaskClient

from tests.web import records
from tests.web.conftest import FIRST_DAY
from tracker.dataset import store
from tracker.dataset.fields import Kind, csv_header
from tracker.db import Database
from tracker.vocabulary import WithdrawalReason
from tracker.web.public.answers import LONGEST_HEADER, ascii_words

TWINS = (
    "/map.json",
    "/map.svg",
    "/incidents.csv",
    "/incidents.json",
    "/incidents.geojson",
    "/incidents.atom",
    "/crosswalk/sdg.csv",
    "/crosswalk/sdg.json",
    "/incidents/KGZ-2020-0003.json",
    "/incidents/KGZ-2020-0003.bib",
    "/incidents/KGZ-2020-0003.csl.json",
    f"/topics/{records.CRISIS}.json",
    "/outlets/kloop.json",
    "/data/schema.json",
    "/withdrawn.json",
    "/changes.json",
    "/releases.json",
)


def test_every_twin_is_there_and_open_to_other_sites(client_on_both: FlaskClient) -> None:
    for address in TWINS:
        response = client_on_both.get(address)
        assert response.status_code == 200, address
        assert response.headers["Access-Control-Allow-Origin"] == "*"
        assert response.headers["Cross-Origin-Resource-Policy"] == "cross-origin"


@pytest.mark.parametrize("address", TWINS)
def test_every_twin_answers_before_anything_is_published_or_says_that_there_is_none(
    empty_client: FlaskClient, address: str
) -> None:
    response = empty_client.get(address)
    is_of_one_record = address.startswith(("/incidents/", "/topics/", "/outlets/"))
    assert response.status_code == (404 if is_of_one_record else 200)
    assert response.headers["Access-Control-Allow-Origin"] == "*"


def test_a_pages_own_origin_is_not_opened(client: FlaskClient) -> None:
    response = client.get("/incidents")
    assert "Access-Control-Allow-Origin" not in response.headers
    assert response.headers["Cross-Origin-Resource-Policy"] == "same-origin"


def test_the_csv_holds_one_line_per_incident(client: FlaskClient) -> None:
    response = client.get("/incidents.csv")
    assert response.content_type == "text/csv; charset=utf-8; header=present"
    rows = list(csv.reader(io.StringIO(response.get_data(as_text=True), newline="")))
    assert tuple(rows[0]) == csv_header()
    assert len(rows) == 1 + len(records.INCIDENTS)


def test_chosen_columns_come_alone(client: FlaskClient) -> None:
    text = client.get("/incidents.csv?fields=reference,verification&q=Kloop").get_data(as_text=True)
    assert text == "reference,verification\r\nKGZ-2020-0001,reported\r\n"


def test_the_json_matches_the_published_schema(client: FlaskClient) -> None:
    schema = client.get("/data/schema.json").get_json(force=True)
    document = client.get("/incidents.json?violation=assault").get_json()
    jsonschema.Draft202012Validator(schema).validate(document)
    assert {incident["reference"] for incident in document["incidents"]} == {"KGZ-2020-0003", "KGZ-2020-0004"}


def test_the_json_of_one_incident_is_the_published_record(client: FlaskClient) -> None:
    document = client.get("/incidents/KGZ-2020-0003.json").get_json()
    assert document["incident"] == records.RUBBER_BULLET
    assert document["meta"]["dataset_version"] == 1
    assert document["meta"]["as_of"] == "2026-11-20T09:30:00Z"
    assert document["meta"]["licence_url"] == "https://creativecommons.org/licenses/by/4.0/"


def test_topics_and_outlets_have_their_own_json(client: FlaskClient) -> None:
    assert client.get(f"/topics/{records.CRISIS}.json").get_json()["topic"] == records.TOPIC
    assert client.get("/outlets/kloop.json").get_json()["outlet"] == records.OUTLETS[0]


def test_an_incident_without_a_point_has_a_null_geometry(client: FlaskClient) -> None:
    response = client.get("/incidents.geojson")
    assert response.mimetype == "application/geo+json"
    features = json.loads(response.data)["features"]
    points = {feature["properties"]["reference"]: feature["geometry"] for feature in features}
    assert points["KGZ-2020-0017"] is None
    assert points["KGZ-2020-0003"]["coordinates"] == [74.59, 42.87]


@pytest.mark.parametrize("name", ["csv", "json", "geojson"])
def test_a_file_says_in_its_headers_where_it_comes_from(client: FlaskClient, name: str) -> None:
    headers = client.get(f"/incidents.{name}?violation=assault").headers
    assert headers["X-Dataset-Version"] == "1"
    assert headers["X-As-Of"] == "2026-11-20T09:30:00Z"
    assert headers["X-Row-Count"] == "2"
    assert headers["X-Unit"] == "incidents"
    assert headers["X-Unavailable"] == "0"
    assert headers["X-Filter"] == "violation: physical assault"
    assert headers["X-Licence"] == "https://creativecommons.org/licenses/by/4.0/"
    assert f'filename="incidents-v1-selected.{name}"' in headers["Content-Disposition"]


def test_a_head_request_tells_the_same_without_the_file(client: FlaskClient) -> None:
    asked, told = client.get("/incidents.csv"), client.head("/incidents.csv")
    assert told.data == b""
    assert told.headers["X-Row-Count"] == asked.headers["X-Row-Count"] == "5"
    assert told.headers["ETag"] == asked.headers["ETag"]


def test_a_filter_in_cyrillic_fits_into_a_header(client: FlaskClient) -> None:
    header = client.get("/incidents.json?q=клооп").headers["X-Filter"]
    assert header.isascii()
    assert "%D0%BA%D0%BB%D0%BE%D0%BE%D0%BF" in header


def test_words_for_a_header_are_ascii_in_one_line_and_not_too_long() -> None:
    assert ascii_words("100% «a»\r\nb") == "100%25 %C2%ABa%C2%BB%0D%0Ab"
    cut = ascii_words("ё" * 1000)
    assert len(cut) <= LONGEST_HEADER + 3
    assert cut.endswith("%D1%91...")


def test_a_withdrawn_record_is_listed_and_answers_with_410(client_on_both: FlaskClient, database: Database) -> None:
    with database.write() as session:
        version = store.next_version(session, FIRST_DAY)
        store.withdraw(
            session,
            dataset_version=version,
            kind=Kind.INCIDENT,
            record_id=records.STONE["id"],
            reason=WithdrawalReason.MERGED,
            successor="KGZ-2020-0003",
            at=FIRST_DAY,
        )
    entry = {
        "kind": "incident",
        "key": "KGZ-2020-0004",
        "withdrawn_on": "2026-11-20",
        "dataset_version": 2,
        "reason": "merged",
        "successor": "KGZ-2020-0003",
    }
    assert client_on_both.get("/withdrawn.json").get_json()["withdrawn"] == [entry]
    page = client_on_both.get("/incidents/KGZ-2020-0004")
    assert page.status_code == 410
    assert b'href="/incidents/KGZ-2020-0003"' in page.data
    twin = client_on_both.get("/incidents/KGZ-2020-0004.json")
    assert twin.status_code == 410
    assert twin.get_json()["withdrawn"] == entry
