"""Writing files whole or not at all."""

import os
import re
import secrets
import signal
import stat
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from types import FrameType
from typing import BinaryIO, NoReturn

from tracker.claims import abandoned, claimed

_PART = re.compile(r"\..+\.[0-9a-f]{12}\.tracker-part", re.DOTALL)
# Names have at most 255 bytes on the usual file systems.
_BYTES_OF_NAME = 200


def written_whole(files: Mapping[Path, Iterable[bytes]]) -> None:
    """Write files that appear, or take the place of older ones, only when all of them are whole.

    The pieces of each go to a hidden file in its folder; these are removed if anything fails, a full disk included, and
    those of a program that was killed by the next one that writes there. What is no regular file, such as a pipe or a
    terminal, is written to directly. Raises `OSError`.
    """
    with ExitStack() as stack, stopped_in_order():
        hidden: dict[Path, Path] = {}
        for path, pieces in files.items():
            # A link stays a link; what it leads to is replaced.
            target = Path(os.path.realpath(path))
            if is_replaceable(target):
                _sweep(target.parent)
                # Claimed until all have their names: one that is whole may wait for the next to be so.
                hidden[target], file = stack.enter_context(_part_of(target))
                _write(file, target, pieces)
            else:
                with target.open("wb") as file:
                    file.writelines(pieces)
        for target, written in hidden.items():
            written.replace(target)
            _sync_folder(target.parent)


def is_replaceable(path: Path) -> bool:
    """Whether another file can take this one's place: it is a regular one, or not there."""
    return path.is_file() or not path.exists()


def _write(file: BinaryIO, target: Path, pieces: Iterable[bytes]) -> None:
    file.writelines(pieces)
    file.flush()
    # Made like any new file, so that the usual permissions hold, unless an older one has its own.
    if target.exists():
        os.fchmod(file.fileno(), stat.S_IMODE(target.stat().st_mode))
    os.fsync(file.fileno())


@contextmanager
def _part_of(target: Path) -> Iterator[tuple[Path, BinaryIO]]:
    """A new hidden file beside another one, removed if the block fails."""
    name = target.name.encode(errors="surrogateescape")[:_BYTES_OF_NAME].decode(errors="ignore")
    with claimed(lambda: target.with_name(f".{name}.{secrets.token_hex(6)}.tracker-part")) as (hidden, file):
        try:
            yield hidden, file
        except BaseException:
            with suppress(OSError):
                hidden.unlink(missing_ok=True)
            raise


def _sweep(folder: Path) -> None:
    """Remove what is left in a folder by those who were killed; whoever may not look into it may still write there."""
    with suppress(OSError):
        for hidden in abandoned([path for path in folder.iterdir() if _PART.fullmatch(path.name)]):
            hidden.unlink(missing_ok=True)


@contextmanager
def stopped_in_order() -> Iterator[None]:
    """Let a request to stop, or a closed terminal, end the block as an exception does, so that it can clear up."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    # What is to go on behind a closed terminal (nohup) goes on.
    asked = [each for each in (signal.SIGTERM, signal.SIGHUP) if signal.getsignal(each) is not signal.SIG_IGN]
    before = {each: signal.signal(each, _stop) for each in asked}
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


def _stop(number: int, _frame: FrameType | None) -> NoReturn:
    raise SystemExit(128 + number)


def _sync_folder(folder: Path) -> None:
    """Make the new name in the folder last too."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
