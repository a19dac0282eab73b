"""Asking an outside service for a place: by choice, seldom, and never for a place that is confidential.

What is sent is the words of the place and its country, and nothing else of a record. What comes back is a candidate
for a person to look at, or an answer where one place alone bears the name that was asked for.
"""

import logging
import secrets
from importlib.metadata import version

from geopy.adapters import AdapterHTTPError
from geopy.exc import (
    GeocoderAuthenticationFailure,
    GeocoderInsufficientPrivileges,
    GeocoderParseError,
    GeocoderQueryError,
    GeocoderQuotaExceeded,
    GeocoderRateLimited,
    GeocoderTimedOut,
    GeocoderUnavailable,
    GeopyError,
)

from tracker.db import Database
from tracker.geocoding import cache
from tracker.geocoding.answers import Answer, Outcome, Wanted
from tracker.geocoding.choosing import answer_of, names_asked
from tracker.geocoding.fetching import Redirected
from tracker.geocoding.services import service_at
from tracker.geocoding.turns import USUAL_PACE, NoTurn, Pace, Turns
from tracker.phrases import Phrase, phrase
from tracker.settings import RemoteGeocoder, Settings

LONGEST_QUESTION = 300

# geopy writes the addresses that it asks, and with them the words of places, into its log.
logging.getLogger("geopy").setLevel(logging.WARNING)

_TIMED_OUT = phrase("The geocoding service did not answer in time.")
_UNREACHABLE = phrase("The geocoding service cannot be reached.")
_UNREADABLE = phrase("The geocoding service gave an answer that cannot be read.")
_REFUSED = phrase("The geocoding service refuses to answer us. Look at its address and at the contact in the settings.")
_ERROR = phrase("The geocoding service reported an error.")
_ELSEWHERE = phrase("The geocoding service sends us to another address, where we do not go. Correct its address.")
_CONFIDENTIAL = phrase("This place is confidential; no outside service is asked about it.")
_TOO_LONG = phrase("This is too long to be asked for. Shorten it to the name of the place.")

# What each failure is called, the narrower kinds first.
_WORDS: tuple[tuple[type[Exception], Phrase], ...] = (
    (Redirected, _ELSEWHERE),
    (GeocoderTimedOut, _TIMED_OUT),
    (GeocoderUnavailable, _UNREACHABLE),
    (GeocoderParseError, _UNREADABLE),
    (GeocoderRateLimited, _REFUSED),
    (GeocoderInsufficientPrivileges, _REFUSED),
    (GeocoderAuthenticationFailure, _REFUSED),
    (GeocoderQuotaExceeded, _REFUSED),
)


class _Failure(Exception):
    """That the service failed: in words, whether that is held against it, and for how long it wants its peace."""

    def __init__(self, problem: Phrase, *, counts: bool = True, rest: float | None = None) -> None:
        super().__init__(str(problem))
        self.problem, self.counts, self.rest = problem, counts, rest


class Remote:
    """One outside service, asked at the pace that it allows for the whole application.

    Attributes:
        provider: what kind of service it is: "nominatim" or "photon".
    """

    def __init__(self, chosen: RemoteGeocoder, database: Database, pace: Pace = USUAL_PACE) -> None:
        self.provider = chosen.kind
        self._database = database
        self._pace = pace
        self._name = f"{chosen.kind} {chosen.url}"
        self._turns = Turns(database, self._name, pace)
        self._ask = service_at(chosen.kind, chosen.url, user_agent(chosen.contact))

    def candidates(self, wanted: Wanted, *, confidential: bool) -> Answer:
        """What the service answers, or answered not long ago.

        Nothing is sent where the place is confidential, or where no name is asked for. Takes as long as a turn and a
        request may last; call it outside of any transaction. Never raises for what the service does: that it failed
        is an answer.
        """
        if confidential:
            return Answer(Outcome.FAILED, problem=_CONFIDENTIAL)
        if not names_asked(wanted):
            return Answer(Outcome.NOT_FOUND)
        words = words_of(wanted)
        if len(words) > LONGEST_QUESTION:
            return Answer(Outcome.FAILED, problem=_TOO_LONG)
        key = cache.key_of(self._name, wanted)
        return self._known(key) or self._answer(key, words, wanted)

    def _known(self, key: str) -> Answer | None:
        with self._database.read() as session:
            return cache.look_up(session, key)

    def _answer(self, key: str, words: str, wanted: Wanted) -> Answer:
        holder = secrets.token_hex(13)
        try:
            self._turns.take(holder)
        except NoTurn as refused:
            return Answer(Outcome.FAILED, problem=refused.problem)
        if known := self._known(key):
            # Somebody else has asked the same thing while we waited.
            with self._database.write() as session:
                self._turns.pass_on(session, holder)
            return known
        try:
            answer = self._asked(words, wanted)
        except _Failure as failure:
            with self._database.write() as session:
                failed = True if failure.counts else None
                self._turns.give_back(session, holder, failed=failed, rest=failure.rest)
            return Answer(Outcome.FAILED, problem=failure.problem)
        with self._database.write() as session:
            self._turns.give_back(session, holder, failed=False)
            cache.keep(session, key, self._name, answer)
        return answer

    def _asked(self, words: str, wanted: Wanted) -> Answer:
        try:
            found = self._ask(words, wanted.country)
        except (GeopyError, AdapterHTTPError) as error:
            raise _failure(error, self._pace) from None
        except (ValueError, TypeError, LookupError, AttributeError):
            # An answer of the right shape in which geopy still stumbles.
            raise _Failure(_UNREADABLE) from None
        return answer_of(found, wanted, self.provider)


def words_of(wanted: Wanted) -> str:
    """The question as it is sent: the parts from the finest to the widest, or the text as it is."""
    parts = [wanted.venue, wanted.locality, wanted.admin2, wanted.admin1]
    given = [part for part in parts if part] or [wanted.text or ""]
    return " ".join(", ".join(given).split())


def user_agent(contact: str | None) -> str:
    """How we introduce ourselves, so that whoever runs a service knows whom to write to."""
    return f"press-freedom-tracker/{version('press-freedom-tracker')}" + (f" ({contact})" if contact else "")


def remote_of(settings: Settings, database: Database, pace: Pace = USUAL_PACE) -> Remote | None:
    """The service that the operator has chosen; None where they have chosen none."""
    return Remote(settings.geocoder, database, pace) if settings.geocoder is not None else None


def _failure(error: Exception, pace: Pace) -> _Failure:
    problem = next((words for kind, words in _WORDS if isinstance(error, kind)), _ERROR)
    if problem is _REFUSED:
        asked = getattr(error, "retry_after", None)
        return _Failure(problem, rest=max(pace.rest, float(asked or 0)))
    # A question that it does not understand says nothing about the service.
    return _Failure(problem, counts=not isinstance(error, GeocoderQueryError))
