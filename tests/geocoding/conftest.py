"""A small gazetteer of rows that were made up or written down for the tests, put together by the usual writer."""

from pathlib import Path

import pytest

from tests.geocoding.rows import entries
from tests.support.run import Run
from tracker.geocoding import Gazetteer
from tracker.geocoding.gazetteer.writer import replaced, writing


@pytest.fixture(scope="session")
def places_file(run: Run) -> Path:
    """The file of the small gazetteer, made once per run; copy it before changing it."""
    path = run.folder / "places.sqlite"
    with run.alone("places"):
        if not path.exists():
            with replaced(path) as hidden, writing(hidden, ["rows of the tests"]) as writer:
                for entry in entries():
                    writer.add(entry)
                writer.finish()
    return path


@pytest.fixture(scope="session")
def gazetteer(places_file: Path) -> Gazetteer:
    """The small gazetteer, opened once."""
    return Gazetteer(places_file)
