"""What has to be said beside a table, so that nobody reads more out of it than it holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.dataset.statistics.question import Unit
from tracker.phrases import Phrase, phrase

if TYPE_CHECKING:
    from tracker.dataset.statistics.table import Table

UNIT_NOTES = {
    Unit.INCIDENTS: phrase("Each incident counts once in a cell, however many acts put it there."),
    Unit.ACTS: phrase(
        "Each pair of an act and a victim of it counts once in a cell; an act whose victim is not recorded counts as "
        "one pair."
    ),
    Unit.VICTIMS: phrase(
        "Named persons count once for each incident. Persons without a public name and groups stand beside them and "
        "are never added: the same unnamed person may stand in several acts, and a group is one entry, whatever its "
        "size."
    ),
    Unit.OUTLETS: phrase("Each outlet counts once in a cell, in however many incidents it was hit."),
}
UNDERCOUNT = phrase(
    "These are observed cases, found and shown from sources: a floor, and no estimate of how many attacks happened."
)
MEASURE_LABELS = {"named": phrase("Named"), "unnamed": phrase("Unnamed"), "group": phrase("Groups")}
POSSIBLE = phrase(
    "Possible counts take whatever may have happened in a period, certain counts what happened in it for sure; an "
    "incident known by its year alone is possible in each of its months and certain in none."
)
_SEVERAL = phrase("The rows overlap, since one and the same can stand in several of them: do not add them up.")
PERPETRATORS = phrase("Perpetrators are those who acted, ordered or aided; who stood by is not counted.")


def notes(table: Table) -> list[Phrase]:
    """The notes of a table, the most needed first."""
    found = [UNIT_NOTES[table.question.unit], *_overlap(table)]
    if table.is_paired:
        found.append(POSSIBLE)
    found += _apart(table)
    if any(dimension.column in ("perpetrator", "side") for dimension in table.question.dimensions):
        found.append(PERPETRATORS)
    return [*found, UNDERCOUNT]


def _overlap(table: Table) -> list[Phrase]:
    if not table.overlaps():
        return []
    added, total = table.sums()[0].possible, int(table.total.possible[0])
    match table.question.unit:
        case Unit.INCIDENTS:
            said = phrase("Rows add up to {sum}; distinct incidents: {total}.", sum=added, total=total)
        case Unit.ACTS:
            said = phrase("Rows add up to {sum}; distinct acts: {total}.", sum=added, total=total)
        case Unit.VICTIMS:
            said = phrase("Rows add up to {sum}; distinct named victims: {total}.", sum=added, total=total)
        case Unit.OUTLETS:
            said = phrase("Rows add up to {sum}; distinct outlets: {total}.", sum=added, total=total)
    return [said, _SEVERAL]


def _apart(table: Table) -> list[Phrase]:
    found = []
    if table.undated is not None and (undated := int(table.undated.possible.sum())):
        found.append(phrase("Without a date, and so in no period: {count}.", count=undated))
    if table.without_act:
        count = table.without_act
        found.append(phrase("Incidents without a recorded act, and so in no row: {count}.", count=count))
    if table.is_sparse:
        cells = table.size
        found.append(phrase("Of {cells} cells the files list those alone in which anything is counted.", cells=cells))
    if table.unavailable:
        count = table.unavailable
        found.append(phrase("Records of that version that are no longer available: {count}.", count=count))
    return found
