"""The controlled vocabularies of the tracker: every code, with its label and definition.

They follow the shape of the HURIDOCS Events Standard Formats (who did what to whom), with lists made so that
they can be compared with those of other trackers. Import everything from here; the modules inside only group
the lists.
"""

from tracker.vocabulary.base import NOT_RECORDED, UNKNOWN, Vocabulary
from tracker.vocabulary.circumstances import (
    Coverage,
    DateBasis,
    DatePrecision,
    PartOfDay,
    PlacedBy,
    PlacePrecision,
)
from tracker.vocabulary.conduct import ArbitraryJudgement, Completion, Ground, Method
from tracker.vocabulary.countries import COUNTRIES, Country, country_name
from tracker.vocabulary.outlets import Medium, Ownership
from tracker.vocabulary.perpetrators import (
    COUNTED_ROLES,
    Basis,
    InvolvementRole,
    PerpetratorSide,
    PerpetratorType,
)
from tracker.vocabulary.records import FollowUpKind, Licence, Nature, Status, WithdrawalReason
from tracker.vocabulary.sources import (
    Credibility,
    Fact,
    Reliability,
    SourceType,
    Verification,
    WorkRelatedness,
)
from tracker.vocabulary.victims import (
    Consent,
    Consequence,
    Employment,
    EquipmentFate,
    EquipmentItem,
    Gender,
    Harm,
    Naming,
    Returned,
    VictimKind,
    VictimRole,
)
from tracker.vocabulary.violations import KillingKind, Violation

VOCABULARIES: dict[str, type[Vocabulary]] = {
    "violation": Violation,
    "killing_kind": KillingKind,
    "completion": Completion,
    "method": Method,
    "ground": Ground,
    "arbitrary": ArbitraryJudgement,
    "perpetrator": PerpetratorType,
    "side": PerpetratorSide,
    "involvement_role": InvolvementRole,
    "basis": Basis,
    "victim_kind": VictimKind,
    "naming": Naming,
    "victim_role": VictimRole,
    "employment": Employment,
    "gender": Gender,
    "harm": Harm,
    "equipment_item": EquipmentItem,
    "equipment_fate": EquipmentFate,
    "returned": Returned,
    "consequence": Consequence,
    "verification": Verification,
    "work_related": WorkRelatedness,
    "source_type": SourceType,
    "fact": Fact,
    "reliability": Reliability,
    "credibility": Credibility,
    "date_precision": DatePrecision,
    "part_of_day": PartOfDay,
    "date_basis": DateBasis,
    "place_precision": PlacePrecision,
    "placed_by": PlacedBy,
    "coverage": Coverage,
    "medium": Medium,
    "ownership": Ownership,
    "follow_up_kind": FollowUpKind,
    "nature": Nature,
    "withdrawal_reason": WithdrawalReason,
    "licence": Licence,
    "status": Status,
    "consent": Consent,
}
"""Every vocabulary by a stable name, in the order in which the methodology page prints them."""

__all__ = [
    "COUNTED_ROLES",
    "COUNTRIES",
    "NOT_RECORDED",
    "UNKNOWN",
    "VOCABULARIES",
    "ArbitraryJudgement",
    "Basis",
    "Completion",
    "Consent",
    "Consequence",
    "Country",
    "Coverage",
    "Credibility",
    "DateBasis",
    "DatePrecision",
    "Employment",
    "EquipmentFate",
    "EquipmentItem",
    "Fact",
    "FollowUpKind",
    "Gender",
    "Ground",
    "Harm",
    "InvolvementRole",
    "KillingKind",
    "Licence",
    "Medium",
    "Method",
    "Naming",
    "Nature",
    "Ownership",
    "PartOfDay",
    "PerpetratorSide",
    "PerpetratorType",
    "PlacePrecision",
    "PlacedBy",
    "Reliability",
    "Returned",
    "SourceType",
    "Status",
    "Verification",
    "VictimKind",
    "VictimRole",
    "Violation",
    "Vocabulary",
    "WithdrawalReason",
    "WorkRelatedness",
    "country_name",
]
