"""The list of incidents with its filters, and the staff view of one incident."""

from tracker.vocabulary.staff import Action
from tracker.web.staff.incidents import listing, one
from tracker.web.staff.routing import Route

POST = ("POST",)

ROUTES = [
    Route("/incidents", "incidents", listing.incidents, Action.LIST, ("GET", "POST")),
    Route("/filters", "save_filter", listing.save_filter, Action.LIST, POST),
    Route("/filters/<filter_id>/apply", "apply_filter", listing.apply_filter, Action.LIST, POST),
    Route("/filters/<filter_id>/delete", "delete_filter", listing.delete_filter, Action.LIST, POST),
    Route("/incidents/<incident_id>", "incident", one.incident, Action.READ),
]
"""All addresses of this room."""
