"""One filter, one number: whatever is published, corrected, taken back and rebuilt, every address counts the same.

The page of the list, every kind of file, the summary, the crosswalk, the map and the feed are asked for the same
filters, the records of the JSON file are counted by hand, and so is the database without the counts that are kept.
"""

import csv
import io
import random
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient
from lxml import etree

from tests.dataset.samples import START, Record, publish, record_id
from tests.dataset.statistics import invented
from tests.dataset.statistics.brute import FACETS, Brute
from tests.support.shared import application
from tracker.dataset import counts, rebuild, store
from tracker.dataset.editions import dataset_version
from tracker.dataset.fields import Kind
from tracker.dataset.filters import DatasetFilter
from tracker.dataset.map import rows, table
from tracker.db import Database
from tracker.settings import Settings
from tracker.vocabulary import Nature, WithdrawalReason

Pairs = list[tuple[str, str]]

ATOM = "{http://www.w3.org/2005/Atom}"
POINTS = ((42.87, 74.59), (40.51, 72.81), (41.99999, 179.99), (42.87, -179.99))
BOXES = ("74,42,75,43", "-180,-90,180,90", "170,40,-170,45", "74.59,42.87,74.59,42.87")
PERIODS: tuple[dict[str, str], ...] = (
    {"from": "0001-01-01"},
    {"to": "9999-12-31"},
    {"from": "0001-01-01", "to": "9999-12-31"},
    {"from": "2020-10-05", "to": "2020-10-05"},
    {"from": "2021-02-03"},
    {"to": "2020-10-06"},
)
FIXED: tuple[Pairs, ...] = ([], [("from", "2020-10-03"), ("to", "2021-01-15")])
# What the records themselves do not say in so many words.
BEYOND_THE_RECORDS = frozenset({"within", "q", "placed", "place", "admin1", "response", "as_of", "dataset"})


def made(count: int, seed: int, first: int = 1) -> list[Record]:
    """Invented incidents, some with a point and some online."""
    dice = random.Random(seed)
    records = invented.incidents(count, seed, first)
    for record in records:
        latitude, longitude = dice.choice(POINTS)
        if dice.random() < 0.4:
            record["place"] |= {"latitude": latitude, "longitude": longitude, "uncertainty_m": 10_000}
        elif dice.random() < 0.3:
            record["place"] |= {"precision": "online"}
    return records


def any_pairs(dice: random.Random, versions: int) -> Pairs:
    """A random filter of everything that a filter can hold, pages and columns apart."""
    pairs = [pair for pair in invented.filter_pairs(dice) if pair[0] not in {"from", "to", "when"}]
    if dice.random() < 0.5:
        pairs += dice.choice([*PERIODS, *invented._PERIODS]).items()
    if dice.random() < 0.5:
        pairs.append(("when", dice.choice(("certain", "possible"))))
    if dice.random() < 0.15:
        pairs.append(("within", dice.choice(BOXES)))
    if dice.random() < 0.15:
        pairs += [pair for pair in (("placed", "point"), ("placed", "online")) if pair not in pairs]
    if dice.random() < 0.3:
        pairs.append(("dataset", str(dice.randint(1, versions))))
    elif dice.random() < 0.2:
        pairs.append(("as_of", f"2026-03-{dice.randint(1, versions):02}"))
    return pairs


def atom_entries(client: FlaskClient, query: str) -> Iterator[str]:
    """The pages of incidents in the feed, to its end."""
    following: str | None = f"/incidents.atom?{query}&limit=17"
    while following is not None:
        feed = etree.fromstring(client.get(following).data)
        for entry in feed.iter(f"{ATOM}entry"):
            yield next(link.get("href") for link in entry.iter(f"{ATOM}link") if link.get("rel") == "alternate")
        following = next((link.get("href") for link in feed.findall(f"{ATOM}link[@rel='next']")), None)


def on_the_page(client: FlaskClient, query: str) -> int:
    """The number that stands above the list."""
    body = client.get(f"/incidents?{query}").get_data(as_text=True)
    found = re.search(r'<p class="count">(.*?)</p>', body, re.S)
    assert found is not None, query
    number = re.search(r"[\d,]+", re.sub(r"<.*?>", "", found[1]))
    return int(number[0].replace(",", "")) if number else 0


def listed(client: FlaskClient, query: str) -> list[str]:
    """The references of the pages of the list as a reader follows them."""
    after, found = "", []
    while True:
        answer = client.get(f"/incidents.json?{query}&limit=23{after}").get_json()
        found += [record["reference"] for record in answer["incidents"]]
        if not answer["meta"]["next"]:
            return found
        after = f"&after={answer['meta']['next']}"


def figures(client: FlaskClient, query: str) -> dict[str, int]:
    """The number of incidents that each address gives."""
    summary = client.get(f"/summary.json?by=country&{query}").get_json()
    crosswalk = client.get(f"/crosswalk/cpj.json?{query}").get_json()
    drawn = client.get(f"/map.json?{query}").get_json()["counts"]
    features = client.get(f"/incidents.geojson?{query}").get_json()["features"]
    atom = list(atom_entries(client, query))
    assert len(atom) == len(set(atom)), query
    return {
        "list": on_the_page(client, query),
        "pages": len(listed(client, query)),
        "csv": len(list(csv.reader(io.StringIO(client.get(f"/incidents.csv?{query}").text, newline="")))) - 1,
        "jsonl": len(client.get(f"/incidents.jsonl?{query}").data.splitlines()),
        "geojson": len({feature["properties"]["reference"] for feature in features}),
        "summary": summary["total"]["incidents"]["possible"],
        "crosswalk": crosswalk["total"]["incidents"] + crosswalk["without_acts"],
        "map": drawn["matching"],
        "parts of the map": sum(number for name, number in drawn.items() if name != "matching"),
        "feed": len(atom),
    }


def check(client: FlaskClient, database: Database, pairs: Pairs, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ask every address for a filter, and compare."""
    query = urlencode(pairs)
    answer = client.get(f"/incidents.json?{query}")
    if answer.status_code == 400:
        # Nobody knows of an outlet or a topic before the first incident that names it.
        for path in ("/incidents", "/incidents.csv", "/summary.json", "/crosswalk/cpj.json", "/map.json"):
            assert client.get(f"{path}?{query}").status_code == 400, (path, query)
        return
    records = answer.get_json()["incidents"]
    number = len(records)
    assert answer.headers["X-Row-Count"] == str(number)
    found = figures(client, query)
    assert found == dict.fromkeys(found, number), query
    assert counted_one_by_one(database, pairs, monkeypatch) == number, query
    acts = list(csv.DictReader(io.StringIO(client.get(f"/acts.csv?{query}").text, newline="")))
    assert {row["reference"] for row in acts} == {record["reference"] for record in records if record["acts"]}, query
    if not BEYOND_THE_RECORDS & dict(pairs).keys():
        everything = client.get("/incidents.json").get_json()["incidents"]
        assert {record["reference"] for record in records} == by_hand(everything, pairs), query


def by_hand(records: list[Record], pairs: Pairs) -> set[str]:
    """The references of those of all records that match, told from the records alone."""
    brute = Brute(records, pairs)
    found = {record["reference"] for record in records if _falls_into(record["date"], dict(pairs))}
    for name in ("country", "verification", "topic"):
        if values := set(brute.asked.get(name, ())):
            held = brute.incidents[name].map(lambda one: {one} if isinstance(one, str) else set(one))
            found &= {
                reference for reference, one in zip(brute.incidents["reference"], held, strict=True) if one & values
            }
    return found & set(brute.rows["reference"]) if FACETS.keys() & brute.asked.keys() else found


def _falls_into(date: Record, asked: dict[str, str]) -> bool:
    if not {"from", "to"} & asked.keys():
        return True
    if date["earliest"] is None and date["latest"] is None:
        return False
    # Days of four digits are in order as texts; an open end lies beyond all of them.
    earliest, latest = date["earliest"] or "", date["latest"] or "~"
    begins, ends = asked.get("from", ""), asked.get("to", "~~")
    certain = begins <= earliest and latest <= ends
    return certain if asked.get("when") == "certain" else begins <= latest and earliest <= ends


def counted_one_by_one(database: Database, pairs: Pairs, monkeypatch: pytest.MonkeyPatch) -> int:
    """The count of the database itself, without the counts and the memories that are kept."""
    wanted = DatasetFilter.parse(pairs)
    with monkeypatch.context() as patch, database.public() as session:
        patch.setattr(counts, "known_total", lambda *_: None)
        return counts._count(session, wanted, dataset_version(session, wanted))


def history(database: Database, size: int) -> Iterator[int]:
    """Everything that can happen to a dataset, step by step; gives the number of dataset versions after each."""
    yield publish(database, *invented.others(), *made(size, 7))
    yield publish(database, *made(size // 3, 8, first=size // 2), nature=Nature.CORRECTION)
    yield publish(database, *made(size // 4, 9), nature=Nature.RESTRICTION)
    with database.write() as session:
        version = store.next_version(session, moment(4))
        for number in range(2, size // 5):
            store.hide(session, dataset_version=version, kind=Kind.INCIDENT, record_id=record_id(reference(number)))
        yield version
    with database.write() as session:
        version = store.next_version(session, moment(5))
        for number in range(size // 2, size // 2 + 4):
            store.withdraw(
                session,
                dataset_version=version,
                kind=Kind.INCIDENT,
                record_id=record_id(reference(number)),
                reason=WithdrawalReason.FALSE_REPORT,
                at=moment(5),
            )
    yield version
    # What was hidden is opened again, and other incidents are new.
    version = publish(database, *made(size // 6, 10, first=2), *made(size // 6, 11, first=2 * size))
    yield version
    rebuild.rebuild(database, everything=True)
    yield version


def reference(number: int) -> str:
    """The reference of an invented incident."""
    return f"KGZ-2020-{number:04}"


def moment(version: int) -> datetime:
    """When a dataset version is published in these tests."""
    return START + timedelta(days=version - 1)


def _agree(
    settings: Settings, database: Database, monkeypatch: pytest.MonkeyPatch, *, size: int, asked: int, seed: int
) -> None:
    dice = random.Random(seed)
    client = application(settings, database).test_client()
    for step, versions in enumerate(history(database, size)):
        with database.public() as session:
            table.read_ahead(session, dataset_version(session))
        with monkeypatch.context() as patch:
            if step % 2 == seed % 2:
                _as_if_there_were_many(patch)
            for pairs in [FIXED[step % 2], *(any_pairs(dice, versions) for _ in range(asked))]:
                check(client, database, pairs, monkeypatch)


def test_every_address_counts_the_same(settings: Settings, database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    _agree(settings, database, monkeypatch, size=40, asked=1, seed=1)


@pytest.mark.deep
@pytest.mark.parametrize("seed", [2, 3])
def test_every_address_counts_the_same_for_very_many_filters(
    settings: Settings, database: Database, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    _agree(settings, database, monkeypatch, size=120, asked=12, seed=seed)


def _as_if_there_were_many(patch: pytest.MonkeyPatch) -> None:
    """Lead to all answers by the ways that else many thousands of incidents are found by."""
    patch.setattr(counts, "MANY", 1)
    patch.setattr(counts, "SHOWN", 0)
    patch.setattr(counts, "FEW", 0)
    patch.setattr(rows, "FEW", 0)
    patch.setattr(table, "FEW", 0)
