"""Answers are compressed for whoever can read them so, and hold the same."""

import gzip
import hashlib
import zlib
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from tracker.dataset import releases
from tracker.db import Database
from tracker.settings import Settings
from tracker.web.compression import _compressed_while_sent

GZIP = {"Accept-Encoding": "gzip, deflate, br"}
COMPRESSED = (
    "/",
    "/incidents",
    "/data",
    "/incidents.atom",
    "/summary.json",
    "/map.svg",
    "/static/vendor/leaflet/leaflet.js",
    "/static/site.css",
)


@pytest.mark.parametrize("address", COMPRESSED)
def test_a_compressed_answer_holds_the_same_in_fewer_bytes(client: FlaskClient, address: str) -> None:
    plain, packed = client.get(address, buffered=True), client.get(address, headers=GZIP, buffered=True)
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    assert len(packed.data) < len(plain.data) * 0.8
    assert int(packed.headers["Content-Length"]) == len(packed.data)
    assert "Accept-Encoding" in plain.headers["Vary"]
    assert "Accept-Encoding" in packed.headers["Vary"]


@pytest.mark.parametrize("address", COMPRESSED)
def test_whoever_holds_an_answer_is_told_so_however_it_was_sent(client: FlaskClient, address: str) -> None:
    for headers in ({}, GZIP):
        etag = client.get(address, headers=headers, buffered=True).headers["ETag"]
        for again in ({}, GZIP):
            response = client.get(address, headers={"If-None-Match": etag, **again}, buffered=True)
            assert response.status_code == 304
            assert response.data == b""


def test_a_file_that_a_browser_has_already_is_not_kept_open(client: FlaskClient) -> None:
    etag = client.get("/static/site.css", buffered=True).headers["ETag"]
    with client.application.test_request_context("/static/site.css", headers={"If-None-Match": etag}):
        response = client.application.full_dispatch_request()
    assert (response.status_code, response.direct_passthrough) == (304, False)


WHOLE_FILES = ("/incidents.csv", "/acts.csv", "/incidents.json", "/incidents.jsonl", "/incidents.geojson")


@pytest.mark.parametrize("address", WHOLE_FILES)
def test_a_whole_file_is_compressed_while_it_is_sent(client: FlaskClient, address: str) -> None:
    plain, packed = client.get(address, buffered=True), client.get(address, headers=GZIP, buffered=True)
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert packed.headers["ETag"] == f"W/{plain.headers['ETag']}"
    assert gzip.decompress(packed.data) == plain.data
    assert len(packed.data) < len(plain.data) * 0.8
    assert "Content-Length" not in packed.headers
    assert packed.headers["X-Row-Count"] == plain.headers["X-Row-Count"]
    for etag in (plain.headers["ETag"], packed.headers["ETag"]):
        assert client.get(address, headers={**GZIP, "If-None-Match": etag}).status_code == 304


def test_a_file_of_a_release_keeps_its_bytes(
    client: FlaskClient, sqlite_database: Database, sqlite_settings: Settings
) -> None:
    releases.create(sqlite_database, sqlite_settings.releases, "2026.1")
    for file in client.get("/releases.json").get_json()["releases"][0]["files"]:
        sent = client.get(file["path"], headers=GZIP, buffered=True)
        assert "Content-Encoding" not in sent.headers
        assert sent.content_length == len(sent.data) == file["bytes"], "or nobody gets to its end"
        assert hashlib.sha256(sent.data).hexdigest() == file["sha256"] == sent.get_etag()[0]
        part = client.get(file["path"], headers={**GZIP, "Range": "bytes=5-", "If-Range": sent.headers["ETag"]})
        assert (part.status_code, part.data) == (206, sent.data[5:])


@pytest.mark.parametrize("address", [*COMPRESSED, *WHOLE_FILES])
def test_a_head_request_is_told_of_the_compressed_answer_too(client: FlaskClient, address: str) -> None:
    asked, told = client.get(address, headers=GZIP, buffered=True), client.head(address, headers=GZIP, buffered=True)
    assert told.data == b""
    for name in ("Content-Encoding", "Content-Length", "Content-Type", "ETag", "Vary"):
        assert told.headers.get(name) == asked.headers.get(name), name


def test_the_first_piece_of_a_file_is_sent_before_the_next_is_made() -> None:
    made, ended = [], []

    def pieces() -> Iterator[bytes]:
        try:
            for number in range(3):
                made.append(number)
                yield b"%d" % number * 200_000
        finally:
            ended.append(True)

    packed = _compressed_while_sent(pieces())
    reader = zlib.decompressobj(wbits=31)
    read = b""
    while len(read) < 200_000:
        read += reader.decompress(next(packed))
    assert made == [0]
    # Who goes away in the middle leaves nothing open.
    packed.close()  # type: ignore[attr-defined]  # It is a generator.
    assert ended == [True]


def test_the_desk_is_never_compressed(client: FlaskClient) -> None:
    for address in ("/staff/", "/staff/sign-in"):
        assert "Content-Encoding" not in client.get(address, headers=GZIP, buffered=True).headers


def test_an_answer_that_is_refused_or_asked_for_in_part_is_sent_as_it_is(client: FlaskClient) -> None:
    assert "Content-Encoding" not in client.get("/incidents?colour=red", headers=GZIP, buffered=True).headers
    part = client.get("/static/site.css", headers={**GZIP, "Range": "bytes=0-99"}, buffered=True)
    assert part.status_code == 206
    assert len(part.data) == 100
    assert "Content-Encoding" not in part.headers
    assert "Content-Encoding" not in client.get("/incidents", headers={"Accept-Encoding": "gzip;q=0, br"}).headers
