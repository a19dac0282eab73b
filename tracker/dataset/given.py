"""Many ids as one parameter: so many of them would otherwise have to be read as part of the SQL."""

from __future__ import annotations

import json
from collections.abc import Sequence

from sqlalchemy import ARRAY, Integer, Select, func, literal, select
from sqlalchemy.orm import Session


def given_ids(session: Session, ids: Sequence[int]) -> Select[int]:
    """A selection of these ids, for a condition of being among them."""
    if session.get_bind().dialect.name == "sqlite":
        return select(func.json_each(json.dumps(ids)).table_valued("value").c.value)
    return select(func.unnest(literal(ids, ARRAY(Integer))).column_valued())
