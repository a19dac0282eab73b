"""Answers that are kept in memory: the same bytes as before, and nothing that outlives what it was made from."""

from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask, Response, request
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError

from tests.web import records
from tests.web.conftest import SECOND_DAY, an_incident_to_publish, as_publications, publish
from tracker.app import create_app
from tracker.dataset import store
from tracker.dataset.fields import Kind
from tracker.db import Database
from tracker.settings import Settings
from tracker.web.kept import OVERHEAD, Kept, Memory

LIST = "/incidents?country=KG"
GZIP = {"Accept-Encoding": "gzip, br"}


@pytest.fixture
def app(settings: Settings, database: Database) -> Flask:
    """The application over the small published dataset, on both databases, with a memory of its own."""
    publish(database, as_publications())
    return create_app(settings, database, only="public")


@pytest.fixture
def reader(app: Flask) -> FlaskClient:
    """Somebody who reads it."""
    return app.test_client()


@pytest.fixture
def made(app: Flask) -> list[str]:
    """The addresses for which the application itself was asked, in their order."""
    asked: list[str] = []

    def note(response: Response) -> Response:
        asked.append(request.path)
        return response

    app.after_request(note)
    return asked


def _hide(database: Database) -> None:
    incident = records.INCIDENTS[0]
    with database.write() as session:
        version = store.next_version(session, SECOND_DAY)
        store.hide(session, dataset_version=version, kind=Kind.INCIDENT, record_id=incident["id"])


def test_asking_again_gives_the_same_answer_without_making_it_again(reader: FlaskClient, made: list[str]) -> None:
    for path in (LIST, "/ru/incidents", "/about", "/withdrawn.json", f"/incidents/{records.INCIDENTS[0]['reference']}"):
        for headers in ({}, GZIP):
            first = reader.get(path, headers=headers)
            made.clear()
            again = reader.get(path, headers=headers)
            assert made == [], path
            assert (again.status, again.data, list(again.headers)) == (first.status, first.data, list(first.headers))


def test_a_reader_who_holds_the_answer_is_told_so_from_memory_as_by_the_application(
    reader: FlaskClient, made: list[str]
) -> None:
    tag = reader.get(LIST).headers["ETag"]
    made.clear()
    for held in (tag, f"W/{tag}", f'"another", {tag}'):
        answer = reader.get(LIST, headers={"If-None-Match": held})
        assert (answer.status_code, answer.data, answer.headers["ETag"]) == (304, b"", tag)
        assert answer.headers["Cache-Control"] == "no-cache"
        assert answer.headers["Vary"] == "Accept-Encoding"
        assert "Content-Type" not in answer.headers
    assert made == []
    for other in ('"another"', "*", "", '"'):
        assert reader.get(LIST, headers={"If-None-Match": other}).status_code == 200


def test_what_was_first_asked_for_by_somebody_who_held_it_is_still_answered_to_others(
    app: Flask, reader: FlaskClient, made: list[str]
) -> None:
    tag = reader.get(LIST).headers["ETag"]
    fresh = create_app(app.extensions["tracker_settings"], app.extensions["tracker_database"], only="public")
    other = fresh.test_client()
    for _ in range(2):
        assert other.get(LIST, headers={"If-None-Match": tag}).status_code == 304
    assert other.get(LIST).data == reader.get(LIST).data


def test_nothing_outlives_a_quarantine(app: Flask, reader: FlaskClient, database: Database) -> None:
    reference = records.INCIDENTS[0]["reference"]
    paths = ("/incidents", "/", f"/incidents/{reference}", f"/incidents/{reference}.json", "/ru/incidents", "/map.json")
    tags = {}
    for path in paths:
        for headers in ({}, GZIP):
            answer = reader.get(path, headers=headers)
            assert answer.status_code == 200
            tags[path] = answer.headers["ETag"]
    assert len(app.extensions["tracker_kept"]) == 2 * len(paths)
    _hide(database)
    for path in paths:
        for headers in ({}, GZIP, {"If-None-Match": tags[path]}):
            answer = reader.get(path, headers=headers)
            assert answer.status_code != 304, path
            assert answer.status_code == (404 if reference in path else 200)
            if headers is not GZIP:
                assert reference.encode() not in answer.data, path


def test_each_publication_is_seen_by_the_very_next_request(reader: FlaskClient, database: Database) -> None:
    before = reader.get("/incidents").data
    another = records.INCIDENTS[0] | {"id": "id-new", "reference": "KGZ-2020-0999"}
    publish(database, [an_incident_to_publish(another)], SECOND_DAY)
    after = reader.get("/incidents").data
    assert b"KGZ-2020-0999" not in before
    assert b"KGZ-2020-0999" in after


def test_another_host_scheme_language_query_or_encoding_is_another_answer(reader: FlaskClient) -> None:
    here = reader.get("/about").data
    assert b"http://other.example/about" in reader.get("/about", headers={"Host": "other.example"}).data
    assert b"https://localhost/about" in reader.get("/about", base_url="https://localhost").data
    assert b'lang="ru"' in reader.get("/ru/about").data
    assert reader.get("/about", headers=GZIP).headers["Content-Encoding"] == "gzip"
    assert reader.get("/about", headers={"Accept-Encoding": "gzip;q=0"}).data == here
    assert reader.get("/about?country=KG").status_code == 400
    assert reader.get("/incidents?country=KG").data != reader.get("/incidents?country=KZ").data
    assert reader.get("/about").data == here


def test_only_whole_public_answers_that_are_alike_for_all_are_kept(app: Flask, reader: FlaskClient) -> None:
    for path in ("/incidents.csv", "/incidents?country=Narnia", "/nowhere", "/robots.txt",
                 "/data/schema.json", "/incidents?utm_source=x", "/incidents?q=kloop", "/?q=kloop"):  # fmt: skip
        reader.get(path)
        reader.head("/incidents")
        reader.post("/incidents")
    assert len(app.extensions["tracker_kept"]) == 0
    assert reader.head("/incidents").data == b""


def test_an_answer_with_a_header_of_one_reader_is_not_kept(app: Flask, reader: FlaskClient) -> None:
    def remember(response: Response) -> Response:
        response.headers["X-Left-For-You"] = "9"
        return response

    app.after_request(remember)
    reader.get("/incidents")
    assert len(app.extensions["tracker_kept"]) == 0


def test_a_database_out_of_reach_is_said_so_whatever_is_kept(
    app: Flask, reader: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert reader.get("/incidents").status_code == 200
    database: Database = app.extensions["tracker_database"]

    def fail(*_: Any) -> Any:
        raise OperationalError("", None, Exception("gone"))

    database.dispose()
    for engine in ("connect", "raw_connection"):
        monkeypatch.setattr(database._public, engine, fail)
    assert reader.get("/incidents").status_code == 503


def test_nothing_is_kept_before_the_first_publication(settings: Settings, database: Database) -> None:
    app = create_app(settings, database, only="public")
    for _ in range(2):
        assert app.test_client().get("/incidents").status_code == 200
    assert len(app.extensions["tracker_kept"]) == 0


def test_the_memory_is_bounded_in_bytes_and_forgets_what_was_asked_for_longest_ago() -> None:
    memory, under = Memory(most_bytes=3 * (OVERHEAD + 100)), ("stamp", 1)
    for name in "abc":
        memory.get(under, (name,))
        memory.put(under, (name,), Kept('"tag"', [], [], bytes(100)))
    assert memory.get(under, ("a",)) is not None
    memory.put(under, ("d",), Kept('"tag"', [], [], bytes(100)))
    assert [name for name in "abcd" if memory.get(under, (name,))] == ["a", "c", "d"]
    memory.put(under, ("e",), Kept('"tag"', [], [], bytes(2_000_000)))
    assert memory.get(under, ("e",)) is None
    assert len(memory) == 3
    # A slow answer of an earlier version comes too late.
    memory.get(("next", 1), ("a",))
    memory.put(under, ("a",), Kept('"tag"', [], [], b""))
    assert len(memory) == 0
    assert memory.get(("next", 1), ("a",)) is None


def test_an_answer_is_kept_for_a_day_at_most(reader: FlaskClient, made: list[str], monkeypatch: Any) -> None:
    reader.get("/incidents")
    made.clear()
    tomorrow = datetime.now(UTC).timestamp() + 86_400
    monkeypatch.setattr("tracker.web.kept.time.time", lambda: tomorrow)
    reader.get("/incidents")
    assert made == ["/incidents"]
