"""Measures whole files over HTTP against the database's own program that dumps the same stored column to a pipe.

    python -m bench.exports sqlite:////tmp/bench.sqlite --pairs 5 --rival

File and dump take turns in one run (A B A B …), since the speed of a shared machine changes from minute to minute:
what counts is the ratio of the two medians, of the time that passes and of the time for which processors work.
On SQLite the dump is made by `sqlite3`, on PostgreSQL by `psql` with COPY, whose server works in another process:
there only the time that passes can be compared.

Beside the whole files stand one of about a tenth of the incidents, one of chosen columns, the file of Datasette (with
`--rival`; `bench.rival` sets it up), and what a reader who takes 100 kB a second keeps others from (`bench.slow`).
"""

import argparse
import resource
import statistics
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from http.client import HTTPConnection
from urllib.parse import urlencode

from sqlalchemy.engine import make_url

from bench.machine import machine
from bench.rival import rival_rows_a_second
from bench.server import Answer, Served, get, served
from bench.slow import slow_reader
from tracker.dataset import queries
from tracker.dataset.counts import total
from tracker.dataset.editions import dataset_version
from tracker.dataset.exports import FORMATS
from tracker.dataset.filters import EVERYTHING, DatasetFilter
from tracker.db import Database, sqlite_path
from tracker.settings import Settings

# For each file the column that holds what goes into it, and where.
SOURCES = {
    "csv": ("csv", "public_line"),
    "geojson": ("feature", "public_line"),
    "json": ("json", "public_version WHERE kind = 'incident'"),
    "jsonl": ("json", "public_version WHERE kind = 'incident'"),
}
CHOSEN_COLUMNS = "reference,date_earliest,date_latest,country,verification"
PIECE = 1 << 20


@dataclass
class Figures:
    """The times of one kind of file and of its dump, in seconds, and what the file cost."""

    file: list[float] = field(default_factory=list)
    dump: list[float] = field(default_factory=list)
    dump_working: list[float] = field(default_factory=list)
    first_byte: list[float] = field(default_factory=list)
    size: int = 0
    rows: int = 0
    peak_megabytes: float = 0.0
    working: list[float] = field(default_factory=list)

    def add(self, answer: Answer, peak: float, worked: float) -> None:
        """Take in one download: what came, the server's memory at most, and the time that processors worked for it."""
        self.working.append(worked)
        self.file.append(answer.seconds)
        self.first_byte.append(answer.first_byte)
        self.size = answer.size
        self.rows = int(answer.headers["X-Row-Count"])
        self.peak_megabytes = max(self.peak_megabytes, peak)


def dump_command(url: str, name: str) -> Sequence[str]:
    """What dumps the stored column of a kind of file to standard output."""
    column, source = SOURCES[name]
    statement = f"SELECT {column} FROM {source}"
    path = sqlite_path(url)
    if path is not None:
        return ["sqlite3", "-readonly", str(path), statement]
    address = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    return ["psql", "--no-psqlrc", "--quiet", "--command", f"COPY ({statement}) TO STDOUT", address]


def dump(url: str, name: str, figures: Figures) -> None:
    """Dump the column through a pipe."""
    began, worked = time.perf_counter(), _working_seconds_of_children()
    with subprocess.Popen(dump_command(url, name), stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        while process.stdout.read(PIECE):
            pass
    if process.returncode != 0:
        raise RuntimeError("the dump failed")
    figures.dump.append(time.perf_counter() - began)
    figures.dump_working.append(_working_seconds_of_children() - worked)


def _working_seconds_of_children() -> float:
    """The time for which processors have worked for programs that this one began and that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def measure(url: str, name: str, query: str, pairs: int) -> Figures:
    """Download a file and dump its column in turns."""
    figures = Figures()
    with served(url) as server:
        # The first of each is not counted: it pays for what is made once. A new connection may come to either worker.
        for _ in server.workers() * 3:
            with server.connection() as connection:
                get(connection, "/incidents.csv?limit=1")
        server.settle()
        dump(url, name, Figures())
        for _ in range(pairs):
            # A connection is not kept open for as long as a large dump takes.
            with server.connection() as connection:
                _download(server, connection, f"/incidents.{name}{query}", figures)
            dump(url, name, figures)
    return figures


def _download(server: Served, connection: HTTPConnection, path: str, figures: Figures) -> None:
    server.forget_peaks()
    worked = server.working_seconds()
    answer = get(connection, path)
    worked = server.working_seconds() - worked
    if answer.status != 200:
        raise RuntimeError(f"{path} answered {answer.status}")
    figures.add(answer, server.peak_megabytes(), worked)


def a_tenth(url: str) -> str:
    """A filter by country that a tenth of the incidents match, or a little more."""
    database = Database(Settings.from_environment({"TRACKER_DATABASE_URL": url}))
    try:
        with database.public() as session:
            edition = dataset_version(session)
            found, counts = 0, dict.fromkeys(queries.countries(session, edition), 0)
            wanted = total(session, EVERYTHING, edition) / 10
            chosen: list[tuple[str, str]] = []
            for code in sorted(counts):
                if found >= wanted:
                    break
                chosen.append(("country", code))
                found = total(session, DatasetFilter.parse(chosen), edition)
    finally:
        database.dispose()
    return urlencode(chosen)


def main() -> None:
    """Measure the files of a database as the command line says."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("url", help="address of a database that bench.build has made")
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--rival", action="store_true", help="measure the file of Datasette too (SQLite alone)")
    choices = parser.parse_args()
    url = Settings.from_environment({"TRACKER_DATABASE_URL": choices.url}).database_url
    print(machine())
    print("| file | rows | MB | file, s | dump, s | ratio | of work | rows a second | first byte, ms | peak, MB |")
    print("|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|")
    whole: dict[str, Figures] = {}
    for name in SOURCES:
        if name in FORMATS:
            whole[name] = measure(url, name, "", choices.pairs)
            print(_row(name, whole[name]), flush=True)
    tenth = measure(url, "csv", f"?{a_tenth(url)}", choices.pairs)
    print(_row("csv, a tenth", tenth), flush=True)
    ratio = _per_row(tenth) / _per_row(whole["csv"])
    print(_row("csv, five columns", measure(url, "csv", f"?fields={CHOSEN_COLUMNS}", choices.pairs)), flush=True)
    print(f"a row of the tenth costs {ratio:.2f} times one of the whole file")
    path = sqlite_path(url)
    if choices.rival and path is not None:
        theirs = rival_rows_a_second(path)
        ours = whole["csv"].rows / statistics.median(whole["csv"].file)
        print(f"Datasette: {theirs:,.0f} rows a second; the CSV file {ours / theirs:.0f} times as many")
    print(slow_reader(url))


def _per_row(figures: Figures) -> float:
    return statistics.median(figures.file) / figures.rows


def _row(name: str, figures: Figures) -> str:
    file, dumped = statistics.median(figures.file), statistics.median(figures.dump)
    first = statistics.median(figures.first_byte) * 1000
    worked = statistics.median(figures.working) / statistics.median(figures.dump_working)
    return (
        f"| {name} | {figures.rows:,} | {figures.size / 1e6:.0f} | {file:.2f} | {dumped:.2f} | {file / dumped:.2f} "
        f"| {worked:.2f} | {figures.rows / file:,.0f} | {first:.0f} | {figures.peak_megabytes:.0f} |"
    )


if __name__ == "__main__":
    main()
