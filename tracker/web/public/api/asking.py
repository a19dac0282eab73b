"""What holds for every request for data before a view sees it: who may read it, and what it is counted as."""

from __future__ import annotations

from collections.abc import Iterator

from flask import Flask, Response, g, request

from tracker.web import allowances
from tracker.web.allowances import Work
from tracker.web.public.api.document import BLUEPRINT
from tracker.web.public.api.endpoints import ENDPOINTS, DataEndpoint

A_DAY = "86400"
ALLOWED_HEADERS = "If-None-Match"
"""What pages of other sites may send along: the tag of the answer that they hold, which browsers ask about first."""


def init_app(app: Flask) -> None:
    """Let requests for data pass through here, and count what is costly. Call it before other checks."""
    app.before_request(_open_to_other_sites)
    allowances.init_app(app, work_asked)


def asked_endpoint() -> DataEndpoint | None:
    """What gives the data that is asked for, or None for a page and for an address that is none."""
    return ENDPOINTS.get((request.endpoint or "").removeprefix(BLUEPRINT)) if request.blueprint == "public" else None


def work_asked() -> Iterator[Work]:
    """What this request is counted as, unless the asker holds the answer already."""
    entry = asked_endpoint()
    if entry is not None and entry.work is not None:
        yield entry.work
    if request.args.get("q", "").strip():
        yield Work.SEARCHES


def _open_to_other_sites() -> Response | None:
    """Mark the answer as data, refusals included; answer a browser that asks whether it may ask."""
    if asked_endpoint() is None:
        return None
    g.is_public_data = True
    if request.method != "OPTIONS":
        return None
    response = Response(status=204)
    response.headers["Allow"] = response.headers["Access-Control-Allow-Methods"] = "GET, HEAD, OPTIONS"
    response.headers["Access-Control-Allow-Headers"] = ALLOWED_HEADERS
    response.headers["Access-Control-Max-Age"] = A_DAY
    return response
