"""Measures the pages over a database that `bench.build` made: how long each takes at the server, counts included.

    python -m bench.pages sqlite:////tmp/bench.sqlite --rounds 7

Each round starts `tracker serve` with one worker and asks for all pages over loopback, in a random order: once while
the server sees the page for the first time (*new*: nothing is remembered of it), then three times more (*again*).
The files of the database are in the memory of the machine all the time.
"""

import argparse
import random
import statistics
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.client import HTTPConnection
from urllib.parse import urlencode

from bench import words
from bench.generator import Generator
from bench.machine import machine, p95
from bench.server import Served, get, served
from tracker.dataset import queries
from tracker.dataset.editions import dataset_version
from tracker.dataset.filters import EVERYTHING, DatasetFilter
from tracker.dataset.paging import PageToken
from tracker.db import Database
from tracker.settings import Settings

# What a page may take at the server, in milliseconds.
ALLOWED = {"list": 100, "filter": 100, "search": 150, "page": 100, "unchanged": 100, "map": 150}
AGAIN = 3


@dataclass(frozen=True)
class Asked:
    """One page to measure: what it stands for, where it is, and what it may take (a key of `ALLOWED`)."""

    name: str
    path: str
    kind: str = "filter"
    pairs: tuple[tuple[str, str], ...] = ()


@dataclass
class Figures:
    """The times of one page, in seconds, and the size of its answer in bytes."""

    new: list[float] = field(default_factory=list)
    new_working: list[float] = field(default_factory=list)
    again: list[float] = field(default_factory=list)
    again_working: list[float] = field(default_factory=list)
    size: int = 0


def listed(name: str, *pairs: tuple[str, str], kind: str = "filter") -> Asked:
    """The list of incidents under a filter."""
    return Asked(name, f"/incidents?{urlencode(pairs)}" if pairs else "/incidents", kind, pairs)


def asked_for(database: Database) -> Iterator[Asked]:
    """The pages, with names and references that are in the database."""
    town = Generator().world.towns[0]
    noun = words.noun_of_rank(3)
    today = datetime.now(UTC).date().isoformat()
    # Outlets are drawn the less often the higher their number is.
    with database.public() as session:
        outlets = [outlet.key or "" for outlet in queries.outlets(session)]
        topic = queries.topics(session)[0].key or ""
        earlier = str(max(dataset_version(session).version // 2, 1))
    yield listed("first page of the list", kind="list")
    yield listed("first page, 100 incidents", ("limit", "100"), kind="list")
    yield listed("page in the middle", ("after", _middle(database)), kind="list")
    yield listed("country, common (RU)", ("country", "RU"))
    yield listed("country, rare (IS)", ("country", "IS"))
    yield listed("three countries", ("country", "TR"), ("country", "MX"), ("country", "KG"))
    yield listed("violation, common", ("violation", "assault"))
    yield listed("violation, rare", ("violation", "torture"))
    yield listed("violation and perpetrator, common", ("violation", "assault"), ("perpetrator", "police"))
    yield listed("violation and perpetrator, rare", ("violation", "torture"), ("perpetrator", "media_peer"))
    yield listed("state perpetrators", ("state", "state"))
    yield listed("role and harm", ("role", "photographer"), ("harm", "injured"))
    yield listed("completion not recorded", ("completion", "not_recorded"))
    yield listed("year, possible", ("from", "2020-01-01"), ("to", "2020-12-31"))
    yield listed("year, certain", ("from", "2020-01-01"), ("to", "2020-12-31"), ("when", "certain"))
    yield listed("one day, long ago", ("from", "2012-05-05"), ("to", "2012-05-05"))
    yield listed("outlet, common", ("outlet", outlets[0]))
    yield listed("outlet, rare", ("outlet", outlets[-1]))
    yield listed("topic", ("topic", topic))
    yield listed("town", ("place", town.name))
    yield listed("region", ("admin1", town.admin1))
    yield listed("verification", ("verification", "confirmed"))
    yield listed(
        "country, year and violation", ("country", "TR"), ("from", "2021-01-01"), ("violation", "arrest_detention")
    )
    yield listed("state and completion, common", ("state", "state"), ("completion", "completed"))
    yield listed(
        "two violations in a period", ("violation", "assault"), ("violation", "threat"), ("from", "2018-06-01")
    )
    yield listed("verification in a period", ("verification", "confirmed"), ("from", "2018-06-01"))
    yield listed("box of the map and harm", ("within", "20,40,60,60"), ("harm", "injured"))
    yield listed("an earlier version", ("dataset", earlier))
    yield listed("an earlier version, country", ("dataset", earlier), ("country", "RU"))
    yield listed("as of today", ("as_of", today))
    yield listed("as of today, country", ("as_of", today), ("country", "RU"))
    yield listed("text: rare word", ("q", words.noun_of_rank(words.NOUNS - 7)), kind="search")
    yield listed("text: common word", ("q", "reporter"), kind="search")
    yield listed("text: in nearly all", ("q", "the"), kind="search")
    yield listed("text: two words", ("q", f"{noun} camera"), kind="search")
    yield listed("text: beginning of a word", ("q", "corr"), kind="search")
    yield listed("text: one letter", ("q", "s"), kind="search")
    yield listed("text: Cyrillic", ("q", "журналистку"), kind="search")
    yield listed("text: Cyrillic, rare", ("q", words.noun_of_rank(words.CYRILLIC_NOUNS - 7, "ru")), kind="search")
    yield listed("text: nothing found", ("q", "qqqq zzzz"), kind="search")
    yield listed("text and filter", ("q", "camera"), ("country", "KG"), ("violation", "assault"), kind="search")
    yield listed("text: common word, and state", ("q", "reporter"), ("state", "state"), kind="search")
    yield listed("text: common word, earlier version", ("q", "reporter"), ("dataset", earlier), kind="search")
    yield from _records(database, outlets[0], topic)


def _records(database: Database, outlet: str, topic: str) -> Iterator[Asked]:
    with database.public() as session:
        reference = queries.incident_page(session).records[0].key
    yield Asked("front page with the map", "/", "page")
    yield from _maps()
    yield Asked("list, unchanged (304)", "/incidents?country=RU", "unchanged")
    yield Asked("incident", f"/incidents/{reference}", "page")
    yield Asked("incident as JSON", f"/incidents/{reference}.json", "page")
    yield Asked("outlet, common", f"/outlets/{outlet}", "page")
    yield Asked("topic", f"/topics/{topic}", "page")
    yield Asked("data", "/data", "page")


def _maps() -> Iterator[Asked]:
    """The data of the map as a browser asks for it: the first view, then nearer and nearer, and under filters."""
    near = "box=69,39,81,44&zoom=7"
    yield Asked("map, first view", "/map.json", "map")
    yield Asked("map, a continent", "/map.json?box=-25,34,45,71&zoom=4", "map")
    yield Asked("map, a country", f"/map.json?{near}", "map")
    yield Asked("map, a town", "/map.json?box=74.4,42.8,74.8,43&zoom=12", "map")
    yield Asked("map, violation", "/map.json?violation=assault", "map")
    yield Asked("map, period", "/map.json?from=2018-01-01", "map")
    yield Asked("map, country", "/map.json?country=KG", "map")
    yield Asked("map, text", "/map.json?q=camera", "map")
    yield Asked("map as a picture", "/map.svg", "map")
    yield Asked("list behind a mark", "/map/box?box=69,39,81,44&part=list", "map")


def _middle(database: Database) -> str:
    """The token of the page that begins with the last incident of June 2019."""
    with database.public() as session:
        edition = dataset_version(session, EVERYTHING)
    return str(PageToken(edition.version, EVERYTHING.digest(), "2019-06-30:ZZZ"))


def measure(url: str, pages: list[Asked], rounds: int) -> dict[Asked, Figures]:
    """Ask for all pages, in as many rounds."""
    figures = {asked: Figures() for asked in pages}
    for number in range(rounds):
        random.Random(number).shuffle(pages)
        with served(url, workers=1) as server, server.connection() as connection:
            server.settle()
            for asked in pages:
                _measure_one(server, connection, asked, figures[asked])
        print(f"round {number + 1} of {rounds}", flush=True)
    return figures


def _measure_one(server: Served, connection: HTTPConnection, asked: Asked, figures: Figures) -> None:
    known = {"If-None-Match": get(connection, asked.path).headers["ETag"]} if asked.kind == "unchanged" else {}
    for number in range(1 + AGAIN):
        worked = server.working_seconds()
        answer = get(connection, asked.path, known)
        worked = server.working_seconds() - worked
        if answer.status != (304 if known else 200):
            raise RuntimeError(f"{asked.path} answered {answer.status}")
        (figures.again if number else figures.new).append(answer.seconds)
        (figures.again_working if number else figures.new_working).append(worked)
        figures.size = answer.size


def count(asked: Asked, database: Database) -> str:
    """How many incidents a list counts, as text; empty for other pages."""
    if not asked.path.startswith("/incidents?") and asked.path != "/incidents":
        return ""
    with database.public() as session:
        return f"{queries.incident_page(session, DatasetFilter.parse(asked.pairs)).total:,}"


def main() -> None:
    """Measure the pages of a database as the command line says."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("url", help="address of a database that bench.build has made")
    parser.add_argument("--rounds", type=int, default=7)
    choices = parser.parse_args()
    settings = Settings.from_environment({"TRACKER_DATABASE_URL": choices.url})
    database = Database(settings)
    pages = list(asked_for(database))
    figures = measure(settings.database_url, list(pages), choices.rounds)
    print(machine())
    print("| page | incidents | kB | new | p95 | processor | again | p95 | processor | allowed |")
    print("|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|")
    for asked in pages:
        print(_row(asked, figures[asked], count(asked, database)))
    database.dispose()


def _row(asked: Asked, figures: Figures, matches: str) -> str:
    shown = [
        f"{seconds * 1000:.0f}"
        for times, working in ((figures.new, figures.new_working), (figures.again, figures.again_working))
        for seconds in (statistics.median(times), p95(times), statistics.median(working))
    ]
    allowed = ALLOWED[asked.kind]
    late = " **late**" if statistics.median(figures.new) * 1000 > allowed else ""
    return f"| {asked.name} | {matches} | {figures.size / 1000:.0f} | {' | '.join(shown)} | {allowed}{late} |"


if __name__ == "__main__":
    main()
