"""A small list of places for the desk, built of the rows that the tests of geocoding have."""

from pathlib import Path

import pytest

from tests.geocoding.rows import entries
from tests.support.run import Run
from tracker.geocoding.gazetteer.writer import replaced, writing


@pytest.fixture(scope="session")
def list_of_places(run: Run) -> Path:
    """The file of a small gazetteer, made once per run; copy it into the folder of an installation."""
    path = run.folder / "places-of-the-desk.sqlite"
    with run.alone("places-of-the-desk"):
        if not path.exists():
            with replaced(path) as hidden, writing(hidden, ["rows of the tests"]) as writer:
                for entry in entries():
                    writer.add(entry)
                writer.finish()
    return path
