"""The list of places first, an outside service only where that one knows no answer and the operator has chosen one."""

from dataclasses import replace

from tracker.geocoding.answers import MOST_CANDIDATES, Answer, Candidate, Outcome, Wanted
from tracker.geocoding.choosing import kilometres
from tracker.geocoding.gazetteer import Gazetteer
from tracker.geocoding.locate import locate
from tracker.geocoding.remote import Remote
from tracker.phrases import phrase

# An answer from outside that lies this near to one of our own candidates speaks of the same place.
AGREE_KM = 25.0

NO_GAZETTEER = phrase("There is no list of places to look into. Make it with: tracker gazetteer build")


def locate_anywhere(
    wanted: Wanted, gazetteer: Gazetteer | None, remote: Remote | None, *, confidential: bool
) -> Answer:
    """Look a place up: offline, and where that finds nothing or several places, with the service that was chosen.

    Args:
        wanted: what is looked for.
        gazetteer: the list of places; None where it cannot be used.
        remote: the service; None where the operator has chosen none, which is the default.
        confidential: whether nobody outside may learn that somebody asks for this place.
    """
    answer = Answer(Outcome.FAILED, problem=NO_GAZETTEER) if gazetteer is None else locate(wanted, gazetteer)
    if remote is None or confidential or answer.outcome is Outcome.FOUND:
        return answer
    return put_together(answer, remote.candidates(wanted, confidential=confidential))


def put_together(offline: Answer, online: Answer) -> Answer:
    """One answer of two. What only one of several candidates of ours agrees with is found; a failure hides nothing."""
    if online.outcome is Outcome.FAILED:
        if offline.outcome is Outcome.AMBIGUOUS:
            return replace(offline, problem=online.problem)
        return offline if offline.outcome is Outcome.FAILED else online
    if online.outcome is Outcome.NOT_FOUND:
        return offline if offline.outcome is not Outcome.FAILED else online
    if not offline.candidates or (online.best is not None and _agrees(online.best, offline)):
        return online
    both = _interleaved(online, offline)
    credits = dict.fromkeys(each.attribution for each in (online, offline) if each.attribution)
    return Answer(Outcome.AMBIGUOUS, both, attribution="; ".join(credits) or None)


def _agrees(best: Candidate, offline: Answer) -> bool:
    if best.latitude is None:
        return False
    pinned = [each for each in offline.candidates if each.latitude is not None]
    return sum(kilometres(best, each) <= AGREE_KM for each in pinned) == 1


def _interleaved(online: Answer, offline: Answer) -> tuple[Candidate, ...]:
    """The candidates of both, the better ones first, ours before those from outside where they are as good."""
    every = [*offline.candidates, *online.candidates]
    return tuple(sorted(every, key=lambda each: -each.score)[:MOST_CANDIDATES])
