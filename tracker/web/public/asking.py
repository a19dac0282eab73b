"""How a request asks: its query string as a filter, the version that it pins, and what a page does not take."""

from collections.abc import Callable, Iterable
from functools import wraps
from urllib.parse import quote, unquote_to_bytes, urlencode

from flask import Response, redirect, request
from werkzeug.exceptions import BadRequest, RequestURITooLarge
from werkzeug.wrappers import Response as AnyResponse

from tracker.dataset.filters import MOST_PARAMETERS, DatasetFilter
from tracker.dataset.problems import FilterError, Problem
from tracker.phrases import phrase

LONGEST_ADDRESS = 8_000
VERSION_PARAMETERS = ("as_of", "dataset")

# Social networks and mail programs add these to links that people share, to follow them around.
TRACKING = frozenset({"fbclid", "gclid", "dclid", "msclkid", "yclid", "igshid", "mc_cid", "mc_eid", "twclid"})
TRACKING_PREFIX = "utm_"

View = Callable[..., Response | str]


def refuse_strange_hosts() -> Response | None:
    """Refuse a request for another site's host, or for what is no host at all, since links would lead there.

    The answer is plain text: without a host there are no addresses to put into a page.
    """
    if isinstance(request.routing_exception, BadRequest) or not request.host:
        return Response("There is no such site here.\n", 400, mimetype="text/plain")
    return None


def refuse_unreadable_addresses() -> None:
    """Refuse an address that is longer than any filter needs, or not in UTF-8, before anything reads it."""
    if len(request.query_string) + len(request.path) > LONGEST_ADDRESS:
        raise RequestURITooLarge
    try:
        unquote_to_bytes(request.query_string).decode()
    except UnicodeDecodeError:
        # Werkzeug would hand such bytes on as their percent-encoding, and the text search would look for that.
        raise FilterError([Problem("query", "", phrase("The address is not written in UTF-8."))]) from None


def pairs() -> list[tuple[str, str]]:
    """The query string as it came, in pairs."""
    return list(request.args.items(multi=True))


def asked_filter() -> DatasetFilter:
    """The filter of this request; raises `FilterError`."""
    return DatasetFilter.parse(pairs())


def asked_version() -> DatasetFilter:
    """The version for which one record is asked; every other parameter is refused."""
    refuse_parameters(allowed=VERSION_PARAMETERS)
    return asked_filter()


def refuse_parameters(allowed: Iterable[str] = ()) -> None:
    """Raise `FilterError` for parameters that this page does not take: none is ever ignored."""
    taken = tuple(allowed)
    if len(pairs()) > MOST_PARAMETERS:
        # The filter says so in one sentence; one for each of thousands would be a long answer to a short question.
        asked_filter()
    strange = [
        Problem.of(name, value, phrase("This page does not take this parameter."), taken)
        for name, value in pairs()
        if name not in taken
    ]
    if strange:
        raise FilterError(strange)


def without_trackers(view: View) -> View:
    """Send a shared link on to the same page without the marks that others added to it."""

    @wraps(view)
    def wrapped(*arguments: object, **values: object) -> Response | AnyResponse | str:
        kept = [(name, value) for name, value in pairs() if not _is_tracking(name)]
        if len(kept) == len(pairs()):
            return view(*arguments, **values)
        query = f"?{urlencode(kept)}" if kept else ""
        return redirect(quote(request.path) + query, 302)

    return wrapped  # type: ignore[return-value]  # A redirect is a response too, of the base class.


def _is_tracking(name: str) -> bool:
    return name in TRACKING or name.startswith(TRACKING_PREFIX)
