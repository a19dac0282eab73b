"""The two ways in which lists are found."""

import pytest

from tracker.dataset.statistics.keeping import Keeper


@pytest.fixture
def by_the_database(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lists are found by the database alone, whatever is in memory."""
    monkeypatch.setattr(Keeper, "at_hand", lambda *_: None)


@pytest.fixture
def from_the_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lists are found by the columns in memory, as small ones never are unless somebody asked for figures before."""
    monkeypatch.setattr(Keeper, "at_hand", Keeper.columns)
