"""The columns in memory keep up with every publication, and nothing in them outlives a restriction."""

import random
from datetime import UTC, datetime
from pathlib import Path
from threading import Barrier, Thread
from typing import Any

import pytest
from sqlalchemy import update

from tests.dataset.samples import act, by, incident, place, publish, record_id, victim
from tests.dataset.statistics import invented
from tracker.dataset import statistics, store
from tracker.dataset.editions import dataset_version
from tracker.dataset.exports.shelf import Shelf
from tracker.dataset.fields import Kind
from tracker.dataset.filters import DatasetFilter
from tracker.dataset.models import DatasetVersion
from tracker.dataset.rebuild import rebuild
from tracker.dataset.statistics.keeping import Keeper, keeper
from tracker.dataset.statistics.sharing import Shared
from tracker.db import Database
from tracker.vocabulary import Nature, WithdrawalReason


def columns_of(database: Database, kept: Keeper) -> Any:
    with database.public() as session:
        return kept.columns(session, dataset_version(session))


def seen(columns: Any) -> dict[str, Any]:
    """Everything that columns hold, with the words for the codes."""
    found: dict[str, Any] = {"topic": [columns.words["topic"].list[code] for code in columns.topic]}
    for part in (columns.incidents, columns.facets):
        for name, array in part.items():
            words = columns.words.get(name)
            found[name] = [words.list[code] for code in array] if words else array.tolist()
    return found | {"start": columns.start.tolist(), "topic_start": columns.topic_start.tolist()}


def assert_as_if_read_anew(database: Database, kept: Keeper) -> None:
    assert seen(columns_of(database, kept)) == seen(columns_of(database, Keeper()))


def hide(database: Database, reference: str) -> None:
    with database.write() as session:
        version = store.next_version(session, datetime(2026, 5, 1, tzinfo=UTC))
        store.hide(session, dataset_version=version, kind=Kind.INCIDENT, record_id=record_id(reference))


def withdraw(database: Database, reference: str) -> None:
    moment = datetime(2026, 5, 2, tzinfo=UTC)
    with database.write() as session:
        version = store.next_version(session, moment)
        store.withdraw(
            session,
            dataset_version=version,
            kind=Kind.INCIDENT,
            record_id=record_id(reference),
            reason=WithdrawalReason.UNDISCLOSED,
            at=moment,
        )


@pytest.mark.parametrize("is_shared", [False, True], ids=["alone", "shared"])
def test_columns_that_caught_up_are_those_that_are_read_anew(
    database: Database, tmp_path: Path, is_shared: bool
) -> None:
    kept = Keeper(Shared(Shelf(tmp_path, most=0, mark="")) if is_shared else None)
    assert len(columns_of(database, kept)) == 0
    for step, seed in enumerate((1, 2, 3)):
        publish(database, *invented.incidents(30, seed, first=1 + 20 * step), nature=Nature.CORRECTION)
        assert_as_if_read_anew(database, kept)
    publish(database, *invented.incidents(3, 9), nature=Nature.RESTRICTION)
    assert_as_if_read_anew(database, kept)
    hide(database, "KGZ-2020-0005")
    withdraw(database, "KGZ-2020-0006")
    assert_as_if_read_anew(database, kept)
    # Several publications at once, and one of an outlet alone.
    publish(database, *invented.incidents(10, 11, first=40))
    hide(database, "KGZ-2020-0041")
    publish(database, *invented.others())
    assert_as_if_read_anew(database, kept)


def test_a_quarantined_incident_leaves_memory_and_every_past_figure_at_once(database: Database) -> None:
    lonely = incident(
        "KGZ-2020-0900",
        place=place(country="KG", admin1="Nowherestan"),
        topics=("onlytopic",),
        acts=[act("torture", [victim(outlet="onlyoutlet")], [by("military")])],
    )
    first = publish(database, *invented.others(), *invented.incidents(20), lonely)

    def torture(query: DatasetFilter) -> int:
        with database.public() as session:
            table = statistics.count(session, query, "incidents", ("violation",))
        return int(table.of_rows.possible[0][table.rows.index("torture")])

    assert torture(DatasetFilter()) == 1
    assert "nowherestan" in repr(columns_of(database, keeper).words)
    hide(database, "KGZ-2020-0900")
    assert torture(DatasetFilter()) == 0
    assert torture(DatasetFilter(dataset=first)) == 0
    said = repr(columns_of(database, keeper).words)
    for word in ("nowherestan", "onlytopic", "onlyoutlet"):
        assert word not in said
    with database.public() as session:
        table = statistics.count(session, DatasetFilter(dataset=first), "outlets", ("outlet",))
    assert table.unavailable == 1


def test_a_restored_backup_makes_everything_be_read_again(database: Database) -> None:
    kept = Keeper()
    publish(database, *invented.incidents(10))
    columns_of(database, kept)
    # As after a restored backup: another version bears the number of the one that was known.
    publish(database, *invented.incidents(10, 5), nature=Nature.CORRECTION)
    before = columns_of(database, kept)
    with database.write() as session:
        session.execute(update(DatasetVersion).where(DatasetVersion.version == 2).values(stamp="another"))
    after = columns_of(database, kept)
    assert after is not before
    assert seen(after) == seen(before)
    assert after.stamp == "another"


def test_a_reader_of_an_older_version_gets_its_own_figures_from_newer_columns(database: Database) -> None:
    kept = Keeper()
    publish(database, *invented.incidents(10))
    with database.public() as session:
        older = dataset_version(session)
        publish(database, *invented.incidents(10, first=50))
        newer = columns_of(database, kept)
        assert kept.columns(session, older) is newer
        assert int(newer.public_at(older.version).sum()) == 10


def test_renderings_made_anew_do_not_disturb_the_figures(database: Database) -> None:
    kept = Keeper()
    publish(database, *invented.incidents(25))
    before = seen(columns_of(database, kept))
    rebuild(database, everything=True)
    publish(database, *invented.incidents(1, first=90))
    after = seen(columns_of(database, kept))
    assert after["version_id"][:-1] == before["version_id"]
    assert_as_if_read_anew(database, kept)


def test_many_who_wait_for_the_columns_leave_a_connection_to_the_one_who_reads_them(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(database, *invented.incidents(20))
    with database.public() as session:
        pool: Any = session.get_bind().pool  # type: ignore[union-attr]
    monkeypatch.setattr(pool, "_timeout", 5)
    everybody = pool.size() + pool._max_overflow
    kept, start, found = Keeper(), Barrier(everybody), list[int]()

    def ask() -> None:
        with database.public() as session:
            edition = dataset_version(session)
            start.wait()
            found.append(len(kept.columns(session, edition)))

    threads = [Thread(target=ask) for _ in range(everybody)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == everybody * [20]


def test_many_readers_and_publications_at_once_give_right_figures(database: Database) -> None:
    publish(database, *invented.incidents(20))
    start, wrong = Barrier(5), []

    def ask() -> None:
        start.wait()
        dice = random.Random()
        for _ in range(15):
            with database.public() as session:
                edition = dataset_version(session)
                wanted = DatasetFilter(dataset=dice.randint(1, edition.version))
                table = statistics.count(session, wanted, "incidents", ("country",))
                # Each publication brings three incidents more.
                if int(table.total.possible[0]) != 20 + 3 * (wanted.dataset or 0) - 3:
                    wrong.append((wanted.dataset, table.total.possible))

    threads = [Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    start.wait()
    for step in range(8):
        publish(database, *invented.incidents(3, step, first=100 + 10 * step))
    for thread in threads:
        thread.join()
    assert wrong == []
