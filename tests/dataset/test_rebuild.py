"""Making the renderings again from the JSON alone."""

from typing import Any

import pytest
from sqlalchemy import MetaData, Table, delete, inspect, select, update

from tests.dataset.samples import act, by, incident, place, publish, source, topic, victim
from tracker.dataset import rebuild, renderings
from tracker.dataset.models import PublicFacet, PublicIncident, PublicLine
from tracker.db import Database
from tracker.vocabulary import Nature

COUNT = 12


@pytest.fixture
def filled(database: Database, monkeypatch: pytest.MonkeyPatch) -> Database:
    """A dataset with corrected and restricted records, rendered in small batches."""
    monkeypatch.setattr("tracker.dataset.rebuild.BATCH", 5)
    records = [
        incident(
            f"KGZ-2020-{number:04d}",
            title={"en": f"Title {number}", "ru": "Ёлка"},
            place=place(country="KG", locality="Ош", latitude=40.5, longitude=72.8),
            acts=[act("assault", [victim(name="Айгүл", outlet="kloop"), victim()], [by("police")])],
            sources=[source(publisher="IPHR")],
            topics=["vote"] * (number % 2),
        )
        for number in range(COUNT)
    ]
    publish(database, *records, topic("vote"))
    publish(database, records[1] | {"verification": "disputed"}, nature=Nature.CORRECTION)
    publish(database, records[2] | {"title": {"en": "Less"}}, nature=Nature.RESTRICTION)
    return database


def _rows(database: Database) -> dict[str, list[Any]]:
    """Everything that is stored beside the JSON."""
    with database.writer_engine.connect() as connection:
        names = [name for name in inspect(connection).get_table_names() if name.startswith("public_")]
        names = [name for name in names if not name.startswith("public_search_")]
        return {
            name: sorted(
                map(tuple, connection.execute(select(Table(name, MetaData(), autoload_with=connection)))), key=repr
            )
            for name in names
        }


def _damage(database: Database) -> None:
    with database.write() as session:
        ids = list(session.scalars(select(PublicIncident.version_id)))
        session.execute(delete(PublicFacet).where(PublicFacet.version_id.in_(ids[:4])))
        session.execute(update(PublicLine).where(PublicLine.version_id.in_(ids[3:])).values(csv="x", feature="{}"))
        session.execute(update(PublicIncident).values(rendered_with="older", sort_key="x", country="XX"))
        renderings.remove(session, ids[-2:])


def test_fresh_renderings_are_not_stale(filled: Database) -> None:
    with filled.read() as session:
        assert rebuild.stale_count(session) == 0
    assert rebuild.rebuild(filled) == 0


def test_a_rendering_that_is_missing_is_noticed_and_made(filled: Database) -> None:
    with filled.write() as session:
        [gone, *_] = session.scalars(select(PublicIncident.version_id))
        renderings.remove(session, [gone])
    with filled.read() as session:
        assert rebuild.stale_count(session) == 1
    assert rebuild.rebuild(filled) == 1
    with filled.read() as session:
        assert rebuild.stale_count(session) == 0


def test_rebuilt_renderings_equal_the_first_ones_byte_for_byte(filled: Database) -> None:
    before = _rows(filled)
    _damage(filled)
    with filled.read() as session:
        # One version was emptied by a restriction and is no longer rendered.
        assert rebuild.stale_count(session) == COUNT + 1
    steps: list[tuple[int, int]] = []
    assert rebuild.rebuild(filled, lambda done, total: steps.append((done, total))) == COUNT + 1
    assert _rows(filled) == before
    assert steps == [(5, 13), (10, 13), (13, 13)]


def test_an_interrupted_rebuild_goes_on_where_it_stopped(filled: Database) -> None:
    before = _rows(filled)
    _damage(filled)

    class Interrupted(Exception):
        pass

    def stop(_done: int, _total: int) -> None:
        raise Interrupted

    with pytest.raises(Interrupted):
        rebuild.rebuild(filled, stop)
    with filled.read() as session:
        assert rebuild.stale_count(session) == COUNT + 1 - 5
    assert rebuild.rebuild(filled) == COUNT + 1 - 5
    assert _rows(filled) == before


def test_counts_are_right_even_if_it_is_interrupted_behind_the_last_record(filled: Database) -> None:
    before = _rows(filled)
    _damage(filled)

    class Interrupted(Exception):
        pass

    def stop(done: int, total: int) -> None:
        if done == total:
            raise Interrupted

    with pytest.raises(Interrupted):
        rebuild.rebuild(filled, stop)
    assert rebuild.rebuild(filled) == 0
    assert _rows(filled) == before


def test_all_renderings_can_be_made_again(filled: Database) -> None:
    before = _rows(filled)
    assert rebuild.rebuild(filled, everything=True) == COUNT + 1
    assert _rows(filled) == before


def test_renderings_of_another_table_of_fields_are_stale(filled: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tracker.dataset.rebuild.fingerprint", lambda: "another")
    with filled.read() as session:
        assert rebuild.stale_count(session) == COUNT + 1
