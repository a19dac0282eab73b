"""A reader who stops in the middle of a file keeps nobody waiting, and the database from clearing up after nobody."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from tests.web import records
from tests.web.conftest import SECOND_DAY, an_incident_to_publish, as_publications, publish
from tracker.app import create_app
from tracker.dataset import store
from tracker.dataset.fields import Kind
from tracker.db import Database, sqlite_path
from tracker.settings import Settings

OPEN_TRANSACTIONS = text(
    "SELECT count(*) FROM pg_stat_activity "
    "WHERE datname = current_database() AND pid <> pg_backend_pid() AND xact_start IS NOT NULL"
)


@pytest.mark.parametrize("query", ["", "?country=KG", "?limit=1000"])
@pytest.mark.parametrize("name", ["csv", "json", "geojson"])
def test_a_reader_who_stops_blocks_no_writer_and_holds_no_transaction(
    settings: Settings, database: Database, monkeypatch: pytest.MonkeyPatch, name: str, query: str
) -> None:
    monkeypatch.setattr("tracker.dataset.exports.batches.BATCH", 1)
    publish(database, as_publications())
    client = create_app(settings, database, only="public").test_client()
    with client.get(f"/incidents.{name}{query}", buffered=False) as answer:
        assert int(answer.headers["X-Row-Count"]) > 2
        pieces: Iterator[Any] = iter(answer.response)
        read = [next(pieces) for _ in range(2)]
        another = records.INCIDENTS[0] | {"id": "id-new", "reference": "KGZ-2020-0999"}
        publish(database, [an_incident_to_publish(another)], SECOND_DAY)
        _nothing_is_held(database)
        read += list(pieces)
    assert not any(b"KGZ-2020-0999" in bytes(piece) for piece in read)


@pytest.mark.parametrize("query", ["", "?country=KG", "?limit=1000"])
@pytest.mark.parametrize("name", ["csv", "json", "geojson", "jsonl"])
def test_a_reader_who_stops_does_not_get_what_was_hidden_since_though_it_lay_ready(
    settings: Settings, database: Database, monkeypatch: pytest.MonkeyPatch, name: str, query: str
) -> None:
    monkeypatch.setattr("tracker.dataset.exports.batches.BATCH", 1)
    monkeypatch.setattr("tracker.dataset.exports.batches.SECONDS_TO_WAIT", 0.05)
    publish(database, as_publications())
    client = create_app(settings, database, only="public").test_client()
    with client.get(f"/incidents.{name}{query}", buffered=False) as answer:
        pieces: Iterator[Any] = iter(answer.response)
        read = b"".join(bytes(next(pieces)) for _ in range(2))
        unread = [each for each in records.INCIDENTS if each["reference"].encode() not in read]
        assert len(unread) > 1
        # Whoever reads ahead has read the next one by now.
        time.sleep(0.1)
        with database.write() as session:
            version = store.next_version(session, SECOND_DAY)
            for each in unread:
                store.hide(session, dataset_version=version, kind=Kind.INCIDENT, record_id=each["id"])
        rest = b"".join(bytes(piece) for piece in pieces)
    assert [each["reference"] for each in unread if each["reference"].encode() in rest] == []


def _nothing_is_held(database: Database) -> None:
    if not database.is_sqlite:
        with database.read() as session:
            assert session.scalar(OPEN_TRANSACTIONS) == 0
        return
    with database.writer_engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        busy, _, _ = connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)")).one()
    assert busy == 0
    assert Path(f"{sqlite_path(database.url)}-wal").stat().st_size == 0
