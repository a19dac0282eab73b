"""How many incidents of the newest version hold each value: by country, violation, outlet, day and so on.

The counts stand in a small table that every write to the renderings keeps in step, in the same transaction; a count
that would have to look at a million rows is then one look at one row. The counts of earlier versions are not kept.
A value that no incident holds any more has no row, so that nothing here outlives what it counted.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Literal

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Integer,
    Row,
    Select,
    SQLColumnExpression,
    String,
    and_,
    bindparam,
    case,
    cast,
    delete,
    func,
    insert,
    literal,
    or_,
    select,
    union_all,
    update,
)
from sqlalchemy.orm import Session

from tracker.dataset.at_hand import columns_at_hand
from tracker.dataset.editions import Edition
from tracker.dataset.filters import NOT_NARROWING, DatasetFilter
from tracker.dataset.models import (
    FACET_COLUMNS,
    OPEN,
    DatasetCounter,
    DatasetVersion,
    PublicFacet,
    PublicIncident,
    PublicIncidentTopic,
    PublicPoint,
    PublicTally,
    rendered_at,
)
from tracker.dataset.parameters import PARAMETERS
from tracker.dataset.periods import NO_END, NO_START

FacetColumn = Literal["violation", "perpetrator", "outlet"]

ALL = "all"
"""The name under which all incidents are counted, with the empty value."""
_ONE_OF_EACH = {"country": PublicIncident.country, "verification": PublicIncident.verification}
_DAYS = {"earliest": PublicIncident.earliest, "latest": PublicIncident.latest}
_DIGITS = len(str(NO_END))
_TABLE: Any = PublicTally.__table__
# An incident has one value of each of these, so that counts of several values add up.
_SINGLE = frozenset({*_ONE_OF_EACH, "placed"})


def day_value(number: int) -> str:
    """A day number as it is kept here, so that days are in order as texts too."""
    return f"{number:0{_DIGITS}}"


def change(session: Session, version_ids: Sequence[int], by: Literal[1, -1]) -> None:
    """Count incident versions in, after their renderings were stored, or out, before they are closed or removed.

    Versions that are no longer public are not counted, whichever is asked for.
    """
    changes = session.execute(_counted(version_ids)).all()
    if not changes:
        return
    # Publications wait for one another by this lock; what makes renderings anew has to wait here too.
    session.execute(select(DatasetCounter.version).with_for_update())
    rows = [{"of": name, "what": value, "by": by * count} for name, value, count in changes]
    known = _known(session, {name for name, _, _ in changes})
    keys = (PublicTally.name == bindparam("of"), PublicTally.value == bindparam("what"))
    table = _TABLE
    new = [row for row in rows if (row["of"], row["what"]) not in known]
    if new:
        session.execute(insert(table).values(name=bindparam("of"), value=bindparam("what"), count=bindparam("by")), new)
    if old := [row for row in rows if (row["of"], row["what"]) in known]:
        more = PublicTally.count + bindparam("by", type_=Integer)
        session.connection().execute(update(table).where(*keys).values(count=more), old)
    if by < 0:
        session.execute(delete(table).where(table.c.count == 0))


def _known(session: Session, names: set[str]) -> set[tuple[str, str]]:
    statement = select(PublicTally.name, PublicTally.value).where(PublicTally.name.in_(names))
    return {(name, value) for name, value in session.execute(statement)}


def count_anew(session: Session) -> None:
    """Make all counts again from the renderings."""
    session.execute(select(DatasetCounter.version).with_for_update())
    table = _TABLE
    session.execute(delete(table))
    session.execute(insert(table).from_select(["name", "value", "count"], _counted()))


def _counted(version_ids: Sequence[int] | None = None) -> CompoundSelect[Any]:
    """Names, values and counts of the incidents that are public now, or of these alone."""
    now = _now(PublicIncident, version_ids)
    parts: list[Select[Any, Any, Any]] = [_part(ALL, literal("", String), now, PublicIncident)]
    parts += [_part(name, column, now, PublicIncident) for name, column in _ONE_OF_EACH.items()]
    parts += [_part(name, _day_text(day), now, PublicIncident) for name, day in _DAYS.items()]
    of_facets = _now(PublicFacet, version_ids)
    parts += [_part(name, getattr(PublicFacet, name), of_facets, PublicFacet) for name in FACET_COLUMNS]
    parts.append(_part("placed", PublicPoint.placing, _now(PublicPoint, version_ids), PublicPoint))
    of_topics = [PublicIncidentTopic.version_id.in_(select(PublicIncident.version_id).where(*now))]
    parts.append(_part("topic", PublicIncidentTopic.topic, of_topics, PublicIncidentTopic))
    return union_all(*parts)


_Table = type[PublicIncident] | type[PublicFacet] | type[PublicPoint] | type[PublicIncidentTopic]


def _now(
    table: type[PublicIncident] | type[PublicFacet] | type[PublicPoint], version_ids: Sequence[int] | None
) -> list[ColumnElement[bool]]:
    """Whether a row is of an incident version that is public now, and of these."""
    open_: ColumnElement[bool] = table.valid_to == OPEN
    return [open_] if version_ids is None else [open_, table.version_id.in_(version_ids)]


def _part(
    name: str, value: SQLColumnExpression[str], of: Sequence[ColumnElement[bool]], table: _Table
) -> Select[Any, Any, Any]:
    held = func.count(PublicFacet.version_id.distinct()) if table is PublicFacet else func.count()
    counted: Select[Any, Any, Any] = select(literal(name, String), value.label("value"), held.label("held"))
    counted = counted.select_from(table).where(*of)
    # Without a value to group by there would be a count of nothing where nothing is counted.
    return counted.having(func.count() > 0) if name == ALL else counted.group_by(value)


def _day_text(day: SQLColumnExpression[int]) -> ColumnElement[str]:
    padded = literal("0" * _DIGITS, String).concat(cast(day, String))
    return func.substr(padded, func.length(padded) - _DIGITS + 1, _DIGITS)


def known_total(session: Session, wanted: DatasetFilter, edition: Edition) -> int | None:
    """How many incidents match, where the table tells: all, those of one value, those of a period; else None."""
    asked = {name for name, _ in wanted.pairs()} - NOT_NARROWING
    if edition.version != edition.latest:
        return None
    if not asked:
        return _sum(session, edition, [(PublicTally.name == ALL, 1)])
    if asked <= {"from", "to"}:
        return _in_period(session, wanted.start, wanted.end, edition)
    name = asked.pop()
    if asked or not _adds_up(name, len(wanted.values(name))):
        return None
    named = and_(PublicTally.name == (PARAMETERS[name].facet or name), PublicTally.value.in_(wanted.values(name)))
    return _sum(session, edition, [(named, 1)])


def _adds_up(name: str, values: int) -> bool:
    """Whether the counts of so many values of a parameter give the incidents that have any of them."""
    kept = name in _SINGLE or name == "topic" or PARAMETERS[name].facet is not None
    return kept and (values == 1 or name in _SINGLE)


_Share = tuple[ColumnElement[bool], int]


def _sum(session: Session, edition: Edition, shares: Sequence[_Share]) -> int | None:
    """The counts of which each is a share, added up; None where the table has gone on to another version."""
    newest = select(func.max(DatasetVersion.version)).scalar_subquery()
    share = case(*shares, else_=0)
    added = func.coalesce(func.sum(PublicTally.count * share), 0)
    row = session.execute(select(newest, added).where(or_(*(condition for condition, _ in shares)))).one()
    return int(row[1]) if row[0] == edition.version else None


def _in_period(session: Session, start: date | None, end: date | None, edition: Edition) -> int | None:
    """All that overlap: everything but what ended before, began after, or is undated, which does both."""
    of_all = PublicTally.name == ALL
    before = and_(PublicTally.name == "latest", PublicTally.value < day_value(start.toordinal() if start else 0))
    after = and_(PublicTally.name == "earliest", PublicTally.value > day_value(end.toordinal() if end else NO_END))
    undated = and_(PublicTally.name == "latest", PublicTally.value == day_value(NO_START))
    shares = [(of_all, 1), *([(before, -1)] if start else []), *([(after, -1)] if end else [])]
    if start and end:
        # Each row has the first share that fits it: what is undated is taken off as what began after, and only so.
        shares.insert(0, (undated, 0))
    return _sum(session, edition, shares)


def tally(session: Session, edition: Edition, column: FacetColumn) -> dict[str, int]:
    """How many incidents hold each value of a facet at an edition, the most frequent first.

    An incident counts once under every value that it holds, so that the counts add up to more than the incidents.
    """
    # The second key makes the order of equal counts the same on both databases.
    rows = sorted(_rows(session, edition, column), key=lambda row: (-row[1], row[0]))
    return {str(value): int(count) for value, count in rows}


def values(session: Session, edition: Edition, name: Literal["country"]) -> list[str]:
    """The values that there are at an edition, in their order."""
    return sorted(value for value, _ in _rows(session, edition, name))


def _rows(session: Session, edition: Edition, name: str) -> Sequence[Row[str, int] | tuple[str, int]]:
    if edition.version == edition.latest:
        newest = select(func.max(DatasetVersion.version)).scalar_subquery()
        kept = select(PublicTally.value, PublicTally.count).where(PublicTally.name == name)
        if rows := session.execute(kept.where(newest == edition.version)).all():
            return rows
    if name in _ONE_OF_EACH:
        if (columns := columns_at_hand(session, edition)) is not None:
            from tracker.dataset.statistics import lists

            return lists.values(columns, edition, name)
        column = _ONE_OF_EACH[name]
        counted = select(column, func.count()).where(rendered_at(PublicIncident, edition.version)).group_by(column)
    else:
        column = getattr(PublicFacet, name)
        held = func.count(PublicFacet.version_id.distinct())
        counted = select(column, held).where(rendered_at(PublicFacet, edition.version)).group_by(column)
    return session.execute(counted).all()
