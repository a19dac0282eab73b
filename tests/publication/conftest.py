"""What the tests of the gate share.

What the gate decides does not depend on the database, so most tests share one SQLite file and roll back what they did.
"""

import shutil
from collections.abc import Iterator

import pytest
from sqlalchemy.orm import Session

from tests.support.drafts import record, rich, settle
from tests.support.restricting import TOLD
from tests.support.run import Run
from tracker import publication
from tracker.db import Database
from tracker.registry.models import Incident
from tracker.settings import Settings


@pytest.fixture(scope="module")
def settled(run: Run, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """A database in which the world is recorded, for all tests of one module."""
    folder = tmp_path_factory.mktemp("settled")
    shutil.copyfile(run.migrated_sqlite(), folder / "tracker.sqlite")
    opened = Database(Settings(instance=folder, database_url=f"sqlite:///{folder / 'tracker.sqlite'}"))
    with opened.write() as session:
        settle(session)
    yield opened
    opened.dispose()


@pytest.fixture
def session(settled: Database) -> Iterator[Session]:
    """A transaction in which the world is recorded; it is rolled back."""
    with Session(settled.writer_engine, expire_on_commit=False) as session:
        yield session
        session.rollback()


@pytest.fixture
def told(session: Session) -> Incident:
    """A public incident that names somebody and shows where it was."""
    made = record(session, TOLD)[0]
    publication.publish(session, made, by="editor")
    return made


@pytest.fixture
def full(session: Session) -> Incident:
    """A public incident that names an outlet, a topic, sources and a person."""
    made = record(session, rich("full"))[0]
    publication.publish(session, made, by="editor")
    return made


@pytest.fixture
def world(database: Database) -> Database:
    """A database of its own in which the world is recorded, on SQLite and on PostgreSQL in turn."""
    with database.write() as session:
        settle(session)
    return database
