"""The table of data endpoints: that nothing is missing in it, and that each answers as it says."""

import json
from typing import Any

import pytest
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator

from tests.web import records
from tests.web.api.asking import RELEASE, addresses_of
from tests.web.conftest import SECOND_DAY, an_incident_to_publish, as_publications, publish
from tracker.dataset import releases, store
from tracker.dataset.fields import Kind
from tracker.db import Database
from tracker.settings import Settings
from tracker.vocabulary import Nature, WithdrawalReason
from tracker.web.errors import DATA_SUFFIXES
from tracker.web.public.api.document import document, query_parameters
from tracker.web.public.api.endpoints import ANY, COSTLY_PAGES, ENDPOINTS, NOTHING_THERE
from tracker.web.public.routes import DATA, PAGES

# What is public and neither a page nor data: a word to search engines.
NO_DATA = frozenset({"robots"})


def test_every_address_that_gives_data_is_in_the_table() -> None:
    given = {endpoint for _, endpoint, _ in DATA} - NO_DATA - NOTHING_THERE
    given |= {endpoint for rule, endpoint, _ in PAGES if rule.endswith(DATA_SUFFIXES)}
    assert given == set(ENDPOINTS)
    assert {endpoint for _, endpoint, _ in PAGES} >= set(COSTLY_PAGES)


def test_the_document_names_nothing_that_is_not_there(data_client: FlaskClient) -> None:
    made = document(data_client.application.url_map, title="x", server="/", licence=None)
    # Written out and read again, as others get it; every reference leads somewhere.
    text = json.dumps(made)
    for reference in {part.split('"', 1)[0] for part in text.split('"$ref": "')[1:]}:
        found = made
        for step in reference.removeprefix("#/").split("/"):
            found = found[step]
    for kind in ("schemas", "parameters", "headers", "responses"):
        for name in made["components"][kind]:
            assert f'"#/components/{kind}/{name}"' in text, f"{kind}/{name} is used nowhere"
    for schema in made["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)
    assert len(made["paths"]) == len(ENDPOINTS)


def test_every_data_endpoint_answers_as_the_table_says(data_client: FlaskClient) -> None:
    for name, address in addresses_of(data_client.application).items():
        entry = ENDPOINTS[name]
        answer = data_client.get(address, buffered=True)
        assert answer.status_code == 200, address
        assert entry.bare_type in (answer.mimetype, ANY), address
        assert {header for header in entry.headers if header not in answer.headers} == set(), address
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
        exposed = answer.headers["Access-Control-Expose-Headers"].split(", ")
        assert {"ETag", *entry.headers, *entry.sometimes} <= set(exposed)


def test_every_answer_keeps_to_its_schema_before_and_after_publications_withdrawals_and_releases(
    empty_client: FlaskClient, sqlite_database: Database, sqlite_settings: Settings
) -> None:
    made = document(empty_client.application.url_map, title="x", server="/", licence=None)

    def ask(*queries: str) -> dict[str, int]:
        statuses = {}
        for name, address in addresses_of(empty_client.application).items():
            for query in ("", *(query for query in queries if query.partition("=")[0] in ENDPOINTS[name].parameters)):
                statuses[name] = _asked(empty_client, f"{address}?{query}", name, made)
        return statuses

    for name, status in ask("unit=victims&then=country").items():
        assert status == 200 or status in ENDPOINTS[name].missing, name
    publish(sqlite_database, as_publications())
    releases.create(sqlite_database, sqlite_settings.releases, "2025.1")
    publish(sqlite_database, [an_incident_to_publish(records.STONE, Nature.CORRECTION)], SECOND_DAY)
    with sqlite_database.write() as session:
        version = store.next_version(session, SECOND_DAY)
        gone: Any = {"dataset_version": version, "kind": Kind.INCIDENT}
        store.hide(session, **gone, record_id=records.SPUTNIK_OFFICE["id"])
        store.withdraw(
            session, **gone, record_id=records.UNDATED["id"], reason=WithdrawalReason.FALSE_REPORT, at=SECOND_DAY
        )
    releases.create(sqlite_database, sqlite_settings.releases, RELEASE)
    statuses = ask("unit=victims&by=year&then=country", "since=1", "limit=1")
    assert {name for name, status in statuses.items() if status != 200} == {"base_map"}


def _asked(client: FlaskClient, address: str, name: str, made: dict[str, Any]) -> int:
    """The status of an answer, whose JSON is found to keep to the schema that the document names."""
    answer = client.get(address, buffered=True)
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    entry = ENDPOINTS[name]
    schema = entry.schema if answer.status_code == 200 else "Error"
    if schema and str(answer.mimetype).endswith("json"):
        whole = {"$ref": f"#/components/schemas/{schema}", "components": made["components"]}
        errors = [error.message for error in Draft202012Validator(whole).iter_errors(answer.get_json(force=True))]
        assert errors == [], address
    return answer.status_code


def test_whoever_holds_data_is_told_so_until_something_is_published(
    data_client: FlaskClient, sqlite_database: Database
) -> None:
    held: dict[str, str] = {}
    for name, address in addresses_of(data_client.application).items():
        held[name] = etag = data_client.get(address, buffered=True).headers["ETag"]
        for sent in (etag, f"W/{etag}", f'"other", {etag}'):
            again = data_client.get(address, headers={"If-None-Match": sent}, buffered=True)
            assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", etag), address
            assert again.headers["Access-Control-Allow-Origin"] == "*"
            assert data_client.head(address, headers={"If-None-Match": sent}).status_code == 304
        assert data_client.get(address, headers={"If-None-Match": '"other"'}, buffered=True).status_code == 200
    assert len(set(held.values())) == len(held)
    publish(sqlite_database, [an_incident_to_publish(records.STONE, Nature.CORRECTION)], SECOND_DAY)
    # What the program or the operator says by themselves stays as it is.
    lasting = {"schema", "base_map", "release_file"}
    for name, address in addresses_of(data_client.application).items():
        again = data_client.get(address, headers={"If-None-Match": held[name]}, buffered=True)
        assert again.status_code == (304 if name in lasting else 200), address


def test_other_sites_may_read_refusals_and_are_told_so_before_they_ask(data_client: FlaskClient) -> None:
    asks = {"Origin": "https://elsewhere.example", "Access-Control-Request-Method": "GET"}
    for address in addresses_of(data_client.application).values():
        refused = data_client.get(f"{address}?colour=red")
        assert refused.status_code == 400
        assert refused.headers["Access-Control-Allow-Origin"] == "*"
        told = data_client.options(address, headers={**asks, "Access-Control-Request-Headers": "if-none-match"})
        assert (told.status_code, told.data) == (204, b"")
        assert told.headers["Access-Control-Allow-Origin"] == "*"
        assert told.headers["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"
        assert told.headers["Access-Control-Allow-Headers"] == "If-None-Match"
        assert "Access-Control-Allow-Credentials" not in told.headers
        for method in ("POST", "PUT", "PATCH", "DELETE", "TRACE"):
            # Errors are data where the answer is, whatever the reader accepts.
            answer = data_client.open(address, method=method, headers={"Accept": "text/html"})
            assert (answer.status_code, answer.mimetype) == (405, "application/json"), address
            assert answer.allow == {"GET", "HEAD", "OPTIONS"}
            assert answer.headers["Access-Control-Allow-Origin"] == "*"
    for address in ("/", "/incidents", "/staff/", "/nothing.html"):
        told = data_client.options(address, headers=asks)
        assert told.status_code in {403, 404, 405}
        assert "Access-Control-Allow-Origin" not in told.headers


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("colour=red", "colour"),
        ("limit=0", "limit"),
        ("limit=-1", "limit"),
        ("limit=1000000000", "limit"),
        ("limit=%C2%B2", "limit"),
        ("after=1.0123456789.2020-10-05:KGZ-2020-0001", "after"),
        ("as_of=9999-12-31", "as_of"),
        ("as_of=2019-01-01", "as_of"),
        ("fields=colour", "fields"),
        ("%00=%00", "\N{REPLACEMENT CHARACTER}"),
    ],
)
def test_what_may_not_be_asked_for_is_refused_everywhere_with_what_may(
    data_client: FlaskClient, query: str, name: str
) -> None:
    for address in addresses_of(data_client.application).values():
        refused = data_client.get(f"{address}?{query}")
        assert (refused.status_code, refused.mimetype) == (400, "application/json"), address
        problems = refused.get_json()["error"]["problems"]
        assert [problem["name"] for problem in problems] == [name], address
        takes_nothing = not ENDPOINTS[_name_of(data_client, address)].parameters
        assert all(problem["message"] and (problem["allowed"] or takes_nothing) for problem in problems), address


def _name_of(client: FlaskClient, address: str) -> str:
    return next(name for name, other in addresses_of(client.application).items() if other == address)


def test_ten_thousand_parameters_are_refused_everywhere(data_client: FlaskClient) -> None:
    for address in addresses_of(data_client.application).values():
        many = "&".join(["a"] * 3_000)
        refused = data_client.get(f"{address}?{many}")
        assert (refused.status_code, len(refused.get_json()["error"]["problems"])) == (400, 1), address
        assert data_client.get(f"{address}?{'&'.join(['a=1'] * 10_000)}").status_code == 414, address


def test_every_parameter_is_used_and_none_is_described_twice() -> None:
    taken = {name for entry in ENDPOINTS.values() for name in entry.parameters}
    assert taken == set(query_parameters())
