"""Exports that are stopped or killed half-way, as real processes: nothing half-made remains for long."""

import os
import signal
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.dataset.samples import incident, publish
from tests.support.waiting import eventually
from tracker import jobs
from tracker.db import Database
from tracker.settings import Settings

# Stops when the tables or sheets are filled and not yet packed, or the last byte is written and not yet kept.
CUT_OFF = """
import sys, time
from pathlib import Path
from tracker.cli import export, main
from tracker.dataset.exports import package, workbook

def stop(*given, **more):
    Path(sys.argv[1]).touch()
    time.sleep(600)

package._pack = workbook._write_notes = export.still_holds = stop
main(["export", *sys.argv[2:]])
"""

Export = Callable[..., "subprocess.Popen[bytes]"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the files are wanted."""
    made = tmp_path / "out"
    made.mkdir()
    return made


@pytest.fixture
def start(sqlite_url: str, tmp_path: Path) -> Iterator[Export]:
    """Starts `tracker export`, with `cut_off` one that stands still half-way, once it stands there."""
    opened = Database(Settings(instance=tmp_path, database_url=sqlite_url))
    publish(opened, *(incident(f"KGZ-2020-{n:04d}") for n in range(1, 41)))
    opened.dispose()
    (temporary := tmp_path / "temporary").mkdir()
    more = {"TRACKER_INSTANCE": str(tmp_path), "TRACKER_DATABASE_URL": sqlite_url, "TMPDIR": str(temporary)}
    running: list[subprocess.Popen[bytes]] = []

    def started(*words: object, cut_off: bool = False, before: tuple[str, ...] = ()) -> "subprocess.Popen[bytes]":
        flag = tmp_path / f"flag-{len(running)}"
        program = ["-c", CUT_OFF, str(flag)] if cut_off else ["-m", "tracker", "export"]
        command = [*before, sys.executable, *program, *map(str, words)]
        process = subprocess.Popen(
            command, env=os.environ | more, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, start_new_session=True
        )
        running.append(process)
        if cut_off:
            assert eventually(lambda: flag.exists() or process.poll() is not None, 60)
            assert process.poll() is None, process.communicate()
        return process

    yield started
    for process in running:
        if process.poll() is None:
            process.kill()
        process.communicate()
    assert list(temporary.iterdir()) == []


def ended(process: "subprocess.Popen[bytes]", asked: signal.Signals | None = None) -> int:
    if asked is not None:
        process.send_signal(asked)
    process.communicate(timeout=60)
    return process.returncode


def left(tmp_path: Path) -> list[str]:
    """What lies in the folder of kept files and where the file was wanted."""
    folders = (tmp_path / "exports", tmp_path / "out")
    return sorted(path.name for folder in folders if folder.is_dir() for path in folder.iterdir())


def rooms(tmp_path: Path) -> list[Path]:
    return [path for path in (tmp_path / "exports").iterdir() if path.is_dir()]


@pytest.mark.parametrize(
    ("name", "asked"),
    [("zip", signal.SIGINT), ("xlsx", signal.SIGTERM), ("csv", signal.SIGTERM), ("zip", signal.SIGHUP)],
)
def test_an_export_that_is_asked_to_stop_leaves_nothing(
    start: Export, folder: Path, tmp_path: Path, name: str, asked: signal.Signals
) -> None:
    process = start("--format", name, "-o", folder / f"out.{name}", cut_off=True)
    assert left(tmp_path) != []
    assert ended(process, asked) == (1 if asked is signal.SIGINT else 128 + asked)
    assert left(tmp_path) == []


def test_an_export_to_standard_output_that_is_asked_to_stop_leaves_nothing(start: Export, tmp_path: Path) -> None:
    process = start("--format", "zip", cut_off=True)
    assert len(rooms(tmp_path)) == 1
    assert ended(process, signal.SIGTERM) == 128 + signal.SIGTERM
    assert left(tmp_path) == []


def test_an_export_without_a_terminal_goes_on_when_the_terminal_is_closed(start: Export, folder: Path) -> None:
    process = start("--format", "csv", "-o", folder / "out.csv", cut_off=True, before=("nohup",))
    process.send_signal(signal.SIGHUP)
    with pytest.raises(subprocess.TimeoutExpired):
        process.wait(timeout=0.3)


@pytest.mark.parametrize("name", ["zip", "xlsx", "csv"])
def test_what_a_killed_export_left_is_removed_by_the_next_one_and_the_file_before_it_stays(
    start: Export, folder: Path, tmp_path: Path, name: str
) -> None:
    (folder / f"out.{name}").write_text("old")
    process = start("--format", name, "-o", folder / f"out.{name}", cut_off=True)
    assert ended(process, signal.SIGKILL) == -signal.SIGKILL
    assert len(left(tmp_path)) > 1
    assert (folder / f"out.{name}").read_text() == "old"
    assert ended(start("--format", name, "-o", folder / f"out.{name}")) == 0
    assert left(tmp_path) == [f"out.{name}", f"out.{name}.meta.json"]


def test_an_export_never_removes_what_another_one_still_uses(start: Export, folder: Path, tmp_path: Path) -> None:
    waiting = start("--format", "zip", "-o", folder / "first.zip", cut_off=True)
    (room,) = rooms(tmp_path)
    held = sorted(path.name for path in (*room.rglob("*"), *folder.iterdir()))
    for name in ("zip", "csv"):
        assert ended(start("--format", name, "-o", folder / f"second.{name}")) == 0
    assert rooms(tmp_path) == [room]
    assert set(held) <= {path.name for path in (*room.rglob("*"), *folder.iterdir())}
    assert zipfile.ZipFile(folder / "second.zip").testzip() is None
    ended(waiting, signal.SIGKILL)
    assert ended(start("--format", "csv", "-o", folder / "second.csv")) == 0
    assert [path for path in left(tmp_path) if path.startswith(".first")] == []


def test_many_exports_that_begin_at_once_leave_each_other_alone(start: Export, folder: Path, tmp_path: Path) -> None:
    killed = start("--format", "zip", "-o", folder / "out.zip", cut_off=True)
    ended(killed, signal.SIGKILL)
    running = [start("--format", "zip", "-o", folder / f"{number}.zip") for number in range(3)]
    assert [ended(process) for process in running] == [0, 0, 0]
    assert len({(folder / f"{number}.zip").read_bytes() for number in range(3)}) == 1
    assert not [name for name in left(tmp_path) if name.startswith((".", "making-"))]


def test_the_jobs_remove_what_a_killed_export_left(
    start: Export, folder: Path, tmp_path: Path, sqlite_url: str
) -> None:
    settings = Settings(instance=tmp_path, database_url=sqlite_url)
    database = Database(settings)
    running = start("--format", "xlsx", cut_off=True)
    (used,) = rooms(tmp_path)
    killed = start("--format", "zip", cut_off=True)
    ended(killed, signal.SIGKILL)
    assert len(rooms(tmp_path)) == 2
    assert jobs.run_once(database, kept=jobs.Releases.of(settings)).reissue_failed is None
    assert rooms(tmp_path) == [used]
    ended(running, signal.SIGTERM)
    assert rooms(tmp_path) == []
    database.dispose()


def test_files_of_others_are_left_alone(start: Export, folder: Path, tmp_path: Path) -> None:
    others = [".film.0123456789ab.part", ".tracker-part", "making-0123456789ab", ".notes"]
    for name in others:
        (folder / name).touch()
    (folder / "kept").write_text("kept")
    (folder / ".linked.0123456789ab.tracker-part").symlink_to(folder / "kept")
    (tmp_path / "exports").mkdir()
    (tmp_path / "exports" / "making-of.claim").touch()
    assert ended(start("--format", "zip", "-o", folder / "out.zip")) == 0
    assert (folder / "kept").read_text() == "kept"
    assert {*others, ".linked.0123456789ab.tracker-part", "making-of.claim"} < set(left(tmp_path))


def test_a_long_name_in_another_script_is_taken(start: Export, folder: Path) -> None:
    # The file beside it has a longer name, which must fit as well.
    name = "ж" * 118 + ".csv"
    assert ended(start("--format", "csv", "-o", folder / name)) == 0
    assert (folder / name).is_file()
