"""Fills a database that `bench.build` made with copies of its public incidents, in a tenth of the time of a build.

    python -m bench.clones sqlite:////tmp/bench.sqlite --incidents 100000

Copies go through `dataset.store`, as the gate's records do: canonical JSON, stored lines, facets, points and search are
real, under references of their own. They stand in the public tables alone and keep the places and dates of what they
copy, so that they serve benchmarks of reading, and none of the desk.
"""

import argparse
import time
from collections.abc import Iterator
from itertools import count

from sqlalchemy import select

from bench.machine import machine
from tracker.dataset.fields import Kind
from tracker.dataset.models import PublicVersion
from tracker.dataset.records import COLUMNS, PublicRecord
from tracker.dataset.renderings import batches
from tracker.dataset.store import Publication, next_version, put_many
from tracker.db import Database, utc_now
from tracker.importing.load import seldom_collecting
from tracker.settings import Settings
from tracker.vocabulary import Nature

BATCH = 2_000
# References end in a number of four digits or more; those of copies begin far above all others.
STEP = 100_000


def _copies(found: list[PublicRecord], wanted: int) -> Iterator[Publication]:
    made = len(found)
    for turn in count(1):
        for one in found:
            if made >= wanted:
                return
            made += 1
            start, _, number = one.key.rpartition("-")
            key, record_id = f"{start}-{turn * STEP + int(number)}", f"{one.record_id[:-5]}{turn:05}"
            record = one.record | {"id": record_id, "reference": key}
            yield Publication(Kind.INCIDENT, record_id, key, record, Nature.ADDITION)


def main() -> None:
    """Copy until there are as many as the command line says."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("url", help="address of a database that bench.build has made")
    parser.add_argument("--incidents", type=int, default=100_000)
    choices = parser.parse_args()
    database = Database(Settings.from_environment({"TRACKER_DATABASE_URL": choices.url}))
    public = select(*COLUMNS).where(PublicVersion.kind == Kind.INCIDENT, PublicVersion.valid_to.is_(None))
    with database.read() as session:
        found = [PublicRecord.of(row) for row in session.execute(public.order_by(PublicVersion.id))]
    began, worked = time.perf_counter(), time.process_time()
    with seldom_collecting():
        for batch in batches(_copies(found, choices.incidents), BATCH):
            with database.write() as session:
                put_many(session, batch, dataset_version=next_version(session, utc_now()), at=utc_now())
    passed, worked = time.perf_counter() - began, time.process_time() - worked
    print(machine())
    print(f"{choices.incidents:,} incidents in {passed:.0f} s, {worked:.0f} s of the processor")
    database.dispose()


if __name__ == "__main__":
    main()
