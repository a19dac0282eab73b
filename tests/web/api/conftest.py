"""The site for programs that ask it: with the incidents of incidents.yaml, and with the small dataset."""

import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.support.run import Run
from tests.support.seeds import seeded_sqlite
from tests.web.api.asking import RELEASE
from tests.web.conftest import as_publications, publish
from tracker.app import create_app
from tracker.dataset import releases
from tracker.db import Database
from tracker.settings import A_MINUTE, Settings


@pytest.fixture(scope="module")
def seeded_app(run: Run, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The application over the published incidents of incidents.yaml (SQLite): look at it, never change it."""
    path = tmp_path_factory.mktemp("api") / "tracker.sqlite"
    shutil.copyfile(seeded_sqlite(run), path)
    settings = Settings(
        instance=path.parent,
        database_url=f"sqlite:///{path}",
        secret_key="only for tests",
        # Whoever asks for everything several times in a minute is counted, and not refused.
        files_a_minute=A_MINUTE,
        figures_a_minute=A_MINUTE,
        searches_a_minute=A_MINUTE,
    )
    database = Database(settings)
    releases.create(database, settings.releases, RELEASE)
    yield create_app(settings, database)
    database.dispose()


@pytest.fixture
def data_client(sqlite_settings: Settings, sqlite_database: Database, tmp_path: Path) -> FlaskClient:
    """A client of the application over the small dataset, a release and the operator's outlines: all data is there."""
    publish(sqlite_database, as_publications())
    releases.create(sqlite_database, sqlite_settings.releases, RELEASE)
    square = [[70, 40], [80, 40], [80, 44], [70, 44], [70, 40]]
    geometry = {"type": "Polygon", "coordinates": [square]}
    feature = {"type": "Feature", "properties": {"iso": "KG"}, "geometry": geometry}
    outlines = tmp_path / "outlines.json"
    outlines.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    # The application reads the outlines when it is made, so that it is no other test's.
    return create_app(replace(sqlite_settings, base_map=outlines), sqlite_database).test_client()
