"""XLSX and ZIP over HTTP: made once, sent whole or in parts, and not beyond a quarantine."""

import base64
import errno
import logging
from collections.abc import Iterator
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import openpyxl
import pytest
from flask.testing import FlaskClient

from tests.support.shared import application
from tests.web import records
from tests.web.conftest import SECOND_DAY, an_incident_to_publish, as_publications, publish
from tracker.dataset import store
from tracker.dataset.exports import FORMATS
from tracker.dataset.exports.shelf import Busy, Shelf, TakenBack
from tracker.dataset.fields import Kind
from tracker.db import Database
from tracker.settings import Settings
from tracker.web.public import stored

STORED = [form.path for form in FORMATS.values() if form.is_stored]


def _hide(database: Database, record_id: str) -> None:
    with database.write() as session:
        version = store.next_version(session, SECOND_DAY)
        store.hide(session, dataset_version=version, kind=Kind.INCIDENT, record_id=record_id)


def _files(settings: Settings) -> list[Path]:
    return sorted(settings.exports.rglob("*.file"))


@pytest.mark.parametrize("path", STORED)
def test_a_stored_file_says_its_hash_and_can_be_had_in_parts(client: FlaskClient, path: str) -> None:
    whole = client.get(path, buffered=True)
    assert whole.status_code == 200
    assert whole.headers["X-SHA256"] == sha256(whole.data).hexdigest()
    digest = base64.b64encode(sha256(whole.data).digest()).decode()
    assert whole.headers["Repr-Digest"] == f"sha-256=:{digest}:"
    assert (whole.content_length, whole.headers["Accept-Ranges"]) == (len(whole.data), "bytes")
    assert whole.headers["X-Row-Count"] == str(len(records.INCIDENTS))
    etag = whole.headers["ETag"]
    rest = client.get(path, headers={"Range": "bytes=1000-", "If-Range": etag}, buffered=True)
    assert (rest.status_code, rest.headers["ETag"]) == (206, etag)
    assert rest.headers["Content-Range"] == f"bytes 1000-{len(whole.data) - 1}/{len(whole.data)}"
    assert whole.data[:1000] + rest.data == whole.data
    middle = client.get(path, headers={"Range": "bytes=10-19"}, buffered=True)
    assert middle.data == whole.data[10:20]
    other = client.get(path, headers={"Range": "bytes=10-19", "If-Range": '"another"'}, buffered=True)
    assert (other.status_code, other.data) == (200, whole.data)
    assert client.get(path, headers={"Range": "bytes=999999999-"}, buffered=True).status_code == 416
    assert client.get(path, headers={"If-None-Match": etag}, buffered=True).status_code == 304
    told = client.head(path)
    assert (told.status_code, told.data, told.content_length) == (200, b"", len(whole.data))


def test_a_file_is_made_once_and_anew_after_a_publication(
    client: FlaskClient, sqlite_settings: Settings, sqlite_database: Database
) -> None:
    first = client.get("/incidents.xlsx", buffered=True)
    assert client.get("/incidents.xlsx", buffered=True).data == first.data
    assert client.get("/incidents.xlsx?country=KG", buffered=True).data != first.data
    assert len(_files(sqlite_settings)) == 2
    _hide(sqlite_database, records.STONE["id"])
    # Any page is enough for the older files to go.
    assert client.get("/about").status_code == 200
    assert _files(sqlite_settings) == []
    book = openpyxl.load_workbook(BytesIO(client.get("/incidents.xlsx", buffered=True).data))
    found = {row[0].value for row in book["incidents"].iter_rows(min_row=2)}
    assert records.STONE["reference"] not in found
    assert len(found) == len(records.INCIDENTS) - 1


def test_the_public_site_needs_no_more_of_the_database_than_to_read_it(
    settings: Settings, database: Database, client_on_both: FlaskClient
) -> None:
    for path in STORED:
        assert client_on_both.get(path, buffered=True).status_code == 200
    names = ZipFile(BytesIO(client_on_both.get("/incidents.zip", buffered=True).data)).namelist()
    assert "datapackage.json" in names


def test_a_download_ends_where_something_in_it_is_taken_back(
    client: FlaskClient, sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stored, "SECONDS_BETWEEN_LOOKS", 0.0)
    monkeypatch.setattr(stored, "PIECE", 1000)
    response = client.get("/incidents.zip")
    pieces: Iterator[bytes] = iter(response.iter_encoded())
    assert len(next(pieces)) == 1000
    publish(sqlite_database, [an_incident_to_publish(records.STONE | {"verification": "confirmed"})], SECOND_DAY)
    # What was merely added or corrected breaks nobody's download.
    assert len(next(pieces)) == 1000
    _hide(sqlite_database, records.STONE["id"])
    with pytest.raises(ConnectionResetError):
        list(pieces)
    response.close()


@pytest.mark.parametrize(
    ("problem", "status"),
    [(OSError(errno.ENOSPC, "No space left on device"), 507), (Busy(), 503), (TakenBack(), 503)],
)
def test_a_file_that_cannot_be_made_is_refused_in_words(
    client: FlaskClient,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    problem: Exception,
    status: int,
) -> None:
    def fail(*_arguments: object) -> None:
        raise problem

    monkeypatch.setattr(Shelf, "get", fail)
    with caplog.at_level(logging.ERROR):
        response = client.get("/incidents.zip?q=secret-search")
    assert response.status_code == status
    assert response.get_json()["error"]["title"]
    assert "ETag" not in response.headers
    assert "secret-search" not in caplog.text
    assert ("Retry-After" in response.headers) == (status == 503)


def test_where_nothing_can_be_written_the_other_files_still_come(
    sqlite_settings: Settings, sqlite_database: Database
) -> None:
    publish(sqlite_database, as_publications())
    sqlite_settings.instance.mkdir(exist_ok=True)
    sqlite_settings.exports.write_text("a file where the folder should be")
    client = application(sqlite_settings, sqlite_database).test_client()
    assert client.get("/incidents.zip").status_code == 507
    assert client.get("/incidents.csv").status_code == 200
