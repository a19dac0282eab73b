"""The private tables. Their attributes carry the names of the drafts that fill them."""

from tracker.registry.models.acts import Act, Involvement, Victim
from tracker.registry.models.common import Entity
from tracker.registry.models.desk import (
    DuplicateRuling,
    Merge,
    NameKey,
    SafetyReview,
    SavedFilter,
    SearchedIncident,
    UnfinishedForm,
    Upkeep,
)
from tracker.registry.models.documents import FollowUp, Outlet, Person, Site, Source, TimelineEntry, Topic
from tracker.registry.models.history import ImportOrigin, ReferenceCounter, Revision
from tracker.registry.models.incident import Citation, Incident, Place
from tracker.registry.models.staff import (
    AuditEntry,
    AuditHead,
    Invitation,
    RecoveryCode,
    StaffMember,
    StaffSession,
    Throttle,
)

__all__ = [
    "Act",
    "AuditEntry",
    "AuditHead",
    "Citation",
    "DuplicateRuling",
    "Entity",
    "FollowUp",
    "ImportOrigin",
    "Incident",
    "Invitation",
    "Involvement",
    "Merge",
    "NameKey",
    "Outlet",
    "Person",
    "Place",
    "RecoveryCode",
    "ReferenceCounter",
    "Revision",
    "SafetyReview",
    "SavedFilter",
    "SearchedIncident",
    "Site",
    "Source",
    "StaffMember",
    "StaffSession",
    "Throttle",
    "TimelineEntry",
    "Topic",
    "UnfinishedForm",
    "Upkeep",
    "Victim",
]
