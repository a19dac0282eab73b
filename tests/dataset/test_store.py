"""Publishing, correcting, restricting, withdrawing and hiding."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from tests.dataset.samples import START, incident, outlet, publication, publish, record_id, topic
from tracker.dataset import queries, store
from tracker.dataset.fields import Kind
from tracker.dataset.models import DatasetVersion, PublicFacet, PublicIncident, PublicLine, PublicVersion
from tracker.db import Database
from tracker.vocabulary import Nature, WithdrawalReason

ONE, TWO = "KGZ-2020-0001", "KGZ-2020-0002"


@pytest.fixture
def _published(database: Database) -> None:
    publish(database, incident(ONE, title={"en": "First"}), incident(TWO))


def _numbers(database: Database) -> list[int]:
    with database.read() as session:
        return list(session.scalars(select(DatasetVersion.version).order_by(DatasetVersion.version)))


def test_a_published_record_is_read_back_exactly(database: Database) -> None:
    record = incident(ONE)
    publish(database, record)
    with database.public() as session:
        found = queries.incident(session, ONE)
        assert found is not None
        assert found.record == record
        assert (found.valid_from, found.valid_to, found.nature) == (1, None, "addition")


@pytest.mark.usefixtures("_published")
def test_a_correction_ends_the_version_before_and_keeps_it_readable(database: Database) -> None:
    version = publish(database, incident(ONE, title={"en": "Better"}), nature=Nature.CORRECTION)
    with database.public() as session:
        now, then = queries.incident(session, ONE), queries.incident(session, ONE, at=version - 1)
        assert now is not None
        assert then is not None
        assert (now.record["title"], then.record["title"]) == ({"en": "Better"}, {"en": "First"})
        assert then.valid_to == version


@pytest.mark.usefixtures("_published")
def test_a_dataset_version_says_what_it_brought(database: Database) -> None:
    publish(database, incident(ONE, title={"en": "Less"}), nature=Nature.RESTRICTION)
    publish(database, incident("KGZ-2020-0003"), outlet("kloop"), topic("vote"))
    with database.write() as session:
        version = store.next_version(session, START)
        store.withdraw(
            session, dataset_version=version, kind=Kind.INCIDENT, record_id=record_id(TWO),
            reason=WithdrawalReason.FALSE_REPORT, at=START,
        )  # fmt: skip
    with database.read() as session:
        rows = session.scalars(select(DatasetVersion).order_by(DatasetVersion.version)).all()
        counts = [(row.additions, row.corrections, row.restrictions, row.withdrawals) for row in rows]
    assert counts == [(2, 0, 0, 0), (0, 0, 1, 0), (3, 0, 0, 0), (0, 0, 0, 1)]


def test_versions_have_no_gaps_when_a_publication_fails(database: Database) -> None:
    publish(database, incident(ONE))
    with pytest.raises(store.RecordProblem):
        publish(database, incident(TWO, verification="nonsense"))
    publish(database, incident(TWO))
    assert _numbers(database) == [1, 2]
    with database.read() as session:
        assert session.scalars(select(PublicVersion.valid_from).order_by(PublicVersion.id)).all() == [1, 2]


def test_versions_have_no_gaps_when_many_publish_at_once(database: Database) -> None:
    def one(number: int) -> int:
        return publish(database, incident(f"KGZ-2020-{number:04d}"), at=START)

    with ThreadPoolExecutor(4) as pool:
        given = sorted(pool.map(one, range(1, 13)))
    assert given == list(range(1, 13)) == _numbers(database)


def test_versions_stay_in_the_order_of_time_when_the_clock_goes_back(database: Database) -> None:
    publish(database, incident(ONE), at=START)
    publish(database, incident(TWO), at=START - timedelta(days=9))
    with database.read() as session:
        assert set(session.scalars(select(DatasetVersion.published_at))) == {START}


@pytest.mark.usefixtures("_published")
def test_two_public_records_cannot_share_a_reference(database: Database) -> None:
    usurper = store.Publication(Kind.INCIDENT, "another", ONE, incident(ONE), Nature.ADDITION)
    with database.write() as session, pytest.raises(IntegrityError):
        store.put_many(session, [usurper], dataset_version=2, at=START)


@pytest.mark.usefixtures("_published")
def test_a_withdrawn_record_leaves_its_reference_reason_and_successor(database: Database) -> None:
    with database.write() as session:
        version = store.next_version(session, START)
        store.withdraw(
            session, dataset_version=version, kind=Kind.INCIDENT, record_id=record_id(ONE),
            reason=WithdrawalReason.MERGED, successor=TWO, at=START,
        )  # fmt: skip
    with database.public() as session:
        assert queries.incident(session, ONE) is None
        assert queries.incident(session, ONE, at=1) is None
        stone = queries.tombstone(session, ONE)
        assert stone is not None
        assert (stone.reason, stone.successor, stone.dataset_version) == ("merged", TWO, 2)
        assert [stone.key for stone in queries.tombstones(session)] == [ONE]


@pytest.mark.usefixtures("_published")
def test_a_hidden_record_answers_as_one_that_never_was(database: Database) -> None:
    _hide(database, ONE)
    with database.public() as session:
        for reference in (ONE, "KGZ-2020-9999"):
            assert queries.incident(session, reference) is None
            assert queries.incident(session, reference, at=1) is None
            assert queries.tombstone(session, reference) is None


@pytest.mark.usefixtures("_published")
def test_a_hidden_record_can_be_withdrawn_by_its_reference(database: Database) -> None:
    _hide(database, ONE)
    given: dict[str, Any] = {
        "kind": Kind.INCIDENT, "record_id": record_id(ONE), "reason": WithdrawalReason.UNDISCLOSED, "at": START,
    }  # fmt: skip
    with database.write() as session:
        version = store.next_version(session, START)
        with pytest.raises(store.NotPublic):
            store.withdraw(session, dataset_version=version, **given)
        store.withdraw(session, dataset_version=version, key=ONE, **given)
    with database.public() as session:
        assert queries.tombstone(session, ONE) is not None


@pytest.mark.usefixtures("_published")
def test_a_record_that_is_published_again_loses_its_tombstone(database: Database) -> None:
    with database.write() as session:
        version = store.next_version(session, START)
        store.withdraw(
            session, dataset_version=version, kind=Kind.INCIDENT, record_id=record_id(ONE),
            reason=WithdrawalReason.FALSE_REPORT, at=START,
        )  # fmt: skip
    publish(database, incident(ONE))
    with database.public() as session:
        assert queries.tombstone(session, ONE) is None
        assert queries.incident(session, ONE) is not None


def test_what_is_not_public_cannot_be_hidden(database: Database) -> None:
    with database.write() as session, pytest.raises(store.NotPublic):
        store.hide(session, dataset_version=1, kind=Kind.INCIDENT, record_id="nobody")


@pytest.mark.usefixtures("_published")
def test_what_is_public_now_is_told_for_many_records_at_once(database: Database) -> None:
    with database.read() as session:
        found = store.current_many(session, Kind.INCIDENT, [record_id(ONE), record_id(TWO), "nobody"])
    assert {record.key for record in found.values()} == {ONE, TWO}
    assert found[record_id(ONE)].record["title"] == {"en": "First"}


def test_many_records_are_published_under_one_version(database: Database) -> None:
    many = [publication(incident(f"KGZ-2020-{number:04d}")) for number in range(1, 1202)]
    with database.write() as session:
        version = store.next_version(session, START)
        ids = store.put_many(session, many, dataset_version=version, at=START)
    with database.read() as session:
        stored = {row.id: row.key for row in session.execute(select(PublicVersion.id, PublicVersion.key))}
        assert [stored[version_id] for version_id in ids] == [one.key for one in many]
        for table in (PublicIncident, PublicLine):
            assert len(session.scalars(select(table.version_id)).all()) == len(many)
        assert session.scalars(select(PublicFacet.version_id)).all() == []


def _hide(database: Database, reference: str) -> None:
    with database.write() as session:
        version = store.next_version(session, START)
        store.hide(session, dataset_version=version, kind=Kind.INCIDENT, record_id=record_id(reference))
