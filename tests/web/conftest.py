"""A small published dataset, the application over it, and a server for the browser."""

import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.serving import make_server

from tests.support.run import Run
from tests.support.shared import application, database_of
from tests.web import records
from tracker.app import create_app
from tracker.dataset import store
from tracker.dataset.fields import Kind
from tracker.db import Database
from tracker.settings import Settings
from tracker.vocabulary import Nature

FIRST_DAY = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
SECOND_DAY = datetime(2026, 11, 21, 14, 3, tzinfo=UTC)


def as_publications(nature: Nature = Nature.ADDITION) -> Iterator[store.Publication]:
    """The whole small dataset, ready to be published."""
    yield store.Publication(Kind.SITE, "id-site", "site", records.SITE, nature)
    for outlet in records.OUTLETS:
        yield store.Publication(Kind.OUTLET, outlet["id"], outlet["slug"], outlet, nature)
    yield store.Publication(Kind.TOPIC, records.TOPIC["id"], records.TOPIC["slug"], records.TOPIC, nature)
    for incident in records.INCIDENTS:
        yield an_incident_to_publish(incident, nature)


def an_incident_to_publish(incident: records.Record, nature: Nature = Nature.ADDITION) -> store.Publication:
    """One incident, ready to be published."""
    return store.Publication(Kind.INCIDENT, incident["id"], incident["reference"], incident, nature)


def publish(database: Database, publications: Iterable[store.Publication], at: datetime = FIRST_DAY) -> int:
    """Publish records as one dataset version, as the gate would."""
    with database.write() as session:
        version = store.next_version(session, at)
        store.put_many(session, publications, dataset_version=version, at=at)
    return version


@pytest.fixture
def sqlite_settings(sqlite_url: str, tmp_path: Path) -> Settings:
    """The settings of an installation on SQLite alone, for what does not depend on the kind of database."""
    return Settings(instance=tmp_path / "instance", database_url=sqlite_url, secret_key="only for tests")


@pytest.fixture
def sqlite_database(sqlite_settings: Settings) -> Iterator[Database]:
    """An open, migrated, empty database on SQLite."""
    opened = database_of(sqlite_settings)
    yield opened
    opened.dispose()


@pytest.fixture
def empty_client(sqlite_settings: Settings, sqlite_database: Database) -> FlaskClient:
    """A client of the application over a database in which nothing has been published."""
    return application(sqlite_settings, sqlite_database).test_client()


@pytest.fixture
def client(empty_client: FlaskClient, sqlite_database: Database) -> FlaskClient:
    """A client of the application over the small published dataset."""
    publish(sqlite_database, as_publications())
    return empty_client


@pytest.fixture
def client_on_both(settings: Settings, database: Database) -> FlaskClient:
    """The same on SQLite and on PostgreSQL in turn, for what the database answers."""
    publish(database, as_publications())
    return application(settings, database).test_client()


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """A running server of an application, for the browser: its address without a slash at the end."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture(scope="module")
def site(run: Run, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a running server over the small dataset (SQLite), for the browser."""
    folder: Path = tmp_path_factory.mktemp("site")
    path = folder / "tracker.sqlite"
    path.write_bytes(run.migrated_sqlite().read_bytes())
    settings = Settings(instance=folder, database_url=f"sqlite:///{path}", secret_key="only for tests")
    database = Database(settings)
    publish(database, as_publications())
    with served(create_app(settings, database)) as address:
        yield address
    database.dispose()
