"""How many incidents there are of each kind: by violation, by perpetrator, by outlet."""

from __future__ import annotations

from typing import Literal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tracker.dataset.editions import Edition
from tracker.dataset.models import PublicFacet, rendered_at

FacetColumn = Literal["violation", "perpetrator", "outlet"]


def tally(session: Session, edition: Edition, column: FacetColumn) -> dict[str, int]:
    """How many incidents hold each value of a facet at an edition, the most frequent first.

    An incident counts once under every value that it holds, so that the counts add up to more than the incidents.
    """
    value = getattr(PublicFacet, column)
    statement = (
        select(value, func.count(PublicFacet.version_id.distinct()))
        .where(rendered_at(PublicFacet, edition.version))
        .group_by(value)
    )
    # The second key makes the order of equal counts the same on both databases.
    rows = sorted(session.execute(statement).all(), key=lambda row: (-row[1], row[0]))
    return {str(row[0]): int(row[1]) for row in rows}
