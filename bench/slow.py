"""What a reader who takes a whole file at 100 kB a second keeps others from: nothing, it is hoped.

    python -m bench.slow sqlite:////tmp/bench.sqlite --seconds 30

While the reader reads, the row of the counter is written again and again, in transactions like those of a publication
that is rolled forward without changing anything. The longest of them, the size of the write-ahead log (SQLite) and the
oldest open transaction of a reader (PostgreSQL) are told.
"""

import argparse
import socket
import threading
import time
from pathlib import Path

from sqlalchemy import text, update

from bench.server import served
from tracker.dataset.models import DatasetCounter
from tracker.db import Database, sqlite_path
from tracker.settings import Settings

BYTES_A_SECOND = 100_000
SECONDS = 30.0
OLDEST = (
    "SELECT coalesce(max(extract(epoch FROM clock_timestamp() - xact_start)), 0) FROM pg_stat_activity "
    "WHERE datname = current_database() AND pid <> pg_backend_pid()"
)


def slow_reader(url: str, seconds: float = SECONDS) -> str:
    """What was seen while somebody read slowly, as a sentence."""
    database = Database(Settings.from_environment({"TRACKER_DATABASE_URL": url}))
    with served(url) as server:
        server.settle()
        ended, read = threading.Event(), [0]
        reader = threading.Thread(target=_read, args=(server.port, ended, read))
        reader.start()
        try:
            writes, longest, log, oldest = _write(database, seconds)
        finally:
            ended.set()
            reader.join()
            database.dispose()
    log_said, oldest_said = f"write-ahead log at most {log / 1e6:.1f} MB", f"oldest transaction {oldest:.2f} s"
    held = log_said if sqlite_path(url) else oldest_said
    wrote = f"{writes} writes, the longest {longest * 1000:.0f} ms"
    return f"slow reader: {read[0]:,} bytes in {seconds:.0f} s; {wrote}; {held}"


def _read(port: int, ended: threading.Event, read: list[int]) -> None:
    """Take a whole file from a small window, a little at a time."""
    with socket.socket() as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 16_384)
        connection.connect(("127.0.0.1", port))
        connection.sendall(b"GET /incidents.json HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        while not ended.is_set() and (piece := connection.recv(BYTES_A_SECOND // 10)):
            read[0] += len(piece)
            time.sleep(len(piece) / BYTES_A_SECOND)


def _write(database: Database, seconds: float) -> tuple[int, float, int, float]:
    path = sqlite_path(database.url)
    log = Path(f"{path}-wal")
    writes, longest, largest, oldest = 0, 0.0, 0, 0.0
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        began = time.perf_counter()
        with database.write() as session:
            session.execute(update(DatasetCounter).values(version=DatasetCounter.version))
        longest, writes = max(longest, time.perf_counter() - began), writes + 1
        if path is not None:
            largest = max(largest, log.stat().st_size if log.exists() else 0)
        else:
            with database.read() as session:
                oldest = max(oldest, float(session.scalar(text(OLDEST)) or 0))
        time.sleep(0.02)
    return writes, longest, largest, oldest


def main() -> None:
    """Read slowly from the database that the command line names."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("url", help="address of a database that bench.build or bench.million has made")
    parser.add_argument("--seconds", type=float, default=SECONDS)
    choices = parser.parse_args()
    print(slow_reader(Settings.from_environment({"TRACKER_DATABASE_URL": choices.url}).database_url, choices.seconds))


if __name__ == "__main__":
    main()
