"""How long the counts of the crosswalks take over a database that `bench.build` made, without the memory of any.

python -m bench.crosswalks sqlite:////tmp/bench.sqlite
"""

import argparse
import statistics
import time
from collections.abc import Callable
from functools import partial

from sqlalchemy.orm import Session

from bench.machine import machine, peak_megabytes
from tracker.dataset.crosswalks import counting
from tracker.dataset.editions import Edition, dataset_version
from tracker.dataset.feed import feed_page
from tracker.dataset.filters import DatasetFilter
from tracker.db import Database
from tracker.settings import Settings
from tracker.vocabulary.crosswalks import SCHEMES, Scheme

FILTERS: tuple[tuple[tuple[str, str], ...], ...] = (
    (),
    (("violation", "assault"),),
    (("perpetrator", "police"), ("from", "2020-01-01")),
    (("country", "KG"),),
)
TIMES = 5


def spent(work: Callable[[], object]) -> str:
    """The median times of some work, by the clock on the wall and by that of the processor."""
    times = []
    for _ in range(TIMES):
        began = time.perf_counter(), time.process_time()
        work()
        times.append((time.perf_counter() - began[0], time.process_time() - began[1]))
    wall, processor = (statistics.median(column) * 1_000 for column in zip(*times, strict=True))
    return f"{wall:8.0f} ms, {processor:8.0f} ms of the processor"


def count_anew(session: Session, scheme: Scheme, wanted: DatasetFilter, edition: Edition) -> None:
    """Count as if nobody had asked before."""
    counting.forget()
    counting.count(session, scheme, wanted, edition)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("url")
    database = Database(Settings.from_environment({"TRACKER_DATABASE_URL": parser.parse_args().url}))
    print(machine())
    with database.public() as session:
        for pairs in FILTERS:
            wanted = DatasetFilter.parse(pairs)
            edition = dataset_version(session, wanted)
            found = counting.count(session, SCHEMES["sdg"], wanted, edition)
            print(f"{wanted.query_string() or 'everything'}: {found.total.incidents:,} incidents")
            for code, scheme in SCHEMES.items():
                print(f"  {code:10} {spent(partial(count_anew, session, scheme, wanted, edition))}")
            print(f"  {'feed':10} {spent(partial(feed_page, session, wanted))}")
    print(f"{peak_megabytes():.0f} MB resident at most")
    database.dispose()


if __name__ == "__main__":
    main()
