"""Answers sent compressed to whoever can read them so: a poor line is where the map is slow, not the server.

Only what holds no secret is compressed, since the length of a compressed answer tells about what is in it: public
pages, their data, and static files; never a page of the desk. What is written while it is sent (whole exports) is
compressed piece by piece, without waiting for more of it. A server or proxy in front may compress instead: an answer
that it finds compressed it leaves alone.
"""

import gzip
import zlib
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from functools import lru_cache
from typing import cast

from flask import Flask, Response, request
from werkzeug.wsgi import FileWrapper

SMALLEST = 1_000
"""Shorter answers, in bytes, gain nothing."""
WHILE_SENT, QUICK, THOROUGH = 3, 6, 9
# Of an answer that is compressed while it is sent, so much at once: no more than that is held in memory twice.
PART = 1 << 16
TYPES = frozenset(
    {
        "application/atom+xml",
        "application/geo+json",
        "application/json",
        "application/jsonl",
        "application/schema+json",
        "application/vnd.citationstyles.csl+json",
        "application/x-bibtex",
        "image/svg+xml",
        "text/css",
        "text/csv",
        "text/html",
        "text/javascript",
        "text/plain",
    }
)


def init_app(app: Flask) -> None:
    """Compress the answers of the application. Call it before whatever gives answers their headers."""

    @app.after_request
    def _compress(response: Response) -> Response:
        if response.status_code == 304 and response.direct_passthrough:
            # Nothing of the file is sent, so that it need not stay open until the answer has gone.
            _close(response.response)
            response.direct_passthrough = False
            response.set_data(b"")
        if not _could_be_compressed(response):
            return response
        response.vary.add("Accept-Encoding")
        if not request.accept_encodings["gzip"]:
            return response
        if response.direct_passthrough:
            response.set_data(_compressed_file(_content_of_file(response)))
        elif not response.is_sequence:
            response.response = _compressed_while_sent(cast("Iterable[bytes]", response.response))
        elif len(body := response.get_data()) >= SMALLEST:
            response.set_data(gzip.compress(body, QUICK, mtime=0))
        else:
            return response
        response.content_encoding = "gzip"
        if etag := response.get_etag()[0]:
            # The same content in other bytes.
            response.set_etag(etag, weak=True)
        return response


def _compressed_while_sent(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The pieces of an answer as one gzip stream; the first is sent off whole, so that nobody waits for the next."""
    packer = zlib.compressobj(WHILE_SENT, wbits=16 + zlib.MAX_WBITS)
    with ExitStack() as stack:
        if hasattr(pieces, "close"):
            # An answer that nobody reads to its end gives back what it holds at once.
            stack.callback(pieces.close)
        first = True
        for piece in pieces:
            whole = memoryview(piece)
            for start in range(0, len(whole), PART):
                if packed := packer.compress(whole[start : start + PART]):
                    yield packed
            if first:
                yield packer.flush(zlib.Z_SYNC_FLUSH)
                first = False
        yield packer.flush()


def _content_of_file(response: Response) -> bytes:
    file = response.response
    response.direct_passthrough = False
    content = response.get_data()
    _close(file)
    return content


def _close(file: object) -> None:
    if isinstance(file, FileWrapper):
        file.close()


def _could_be_compressed(response: Response) -> bool:
    # A part of a file (206) keeps the bytes that were asked for, and so does a file that lies ready and says its length
    # and its hash, since a part of it may be asked for next.
    return (
        response.status_code == 200
        and (request.endpoint == "static" or request.blueprint == "public")
        and response.mimetype in TYPES
        and not response.content_encoding
        and ("X-SHA256" not in response.headers or response.is_sequence)
    )


@lru_cache(maxsize=128)
def _compressed_file(content: bytes) -> bytes:
    """A file of our own, which is compressed once and for all."""
    return gzip.compress(content, THOROUGH, mtime=0)
