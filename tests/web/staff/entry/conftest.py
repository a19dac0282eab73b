"""A small list of places for the desk, built of the rows that the tests of geocoding have."""

from pathlib import Path

import pytest

from tests.geocoding.rows import places_file_of
from tests.support.run import Run


@pytest.fixture(scope="session")
def list_of_places(run: Run) -> Path:
    """The file of a small gazetteer, made once per run; copy it into the folder of an installation."""
    return places_file_of(run)
