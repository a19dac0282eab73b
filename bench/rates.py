"""Measures by `wrk` how many answers a second two workers give, beside a Flask application that does nothing.

    python -m bench.rates sqlite:////tmp/bench.sqlite --rounds 5

All take turns in one run: the bare 304 of `bench.bare`, the tracker's 304, one list page asked for again and again, and
many different list pages asked for in turns.
"""

import argparse
import os
import re
import signal
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

from bench.machine import machine
from bench.server import Served, free_port, get, served, wait_for
from tracker.dataset import queries
from tracker.dataset.editions import dataset_version
from tracker.db import Database
from tracker.settings import Settings

WORKERS, THREADS = 2, 4
CONNECTIONS = 8
LIST = "/incidents?country=RU"
VIOLATIONS = ("assault", "arrest_detention", "torture", "killing", "search_seizure")


@contextmanager
def bare() -> Iterator[int]:
    """The port of the application that does nothing, until the block ends."""
    port = free_port()
    command = [sys.executable, "-m", "bench.bare", str(port), str(WORKERS), str(THREADS)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        wait_for(process, port, WORKERS)
        yield port
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=60)


def rate(port: int, path: str, seconds: int, *options: str) -> float:
    """How many answers a second, as wrk counts them; an answer that is neither 200 nor 304 is a mistake."""
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}", *options, f"http://127.0.0.1:{port}{path}"]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in told:
        raise RuntimeError(told)
    found = re.search(r"Requests/sec: +([0-9.]+)", told)
    assert found is not None
    return float(found.group(1))


def pages(url: str) -> list[str]:
    """Different list pages: by country, by violation, and both."""
    database = Database(Settings.from_environment({"TRACKER_DATABASE_URL": url}))
    with database.public() as session:
        countries = queries.countries(session, dataset_version(session))
    database.dispose()
    by_country = [f"/incidents?country={code}" for code in countries]
    by_violation = [f"/incidents?violation={code}" for code in VIOLATIONS]
    return by_country + by_violation + [f"{path}&violation=assault" for path in by_country]


def measure(url: str, rounds: int, seconds: int) -> dict[str, list[float]]:
    """The rates of each, taking turns."""
    found: dict[str, list[float]] = {}
    asked = pages(url)
    with bare() as plain, served(url, workers=WORKERS) as server, _script(asked) as script:
        _show_both_workers(server, asked)
        with server.connection() as connection:
            held = get(connection, LIST).headers["ETag"]
        gzip = ("-H", "Accept-Encoding: gzip")
        turns: dict[str, tuple[int, str, tuple[str, ...]]] = {
            "a bare Flask 304": (plain, "/about", ()),
            "the tracker's 304": (server.port, LIST, ("-H", f"If-None-Match: {held}")),
            "one list page": (server.port, LIST, gzip),
            "many list pages": (server.port, "/", (*gzip, "-s", script)),
        }
        for number in range(rounds + 1):
            for name, (port, path, options) in turns.items():
                measured = rate(port, path, seconds, *options)
                # In the first round both workers meet everything for the first time.
                if number:
                    found.setdefault(name, []).append(measured)
    return found


def _show_both_workers(server: Served, asked: list[str]) -> None:
    """Ask for all pages on several connections, of which each worker takes some: the first answers are not counted."""
    for _ in range(CONNECTIONS):
        with server.connection() as connection:
            for path in asked:
                get(connection, path, {"Accept-Encoding": "gzip"})


@contextmanager
def _script(paths: list[str]) -> Iterator[str]:
    """A script by which wrk asks for these pages in turns."""
    listed = ",".join(f'"{path}"' for path in paths)
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as file:
        file.write(f"paths={{{listed}}} i=0 request=function() i=i+1 return wrk.format('GET',paths[i%#paths+1]) end")
        file.flush()
        yield file.name


def main() -> None:
    """Measure the rates over a database as the command line says."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("url", help="address of a database that bench.build or bench.million has made")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=4)
    choices = parser.parse_args()
    url = Settings.from_environment({"TRACKER_DATABASE_URL": choices.url}).database_url
    found = measure(url, choices.rounds, choices.seconds)
    print(machine(), f"load {os.getloadavg()[0]:.1f}")
    print("| answers | a second | least | most | of the bare 304 |")
    print("|---|--:|--:|--:|--:|")
    plain = found["a bare Flask 304"]
    for name, rates in found.items():
        share = statistics.median(mine / theirs for mine, theirs in zip(rates, plain, strict=True))
        row = f"{statistics.median(rates):,.0f} | {min(rates):,.0f} | {max(rates):,.0f} | {share:.0%}"
        print(f"| {name} | {row} |")


if __name__ == "__main__":
    main()
