"""Very large tables: what is listed of them, and from where on they are refused."""

import pytest

from tests.dataset.samples import publish
from tests.dataset.statistics import invented
from tracker.dataset import statistics
from tracker.dataset.filters import DatasetFilter
from tracker.dataset.map.memory import Memory
from tracker.dataset.problems import FilterError
from tracker.dataset.statistics import table
from tracker.dataset.statistics.labels import names_in
from tracker.dataset.statistics.notes import notes
from tracker.dataset.statistics.writing import csv_text, number_of_rows
from tracker.db import Database

DIMENSIONS = ("outlet", "admin1")


@pytest.fixture(autouse=True)
def _published(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    publish(database, *invented.others(), *invented.incidents(25, 3))
    # Nothing is looked up that was counted under other limits.
    monkeypatch.setattr(statistics, "_memory", Memory(0))


def _table(database: Database, unit: str) -> tuple[table.Table, str]:
    with database.public() as session:
        made = statistics.count(session, DatasetFilter(), unit, DIMENSIONS)
        return made, csv_text(made, names_in(session, made))


@pytest.mark.parametrize("unit", ["incidents", "acts", "victims", "outlets"])
def test_of_a_very_large_table_the_files_list_the_cells_that_hold_anything(
    database: Database, unit: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, whole_text = _table(database, unit)
    cells = list(whole.iterate())
    held = [cell for cell in cells if any(count.possible for count in cell.counts)]
    assert 0 < len(held) < len(cells) == whole.size
    assert not whole.is_sparse
    assert "the files list" not in str(notes(whole))
    monkeypatch.setattr(table, "LARGEST", len(held))
    sparse, text = _table(database, unit)
    assert sparse.is_sparse
    assert list(sparse.iterate()) == held
    assert number_of_rows(sparse) == len(held) * len(sparse.measures) == text.count("\n") - 1
    assert set(text.splitlines()) < set(whole_text.splitlines())
    assert f"Of {len(cells)} cells the files list those alone" in str(notes(sparse))


def test_a_table_that_holds_too_much_or_has_too_many_cells_is_refused(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, _ = _table(database, "incidents")
    held = sum(1 for cell in whole.iterate() if cell.counts[0].possible)
    for limits in ({"LARGEST": held - 1}, {"MOST": whole.size - 1}):
        with monkeypatch.context() as patch:
            for name, most in limits.items():
                patch.setattr(table, name, most)
            with pytest.raises(FilterError) as refusal:
                _table(database, "incidents")
        [problem] = refusal.value.problems
        assert (problem.name, problem.value) == ("then", "admin1")
        assert f"at most {next(iter(limits.values()))} are counted" in str(problem.message)
