"""Memory that is given back: what was needed for a while does not stay with the process."""

import ctypes
import gc
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.run import PROJECT
from tracker.memory import loading

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


READ_AND_KEPT = """
import ctypes
from tracker import memory

class Told(ctypes.Structure):
    names = "arena ordblks smblks hblks hblkhd usmblks fsmblks uordblks fordblks keepcost"
    _fields_ = [(name, ctypes.c_size_t) for name in names.split()]

told = ctypes.CDLL(None).mallinfo2
told.restype = Told
before = told().fordblks
with memory.apart():
    read = [bytes(40_000) for number in range(2_000)]
    kept = read[::20]
    del read
print(told().fordblks - before, told().hblkhd)
"""


@pytest.mark.skipif(not hasattr(ctypes.CDLL(None), "mallinfo2"), reason="no glibc that tells of its heaps here")
def test_what_is_read_apart_leaves_no_holes_between_what_is_kept() -> None:
    told = subprocess.run(
        [sys.executable, "-c", READ_AND_KEPT], cwd=PROJECT, check=True, capture_output=True, text=True
    )
    holes, apart = map(int, told.stdout.split())
    assert holes < 1_000_000
    assert apart > 100 * 40_000


def test_what_is_there_is_looked_through_no_more() -> None:
    asked = "import gc; from tracker import memory; memory.keep_for_good(); print(gc.get_freeze_count() > 1_000)"
    told = subprocess.run([sys.executable, "-c", asked], cwd=PROJECT, check=True, capture_output=True, text=True)
    assert told.stdout == "True\n"


def test_what_a_command_needs_is_loaded_once_and_garbage_is_looked_for_again() -> None:
    program = """
import gc, sys
from tracker.cli import main
before = gc.get_freeze_count()
main.get_command(None, "check")
loaded = gc.get_freeze_count()
kept = [object, [], {}]
main.get_command(None, "check")
print(before, loaded > 100_000, gc.get_freeze_count() == loaded, gc.isenabled(), "tracker.serving" in sys.modules)
"""
    told = subprocess.run([sys.executable, "-c", program], cwd=PROJECT, capture_output=True, text=True, check=True)
    assert told.stdout == "0 True True True False\n"


def test_who_looks_for_no_garbage_does_not_after_loading_either() -> None:
    gc.disable()
    try:
        with loading():
            assert not gc.isenabled()
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_garbage_is_looked_for_again_where_loading_fails() -> None:
    with pytest.raises(ImportError), loading():
        raise ImportError
    assert gc.isenabled()
