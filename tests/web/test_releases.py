"""Releases over HTTP: listed, described, handed out with their hashes, and never after something was taken back."""

import hashlib
import io
import json
import zipfile
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from tests.web import records
from tests.web.conftest import SECOND_DAY, an_incident_to_publish, publish
from tests.web.reading import links, words
from tracker.dataset import releases, store
from tracker.dataset.exports import FORMATS
from tracker.dataset.fields import Kind
from tracker.db import Database
from tracker.settings import Settings
from tracker.vocabulary import Nature
from tracker.web.public import releases as pages

SECRET = records.SPUTNIK_OFFICE


def hide(database: Database) -> None:
    with database.write() as session:
        version = store.next_version(session, SECOND_DAY)
        store.hide(session, dataset_version=version, kind=Kind.INCIDENT, record_id=SECRET["id"])


@pytest.fixture
def released(client: FlaskClient, sqlite_database: Database, sqlite_settings: Settings) -> FlaskClient:
    releases.create(sqlite_database, sqlite_settings.releases, "2026.1", notes="For the\nreport <b>.")
    return client


def test_a_release_is_listed_described_and_handed_out_with_its_hashes(
    client_on_both: FlaskClient, database: Database, settings: Settings
) -> None:
    assert "There is no release yet." in words(client_on_both.get("/releases"))
    held = client_on_both.get("/releases").headers["ETag"]
    releases.create(database, settings.releases, "2026.1", notes="For the\nreport <b>.")
    listed = client_on_both.get("/releases", headers={"If-None-Match": held})
    assert listed.status_code == 200, "a release is no dataset version, and ends what readers hold all the same"
    assert "/releases/2026.1" in links(listed)
    page = client_on_both.get("/releases/2026.1")
    assert "report <b>." in words(page)
    (entry,) = client_on_both.get("/releases.json").get_json()["releases"]
    assert len(entry["files"]) == len(FORMATS) + 7
    for file in entry["files"]:
        assert file["path"] in links(page)
        assert file["sha256"] in words(page)
        answer = client_on_both.get(file["path"])
        assert hashlib.sha256(answer.data).hexdigest() == file["sha256"] == answer.headers["X-SHA256"]
        assert answer.headers["ETag"] == f'"{file["sha256"]}"'
        assert answer.content_length == file["bytes"] == len(answer.data)
        assert answer.headers["X-Dataset-Version"] == "1"
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert answer.headers["Cache-Control"] == "no-cache"
    assert client_on_both.get("/releases/2026.1.json").data == client_on_both.get("/releases/2026.1/manifest.json").data
    same = client_on_both.get("/incidents.json?dataset=1").data
    assert client_on_both.get("/releases/2026.1/incidents.json").data == same


def test_a_part_of_a_file_and_a_file_that_is_held_already(released: FlaskClient) -> None:
    address = "/releases/2026.1/incidents.csv"
    whole = released.get(address)
    part = released.get(address, headers={"Range": "bytes=10-19"})
    assert (part.status_code, part.data) == (206, whole.data[10:20])
    assert part.headers["Content-Range"] == f"bytes 10-19/{len(whole.data)}"
    last = released.get(address, headers={"Range": "bytes=-5", "If-Range": whole.headers["ETag"]})
    assert (last.status_code, last.data) == (206, whole.data[-5:])
    other = released.get(address, headers={"Range": "bytes=-5", "If-Range": '"other"'})
    assert (other.status_code, other.data) == (200, whole.data)
    assert released.get(address, headers={"Range": "bytes=999999999-"}).status_code == 416
    held = released.get(address, headers={"If-None-Match": whole.headers["ETag"]})
    assert (held.status_code, held.data) == (304, b"")
    told = released.head(address)
    assert (told.status_code, told.data, told.content_length) == (200, b"", len(whole.data))


def test_nothing_of_a_release_outlives_a_quarantine(
    released: FlaskClient, sqlite_database: Database, sqlite_settings: Settings
) -> None:
    (entry,) = released.get("/releases.json").get_json()["releases"]
    held = {file["path"]: released.get(file["path"]).headers["ETag"] for file in entry["files"]}
    page_held = released.get("/releases/2026.1").headers["ETag"]
    hide(sqlite_database)
    # The files still lie where they lay: no job has run.
    assert len(list(Path(sqlite_settings.releases).rglob("incidents.csv"))) == 1
    for path, tag in held.items():
        for headers in ({}, {"If-None-Match": tag}, {"Range": "bytes=0-9"}):
            answer = released.get(path, headers=headers)
            assert (answer.status_code, answer.headers["Retry-After"]) == (503, "30"), path
            assert SECRET["reference"].encode() not in answer.data
    assert released.get("/releases/2026.1.json").status_code == 503
    page = released.get("/releases/2026.1", headers={"If-None-Match": page_held})
    assert page.status_code == 200
    assert "This release is being issued anew." in words(page)
    assert "being issued anew" in words(released.get("/releases"))
    (waiting,) = released.get("/releases.json").get_json()["releases"]
    assert (waiting["ready"], waiting["files"], waiting["unavailable"]) == (False, [], None)
    for file in entry["files"]:
        assert file["sha256"] not in words(page)

    releases.reissue(sqlite_database, sqlite_settings.releases)
    page = released.get("/releases/2026.1")
    assert "This is issue 2" in words(page)
    assert "1 incident that was public at that version is no longer available." in words(page)
    for path, tag in held.items():
        answer = released.get(path, headers={"If-None-Match": tag})
        if "incidents" in path:
            assert answer.status_code == 200, "whoever holds the old file is given the new one"
        assert SECRET["reference"].encode() not in answer.data
    with zipfile.ZipFile(io.BytesIO(released.get("/releases/2026.1/release-2026.1.zip").data)) as archive:
        assert all(SECRET["reference"].encode() not in archive.read(name) for name in archive.namelist())
    manifest = json.loads(released.get("/releases/2026.1/manifest.json").data)
    assert (manifest["issue"], manifest["unavailable"]) == (2, 1)


def test_a_file_that_is_being_sent_breaks_off_when_something_in_it_is_taken_back(
    released: FlaskClient, sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "BLOCK", 100)
    monkeypatch.setattr(pages, "SECONDS_BETWEEN_LOOKS", -1.0)
    with released.get("/releases/2026.1/incidents.csv", buffered=False) as answer:
        pieces = iter(answer.response)
        assert len(next(pieces)) == 100
        hide(sqlite_database)
        with pytest.raises(OSError, match="issued anew"):
            list(pieces)


def test_a_server_that_does_not_have_the_files_says_so_and_names_no_folder(
    released: FlaskClient, sqlite_settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    for file in sqlite_settings.releases.rglob("incidents.csv"):
        file.unlink()
    answer = released.get("/releases/2026.1/incidents.csv")
    assert answer.status_code == 503
    assert "No such file" in caplog.text
    assert str(sqlite_settings.releases).encode() not in answer.data


@pytest.mark.parametrize(
    "path",
    ["2026.2", "2026.2/incidents.csv", "2026.2.json", "2026.1/nothing.csv", "2026.1/..%2F.lock", "..%2F..%2Fsecret.key",
     "2026.1/.lock", "2026.1%00", "2026.1/incidents.csv%00", "２０２６.1", "2026.1/%2e%2e/%2e%2e/secret.key"],
)  # fmt: skip
def test_what_is_no_file_of_a_release_is_not_there(released: FlaskClient, path: str) -> None:
    assert released.get(f"/releases/{path}").status_code == 404


@pytest.mark.parametrize("path", ["", "/2026.1", "/2026.1.json", ".json", "/2026.1/incidents.csv"])
def test_releases_take_no_parameters(released: FlaskClient, path: str) -> None:
    assert released.get(f"/releases{path}?country=KG").status_code == 400


def test_two_releases_say_what_changed_between_them(
    released: FlaskClient, sqlite_database: Database, sqlite_settings: Settings
) -> None:
    new = SECRET | {"reference": "KGZ-2020-0099", "id": "id-kgz-2020-0099"}
    publish(sqlite_database, [an_incident_to_publish(new, Nature.ADDITION)], SECOND_DAY)
    releases.create(sqlite_database, sqlite_settings.releases, "2026.2")
    page = released.get("/releases/2026.2")
    assert "what changed since release 2026.1" in words(page)
    assert "Added 1 0 0 Corrected 0 0 0 Withdrawn 0 0 0 No longer available 0 0 0" in words(page)
    assert "/changes?since=1" in links(page)
    for link in {link for link in links(page) if link.startswith("/")}:
        assert released.get(link).status_code == 200, link
