"""Which rows of `public_point` a filter asks for: the one translation behind everything that the map counts."""

from __future__ import annotations

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from tracker.dataset.counts import list_plan, total
from tracker.dataset.editions import Edition
from tracker.dataset.filters import DatasetFilter
from tracker.dataset.models import PublicIncident, PublicPoint, rendered_at
from tracker.dataset.selection import conditions

FEW = 5_000
"""Up to how many matches are looked up one by one; more are picked out on a walk through an index of the points."""


def matching(session: Session, wanted: DatasetFilter, edition: Edition) -> ColumnElement[bool]:
    """Whether a row of `public_point` belongs to an incident that matches at an edition."""
    if wanted.is_empty:
        return rendered_at(PublicPoint, edition.version)
    plan = list_plan(session, wanted, edition)
    ids = select(PublicIncident.version_id).where(*conditions(session, wanted, edition, plan))
    if total(session, wanted, edition) <= FEW:
        return PublicPoint.version_id.in_(ids)
    # The sum says the same as the column alone, but the order of an index is not given up for it.
    return (PublicPoint.version_id + 0).in_(ids)
