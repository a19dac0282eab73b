"""What a data answer says of itself: version, day, filter, rows, unit and licence, in its headers and in JSON."""

import re
from datetime import datetime
from hashlib import sha256
from typing import Any
from urllib.parse import quote

from flask import Response

from tracker.dataset.editions import Edition
from tracker.dataset.exports import ExportMeta
from tracker.dataset.exports.meta import iso_instant
from tracker.web.public.context import licence

LONGEST_HEADER = 2_000
# What XML 1.0 has no place for, not even as a reference: most control characters, halves of pairs, two non-characters.
_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def describe(response: Response, meta: ExportMeta) -> None:
    """Say in the headers what a CSV file has no room for."""
    say_edition(response, meta.dataset_version, meta.as_of)
    response.headers["X-Row-Count"] = str(meta.rows)
    response.headers["X-Unit"] = meta.unit
    response.headers["X-Unavailable"] = str(meta.unavailable)
    response.headers["X-Filter"] = ascii_words("; ".join(meta.filter) or "all incidents")
    if meta.licence:
        response.headers["X-Licence"] = meta.licence.url
    if meta.next:
        response.headers["X-Next"] = meta.next
    if meta.credits:
        response.headers["X-Place-Credits"] = ascii_words("; ".join(credit.notice for credit in meta.credits))


def say_hash(response: Response) -> None:
    """Name the hash of an answer that is at hand as a whole."""
    response.headers["X-SHA256"] = sha256(response.get_data()).hexdigest()


def say_edition(response: Response, version: int, as_of: datetime | None) -> None:
    """Name the dataset version and when it was published."""
    response.headers["X-Dataset-Version"] = str(version)
    if at := iso_instant(as_of):
        response.headers["X-As-Of"] = at


def ascii_words(words: str) -> str:
    """Words as a header can hold them: what is not ASCII, and the percent sign, as percent-encoded UTF-8."""
    safe = "".join(chr(code) for code in range(0x20, 0x7F) if chr(code) != "%")
    encoded = quote(words, safe=safe)
    if len(encoded) <= LONGEST_HEADER:
        return encoded
    # The whole filter stands in the address; proxies refuse headers of many kilobytes.
    cut = encoded[:LONGEST_HEADER]
    return cut[: cut.rfind("%")] + "..." if "%" in cut[-2:] else cut + "..."


def meta_of(edition: Edition) -> dict[str, Any]:
    """Where an answer comes from and what may be done with it."""
    terms = licence()
    return {
        "dataset_version": edition.version,
        "as_of": iso_instant(edition.published_at),
        "licence": terms.value if terms else None,
        "licence_url": terms.url if terms else None,
    }


def xml(text: str) -> str:
    """A text as XML 1.0 can hold it; a browser shows nothing at all of a picture or a feed with other characters."""
    return _ILLEGAL.sub("\N{REPLACEMENT CHARACTER}", text)


def svg_answer(picture: str, meta: ExportMeta) -> Response:
    """A picture as an answer that says in its headers what it shows."""
    response = Response(xml(picture), mimetype="image/svg+xml")
    describe(response, meta)
    return response


def json_answer(content: str, edition: Edition) -> Response:
    """A JSON text as an answer that also says in its headers which edition it was made from."""
    response = Response(content, mimetype="application/json")
    say_edition(response, edition.version, edition.published_at)
    if terms := licence():
        response.headers["X-Licence"] = terms.url
    return response


FILTERS = {"xml": xml}
