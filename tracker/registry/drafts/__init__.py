"""Drafts: records as submitted, from a form, a file or a partner's table, and what is wrong with them."""

from tracker.registry.drafts.acts import ActDraft, ConsentDraft, EquipmentDraft, InvolvementDraft, VictimDraft
from tracker.registry.drafts.base import MISSING, DateDraft, Draft, Known, Path, Problem
from tracker.registry.drafts.documents import (
    FollowUpDraft,
    NameDraft,
    OutletDraft,
    PersonDraft,
    SiteDraft,
    SourceDraft,
    TimelineEntryDraft,
    TopicDraft,
)
from tracker.registry.drafts.incident import CitationDraft, IncidentDraft, PlaceDraft
from tracker.registry.drafts.reading import prune_missing, read

__all__ = [
    "MISSING",
    "ActDraft",
    "CitationDraft",
    "ConsentDraft",
    "DateDraft",
    "Draft",
    "EquipmentDraft",
    "FollowUpDraft",
    "IncidentDraft",
    "InvolvementDraft",
    "Known",
    "NameDraft",
    "OutletDraft",
    "Path",
    "PersonDraft",
    "PlaceDraft",
    "Problem",
    "SiteDraft",
    "SourceDraft",
    "TimelineEntryDraft",
    "TopicDraft",
    "VictimDraft",
    "prune_missing",
    "read",
]
