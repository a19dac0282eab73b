"""How long the changes take in a large dataset: the pages of the feed, and the page for people.

    python -m bench.changes sqlite:////tmp/changes.sqlite --records 1000000
    python -m bench.changes postgresql://user@host/empty --records 1000000

The rows are put into `public_version` directly, a thousand to a dataset version, since only that table is read: a tenth
of the records is corrected later, one in a hundred restricted, and one in a hundred taken out of public view.
"""

import argparse
import statistics
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from itertools import islice
from typing import Any

from sqlalchemy import insert, text, update

from bench.machine import machine
from tracker import upgrades
from tracker.dataset.changes.asked import ChangesAsked
from tracker.dataset.changes.feed import change_page
from tracker.dataset.changes.history import history_page
from tracker.dataset.models import DatasetCounter, DatasetVersion, PublicVersion
from tracker.dataset.releases.reading import emptied
from tracker.db import Database, utc_now
from tracker.settings import Settings

TOGETHER = 1_000
JSON = '{"reference":"KGZ-2020-0001","id":"x","title":{"en":"An incident"},"summary":{"en":"' + "word " * 300 + '"}}'


def rows(records: int) -> Iterator[dict[str, Any]]:
    """Every version of every record, in the order of their ids."""
    last = records // TOGETHER
    now = utc_now()
    common = {"kind": "incident", "published_at": now, "schema_version": 1}
    for number in range(records):
        begun = number // TOGETHER + 1
        row = common | {"record_id": f"{number:026d}", "valid_from": begun, "nature": "addition"}
        if number % 100 in {0, 1}:
            yield row | {"valid_to": last + 1 + begun % 100, "key": None, "json": None}
            if number % 100 == 0:
                again = {"valid_from": last + 1 + begun % 100, "valid_to": None, "nature": "restriction"}
                yield row | again | {"key": f"K-{number}", "json": JSON}
        elif number % 10 == 2:
            ended = last + 1 + begun % 100
            yield row | {"valid_to": ended, "key": f"K-{number}", "json": JSON}
            again = {"valid_from": ended, "valid_to": None, "nature": "correction"}
            yield row | again | {"key": f"K-{number}", "json": JSON}
        else:
            yield row | {"valid_to": None, "key": f"K-{number}", "json": JSON}


def build(database: Database, records: int) -> int:
    """Fill the table; returns the newest version."""
    newest = records // TOGETHER + 101
    begun = utc_now() - timedelta(days=newest)
    with database.write() as session:
        versions = [
            {"version": n, "published_at": begun + timedelta(days=n), "stamp": f"{n:016x}"}
            for n in range(1, newest + 1)
        ]
        session.execute(insert(DatasetVersion), versions)
        session.execute(update(DatasetCounter).values(version=newest))
    every = rows(records)
    while batch := list(islice(every, 20_000)):
        with database.write() as session:
            session.execute(insert(PublicVersion), batch)
    with database.writer_engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))
    return newest


def timed(work: Callable[[], object], times: int = 7) -> float:
    """The median of the milliseconds that something takes."""
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        work()
        taken.append(1_000 * (time.perf_counter() - began))
    return statistics.median(taken)


def main() -> None:
    """Build, ask, and say how long it took."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("url")
    parser.add_argument("--records", type=int, default=1_000_000)
    choices = parser.parse_args()
    settings = Settings.from_environment({"TRACKER_DATABASE_URL": choices.url})
    upgrades.upgrade(settings)
    database = Database(settings)
    newest = build(database, choices.records)

    def feed(since: int, limit: int = 1_000, after: object = None) -> Any:
        with database.public() as session:
            given = [("since", str(since)), ("limit", str(limit))] + ([("after", str(after))] if after else [])
            return change_page(session, ChangesAsked.parse(given))

    def history() -> None:
        with database.public() as session:
            history_page(session, ChangesAsked())

    def watermark() -> None:
        with database.public() as session:
            emptied(session, newest // 2)

    print(machine())
    for words, since in (("beginning", 0), ("middle", newest // 2), ("last hundred versions", newest - 100),
                         ("newest", newest)):  # fmt: skip
        print(f"first page of 1,000 since the {words:24} {timed(partial(feed, since)):8.1f} ms")
    page, pages, began = feed(1), 1, time.perf_counter()
    while page.after is not None and pages < 2_000:
        page, pages = feed(1, after=page.after), pages + 1
    seconds = time.perf_counter() - began
    print(f"all {pages:,} pages since version 1 {seconds:8.1f} s, {1_000 * seconds / pages:.1f} ms a page")
    print(f"the page for people {timed(history):8.1f} ms")
    print(f"whether a release is whole {timed(watermark):8.1f} ms")
    database.dispose()


if __name__ == "__main__":
    main()
