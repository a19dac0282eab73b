"""What waits at the desk, and for whom: each queue is a filter of the list that its members share."""

from collections.abc import Callable
from dataclasses import dataclass

from tracker.registry.models import StaffMember
from tracker.registry.permissions import Reach, actor_of, reach
from tracker.registry.queries.filters import ListFilter
from tracker.vocabulary import Status
from tracker.vocabulary.desk import Only, QueueName
from tracker.vocabulary.staff import Action

# What is still to become, or is, a public record.
LIVE = tuple(str(s) for s in Status if s not in (Status.WITHDRAWN, Status.ERASED))


@dataclass(frozen=True, slots=True)
class Queue:
    """One queue: what it is called, for whom it waits, and which incidents stand in it."""

    name: QueueName
    action: Action
    filter: Callable[[StaffMember], ListFilter]
    # Whether only those see it who may do this to every incident.
    whole: bool = True


def _status(*status: Status) -> Callable[[StaffMember], ListFilter]:
    return lambda staff: ListFilter(status=tuple(str(each) for each in status))


def _only(code: Only, *status: str) -> Callable[[StaffMember], ListFilter]:
    return lambda staff: ListFilter(status=status, only=(code,))


ON_THE_WAY = (Status.SUBMITTED, Status.IN_REVIEW, Status.SAFETY_REVIEW, Status.APPROVED, Status.EMBARGOED)

QUEUES: dict[str, Queue] = {
    queue.name: queue
    for queue in (
        Queue(
            QueueName.SENT_BACK,
            Action.SUBMIT,
            lambda staff: ListFilter(status=(Status.DRAFT,), author=(actor_of(staff),)),
            whole=False,
        ),
        Queue(QueueName.SUBMITTED, Action.TAKE_UP, _status(Status.SUBMITTED)),
        Queue(QueueName.IN_REVIEW, Action.ASK_SAFETY_REVIEW, _status(Status.IN_REVIEW)),
        Queue(QueueName.SAFETY_REVIEW, Action.CLEAR, _only(Only.NOT_MINE, Status.SAFETY_REVIEW)),
        Queue(QueueName.APPROVED, Action.PUBLISH, _status(Status.APPROVED)),
        Queue(QueueName.EMBARGOED, Action.EMBARGO, _status(Status.EMBARGOED)),
        Queue(QueueName.AMENDED, Action.PUBLISH, _only(Only.AMENDED)),
        Queue(QueueName.QUARANTINED, Action.REOPEN, _status(Status.QUARANTINED)),
        Queue(QueueName.OVERDUE, Action.WRITE, _only(Only.OVERDUE, *LIVE), whole=False),
        Queue(QueueName.REVIEW_AGAIN, Action.CLEAR, _only(Only.REVIEW_AGAIN, *LIVE)),
        Queue(
            QueueName.ON_THE_WAY,
            Action.ENTER,
            lambda staff: ListFilter(status=tuple(str(s) for s in ON_THE_WAY), author=(actor_of(staff),)),
            whole=False,
        ),
        Queue(QueueName.WITHOUT_PLACE, Action.WRITE, _only(Only.WITHOUT_PLACE, *LIVE), whole=False),
        Queue(QueueName.WITHOUT_SECOND_SOURCE, Action.WRITE, _only(Only.WITHOUT_SECOND_SOURCE, *LIVE), whole=False),
    )
}
"""All queues by their names, in the order of the desk."""


def queues_of(staff: StaffMember) -> list[Queue]:
    """The queues that may hold something for this person."""
    return [queue for queue in QUEUES.values() if _is_for(queue, staff)]


def queue_filter(staff: StaffMember, name: str) -> ListFilter | None:
    """The filter behind a queue, if there is one of this name for this person."""
    queue = QUEUES.get(name)
    return queue.filter(staff) if queue is not None and _is_for(queue, staff) else None


def _is_for(queue: Queue, staff: StaffMember) -> bool:
    far = reach(staff, queue.action)
    return far is Reach.ANY or (far is Reach.OWN and not queue.whole)
