"""Memory that is given back: what was needed for a while does not stay with the process."""

import ctypes
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.run import PROJECT

HAS_GLIBC = hasattr(ctypes.CDLL(None), "malloc_trim")
# Many small things among which a few are kept, so that the heap cannot simply shrink from its end.
NEEDED_FOR_A_WHILE = """
from pathlib import Path
from tracker import memory

memory.share_heaps()
def resident():
    told = Path("/proc/self/status").read_text()
    return int(next(line.split()[1] for line in told.splitlines() if line.startswith("VmRSS")))

kept = []
needed = [bytes(600 + number % 300) for number in range(200_000)]
kept = needed[::5_000]
del needed
before = resident()
memory.give_back()
print(before - resident())
"""


@pytest.mark.skipif(not HAS_GLIBC or not Path("/proc/self/status").exists(), reason="no glibc here")
def test_what_was_needed_for_a_while_is_given_back_to_the_system() -> None:
    asked = [sys.executable, "-c", NEEDED_FOR_A_WHILE]
    told = subprocess.run(asked, cwd=PROJECT, check=True, capture_output=True, text=True)
    kilobytes = int(told.stdout)
    assert kilobytes > 20_000
