"""Measures summaries over a database that `bench.build` made: every pair of dimensions, whole, filtered, as of a day.

    python -m bench.summaries sqlite:////tmp/bench.sqlite

The columns are read once, which is timed. Then each pair of dimensions is counted for a unit: *first*, when nothing of
the pair is remembered, and *again*, the answer itself having been forgotten, so that it is counted and not looked up.
All of it is asked in this process, without the network and the page. The times are those of the processor, which does
all of the work in this one process, so that others on the machine disturb them less.
"""

import argparse
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from statistics import median

from sqlalchemy.orm import Session

from bench.machine import machine, p95, peak_megabytes
from tracker.dataset import statistics
from tracker.dataset.editions import dataset_version
from tracker.dataset.filters import DatasetFilter
from tracker.dataset.map.memory import Memory
from tracker.dataset.problems import FilterError
from tracker.dataset.statistics.keeping import keeper
from tracker.dataset.statistics.question import DIMENSIONS, Unit
from tracker.db import Database
from tracker.settings import Settings

WHOLE, OTHERS = 300, 2_000
"""What a summary may take, in milliseconds: of the current version, and filtered or as of another one."""


@dataclass(frozen=True)
class Timed:
    """One pair of dimensions: the first time and again, in milliseconds; None where its table is too large."""

    by: str
    then: str
    first: float | None
    again: float | None


def forget() -> None:
    """Let no answer be looked up."""
    statistics._memory = Memory(0)


def clock(session: Session, wanted: DatasetFilter, unit: Unit, by: str, then: str) -> float:
    """How long the processor works for one summary, in milliseconds."""
    began = time.process_time()
    statistics.count(session, wanted, unit, (by, then))
    return (time.process_time() - began) * 1_000


def pairs(session: Session, wanted: DatasetFilter, unit: Unit, rounds: int) -> Iterator[Timed]:
    """Every pair of dimensions of a unit under a filter."""
    for by, then in combinations(DIMENSIONS, 2):
        try:
            first = clock(session, wanted, unit, by, then)
        except FilterError:
            yield Timed(by, then, None, None)
            continue
        yield Timed(by, then, first, median(clock(session, wanted, unit, by, then) for _ in range(rounds)))


def filters(session: Session) -> dict[str, tuple[DatasetFilter, int]]:
    """The filters by their names, each with what it may take."""
    newest = dataset_version(session).version
    return {
        "current version, whole": (DatasetFilter(), WHOLE),
        "violation": (DatasetFilter(violation=("assault",)), OTHERS),
        "state perpetrators": (DatasetFilter(state=("state",)), OTHERS),
        "country and role": (DatasetFilter(country=("RU",), role=("reporter",)), OTHERS),
        "as of an earlier version": (DatasetFilter(dataset=max(newest // 2, 1)), OTHERS),
        "earlier version and violation": (DatasetFilter(dataset=max(newest // 2, 1), violation=("threat",)), OTHERS),
    }


def told(name: str, unit: Unit, timed: list[Timed], allowed: int) -> str:
    """One line of the table: the medians, the slowest pair, and how many pairs are late."""
    done = [one for one in timed if one.again is not None and one.first is not None]
    slowest = max(done, key=lambda one: one.again or 0)
    again, first = [one.again or 0 for one in done], [one.first or 0 for one in done]
    late = sum(value > allowed for value in again)
    refused = f", {len(timed) - len(done)} too large" if len(timed) > len(done) else ""
    return (
        f"| {name} | {unit} | {len(done)}{refused} | {median(first):.0f} | {max(first):.0f} | {median(again):.0f} "
        f"| {p95(again):.0f} | {max(again):.0f} ({slowest.by}, {slowest.then}) | {allowed} | {late or ''} |"
    )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("url", help="address of the database")
    parser.add_argument("--rounds", type=int, default=3, help="how often each pair is counted again")
    parser.add_argument("--units", nargs="*", default=[unit.value for unit in Unit], choices=[*Unit])
    parser.add_argument("--each", action="store_true", help="print each pair of the whole current version")
    chosen = parser.parse_args()
    database = Database(Settings(instance=Path(), database_url=chosen.url))
    print(machine())
    with database.public() as session:
        edition = dataset_version(session)
        began, worked = time.perf_counter(), time.process_time()
        columns = keeper.columns(session, edition)
        passed, work = time.perf_counter() - began, time.process_time() - worked
    size = f"{len(columns):,} incidents, {len(columns.facets['pair']):,} facets"
    print(f"{size}: read in {passed:.1f} s (processor {work:.1f} s), {columns.bytes / 1e6:.0f} MB of columns\n")
    forget()
    print("| filter | unit | pairs | first | slowest | again | p95 | slowest | allowed | late |")
    print("|---|---|--:|--:|--:|--:|--:|--:|--:|--:|")
    with database.public() as session:
        for name, (wanted, allowed) in filters(session).items():
            for unit in map(Unit, chosen.units):
                timed = list(pairs(session, wanted, unit, chosen.rounds))
                print(told(name, unit, timed, allowed), flush=True)
                if chosen.each and wanted.is_empty:
                    for one in timed:
                        print(f"    {one.by} {one.then} {one.first} {one.again}")
    print(f"\nmemory at most: {peak_megabytes():.0f} MB")


if __name__ == "__main__":
    main()
