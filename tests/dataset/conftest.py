"""Databases for the few tests that look at one kind only, and the two ways in which lists are found."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.shared import database_of
from tracker.dataset.statistics.keeping import Keeper
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


@pytest.fixture
def by_the_database(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lists are found by the database alone, whatever is in memory."""
    monkeypatch.setattr(Keeper, "at_hand", lambda *_: None)


@pytest.fixture
def from_the_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lists are found by the columns in memory, as small ones never are unless somebody asked for figures before."""
    monkeypatch.setattr(Keeper, "at_hand", Keeper.columns)
