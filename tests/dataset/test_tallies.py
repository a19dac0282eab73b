"""The counts that are kept: after whatever was published, corrected, restricted and rebuilt, they are the true ones."""

import random
from typing import Any

import pytest
from sqlalchemy import select, update

from tests.dataset.samples import START, act, by, incident, place, publish, record_id, topic, victim, when
from tracker.dataset import counts, queries, rebuild, store, tallies
from tracker.dataset.editions import dataset_version
from tracker.dataset.fields import Kind
from tracker.dataset.filters import EVERYTHING, DatasetFilter
from tracker.dataset.models import PublicTally
from tracker.db import Database
from tracker.vocabulary import Nature

QUERIES: tuple[dict[str, Any], ...] = (
    {},
    {"country": ("KG",)},
    {"country": ("KG", "KZ")},
    {"violation": ("assault",)},
    {"violation": ("assault", "torture")},
    {"state": ("state",)},
    {"role": ("reporter",)},
    {"outlet": ("kloop",)},
    {"topic": ("vote",)},
    {"topic": ("not_recorded",)},
    {"placed": ("point", "country")},
    {"verification": ("not_recorded",)},
    {"from": "2019-02-01"},
    {"to": "2019-02-01"},
    {"from": "2019-02-01", "to": "2020-10-05"},
    {"from": "2019-02-01", "to": "2020-10-05", "when": "certain"},
    {"from": "0001-01-01", "to": "9999-12-31"},
    {"country": ("KG",), "violation": ("assault",)},
)
DATES = ("2019-01-31", "2019", "2020-10-05/2020-10-06", "2019-02-01/..", "[..2020-01-01]", "XXXX-XX-XX")


def _any(dice: random.Random, number: int) -> dict[str, Any]:
    acts = [
        act(
            dice.choice(("assault", "torture", "killing")),
            [victim(role="reporter", outlet=dice.choice(("kloop", "azattyk")))] if dice.random() < 0.7 else [],
            [by("police")] if dice.random() < 0.5 else [],
        )
        for _ in range(dice.randrange(3))
    ]
    return incident(
        f"KGZ-2020-{number:04}",
        place=place(country=dice.choice(("KG", "KZ", "UZ"))),
        acts=acts,
        date=when(dice.choice(DATES)),
        topics=["vote"] if dice.random() < 0.3 else [],
    )


def _counted_one_by_one(database: Database, wanted: DatasetFilter, monkeypatch: pytest.MonkeyPatch) -> int:
    with monkeypatch.context() as patch, database.public() as session:
        patch.setattr(counts, "known_total", lambda *_: None)
        return counts._count(session, wanted, dataset_version(session, wanted))


def _all_right(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    for query in QUERIES:
        pairs = [(name, one) for name, value in query.items() for one in ([value] if isinstance(value, str) else value)]
        wanted = DatasetFilter.parse(pairs)
        with database.public() as session:
            found = counts._count(session, wanted, dataset_version(session, wanted))
        assert found == _counted_one_by_one(database, wanted, monkeypatch), query
    with database.write() as session:
        kept = session.execute(select(PublicTally.name, PublicTally.value, PublicTally.count)).all()
        tallies.count_anew(session)
        session.expire_all()
        assert sorted(kept) == sorted(session.execute(select(PublicTally.name, PublicTally.value, PublicTally.count)))
    assert all(count > 0 for _, _, count in kept)


def test_the_counts_are_right_after_every_kind_of_write(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    dice = random.Random(7)
    publish(database, topic("vote"), *(_any(dice, number) for number in range(30)))
    _all_right(database, monkeypatch)
    publish(database, *(_any(dice, number) for number in range(20, 40)), nature=Nature.CORRECTION)
    publish(database, *(_any(dice, number) for number in range(5)), nature=Nature.RESTRICTION)
    _all_right(database, monkeypatch)
    with database.write() as session:
        version = store.next_version(session, START)
        for number in range(25, 30):
            store.hide(
                session, dataset_version=version, kind=Kind.INCIDENT, record_id=record_id(f"KGZ-2020-{number:04}")
            )
    _all_right(database, monkeypatch)
    rebuild.rebuild(database, everything=True)
    _all_right(database, monkeypatch)


def test_a_value_that_only_a_hidden_record_held_is_gone_with_it(database: Database) -> None:
    secret = incident("KGZ-2020-0001", acts=[act("assault", [victim(outlet="secret-outlet")])])
    publish(database, secret, incident("KGZ-2020-0002"))
    with database.write() as session:
        version = store.next_version(session, START)
        store.hide(session, dataset_version=version, kind=Kind.INCIDENT, record_id=record_id("KGZ-2020-0001"))
    with database.read() as session:
        assert "secret-outlet" not in set(session.scalars(select(PublicTally.value)))


def test_an_earlier_version_is_counted_as_it_was(database: Database) -> None:
    publish(database, incident("KGZ-2020-0001", place=place(country="KG")))
    publish(database, incident("KGZ-2020-0002", place=place(country="KZ")))
    with database.public() as session:
        then = dataset_version(session, DatasetFilter(dataset=1))
        assert tallies.known_total(session, EVERYTHING, then) is None
        assert counts.total(session, DatasetFilter(dataset=1), then) == 1
        assert queries.countries(session, then) == ["KG"]
        assert queries.countries(session, dataset_version(session)) == ["KG", "KZ"]


def test_the_counts_are_of_the_version_that_is_asked_for_or_none(database: Database) -> None:
    publish(database, incident("KGZ-2020-0001"))
    with database.public() as session:
        before = dataset_version(session)
    publish(database, incident("KGZ-2020-0002"))
    with database.public() as session:
        # Whoever read the version a moment ago still takes it for the newest.
        assert tallies.known_total(session, EVERYTHING, before) is None
        assert counts._count(session, EVERYTHING, before) == 1


def test_a_page_counts_without_counting(database: Database) -> None:
    publish(database, incident("KGZ-2020-0001"))
    with database.write() as session:
        session.execute(update(PublicTally).values(count=41))
    with database.public() as session:
        assert counts._count(session, EVERYTHING, dataset_version(session)) == 41
