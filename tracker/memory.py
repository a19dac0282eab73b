"""How a process of the server holds its memory; some of it where the C library is one that lets us say so (glibc)."""

import ctypes
import gc

# glibc's number for how many heaps a process has, and ours: with one for each thread, each keeps what it once needed.
M_ARENA_MAX = -8
HEAPS = 2


def share_heaps() -> None:
    """Let the threads of this process, and of those that it begins, share their memory."""
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(M_ARENA_MAX, HEAPS)


def give_back() -> None:
    """Give memory back to the system that was needed for a while: after much was read, it is more than what is kept."""
    keep_for_good()
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)


def keep_for_good() -> None:
    """Have what is there now looked through no more for what nobody needs: it stays for as long as the process does.

    Looking through a whole application takes a tenth of a second, in which no reader is answered.
    """
    gc.collect()
    gc.freeze()
