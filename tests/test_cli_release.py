"""Releases as an operator makes them: real processes that are refused, run into a full disk, race and are killed."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from tests.dataset.samples import incident, publish, record_id
from tracker import jobs
from tracker.dataset import releases, store
from tracker.dataset.exports import FORMATS
from tracker.dataset.fields import Kind
from tracker.db import Database, utc_now
from tracker.settings import Settings

Start = Callable[..., "subprocess.Popen[str]"]

CUT_OFF = """
import sys, time
from pathlib import Path
from tracker.cli import main
from tracker.dataset.releases import folder, issuing

def stop(before):
    def stopped(*given, **more):
        found = before(*given, **more)
        Path(sys.argv[1]).touch()
        time.sleep(600)
        return found
    return stopped

if sys.argv[2] == "written":
    issuing.write_data = stop(issuing.write_data)
else:
    folder.ReleaseFolder.keep = stop(folder.ReleaseFolder.keep)
main(["release", "2026.1"])
"""


@pytest.fixture
def installed(sqlite_url: str, tmp_path: Path) -> Database:
    """A published dataset of forty incidents that fill a file."""
    opened = Database(Settings(instance=tmp_path, database_url=sqlite_url))
    publish(opened, *(incident(f"KGZ-2020-{n:04d}", summary={"en": f"word {n} " * 200}) for n in range(1, 41)))
    opened.dispose()
    return opened


@pytest.fixture
def start(sqlite_url: str, tmp_path: Path) -> Start:
    """Starts a process over that installation."""
    environment = os.environ | {"TRACKER_INSTANCE": str(tmp_path), "TRACKER_DATABASE_URL": sqlite_url}

    def started(command: Sequence[str]) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            list(command), env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )

    return started


def tracker(*words: str) -> list[str]:
    return [sys.executable, "-m", "tracker", *words]


def said(process: "subprocess.Popen[str]") -> tuple[int, str, str]:
    output, errors = process.communicate(timeout=120)
    return process.returncode, output, errors


def issues(tmp_path: Path) -> list[str]:
    folder = tmp_path / "releases"
    return sorted(path.name for path in folder.iterdir() if path.name != ".lock") if folder.is_dir() else []


def listed(database: Database) -> list[str]:
    with database.public() as session:
        found = [one.name for one in releases.all_releases(session)]
    database.dispose()
    return found


def test_a_release_is_made_checked_and_refused_in_words(installed: Database, start: Start, tmp_path: Path) -> None:
    status, output, errors = said(start(tracker("release", "2026.1", "--notes", "For the report.")))
    assert (status, errors) == (0, "")
    assert output.startswith(f"Release 2026.1: dataset version 1, {len(FORMATS) + 7} files.\n")
    assert said(start(tracker("release", "verify", "2026.1"))) == (
        0, "Release 2026.1: all files are what was issued.\n", "",
    )  # fmt: skip
    status, _, errors = said(start(tracker("release", "2026.1")))
    assert status == 1
    assert errors == "There is a release 2026.1 already, and a name is used once. In use: 2026.1. Free: 2026.2.\n"
    status, _, errors = said(start(tracker("release", "../../etc")))
    assert (status, errors.count("\n")) == (1, 1)
    assert "as in 2026.1" in errors
    assert len(issues(tmp_path)) == 1


def test_a_full_disk_leaves_no_release_and_is_told_in_one_line(
    installed: Database, start: Start, tmp_path: Path
) -> None:
    status, output, errors = said(start(["prlimit", "--fsize=60000", *tracker("release", "2026.1")]))
    assert (status, output, errors) == (1, "", "File too large\n")
    assert issues(tmp_path) == []
    assert listed(installed) == []


@pytest.mark.parametrize("step", ["written", "renamed"])
def test_a_run_that_is_killed_leaves_no_release_and_the_next_one_clears_up(
    installed: Database, start: Start, tmp_path: Path, step: str
) -> None:
    flag = tmp_path / "flag"
    process = start([sys.executable, "-c", CUT_OFF, str(flag), step])
    end = time.monotonic() + 60
    while not flag.exists():
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < end
        time.sleep(0.02)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    (left,) = issues(tmp_path)
    assert left.endswith(".part") is (step == "written")
    assert listed(installed) == []
    # The jobs clear up even if nobody tries again: what lies about could be restricted later.
    settled = Settings(instance=tmp_path, database_url=installed.url)
    assert jobs.run_once(installed, kept=jobs.Releases.of(settled)).reissue_failed is None
    assert issues(tmp_path) == []
    releases.create(installed, settled.releases, "2026.1")
    assert listed(installed) == ["2026.1"]


def test_of_two_runs_at_the_same_time_one_makes_the_release(installed: Database, start: Start, tmp_path: Path) -> None:
    done = [said(process) for process in [start(tracker("release", "2026.1")) for _ in range(2)]]
    assert sorted(status for status, _, _ in done) == [0, 1]
    assert next(errors for status, _, errors in done if status).startswith("There is a release 2026.1 already")
    assert len(issues(tmp_path)) == 1


def test_the_jobs_issue_anew_what_a_quarantine_reached(installed: Database, start: Start, tmp_path: Path) -> None:
    settings = Settings(instance=tmp_path, database_url=installed.url, base_url="https://example.org")
    releases.create(installed, settings.releases, "2026.1")
    with installed.write() as session:
        version = store.next_version(session, utc_now())
        store.hide(session, dataset_version=version, kind=Kind.INCIDENT, record_id=record_id("KGZ-2020-0007"))
    installed.dispose()
    status, output, errors = said(start(tracker("jobs", "run", "--once")))
    assert (status, errors) == (0, "")
    assert output.endswith("Issued anew without what was taken back: release 2026.1.\n")
    (issue,) = issues(tmp_path)
    assert all(b"KGZ-2020-0007" not in file.read_bytes() for file in (tmp_path / "releases" / issue).iterdir())
    assert jobs.run_once(installed, kept=jobs.Releases.of(settings)).reissued == []
    installed.dispose()


def test_a_folder_that_cannot_be_written_keeps_no_other_job_from_being_done(
    installed: Database, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    kept = jobs.Releases(tmp_path / "releases")
    releases.create(installed, kept.folder, "2026.1")
    with installed.write() as session:
        version = store.next_version(session, utc_now())
        store.hide(session, dataset_version=version, kind=Kind.INCIDENT, record_id=record_id("KGZ-2020-0007"))
    (kept.folder / ".lock").unlink()
    (kept.folder / ".lock").mkdir()
    done = jobs.run_once(installed, kept=kept)
    assert done.purged
    assert done.reissue_failed == "Is a directory"
    assert issues(tmp_path) == [], "the old files are gone all the same"
    assert "could not be issued anew: Is a directory" in caplog.text
    installed.dispose()
