"""What holds for every answer: headers, caching, errors, and that a hidden record is as an unknown one."""

import contextlib
import dataclasses
import logging
import re
import sqlite3
from pathlib import Path

import pytest
from flask import Flask, request
from flask.testing import FlaskClient
from werkzeug.wrappers import Response

from tests.web import records
from tests.web.api.asking import RELEASE, filled
from tests.web.conftest import SECOND_DAY, an_incident_to_publish, as_publications, publish
from tests.web.reading import words
from tracker.app import create_app
from tracker.dataset import queries, releases, store
from tracker.dataset.fields import Kind
from tracker.db import Database, sqlite_path
from tracker.settings import Settings
from tracker.vocabulary import Nature
from tracker.web.public.api.endpoints import ENDPOINTS, NOTHING_THERE
from tracker.web.public.routes import DATA, PAGES

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'"
)
ANSWERS = (
    ("GET", "/", 200),
    ("GET", "/map.json", 200),
    ("GET", "/map.svg", 200),
    ("GET", "/map/spot?lat=42.87&lon=74.59&part=list", 200),
    ("GET", "/map.json?zoom=99", 400),
    ("GET", "/map/base.json", 404),
    ("GET", "/static/site.css", 200),
    ("GET", "/incidents.csv", 200),
    ("GET", "/about?utm_source=x", 302),
    ("GET", "/incidents?colour=red", 400),
    ("GET", "/nothing", 404),
    ("GET", "/incidents/KGZ-1999-0001", 404),
    ("GET", "/incidents/KGZ-1999-0001.json", 404),
    ("POST", "/incidents", 405),
    ("DELETE", "/incidents/KGZ-2020-0003", 405),
    ("OPTIONS", "/incidents", 405),
    ("TRACE", "/", 405),
    ("GET", "/incidents?q=" + "a" * 9000, 414),
    ("GET", "/data/api", 200),
    ("GET", "/openapi.json", 200),
    ("OPTIONS", "/incidents.csv", 204),
)


def check_headers(response: Response, *, may_be_framed: bool = False) -> None:
    """Whether an answer carries what every answer has to carry."""
    policy = POLICY.replace("frame-ancestors 'none'", "frame-ancestors *") if may_be_framed else POLICY
    assert response.headers["Content-Security-Policy"] == policy
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Referrer-Policy"] == "no-referrer"
    assert response.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert response.headers["Cross-Origin-Resource-Policy"] in {"same-origin", "cross-origin"}
    assert "geolocation=()" in response.headers["Permissions-Policy"]
    assert response.headers["Cache-Control"] == "no-cache"
    assert "Set-Cookie" not in response.headers
    assert "Strict-Transport-Security" not in response.headers


@pytest.mark.parametrize(("method", "address", "status"), ANSWERS)
def test_every_answer_carries_all_headers(client: FlaskClient, method: str, address: str, status: int) -> None:
    with client.open(address, method=method) as response:
        assert response.status_code == status
        check_headers(response)


def _addresses() -> list[str]:
    """Every public address, with the keys of records that there are and the parameters that it cannot do without."""
    needed = {"/map/spot": "?lat=42.87&lon=74.59", "/map/box": "?box=69,39,81,44"}
    return [filled(rule, endpoint) + needed.get(rule, "") for rule, endpoint, _ in (*DATA, *PAGES)]


def test_every_public_address_carries_all_headers_with_every_status(
    sqlite_settings: Settings, sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(sqlite_database, as_publications())
    releases.create(sqlite_database, sqlite_settings.releases, RELEASE)
    few = dataclasses.replace(sqlite_settings, files_a_minute=1, figures_a_minute=1, searches_a_minute=1)
    app = create_app(few, sqlite_database)
    client = app.test_client()
    seen: dict[int, set[str]] = {}

    def ask(address: str, method: str = "GET", who: str = "127.0.0.1", **headers: str) -> Response:
        response = client.open(address, method=method, headers=headers, environ_overrides={"REMOTE_ADDR": who})
        seen.setdefault(response.status_code, set()).add(address.partition("?")[0])
        # The map for embedding answers in the frame, refusals too; what stops a request before that does not.
        in_frame = address.startswith("/embed/map") and response.status_code in {200, 304, 400, 429}
        check_headers(response, may_be_framed=in_frame)
        assert _other_hosts(response) == [], address
        response.close()
        return response

    for address in _addresses():
        etag = ask(address).headers.get("ETag")
        if etag is not None:
            assert ask(address, **{"If-None-Match": etag}).status_code == 304
        joint = "&" if "?" in address else "?"
        ask(f"{address}{joint}colour=red")
        ask(f"{address}{joint}utm_source=x")
        ask(f"{address}{joint}q={'a' * 9_000}")
        ask(f"{address}{joint}q=kloop", who="1.2.3.4")
        ask(f"{address}{joint}q=kloop", who="1.2.3.4")
        ask(address, "POST")
        ask(f"{address}-nothing")
    # What was answered before is kept until the next publication.
    publish(sqlite_database, [an_incident_to_publish(records.INCIDENTS[0], Nature.CORRECTION)], SECOND_DAY)
    for address in _addresses():
        monkeypatch.setitem(app.view_functions, _endpoint(app, address), _fail)
        assert ask(address).status_code == 500
    everywhere = {address.partition("?")[0] for address in _addresses()}
    never = {filled(rule, endpoint) for rule, endpoint, _ in DATA if endpoint in NOTHING_THERE}
    without_words = {"/map/base.json", *never}
    assert everywhere - without_words == seen[200] - without_words
    for status in (304, 400, 405, 414, 500):
        assert everywhere - without_words <= seen[status], status
    for status in (404, 405, 414, 500):
        assert never <= seen[status], status
    data = {
        filled(rule, name) for rule, name, _ in (*DATA, *PAGES) if name in ENDPOINTS and ENDPOINTS[name].takes_words
    }
    takes_words = {"/", "/incidents", "/map/spot", "/embed/map", "/summary", "/completeness", "/crosswalk/cpj", *data}
    assert takes_words <= seen[429]
    assert {302, 404} <= set(seen)


def _endpoint(app: Flask, address: str) -> str:
    with app.test_request_context(address):
        return str(request.endpoint)


def _fail(**_values: object) -> str:
    raise RuntimeError("a fault of ours")


def _other_hosts(response: Response) -> list[str]:
    """What a browser would fetch from elsewhere to show this page."""
    if response.mimetype not in {"text/html", "image/svg+xml"}:
        return []
    page = response.get_data(as_text=True)
    fetched = re.findall(r"""<(?:script|img|iframe|source|image|use)\b[^>]*?\s(?:src|href)=["']([^"']+)""", page)
    fetched += re.findall(r"""<link\b[^>]*rel="(?:stylesheet|icon|preload)"[^>]*href="([^"]+)""", page)
    return [address for address in fetched if "//" in address or address.startswith("data:")]


def test_https_is_insisted_on_where_the_operator_says_so(sqlite_settings: Settings, sqlite_database: Database) -> None:
    settings = dataclasses.replace(sqlite_settings, hsts=True)
    client = create_app(settings, sqlite_database).test_client()
    for address in ("/", "/nothing"):
        assert client.get(address).headers["Strict-Transport-Security"] == "max-age=63072000; includeSubDomains"


@pytest.mark.parametrize("address", ["/", "/incidents", "/incidents/KGZ-2020-0003", "/incidents.csv", "/data"])
def test_a_reader_who_holds_the_answer_gets_304(client: FlaskClient, address: str) -> None:
    etag = client.get(address).headers["ETag"]
    again = client.get(address, headers={"If-None-Match": etag})
    assert again.status_code == 304
    assert again.data == b""
    assert again.headers["ETag"] == etag
    check_headers(again)
    # A proxy that compresses makes the tag a weak one.
    assert client.get(address, headers={"If-None-Match": f"W/{etag}"}).status_code == 304
    assert client.get(address, headers={"If-None-Match": '"other"'}).status_code == 200


def test_a_star_for_a_tag_lets_no_refused_query_pass(client: FlaskClient) -> None:
    # RFC 9110, 13.2.1: a precondition counts only where the answer without it would have been a success.
    for address in ("/incidents?outlet=no-such-outlet", "/incidents.json?fields=reference"):
        assert client.get(address, headers={"If-None-Match": "*"}).status_code == 400


def test_a_publication_ends_what_readers_hold(client: FlaskClient, sqlite_database: Database) -> None:
    etag = client.get("/").headers["ETag"]
    publish(sqlite_database, [an_incident_to_publish(records.STONE, Nature.CORRECTION)], SECOND_DAY)
    assert client.get("/", headers={"If-None-Match": etag}).status_code == 200


def test_each_query_and_each_form_of_an_answer_has_its_own_tag(client: FlaskClient) -> None:
    addresses = ("/incidents", "/incidents?violation=assault", "/incidents.json", "/incidents.csv")
    assert len({client.get(address).headers["ETag"] for address in addresses}) == len(addresses)


def test_errors_have_no_tag(client: FlaskClient) -> None:
    for address in ("/nothing", "/incidents?colour=red", "/incidents/KGZ-1999-0001"):
        assert "ETag" not in client.get(address).headers


def test_a_hidden_record_answers_byte_for_byte_as_an_unknown_one(
    client: FlaskClient, sqlite_database: Database
) -> None:
    with sqlite_database.write() as session:
        version = store.next_version(session, SECOND_DAY)
        store.hide(session, dataset_version=version, kind=Kind.INCIDENT, record_id=records.STONE["id"])
    for pattern in ("/incidents/{}", "/incidents/{}.json", "/incidents/{}?dataset=1", "/incidents/{}.json?dataset=1"):
        hidden = client.get(pattern.format(records.STONE["reference"]))
        unknown = client.get(pattern.format("KGZ-2020-0099"))
        assert hidden.status_code == unknown.status_code == 404
        assert hidden.data == unknown.data
        assert sorted(hidden.headers) == sorted(unknown.headers)


def test_a_name_that_no_record_can_have_is_simply_unknown(client_on_both: FlaskClient) -> None:
    for name in ("kgz-2020-0003", "%00", "a%00", "%F0%9F%A6%8A", "..", "%ED%A0%80", "a" * 5000, "KGZ-2020-0003%20"):
        for folder in ("incidents", "topics", "outlets"):
            response = client_on_both.get(f"/{folder}/{name}")
            assert response.status_code == 404, name
            assert "There is no such page" in words(response)


def test_an_error_never_repeats_the_address(client: FlaskClient) -> None:
    assert "some-secret-word" not in client.get("/some-secret-word").get_data(as_text=True)


def test_the_public_site_takes_get_and_head_alone(client: FlaskClient) -> None:
    for rule, endpoint, _ in (*PAGES, *DATA):
        refused = client.post(filled(rule, endpoint))
        assert refused.status_code == 405
        is_data = endpoint in ENDPOINTS or endpoint in NOTHING_THERE
        assert refused.allow == ({"GET", "HEAD", "OPTIONS"} if is_data else {"GET", "HEAD"})


def test_an_unforeseen_error_shows_a_number_and_logs_the_same(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_arguments: object) -> None:
        raise RuntimeError("a private thing")

    monkeypatch.setattr(queries, "incident_page", fail)
    with caplog.at_level(logging.ERROR):
        response = client.get("/incidents?q=secret-search")
    assert response.status_code == 500
    check_headers(response)
    assert "a private thing" not in response.get_data(as_text=True)
    number = words(response).split("name this number: ")[1].split()[0]
    assert number in caplog.messages[0]
    assert "secret-search" not in caplog.text


def test_a_database_that_cannot_be_read_is_said_to_be_out_of_reach(tmp_path: Path) -> None:
    settings = Settings(instance=tmp_path, database_url=f"sqlite:///{tmp_path / 'no' / 'such.sqlite'}", secret_key="x")
    database = Database(settings)
    try:
        client = create_app(settings, database).test_client()
        for address, mimetype in (("/incidents", "text/html"), ("/incidents.json", "application/json")):
            response = client.get(address)
            assert response.status_code == 503
            assert response.mimetype == mimetype
            assert response.headers["Retry-After"] == "30"
            check_headers(response)
    finally:
        database.dispose()


def test_reading_every_page_changes_nothing(client: FlaskClient, sqlite_database: Database) -> None:
    before = _everything_in(sqlite_database)
    for address in _addresses():
        client.get(address, buffered=True)
    assert _everything_in(sqlite_database) == before


def _everything_in(database: Database) -> list[str]:
    path = sqlite_path(database.url)
    assert path is not None
    with contextlib.closing(sqlite3.connect(path)) as connection:
        return list(connection.iterdump())


@pytest.mark.parametrize("host", ["..", "x" * 300, "a b", "evil.example/x", 'a"><script>', "host:99999", ""])
def test_a_host_that_is_no_name_is_refused(client: FlaskClient, host: str) -> None:
    for address in ("/", "/incidents.csv", "/nothing"):
        response = client.get(address, headers={"Host": host})
        assert response.status_code == 400
        assert response.mimetype == "text/plain"
        check_headers(response)


def test_any_host_is_answered_unless_the_operator_names_them(
    sqlite_settings: Settings, sqlite_database: Database
) -> None:
    publish(sqlite_database, as_publications())
    settings = dataclasses.replace(sqlite_settings, hosts=("register.example", ".onion", "192.0.2.1"))
    open_to_all = create_app(sqlite_settings, sqlite_database).test_client()
    named = create_app(settings, sqlite_database).test_client()
    for host, status in {
        "register.example": 200,
        "register.example:8080": 200,
        "abc.onion": 200,
        "192.0.2.1:8000": 200,
        "evil.example": 400,
        "register.example.evil.example": 400,
        "www.register.example": 400,
    }.items():
        for address in ("/incidents", "/incidents.json", "/static/site.css"):
            with (
                open_to_all.get(address, headers={"Host": host}) as to_all,
                named.get(address, headers={"Host": host}) as to_named,
            ):
                assert (to_all.status_code, to_named.status_code) == (200, status), host
                check_headers(to_named)
                assert status == 200 or "evil" not in to_named.get_data(as_text=True)


def test_robots_may_read_the_records_and_not_each_filter(client: FlaskClient) -> None:
    text = client.get("/robots.txt").get_data(as_text=True)
    assert "Allow: /\n" in text
    assert "Disallow: /incidents?\n" in text
    refused = [line.partition(": ")[2] for line in text.splitlines() if line.startswith("Disallow: ")]
    patterns = [re.escape(start).replace(r"\*", ".*") for start in refused]
    takes_a_filter = [rule for rule, name, _ in DATA if name in ENDPOINTS and "country" in ENDPOINTS[name].parameters]
    for address in (*takes_a_filter, "/dashboard", "/ru/report", "/ru/map.svg", "/crosswalk/cpj"):
        assert any(re.match(pattern, f"{address}?country=KG") for pattern in patterns), address


def test_what_robots_are_told_takes_no_parameter_and_has_a_tag(client: FlaskClient) -> None:
    refused = client.get("/robots.txt?country=KG")
    assert (refused.status_code, "does not take this parameter" in words(refused)) == (400, True)
    held = {"If-None-Match": client.get("/robots.txt").headers["ETag"]}
    assert client.get("/robots.txt", headers=held).status_code == 304


def test_citations_use_the_address_that_the_operator_set(sqlite_settings: Settings, sqlite_database: Database) -> None:
    publish(sqlite_database, as_publications())
    settings = dataclasses.replace(sqlite_settings, base_url="https://register.example")
    client = create_app(settings, sqlite_database).test_client()
    response = client.get("/incidents/KGZ-2020-0003", headers={"Host": "evil.example"})
    assert "https://register.example/incidents/KGZ-2020-0003?dataset=1" in words(response)
    assert "evil.example" not in response.get_data(as_text=True)
