"""The answers of the OpenAPI document: what each status means, what it carries, and what its headers say."""

from __future__ import annotations

from typing import Any

from tracker.web.public.api.endpoints import XLSX, DataEndpoint
from tracker.web.public.api.shapes import ref

Object = dict[str, Any]

TAG = r'^(W/)?"[^"]+"$'
COUNT: Object = {"type": "integer", "minimum": 0}
ASCII: Object = {"type": "string", "pattern": "^[ -~]*$"}
_HEADERS: dict[str, tuple[str, Object]] = {
    "ETag": (
        "Changes with every publication and with the program; sent back as `If-None-Match` it brings 304 until then.",
        {"type": "string", "pattern": TAG},
    ),
    "Cache-Control": ("Ask again each time: what was taken back must not live on in a cache.", {"type": "string"}),
    "Vary": ("What else the answer depends on.", {"type": "string"}),
    "Access-Control-Allow-Origin": ("Pages of any other site may read this.", {"const": "*"}),
    "X-Dataset-Version": ("Number of the dataset version that the answer was made from.", COUNT),
    "X-As-Of": ("When that version was published (UTC).", {"type": "string", "format": "date-time"}),
    "X-Licence": ("Address of the licence of the data.", {"type": "string", "format": "uri"}),
    "X-Row-Count": ("How many there are in the answer, or how many were counted for it.", COUNT),
    "X-Unit": ("What was counted.", {"type": "string"}),
    "X-Unavailable": ("How many incidents of that version were taken back since, for somebody's safety.", COUNT),
    "X-Filter": ("The applied filter in words; what is not ASCII as percent-encoded UTF-8.", ASCII),
    "X-Place-Credits": ("Who is to be named for the places in it, percent-encoded like X-Filter.", ASCII),
    "X-Next": ("The `after` of the next page, where there is one.", {"type": "string"}),
    "Link": ("The address of the next page, where there is one (RFC 8288).", {"type": "string"}),
    "X-SHA256": ("SHA-256 of the whole file in hexadecimal digits.", {"type": "string", "pattern": "^[0-9a-f]{64}$"}),
    "Repr-Digest": ("The same hash in the form of RFC 9530.", {"type": "string", "pattern": "^sha-256=:.+:$"}),
    "Content-Range": ("Which part of how many bytes came.", {"type": "string", "pattern": "^bytes "}),
    "Content-Disposition": ("The name under which to keep the file.", {"type": "string"}),
    "Retry-After": ("After how many seconds to ask again.", {"type": "integer", "minimum": 1}),
    "RateLimit-Limit": ("How many such requests one address may make in a minute.", COUNT),
    "RateLimit-Remaining": ("How many of them are left.", COUNT),
    "RateLimit-Reset": ("After how many seconds all of them are there again.", {"type": "integer", "minimum": 1}),
}
# What says nothing before there is something to say: no date before a publication, no count where nobody is counted.
RATES = ("RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset")
_NOT_ALWAYS = frozenset({"X-As-Of", "X-Licence", "X-Place-Credits", "X-Next", "Link", "Vary", *RATES})
ALWAYS = ("Cache-Control", "Access-Control-Allow-Origin")

_REFUSALS = {
    400: (
        "BadRequest",
        "A parameter is unknown, malformed, or contradicts another: all that is wrong, and what is allowed.",
    ),
    404: ("NotFound", "There is no such thing, or it may not be seen: both answer alike."),
    410: ("Gone", "It was withdrawn; or it is public, but its content at that version may no longer be shown."),
    414: ("AddressTooLong", "The address is too long: use fewer values, or download more and filter it."),
    416: ("NoSuchPart", "The file is shorter than the part that was asked for."),
    429: ("TooManyRequests", "Too many files, figures or searches from one address in one minute."),
    500: ("Fault", "A fault of this program, noted under the number that the answer gives."),
    503: ("OutOfReach", "It cannot be read just now: the database, or a file that is being made anew."),
    507: ("NoRoom", "There is no room to make this file in."),
}
_SENT_BACK = {416: ("Content-Range",), 429: ("Retry-After", *RATES), 503: ("Retry-After",)}


def header_components() -> Object:
    """All headers by name."""
    return {
        name: {"description": words, "required": name not in _NOT_ALWAYS, "schema": schema}
        for name, (words, schema) in _HEADERS.items()
    }


def response_components() -> Object:
    """All answers that are the same wherever they are given."""
    unchanged = {"description": "You hold this answer already.", "headers": _headers("ETag", *ALWAYS)}
    return {"NotModified": unchanged, **{name: _refusal(status) for status, (name, _) in _REFUSALS.items()}}


def _refusal(status: int) -> Object:
    name, words = _REFUSALS[status]
    schema = ref("Gone" if name == "Gone" else "Error")
    return {
        "description": words,
        "headers": _headers(*ALWAYS, "Vary", *_SENT_BACK.get(status, ())),
        "content": {"application/json": {"schema": schema}},
    }


def responses_of(entry: DataEndpoint) -> Object:
    """Every answer that a data endpoint can give, by status."""
    counted = entry.work is not None or entry.takes_words
    of_files = (*((416,) if entry.kept_whole else ()), *((507,) if "Repr-Digest" in entry.headers else ()))
    refusals = sorted({400, 414, 500, 503, *entry.missing, *of_files, *((429,) if counted else ())})
    common = {status: {"$ref": f"#/components/responses/{_REFUSALS[status][0]}"} for status in refusals}
    found = {200: _found(entry, counted), 304: {"$ref": "#/components/responses/NotModified"}, **common}
    if entry.kept_whole:
        part = _found(entry, counted)
        found[206] = {
            **part,
            "description": "A part of it.",
            "headers": {**part["headers"], **_headers("Content-Range")},
        }
    return {str(status): found[status] for status in sorted(found)}


def _found(entry: DataEndpoint, counted: bool) -> Object:
    said = ("ETag", *ALWAYS, "Vary", *entry.headers, *entry.sometimes, *(RATES if counted else ()))
    return {
        "description": entry.summary,
        "headers": _headers(*said),
        "content": {entry.bare_type: _content(entry)},
    }


def _content(entry: DataEndpoint) -> Object:
    if entry.schema:
        return {"schema": ref(entry.schema)}
    # What is no text is bytes, which have no schema.
    return {} if entry.kept_whole or entry.bare_type == XLSX else {"schema": {"type": "string"}}


def _headers(*names: str) -> Object:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}
