"""Answers are compressed for whoever can read them so, and hold the same."""

import gzip

import pytest
from flask.testing import FlaskClient

GZIP = {"Accept-Encoding": "gzip, deflate, br"}
COMPRESSED = ("/", "/incidents", "/data", "/map.svg", "/static/vendor/leaflet/leaflet.js", "/static/site.css")


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


def test_the_desk_and_whole_exports_are_never_compressed(client: FlaskClient) -> None:
    for address in ("/staff/", "/staff/sign-in", "/incidents.csv"):
        assert "Content-Encoding" not in client.get(address, headers=GZIP, buffered=True).headers


def test_an_answer_that_is_refused_or_asked_for_in_part_is_sent_as_it_is(client: FlaskClient) -> None:
    assert "Content-Encoding" not in client.get("/incidents?colour=red", headers=GZIP, buffered=True).headers
    part = client.get("/static/site.css", headers={**GZIP, "Range": "bytes=0-99"}, buffered=True)
    assert part.status_code == 206
    assert len(part.data) == 100
    assert "Content-Encoding" not in part.headers
    assert "Content-Encoding" not in client.get("/incidents", headers={"Accept-Encoding": "gzip;q=0, br"}).headers
