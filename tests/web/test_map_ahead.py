"""The front page is made ahead, kept for each edition, and never longer."""

import gzip
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from flask import Flask, Response, request
from flask.testing import FlaskClient

from tests.web import records
from tests.web.conftest import SECOND_DAY, an_incident_to_publish, as_publications, publish
from tracker.app import create_app
from tracker.dataset import store
from tracker.dataset.editions import dataset_version
from tracker.dataset.fields import Kind
from tracker.dataset.map.memory import memory
from tracker.db import Database
from tracker.settings import Settings
from tracker.web.public.maps.ahead import Ahead

BROWSER = {"Accept-Encoding": "gzip, deflate, br, zstd"}
FRONT = ("/", "/ru/")


@contextmanager
def _made(app: Flask) -> Iterator[list[str]]:
    """The addresses for which the application itself is asked meanwhile, in their order."""
    asked: list[str] = []

    def note(response: Response) -> Response:
        asked.append(request.path)
        return response

    noting = app.after_request_funcs.setdefault(None, [])
    noting.append(note)
    yield asked
    noting.remove(note)


def test_the_front_page_lies_ready_for_browsers_and_programs_in_each_language(
    client_on_both: FlaskClient,
) -> None:
    app = client_on_both.application
    with _made(app) as made:
        assert Ahead(app).look()
        assert sorted(made) == sorted(2 * FRONT)
        made.clear()
        for path in FRONT:
            plain, zipped = client_on_both.get(path), client_on_both.get(path, headers=BROWSER)
            assert zipped.headers["Content-Encoding"] == "gzip"
            assert gzip.decompress(zipped.data) == plain.data
            for answer in (plain, zipped):
                held = {"If-None-Match": answer.headers["ETag"]}
                assert client_on_both.get(path, headers=held).status_code == 304
        assert made == []


def test_it_lies_ready_behind_a_proxy_that_does_not_say_how_it_was_reached(
    settings: Settings, database: Database
) -> None:
    publish(database, as_publications())
    settings = replace(settings, base_url="https://tracker.example", hosts=(".tracker.example",))
    app = create_app(settings, database, only="public")
    assert Ahead(app).look()
    with _made(app) as made:
        answer = app.test_client().get("/", base_url="http://tracker.example", headers=BROWSER)
    assert b"https://tracker.example/" in gzip.decompress(answer.data)
    assert made == []


def test_without_an_address_it_is_asked_for_under_the_first_name_of_the_site(
    settings: Settings, database: Database
) -> None:
    publish(database, as_publications())
    app = create_app(replace(settings, hosts=(".tracker.example", "localhost")), database, only="public")
    assert Ahead(app).look()
    with _made(app) as made:
        assert app.test_client().get("/", base_url="http://tracker.example").status_code == 200
    assert made == []


def test_what_lay_ready_is_made_anew_with_each_day(
    client_on_both: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    ahead = Ahead(client_on_both.application)
    assert ahead.look()
    tomorrow = datetime.now(UTC).timestamp() + 86_400
    monkeypatch.setattr("tracker.web.kept.time.time", lambda: tomorrow)
    assert ahead.look()
    with _made(client_on_both.application) as made:
        assert client_on_both.get("/").status_code == 200
    assert made == []


def test_before_the_first_publication_there_is_nothing_to_make(settings: Settings, database: Database) -> None:
    assert not Ahead(create_app(settings, database, only="public")).look()


def test_nothing_of_a_kept_page_outlives_a_quarantine(client_on_both: FlaskClient, database: Database) -> None:
    ahead = Ahead(client_on_both.application)
    ahead.look()
    assert "KGZ-2020-0001" in client_on_both.get("/").text
    assert b"KGZ-2020-0001" in gzip.decompress(client_on_both.get("/", headers=BROWSER).data)
    held = {path: client_on_both.get(path).headers["ETag"] for path in (*FRONT, "/embed/map")}
    with database.write() as session:
        version = store.next_version(session, SECOND_DAY)
        gone = next(each for each in records.INCIDENTS if each["reference"] == "KGZ-2020-0001")
        store.hide(session, dataset_version=version, kind=Kind.INCIDENT, record_id=gone["id"])
    for ready in (False, True):
        if ready:
            assert ahead.look()
        for path, tag in held.items():
            assert "KGZ-2020-0001" not in client_on_both.get(path).text
            assert b"KGZ-2020-0001" not in gzip.decompress(client_on_both.get(path, headers=BROWSER).data)
            assert client_on_both.get(path, headers={"If-None-Match": tag}).status_code == 200


def test_pages_of_a_filter_are_made_for_it_alone(client: FlaskClient) -> None:
    everything = client.get("/").text
    filtered = client.get("/?country=KG&q=nothing+of+the+kind").text
    assert "No published incident matches this filter." in filtered
    assert client.get("/").text == everything


def test_a_new_edition_is_counted_before_anybody_asks(client_on_both: FlaskClient, database: Database) -> None:
    ahead = Ahead(client_on_both.application)
    assert ahead.look()
    assert not ahead.look(), "nothing was published meanwhile"
    publish(database, [an_incident_to_publish(records.INCIDENTS[0])], at=datetime(2022, 1, 1, tzinfo=UTC))
    assert ahead.look()
    with database.public() as session:
        edition = dataset_version(session)
    assert memory.known(edition, ("table",)) is not None
    assert memory.known(edition, ("summary", "")).matching == len(records.INCIDENTS)
    # The script of a map under a filter is told the same as before.
    assert client_on_both.get("/map.json?country=KG").get_json()["counts"]["matching"] > 0


def test_making_ahead_goes_on_after_a_failure_and_ends_when_told(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    ahead = Ahead(client.application, every=0.01)
    looks = iter([RuntimeError("a private word"), None])

    def look() -> bool:
        problem = next(looks, None)
        if problem is None:
            ahead.stop()
            return True
        raise problem

    monkeypatch.setattr(ahead, "look", look)
    ahead.start()
    ahead.join(timeout=10)
    assert not ahead.is_alive()
    assert re.search(r"could not be made ahead: RuntimeError", caplog.text)
    assert "a private word" not in caplog.text
