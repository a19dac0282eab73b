"""Files that are made once and then served: kept in one folder for as long as nothing new is published.

A file belongs to the stamp of the dataset at which it was made. Whoever sees a newer stamp removes the files of all
others at once, so that nothing on the shelf outlives a quarantine; and a file that was being made or sent while
something was taken back is neither kept nor sent on. The folder and its files are for their owner alone.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

from tracker.dataset.editions import Edition, still_holds
from tracker.dataset.exports.batches import Sessions
from tracker.dataset.exports.formats import Format
from tracker.dataset.exports.meta import Export

SECONDS_TO_WAIT = 20
MOST_IN_LINE = 2
"""Who comes while one file is made and one request waits is sent away, so that threads are left for the pages."""

PIECE = 1 << 18
_SECONDS_BETWEEN_LOOKS = 0.1
_MARKER = "-tracker-files"


class TakenBack(Exception):
    """Something was published or taken back while the file was being made: it is not to be served."""


class Busy(Exception):
    """Other files are being made; this one has to be asked for again."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """A file that can be made.

    Attributes:
        edition: what it is made from.
        name: tells it apart from all other files of the same stamp.
        make: makes it in an empty folder, together with whatever it needs there meanwhile, and says where it is. It
            raises `OSError` where there is no room, and `TakenBack` where the edition has passed.
    """

    edition: Edition
    name: str
    make: Callable[[Path], Path]


@dataclass(frozen=True, slots=True)
class Kept:
    """A file as it is served: open from its beginning, its size in bytes, and its SHA-256 in hexadecimal digits."""

    file: BinaryIO
    size: int
    sha256: str


class Shelf:
    """The files of one installation, shared by all its processes.

    `most` bytes of them are kept, the longest unused removed first; `mark` changes with whatever makes another file of
    the same incidents, such as a new version of the program. One process makes one file at a time.
    """

    def __init__(self, folder: Path, *, most: int, mark: str) -> None:
        self.folder = folder
        self._most = most
        self._mark = sha256(mark.encode()).hexdigest()[:12]
        self._line = threading.BoundedSemaphore(MOST_IN_LINE)
        self._turn = threading.BoundedSemaphore()
        self._seen: str | None = None

    def clear_older(self, edition: Edition) -> None:
        """Remove what was made at other stamps than that of an edition which the database has just named."""
        if edition.stamp == self._seen:
            return
        # Only what a shelf has made is removed, in case an operator names a folder that holds other things.
        others = [path for path in self.folder.glob(f"*{_MARKER}") if path != self._shelf_of(edition.stamp)]
        for path in others:
            shutil.rmtree(path, ignore_errors=True)
        # Where something was added meanwhile, the next one who looks tries again.
        if not any(path.exists() for path in others):
            self._seen = edition.stamp

    def get(self, sessions: Sessions, recipe: Recipe) -> Kept:
        """A file, made now unless it is there already.

        Raises `TakenBack` where it has to be asked for anew, `Busy` after a while of waiting for other files, and
        `OSError` where there is no room.
        """
        self.clear_older(recipe.edition)
        key = sha256(recipe.name.encode()).hexdigest()[:32]
        found = self._open(self._shelf_of(recipe.edition.stamp), key)
        if found is not None:
            return found
        folder = self.room(recipe.edition.stamp)
        with self._my_turn(folder, key):
            return self._open(folder, key) or self._make(sessions, recipe, folder, key)

    def room(self, stamp: str) -> Path:
        """The folder of a stamp, for its owner alone, made where it is not there: what lies in it goes with the files.

        Raises `OSError`.
        """
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder = self._shelf_of(stamp)
        folder.mkdir(mode=0o700, exist_ok=True)
        return folder

    def _shelf_of(self, stamp: str) -> Path:
        return self.folder / f"{stamp or 'empty'}-{self._mark}{_MARKER}"

    def _open(self, folder: Path, key: str) -> Kept | None:
        for path in folder.glob(f"{key}.*.file"):
            # Another process may remove it between any two of these steps.
            with suppress(FileNotFoundError):
                file = path.open("rb")
                with suppress(OSError):
                    os.utime(path)
                return Kept(file, os.fstat(file.fileno()).st_size, path.name.split(".")[1])
        return None

    @contextmanager
    def _my_turn(self, folder: Path, key: str) -> Iterator[None]:
        """Wait until nobody else in this process makes a file, and nobody in another one makes this file."""
        until = time.monotonic() + SECONDS_TO_WAIT
        with _held(self._line), _held(self._turn, SECONDS_TO_WAIT), _opened_lock(folder / f"{key}.lock") as handle:
            while not _locked(handle):
                if time.monotonic() > until:
                    raise Busy
                time.sleep(_SECONDS_BETWEEN_LOOKS)
            yield

    def _make(self, sessions: Sessions, recipe: Recipe, folder: Path, key: str) -> Kept:
        # Whoever was killed at this file left a folder; nobody else can be at it, since we hold the lock.
        for left in folder.glob(f"{key}-*"):
            shutil.rmtree(left, ignore_errors=True)
        try:
            with tempfile.TemporaryDirectory(dir=folder, prefix=f"{key}-", ignore_cleanup_errors=True) as making:
                made = recipe.make(Path(making))
                digest = _sync(made)
                with sessions() as session:
                    if not still_holds(session, recipe.edition):
                        raise TakenBack
                kept = folder / f"{key}.{digest}.file"
                made.replace(kept)
            _sync_folder(folder)
            file = kept.open("rb")
        except FileNotFoundError as error:
            # Somebody has seen a newer stamp and removed the folder under our hands.
            raise TakenBack from error
        self._keep_within(folder)
        return Kept(file, os.fstat(file.fileno()).st_size, digest)

    def _keep_within(self, folder: Path) -> None:
        """Remove the files that were unused for longest until the rest are few enough."""
        found = []
        for path in folder.glob("*.file"):
            with suppress(FileNotFoundError):
                state = path.stat()
                found.append((state.st_mtime_ns, state.st_size, path))
        held = sum(size for _, size, _ in found)
        for _, size, path in sorted(found):
            if held <= self._most:
                return
            path.unlink(missing_ok=True)
            held -= size


def export_recipe(sessions: Sessions, form: Format, export: Export) -> Recipe:
    """How a file of incidents is made that is kept."""
    making = form.making
    assert making is not None
    name = f"{form.name}\n{export.edition.version}\n{export.meta.query}\n{export.site}"
    return Recipe(export.edition, name, lambda folder: making(sessions, export, folder))


def sweep(folder: Path, edition: Edition) -> None:
    """Remove from the folder of a shelf what was made at other stamps than that of an edition, by whatever program.

    For whoever serves nobody and so meets no request: what was taken back is then gone from the disk before the next
    reader comes. Should something newer be removed, it is made again when it is asked for.
    """
    for path in folder.glob(f"*{_MARKER}"):
        if not path.name.startswith(f"{edition.stamp or 'empty'}-"):
            shutil.rmtree(path, ignore_errors=True)


@contextmanager
def _held(semaphore: threading.BoundedSemaphore, seconds: float = 0) -> Iterator[None]:
    if not semaphore.acquire(blocking=seconds > 0, timeout=seconds or None):
        raise Busy
    try:
        yield
    finally:
        semaphore.release()


@contextmanager
def _opened_lock(path: Path) -> Iterator[int]:
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except FileNotFoundError as error:
        raise TakenBack from error
    try:
        yield handle
    finally:
        os.close(handle)


def _locked(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _sync(path: Path) -> str:
    """Let a file last, for its owner alone, and give its SHA-256."""
    digest = sha256()
    with path.open("rb+") as file:
        os.fchmod(file.fileno(), 0o600)
        while piece := file.read(PIECE):
            digest.update(piece)
        os.fsync(file.fileno())
    return digest.hexdigest()


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
