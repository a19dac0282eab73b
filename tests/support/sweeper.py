"""Clears away after a test run, however the run ends.

The process that runs the tests starts this file as a program of its own and holds the other end of its
standard input. That end closes when the run is over and also when it is killed, so that neither a database
server nor a folder is left behind. Only the standard library is used: it must work whatever the tests broke.
"""

import fcntl
import os
import shutil
import signal
import sys
import time
from contextlib import suppress
from pathlib import Path

PATIENCE_SECONDS = 30.0


def wait_for_end_of_run() -> None:
    """Return when the process that runs the tests has closed our standard input, or is gone."""
    while sys.stdin.buffer.read(1):
        pass


def take(lock: Path) -> int | None:
    """Wait until no worker is just starting the server, but not for ever: a worker may hang."""
    handle = os.open(lock, os.O_RDWR | os.O_CREAT)
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(0.05)
        else:
            return handle
    return None


def alive(process: int) -> bool:
    """Whether the process still exists."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def stop_server(pid_file: Path) -> None:
    """Stop the PostgreSQL server of the run, without the writing-out that a clean stop would begin with."""
    try:
        process = int(pid_file.read_text().split()[0])
    except (FileNotFoundError, IndexError, ValueError):
        return
    with suppress(ProcessLookupError):
        os.kill(process, signal.SIGQUIT)
    deadline = time.monotonic() + PATIENCE_SECONDS
    while alive(process) and time.monotonic() < deadline:
        time.sleep(0.02)
    with suppress(ProcessLookupError):
        os.kill(process, signal.SIGKILL)


def main(folder: Path) -> None:
    """Wait for the end of the run, then stop what it started and remove its folder."""
    # Ctrl-C is for the tests; this program outlives them by design.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    wait_for_end_of_run()
    take(folder / "postgres.lock")
    stop_server(folder / "postgres" / "data" / "postmaster.pid")
    shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
