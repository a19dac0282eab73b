"""Builds a database of generated incidents through the real ways, as an import does, and says how long each part took.

    python -m bench.build sqlite:////tmp/bench.sqlite --incidents 100000
    python -m bench.build postgresql://user@host/bench --incidents 20000

Everything is recorded first, in batches, and then published in batches from what the database holds, as `tracker
import --publish` does with a large file. With `--together` each batch is recorded and published in one transaction,
as it does with a small one.
"""

import argparse
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

from sqlalchemy import select, text

from bench.generator import Generator
from bench.machine import machine, peak_megabytes
from tracker import upgrades
from tracker.db import Database, sqlite_path
from tracker.importing.load import seldom_collecting
from tracker.publication import Gate
from tracker.registry.drafts import Draft
from tracker.registry.models import Incident, Outlet, Site, Topic
from tracker.registry.operations import record_many
from tracker.settings import Settings
from tracker.vocabulary import Status

BATCH = 1_000
BY = "benchmark"


class Clock:
    """Adds up the time spent in each part: by the clock on the wall, and by that of the processor."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self.working: dict[str, float] = {}

    @contextmanager
    def __call__(self, part: str) -> Iterator[None]:
        """Count what happens in the block towards a part."""
        began = self.now()
        yield
        self.add(part, began)

    def now(self) -> tuple[float, float]:
        """This moment on both clocks, in seconds."""
        return time.perf_counter(), time.process_time()

    def add(self, part: str, began: tuple[float, float]) -> None:
        """Count the time since a moment towards a part."""
        passed, worked = (now - then for now, then in zip(self.now(), began, strict=True))
        self.seconds[part] = self.seconds.get(part, 0.0) + passed
        self.working[part] = self.working.get(part, 0.0) + worked


class Build:
    """One database in the making."""

    def __init__(self, database: Database) -> None:
        self.clock = Clock()
        self._database = database

    def run(self, generator: Generator, incidents: int, *, together: bool) -> None:
        """Record everything, and publish it afterwards or, `together`, batch by batch."""
        for batch in self._batches(generator.others()):
            with self.clock("recording the other records"), self._database.write() as session:
                record_many(session, batch, by=BY)
        with self.clock("publishing the other records"), self._database.write() as session:
            found = (entity for kind in (Site, Topic, Outlet) for entity in session.scalars(select(kind)))
            Gate(session, by=BY).publish_entities(found)
        for number, batch in enumerate(self._batches(generator.incidents(incidents)), start=1):
            self._incidents(batch, publish=together)
            self._tell(number * BATCH, incidents)
        while not together and self._publish_next():
            pass

    def _incidents(self, batch: list[Draft], *, publish: bool) -> None:
        with self._database.write() as session:
            with self.clock("recording incidents"):
                recorded = record_many(session, batch, by=BY)
            if publish:
                with self.clock("publishing incidents"):
                    Gate(session, by=BY).publish([entity for entity in recorded if isinstance(entity, Incident)])
            began = self.clock.now()
        self.clock.add("committing incidents", began)

    def _publish_next(self) -> bool:
        """Publish a batch of what is recorded and not yet public; returns whether there was any."""
        waiting = select(Incident).where(Incident.status == Status.SUBMITTED).order_by(Incident.key).limit(BATCH)
        with self.clock("publishing incidents"), self._database.write() as session:
            incidents = list(session.scalars(waiting))
            Gate(session, by=BY).publish(incidents)
        return bool(incidents)

    def _batches(self, drafts: Iterable[Draft]) -> Iterator[list[Draft]]:
        rest = iter(drafts)
        while True:
            with self.clock("generating"):
                batch = list(islice(rest, BATCH))
            if not batch:
                return
            yield batch

    def _tell(self, done: int, of: int) -> None:
        if done % 10_000 == 0:
            parts = ", ".join(f"{name} {seconds:.0f} s" for name, seconds in self.clock.seconds.items())
            print(f"{done:,} of {of:,}: {parts}; {peak_megabytes():.0f} MB", flush=True)


def main() -> None:
    """Build a database as the command line says."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("url", help="address of a database that does not exist yet (SQLite) or is empty (PostgreSQL)")
    parser.add_argument("--incidents", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=2020)
    parser.add_argument("--together", action="store_true", help="record and publish each batch in one transaction")
    choices = parser.parse_args()
    settings = Settings.from_environment({"TRACKER_DATABASE_URL": choices.url})
    upgrades.upgrade(settings)
    database = Database(settings)
    build = Build(database)
    began = time.perf_counter()
    with seldom_collecting():
        build.run(Generator(seed=choices.seed), choices.incidents, together=choices.together)
    _report(build, database, choices.incidents, time.perf_counter() - began)
    database.dispose()


def _report(build: Build, database: Database, incidents: int, seconds: float) -> None:
    print(machine())
    for part, spent in build.clock.seconds.items():
        print(f"{part:30} {spent:8.1f} s, {build.clock.working[part]:8.1f} s of the processor")
    for part in ("recording incidents", "publishing incidents"):
        print(f"{part:30} {incidents / build.clock.seconds[part]:8.0f} a second")
    print(f"{'all':30} {seconds:8.1f} s, {peak_megabytes():.0f} MB resident at most")
    print(f"{'size of the database':30} {_size(database) / 1e6:8.0f} MB")


def _size(database: Database) -> int:
    path = sqlite_path(database.url)
    if path is not None:
        with database.writer_engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
        return Path(path).stat().st_size
    with database.read() as session:
        return int(session.scalar(text("SELECT pg_database_size(current_database())")) or 0)


if __name__ == "__main__":
    main()
