"""Keeping a database in step with the code: up, down and up with data in it, and one clear line when it cannot be."""

import os
import random
import shutil
import sqlite3
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, func, inspect, select, text
from sqlalchemy import Table as SqlTable

from tests.support.drafts import minimal, publish, record, rich, settle
from tests.support.run import PROJECT
from tracker import db, upgrades
from tracker.db import Base, Database, make_engine, sqlite_path
from tracker.settings import MIGRATIONS, Settings
from tracker.upgrades import ADVICE, DatabaseProblem, State

Counts = dict[str, int]


def settings_for(url: str, folder: Path) -> Settings:
    return Settings(instance=folder, database_url=url)


@pytest.fixture
def blank(blank_database_url: str, tmp_path: Path) -> Settings:
    """An installation whose database holds no table yet."""
    return settings_for(blank_database_url, tmp_path)


def counts(connection: Connection) -> Counts:
    """How many rows each table of the models holds, for the tables that there are."""
    there = set(inspect(connection).get_table_names())
    tables: list[SqlTable] = [table for table in Base.metadata.sorted_tables if table.name in there]
    return {table.name: connection.scalar(select(func.count()).select_from(table)) or 0 for table in tables}


def look(settings: Settings) -> Counts:
    engine = make_engine(settings.database_url)
    with engine.connect() as connection:
        found = counts(connection)
    engine.dispose()
    return found


def fill(settings: Settings) -> None:
    database = Database(settings)
    with database.write() as session:
        settle(session)
        publish(session, *record(session, rich(), minimal()))
    database.dispose()


def modes(folder: Path) -> dict[str, int]:
    """Who may read and write the files of a database, while it is open."""
    return {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.glob("new.sqlite*")}


@pytest.mark.parametrize(("before", "mode"), [(None, 0o600), (0o640, 0o640), (0o644, 0o644)])
def test_a_new_database_is_its_owners_alone_and_a_mode_that_was_chosen_stays(
    tmp_path: Path, before: int | None, mode: int
) -> None:
    path = tmp_path / "new.sqlite"
    if before is not None:
        path.touch()
        path.chmod(before)
    settings = settings_for(f"sqlite:///{path}", tmp_path)
    usual = os.umask(0o022)
    try:
        upgrades.upgrade(settings)
        fill(settings)
        database = Database(settings)
        with database.read() as session:
            session.execute(text("SELECT count(*) FROM incident")).all()
            assert modes(tmp_path) == dict.fromkeys(("new.sqlite", "new.sqlite-wal", "new.sqlite-shm"), mode)
        database.dispose()
    finally:
        os.umask(usual)


def test_the_newest_revision_is_what_the_models_describe(settings: Settings) -> None:
    assert upgrades.state(settings) is State.CURRENT
    assert upgrades.check(settings) == []


def test_the_revisions_are_those_of_the_migrations_in_their_order() -> None:
    scripts = ScriptDirectory(str(MIGRATIONS))
    assert upgrades.revisions() == [script.revision for script in scripts.walk_revisions()][::-1]


def test_asking_how_a_database_stands_loads_no_alembic(settings: Settings) -> None:
    ask = (
        "import sys; from tracker import upgrades; from tracker.settings import Settings; "
        "assert upgrades.state(Settings.from_environment()) is upgrades.State.CURRENT; "
        "assert 'alembic' not in sys.modules"
    )
    env = os.environ | {"TRACKER_DATABASE_URL": settings.database_url, "TRACKER_INSTANCE": str(settings.instance)}
    subprocess.run([sys.executable, "-c", ask], env=env, cwd=PROJECT, check=True)


def test_a_new_data_folder_is_closed_to_other_accounts(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    upgrades.upgrade(settings_for(f"sqlite:///{folder / 'tracker.sqlite'}", folder))
    assert folder.stat().st_mode & 0o077 == 0


def test_every_step_goes_up_down_and_up_again_with_data_in_it(blank: Settings) -> None:
    assert upgrades.state(blank) is State.MISSING
    upgrades.upgrade(blank)
    fill(blank)
    before = look(blank)
    assert before["incident"] == 2
    assert before["public_version"] == 4
    for target in [*reversed(upgrades.revisions()[:-1]), "base"]:
        upgrades.downgrade(blank, target)
        left = look(blank)
        assert left == {name: number for name, number in before.items() if name in left}
        upgrades.upgrade(blank)
        assert upgrades.check(blank) == []
        again = look(blank)
        assert {name: number for name, number in again.items() if name in left} == left
        if target == "base":
            assert left == {}
            assert set(again.values()) == {0, again["public_dataset"]}
    fill(blank)
    assert look(blank) == before


def test_a_schema_that_comes_back_is_the_same_to_the_letter(tmp_path: Path, sqlite_url: str) -> None:
    settings = settings_for(sqlite_url, tmp_path)
    before = _schema(sqlite_path(sqlite_url))
    for target in ["base", upgrades.revisions()[0]]:
        upgrades.downgrade(settings, target)
        upgrades.upgrade(settings)
        assert _schema(sqlite_path(sqlite_url)) == before


def _schema(path: Path | None) -> set[str]:
    assert path is not None
    with sqlite3.connect(path) as connection:
        rows = connection.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL").fetchall()
    connection.close()
    return {row[0] for row in rows}


def test_upgrading_what_is_current_changes_nothing(settings: Settings) -> None:
    fill(settings)
    before = look(settings)
    assert upgrades.upgrade(settings) == 0
    assert look(settings) == before


def test_a_folder_that_is_not_there_yet_is_made(tmp_path: Path) -> None:
    settings = settings_for(f"sqlite:///{tmp_path / 'a' / 'b' / 'tracker.sqlite'}", tmp_path)
    assert upgrades.state(settings) is State.MISSING
    upgrades.upgrade(settings)
    upgrades.open_database(settings).dispose()


# What cannot be used is told in one line.


def one_line(settings: Settings) -> str:
    with pytest.raises(DatabaseProblem) as problem:
        upgrades.open_database(settings)
    assert "\n" not in str(problem.value)
    return str(problem.value)


def test_a_database_that_is_missing_is_told_and_not_made_by_the_asking(tmp_path: Path) -> None:
    settings = settings_for(f"sqlite:///{tmp_path / 'none.sqlite'}", tmp_path)
    assert one_line(settings) == ADVICE[State.MISSING]
    with pytest.raises(DatabaseProblem):
        upgrades.check(settings)
    with pytest.raises(DatabaseProblem):
        upgrades.downgrade(settings, "base")
    assert list(tmp_path.glob("none*")) == []


def test_an_empty_database_counts_as_missing(blank: Settings, tmp_path: Path) -> None:
    assert one_line(blank) == ADVICE[State.MISSING]
    (tmp_path / "empty.sqlite").touch()
    assert one_line(settings_for(f"sqlite:///{tmp_path / 'empty.sqlite'}", tmp_path)) == ADVICE[State.MISSING]


def test_an_older_database_is_told_to_be_upgraded(settings: Settings) -> None:
    upgrades.downgrade(settings, upgrades.revisions()[0])
    assert one_line(settings) == ADVICE[State.OLDER]


def test_a_newer_database_is_left_alone(settings: Settings) -> None:
    engine = make_engine(settings.database_url, writer=True)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    before = look(settings)
    assert one_line(settings) == ADVICE[State.NEWER]
    for change in (lambda: upgrades.upgrade(settings), lambda: upgrades.downgrade(settings, "base")):
        with pytest.raises(DatabaseProblem, match="newer than this code"):
            change()
    assert look(settings) == before


def test_a_revision_that_nobody_knows_is_refused_with_those_there_are(settings: Settings) -> None:
    with pytest.raises(DatabaseProblem, match="known: base, 0001, 0002"):
        upgrades.downgrade(settings, "0815")


@pytest.mark.parametrize(
    "content", [b"not a database at all, but a text " * 99, b"SQLite format 3\0" + b"\xff" * 9_000]
)
def test_a_file_that_is_no_database_is_told_and_left_alone(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "letter.txt"
    path.write_bytes(content)
    settings = settings_for(f"sqlite:///{path}", tmp_path)
    assert one_line(settings).startswith("The database can")
    with pytest.raises(DatabaseProblem):
        upgrades.upgrade(settings)
    assert path.read_bytes() == content


def test_a_folder_in_place_of_the_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    assert "unable to open" in one_line(settings_for(f"sqlite:///{tmp_path / 'folder'}", tmp_path))


def test_a_file_that_may_not_be_read_is_told(tmp_path: Path) -> None:
    # A link to itself is closed to everybody, root included.
    (tmp_path / "loop.sqlite").symlink_to(tmp_path / "loop.sqlite")
    settings = settings_for(f"sqlite:///{tmp_path / 'loop.sqlite'}", tmp_path)
    with pytest.raises(DatabaseProblem) as problem:
        upgrades.upgrade(settings)
    assert "\n" not in str(problem.value)


def test_a_locked_database_is_told(tmp_path: Path, sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(db.SQLITE_PRAGMAS, "busy_timeout", 50)
    settings = settings_for(sqlite_url, tmp_path)
    upgrades.downgrade(settings, upgrades.revisions()[0])
    path = sqlite_path(sqlite_url)
    assert path is not None
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(DatabaseProblem, match="locked by another program"):
        upgrades.upgrade(settings)
    other.execute("ROLLBACK")
    other.close()
    upgrades.upgrade(settings)
    assert upgrades.check(settings) == []


def test_a_server_that_does_not_answer_is_told_without_the_password(tmp_path: Path) -> None:
    settings = settings_for("postgresql+psycopg://tracker:sesame@127.0.0.1:9/none", tmp_path)
    said = one_line(settings)
    assert said.startswith("The database cannot be used")
    assert "sesame" not in said


def test_outdated_renderings_are_refused_until_they_are_made_again(settings: Settings) -> None:
    fill(settings)
    engine = make_engine(settings.database_url, writer=True)
    with engine.begin() as connection:
        connection.execute(text("UPDATE public_incident SET rendered_with = 'older'"))
    engine.dispose()
    assert one_line(settings).startswith("2 public records were rendered by other code.")
    upgrades.open_database(settings, stale_allowed=True).dispose()
    assert upgrades.upgrade(settings) == 2
    upgrades.open_database(settings).dispose()


# A crash leaves the old schema or the new one.

UPGRADE = """
import sys
from pathlib import Path
from tracker import upgrades
from tracker.settings import MIGRATIONS, Settings
print("ready", flush=True)
sys.stdin.readline()
upgrades.upgrade(Settings(instance=Path(sys.argv[1]), database_url=sys.argv[2]))
"""


def _kill_while_upgrading(url: str, folder: Path, seconds: float) -> None:
    worker = subprocess.Popen(
        [sys.executable, "-c", UPGRADE, str(folder), url],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=PROJECT, env=os.environ,
    )  # fmt: skip
    with worker:
        assert worker.stdin is not None
        assert worker.stdout is not None
        assert worker.stdout.readline() == b"ready\n"
        worker.stdin.write(b"\n")
        worker.stdin.flush()
        time.sleep(seconds)
        worker.kill()


def _survives(template: str, folder: Path, times: int) -> None:
    chance = random.Random(7)
    for number in range(times):
        path = folder / f"{number}.sqlite"
        shutil.copyfile(template.removeprefix("sqlite:///"), path)
        settings = settings_for(f"sqlite:///{path}", folder)
        upgrades.downgrade(settings, chance.choice(["base", upgrades.revisions()[0]]))
        before = upgrades.state(settings)
        _kill_while_upgrading(settings.database_url, folder, chance.uniform(0.0, 0.15))
        assert upgrades.state(settings) in {before, State.CURRENT}
        with sqlite3.connect(path) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        connection.close()
        upgrades.upgrade(settings)
        assert upgrades.check(settings) == []


def test_a_kill_during_an_upgrade_leaves_the_old_schema_or_the_new_one(sqlite_url: str, tmp_path: Path) -> None:
    _survives(sqlite_url, tmp_path, 2)


@pytest.mark.deep
def test_twenty_kills_during_upgrades_leave_the_old_schema_or_the_new_one(sqlite_url: str, tmp_path: Path) -> None:
    _survives(sqlite_url, tmp_path, 20)
