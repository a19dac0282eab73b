"""The fixtures that all tests share.

- `backend`, `database_url`, `settings`, `database`: once on SQLite, once on PostgreSQL, migrated and empty.
- `sqlite_database`, `postgres_database`, `sqlite_url`, `postgres_url`: the same on one of the two.
- `blank_database_url`: before any migration.
- `browser`, `open_page`, `page`, `watch`, `axe`: a real Chromium whose every complaint fails the test.
"""

import gc
import os
import shutil
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from flask import Flask
from jinja2 import FileSystemBytecodeCache
from playwright.sync_api import Browser, BrowserContext, Page

from tests.support import browser as browsers
from tests.support import postgres, seeds
from tests.support.run import Run
from tests.support.shared import database_of, let_go
from tracker.db import Database
from tracker.memory import keep_for_good
from tracker.settings import Settings

THIS_RUN = pytest.StashKey[Run]()
NEW_OBJECTS_BETWEEN_LOOKS = 20_000

# The same examples every time, so that a failure is never a matter of luck; the deep tests look further.
hypothesis.settings.register_profile("usual", deadline=None, derandomize=True, database=None, max_examples=60)
hypothesis.settings.register_profile("deep", deadline=None, database=None, max_examples=2_000)
hypothesis.settings.load_profile("usual")


def pytest_configure(config: pytest.Config) -> None:
    """Begin the run, or join it as one of its workers."""
    # Python looks for garbage after so many new objects; its own 700 are few for a process as large as this one.
    gc.set_threshold(NEW_OBJECTS_BETWEEN_LOOKS, *gc.get_threshold()[1:])
    given = getattr(config, "workerinput", None)
    if given is None:
        # A polite request to stop ends the run as Ctrl-C does, so that workers and browsers stop with it.
        signal.signal(signal.SIGTERM, signal.default_int_handler)
    run = Run.begin() if given is None else Run(Path(given["run_folder"]))
    config.stash[THIS_RUN] = run
    # No test may see the settings of the person who runs it, or touch the data of a real installation.
    for name in [name for name in os.environ if name.startswith("TRACKER_")]:
        if not name.startswith("TRACKER_TEST_"):
            del os.environ[name]
    os.environ["TRACKER_INSTANCE"] = str(run.folder / "instance")
    _share_compiled_templates(run)


def _share_compiled_templates(run: Run) -> None:
    """Let each template be compiled once in a run, however many applications the tests make.

    What was compiled is looked up by the whole text of the template, so that another text is compiled anew.
    """
    folder = run.folder / "templates"
    folder.mkdir(exist_ok=True)
    Flask.jinja_options = Flask.jinja_options | {"bytecode_cache": FileSystemBytecodeCache(str(folder))}


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tell a parallel worker where the folder of the run is."""
    node.workerinput["run_folder"] = str(node.config.stash[THIS_RUN].folder)


def pytest_unconfigure(config: pytest.Config) -> None:
    """End the run; a worker's end is not the run's."""
    if THIS_RUN in config.stash:
        config.stash[THIS_RUN].end()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark each test by what it uses, so that `-m "not browser"` and `-m postgres` always tell the truth."""
    for item in items:
        fixtures = getattr(item, "fixturenames", ())
        parameters = getattr(getattr(item, "callspec", None), "params", {})
        if "browser" in fixtures:
            item.add_marker("browser")
        if "postgres_server" in fixtures or "postgres" in map(str, parameters.values()):
            item.add_marker("postgres")


def pytest_collection_finish() -> None:
    """Have what was imported and collected looked through for garbage no more: it stays until the end."""
    keep_for_good()


@pytest.fixture(scope="session")
def run(request: pytest.FixtureRequest) -> Run:
    """The run of the suite that this process belongs to."""
    return request.config.stash[THIS_RUN]


@pytest.fixture(scope="session")
def postgres_server(run: Run) -> Iterator[postgres.Server]:
    """The PostgreSQL server of the run; its superuser can make further roles and databases."""
    server = postgres.server_of(run)
    yield server
    server.close()


@pytest.fixture(params=["sqlite", "postgres"])
def backend(request: pytest.FixtureRequest) -> str:
    """The kind of database: a test that uses this runs once on each."""
    return str(request.param)


NewDatabase = Callable[[str, str], str]


@pytest.fixture(scope="session")
def new_database(run: Run, worker_id: str, request: pytest.FixtureRequest) -> NewDatabase:
    """Makes a migrated empty database of a kind, under a name of this worker, and says its address.

    For fixtures whose content several tests share: `new_database("postgres", "seeded")`.
    """

    def made(kind: str, name: str) -> str:
        if kind == "postgres":
            server: postgres.Server = request.getfixturevalue("postgres_server")
            return server.renew(f"{name}_{worker_id}", postgres.migrated_template(run, server))
        path = run.folder / f"{name}-{worker_id}.sqlite"
        for old in path.parent.glob(f"{path.name}*"):
            old.unlink()
        shutil.copyfile(run.migrated_sqlite(), path)
        return f"sqlite:///{path}"

    return made


@pytest.fixture
def sqlite_url(new_database: NewDatabase) -> str:
    """The address of this worker's SQLite database: a new file, migrated and empty."""
    return new_database("sqlite", "test")


@pytest.fixture
def postgres_url(new_database: NewDatabase, postgres_server: postgres.Server) -> str:
    """The address of this worker's PostgreSQL database, made anew, migrated and empty."""
    return new_database("postgres", "test")


@pytest.fixture(scope="session", params=["sqlite", "postgres"])
def seed_url(request: pytest.FixtureRequest, run: Run, worker_id: str) -> str:
    """The address of a database with incidents.yaml imported and published: look at it, never change it."""
    if request.param == "postgres":
        server: postgres.Server = request.getfixturevalue("postgres_server")
        return server.recreate(f"seeded_{worker_id}", seeds.seeded_template(run, server))
    path = run.folder / f"seeded-{worker_id}.sqlite"
    shutil.copyfile(seeds.seeded_sqlite(run), path)
    return f"sqlite:///{path}"


@pytest.fixture
def database_url(backend: str, request: pytest.FixtureRequest) -> str:
    """The address of a migrated empty database, on SQLite and on PostgreSQL in turn."""
    return str(request.getfixturevalue(f"{backend}_url"))


@pytest.fixture
def blank_database_url(backend: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database without a single table, on SQLite and on PostgreSQL in turn."""
    if backend == "sqlite":
        return f"sqlite:///{tmp_path / 'blank.sqlite'}"
    server: postgres.Server = request.getfixturevalue("postgres_server")
    return server.recreate(f"blank_{request.getfixturevalue('worker_id')}", "template1")


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    """The settings of an installation of its own, on either database."""
    return Settings(instance=tmp_path / "instance", database_url=database_url, secret_key="only for tests")


@pytest.fixture
def database(settings: Settings) -> Iterator[Database]:
    """An open, migrated, empty database, on SQLite and on PostgreSQL in turn."""
    opened = database_of(settings)
    yield opened
    let_go(opened)


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
    let_go(opened)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests of this worker."""
    with browsers.chromium() as running:
        yield running


@pytest.fixture
def watch() -> browsers.PageWatch:
    """What the pages of this test complained of; `watch.forgive("404")` lets an expected complaint pass."""
    return browsers.PageWatch()


@pytest.fixture
def open_page(browser: Browser, watch: browsers.PageWatch) -> Iterator[Callable[..., Page]]:
    """Opens watched pages, each in a context of its own: `open_page(java_script_enabled=False)`."""
    contexts: list[BrowserContext] = []

    def opener(**choices: Any) -> Page:
        context = browser.new_context(**{"locale": "en-GB", "reduced_motion": "reduce"} | choices)
        context.set_default_timeout(browsers.MILLISECONDS_TO_WAIT)
        watch.over(context)
        contexts.append(context)
        return context.new_page()

    yield opener
    for context in contexts:
        context.close()
    assert watch.unforgiven() == []


@pytest.fixture
def page(open_page: Callable[..., Page]) -> Page:
    """An empty page, 1280 pixels wide, with JavaScript."""
    return open_page()


@pytest.fixture
def axe() -> Callable[[Page], list[str]]:
    """Checks a page for accessibility: `assert axe(page) == []`."""
    return browsers.accessibility_problems
