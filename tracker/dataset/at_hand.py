"""The columns behind the figures, for lists too: where they are in memory, they find what a filter leaves quickest.

A list never waits until they are read. The database answers it as well, at leisure where incidents are very many; a
server of so many reads the columns while nobody waits for them (`read_ahead`). A small one reads them when somebody
asks for figures, if anybody does.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.dataset.editions import Edition
from tracker.dataset.models import PublicIncident

if TYPE_CHECKING:
    from tracker.dataset.statistics.columns import Columns
    from tracker.dataset.statistics.sharing import Rooms

LARGE = 100_000
"""From how many incidents on the database alone answers some filters too slowly."""
_KEEPING = "tracker.dataset.statistics.keeping"


def columns_at_hand(session: Session, edition: Edition) -> Columns | None:
    """The columns that know all versions up to the newest of an edition, or None where they would have to be read."""
    # What has never been imported holds nothing, and brings a library that takes a third of a small worker's memory.
    keeping: Any = sys.modules.get(_KEEPING)
    found: Columns | None = keeping.keeper.at_hand(session, edition) if keeping is not None else None
    return found


def read_ahead(session: Session, edition: Edition, rooms: Rooms) -> None:
    """Read the columns, or keep them up with an edition, where so many incidents are kept that lists are in need of it.

    The versions of the past count too, since an answer has to leave them out. In one of the `rooms`, which goes
    with the next publication, the columns lie in a file for all who serve the same readers.
    """
    nth = select(PublicIncident.version_id).order_by(PublicIncident.version_id).offset(LARGE - 1).limit(1)
    if session.scalar(nth) is not None:
        from tracker.dataset.statistics.keeping import keeper
        from tracker.dataset.statistics.sharing import Shared

        keeper.keep_in(Shared(rooms))
        keeper.columns(session, edition)
        keeper.settle(session)


def rest() -> bool:
    """Let go of the memory that the columns' file takes in this process, if they were looked at since the last time.

    Returns whether they were.
    """
    keeping: Any = sys.modules.get(_KEEPING)
    return keeping is not None and keeping.keeper.rest()
