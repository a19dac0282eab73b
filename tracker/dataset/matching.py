"""Which incident versions match a filter, all of them at once."""

from __future__ import annotations

from array import array

from sqlalchemy import Text, cast, func, select
from sqlalchemy.orm import Session

from tracker.dataset.at_hand import columns_at_hand
from tracker.dataset.counts import list_plan
from tracker.dataset.editions import Edition
from tracker.dataset.filters import DatasetFilter
from tracker.dataset.models import PublicIncident
from tracker.dataset.selection import conditions


def matching_ids(session: Session, wanted: DatasetFilter, edition: Edition) -> array[int]:
    """The ids of all versions that match, ascending: eight bytes for each.

    The database gives them as one text, which is read four times as fast as so many rows.
    """
    if (columns := columns_at_hand(session, edition)) is not None:
        from tracker.dataset.statistics import lists

        return lists.ids(session, columns, wanted, edition)
    plan = list_plan(session, wanted, edition)
    found = select(cast(PublicIncident.version_id, Text).label("id"))
    found = found.where(*conditions(session, wanted, edition, plan))
    text = session.scalar(select(func.aggregate_strings(found.subquery().c.id, ",")))
    return array("q", sorted(map(int, text.split(",")))) if text else array("q")
