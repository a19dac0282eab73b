"""The private tables. Their attributes carry the names of the drafts that fill them."""

from tracker.registry.models.acts import Act, Involvement, Victim
from tracker.registry.models.common import Entity
from tracker.registry.models.documents import FollowUp, Outlet, Person, Site, Source, TimelineEntry, Topic
from tracker.registry.models.history import ImportOrigin, ReferenceCounter, Revision
from tracker.registry.models.incident import Citation, Incident, Place

__all__ = [
    "Act",
    "Citation",
    "Entity",
    "FollowUp",
    "ImportOrigin",
    "Incident",
    "Involvement",
    "Outlet",
    "Person",
    "Place",
    "ReferenceCounter",
    "Revision",
    "Site",
    "Source",
    "TimelineEntry",
    "Topic",
    "Victim",
]
