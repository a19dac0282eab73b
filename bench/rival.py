"""Datasette's streaming CSV of the same table, which the CSV file is compared with.

It comes from the Python package index into an environment of its own, which is thrown away afterwards.
"""

import csv
import http.client
import socket
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.server import free_port

REQUIREMENTS = Path(__file__).with_name("rivals.txt")
SECONDS_TO_START = 60
csv.field_size_limit(2**31 - 1)
SECONDS = 20
"""How long is read: a million rows take it minutes, at the same speed all the time."""


def rival_rows_a_second(path: Path) -> float:
    """How many rows of the stored lines of an SQLite database it streams in a second."""
    with tempfile.TemporaryDirectory() as folder:
        venv.create(folder, with_pip=True)
        python = Path(folder) / "bin" / "python"
        subprocess.run([python, "-m", "pip", "install", "--quiet", "-r", REQUIREMENTS], check=True)
        with _served(python, path) as port:
            return _rows_a_second(port, f"/{path.stem}/public_line.csv?_stream=on")


@contextmanager
def _served(python: Path, path: Path) -> Iterator[int]:
    port = free_port()
    command = [str(python), "-m", "datasette", "serve", str(path), "--host", "127.0.0.1", "--port", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait(process, port)
        yield port
    finally:
        process.terminate()
        process.wait(timeout=30)


def _wait(process: "subprocess.Popen[bytes]", port: int) -> None:
    end = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < end and process.poll() is None:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1):
                return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError("Datasette did not start")


def _rows_a_second(port: int, path: str) -> float:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    began = time.perf_counter()
    connection.request("GET", path)
    response = connection.getresponse()
    if response.status != 200:
        raise RuntimeError(f"Datasette answered {response.status}")
    # Cells hold line breaks too, so that only a reader of CSV can tell the rows.
    read = csv.reader(_lines(response, began))
    rows = sum(1 for _ in read) - 1
    seconds = time.perf_counter() - began
    connection.close()
    return rows / seconds


def _lines(response: http.client.HTTPResponse, began: float) -> Iterator[str]:
    """The lines that come in time; the last row may be cut off by the end of it."""
    for line in response:
        yield line.decode()
        if time.perf_counter() - began > SECONDS:
            return


if __name__ == "__main__":
    print(f"{rival_rows_a_second(Path(sys.argv[1])):,.0f} rows a second")
