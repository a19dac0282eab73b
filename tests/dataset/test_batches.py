"""Files that are read while something else happens: slow readers, many of them, those who stop, and faults."""

import threading
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qsl

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import QueuePool

from tests.dataset.reading_files import references
from tests.dataset.samples import act, incident, publish, victim
from tracker.dataset.exports import FORMATS
from tracker.dataset.filters import DatasetFilter
from tracker.db import Database
from tracker.settings import Settings
from tracker.vocabulary import Nature

BATCHES = "tracker.dataset.exports.batches"
REFERENCES = [f"KGZ-2020-{number:04d}" for number in range(1, 61)]
TAKEN_BACK = REFERENCES[40]


@pytest.fixture
def filled(database: Database, monkeypatch: pytest.MonkeyPatch) -> Database:
    """A dataset of many batches, all of them read by threads."""
    monkeypatch.setattr(f"{BATCHES}.BATCH", 2)
    _read_by(monkeypatch, "two threads")
    acts = [act("assault", [victim(name="Somebody")])]
    publish(database, *(incident(reference, acts=acts) for reference in REFERENCES))
    return database


HOW = {"two threads": (2, 2), "one thread if filtered, on SQLite": (2, 100), "none if filtered": (100, 100)}


def _read_by(monkeypatch: pytest.MonkeyPatch, how: str) -> None:
    for name, number in zip(("FEW", "FEW_HERE"), HOW[how], strict=True):
        monkeypatch.setattr(f"{BATCHES}.{name}", number)


def _pieces(database: Database, name: str, query: str = "") -> Iterator[bytes]:
    with database.public() as session:
        export = FORMATS[name].prepare(session, DatasetFilter.parse(parse_qsl(query)))
    return FORMATS[name].write(database.public, export)


def _pool(database: Database) -> QueuePool:
    with database.public() as session:
        pool = session.get_bind().pool  # type: ignore[union-attr]
    assert isinstance(pool, QueuePool)
    return pool


def _begun(pieces: Iterator[bytes]) -> list[bytes]:
    """The first pieces, behind which both readers have a connection."""
    return [next(pieces) for _ in range(3)]


@pytest.mark.parametrize("how", HOW)
@pytest.mark.parametrize("query", ["", "violation=assault"], ids=["whole", "filtered"])
@pytest.mark.parametrize("name", ["csv", "json", "jsonl", "geojson"])
def test_what_is_restricted_while_a_file_is_sent_does_not_come_out_any_more(
    filled: Database, monkeypatch: pytest.MonkeyPatch, name: str, query: str, how: str
) -> None:
    _read_by(monkeypatch, how)
    pieces = _pieces(filled, name, query)
    begun = _begun(pieces)
    publish(filled, incident(TAKEN_BACK), nature=Nature.RESTRICTION)
    assert references(name, b"".join([*begun, *pieces])) == [each for each in REFERENCES if each != TAKEN_BACK]


@pytest.mark.parametrize("query", ["", "violation=assault"], ids=["whole", "filtered"])
def test_what_lay_ready_too_long_is_read_anew(filled: Database, monkeypatch: pytest.MonkeyPatch, query: str) -> None:
    monkeypatch.setattr(f"{BATCHES}.SECONDS_TO_WAIT", -1)
    pieces = _pieces(filled, "csv", query)
    begun = [next(pieces) for _ in range(2)]
    following = REFERENCES[len(references("csv", b"".join(begun)))]
    publish(filled, incident(following), nature=Nature.RESTRICTION)
    assert references("csv", b"".join([*begun, *pieces])) == [each for each in REFERENCES if each != following]


def test_whoever_stops_early_leaves_no_connection_and_no_thread_behind(filled: Database) -> None:
    pieces = _pieces(filled, "csv")
    _begun(pieces)
    pieces.close()  # type: ignore[attr-defined]
    assert _pool(filled).checkedout() == 0
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("export")]


def test_many_slow_readers_leave_connections_for_all_others(filled: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_pool(filled), "_timeout", 2)
    slow = [_pieces(filled, "csv") for _ in range(20)]
    begun = [_begun(pieces) for pieces in slow]
    assert _pool(filled).checkedout() <= 6
    for first, rest in zip(begun, slow, strict=True):
        assert references("csv", b"".join([*first, *rest])) == REFERENCES
    assert _pool(filled).checkedout() == 0


def test_many_readers_at_once_get_whole_files(filled: Database) -> None:
    whole: list[list[str]] = []

    def read() -> None:
        whole.append(references("csv", b"".join(_pieces(filled, "csv"))))

    readers = [threading.Thread(target=read) for _ in range(24)]
    for each in readers:
        each.start()
    for each in readers:
        each.join(60)
    assert whole == [REFERENCES] * len(readers)
    assert _pool(filled).checkedout() == 0


@pytest.mark.parametrize("query", ["", "violation=assault"], ids=["whole", "filtered"])
def test_a_file_that_cannot_be_read_on_is_broken_off_with_a_fault_and_holds_nothing(
    filled: Database, query: str
) -> None:
    pieces = _pieces(filled, "csv", query)
    _begun(pieces)
    with filled.writer_engine.begin() as connection:
        connection.execute(text("DROP TABLE public_line"))
    with pytest.raises(DBAPIError):
        list(pieces)
    assert _pool(filled).checkedout() == 0


@pytest.mark.parametrize("query", ["", "violation=assault"], ids=["whole", "filtered"])
def test_a_file_is_utf_8_whatever_letters_the_system_prefers(
    postgres_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, query: str
) -> None:
    monkeypatch.setenv("PGCLIENTENCODING", "WIN1251")
    database = Database(Settings(instance=tmp_path, database_url=postgres_url))
    title = {"ru": "Ёлка", "ky": "Өкмөт үйү"}
    publish(database, incident(REFERENCES[0], title=title, acts=[act("assault")]))
    assert "Ёлка" in b"".join(_pieces(database, "csv", query)).decode()
    assert "Өкмөт үйү" in b"".join(_pieces(database, "json", query)).decode()
    database.dispose()


def test_a_vacuum_does_not_wait_for_a_slow_reader(filled: Database) -> None:
    pieces = _pieces(filled, "csv")
    begun = _begun(pieces)
    started = time.monotonic()
    with filled.writer_engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("VACUUM")
    assert time.monotonic() - started < 5
    assert references("csv", b"".join([*begun, *pieces])) == REFERENCES


@pytest.mark.parametrize("query", ["", "violation=threat"], ids=["whole", "filtered"])
@pytest.mark.parametrize("name", list(FORMATS))
def test_a_file_of_nothing_is_whole(database: Database, name: str, query: str) -> None:
    if query:
        publish(database, incident(REFERENCES[0], acts=[act("assault")]))
    assert references(name, b"".join(_pieces(database, name, query))) == []
