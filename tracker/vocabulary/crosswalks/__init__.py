"""Crosswalks: where our codes stand in the lists of others, and how surely that is known.

A module for each scheme. `docs/crosswalks.md` says what the relations mean and how to add a scheme.
"""

from collections.abc import Mapping
from types import MappingProxyType

from tracker.vocabulary.crosswalks.base import (
    FIELDS,
    Case,
    Condition,
    Listing,
    Match,
    Origin,
    Rule,
    Scheme,
    SchemeClass,
)
from tracker.vocabulary.crosswalks.coe import COE
from tracker.vocabulary.crosswalks.cpj import CPJ
from tracker.vocabulary.crosswalks.huridocs import HURIDOCS
from tracker.vocabulary.crosswalks.mmf import MMF
from tracker.vocabulary.crosswalks.pft import PFT
from tracker.vocabulary.crosswalks.sdg import SDG

SCHEMES: Mapping[str, Scheme] = MappingProxyType({one.code: one for one in (SDG, COE, MMF, CPJ, PFT, HURIDOCS)})
"""Every scheme by its name in addresses, in the order in which they are shown."""

__all__ = [
    "FIELDS",
    "SCHEMES",
    "Case",
    "Condition",
    "Listing",
    "Match",
    "Origin",
    "Rule",
    "Scheme",
    "SchemeClass",
]
