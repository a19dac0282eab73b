"""The desk itself: what waits for whoever opens it."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from tracker.registry import queries, unfinished
from tracker.registry.accounts.people import staff_names
from tracker.registry.permissions import may
from tracker.registry.queries import Queue
from tracker.vocabulary.desk import QueueName
from tracker.vocabulary.staff import Action
from tracker.web.staff.context import me, page, reading
from tracker.web.staff.incidents.rows import Row, rows_of
from tracker.web.staff.review import mentions
from tracker.web.staff.routing import Route
from tracker.web.translation import gettext_noop

SHOWN = 5
NOTICES = {"discarded": gettext_noop("What you had typed was discarded.")}
# What can be mended at leisure is counted here, and read in the list.
COUNTED_ONLY = frozenset({QueueName.WITHOUT_PLACE, QueueName.WITHOUT_SECOND_SOURCE})


@dataclass(frozen=True, slots=True)
class Waiting:
    """A queue with how many incidents stand in it, at least where there are `uncounted` ones, and the last changed."""

    queue: Queue
    total: int
    rows: list[Row]
    uncounted: bool = False

    @property
    def more(self) -> int:
        """How many there are besides those that are shown."""
        return self.total - len(self.rows)


def desk() -> str:
    """What waits for me."""
    with reading() as session:
        names = staff_names(session)
        waiting = [_waiting(session, queue, names) for queue in queries.queues_of(me())]
        named = mentions.waiting(session)
        forms = unfinished.mine(session, me().id) if may(me(), Action.ENTER) else []
    return page(
        "staff/desk.html",
        notices=NOTICES,
        forms=forms,
        named=named,
        waiting=[each for each in waiting if each.total and each.queue.name not in COUNTED_ONLY],
        wanting=[each for each in waiting if each.total and each.queue.name in COUNTED_ONLY],
        reads=may(me(), Action.READ),
    )


def _waiting(session: Session, queue: Queue, names: Mapping[str, str]) -> Waiting:
    wanted = queue.filter(me())
    if queue.name in COUNTED_ONLY:
        counted = queries.count(session, me(), wanted, queries.COUNTED + 1)
        return Waiting(queue, min(counted, queries.COUNTED), [], counted > queries.COUNTED)
    found = queries.list_incidents(session, me(), wanted, size=SHOWN)
    return Waiting(queue, found.total, rows_of(found.incidents, names), found.more)


ROUTES = [Route("/", "desk", desk, Action.DESK)]
