"""Connections: what each has set, what it may do, and what the public ones cannot even see."""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, inspect, select, text
from sqlalchemy.exc import DatabaseError, IntegrityError, OperationalError, StatementError

from tests.support import postgres
from tests.support.drafts import found, minimal, publish, record, rich, settle
from tracker.dataset import counts, queries
from tracker.dataset.editions import dataset_version
from tracker.dataset.exports import FORMATS
from tracker.dataset.exports.shelf import Shelf, export_recipe
from tracker.dataset.filters import EVERYTHING, DatasetFilter
from tracker.db import (
    KIBIBYTES_FOR_PUBLIC,
    SQLITE_PRAGMAS,
    Base,
    Database,
    Json,
    UTCDateTime,
    canonical_json,
    held,
    sqlite_path,
)
from tracker.registry.models import Incident, Revision
from tracker.settings import Settings

PRIVATE = sorted(name for name in Base.metadata.tables if not name.startswith("public_"))


@pytest.fixture
def sqlite(sqlite_url: str, tmp_path: Path) -> Iterator[Database]:
    database = Database(Settings(instance=tmp_path, database_url=sqlite_url))
    with database.write() as session:
        settle(session)
        publish(session, *record(session, rich(), minimal()))
    yield database
    database.dispose()


def test_every_sqlite_connection_has_its_settings(sqlite: Database) -> None:
    for opener in (sqlite.write, sqlite.read):
        with opener() as session:
            found_there = {name: session.scalar(text(f"PRAGMA {name}")) for name in SQLITE_PRAGMAS}
            assert found_there == SQLITE_PRAGMAS
            assert session.scalar(text("PRAGMA journal_mode")) == "wal"
            assert session.scalar(text("PRAGMA query_only")) == (opener == sqlite.read)


def test_a_connection_of_the_public_pages_keeps_less_of_the_file_in_memory(sqlite: Database) -> None:
    with sqlite.public() as session:
        # SQLite's own word for it cannot be asked for here, since nothing but public tables can be read.
        connection = session.connection().connection.dbapi_connection
        connection.set_authorizer(None)  # type: ignore[union-attr]
        assert session.scalar(text("PRAGMA cache_size")) == -KIBIBYTES_FOR_PUBLIC


def test_a_public_connection_cannot_read_a_private_table(sqlite: Database) -> None:
    for table in PRIVATE:
        for statement in (f"SELECT * FROM {table}", f"SELECT count(*) FROM {table}", f"SELECT rowid FROM {table}",
                          f"SELECT 1 FROM public_dataset WHERE EXISTS (SELECT 1 FROM {table})"):  # fmt: skip
            with sqlite.public() as session, pytest.raises(DatabaseError, match=r"prohibited|not authorized"):
                session.execute(text(statement)).all()


NOT_READING = (
    "DELETE FROM public_version", "UPDATE public_dataset SET version = 9", "INSERT INTO public_dataset VALUES (2, 2)",
    "CREATE TABLE public_new (a)", "CREATE TEMP VIEW v AS SELECT * FROM person", "DROP TABLE public_version",
    "PRAGMA query_only=0", "PRAGMA writable_schema=1", "ATTACH ':memory:' AS other", "VACUUM", "REINDEX",
    "INSERT INTO public_search(public_search) VALUES ('optimize')", "PRAGMA table_info(person)",
    "SELECT load_extension('x')", "SAVEPOINT a", "PRAGMA key_that_is_none",
)  # fmt: skip


def test_a_public_connection_can_do_nothing_but_read(sqlite: Database) -> None:
    for statement in NOT_READING:
        with sqlite.public() as session, pytest.raises(DatabaseError):
            session.execute(text(statement)).all()
        with sqlite.public() as session:
            assert session.scalar(text("SELECT version FROM public_dataset")) == 1, statement


def test_a_reading_connection_cannot_write(database: Database) -> None:
    for opener in (database.read, database.public):
        with opener() as session, pytest.raises(DatabaseError):
            session.execute(text("UPDATE public_dataset SET version = 9"))


def test_a_reader_sees_one_state_of_the_dataset_throughout(database: Database) -> None:
    with database.write() as session:
        settle(session)
        publish(session, *record(session, rich()))
    with database.public() as session:
        before = dataset_version(session), counts.total(session, EVERYTHING, dataset_version(session))
        with database.write() as writing:
            publish(writing, *record(writing, minimal()))
        assert (dataset_version(session), len(queries.incident_page(session).records)) == before
    with database.public() as session:
        assert dataset_version(session) != before[0]


def test_a_writing_block_that_raises_leaves_nothing(database: Database) -> None:
    def fail() -> None:
        with database.write() as session:
            settle(session)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    with database.read() as session:
        assert session.scalars(select(Revision)).all() == []


def test_foreign_keys_are_enforced(database: Database) -> None:
    with database.write() as session:
        settle(session)
        record(session, rich())
    with pytest.raises(IntegrityError), database.write() as session:
        session.execute(text("DELETE FROM reference_source"))


def test_no_private_value_stands_in_an_error_of_the_database(database: Database) -> None:
    statement = text("SELECT nothing FROM incident WHERE internal_notes = :notes")
    with database.write() as session, pytest.raises(DatabaseError) as error:
        session.execute(statement, {"notes": "hides with them"})
    assert "nothing" in str(error.value)
    assert "hides with them" not in str(error.value)


def test_no_key_leads_from_the_public_house_to_the_private_one() -> None:
    for name, table in Base.metadata.tables.items():
        for key in table.foreign_keys:
            assert key.column.table.name.startswith("public_") == name.startswith("public_")


@pytest.fixture
def public_role(postgres_server: postgres.Server, postgres_url: str, tmp_path: Path) -> Iterator[Database]:
    """An installation whose public pages connect as a role that may read public tables and nothing else."""
    postgres_server.execute(
        "DO $$ BEGIN CREATE ROLE tracker_public LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$"
    )
    name = postgres_url.rsplit("/", 1)[1]
    private = Settings(instance=tmp_path, database_url=postgres_url)
    database = Database(private)
    with database.write() as session:
        settle(session)
        publish(session, *record(session, rich(), minimal()))
        for table in inspect(session.connection()).get_table_names():
            if table.startswith("public_"):
                session.execute(text(f"GRANT SELECT ON {table} TO tracker_public"))
    database.dispose()
    opened = Database(
        Settings(
            instance=tmp_path,
            database_url=postgres_url,
            public_database_url=postgres_server.url(name, "tracker_public"),
        )
    )
    yield opened
    opened.dispose()


def test_the_public_role_cannot_read_a_private_table(public_role: Database) -> None:
    for table in PRIVATE:
        with public_role.public() as session, pytest.raises(DatabaseError, match="permission denied"):
            session.execute(text(f"SELECT * FROM {table}"))


def test_the_public_role_can_make_every_kind_of_file(public_role: Database, tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "files", most=10_000_000, mark="")
    for form in FORMATS.values():
        with public_role.public() as session:
            export = form.prepare(session, EVERYTHING)
        assert b"".join(form.write(public_role.public, export))
        if form.is_stored:
            shelf.get(public_role.public, export_recipe(public_role.public, form, export)).file.close()


def test_the_public_role_can_read_all_public_tables_and_write_none(public_role: Database) -> None:
    tables = [name for name in (*Base.metadata.tables, "public_search") if name.startswith("public_")]
    for table in tables:
        with public_role.public() as session:
            session.execute(text(f"SELECT * FROM {table}")).all()
        with public_role.public() as session:
            session.execute(text("SET TRANSACTION READ WRITE"))
            with pytest.raises(DatabaseError, match="permission denied"):
                session.execute(text(f"DELETE FROM {table}"))


# Connections that are held for many statements.

COUNTED = "SELECT count(*) FROM public_version"
ENDED = text("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
             "WHERE datname = current_database() AND usename = current_user AND pid <> pg_backend_pid()")  # fmt: skip


def _count(connection: Any) -> int:
    return int(connection.execute(COUNTED).fetchone()[0])


def _engine(database: Database) -> Engine:
    with database.public() as session:
        engine = session.get_bind()
    assert isinstance(engine, Engine)
    return engine


def test_a_held_connection_holds_no_transaction_between_its_statements_and_goes_back_as_it_was(
    database: Database,
) -> None:
    engine = _engine(database)
    with held(engine) as kept:
        assert kept.ask(_count) == 0
        with database.write() as session:
            settle(session)
            publish(session, *record(session, minimal()))
        # What was committed meanwhile is seen, so nothing was open.
        assert kept.ask(_count) > 0
    assert engine.pool.checkedout() == 0  # type: ignore[attr-defined]
    with database.public() as session:
        assert session.scalar(text(COUNTED))
        assert session.in_transaction()
        if not database.is_sqlite:
            assert session.connection().connection.driver_connection.autocommit is False  # type: ignore[union-attr]


def test_a_connection_that_nothing_was_asked_of_is_never_opened(sqlite: Database) -> None:
    with held(_engine(sqlite)):
        assert _engine(sqlite).pool.checkedout() == 0  # type: ignore[attr-defined]


def test_a_held_connection_that_is_lost_is_made_anew(postgres_database: Database) -> None:
    with held(_engine(postgres_database)) as kept:
        assert kept.ask(_count) == 0
        with postgres_database.write() as session:
            session.execute(ENDED)
        assert kept.ask(_count) == 0


def test_a_held_connection_that_is_lost_at_the_end_is_no_fault(postgres_database: Database) -> None:
    with held(_engine(postgres_database)) as kept:
        assert kept.ask(_count) == 0
        with postgres_database.write() as session:
            session.execute(ENDED)
    assert _engine(postgres_database).pool.checkedout() == 0  # type: ignore[attr-defined]


def test_what_cannot_be_read_on_a_new_connection_either_is_told_as_by_a_session(sqlite: Database) -> None:
    with held(_engine(sqlite)) as kept, pytest.raises(OperationalError, match="no such table"):
        kept.ask(lambda connection: connection.execute("SELECT * FROM public_nothing").fetchall())


def test_values_come_back_as_they_went_in(database: Database) -> None:
    with database.write() as session:
        settle(session)
        record(session, rich(internal_notes="“Ёлки”\U0001f600\t\n'\"\\|"))
    with database.read() as session:
        made = found(session, Incident, "rich")
        assert made.internal_notes == "“Ёлки”\U0001f600\t\n'\"\\|"
        assert made.created_at.tzinfo is UTC
        assert (made.place.latitude, made.date_earliest) == (42.8764, date(2020, 10, 5))


def test_an_instant_needs_a_zone_and_is_kept_in_utc(database: Database) -> None:
    bishkek = datetime(2020, 10, 6, 2, tzinfo=timezone(timedelta(hours=6)))
    with database.write() as session:
        settle(session)
        made = record(session, minimal())[0]
        made.created_at = bishkek
    with database.read() as session:
        assert found(session, Incident, "minimal").created_at == bishkek
        assert found(session, Incident, "minimal").created_at.isoformat() == "2020-10-05T20:00:00+00:00"
    with database.write() as session, pytest.raises(StatementError, match="time zone"):
        session.execute(select(Incident).where(Incident.created_at == datetime(2020, 1, 1)))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
)


@given(JSON)
def test_canonical_json_reads_back_and_writes_the_same_again(value: object) -> None:
    written = canonical_json(value)
    assert json.loads(written) == value
    assert canonical_json(json.loads(written)) == written


def test_canonical_json_keeps_letters_and_order_and_holds_no_blanks() -> None:
    assert canonical_json({"b": "ё", "a": [1, None, True, 1.5]}) == '{"b":"ё","a":[1,null,true,1.5]}'


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")], ids=str)
def test_canonical_json_has_no_number_that_is_none(value: float) -> None:
    with pytest.raises(ValueError, match="JSON compliant"):
        canonical_json([value])


def test_nothing_is_kept_as_null_and_not_as_the_word() -> None:
    assert Json().process_bind_param(None, None) is None  # type: ignore[arg-type]
    assert UTCDateTime().process_result_value(None, None) is None  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("url", "path"),
    [("sqlite:////srv/a.sqlite", Path("/srv/a.sqlite")), ("sqlite://", None), ("sqlite:///:memory:", None),
     ("postgresql+psycopg://u@h/d", None)],
)  # fmt: skip
def test_only_a_file_has_a_path(url: str, path: Path | None) -> None:
    assert sqlite_path(url) == path


def test_the_public_queries_need_no_private_table(public_role: Database, sqlite: Database) -> None:
    for database in (public_role, sqlite):
        with database.public() as session:
            wanted = DatasetFilter.parse([("q", "crew"), ("violation", "assault"), ("country", "KG")])
            edition = dataset_version(session, wanted)
            assert edition.version == 1
            assert counts.total(session, wanted, edition) == 1
            assert len(queries.outlets(session)) == len(queries.topics(session)) == 1
