"""How a request asks: its query string as a filter, the version that it pins, and what a page does not take."""

from collections.abc import Callable, Iterable
from functools import wraps
from urllib.parse import urlencode

from flask import Response, redirect, request
from werkzeug.exceptions import RequestURITooLarge
from werkzeug.wrappers import Response as AnyResponse

from tracker.dataset.filters import DatasetFilter
from tracker.dataset.problems import FilterError, Problem

LONGEST_ADDRESS = 8_000
VERSION_PARAMETERS = ("as_of", "dataset")

# Social networks and mail programs add these to links that people share, to follow them around.
TRACKING = frozenset({"fbclid", "gclid", "dclid", "msclkid", "yclid", "igshid", "mc_cid", "mc_eid", "twclid"})
TRACKING_PREFIX = "utm_"

View = Callable[..., Response | str]


def refuse_long_addresses() -> None:
    """Refuse an address that no filter needs, before anything reads it."""
    if len(request.query_string) + len(request.path) > LONGEST_ADDRESS:
        raise RequestURITooLarge


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
    strange = [
        Problem.of(name, value, "This page does not take this parameter.", taken)
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
        return redirect(request.path + query, 302)

    return wrapped  # type: ignore[return-value]  # A redirect is a response too, of the base class.


def _is_tracking(name: str) -> bool:
    return name in TRACKING or name.startswith(TRACKING_PREFIX)
