"""What is quarantined answers as an unknown record does: no public byte of another record names it any more."""

import gzip
import json
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.support.drafts import NOON, draft, found, incident, minimal, publish, record, rich
from tests.support.leaks import public_dump
from tests.support.shared import application
from tracker import publication, upgrades
from tracker.dataset import releases, store
from tracker.dataset.fields import Kind
from tracker.dataset.models import DatasetVersion, PublicTombstone, PublicVersion
from tracker.db import Database
from tracker.publication import Gate, merging
from tracker.registry import operations, upkeep
from tracker.registry.drafts import OutletDraft
from tracker.registry.models import Incident, Outlet, Topic
from tracker.settings import Settings
from tracker.vocabulary import Status, WithdrawalReason

HIDDEN, UNKNOWN = "KGZ-2020-0002", "KGZ-2020-0099"
NAMES_IT, NAMED_IT, OTHER, BYSTANDER = "KGZ-2020-0001", "KGZ-2020-0003", "KGZ-2020-0004", "KGZ-2020-0005"
ADDRESSES = [
    *(f"/incidents{ending}" for ending in ("", ".csv", ".json", ".geojson", ".atom", ".bib", ".csl.json")),
    *(f"/incidents/{each}{ending}" for each in (NAMES_IT, NAMED_IT, OTHER) for ending in ("", ".json", ".bib")),
    "/", "/map.json", "/changes", "/changes.json?since=0", "/changes.json?since=1", "/withdrawn.json",
    "/topics/election", "/topics/election.json", "/outlets/herald", "/outlets/herald.json",
    "/dashboard.json", "/summary.csv",
]  # fmt: skip
PAST = [f"{address}?dataset=1" for address in ADDRESSES if address.startswith("/incidents") and "atom" not in address]


@pytest.fixture
def named(world: Database) -> Database:
    """Five public incidents: one names the second, one named it before it was corrected, and one was merged into it."""
    with world.write() as session:
        made = record(
            session,
            rich("one", related=["two"]),
            minimal("two", related=["one"]),
            minimal("three", related=["two", "four"]),
            minimal("four"),
            minimal("five", related=["four"]),
        )
        publish(session, *made)
    with world.write() as session:
        three = found(session, Incident, "three")
        operations.amend(session, three, incident(minimal("three", related=["four"])), by="editor")
        publish(session, three, at=NOON + timedelta(days=1))
    return world


@pytest.fixture
def reader(named: Database, settings: Settings) -> FlaskClient:
    """Somebody who reads the public site."""
    return application(settings, named).test_client()


def quarantine(database: Database, key: str = "two") -> None:
    with database.write() as session:
        publication.quarantine(session, found(session, Incident, key), by="editor", why="a threat")


def related(database: Database, key: str) -> Any:
    with database.read() as session:
        standing = store.current(session, Kind.INCIDENT, found(session, Incident, key).id)
        assert standing is not None
        return standing.record["related"]


def read(client: FlaskClient, addresses: list[str]) -> Iterator[tuple[str, str]]:
    for address in addresses:
        answer = client.get(address)
        assert answer.status_code in {200, 404, 410}, (address, answer.status_code)
        yield address, answer.text


def contents(folder: Path) -> Iterator[bytes]:
    """The bytes of all files in a folder, and of those that are packed in them."""
    for path in folder.rglob("*"):
        if path.suffix == ".zip":
            with zipfile.ZipFile(path) as archive:
                yield from map(archive.read, archive.namelist())
        elif path.is_file():
            yield gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()


def test_no_public_byte_of_any_record_and_version_names_what_is_quarantined(
    named: Database, reader: FlaskClient, settings: Settings
) -> None:
    with named.write() as session:
        publication.withdraw(
            session,
            found(session, Incident, "four"),
            by="editor",
            why="the same",
            reason=WithdrawalReason.MERGED,
            successor=found(session, Incident, "two"),
        )
    folder = settings.releases
    releases.create(named, folder, "2020.1", notes="For the report.")
    assert any(HIDDEN.encode() in content for content in contents(folder))
    assert HIDDEN in public_dump(named)
    assert {address for address, text in read(reader, [*ADDRESSES, *PAST]) if HIDDEN in text} >= {
        f"/incidents/{NAMES_IT}", "/incidents.csv", f"/incidents/{NAMED_IT}.json?dataset=1", "/withdrawn.json",
        "/changes.json?since=0",
    }  # fmt: skip
    quarantine(named)
    assert HIDDEN not in public_dump(named)
    assert [address for address, text in read(reader, [*ADDRESSES, *PAST]) if HIDDEN in text] == []
    unknown = {
        address: reader.get(address) for address in ("/incidents/KGZ-2020-0099.json", "/incidents?q=KGZ-2020-0099")
    }
    for address, expected in unknown.items():
        answer = reader.get(address.replace("KGZ-2020-0099", HIDDEN))
        assert answer.status_code == expected.status_code
        assert answer.text.replace(HIDDEN, UNKNOWN) == expected.text
    assert releases.reissue(named, folder) == ["2020.1"]
    assert any(BYSTANDER.encode() in content for content in contents(folder))
    assert not any(HIDDEN.encode() in content for content in contents(folder))
    assert related(named, "one") == []
    assert related(named, "three") == []


def test_what_is_taken_back_with_it_is_counted_and_what_never_named_it_keeps_its_past(named: Database) -> None:
    quarantine(named)
    with named.read() as session:
        version = session.get_one(DatasetVersion, 3)
        # The quarantined one itself, the one that names it and the one that did.
        assert (version.restrictions, version.corrections) == (3, 0)
        kept = _references_of(session, 1)
    assert kept == {OTHER, BYSTANDER}


def _references_of(session: Session, version: int) -> set[str]:
    rows = session.query(PublicVersion).filter_by(kind=Kind.INCIDENT, valid_from=version).all()
    return {json.loads(row.json)["reference"] for row in rows if row.json}


def test_the_relation_comes_back_when_the_record_is_published_again(named: Database) -> None:
    quarantine(named)
    with named.write() as session:
        two = found(session, Incident, "two")
        two.status = Status.IN_REVIEW
        publish(session, two, at=NOON + timedelta(days=3))
    assert related(named, "one") == [HIDDEN]
    assert related(named, "two") == [NAMES_IT]
    assert related(named, "three") == [OTHER]


def test_what_waits_goes_on_waiting_though_its_public_text_named_what_is_quarantined(
    named: Database,
) -> None:
    with named.write() as session:
        one = found(session, Incident, "one")
        operations.amend(session, one, incident(rich("one", title={"en": "Not yet"}, related=[])), by="editor")
    quarantine(named)
    assert related(named, "one") == []
    dump = public_dump(named)
    assert HIDDEN not in dump
    assert "Not yet" not in dump


def test_the_reference_of_a_withdrawn_record_stands_in_the_past_as_its_tombstone_tells_it(
    named: Database,
) -> None:
    with named.write() as session:
        publication.withdraw(session, found(session, Incident, "two"), by="editor", why="a threat")
    with named.read() as session:
        assert _references_of(session, 1) == {NAMES_IT, NAMED_IT, OTHER, BYSTANDER}
        assert [stone.key for stone in session.query(PublicTombstone)] == [HIDDEN]
    assert related(named, "one") == []


def quarantine_as_before(database: Database) -> None:
    """Quarantine as the program did before it knew how to forget a reference."""
    with database.write() as session:
        two = found(session, Incident, "two")
        operations.quarantine_incident(session, two, by="editor", why="a threat")
        store.hide(session, dataset_version=store.next_version(session, NOON), kind=Kind.INCIDENT, record_id=two.id)


def _versions(database: Database) -> int:
    with database.read() as session:
        return session.query(DatasetVersion).count()


def test_an_upgrade_forgets_what_earlier_programs_left_behind_once_and_counts_it(
    named: Database, settings: Settings
) -> None:
    with named.write() as session:
        four, two = found(session, Incident, "four"), found(session, Incident, "two")
        reason = WithdrawalReason.MERGED
        publication.withdraw(session, four, by="editor", why="the same", reason=reason, successor=two)
    quarantine_as_before(named)
    assert HIDDEN in public_dump(named)
    before = _versions(named)
    for _ in range(2):
        upgrades.upgrade(settings)
        assert HIDDEN not in public_dump(named)
        assert _versions(named) == before + 1
    with named.read() as session:
        version = session.get_one(DatasetVersion, before + 1)
        assert (version.restrictions, version.corrections) == (2, 0)
        assert not upkeep.is_wanted(session, upkeep.PURGE)
        assert [stone.successor for stone in session.query(PublicTombstone)] == [None]


def test_an_upgrade_publishes_nothing_where_nothing_was_left_behind(named: Database, settings: Settings) -> None:
    quarantine(named)
    before = _versions(named)
    upgrades.upgrade(settings)
    assert _versions(named) == before


def _public(database: Database) -> set[str]:
    with database.public() as session:
        rows = session.query(PublicVersion).filter(PublicVersion.valid_to.is_(None))
        return {str(row.key) for row in rows}


def test_an_outlet_and_a_topic_that_came_out_with_what_is_quarantined_alone_go_with_it(
    world: Database, settings: Settings
) -> None:
    reader = application(settings, world).test_client()
    with world.write() as session:
        publish(session, *record(session, rich("two"), minimal("one")))
    assert _public(world) == {"herald", "election", NAMES_IT, HIDDEN}
    quarantine(world)
    assert _public(world) == {HIDDEN}
    dump = public_dump(world).casefold()
    assert "herald" not in dump
    assert "election" not in dump
    for address in ("/outlets/herald", "/outlets/herald.json", "/topics/election", "/topics/election.json"):
        for query in ("", "?dataset=1"):
            assert reader.get(address + query).status_code == 404, address
    with world.write() as session:
        two = found(session, Incident, "two")
        two.status = Status.IN_REVIEW
        publish(session, two, at=NOON + timedelta(days=3))
    assert _public(world) == {"herald", "election", NAMES_IT, HIDDEN}


def test_an_outlet_stays_that_another_record_named_or_that_came_out_by_itself(world: Database) -> None:
    with world.write() as session:
        Gate(session, by="editor", at=NOON).publish_entities([found(session, Topic, "election")])
        crew = {"violation": "access_denial", "victims": [{"kind": "group", "outlet": "herald"}]}
        publish(session, *record(session, rich("two"), minimal("one", acts=[crew])))
    with world.write() as session:
        one = found(session, Incident, "one")
        operations.amend(session, one, incident(minimal("one")), by="editor")
        publish(session, one, at=NOON + timedelta(days=1))
    quarantine(world)
    # The other one names it no more, but did, and its past can be asked for.
    assert _public(world) == {"herald", "election", "KGZ-2020-0002"}


def test_nothing_is_said_any_more_of_an_outlet_that_was_merged_into_one_that_goes_with_it(
    world: Database, settings: Settings
) -> None:
    reader = application(settings, world).test_client()
    with world.write() as session:
        names = ("Messenger", "Gazette")
        kept = [draft(OutletDraft, {"key": name.casefold(), "name": name}) for name in names]
        messenger, gazette = operations.record_many(session, kept, by="monitor")
        publish(session, *record(session, rich("two"), minimal("one")))
        merging.merge(session, messenger, found(session, Outlet, "herald"), by="editor")
        merging.merge(session, gazette, messenger, by="editor")
    assert reader.get("/outlets/herald").status_code == 410
    quarantine(world)
    dump = public_dump(world).casefold()
    for name in ("herald", "messenger", "gazette"):
        assert name not in dump
        assert reader.get(f"/outlets/{name}").status_code == 404
