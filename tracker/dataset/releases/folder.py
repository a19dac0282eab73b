"""The folder of releases: each issue is a folder in it, which is there whole or not at all.

An issue is written into a hidden folder, pressed onto the disk and renamed. Which issues count is said by the database
alone; whatever else of this dataset lies here was left by somebody who was cut off, and is swept away.
"""

from __future__ import annotations

import fcntl
import os
import re
import secrets
import shutil
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

from tracker.dataset.releases.naming import NAME, ReleaseProblem

LOCK = ".lock"


class ReleaseFolder:
    """The folder of releases of one dataset.

    `mark` tells the issues of this dataset from those of another one whose releases were put into the same folder: it
    is the beginning of the stamp of the first dataset version, which no other dataset has.
    """

    def __init__(self, path: Path, mark: str) -> None:
        self.path = path
        self.mark = mark
        self._ours = re.compile(rf"\.?{NAME.pattern}-{re.escape(mark)}-[0-9a-f]{{8}}(?:\.part)?")

    @contextmanager
    def locked(self, *, wait: bool) -> Iterator[bool]:
        """Whether we alone write here now; with `wait`, after whoever is at it. The lock ends with the process."""
        self.path.mkdir(parents=True, exist_ok=True)
        handle = os.open(self.path / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
            except BlockingIOError:
                yield False
                return
            yield True
        finally:
            os.close(handle)

    @contextmanager
    def new_issue(self, name: str) -> Iterator[Path]:
        """A hidden folder to write an issue into; it goes if the block fails, a full disk included."""
        part = self.path / f".{name}-{self.mark}-{secrets.token_hex(4)}.part"
        part.mkdir()
        try:
            yield part
        except BaseException:
            shutil.rmtree(part, ignore_errors=True)
            raise

    def keep(self, part: Path) -> str:
        """Make a written issue one that counts, as soon as the database names it; returns the name of its folder."""
        _sync(part)
        whole = self.path / part.name.removeprefix(".").removesuffix(".part")
        part.rename(whole)
        _sync(self.path)
        return whole.name

    def remove(self, issue: str) -> None:
        """Remove the files of an issue, as far as that can be done."""
        # Renamed first, so that nobody finds a part of it under its name.
        whole, hidden = self.path / issue, self.path / f".{issue}.part"
        try:
            whole.rename(hidden)
        except FileNotFoundError:
            return
        shutil.rmtree(hidden, ignore_errors=True)

    def sweep(self, named: Collection[str]) -> list[str]:
        """Remove what no release names. To be called under the lock; returns the names of what went."""
        if not self.path.is_dir():
            return []
        left = [path for path in self.path.iterdir() if self._ours.fullmatch(path.name) and path.name not in named]
        for path in left:
            shutil.rmtree(path, ignore_errors=True)
        return [path.name for path in left]


def file_in(folder: Path, issue: str, name: str) -> Path:
    """Where a file of an issue lies. Both names are those that the database holds, never what a reader sent."""
    path = folder / issue / name
    if path.parent.parent != folder or path.name != name:
        raise ReleaseProblem("This is no file of a release.")
    return path


def _sync(folder: Path) -> None:
    """Make the names in a folder last."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
