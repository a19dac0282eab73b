"""Figures: how many incidents, acts, victims or outlets a filter leaves, by one dimension or two.

    with database.public() as session:
        table = statistics.count(session, wanted, "victims", ("violation", "year"))

`docs/figures.md` says what each unit counts. `columns` is what is counted from, `keeping` keeps it up with the
publications, `narrowing` applies a filter, `counting` counts, and `table` is the answer. `writing` makes files of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from tracker.dataset.counts import unavailable
from tracker.dataset.editions import Edition, dataset_version
from tracker.dataset.filters import DatasetFilter
from tracker.dataset.map.memory import Memory
from tracker.dataset.selection import check_names
from tracker.dataset.statistics.question import DIMENSIONS, Question, Unit, parse, refuse_pages

if TYPE_CHECKING:
    from tracker.dataset.statistics.table import Table

REMEMBERED_BYTES = 24_000_000
_memory = Memory(REMEMBERED_BYTES)


def count(session: Session, wanted: DatasetFilter, unit: str, dimensions: Sequence[str]) -> Table:
    """The counts of a filter by one dimension or two, by their names. Raises `FilterError`."""
    asked = [DIMENSIONS[name] for name in dimensions]
    return summary(session, wanted, Question(Unit(unit), asked[0], asked[1] if len(asked) > 1 else None))


def summary(session: Session, wanted: DatasetFilter, question: Question, known_edition: Edition | None = None) -> Table:
    """The answer to a question, remembered until the next publication. Raises `FilterError`.

    Whoever asks several questions gives the edition of the filter, so that all answers are of the same one.
    """
    refuse_pages(wanted)
    edition = known_edition or dataset_version(session, wanted)
    check_names(session, wanted, edition)

    def make() -> Table:
        # The columns need a library that takes a tenth of a second to load, which only those who ask for figures wait.
        from tracker.dataset.statistics.keeping import keeper
        from tracker.dataset.statistics.narrowing import narrow
        from tracker.dataset.statistics.table import tabulate

        columns = keeper.columns(session, edition)
        narrowed = narrow(session, columns, wanted, edition)
        return tabulate(narrowed, wanted, question, edition, unavailable(session, edition))

    key = ("summary", tuple(question.pairs()), wanted.selection())
    return _memory.get(edition, key, make, _weight)


def _weight(table: Table) -> int:
    arrays = (table.cells, table.of_rows)
    return 4_000 + sum(each.possible.nbytes + each.certain.nbytes for each in arrays) + 80 * len(table.rows)


__all__ = ["DIMENSIONS", "Question", "Unit", "count", "parse", "refuse_pages", "summary"]
