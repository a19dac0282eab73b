"""Databases and applications that the tests of one worker hand on to one another.

A new database file is laid under them for each test, so that nothing is left of the test before. What they have
learnt is kept: SQL and templates that were compiled once need not be compiled for every test.
"""

from dataclasses import replace
from pathlib import Path
from typing import Any

from flask import Flask

from tracker.app import create_app
from tracker.db import Database
from tracker.settings import Settings

_databases: dict[str, Database] = {}
_applications: dict[tuple[Settings, Database], tuple[Flask, dict[str, Any], dict[str, Any]]] = {}


def database_of(settings: Settings) -> Database:
    """The one database object of this worker at the address in the settings; let go of it when the test is over."""
    if settings.database_url not in _databases:
        _databases[settings.database_url] = Database(settings)
    kept = _databases[settings.database_url]
    let_go(kept)
    return kept


def let_go(database: Database) -> None:
    """Keep nothing of a test in a database object that the next one uses.

    On SQLite a connection would still see the file that lay there before. On PostgreSQL the connections of the pool
    are good for the next test as well: a database that was made anew has ended them, which the pool notices itself.
    """
    if database.is_sqlite:
        database.dispose()
    while database._glancing:
        database._glancing.pop().close()


def application(settings: Settings, database: Database) -> Flask:
    """The one application of this worker with such settings over such a database, configured as if it were new."""
    assert _databases.get(settings.database_url) is database, "an application is only kept over a database that is"
    key = (replace(settings, instance=Path()), database)
    if key not in _applications:
        made = create_app(settings, database)
        _applications[key] = (made, dict(made.config), dict(made.extensions))
    app, config, extensions = _applications[key]
    # What a test set, and what the application opened for it, such as its list of places.
    for kept, at_first in ((app.config, config), (app.extensions, extensions)):
        kept.clear()
        kept.update(at_first)
    app.extensions["tracker_settings"] = settings
    return app
