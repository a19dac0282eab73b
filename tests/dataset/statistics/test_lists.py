"""Lists out of the columns are those that the database finds by itself, whatever is asked for."""

import random
import secrets
import subprocess
import sys
from datetime import UTC, datetime
from itertools import product
from pathlib import Path
from urllib.parse import parse_qsl

import pytest

from tests.dataset.samples import Record, act, by, incident, place, publish, record_id, victim
from tests.dataset.statistics import invented
from tracker.dataset import at_hand, counts, queries, store
from tracker.dataset.editions import dataset_version
from tracker.dataset.exports.shelf import Shelf
from tracker.dataset.fields import Kind
from tracker.dataset.filters import DatasetFilter
from tracker.dataset.matching import matching_ids
from tracker.dataset.models import OPEN
from tracker.dataset.paging import PageToken
from tracker.dataset.statistics import keeping, lists
from tracker.dataset.statistics.keeping import Keeper, keeper
from tracker.db import Database
from tracker.vocabulary import Nature

Pairs = list[tuple[str, str]]
NO_SUCH_DAYS = (
    "2020-02-99:A", "2020-02-30:A", "2020-03-00:A", "2020-00-99:A", "2019-13-01:A", "0000-99-99:A", "0001-00-00:A",
)  # fmt: skip
BOXES = ("70,40,75,43", "-180,-90,180,90", "74,42.5,75,43.5", "170,-10,-170,10")


def _placed(count: int) -> list[Record]:
    """Incidents with public points, some of them on the edge of a box or beyond the last meridian."""
    points = product((42.5, 42.87, 0), (74, 74.57, 179.5, -179.5))
    return [
        incident(
            f"KGZ-2021-{number:04}",
            place=place(country="KG", latitude=latitude, longitude=longitude, uncertainty_m=500),
        )
        for number, (latitude, longitude) in zip(range(count), points, strict=False)
    ]


def _hide(database: Database, reference: str) -> None:
    with database.write() as session:
        version = store.next_version(session, datetime(2026, 5, 1, tzinfo=UTC))
        store.hide(session, dataset_version=version, kind=Kind.INCIDENT, record_id=record_id(reference))


def _published(database: Database, seed: int) -> int:
    """Several versions with corrections, a restriction and a quarantine; gives the number of the last one."""
    publish(database, *invented.others(), *invented.incidents(50, seed), *_placed(12))
    publish(database, *invented.incidents(15, seed + 50), nature=Nature.CORRECTION)
    publish(database, *invented.incidents(5, seed + 70, first=8), nature=Nature.RESTRICTION)
    _hide(database, "KGZ-2020-0020")
    return 4


def _asked(dice: random.Random, newest: int) -> Pairs:
    pairs = invented.filter_pairs(dice)
    if dice.random() < 0.3:
        pairs.append(("within", dice.choice(BOXES)))
    if dice.random() < 0.4:
        pairs.append(("dataset", str(dice.randint(1, newest))))
    return pairs


def _found(database: Database, pairs: Pairs) -> tuple[list[str], list[int], int, int]:
    """The whole list, page by page, the ids of all that match, and the two counts."""
    keys, after = list[str](), list[tuple[str, str]]()
    with database.public() as session:
        wanted = DatasetFilter.parse(pairs)
        edition = dataset_version(session, wanted)
        counted = counts.total(session, wanted, edition), counts.act_rows(session, wanted, edition)
        ids = matching_ids(session, wanted, edition).tolist()
        while True:
            page = queries.incident_page(session, DatasetFilter.parse([*pairs, ("limit", "7"), *after]))
            keys += [record.key for record in page.records]
            if page.after is None:
                return keys, ids, *counted
            after = [("after", str(page.after))]


@pytest.mark.parametrize("seed", range(3))
def test_every_list_is_the_same_by_the_database_and_out_of_the_columns(
    database: Database, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    newest = _published(database, seed)
    dice = random.Random(seed)
    several = 0
    for _ in range(50):
        pairs = _asked(dice, newest)
        found = []
        for way in (lambda *_: None, Keeper.columns):
            monkeypatch.setattr(Keeper, "at_hand", way)
            # No count of the other way may be remembered.
            monkeypatch.setattr(counts, "_memory", counts._Memory())
            found.append(_found(database, pairs))
        assert found[0] == found[1], pairs
        keys, ids, counted, _ = found[1]
        assert len(keys) == len(ids) == counted, pairs
        several += len(keys) > 7
    assert several > 5, "lists of several pages were among them"


def test_the_countries_of_earlier_versions_are_the_same_by_both_ways(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    newest = _published(database, 4)
    publish(database, incident("UZB-2020-0001", place=place(country="UZ")))
    found = []
    for way in (lambda *_: None, Keeper.columns):
        monkeypatch.setattr(Keeper, "at_hand", way)
        with database.public() as session:
            editions = [dataset_version(session, DatasetFilter(dataset=number)) for number in range(1, newest + 2)]
            found.append([queries.countries(session, edition) for edition in editions])
    assert found[0] == found[1]
    assert "UZ" not in found[1][newest - 1]
    assert "UZ" in found[1][newest]


@pytest.mark.usefixtures("from_the_columns")
def test_a_page_may_begin_after_a_day_that_there_is_not(database: Database) -> None:
    days = ("2020-02-28", "2020-02-29", "2020-03-01", "2019-12-31", "XXXX-XX-XX", "0001-01-01")
    publish(database, *(incident(f"KGZ-2020-{number:04}", day) for number, day in enumerate(days)))
    wanted = DatasetFilter(verification=("not_recorded", "reported", "corroborated", "confirmed", "disputed"))
    with database.public() as session:
        everything = [record.key for record in queries.incident_page(session, wanted).records]
        assert len(everything) == len(days)
        for sort_key in NO_SUCH_DAYS:
            token = PageToken(1, wanted.digest(), sort_key)
            asked = DatasetFilter.parse([*wanted.pairs(), ("after", str(token))])
            page = [record.key for record in queries.incident_page(session, asked).records]
            assert page == [key for key in everything if _sort_key(days, key) < sort_key], sort_key


def _sort_key(days: tuple[str, ...], reference: str) -> str:
    number = int(reference[-4:])
    day = days[number] if days[number][0] != "X" else "0000-00-00"
    return f"{day}:KGZ-00002020-{number:08}"


@pytest.mark.usefixtures("from_the_columns")
def test_what_is_quarantined_leaves_the_list_of_every_version_at_once(database: Database) -> None:
    alone = incident("KGZ-2020-0900", acts=[act("torture", [victim(harm="injured")], [by("military")])])
    first = publish(database, *invented.others(), *invented.incidents(20), alone)
    asked = "violation=torture&harm=injured"

    def listed(query: str) -> list[str]:
        with database.public() as session:
            page = queries.incident_page(session, DatasetFilter.parse(parse_qsl(query)))
        assert page.total == len(page.records)
        return [record.key for record in page.records]

    assert listed(asked) == listed(f"{asked}&dataset={first}") == ["KGZ-2020-0900"]
    assert listed(f"{asked}&q=0900") == ["KGZ-2020-0900"]
    _hide(database, "KGZ-2020-0900")
    for query in (asked, f"{asked}&dataset={first}", f"{asked}&q=0900", f"{asked}&q=0900&dataset={first}"):
        assert listed(query) == []


def test_a_page_is_whole_where_something_on_it_is_quarantined_while_it_is_made(database: Database) -> None:
    references = [f"KGZ-2020-{number:04}" for number in range(1, 10)]
    publish(database, *(incident(each, f"2020-10-{each[-2:]}") for each in references))
    wanted = DatasetFilter(verification=("reported",))
    with database.public() as session:
        columns = Keeper().columns(session, dataset_version(session))
    with database.public() as session:
        edition = dataset_version(session)
        for gone in references[-4:]:
            _hide(database, gone)
        rows = lists.page(session, columns, wanted, edition, 3)
        assert len(rows) == 3
        token = PageToken(1, wanted.digest(), rows[-1][1])
        following = DatasetFilter(verification=("reported",), after=token)
        rest = lists.page(session, columns, following, edition, 9)
        found = [row[0] for row in (*rows, *rest)]
        assert found == sorted(found, reverse=True)
        assert set(range(1, 6)) <= set(found)


def test_a_list_takes_in_a_few_publications_and_reads_nothing_more(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = Keeper()
    publish(database, *invented.incidents(10))
    with database.public() as session:
        edition = dataset_version(session)
        assert kept.at_hand(session, edition) is None, "nothing was read yet"
        assert kept.columns(session, edition) is kept.at_hand(session, edition)
    publish(database, *invented.incidents(5, 7, first=8), nature=Nature.CORRECTION)
    monkeypatch.setattr(keeping, "QUICKLY", 4)
    with database.public() as session:
        edition = dataset_version(session)
        assert kept.at_hand(session, edition) is None, "too many are new"
        monkeypatch.setattr(keeping, "QUICKLY", 5)
        found = kept.at_hand(session, edition)
        assert found is not None
        assert (found.version, len(found)) == (2, 15)
        assert found.incidents["valid_to"].tolist() == [OPEN] * 7 + [2] * 3 + [OPEN] * 5


def test_columns_let_go_of_the_last_incident_too(database: Database) -> None:
    kept = Keeper()
    publish(database, incident("KGZ-2020-0001"))
    with database.public() as session:
        kept.columns(session, dataset_version(session))
    _hide(database, "KGZ-2020-0001")
    with database.public() as session:
        found = kept.at_hand(session, dataset_version(session))
    assert found is kept._kept
    assert found is not None
    assert len(found) == 0


def test_columns_of_another_database_are_not_at_hand(database: Database) -> None:
    kept = Keeper()
    publish(database, *invented.incidents(5))
    with database.public() as session:
        edition = dataset_version(session)
        columns = kept.columns(session, edition)
        kept._kept = columns.at(columns.version, "another")
        assert kept.at_hand(session, edition) is None


def test_columns_are_read_ahead_where_there_are_very_many_incidents(
    database: Database, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    keeper.forget()
    shelf = Shelf(tmp_path, most=0, mark="")
    publish(database, *invented.incidents(10))
    monkeypatch.setattr(at_hand, "LARGE", 11)
    with database.public() as session:
        edition = dataset_version(session)
        at_hand.read_ahead(session, edition, shelf)
        assert at_hand.columns_at_hand(session, edition) is None
        monkeypatch.setattr(at_hand, "LARGE", 10)
        at_hand.read_ahead(session, edition, shelf)
        columns = at_hand.columns_at_hand(session, edition)
    assert columns is not None
    assert len(columns) == 10
    assert columns.mapping is not None
    assert at_hand.rest()
    assert not at_hand.rest()
    assert columns.incidents["version_id"].tolist() == list(range(1, 11))


def test_who_serves_small_lists_alone_never_loads_the_library_behind_the_columns(sqlite_url: str) -> None:
    settings = {"TRACKER_DATABASE_URL": sqlite_url, "TRACKER_SECRET_KEY": secrets.token_hex(32)}
    program = f"""
import sys
from tracker.app import create_app
from tracker.settings import Settings
client = create_app(Settings.from_environment({settings!r})).test_client()
for path in ("/incidents?violation=assault&harm=injured&q=word", "/incidents.csv?violation=assault"):
    assert client.get(path).status_code == 200
assert "numpy" not in sys.modules
"""
    subprocess.run([sys.executable, "-W", "error", "-c", program], check=True)
