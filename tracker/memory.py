"""How a process of the server holds its memory; some of it where the C library is one that lets us say so (glibc)."""

import ctypes
import gc
from collections.abc import Iterator
from contextlib import contextmanager

# glibc's number for how many heaps a process has, and ours: with one for each thread, each keeps what it once needed.
M_ARENA_MAX = -8
HEAPS = 2

# And its number for how large something has to be for a place of its own: little while much is read, else the most that
# glibc itself comes to where large things come and go, since to make such a place takes time.
M_MMAP_THRESHOLD, M_TRIM_THRESHOLD = -3, -1
SMALL, LARGE = 1 << 14, 1 << 25


def share_heaps() -> None:
    """Let the threads of this process, and of those that it begins, share their memory."""
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(M_ARENA_MAX, HEAPS)


@contextmanager
def apart() -> Iterator[None]:
    """Let whatever is made in the block lie apart from the heaps, unless it is small.

    Much that is read for a while leaves holes between what is kept, which the system gets back (`give_back`) and which
    everything that is made later fills again, here and there.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", lambda _what, _bytes: 0)
    mallopt(M_MMAP_THRESHOLD, SMALL)
    try:
        yield
    finally:
        mallopt(M_MMAP_THRESHOLD, LARGE)
        # Once it was told the one, glibc sets the other no more.
        mallopt(M_TRIM_THRESHOLD, 2 * LARGE)


def give_back() -> None:
    """Give memory back to the system that was needed for a while: after much was read, it is more than what is kept."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)


@contextmanager
def loading() -> Iterator[None]:
    """Have nobody look for garbage while modules are loaded, nor ever in what they hold: all of it stays.

    Looking takes a quarter of the time in which a command starts and ends.
    """
    looked_for = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if looked_for:
            gc.enable()


def keep_for_good() -> None:
    """Have what is there now looked through no more for what nobody needs: it stays for as long as the process does.

    Looking through a whole application takes a tenth of a second, in which no reader is answered.
    """
    gc.collect()
    gc.freeze()
