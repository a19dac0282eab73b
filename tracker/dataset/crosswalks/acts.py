"""Every act against a victim with the classes that it stands in, as CSV in constant memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import groupby
from typing import Any

from sqlalchemy import select

from tracker.dataset.crosswalks.case_texts import case_column, read_case
from tracker.dataset.crosswalks.results import RELATIONS
from tracker.dataset.exports.batches import BATCH, Sessions
from tracker.dataset.exports.meta import Export
from tracker.dataset.filters import DatasetFilter
from tracker.dataset.flatten import to_line
from tracker.dataset.models import PublicFacet, PublicIncident, PublicVersion, rendered_at
from tracker.dataset.periods import NO_END, NO_START
from tracker.dataset.selection import facet_conditions
from tracker.text import join_list
from tracker.vocabulary import NOT_RECORDED, Relation
from tracker.vocabulary.crosswalks import Case, Scheme

_CASE_COLUMNS = ("violation", "completion", "killing_kind", "arbitrary")
_VICTIM_COLUMNS = {"victim_kind": "kind", "victim_role": "role", "victim_harm": "harm"}
ACT_COLUMNS = (
    ("reference", "The incident."),
    ("act", "Number of the act in the incident."),
    ("victim", "Number of the victim in the act; 0 where none is recorded."),
    ("date_earliest", "First possible day."),
    ("date_latest", "Last possible day."),
    ("country", "Country (ISO 3166-1 alpha-2)."),
    ("verification", "How well the incident is established."),
    ("violation", "What was done."),
    ("completion", "Whether it was done, tried or threatened."),
    ("killing_kind", "For a killing: which kind."),
    ("arbitrary", "Whether a source judged the detention arbitrary."),
    ("victim_kind", "What the victim is."),
    ("victim_role", "What the victim's work was."),
    ("victim_harm", "Bodily harm."),
    ("perpetrators", "Who did, ordered or aided it."),
    *((relation.value, f"Classes of theirs to which the act is `{relation.value}`.") for relation in RELATIONS),
    *(
        (f"perpetrators_{relation.value}", f"The same for the perpetrators: `{relation.value}`.")
        for relation in RELATIONS
    ),
)


def acts_csv(sessions: Sessions, scheme: Scheme, wanted: DatasetFilter, export: Export) -> Iterator[bytes]:
    """Every act against a victim with the classes it stands in, in pieces (UTF-8), a batch of incidents each.

    It holds the acts that meet the filter, in the order in which their incidents were published.
    """
    yield to_line([name for name, _ in ACT_COLUMNS]).encode()
    # The same case comes again and again, and what it reaches is always the same.
    known: dict[str, tuple[Case, dict[str, Relation], dict[str, Relation]]] = {}
    for rows in _batches(sessions, wanted, export):
        lines = []
        for _, of_victim in groupby(rows, key=lambda row: row[:3]):
            several = list(of_victim)
            for row in several:
                if row.case not in known:
                    case = read_case(row.case)
                    known[row.case] = (case, scheme.acts.reached(case), scheme.actors.reached(case))
            lines.append(_act_line(several[0], [known[row.case] for row in several]))
        yield "".join(lines).encode()


def _batches(sessions: Sessions, wanted: DatasetFilter, export: Export) -> Iterator[Sequence[Any]]:
    facet, incident, version = PublicFacet, PublicIncident, PublicVersion
    statement = (
        select(
            facet.version_id,
            facet.act,
            facet.victim,
            version.key,
            incident.earliest,
            incident.latest,
            incident.country,
            incident.verification,
            case_column().label("case"),
        )
        .join(incident, incident.version_id == facet.version_id)
        .join(version, version.id == facet.version_id)
        .where(rendered_at(facet, export.edition.version), *facet_conditions(wanted))
        .order_by(facet.version_id, facet.act, facet.victim, facet.involvement)
    )
    for ids in _ids(sessions, export):
        with sessions() as session:
            yield session.execute(statement.where(facet.version_id.in_(ids))).all()


def _ids(sessions: Sessions, export: Export) -> Iterator[list[int]]:
    """The incident versions of an export, batch by batch."""
    if export.version_ids is not None:
        for start in range(0, len(export.version_ids), BATCH):
            yield export.version_ids[start : start + BATCH].tolist()
        return
    statement = select(PublicIncident.version_id).where(rendered_at(PublicIncident, export.edition.version))
    last = 0
    while True:
        following = statement.where(PublicIncident.version_id > last).order_by(PublicIncident.version_id).limit(BATCH)
        with sessions() as session:
            ids = list(session.scalars(following))
        if not ids:
            return
        yield ids
        last = ids[-1]


def _act_line(row: Any, several: Sequence[tuple[Case, Mapping[str, Relation], Mapping[str, Relation]]]) -> str:
    case = several[0][0]
    cells = [
        row.key,
        str(row.act),
        str(row.victim),
        _day(row.earliest),
        _day(row.latest),
        _said(row.country),
        _said(row.verification),
        *(_said(case[name]) for name in _CASE_COLUMNS),
        *(_said(case[name]) for name in _VICTIM_COLUMNS.values()),
        join_list([_said(each[0]["perpetrator"]) for each in several if _said(each[0]["perpetrator"])]),
        *_by_relation(_strongest(each[1] for each in several)),
        *_by_relation(_strongest(each[2] for each in several)),
    ]
    return to_line(cells)


def _strongest(several: Iterable[Mapping[str, Relation]]) -> dict[str, Relation]:
    found: dict[str, Relation] = {}
    for one in several:
        for code, relation in one.items():
            found[code] = min(found.get(code, relation), relation, key=lambda each: each.rank)
    return found


def _by_relation(reached: Mapping[str, Relation]) -> list[str]:
    return [join_list([code for code, relation in reached.items() if relation is one]) for one in RELATIONS]


def _said(code: str) -> str:
    """A code; silence is an empty cell, as in all our files."""
    return "" if code == NOT_RECORDED else code


def _day(number: int) -> str:
    return date.fromordinal(number).isoformat() if NO_START < number < NO_END else ""
