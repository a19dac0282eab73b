"""One run of the test suite: the folder that its workers share, and things made once for all of them."""

import fcntl
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
SWEEPER = Path(__file__).with_name("sweeper.py")
MEMORY = Path("/dev/shm")  # noqa: S108 - only a place to make a new folder in
ROOM_IN_MEMORY = 2 * 1024**3


class Run:
    """The folder of this run. The process that started the run owns it; workers only use it."""

    def __init__(self, folder: Path, sweeper: "subprocess.Popen[bytes] | None" = None) -> None:
        self.folder = folder
        self._sweeper = sweeper

    @classmethod
    def begin(cls) -> "Run":
        """Make the folder, and start the program that removes it and stops the server at the end."""
        folder = Path(tempfile.mkdtemp(prefix="press-freedom-tracker-tests-", dir=_place_for_folder()))
        # The database server may run as another user, who has to pass through.
        folder.chmod(0o755)
        sweeper = subprocess.Popen(
            [sys.executable, "-I", str(SWEEPER), str(folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            cwd="/",
            start_new_session=True,
        )
        return cls(folder, sweeper)

    def end(self) -> None:
        """Have everything of this run cleared away, and wait until it is."""
        if self._sweeper is not None and self._sweeper.stdin is not None:
            self._sweeper.stdin.close()
            self._sweeper.wait()

    @contextmanager
    def alone(self, name: str) -> Iterator[None]:
        """Keep all other processes of the run out of the block of this name."""
        handle = os.open(self.folder / f"{name}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)

    def migrated_sqlite(self) -> Path:
        """An empty SQLite database with all migrations, made once per run; copy it, never open it."""
        template = self.folder / "template.sqlite"
        with self.alone("sqlite"):
            if not template.exists():
                new = self.folder / "new.sqlite"
                migrate(f"sqlite:///{new}", self.folder)
                new.rename(template)
        return template


def migrate(url: str, instance: Path) -> None:
    """Bring the database at `url` to the newest migration, by the command that an operator types."""
    done = subprocess.run(
        [sys.executable, "-m", "tracker", "db", "upgrade"],
        env=os.environ | {"TRACKER_DATABASE_URL": url, "TRACKER_INSTANCE": str(instance)},
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise RuntimeError(f"`tracker db upgrade` failed on the test database:\n{done.stdout}{done.stderr}")


def _place_for_folder() -> Path:
    """Where to make the folder of the run: in memory where there is room, else among the temporary files.

    A database is copied for every test, file by file, and that is several times faster in memory.
    """
    if (
        os.access(MEMORY, os.W_OK | os.X_OK)
        and shutil.disk_usage(MEMORY).free > ROOM_IN_MEMORY
        and _others_can_enter(MEMORY)
    ):
        return MEMORY
    usual = Path(tempfile.gettempdir()).resolve()
    if os.geteuid() != 0:
        return usual
    # As root the database server runs as another user, who may be shut out of root's own temporary folder.
    for folder in (usual, Path("/var/tmp")):  # noqa: S108 - only a place to make a new folder in
        if folder.is_dir() and _others_can_enter(folder):
            return folder
    raise RuntimeError(f"no other user can enter {usual}, and PostgreSQL refuses to run as root: set TMPDIR")


def _others_can_enter(folder: Path) -> bool:
    return all(step.stat().st_mode & 0o001 for step in (folder, *folder.parents))
