"""The migration that makes the public tables: it fits the models, and goes down and up again with data in it."""

from sqlalchemy import inspect

from tests.dataset.samples import incident, publish
from tracker import upgrades
from tracker.dataset import queries
from tracker.db import Database
from tracker.settings import Settings


def test_the_migrated_tables_are_those_of_the_models(database: Database, settings: Settings) -> None:
    assert database.url == settings.database_url
    assert [line for line in upgrades.check(settings) if "public_" in line] == []


def test_the_public_tables_go_down_and_up_with_data_in_them(database: Database, settings: Settings) -> None:
    publish(database, incident("KGZ-2020-0001"))
    database.dispose()
    upgrades.downgrade(settings, "0001")
    with database.writer_engine.connect() as connection:
        assert [name for name in inspect(connection).get_table_names() if name.startswith("public_")] == []
    database.dispose()
    upgrades.upgrade(settings)
    assert publish(database, incident("KGZ-2020-0002")) == 1
    with database.public() as session:
        assert [record.key for record in queries.incident_page(session).records] == ["KGZ-2020-0002"]


def test_no_public_table_refers_to_a_private_one(database: Database) -> None:
    with database.writer_engine.connect() as connection:
        inspector = inspect(connection)
        names = [name for name in inspector.get_table_names() if name.startswith("public_")]
        targets = {key["referred_table"] for name in names for key in inspector.get_foreign_keys(name)}
    assert targets == {"public_version"}
