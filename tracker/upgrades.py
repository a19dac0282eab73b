"""Keeping a database in step with the code: its schema, and the renderings of the dataset.

A migration runs in one transaction, so that a crash leaves the old schema or the new one and nothing between.
Alembic is loaded where a schema is changed or compared: a server that only asks whether its database is current would
carry it in the memory of each worker.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import TYPE_CHECKING, Literal

from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.exc import DatabaseError, OperationalError

from tracker.dataset import rebuild, tallies
from tracker.db import Database, make_engine, sqlite_path
from tracker.publication import forget_left_behind, purge
from tracker.registry import name_keys, search
from tracker.settings import MIGRATIONS, Settings

if TYPE_CHECKING:
    from alembic.config import Config

Progress = Callable[[int, int], None]


class State(StrEnum):
    """How a database stands to the code."""

    MISSING = "missing"
    OLDER = "older"
    CURRENT = "current"
    NEWER = "newer"


ADVICE = {
    State.MISSING: "There is no database yet. Make it with: tracker db upgrade",
    State.OLDER: "The database is older than the code. Bring it up with: tracker db upgrade",
    State.NEWER: "The database is newer than this code. Install the newer version of the tracker.",
}


class DatabaseProblem(RuntimeError):
    """The database cannot be used as it is; the message is one line that says why and what to do."""


def state(settings: Settings) -> State:
    """How the database stands to the code. Raises `DatabaseProblem` where it cannot be read at all."""
    path = sqlite_path(settings.database_url)
    if path is not None and not path.exists():
        return State.MISSING
    engine = make_engine(settings.database_url)
    try:
        with engine.connect() as connection:
            return _state(connection)
    except OperationalError as error:
        raise DatabaseProblem(told_by(error)) from error
    except DatabaseError as error:
        raise DatabaseProblem(f"The database cannot be read: {error.orig}") from error
    finally:
        engine.dispose()


def open_database(settings: Settings, *, stale_allowed: bool = False) -> Database:
    """The database, ready for use. Raises `DatabaseProblem` with one line of advice where it is not.

    Outdated renderings would publish figures of another code, so they are refused unless `stale_allowed`.
    """
    found = state(settings)
    if found is not State.CURRENT:
        raise DatabaseProblem(ADVICE[found])
    database = Database(settings)
    with database.read() as session:
        stale = 0 if stale_allowed else rebuild.stale_count(session)
    if stale:
        database.dispose()
        advice = "Remake them with: tracker dataset rebuild"
        raise DatabaseProblem(f"{stale} public records were rendered by other code. {advice}")
    return database


def upgrade(settings: Settings, progress: Progress | None = None) -> int:
    """Bring the schema up to the code, then the renderings; returns how many records were rendered anew."""
    path = sqlite_path(settings.database_url)
    if path is not None:
        # What lies here is private; other accounts of the machine have no business in it.
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    _refuse(settings, State.NEWER)
    _migrate(settings, "upgrade", "head")
    database = Database(settings)
    try:
        # A database from before they were kept has none.
        with database.write() as session:
            name_keys.reindex_everything(session)
        search.rebuild(database)
        rendered = rebuild.rebuild(database, progress)
        # A database from before they were kept has none, and counts that were right stay as they are.
        with database.write() as session:
            tallies.count_anew(session)
        # Earlier programs left the references of what was quarantined in the past of other records.
        with database.write() as session:
            forget_left_behind(session)
        purge(database)
        return rendered
    finally:
        database.dispose()


def downgrade(settings: Settings, revision: str) -> None:
    """Take the schema back to an earlier revision; what only later ones hold is lost."""
    if revision not in {"base", *revisions()}:
        raise DatabaseProblem(f"There is no revision {revision!r}; known: base, {', '.join(revisions())}")
    # What is missing must not be made by taking it down, and what is newer cannot be understood.
    _refuse(settings, State.MISSING, State.NEWER)
    _migrate(settings, "downgrade", revision)


def check(settings: Settings) -> list[str]:
    """Where the tables differ from what the code describes; empty where they agree."""
    _refuse(settings, State.MISSING)
    engine = make_engine(settings.database_url)
    try:
        with engine.connect() as connection:
            return _differences(connection)
    finally:
        engine.dispose()


def _refuse(settings: Settings, *states: State) -> None:
    found = state(settings)
    if found in states:
        raise DatabaseProblem(ADVICE[found])


def revisions() -> list[str]:
    """All revisions of the schema, oldest first: each names its file, in one line of descent."""
    return sorted(path.stem.partition("_")[0] for path in (MIGRATIONS / "versions").glob("[0-9]*.py"))


def _differences(connection: Connection) -> list[str]:
    from alembic.autogenerate import compare_metadata
    from alembic.runtime.migration import MigrationContext

    import tracker.dataset.models
    import tracker.geocoding.models
    import tracker.registry.models  # noqa: F401
    from tracker.db import Base

    context = MigrationContext.configure(connection, opts={"compare_type": True, "include_name": is_described})
    return [str(difference) for difference in compare_metadata(context, Base.metadata)]


def is_described(name: str | None, kind: str, _parents: object) -> bool:
    """Leave out the search index when schemas are compared: each database builds it in its own way."""
    return not (kind == "table" and name is not None and name.startswith(("public_search", "staff_search")))


def _state(connection: Connection) -> State:
    tables, known = inspect(connection).get_table_names(), revisions()
    versioned = "alembic_version" in tables
    found = connection.scalar(text("SELECT version_num FROM alembic_version")) if versioned else None
    if found is None:
        return State.OLDER if tables else State.MISSING
    if found not in known:
        return State.NEWER
    return State.CURRENT if found == known[-1] else State.OLDER


def _migrate(settings: Settings, direction: Literal["upgrade", "downgrade"], revision: str) -> None:
    from alembic import command

    engine: Engine = make_engine(settings.database_url, writer=True)
    try:
        with engine.begin() as connection:
            config = _config()
            config.attributes["connection"] = connection
            getattr(command, direction)(config, revision)
    except OperationalError as error:
        raise DatabaseProblem(told_by(error)) from error
    finally:
        engine.dispose()


def _config() -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return config


def told_by(error: OperationalError) -> str:
    """What a driver said, on one line and without the address, which may hold a password."""
    said = " ".join(str(error.orig).split())
    if "locked" in said:
        return "The database is locked by another program. Try again when that one has finished."
    return f"The database cannot be used: {said}"
