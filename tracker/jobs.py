"""What is done without anybody asking: embargoes end, and what was taken back is cleared from all files.

Each job can be run twice, by two runners at once, and be killed between any two of its steps: what is due is read
from the database, and each incident is released in one transaction of its own.
"""

import logging
import threading
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from sqlalchemy import or_, select
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from tracker.dataset import releases
from tracker.dataset.editions import dataset_version
from tracker.dataset.exports import shelf, workroom
from tracker.db import Database, utc_now
from tracker.publication import purge
from tracker.publication.steps import take
from tracker.registry import operations, workflow
from tracker.registry.drafts import Problem
from tracker.registry.models import Incident
from tracker.registry.operations import Refused, Stale
from tracker.settings import Settings
from tracker.vocabulary import Status
from tracker.vocabulary.staff import Action

SECONDS_BETWEEN_ROUNDS = 30
EMBARGO = "job:embargo"
"""How revisions and the log name the job that ends embargoes."""

logger = logging.getLogger(__name__)


@dataclass
class Round:
    """What one round of the jobs did.

    Attributes:
        released: how many incidents were published as their embargo ended.
        returned: how many went back to review instead, since something stood against them.
        purged: whether nothing that was taken back is left in the files.
        reissued: the dataset releases that were made anew without what was taken back.
        reissue_failed: why releases could not be made anew, in one line; until then they are not handed out.
    """

    released: int = 0
    returned: int = 0
    purged: bool = True
    reissued: list[str] = field(default_factory=list)
    reissue_failed: str | None = None


@dataclass(frozen=True, slots=True)
class Releases:
    """Where dataset releases are kept, and the address under which readers reach the site, for their citations.

    `exports` is the folder of the files that are made once and then served, which are cleared with the releases.
    """

    folder: Path
    base_url: str | None = None
    exports: Path | None = None

    @classmethod
    def of(cls, settings: Settings) -> "Releases":
        """Those of an installation."""
        return cls(settings.releases, settings.base_url, settings.exports)


def run_once(database: Database, *, kept: Releases | None = None, now: datetime | None = None) -> Round:
    """Do everything that is due; the releases of the dataset are looked after where they are `kept`."""
    done = Round()
    if kept is not None:
        # First of all, as it is quick and what is released must not lie about.
        _withhold(database, kept, done)
    for incident_id in _due(database, now or utc_now()):
        released = release(database, incident_id, now=now)
        done.released += released is True
        done.returned += released is False
    done.purged = purge(database)
    if kept is not None:
        _reissue(database, kept, done)
    return done


def withhold(database: Database, kept: Releases) -> None:
    """Remove the files that may hold what was taken back. Raises `OSError`."""
    if kept.exports is not None:
        with database.public() as session:
            edition = dataset_version(session)
        shelf.sweep(kept.exports, edition)
        # What an export that was killed has left may hold it too.
        workroom.sweep(kept.exports)
    releases.withhold(database, kept.folder)


def _withhold(database: Database, kept: Releases, done: Round) -> None:
    try:
        withhold(database, kept)
    except OSError as error:
        done.reissue_failed = error.strerror or type(error).__name__


def _reissue(database: Database, kept: Releases, done: Round) -> None:
    # A full disk must not keep embargoes from ending; the next round tries again.
    try:
        done.reissued = releases.reissue(database, kept.folder, base_url=kept.base_url, wait=False)
    except (OSError, releases.ReleaseProblem) as error:
        done.reissue_failed = getattr(error, "strerror", None) or str(error)
        logger.error("A release could not be issued anew: %s", done.reissue_failed)


def release(database: Database, incident_id: str, *, now: datetime | None = None) -> bool | None:
    """Publish an incident whose embargo has ended, or give it back to review with the reason.

    Returns whether it was published, or None where it was no longer due when its turn came. Consent, sources, the
    review and everything else is judged now, and not as it was when the embargo was set.
    """
    try:
        with database.write() as session:
            incident = _still_due(session, incident_id, now or utc_now())
            if incident is None:
                return None
            take(session, incident, Action.PUBLISH, by=EMBARGO, why="the embargo has ended")
            return True
    except Refused as refused:
        return _give_back(database, incident_id, refused.problems, now or utc_now())
    except (Stale, StaleDataError):
        # Somebody is at it this very moment; the next round looks again.
        return None


def _give_back(database: Database, incident_id: str, problems: list[Problem], now: datetime) -> bool | None:
    # Where and what, but never the value: the reason is read by more people than the record.
    why = "; ".join(f"{problem.where or 'record'}: {problem.message}" for problem in problems)
    try:
        with database.write() as session:
            incident = _still_due(session, incident_id, now)
            if incident is None:
                return None
            before = incident.stage
            operations.move_incident(session, incident, Status.IN_REVIEW, Action.SEND_BACK, by=EMBARGO, why=why)
            workflow.log(session, incident, Action.SEND_BACK, before, by=EMBARGO)
            return False
    except (Stale, StaleDataError):
        return None


def _due(database: Database, now: datetime) -> list[str]:
    with database.read() as session:
        wanted = select(Incident.id).where(
            Incident.embargo_until <= now,
            or_(Incident.status == Status.EMBARGOED, Incident.amendment == Status.EMBARGOED),
        )
        return list(session.scalars(wanted.order_by(Incident.embargo_until)))


def _still_due(session: Session, incident_id: str, now: datetime) -> Incident | None:
    found = session.get(Incident, incident_id, with_for_update=True)
    if found is None or found.stage is not Status.EMBARGOED or found.embargo_until is None:
        return None
    return found if found.embargo_until <= now else None


class Clearing(threading.Thread):
    """Clears the files once, beside a server that runs no jobs."""

    def __init__(self, database: Database, kept: Releases | None = None) -> None:
        super().__init__(name="clearing", daemon=True)
        self._database = database
        self._kept = kept

    def run(self) -> None:
        """Clear the files; what fails is noted without what it was about, and stays asked for."""
        try:
            if self._kept is not None:
                withhold(self._database, self._kept)
            purge(self._database)
        except Exception as error:
            logger.error("Clearing the files failed: %s", type(error).__name__)


class Runner(threading.Thread):
    """Runs the jobs beside a server, round after round; `wake` begins the next one at once."""

    def __init__(
        self, database: Database, *, kept: Releases | None = None, every: float = SECONDS_BETWEEN_ROUNDS
    ) -> None:
        super().__init__(name="jobs", daemon=True)
        self._database = database
        self._kept = kept
        self._every = every
        self._asked = threading.Event()
        self._ended = threading.Event()

    def run(self) -> None:
        """Go on until `stop`; a round that fails is noted without what it was about, and the next one comes."""
        while not self._ended.is_set():
            self._asked.clear()
            try:
                run_once(self._database, kept=self._kept)
            except Exception as error:
                logger.error("A round of the jobs failed: %s", type(error).__name__)
            if not self._ended.is_set():
                self._asked.wait(self._every)

    def wake(self) -> None:
        """Begin the next round now, without waiting for it."""
        self._asked.set()

    def stop(self) -> None:
        """End after the present round."""
        self._ended.set()
        self._asked.set()
