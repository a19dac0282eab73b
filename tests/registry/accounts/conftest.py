"""A registry for the tests of accounts."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from tests.support.shared import database_of
from tracker.db import Database
from tracker.settings import Settings


@pytest.fixture
def registry(sqlite_url: str, tmp_path: Path) -> Iterator[Database]:
    """An open, migrated, empty database on SQLite, for what does not depend on the database."""
    opened = database_of(Settings(instance=tmp_path, database_url=sqlite_url))
    yield opened
    opened.dispose()


@pytest.fixture
def session(registry: Database) -> Iterator[Session]:
    """One writing transaction over it, rolled back in the end."""
    with registry.write() as opened:
        yield opened
        opened.rollback()
