"""A case as one text, as the database gives it."""

from __future__ import annotations

from functools import reduce
from typing import Any

from sqlalchemy import ColumnElement, literal

from tracker.dataset.models import PublicFacet
from tracker.vocabulary import NOT_RECORDED, PerpetratorType
from tracker.vocabulary.crosswalks import FIELDS

_BETWEEN = " "
"""Stands between the codes of a case in one text; no code holds a blank."""
_STORED = tuple(name for name in FIELDS if name != "side")
_SIDES = {kind.value: kind.side.value for kind in PerpetratorType} | {NOT_RECORDED: NOT_RECORDED}


def case_column() -> ColumnElement[str]:
    """All that rules may look at, in one text, which costs a reader a fraction of many columns."""
    columns: list[ColumnElement[Any]] = [getattr(PublicFacet, name) for name in _STORED]
    return reduce(lambda text, column: text + literal(_BETWEEN) + column, columns)


def read_case(text: str) -> dict[str, str]:
    """The case in such a text; the side follows from the perpetrator."""
    case = dict(zip(_STORED, text.split(_BETWEEN), strict=True))
    return case | {"side": _SIDES[case["perpetrator"]]}
