"""Writing files whole or not at all."""

import os
import secrets
import signal
import stat
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from types import FrameType
from typing import NoReturn


def written_whole(files: Mapping[Path, Iterable[bytes]]) -> None:
    """Write files that appear, or take the place of older ones, only when all of them are whole.

    The pieces of each go to a hidden file in its folder; these are removed if anything fails, a full disk included.
    What is no regular file, such as a pipe or a terminal, is written to directly. Raises `OSError`.
    """
    with ExitStack() as stack, stopped_in_order():
        hidden: dict[Path, Path] = {}
        for path, pieces in files.items():
            # A link stays a link; what it leads to is replaced.
            target = Path(os.path.realpath(path))
            if is_replaceable(target):
                hidden[target] = target.with_name(f".{target.name[:200]}.{secrets.token_hex(6)}.part")
                stack.enter_context(_removed_on_failure(hidden[target]))
                _write(hidden[target], target, pieces)
            else:
                with target.open("wb") as file:
                    file.writelines(pieces)
        for target, written in hidden.items():
            written.replace(target)
            _sync_folder(target.parent)


def is_replaceable(path: Path) -> bool:
    """Whether another file can take this one's place: it is a regular one, or not there."""
    return path.is_file() or not path.exists()


def _write(hidden: Path, target: Path, pieces: Iterable[bytes]) -> None:
    # Made like any new file, so that the usual permissions hold, unless an older one has its own.
    with hidden.open("xb") as file:
        file.writelines(pieces)
        file.flush()
        if target.exists():
            os.fchmod(file.fileno(), stat.S_IMODE(target.stat().st_mode))
        os.fsync(file.fileno())


@contextmanager
def _removed_on_failure(hidden: Path) -> Iterator[None]:
    try:
        yield
    except BaseException:
        with suppress(OSError):
            hidden.unlink(missing_ok=True)
        raise


@contextmanager
def stopped_in_order() -> Iterator[None]:
    """Let a polite request to stop end the block as an exception does, so that it can clear up."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, _stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _stop(number: int, _frame: FrameType | None) -> NoReturn:
    raise SystemExit(128 + number)


def _sync_folder(folder: Path) -> None:
    """Make the new name in the folder last too."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
