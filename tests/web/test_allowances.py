"""What is counted of one asker, and that nobody who reads ever meets it."""

import dataclasses
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.web.conftest import as_publications, publish
from tracker.app import create_app
from tracker.db import Database
from tracker.settings import Settings
from tracker.web.clients import client_address

READER, OTHER, PROXY = "1.2.3.4", "1.2.3.5", "10.0.0.7"
RATES = ("RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset")

Made = Callable[..., FlaskClient]


@pytest.fixture
def made(sqlite_settings: Settings, sqlite_database: Database) -> Made:
    """Makes an application of its own over the small dataset, with other settings, and a client of it."""
    publish(sqlite_database, as_publications())

    def maker(**choices: Any) -> FlaskClient:
        return create_app(dataclasses.replace(sqlite_settings, **choices), sqlite_database).test_client()

    return maker


def _from(address: str) -> dict[str, str]:
    return {"REMOTE_ADDR": address}


def test_two_hundred_pages_in_a_minute_meet_no_limit(made: Made) -> None:
    # With the limits that everybody has who sets none: an evening at the site, by way of its own links.
    client = made()
    session = (
        "/",
        "/incidents",
        "/incidents?q=kloop",
        "/incidents?violation=assault",
        "/incidents/KGZ-2020-0003",
        "/map.json?box=69,39,81,44&zoom=7",
        "/map/spot?lat=42.87&lon=74.59&part=list",
        "/map.svg",
        "/embed/map",
        "/data",
    )
    for number in range(200):
        answer = client.get(session[number % len(session)], environ_overrides=_from(READER))
        assert answer.status_code == 200, (number, session[number % len(session)])
    # Of these a few also save the list.
    assert client.get("/incidents.csv", environ_overrides=_from(READER)).status_code == 200


@pytest.mark.parametrize(
    ("choice", "address", "free"),
    [
        ("files_a_minute", "/incidents.csv?country=KG", "/incidents/KGZ-2020-0003.json"),
        ("figures_a_minute", "/map.svg?country=KG", "/map.json"),
        ("figures_a_minute", "/report?country=ZW", "/incidents"),
        ("files_a_minute", "/report.pdf?country=ZW", "/incidents"),
        ("searches_a_minute", "/incidents?q=kloop", "/incidents"),
        ("searches_a_minute", "/map.json?q=kloop", "/map.json"),
    ],
)
def test_what_is_costly_is_counted_for_each_asker(made: Made, choice: str, address: str, free: str) -> None:
    client = made(**{choice: 2})
    first, second, third = (f"{address}&from=2020-01-0{day}" for day in (1, 2, 3))
    etag = ""
    for left, asked in ((1, first), (0, second)):
        answer = client.get(asked, environ_overrides=_from(READER), buffered=True)
        etag = answer.headers["ETag"]
        assert answer.status_code == 200
        assert [answer.headers[name] for name in RATES[:2]] == ["2", str(left)]
        assert 1 <= int(answer.headers["RateLimit-Reset"]) <= 60
    refused = client.get(third, environ_overrides=_from(READER))
    assert refused.status_code == 429
    assert refused.headers["Retry-After"] == refused.headers["RateLimit-Reset"]
    assert refused.headers["RateLimit-Remaining"] == "0"
    assert "ETag" not in refused.headers
    assert refused.headers["Content-Security-Policy"].startswith("default-src 'none'")
    is_data = ".csv" in address or ".svg" in address or ".json" in address
    assert refused.mimetype == ("application/json" if is_data else "text/html")
    assert ("Access-Control-Allow-Origin" in refused.headers) == is_data
    # What they hold already, what is free, and what others ask for is answered all the same.
    held = client.get(second, environ_overrides=_from(READER), headers={"If-None-Match": etag})
    assert held.status_code == 304
    assert not any(name in held.headers for name in RATES)
    for path, who in ((free, READER), (third, OTHER)):
        answer = client.get(path, environ_overrides=_from(who), buffered=True)
        assert answer.status_code == 200
    assert not any(name in client.get(free, environ_overrides=_from(READER)).headers for name in RATES)


def test_what_lies_ready_is_counted_of_nobody_and_says_nothing_of_whom_it_was_made_for(made: Made) -> None:
    client = made(figures_a_minute=1)
    first = client.get("/summary", environ_overrides=_from(READER))
    assert first.headers["RateLimit-Remaining"] == "0"
    for who in (READER, OTHER):
        again = client.get("/summary", environ_overrides=_from(who))
        assert (again.status_code, again.data) == (200, first.data)
        assert not any(name in again.headers for name in RATES)
        held = {"If-None-Match": again.headers["ETag"]}
        assert not any(
            name in client.get("/summary", environ_overrides=_from(who), headers=held).headers for name in RATES
        )
    assert client.get("/summary?by=year", environ_overrides=_from(READER)).status_code == 429
    assert client.get("/summary?by=year", environ_overrides=_from(OTHER)).status_code == 200


def test_a_refused_query_costs_nothing(made: Made) -> None:
    client = made(files_a_minute=1)
    for _ in range(5):
        assert client.get("/incidents.csv?colour=red", environ_overrides=_from(READER)).status_code == 400
    assert client.get("/incidents.csv", environ_overrides=_from(READER)).status_code == 200


def test_without_a_limit_nothing_is_counted(made: Made) -> None:
    client = made(files_a_minute=0, searches_a_minute=0, figures_a_minute=0)
    for _ in range(70):
        answer = client.get("/incidents.csv?q=kloop", environ_overrides=_from(READER), buffered=True)
        assert answer.status_code == 200
        assert "RateLimit-Limit" not in answer.headers
    page = client.get("/data/api").get_data(as_text=True)
    assert "429" not in page


def test_behind_a_proxy_or_an_onion_service_readers_do_not_share_one_allowance(made: Made) -> None:
    # Nobody has said how many proxies there are: the address says nothing of who asks.
    client = made(files_a_minute=1)
    for address in ("127.0.0.1", "::1", PROXY, "fd00::1"):
        for _ in range(3):
            answer = client.get("/incidents.csv", environ_overrides=_from(address), buffered=True)
            assert answer.status_code == 200
    # Here it was said, and what a reader writes into the header is not believed.
    client = made(files_a_minute=1, trusted_proxies=1)
    for told, status in ((f"{OTHER}, {READER}", 200), (f"9.9.9.9, {READER}", 429), (OTHER, 200)):
        answer = client.get("/incidents.csv", environ_overrides=_from(PROXY), headers={"X-Forwarded-For": told})
        assert answer.status_code == status, told


@pytest.mark.parametrize(
    ("remote", "counted"),
    [
        ("1.2.3.4", "1.2.3.4"),
        ("2a00:1450:4001:81b::200e", "2a00:1450:4001:81b::/64"),
        # A server that listens on both kinds of address sees the older ones so: they are no one network.
        ("::ffff:1.2.3.4", "1.2.3.4"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", ""),
        ("a" * 100, "a" * 64),
    ],
)
def test_an_address_is_counted_by_the_network_of_one_asker(client: FlaskClient, remote: str, counted: str) -> None:
    with client.application.test_request_context("/", environ_overrides=_from(remote)):
        assert client_address() == counted


def test_no_address_is_kept(made: Made) -> None:
    client = made()
    address = "123.45.67.89"
    assert client.get("/incidents.csv", environ_overrides=_from(address), buffered=True).status_code == 200
    allowances = client.application.extensions["tracker_allowances"]
    kept = repr(vars(allowances._limiter.storage))
    assert "files" in kept
    assert address not in kept
