"""The entry form: what a monitor types becomes drafts, and a record becomes a form again.

`forms` says which fields there are and `rows` how they hang together; `reading` makes drafts of them, `filling` undoes
that; `judging` says what is wrong, `saving` hands in, `conflict` puts two people's changes together. `views` answers a
person, and `meanwhile` the script while they type.
"""

from tracker.vocabulary.staff import Action
from tracker.web.staff.entry import meanwhile, views
from tracker.web.staff.routing import Route

BOTH = ("GET", "POST")

ROUTES = [
    Route("/incidents/new", "new_incident", views.new_incident, Action.ENTER),
    Route("/incidents/<incident_id>/repeat", "repeat_incident", views.repeat_incident, Action.ENTER),
    Route("/incidents/<incident_id>/edit", "edit_incident", views.edit_incident, Action.WRITE),
    Route("/incidents/<incident_id>/conflict", "resolve_conflict", views.resolve_conflict, Action.WRITE, ("POST",)),
    Route("/forms/date", "read_date", meanwhile.read_date, Action.ENTER, ("POST",)),
    Route("/forms/likely", "likely_incidents", meanwhile.likely_incidents, Action.SUGGEST, ("POST",)),
    Route("/forms/<form_id>", "form", views.any_form, Action.ENTER, BOTH),
    Route("/forms/<form_id>/save", "save_form", views.save_form, Action.ENTER, ("POST",)),
    Route("/forms/<form_id>/discard", "discard_form", views.discard_form, Action.ENTER, ("POST",)),
]
"""All addresses of this room."""
