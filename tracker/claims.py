"""Files that belong to a process for as long as it runs, and those that are left by whoever was killed.

A claim is a lock on the file itself (flock), which the system lets go of when the process ends, however it ends. Where
a file system knows no locks nothing can be claimed, and so nothing is taken for abandoned either.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO


@contextmanager
def claimed(name: Callable[[], Path], *, mode: int = 0o666) -> Iterator[tuple[Path, BinaryIO]]:
    """A new file under a name that nobody has used, open for writing and ours until the block ends.

    `name` gives another one each time; the file is not removed. Raises `OSError`.
    """
    while True:
        path = name()
        with open(path, "xb", opener=lambda file, flags: os.open(file, flags, mode)) as file:
            with suppress(OSError):
                fcntl.flock(file, fcntl.LOCK_EX)
            # Whoever clears up may have found it before it was claimed.
            if _is_at(path, file.fileno()):
                yield path, file
                return


def abandoned(paths: Iterable[Path]) -> Iterator[Path]:
    """Those files of processes that have ended; each is ours until the next one is asked for."""
    for path in paths:
        try:
            handle = os.open(path, os.O_RDWR | os.O_NOFOLLOW | os.O_NONBLOCK)
        except OSError:
            # It is gone by now, or somebody else's.
            continue
        try:
            if _is_free(handle) and _is_at(path, handle):
                yield path
        finally:
            os.close(handle)


def _is_free(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _is_at(path: Path, handle: int) -> bool:
    try:
        return os.path.samestat(path.lstat(), os.fstat(handle))
    except FileNotFoundError:
        return False
