"""Asking a service over HTTP without letting it hold us up, fill our memory or send us elsewhere.

The address is the operator's own choice, a machine of theirs included. Whatever answers there is not trusted: one
connection, one deadline for everything from the name of the host to the last byte, no redirect, no compression, no
cookie, no proxy from the environment, and a limit to the size.
"""

import http.client
import json
import queue
import socket
import ssl
import threading
from collections.abc import Callable, Mapping
from contextlib import closing, suppress
from functools import cached_property
from typing import Any, NoReturn
from urllib.parse import SplitResult, urlsplit

from geopy.adapters import AdapterHTTPError, BaseSyncAdapter
from geopy.exc import GeocoderParseError, GeocoderServiceError, GeocoderTimedOut, GeocoderUnavailable, GeopyError

LARGEST_ANSWER = 1_000_000
SECONDS = 5.0


class Redirected(GeocoderServiceError):  # type: ignore[misc]
    """The service answers from somewhere else, where nobody has allowed us to go."""


class Fetcher(BaseSyncAdapter):  # type: ignore[misc]
    """What geopy asks through: raises its exceptions and no others, none of them with a word of what was asked.

    `check` is given the parsed JSON before geopy reads it, and raises `ValueError` where it has another shape.
    """

    def __init__(self, check: Callable[[Any], object], ssl_context: ssl.SSLContext | None = None) -> None:
        super().__init__(proxies=None, ssl_context=ssl_context)
        self._check = check
        self._given = ssl_context

    @cached_property
    def _ssl_context(self) -> ssl.SSLContext:
        """What certificates are judged by; reading all that the system trusts takes long, so only where it is asked."""
        return self._given or ssl.create_default_context()

    def get_json(self, url: str, *, timeout: float, headers: Mapping[str, str]) -> Any:
        """The answer as parsed JSON of the right shape."""
        try:
            answer = json.loads(self.get_text(url, timeout=timeout, headers=headers), parse_constant=_no_number)
            self._check(answer)
        except (ValueError, RecursionError) as error:
            raise GeocoderParseError(f"the answer cannot be read: {type(error).__name__}") from None
        return answer

    def get_text(self, url: str, *, timeout: float, headers: Mapping[str, str]) -> str:
        """The answer as text. Takes no longer than `timeout`, whatever happens on the way."""
        opened: list[socket.socket] = []
        ended: queue.SimpleQueue[bytes | GeopyError | AdapterHTTPError] = queue.SimpleQueue()

        def fetch() -> None:
            try:
                ended.put(self._fetch(urlsplit(url), timeout, headers, opened))
            except (GeopyError, AdapterHTTPError) as error:
                ended.put(error)
            except Exception as error:
                ended.put(_in_geopys_words(error))

        # Only a thread can be left behind while it waits for the name of a host.
        threading.Thread(target=fetch, name="geocoding", daemon=True).start()
        try:
            got = ended.get(timeout=timeout)
        except queue.Empty:
            _hang_up(opened)
            raise GeocoderTimedOut("no whole answer in time") from None
        if isinstance(got, bytes):
            return got.decode("utf-8")
        raise got

    def _fetch(
        self, address: SplitResult, timeout: float, headers: Mapping[str, str], opened: list[socket.socket]
    ) -> bytes:
        host, port = address.hostname or "", address.port
        connection = (
            http.client.HTTPSConnection(host, port, timeout=timeout, context=self._ssl_context)
            if address.scheme == "https"
            else http.client.HTTPConnection(host, port, timeout=timeout)
        )
        with closing(connection):
            connection.connect()
            # The connection lets go of its socket before the answer is read.
            opened.append(connection.sock)
            wanted = {"Accept": "application/json", "Accept-Encoding": "identity", "Connection": "close"}
            connection.request("GET", f"{address.path}?{address.query}", headers={**headers, **wanted})
            with closing(connection.getresponse()) as response:
                return _body_of(response)


def _body_of(response: http.client.HTTPResponse) -> bytes:
    if 300 <= response.status < 400:
        raise Redirected("the service answers from elsewhere")
    if response.status != http.client.OK:
        # What else it says is of no use, and may repeat what was asked.
        headers = {name.lower(): value for name, value in response.getheaders()}
        raise AdapterHTTPError(f"status {response.status}", status_code=response.status, headers=headers, text="")
    if response.getheader("Content-Encoding", "identity") != "identity":
        raise GeocoderParseError("the answer is compressed, which was not asked for")
    promised = response.length
    body = response.read(LARGEST_ANSWER + 1)
    if len(body) > LARGEST_ANSWER:
        raise GeocoderParseError("the answer is too large")
    if promised is not None and len(body) < promised:
        raise GeocoderParseError("the answer was cut off")
    return body


def _in_geopys_words(error: Exception) -> GeopyError:
    if isinstance(error, TimeoutError):
        return GeocoderTimedOut("no whole answer in time")
    if isinstance(error, ssl.SSLError):
        return GeocoderServiceError("no safe connection")
    if isinstance(error, OSError):
        return GeocoderUnavailable("cannot be reached")
    if isinstance(error, http.client.HTTPException):
        return GeocoderParseError("the answer is no HTTP")
    return GeocoderServiceError(type(error).__name__)


def _hang_up(opened: list[socket.socket]) -> None:
    """Wake the thread that waits for the answer; it closes its connection itself."""
    for each in opened:
        with suppress(OSError):
            each.shutdown(socket.SHUT_RDWR)


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number of JSON")
