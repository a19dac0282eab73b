"""Which incident versions match a filter, all of them at once."""

from __future__ import annotations

import json
from array import array

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.dataset.at_hand import columns_at_hand
from tracker.dataset.counts import list_plan
from tracker.dataset.editions import Edition
from tracker.dataset.filters import DatasetFilter
from tracker.dataset.given import joined_ids
from tracker.dataset.map.memory import Memory
from tracker.dataset.models import PublicIncident
from tracker.dataset.selection import conditions

REMEMBERED_BYTES = 1_000_000
_memory = Memory(REMEMBERED_BYTES)
"""The ids found last: whoever takes one file of a filter often takes another, or its hash."""


def matching_ids(session: Session, wanted: DatasetFilter, edition: Edition) -> array[int]:
    """The ids of all versions that match, ascending: eight bytes for each."""
    if (columns := columns_at_hand(session, edition)) is not None:
        from tracker.dataset.statistics import lists

        return lists.ids(session, columns, wanted, edition)
    return _memory.get(
        edition, (wanted.selection(),), lambda: _ids(session, wanted, edition), lambda made: 500 + 8 * len(made)
    )


def _ids(session: Session, wanted: DatasetFilter, edition: Edition) -> array[int]:
    plan = list_plan(session, wanted, edition)
    found = select(joined_ids(session, PublicIncident.version_id)).where(*conditions(session, wanted, edition, plan))
    text = session.scalar(found)
    return array("q", sorted(json.loads(f"[{text or ''}]")))
