"""Many ids as one value, to the database and from it.

So many parameters would have to be read as part of the SQL, and so many rows take four times as long as one text.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Integer,
    Select,
    SQLColumnExpression,
    Text,
    cast,
    func,
    literal,
    select,
)
from sqlalchemy.orm import Session


def given_ids(session: Session, ids: Sequence[int]) -> Select[int]:
    """A selection of these ids, for a condition of being among them."""
    if session.get_bind().dialect.name == "sqlite":
        return select(func.json_each(json.dumps(ids)).table_valued("value").c.value)
    return select(func.unnest(literal(ids, ARRAY(Integer))).column_valued())


def joined_ids(session: Session, number: SQLColumnExpression[int]) -> ColumnElement[str]:
    """All ids of a column as one text with commas between them; nothing at all where there is none."""
    if session.get_bind().dialect.name == "sqlite":
        # SQLite joins numbers as they are, and sooner by a comma of its own than by one that it is given.
        return func.group_concat(number, type_=Text)
    return func.aggregate_strings(cast(number, Text), ",")
