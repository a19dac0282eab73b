"""Where a command makes what it cannot write straight away: a folder that goes when it is done, or soon after a kill.

It lies beside the files that are kept, for its owner alone, and next to it a file that its maker has claimed. Whoever
comes next, another export or the jobs, removes the folders whose makers have ended, and no other.
"""

from __future__ import annotations

import re
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tracker.claims import abandoned, claimed

_CLAIM = re.compile(r"making-[0-9a-f]{12}\.claim")


@contextmanager
def workroom(folder: Path) -> Iterator[Path]:
    """A new and empty folder inside another one, which need not be there. Raises `OSError`."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    sweep(folder)
    with claimed(lambda: folder / f"making-{secrets.token_hex(6)}.claim", mode=0o600) as (claim, _):
        try:
            _room_of(claim).mkdir(mode=0o700)
            yield _room_of(claim)
        finally:
            _remove(claim)


def sweep(folder: Path) -> None:
    """Remove from a folder what is left by those who were killed. Raises `OSError`."""
    if folder.is_dir():
        for claim in abandoned(path for path in folder.iterdir() if _CLAIM.fullmatch(path.name)):
            _remove(claim)


def _room_of(claim: Path) -> Path:
    return claim.with_suffix("")


def _remove(claim: Path) -> None:
    room = _room_of(claim)
    shutil.rmtree(room, ignore_errors=True)
    # Without its claim nobody would find the folder again.
    if not room.exists():
        claim.unlink(missing_ok=True)
