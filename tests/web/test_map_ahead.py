"""The front page is made ahead and kept for each edition, and never longer."""

import gzip
import re
from datetime import UTC, datetime

import pytest
from flask.testing import FlaskClient

from tests.web import records
from tests.web.conftest import SECOND_DAY, an_incident_to_publish, publish
from tracker.dataset import store
from tracker.dataset.editions import dataset_version
from tracker.dataset.fields import Kind
from tracker.dataset.map.memory import memory
from tracker.db import Database
from tracker.web.public.maps import page
from tracker.web.public.maps.ahead import Ahead

ZIPPED = {"Accept-Encoding": "gzip"}


def test_the_front_page_is_made_once_for_each_edition_and_language(
    client_on_both: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = {path: client_on_both.get(path).data for path in ("/", "/ru/", "/embed/map")}
    monkeypatch.setattr(page, "_made", lambda *_: pytest.fail("made anew"))
    for path, content in first.items():
        assert client_on_both.get(path).data == content
        zipped = client_on_both.get(path, headers=ZIPPED)
        assert zipped.headers["Content-Encoding"] == "gzip"
        assert gzip.decompress(zipped.data) == content
        assert client_on_both.get(path, headers={"If-None-Match": zipped.headers["ETag"]}).status_code == 304


def test_nothing_of_a_kept_page_outlives_a_quarantine(client_on_both: FlaskClient, database: Database) -> None:
    assert "KGZ-2020-0001" in client_on_both.get("/").text
    with database.write() as session:
        version = store.next_version(session, SECOND_DAY)
        gone = next(each for each in records.INCIDENTS if each["reference"] == "KGZ-2020-0001")
        store.hide(session, dataset_version=version, kind=Kind.INCIDENT, record_id=gone["id"])
    for path in ("/", "/ru/", "/embed/map"):
        assert "KGZ-2020-0001" not in client_on_both.get(path).text
        assert "KGZ-2020-0001" not in gzip.decompress(client_on_both.get(path, headers=ZIPPED).data).decode()


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
