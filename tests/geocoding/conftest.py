"""A small gazetteer of rows that were made up or written down for the tests, put together by the usual writer."""

from pathlib import Path

import pytest

from tests.geocoding.rows import places_file_of
from tests.support.run import Run
from tracker.geocoding import Gazetteer


@pytest.fixture(scope="session")
def places_file(run: Run) -> Path:
    """The file of the small gazetteer, made once per run; copy it before changing it."""
    return places_file_of(run)


@pytest.fixture(scope="session")
def gazetteer(places_file: Path) -> Gazetteer:
    """The small gazetteer, opened once."""
    return Gazetteer(places_file)
