"""A restriction takes back what was public: from every version, every table and the files of the database."""

import itertools
import time
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import MetaData, Table, inspect, select

from tests.dataset.reading_files import references
from tests.dataset.samples import START, act, by, incident, outlet, place, publish, record_id, source, victim
from tests.support.postgres import Server
from tracker.dataset import queries, store
from tracker.dataset.exports import FORMATS
from tracker.dataset.fields import Kind
from tracker.dataset.filters import DatasetFilter
from tracker.db import Database, sqlite_path
from tracker.vocabulary import Nature, WithdrawalReason

NAME = "Zaynabidinova Withheldname"
WORDS = ("zaynabidinova", "withheldname")
REFERENCE = "KGZ-2020-0500"


def _named(reference: str = REFERENCE) -> dict[str, object]:
    return incident(
        reference,
        title={"en": f"Attack on {NAME}"},
        summary={"en": f"{NAME} was struck. " * 40},
        place=place(country="KG", venue=f"House of {NAME}"),
        acts=[act("assault", [victim(name=NAME, naming="named", outlet="kloop")], [by("police")])],
        sources=[source(title=f"Statement on {NAME}")],
    )


def _publish_crowd(database: Database) -> None:
    """Enough records around it that pages are split and merged while it is stored."""
    for start in range(1, 1000, 250):
        around = [
            incident(f"KGZ-2020-{number:04d}", summary={"en": "crowd " * (number % 97 + 1)})
            for number in range(start, start + 250)
            if number != 500
        ]
        publish(database, *around)
        if start == 501:
            publish(database, _named())
            publish(database, _named() | {"verification": "confirmed"}, nature=Nature.CORRECTION)


def _rows(database: Database) -> str:
    """Everything that stands in the public tables, shadow tables of the search included."""
    with database.writer_engine.connect() as connection:
        names = [name for name in inspect(connection).get_table_names() if name.startswith("public_")]
        tables = [Table(name, MetaData(), autoload_with=connection) for name in names]
        return "\n".join(repr(row) for table in tables for row in connection.execute(select(table)))


def _bytes(database: Database) -> bytes:
    """All bytes of the database's files."""
    path = sqlite_path(database.url)
    assert path is not None
    return b"".join(file.read_bytes() for file in sorted(path.parent.glob(path.name + "*")) if file.is_file())


def _assert_gone(database: Database) -> None:
    found = _rows(database).casefold()
    for word in WORDS:
        assert word not in found


def test_a_restricted_name_is_in_no_row_of_any_public_table(database: Database) -> None:
    _publish_crowd(database)
    assert WORDS[0] in _rows(database).casefold()
    publish(database, incident(REFERENCE), nature=Nature.RESTRICTION)
    store.purge_storage(database.writer_engine)
    _assert_gone(database)
    with database.public() as session:
        assert queries.incident(session, REFERENCE) is not None


def test_a_withdrawn_record_is_in_no_row_but_its_tombstone(database: Database) -> None:
    _publish_crowd(database)
    with database.write() as session:
        version = store.next_version(session, START)
        store.withdraw(
            session, dataset_version=version, kind=Kind.INCIDENT, record_id=record_id(REFERENCE),
            reason=WithdrawalReason.UNDISCLOSED, at=START,
        )  # fmt: skip
    store.purge_storage(database.writer_engine)
    _assert_gone(database)
    assert _rows(database).count(REFERENCE) == 1


def test_a_hidden_outlet_leaves_not_even_its_address(database: Database) -> None:
    publish(database, outlet(WORDS[0], name=NAME))
    with database.write() as session:
        version = store.next_version(session, START)
        store.hide(session, dataset_version=version, kind=Kind.OUTLET, record_id=record_id(WORDS[0]))
    store.purge_storage(database.writer_engine)
    _assert_gone(database)


def test_a_restricted_name_is_in_no_byte_of_the_database_files(sqlite_database: Database) -> None:
    _publish_crowd(sqlite_database)
    assert NAME.encode() in _bytes(sqlite_database)
    publish(sqlite_database, incident(REFERENCE), nature=Nature.RESTRICTION)
    store.purge_storage(sqlite_database.writer_engine)
    left = _bytes(sqlite_database).lower()
    for word in WORDS:
        assert word.encode() not in left
        assert word[3:].encode() not in left


def test_a_restricted_name_is_in_no_file_of_the_postgresql_tables(
    postgres_database: Database, postgres_server: Server
) -> None:
    _publish_crowd(postgres_database)
    # Longer texts are kept compressed; the words of the search index are not.
    assert WORDS[0].encode() in _postgres_bytes(postgres_database, postgres_server)
    publish(postgres_database, incident(REFERENCE), nature=Nature.RESTRICTION)
    # The database's own upkeep may stand in the way, as any reader may: it is then tried again, as the jobs do.
    tries = 0
    while not store.purge_storage(postgres_database.writer_engine):
        tries += 1
        assert tries < 60
        time.sleep(0.5)
    left = _postgres_bytes(postgres_database, postgres_server).lower()
    assert not any(word.encode() in left for word in WORDS)


def test_what_was_public_before_the_restriction_is_counted_as_no_longer_available(database: Database) -> None:
    publish(database, _named(), incident("KGZ-2020-0001"))
    publish(database, incident(REFERENCE), nature=Nature.RESTRICTION)
    with database.public() as session:
        then = queries.incident_page(session, DatasetFilter(dataset=1))
        assert [record.key for record in then.records] == ["KGZ-2020-0001"]
        assert (then.total, then.unavailable) == (1, 1)
        now = queries.incident_page(session)
        assert (now.total, now.unavailable) == (2, 0)
        assert queries.incident(session, REFERENCE, at=1) is None
        assert queries.was_restricted(session, record_id(REFERENCE), at=1)
        assert not queries.was_restricted(session, record_id("KGZ-2020-0001"), at=1)


@pytest.mark.parametrize("query", [{"q": WORDS[0]}, {"violation": ("assault",)}, {"outlet": ("kloop",)}])
def test_no_filter_at_no_version_finds_a_restricted_record(database: Database, query: dict[str, object]) -> None:
    publish(database, _named(), outlet("kloop"))
    publish(database, incident(REFERENCE), nature=Nature.RESTRICTION)
    with database.public() as session:
        for version in (1, 2):
            wanted = DatasetFilter(dataset=version, **query)  # type: ignore[arg-type]
            assert queries.incident_page(session, wanted).total == 0


@pytest.mark.parametrize("name", list(FORMATS))
def test_a_record_that_is_restricted_while_a_file_is_written_does_not_come_out(
    database: Database, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tracker.dataset.exports.batches.BATCH", 1)
    about = [act("assault", [victim(name="Somebody")])]
    publish(database, incident("KGZ-2020-0001", acts=about), _named(), incident("KGZ-2020-0501", acts=about))
    with database.public() as session:
        export = FORMATS[name].prepare(session, DatasetFilter())
    opened_so_far = itertools.count()

    def opened() -> Any:
        # Before anything is read; what becomes of a file that has begun stands in `test_batches`.
        if next(opened_so_far) == 0:
            publish(database, incident(REFERENCE), nature=Nature.RESTRICTION)
        return database.public()

    whole = b"".join(FORMATS[name].write(opened, export))
    assert references(name, whole) == ["KGZ-2020-0001", "KGZ-2020-0501"]


def _postgres_bytes(database: Database, server: Server) -> bytes:
    """All bytes of the files in which PostgreSQL keeps the tables and indexes of a database."""
    server.execute("CHECKPOINT")
    with database.writer_engine.connect() as connection:
        paths = connection.exec_driver_sql(
            "SELECT pg_relation_filepath(oid) FROM pg_class WHERE relkind IN ('r', 'i', 't') AND relname !~ '^pg_[^t]'"
        ).scalars()
        found = [str(path) for path in paths if path]
    folder = Path(str(server.connection.execute("SHOW data_directory").fetchone()[0]))  # type: ignore[index]
    return b"".join(folder.joinpath(path).read_bytes() for path in found)
