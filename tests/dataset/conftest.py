"""Databases for the few tests that look at one kind only."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.shared import database_of
from tracker.db import Database
from tracker.settings import Settings


@pytest.fixture
def sqlite_database(sqlite_url: str, tmp_path: Path) -> Iterator[Database]:
    """A migrated empty SQLite database."""
    opened = database_of(Settings(instance=tmp_path, database_url=sqlite_url))
    yield opened
    opened.dispose()


@pytest.fixture
def postgres_database(postgres_url: str, tmp_path: Path) -> Iterator[Database]:
    """A migrated empty PostgreSQL database."""
    opened = database_of(Settings(instance=tmp_path, database_url=postgres_url))
    yield opened
    opened.dispose()
