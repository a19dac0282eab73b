"""Finished public answers, kept in memory so that asking for them again costs next to nothing.

What is kept is what `unless_known` gave a tag: an answer of the public pages that is the same for everybody who asks
for this address in this form at this version of the dataset. Each request reads the stamp of the newest version first,
and whatever was kept under another stamp is thrown away: nothing outlives a publication, a restriction or a restored
backup. Nothing is kept for longer than the day (UTC), either.

Errors, redirects, whole exports, static files and the desk are never kept, nor is an answer with a header that is not
known to be the same for every reader. Nor are searches for words: whoever asked for the same could tell that somebody
has searched for that name before them. What was counted of the one for whom an answer was made is not said to others,
and not counted of them, since it costs nothing any more.
"""

import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from threading import Lock
from typing import TYPE_CHECKING, Any

from flask import Flask, Response, g, request
from werkzeug.datastructures import Headers
from werkzeug.http import parse_accept_header, parse_etags

from tracker.dataset.editions import newest_stamp
from tracker.db import Database, Unreadable
from tracker.settings import Settings
from tracker.web import allowances

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

MOST_BYTES = 16_000_000
"""How much one process keeps."""
LARGEST = 1_000_000
"""Larger answers are not worth their room."""
OVERHEAD = 2_000
"""What an answer takes beside its body: its headers and its key, in bytes."""
SECONDS_OF_A_DAY = 86_400

UNDER = "tracker.kept_under"
"""Where in the environment of a request its answer says under which stamp it may be kept."""

SHARED_HEADERS = frozenset(
    {
        "access-control-allow-origin",
        "access-control-expose-headers",
        "cache-control",
        "content-disposition",
        "content-encoding",
        "content-length",
        "content-security-policy",
        "content-type",
        "cross-origin-embedder-policy",
        "cross-origin-opener-policy",
        "cross-origin-resource-policy",
        "etag",
        "link",
        "permissions-policy",
        "referrer-policy",
        "strict-transport-security",
        "vary",
        "x-as-of",
        "x-content-type-options",
        "x-dataset-version",
        "x-filter",
        "x-licence",
        "x-next",
        "x-place-credits",
        "x-row-count",
        "x-sha256",
        "x-unavailable",
        "x-unit",
    }
)
"""Headers that say the same to every reader."""
OF_THE_BODY = frozenset({"content-disposition", "content-encoding", "content-length", "content-type", "x-sha256"})

Under = tuple[str, int]
"""What answers are kept under: the stamp of the newest version, and the day."""
_Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer as it went out; without its body where only a reader who held it has asked so far."""

    etag: str
    headers: list[tuple[str, str]]
    unchanged: list[tuple[str, str]]
    body: bytes | None

    @property
    def size(self) -> int:
        """How much of the memory it takes, in bytes."""
        return OVERHEAD + len(self.body or b"")


class Memory:
    """The answers asked for last, of one version of the dataset and one day, up to a number of bytes."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._most_bytes = most_bytes
        self._answers: OrderedDict[_Key, Kept] = OrderedDict()
        self._bytes = 0
        self._under: Under | None = None
        self._lock = Lock()

    def get(self, under: Under, key: _Key) -> Kept | None:
        """The answer kept under this stamp and day; what was kept under another is forgotten."""
        with self._lock:
            if under != self._under:
                self._answers.clear()
                self._bytes, self._under = 0, under
            found = self._answers.get(key)
            if found is not None:
                self._answers.move_to_end(key)
            return found

    def put(self, under: Under, key: _Key, kept: Kept) -> None:
        """Keep an answer, unless the memory has gone on to another version meanwhile."""
        with self._lock:
            if under != self._under or kept.size > LARGEST:
                return
            before = self._answers.pop(key, None)
            self._bytes += kept.size - (before.size if before else 0)
            self._answers[key] = kept
            while self._bytes > self._most_bytes:
                self._bytes -= self._answers.popitem(last=False)[1].size

    def __len__(self) -> int:
        return len(self._answers)


class KeptAnswers:
    """Stands before the application, answers what is kept, and keeps what the application says may be kept."""

    def __init__(
        self, application: "WSGIApplication", database: Database, memory: Memory, *, names_scheme: bool
    ) -> None:
        self._application = application
        self._database = database
        self._memory = memory
        self._names_scheme = names_scheme

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer one request."""
        # Neither a request with a body nor one for the headers alone is asked often enough to be worth it.
        under = kept_under(self._database) if environ["REQUEST_METHOD"] == "GET" else None
        if under is None:
            return self._application(environ, start_response)
        key = _key(environ, names_scheme=self._names_scheme)
        kept = self._memory.get(under, key)
        if kept is not None:
            if _is_held(environ.get("HTTP_IF_NONE_MATCH"), kept.etag):
                start_response("304 NOT MODIFIED", kept.unchanged.copy())
                return [b""]
            if kept.body is not None:
                start_response("200 OK", kept.headers.copy())
                return [kept.body]
        return self._made(environ, start_response, under, key)

    def _made(
        self, environ: "WSGIEnvironment", start_response: "StartResponse", under: Under, key: _Key
    ) -> Iterable[bytes]:
        """What the application answers, kept if it may be."""
        begun: list[Any] = []

        def begin(status: str, headers: list[tuple[str, str]], *rest: Any) -> Callable[[bytes], object]:
            begun[:] = [status, list(headers)]
            return start_response(status, headers, *rest)

        answer = self._application(environ, begin)
        if environ.get(UNDER) != under[0]:
            return answer
        try:
            body = b"".join(answer)
        finally:
            if hasattr(answer, "close"):
                answer.close()
        if (kept := _kept(begun[0], begun[1], body)) is not None:
            self._memory.put(under, key, kept)
        return [body]


def kept_under(database: Database) -> Under | None:
    """What answers are kept under now; None where nothing is published or the database cannot be read."""
    try:
        stamp = newest_stamp(database)
    except Unreadable:
        # The application meets the same fault, and has an answer to it.
        return None
    return (stamp, int(time.time() // SECONDS_OF_A_DAY)) if stamp else None


def init_app(app: Flask) -> None:
    """Keep answers of the public pages of an application. Call it before whatever gives answers their headers."""
    database: Database = app.extensions["tracker_database"]
    settings: Settings = app.extensions["tracker_settings"]
    app.extensions["tracker_kept"] = memory = Memory()
    # Full addresses are the site's own where the operator has said it, else those of the request.
    names_scheme = settings.base_url is None
    app.wsgi_app = KeptAnswers(  # type: ignore[method-assign]
        app.wsgi_app, database, memory, names_scheme=names_scheme
    )

    @app.after_request
    def _allow(response: Response) -> Response:
        # What is written while it is sent has no length yet, and a file of the program is no answer of a page.
        whole = response.is_sequence and not response.direct_passthrough
        stamp = g.get("edition_stamp") if g.get("etag") and not request.args.get("q", "").strip() else None
        if stamp and request.blueprint == "public" and whole and response.status_code in (200, 304):
            request.environ[UNDER] = stamp
        return response


def _key(environ: "WSGIEnvironment", *, names_scheme: bool) -> _Key:
    """All that an answer of the public pages depends on beside the version of the dataset."""
    return (
        environ.get("HTTP_HOST", ""),
        environ["wsgi.url_scheme"] if names_scheme else "",
        environ.get("SCRIPT_NAME", ""),
        environ["PATH_INFO"],
        environ.get("QUERY_STRING", ""),
        "gzip" if _takes_gzip(environ.get("HTTP_ACCEPT_ENCODING", "")) else "",
    )


@lru_cache(maxsize=256)
def _takes_gzip(accepted: str) -> bool:
    """Whether compressed answers are taken, as `compression` asks it."""
    return bool(parse_accept_header(accepted)["gzip"])


def _is_held(held: str | None, etag: str) -> bool:
    """Whether a reader says that they hold the answer of this tag (as it stands in the header), strong or weak."""
    if not held:
        return False
    bare = etag.removeprefix("W/")
    if held.removeprefix("W/") == bare:
        return True
    tags = parse_etags(held)
    # A star stands for any answer, and is taken no more seriously here than by `unless_known`.
    return not tags.star_tag and tags.contains_weak(bare.strip('"'))


def _kept(status: str, headers: list[tuple[str, str]], body: bytes) -> Kept | None:
    """An answer in the form in which it is kept, or None where a header may be meant for one reader."""
    headers = [(name, value) for name, value in headers if name not in allowances.HEADERS]
    names = {name.lower() for name, _ in headers}
    etag = Headers(headers).get("ETag")
    if etag is None or not names <= SHARED_HEADERS:
        return None
    unchanged = [(name, value) for name, value in headers if name.lower() not in OF_THE_BODY]
    return Kept(etag, headers, unchanged, body if status.startswith("200") else None)
