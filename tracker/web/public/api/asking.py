"""What holds for every request for data before a view sees it: who may read it, and what it is counted as."""

from __future__ import annotations

from collections.abc import Iterator

from flask import Flask, Response, current_app, g, request
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from tracker.web import allowances
from tracker.web.allowances import Work
from tracker.web.public.api.document import BLUEPRINT
from tracker.web.public.api.endpoints import COSTLY_PAGES, ENDPOINTS, NOTHING_THERE, DataEndpoint

A_DAY = "86400"
ALLOWED_HEADERS = "If-None-Match"
"""What pages of other sites may send along: the tag of the answer that they hold, which browsers ask about first."""


def init_app(app: Flask) -> None:
    """Let requests for data pass through here, and count what is costly. Call it before other checks."""
    app.before_request(_open_to_other_sites)
    allowances.init_app(app, work_asked)


def asked_endpoint() -> DataEndpoint | None:
    """What gives the data that is asked for, or None for a page and for an address that is none."""
    return ENDPOINTS.get(_name())


def _name() -> str:
    """Which address of the public site is asked for, whatever the method; empty for any other."""
    endpoint = request.endpoint or ""
    if isinstance(request.routing_exception, MethodNotAllowed):
        endpoint = _read_with_get()
    return endpoint.removeprefix(BLUEPRINT) if endpoint.startswith(BLUEPRINT) else ""


def _read_with_get() -> str:
    """The endpoint that answers GET at the address of this request; empty where nothing does."""
    adapter = current_app.create_url_adapter(request)
    try:
        return str(adapter.match(method="GET")[0]) if adapter else ""
    except HTTPException:
        return ""


def work_asked() -> Iterator[Work]:
    """What this request is counted as, unless the asker holds the answer already."""
    entry = asked_endpoint()
    if entry is not None and entry.work is not None:
        yield entry.work
    if (work := COSTLY_PAGES.get(_name())) is not None:
        yield work
    if request.args.get("q", "").strip():
        yield Work.SEARCHES


def _open_to_other_sites() -> Response | None:
    """Mark the answer as data, refusals included; answer a browser that asks whether it may ask."""
    if asked_endpoint() is None and _name() not in NOTHING_THERE:
        return None
    g.is_public_data = True
    if request.method != "OPTIONS" or request.routing_exception is not None:
        return None
    response = Response(status=204)
    response.headers["Allow"] = response.headers["Access-Control-Allow-Methods"] = "GET, HEAD, OPTIONS"
    response.headers["Access-Control-Allow-Headers"] = ALLOWED_HEADERS
    response.headers["Access-Control-Max-Age"] = A_DAY
    return response
