"""How much costly work one asker may have done in a minute, so that nobody can take the site from everybody else.

Reading is never counted: pages, the map, single records, and whatever an asker holds already (304). Counted are whole
files, figures and text searches, each by itself; docs/api.md gives the reasons for the numbers. Each process counts
alone and in memory, by a keyed mark of the address whose key is made anew with the process: no address is kept.
"""

import hashlib
import ipaddress
import math
import secrets
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

from flask import Flask, Response, current_app, g
from limits import RateLimitItem, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter
from werkzeug.exceptions import TooManyRequests

from tracker.settings import Settings
from tracker.web.clients import client_address

OF_THE_INTERNET = ipaddress.IPv6Network("2000::/3")
"""The networks that are given out to anybody (RFC 4291); one's own machine lies outside."""
HEADERS = ("RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset")


class Work(StrEnum):
    """What is costly, and counted."""

    FILES = "files"
    FIGURES = "figures"
    SEARCHES = "searches"


WorkAsked = Callable[[], Iterable[Work]]
"""What the request at hand asks to have done; empty for reading."""


@dataclass(frozen=True, slots=True)
class _Left:
    """One allowance after a request was counted: how many a minute, how many are left, and for how many seconds."""

    limit: int
    remaining: int
    seconds: int


class Allowances:
    """The counts of one process."""

    def __init__(self, settings: Settings, work_asked: WorkAsked) -> None:
        a_minute = {
            Work.FILES: settings.files_a_minute,
            Work.FIGURES: settings.figures_a_minute,
            Work.SEARCHES: settings.searches_a_minute,
        }
        self._items: dict[Work, RateLimitItem] = {
            work: RateLimitItemPerMinute(number) for work, number in a_minute.items() if number
        }
        self._limiter = FixedWindowRateLimiter(MemoryStorage())
        self._key = secrets.token_bytes(32)
        self._work_asked = work_asked

    def charge(self) -> None:
        """Count what this request asks for, or raise `TooManyRequests` with the seconds to wait."""
        asked = [work for work in self._work_asked() if work in self._items]
        if not asked or (mark := self._mark()) is None:
            return
        for work in asked:
            item = self._items[work]
            granted = self._limiter.hit(item, work, mark)
            left = self._left(item, work, mark)
            if not granted or "allowance" not in g or left.remaining < g.allowance.remaining:
                g.allowance = left
            if not granted:
                raise TooManyRequests(retry_after=left.seconds)

    def _left(self, item: RateLimitItem, work: Work, mark: str) -> _Left:
        reset, remaining = self._limiter.get_window_stats(item, work, mark)
        return _Left(item.amount, remaining, max(1, math.ceil(reset - time.time())))

    def _mark(self) -> str | None:
        """A mark of whoever asks; None where the address stands for a proxy or an onion service, and so for everybody.

        Such an address is one of this machine or of its own network. Without `TRACKER_TRUSTED_PROXIES` nobody can say
        who is behind it, and all readers together must not share the allowance of one.
        """
        told = client_address()
        try:
            network = ipaddress.ip_network(told)
            if not network.is_global or (network.version == 6 and not network.subnet_of(OF_THE_INTERNET)):
                return None
        except ValueError:
            # A proxy of one's own wrote something else than an address; who sent it is at least told apart.
            pass
        return hashlib.blake2b(told.encode("utf-8", "replace"), key=self._key, digest_size=16).hexdigest()


def init_app(app: Flask, work_asked: WorkAsked) -> None:
    """Count in this application what `work_asked` says of each request."""
    app.extensions["tracker_allowances"] = Allowances(app.extensions["tracker_settings"], work_asked)


def charge() -> None:
    """Count what has to be made for this request; called once it is known that the asker does not hold it already."""
    allowances: Allowances = current_app.extensions["tracker_allowances"]
    allowances.charge()


def say(response: Response) -> None:
    """Say in the headers of a counted answer how much of the allowance is left."""
    left: _Left | None = g.get("allowance")
    if left is not None:
        for name, value in zip(HEADERS, (left.limit, left.remaining, left.seconds), strict=True):
            response.headers[name] = str(value)
