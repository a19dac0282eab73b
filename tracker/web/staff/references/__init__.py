"""What incidents refer to: outlets, people, sources and topics; looking them up, keeping them, making two into one."""

from tracker.web.staff.references import duplicates, editing, history, listing, merging, publishing, suggest
from tracker.web.staff.references.kinds import KINDS

ROUTES = [
    *suggest.ROUTES,
    *duplicates.ROUTES,
    *merging.UNDO,
    *(
        route
        for kind in KINDS.values()
        for room in (listing, editing, publishing, merging, history)
        for route in room.routes_of(kind)
    ),
]
"""All addresses of this room."""
