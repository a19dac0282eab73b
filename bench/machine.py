"""On what machine a figure was taken, and figures in a form that can be read."""

import os
import platform
import resource
import sqlite3
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path


def machine() -> str:
    """The machine, in one line."""
    model = next(
        (line.partition(":")[2].strip() for line in _lines("/proc/cpuinfo") if "model name" in line), "unknown"
    )
    memory = next((int(line.split()[1]) // 1024**2 for line in _lines("/proc/meminfo") if "MemTotal" in line), 0)
    versions = f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}"
    day = datetime.now(UTC).date().isoformat()
    return f"{day}: {os.cpu_count()} × {model}, {memory} GB, {platform.system()}, {versions}"


def _lines(path: str) -> Iterable[str]:
    file = Path(path)
    return file.read_text().splitlines() if file.exists() else ()


def peak_megabytes() -> float:
    """The most memory that this process has held resident so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def peak_megabytes_of(pid: int) -> float:
    """The most memory that another process has held resident since it began or since `forget_peak`."""
    line = next(line for line in _lines(f"/proc/{pid}/status") if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1024


def forget_peak(pid: int) -> None:
    """Let the peak of a process be counted anew from now on."""
    Path(f"/proc/{pid}/clear_refs").write_text("5")


def working_seconds_of(pid: int) -> float:
    """The time for which processors have worked for another process so far."""
    # The name of the program, in brackets, may hold blanks. Threads that have ended are counted too.
    told = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(told[11]) + int(told[12])) / os.sysconf("SC_CLK_TCK")


def children_of(pid: int) -> list[int]:
    """The processes that a process has started."""
    return [
        int(child) for task in Path(f"/proc/{pid}/task").iterdir() for child in (task / "children").read_text().split()
    ]


def p95(values: Sequence[float]) -> float:
    """The value that 95 of 100 do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))]
