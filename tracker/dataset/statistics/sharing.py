"""Where the columns lie: in the memory of one process alone, or in a file that all processes of an installation share.

The file belongs to a stamp, as everything does that is kept between publications, and lies in the folder of that stamp:
with the folder it is gone at the next publication, restrictions included. One process makes it and the others wait.
Whoever must not wait catches up in memory. Wherever a disk is full or cannot be written to, the columns stay there.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple, Protocol

from tracker.dataset.statistics import mapped
from tracker.dataset.statistics.columns import Array, Columns, Words, worked_out
from tracker.dataset.statistics.reading import join

_NEEDED = ("start", "earliest", "latest")
"""What the arrays are worked out of that lie in a file beside the columns."""


class Newest(NamedTuple):
    """The newest dataset version, and the stamp that tells it from others so numbered."""

    version: int
    stamp: str


class Rooms(Protocol):
    """A folder, and in it one for each stamp, which is made where it is not there."""

    folder: Path

    def room(self, stamp: str) -> Path:
        """The folder of a stamp. Raises `OSError`."""


class Alone:
    """The columns of one process, in its memory."""

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait until no other process makes the columns."""
        yield

    def find(self, _newest: Newest) -> Columns | None:
        """The columns of a version that another process has made, or None."""
        return None

    def aside(self, part: Columns) -> Columns:
        """A part of columns, put where it takes no memory until they are whole."""
        return part

    def keep(self, parts: Sequence[Columns], words: dict[str, Words], newest: Newest) -> Columns:
        """Several parts as one, as the columns of a version."""
        return (parts[0] if len(parts) == 1 else Columns.of(dict(join(parts, words)), words)).at(*newest)

    def drop(self, newest: Newest) -> None:
        """Keep the columns of a version no longer."""


class Shared(Alone):
    """The columns of all processes that share a folder."""

    def __init__(self, rooms: Rooms) -> None:
        self._rooms = rooms

    @contextmanager
    def turn(self) -> Iterator[None]:
        """As `Alone.turn`."""
        try:
            self._rooms.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            handle = os.open(self._rooms.folder / "columns.lock", os.O_RDWR | os.O_CREAT, 0o600)
        except OSError:
            yield
            return
        try:
            with suppress(OSError):
                fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)

    def find(self, newest: Newest) -> Columns | None:
        """As `Alone.find`."""
        with suppress(OSError):
            path = self._path(newest)
            try:
                with path.open("rb") as file:
                    found = mapped.opened(file)
                    return found if (found.version, found.stamp) == newest else None
            except mapped.Damaged:
                path.unlink(missing_ok=True)
        return None

    def aside(self, part: Columns) -> Columns:
        """As `Alone.aside`."""
        try:
            return mapped.put_aside(self._rooms.folder, part)
        except OSError:
            return part

    def keep(self, parts: Sequence[Columns], words: dict[str, Words], newest: Newest) -> Columns:
        """As `Alone.keep`."""
        making: Path | None = None
        try:
            path = self._path(newest)
            making = path.with_suffix(".new")
            # What stands there is nobody's, or of somebody whom our lock did not keep out: it is not cut short.
            making.unlink(missing_ok=True)
            with open(making, "x+b", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
                mapped.write(file, _with_worked_out(join(parts, words)), words, newest)
                found = mapped.opened(file)
            making.replace(path)
        except OSError:
            with suppress(OSError):
                if making is not None:
                    making.unlink(missing_ok=True)
            return super().keep(parts, words, newest)
        return found

    def drop(self, newest: Newest) -> None:
        """As `Alone.drop`."""
        with suppress(OSError):
            self._path(newest).unlink(missing_ok=True)

    def _path(self, newest: Newest) -> Path:
        return self._rooms.room(newest.stamp) / "columns"


def _with_worked_out(arrays: Iterator[tuple[str, Array]]) -> Iterator[tuple[str, Array]]:
    needed = {}
    for name, array in arrays:
        if name in _NEEDED:
            needed[name] = array
        yield name, array
    yield from worked_out(needed)
