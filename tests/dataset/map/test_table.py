"""The table that filters with many matches are counted from: it says the same as the database, and outlives nothing."""

import pytest

from tests.dataset.map.test_counts import FILTERS, many, parsed
from tests.dataset.samples import publish, record_id
from tracker.dataset import store
from tracker.dataset.editions import dataset_version
from tracker.dataset.fields import Kind
from tracker.dataset.map import answer as answers
from tracker.dataset.map import counting, table
from tracker.dataset.map.answer import MapAnswer, map_answer
from tracker.dataset.map.memory import memory
from tracker.dataset.map.views import View, read_view
from tracker.dataset.statistics.keeping import keeper
from tracker.db import Database, utc_now
from tracker.vocabulary import Nature

VIEWS = (None, ("-180,-85,180,85", "0"), ("60,35,80,50", "5"), ("170,-30,-170,0", "7"), ("74,42,75,43", "12"))


def _view(of: tuple[str, str] | None) -> View | None:
    return read_view(*of) if of else None


def _all(database: Database) -> dict[tuple[str, object], object]:
    found: dict[tuple[str, object], object] = {}
    for query in FILTERS:
        for view in VIEWS:
            with database.public() as session:
                answer = map_answer(session, parsed(query), _view(view))
            found[query, view] = _in_order(answer)
    return found


def _in_order(answer: MapAnswer) -> object:
    drawn = sorted(answer.clusters) if answer.clusters is not None else list(answer.spots or ())
    summary = answer.summary
    return summary.placings, summary.countries, summary.by_country, summary.spans, drawn


def _told_by_the_database(database: Database, monkeypatch: pytest.MonkeyPatch, most: int) -> object:
    publish(database, *many(200))
    # Incidents that were public under other versions leave gaps, and are not counted.
    publish(database, *many(60, seed=9), nature=Nature.CORRECTION)
    monkeypatch.setattr(answers, "MOST_SPOTS", most)
    monkeypatch.setattr(table, "FEW", 0)
    keeper.forget()
    memory._forget("")
    found = _all(database)
    memory._forget("")
    return found


@pytest.mark.parametrize("most", [10, 20_000], ids=["clusters", "spots"])
def test_every_filter_and_view_is_answered_alike_with_the_table_and_without(
    database: Database, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    without = _told_by_the_database(database, monkeypatch, most)
    with database.public() as session:
        table.read_ahead(session, dataset_version(session))
        assert table.counted(session, parsed("country=KG"), dataset_version(session))
    assert _all(database) == without


def test_few_matches_and_all_of_them_are_left_to_the_database(database: Database) -> None:
    publish(database, *many(20))
    with database.public() as session:
        edition = dataset_version(session)
        table.read_ahead(session, edition)
        assert table.counted(session, parsed("country=KG"), edition) is None
        assert table.counted(session, parsed(""), edition) is None


def test_no_table_outlives_what_is_taken_back(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table, "FEW", 0)
    incidents = many(20)
    publish(database, *incidents)
    with database.public() as session:
        table.read_ahead(session, dataset_version(session))
    with database.write() as session:
        version = store.next_version(session, utc_now())
        store.hide(session, dataset_version=version, kind=Kind.INCIDENT, record_id=record_id(incidents[0]["reference"]))
    with database.public() as session:
        edition = dataset_version(session)
        assert table.counted(session, parsed("q=incident"), edition) is None
        assert memory.known(edition, ("table",)) is None
        assert map_answer(session, parsed("q=incident")).summary.matching == 19


def test_a_table_of_nothing_counts_nothing(database: Database) -> None:
    with database.public() as session:
        edition = dataset_version(session)
        table.read_ahead(session, edition)
        assert table.counted(session, parsed("country=KG"), edition) is None


@pytest.mark.parametrize("few", [0, counting.FEW], ids=["sorted", "counted"])
@pytest.mark.parametrize("most", [10, 20_000], ids=["clusters", "spots"])
def test_every_filter_and_view_is_answered_alike_out_of_the_columns(
    database: Database, monkeypatch: pytest.MonkeyPatch, most: int, few: int
) -> None:
    monkeypatch.setattr(counting, "FEW", few)
    without = _told_by_the_database(database, monkeypatch, most)
    with database.public() as session:
        edition = dataset_version(session)
        keeper.columns(session, edition)
        # Where the columns are there, no table is read beside them.
        table.read_ahead(session, edition)
        assert memory.known(edition, ("table",)) is None
        assert table.counted(session, parsed("country=KG"), edition)
    assert _all(database) == without


def test_what_lies_at_too_many_points_is_left_to_the_database(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(database, *many(30))
    monkeypatch.setattr(table, "FEW", 0)
    monkeypatch.setattr(counting, "MOST_POINTS", 1)
    memory._forget("")
    with database.public() as session:
        edition = dataset_version(session)
        keeper.columns(session, edition)
        assert table.counted(session, parsed("country=KG"), edition) is None
        assert map_answer(session, parsed("country=KG")).summary.matching > 1
