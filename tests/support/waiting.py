"""Waiting for what another thread or process is about to do."""

import time
from collections.abc import Callable

SECONDS = 10


def eventually(holds: Callable[[], bool], seconds: float = SECONDS) -> bool:
    """Whether something comes to hold before the time is over."""
    end = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > end:
            return False
        time.sleep(0.005)
    return True
