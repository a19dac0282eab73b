"""A tracker that is served by its own command over loopback, for as long as a benchmark needs it."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from bench.machine import children_of, forget_peak, peak_megabytes_of, working_seconds_of

SECONDS_TO_START = 120
SECONDS_TO_SETTLE = 300
SECONDS_OF_REST = 8
IDLE = 0.05


@dataclass(frozen=True)
class Answer:
    """What a request brought; times in seconds since it was sent."""

    status: int
    headers: Mapping[str, str]
    first_byte: float
    seconds: float
    size: int


@dataclass(frozen=True)
class Served:
    """A running server, and the process that began it."""

    port: int
    pid: int

    def workers(self) -> list[int]:
        """The processes that answer."""
        return children_of(self.pid)

    def working_seconds(self) -> float:
        """The time for which processors have worked for the workers so far."""
        return sum(working_seconds_of(worker) for worker in self.workers())

    def peak_megabytes(self) -> float:
        """The most memory that any one worker has held resident since `forget_peaks`."""
        return max(peak_megabytes_of(worker) for worker in self.workers())

    def forget_peaks(self) -> None:
        """Let the peaks be counted anew from now on."""
        for worker in self.workers():
            forget_peak(worker)

    def settle(self) -> None:
        """Wait until nothing is made ahead any more, which begins when the server does."""
        end = time.monotonic() + SECONDS_TO_SETTLE
        before = -1.0
        while time.monotonic() < end and (worked := self.working_seconds()) - before > IDLE:
            before = worked
            # Among other busy programs, or while files are read from the disk, nothing may be done for a while.
            time.sleep(SECONDS_OF_REST)

    @contextmanager
    def connection(self) -> Iterator[http.client.HTTPConnection]:
        """A connection that is kept open between requests."""
        opened = http.client.HTTPConnection("127.0.0.1", self.port, timeout=600)
        try:
            yield opened
        finally:
            opened.close()


@contextmanager
def served(url: str, *, workers: int = 2) -> Iterator[Served]:
    """Serve the database at an address with `tracker serve`, until the block ends."""
    port = free_port()
    command = [sys.executable, "-m", "tracker", "serve", "--port", str(port), "--workers", str(workers)]
    process = subprocess.Popen(command, env=os.environ | {"TRACKER_DATABASE_URL": url}, stdout=subprocess.DEVNULL)
    try:
        wait_for(process, port, workers)
        yield Served(port, process.pid)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=60)


def free_port() -> int:
    """A port of loopback that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(process: "subprocess.Popen[bytes]", port: int, workers: int) -> None:
    """Wait until a server answers with all of its workers."""
    end = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < end:
        if process.poll() is not None:
            raise RuntimeError("the server did not start")
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1):
                if len(children_of(process.pid)) >= workers:
                    # A worker answers once it has made its application; the first page proves it.
                    get(http.client.HTTPConnection("127.0.0.1", port, timeout=60), "/about")
                    return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError("the server did not answer in time")


def get(connection: http.client.HTTPConnection, path: str, headers: Mapping[str, str] | None = None) -> Answer:
    """Ask for a path, read the whole answer and forget its body."""
    began = time.perf_counter()
    connection.request("GET", path, headers=dict(headers or {}))
    response = connection.getresponse()
    size = len(response.read(1))
    first = time.perf_counter() - began
    while piece := response.read(1 << 20):
        size += len(piece)
    return Answer(response.status, dict(response.getheaders()), first, time.perf_counter() - began, size)
