"""Every read of the registry for the desk: the list with its filters, what waits, names behind keys, histories."""

from tracker.registry.queries.filters import FilterProblem, ListFilter, parse
from tracker.registry.queries.history import restorable, revision, revisions_of
from tracker.registry.queries.listing import COUNTED, PAGE, Page, authors_listed, count, list_incidents
from tracker.registry.queries.names import keys_in, names_of
from tracker.registry.queries.waiting import QUEUES, Queue, queue_filter, queues_of

__all__ = [
    "COUNTED",
    "PAGE",
    "QUEUES",
    "FilterProblem",
    "ListFilter",
    "Page",
    "Queue",
    "authors_listed",
    "count",
    "keys_in",
    "list_incidents",
    "names_of",
    "parse",
    "queue_filter",
    "queues_of",
    "restorable",
    "revision",
    "revisions_of",
]
