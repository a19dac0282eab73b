"""The data behind the pages: the same incidents as CSV, JSON and GeoJSON, with where they come from."""

import csv
import hashlib
import io
import json
import subprocess
from html import unescape
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from flask.testing import FlaskClient

from tests.dataset.reading_files import references
from tests.web import records
from tests.web.conftest import FIRST_DAY
from tests.web.reading import links, tags, words
from tracker.dataset import queries, store
from tracker.dataset.exports import FORMATS, Format
from tracker.dataset.fields import Kind, act_header, csv_header
from tracker.dataset.flatten import first_text
from tracker.db import Database
from tracker.vocabulary import WithdrawalReason
from tracker.web.public.answers import LONGEST_HEADER, ascii_words

TWINS = (
    "/map.json",
    "/map.svg",
    *(form.path for form in FORMATS.values()),
    *(form.hash_path for form in FORMATS.values() if not form.is_stored),
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
        response = client_on_both.get(address, buffered=True)
        assert response.status_code == 200, address
        assert response.headers["Access-Control-Allow-Origin"] == "*"
        assert response.headers["Cross-Origin-Resource-Policy"] == "cross-origin"


@pytest.mark.parametrize("address", TWINS)
def test_every_twin_answers_before_anything_is_published_or_says_that_there_is_none(
    empty_client: FlaskClient, address: str
) -> None:
    response = empty_client.get(address, buffered=True)
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


@pytest.mark.parametrize("form", FORMATS.values(), ids=list(FORMATS))
def test_a_file_says_in_its_headers_where_it_comes_from(client: FlaskClient, form: Format) -> None:
    headers = client.get(f"{form.path}?violation=assault", buffered=True).headers
    assert headers["Content-Type"] == form.media_type
    assert headers["X-Dataset-Version"] == "1"
    assert headers["X-As-Of"] == "2026-11-20T09:30:00Z"
    assert headers["X-Row-Count"] == ("2" if form.unit == "incidents" else "3")
    assert headers["X-Unit"] == form.unit
    assert headers["X-Unavailable"] == "0"
    assert headers["X-Filter"] == "violation: physical assault"
    assert headers["X-Licence"] == "https://creativecommons.org/licenses/by/4.0/"
    assert f'filename="{form.stem}-v1-selected.{form.ending}"' in headers["Content-Disposition"]


@pytest.mark.parametrize("query", ["", "?violation=assault", "?limit=1"])
@pytest.mark.parametrize("form", [form for form in FORMATS.values() if not form.is_stored], ids=lambda form: form.name)
def test_the_hash_of_a_file_that_is_written_while_it_is_sent_has_an_address(
    client_on_both: FlaskClient, form: Format, query: str, tmp_path: Path
) -> None:
    file = client_on_both.get(form.path + query, buffered=True)
    told = client_on_both.get(form.hash_path + query)
    assert told.mimetype == "text/plain"
    assert told.headers["X-Row-Count"] == file.headers["X-Row-Count"]
    digest, name = told.text.split()
    assert digest == hashlib.sha256(file.data).hexdigest()
    assert f'filename="{name}"' in file.headers["Content-Disposition"]
    (tmp_path / name).write_bytes(file.data)
    subprocess.run(["sha256sum", "--check", "--strict", "--quiet"], input=told.data, cwd=tmp_path, check=True)


def test_a_hash_is_of_what_is_left_after_a_record_was_hidden(client_on_both: FlaskClient, database: Database) -> None:
    before = client_on_both.get("/incidents.json.sha256").text
    with database.write() as session:
        hidden = queries.record(session, Kind.INCIDENT, "KGZ-2020-0003")
        assert hidden
        version = store.next_version(session, FIRST_DAY)
        store.hide(session, dataset_version=version, kind=Kind.INCIDENT, record_id=hidden.record["id"])
    after = client_on_both.get("/incidents.json.sha256").text
    assert after != before
    file = client_on_both.get("/incidents.json", buffered=True)
    assert after.split()[0] == hashlib.sha256(file.data).hexdigest()


@pytest.mark.parametrize("name", [name for name, form in FORMATS.items() if not form.is_stored])
def test_the_headers_of_a_page_of_a_file_lead_to_the_next_one(client_on_both: FlaskClient, name: str) -> None:
    found: list[str] = []
    address = f"{FORMATS[name].path}?limit=2"
    for _ in range(3):
        response = client_on_both.get(address)
        found += references(name, response.data)
        link = response.headers.get("Link", "")
        assert ("X-Next" in response.headers) == bool(link)
        address = link.partition(">")[0].removeprefix("<")
    assert address == ""
    assert set(found) <= {incident["reference"] for incident in records.INCIDENTS}
    whole = references(name, client_on_both.get(FORMATS[name].path).data)
    assert sorted(found) == sorted(whole)


@pytest.mark.parametrize("address", ["/incidents.xml", "/acts.json", "/incidents.CSV", "/incidents."])
def test_a_kind_of_file_that_there_is_not_is_refused_with_those_that_there_are(
    client: FlaskClient, address: str
) -> None:
    response = client.get(address, headers={"Accept": "application/json"})
    assert response.status_code == 404
    if address != "/incidents.":
        [problem] = response.get_json()["error"]["problems"]
        assert {form.path for form in FORMATS.values()} < set(problem["allowed"])
        assert "/acts.csv" in words(client.get(address, headers={"Accept": "text/html"}))


@pytest.mark.parametrize(
    ("path", "query", "name", "allowed"),
    [
        ("/incidents.csv", "fields=reference,colour", "fields", "act_violation"),
        ("/acts.csv", "fields=summary", "fields", "victim_name"),
        ("/incidents.jsonl", "fields=reference", "fields", "leave it out"),
        ("/incidents.csv", "hxl=yes", "hxl", "1"),
        ("/incidents.zip", "hxl=1", "hxl", "leave it out"),
        ("/incidents.xlsx", "limit=10", "limit", "leave it out"),
        ("/acts.csv", "limit=0", "limit", "a whole number from 1 to 1000"),
        ("/incidents.jsonl", "limit=-1", "limit", "a whole number from 1 to 1000"),
        ("/incidents.csv", "limit=1000000000", "limit", "a whole number from 1 to 1000"),
        ("/incidents.csv", "after=1.0123456789.2020-10-05:KGZ-1", "after", "the value that the page before gives"),
    ],
)
def test_what_a_file_does_not_take_is_refused_with_what_it_does(
    client: FlaskClient, path: str, query: str, name: str, allowed: str
) -> None:
    response = client.get(f"{path}?{query}")
    assert response.status_code == 400
    [problem] = response.get_json()["error"]["problems"]
    assert problem["name"] == name
    assert any(one.startswith(allowed) for one in problem["allowed"])


def test_more_parameters_than_anybody_types_are_refused(client: FlaskClient) -> None:
    for form in FORMATS.values():
        assert client.get(f"{form.path}?{'q=&' * 500}").status_code == 400
        assert client.get(f"{form.path}?{'q=&' * 10_000}").status_code == 414


def test_the_data_page_lists_every_kind_of_file_with_what_it_is_for(client: FlaskClient) -> None:
    page = client.get("/data")
    leads_to, said = links(page), words(page)
    for form in FORMATS.values():
        assert form.path in leads_to
        assert form.purpose.replace("`", "").split(":")[0] in said
        assert f"{form.path}?country=KG" in said
    for column in (*csv_header(), *act_header()):
        assert f" {column} " in said


def test_what_the_data_page_tells_to_run_reads_the_files_back(client: FlaskClient, tmp_path: Path) -> None:
    page = client.get("/data").get_data(as_text=True)
    program = unescape(page.partition('<pre tabindex="0" id="undo"')[2].partition(">")[2].partition("</pre>")[0])
    given: dict[str, Any] = {}
    exec(program, given)  # noqa: S102  # What readers are told to run.
    (tmp_path / "incidents.csv").write_bytes(client.get("/incidents.csv").data)
    rows = {row["reference"]: row for row in given["rows"](str(tmp_path / "incidents.csv"))}
    assert rows.keys() == {incident["reference"] for incident in records.INCIDENTS}
    for incident in records.INCIDENTS:
        row = rows[incident["reference"]]
        assert row["title"] == first_text(incident["title"])
        assert given["entries"](row["source_title"]) == [source["title"] or "" for source in incident["sources"]]
    (tmp_path / "one.csv").write_text("a\r\n\"'=1|'x\\|y\"\r\n", encoding="utf-8")
    [row] = given["rows"](str(tmp_path / "one.csv"))
    assert given["entries"](row["a"]) == ["=1", "'x|y"]


def test_the_list_leads_to_every_kind_of_file_of_its_filter(client: FlaskClient) -> None:
    for address in ("/incidents?violation=assault&limit=1", "/?violation=assault"):
        page = client.get(address)
        for form in FORMATS.values():
            assert f"{form.path}?violation=assault" in links(page)
            assert {"alternate"} == {
                link["rel"] for link in tags(page, "link") if str(link.get("href", "")).startswith(form.path)
            }


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


@pytest.mark.parametrize(
    ("address", "known"),
    [
        ("/incidents.docx", {"/incidents.csv", "/incidents.atom", "/incidents.bib", "/incidents.csl.json"}),
        ("/incidents.xlsx.sha256", {"/incidents.xlsx"}),
        ("/acts.json", {"/acts.csv"}),
        ("/summary.pdf", {"/summary.csv", "/summary.json", "/summary.svg", "/summary.xlsx"}),
        ("/completeness.xlsx", {"/completeness.csv", "/completeness.json"}),
        ("/report.docx", {"/report.pdf"}),
    ],
)
def test_a_kind_of_file_that_there_is_not_is_refused_with_those_of_the_same_things(
    client: FlaskClient, address: str, known: set[str]
) -> None:
    response = client.get(address)
    assert response.status_code == 404
    (problem,) = response.get_json()["error"]["problems"]
    assert problem["name"] == "format"
    assert known <= set(problem["allowed"])
    assert all(client.get(path, buffered=True).status_code == 200 for path in known)
    assert not any(path.endswith(".sha256") or "<" in path for path in problem["allowed"])
