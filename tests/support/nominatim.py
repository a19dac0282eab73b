"""A geocoding service on this machine that speaks the protocols of Nominatim and of Photon, well or badly.

It is a real HTTP server; every request that reaches it is kept. What it answers is chosen by setting `answer` to one
of the functions below, or to any other that writes to a handler.
"""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from typing import Any
from urllib.parse import parse_qs, urlsplit

LICENCE = "Data © OpenStreetMap contributors, ODbL 1.0. http://osm.org/copyright"

Place = dict[str, Any]


def osh(**other: Any) -> Place:
    """Osh as Nominatim tells of it."""
    return {
        "place_id": 1, "licence": LICENCE, "osm_type": "node", "osm_id": 27539876, "lat": "40.5139", "lon": "72.8161",
        "category": "place", "type": "city", "place_rank": 16, "importance": 0.54, "addresstype": "city",
        "name": "Osh", "display_name": "Osh, Osh Region, Kyrgyzstan",
        "address": {"city": "Osh", "state": "Osh Region", "country": "Kyrgyzstan", "country_code": "kg"},
        "namedetails": {"name": "Ош", "name:en": "Osh", "alt_name": "Osch;Och"},
        "boundingbox": ["40.35", "40.67", "72.65", "72.97"],
    } | other  # fmt: skip


def theatre(**other: Any) -> Place:
    """A building in Bishkek."""
    return osh() | {
        "osm_type": "way", "osm_id": 77, "lat": "42.8786", "lon": "74.6117", "category": "amenity", "type": "theatre",
        "place_rank": 30, "addresstype": "amenity", "name": "Opera and Ballet Theatre",
        "display_name": "Opera and Ballet Theatre, Soviet Street, Bishkek, Kyrgyzstan", "namedetails": None,
        "address": {"amenity": "Opera and Ballet Theatre", "road": "Soviet Street", "city": "Bishkek",
                    "country": "Kyrgyzstan", "country_code": "kg"},
    } | other  # fmt: skip


def photon_osh(**other: Any) -> Place:
    """Osh as Photon tells of it."""
    told = {"osm_type": "N", "osm_id": 27539876, "osm_key": "place", "osm_value": "city", "type": "city",
            "name": "Osh", "state": "Osh Region", "country": "Kyrgyzstan", "countrycode": "KG"}  # fmt: skip
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [72.8161, 40.5139]},
        "properties": told | other,
    }


@dataclass(frozen=True, slots=True)
class Asked:
    """One request that reached the service: when (seconds of the machine's clock), for what, and with what headers."""

    at: float
    path: str
    query: dict[str, str]
    headers: dict[str, str]


Answering = Callable[[BaseHTTPRequestHandler], None]


def places(*found: Place) -> Answering:
    """Answer as Nominatim does."""
    return body(json.dumps(list(found)))


def features(*found: Place) -> Answering:
    """Answer as Photon does."""
    return body(json.dumps({"type": "FeatureCollection", "features": list(found)}))


def body(text: str | bytes, *, status: int = 200, kind: str = "application/json", **headers: str) -> Answering:
    """Answer with anything."""
    content = text if isinstance(text, bytes) else text.encode()

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        handler.send_header("Content-Type", kind)
        handler.send_header("Content-Length", str(len(content)))
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(content)

    return answer


def slowly(seconds: float, then: Answering) -> Answering:
    """Answer after a while."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        time.sleep(seconds)
        then(handler)

    return answer


def drop_by_drop(seconds: float, *, in_the_body: bool = False) -> Answering:
    """Send a header, or a body, that never ends, a byte at a time, for so long."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        ends = time.monotonic() + seconds
        handler.wfile.write(b"HTTP/1.1 200 OK\r\n" + (b"\r\n[" if in_the_body else b"X-Long: "))
        while time.monotonic() < ends:
            handler.wfile.write(b" ")
            time.sleep(0.05)

    return answer


def cut_off(promised: int, text: str) -> Answering:
    """Promise more than is sent."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", str(promised))
        handler.end_headers()
        handler.wfile.write(text.encode())

    return answer


def no_http(handler: BaseHTTPRequestHandler) -> None:
    """Answer in a language of its own."""
    handler.wfile.write(b"SSH-2.0-OpenSSH\r\n\r\n")


def hang_up(handler: BaseHTTPRequestHandler) -> None:
    """Close the connection without a word."""
    handler.connection.close()


@dataclass
class Service:
    """The running service: where it is, what it answers, and what it was asked."""

    url: str
    answer: Answering
    asked: list[Asked] = field(default_factory=list)

    @property
    def gaps(self) -> list[float]:
        """The seconds between requests that followed one another."""
        times = sorted(each.at for each in self.asked)
        return [later - earlier for earlier, later in pairwise(times)]


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Whoever hangs up on us is not our business."""


@contextmanager
def serving(answer: Answering) -> Iterator[Service]:
    """A service that answers so, on a free port of this machine."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            query = {name: values[0] for name, values in parse_qs(parts.query).items()}
            service.asked.append(Asked(time.monotonic(), parts.path, query, dict(self.headers.items())))
            service.answer(self)

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

    server = _Server(("127.0.0.1", 0), Handler)
    service = Service(f"http://127.0.0.1:{server.server_address[1]}", answer)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield service
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
