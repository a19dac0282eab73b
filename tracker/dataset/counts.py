"""How many incidents match, with a small memory for what was counted before."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import replace
from threading import Lock

from sqlalchemy import ColumnElement, func, select, true
from sqlalchemy.orm import Session

from tracker.dataset.at_hand import columns_at_hand
from tracker.dataset.editions import Edition
from tracker.dataset.fields import Kind
from tracker.dataset.filters import EVERYTHING, DatasetFilter
from tracker.dataset.models import PublicFacet, PublicIncident, PublicVersion, public_at, rendered_at
from tracker.dataset.selection import Plan, conditions, facet_conditions, facet_count, text_hits
from tracker.dataset.tallies import known_total

REMEMBERED = 512
MANY = 1_000
"""From how many matches on a page may be found quickest by going down the list."""
SHOWN = 50
"""About how many matches are looked for: a walk meets one in so many incidents, a sort has to see all matches."""
FEW = 25_000
"""Up to how many incidents are looked up one by one among the facets rather than all facets listed."""

_Key = tuple[str, int, str]


class _Memory:
    """The counts asked for last. The stamp in a key changes with every publication, so that no count outlives one."""

    def __init__(self) -> None:
        self._counts: OrderedDict[_Key, int] = OrderedDict()
        self._lock = Lock()

    def get(self, key: _Key) -> int | None:
        with self._lock:
            if key in self._counts:
                self._counts.move_to_end(key)
            return self._counts.get(key)

    def put(self, key: _Key, count: int) -> None:
        with self._lock:
            self._counts[key] = count
            if len(self._counts) > REMEMBERED:
                self._counts.popitem(last=False)


_memory = _Memory()


def total(session: Session, wanted: DatasetFilter, edition: Edition) -> int:
    """How many incidents match."""
    # The whole selection and not its digest, which is short enough for somebody to forge another filter's.
    key = (edition.stamp, edition.version, wanted.selection())
    known = _memory.get(key)
    if known is None:
        known = _count(session, wanted, edition)
        _memory.put(key, known)
    return known


def act_rows(session: Session, wanted: DatasetFilter, edition: Edition) -> int:
    """How many pairs of an act and a victim there are in the incidents that match; an act without one counts too."""
    key = (edition.stamp, edition.version, f"acts:{wanted.selection()}")
    known = _memory.get(key)
    if known is None:
        known = _act_rows(session, wanted, edition)
        _memory.put(key, known)
    return known


def _act_rows(session: Session, wanted: DatasetFilter, edition: Edition) -> int:
    if (columns := columns_at_hand(session, edition)) is not None:
        from tracker.dataset.statistics import lists

        return lists.act_rows(session, columns, wanted, edition)
    matching: ColumnElement[bool] = true()
    if not wanted.is_empty:
        plan = list_plan(session, wanted, edition)
        ids = select(PublicIncident.version_id).where(*conditions(session, wanted, edition, plan))
        matching = PublicFacet.version_id.in_(ids)
    return _count_acts(session, edition, matching)


def act_rows_of(session: Session, edition: Edition, version_ids: Sequence[int]) -> int:
    """The same for certain incidents, at most a page of them."""
    return _count_acts(session, edition, PublicFacet.version_id.in_(version_ids))


def _count_acts(session: Session, edition: Edition, matching: ColumnElement[bool]) -> int:
    # A facet stands there for each perpetrator too.
    rows = select(PublicFacet.version_id, PublicFacet.act, PublicFacet.victim)
    rows = rows.where(matching, rendered_at(PublicFacet, edition.version)).distinct()
    return session.scalar(select(func.count()).select_from(rows.subquery())) or 0


def page_plan(session: Session, wanted: DatasetFilter, edition: Edition) -> Plan:
    """The quickest way to a page of what matches."""
    matches = total(session, wanted, edition)
    if matches >= MANY and matches**2 >= SHOWN * _of_all(session, edition):
        return Plan(walk=True, look_up=True)
    return list_plan(session, wanted, edition)


def _of_all(session: Session, edition: Edition) -> int:
    """How many incidents the list has, where that costs nothing to know."""
    return (total(session, EVERYTHING, edition) if edition.version == edition.latest else 0) or 1


def list_plan(session: Session, wanted: DatasetFilter, edition: Edition) -> Plan:
    """The quickest way to all that match."""
    if not _has_rows_elsewhere(wanted):
        return Plan()
    rest = replace(wanted.without_facets(), topic=(), placed=(), within=None, q=None)
    few = not rest.is_empty and total(session, rest, edition) <= FEW
    if not few and wanted.q is not None:
        few = text_hits(session, wanted.q, FEW + 1) <= FEW
    return Plan(look_up=few)


def _has_rows_elsewhere(wanted: DatasetFilter) -> bool:
    """Whether a filter asks for what stands in tables beside that of the incidents."""
    return bool(facet_conditions(wanted) or wanted.topic or wanted.placed or wanted.within)


def _count(session: Session, wanted: DatasetFilter, edition: Edition) -> int:
    known = known_total(session, wanted, edition)
    if known is not None:
        return known
    if (columns := columns_at_hand(session, edition)) is not None:
        # With this comes a library that whoever counts by the database alone has no use for.
        from tracker.dataset.statistics import lists

        return lists.total(session, columns, wanted, edition)
    if facet_conditions(wanted) and wanted.without_facets().is_empty:
        return session.scalar(facet_count(wanted, edition)) or 0
    plan = list_plan(session, wanted, edition)
    counted = select(func.count()).select_from(PublicIncident)
    return session.scalar(counted.where(*conditions(session, wanted, edition, plan))) or 0


def unavailable(session: Session, edition: Edition) -> int:
    """How many incidents were public at this edition whose content was removed since."""
    if edition.version == edition.latest:
        return 0
    gone = select(func.count()).where(
        PublicVersion.kind == Kind.INCIDENT, PublicVersion.json.is_(None), public_at(edition.version)
    )
    return session.scalar(gone.select_from(PublicVersion)) or 0
