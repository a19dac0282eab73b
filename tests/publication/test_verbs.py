"""Publish, restrict, withdraw, quarantine: what each does to the dataset and to its past."""

import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from tests.support.drafts import (
    INSIDER,
    NOON,
    REPORT,
    Raw,
    draft,
    found,
    incident,
    minimal,
    publish,
    record,
    rich,
    settle,
    victim,
    with_victims,
)
from tests.support.leaks import hits, public_bytes, public_dump
from tracker import publication
from tracker.dataset import store
from tracker.dataset.fields import Kind
from tracker.dataset.models import DatasetVersion, PublicTombstone, PublicVersion
from tracker.db import Database, sqlite_path
from tracker.publication import Gate
from tracker.registry import operations
from tracker.registry.drafts import SourceDraft
from tracker.registry.models import Incident, Source
from tracker.registry.operations import Refused, Stale
from tracker.vocabulary import Nature, WithdrawalReason

SECRET = "Zuhra Qwxmanbetova"
NAMED = with_victims({"kind": "group"}, key="told", title={"en": f"{SECRET} is beaten"}, summary={"en": f"{SECRET}."})
Verb = Callable[[Session, Incident], object]


def current(session: Session, made: Incident) -> dict[str, Any]:
    standing = store.current(session, Kind.INCIDENT, made.id)
    assert standing is not None
    return standing.record


def natures(session: Session, made: Incident) -> list[str]:
    wanted = select(PublicVersion.nature).where(PublicVersion.record_id == made.id).order_by(PublicVersion.id)
    return list(session.scalars(wanted))


def amend(session: Session, made: Incident, raw: Raw) -> None:
    operations.amend(session, made, incident(raw), by="editor")


def test_a_first_publication_is_an_addition_with_the_outlets_and_topics_that_it_names(session: Session) -> None:
    made = record(session, rich())[0]
    outcome = publish(session, made).outcome
    assert outcome.counts[Nature.ADDITION] == 3
    told = current(session, made)
    assert (told["published_on"], told["revised_on"], told["revision"]) == ("2020-11-22", "2020-11-22", 1)


def test_publishing_again_without_a_change_makes_no_version(session: Session) -> None:
    made = record(session, rich())[0]
    publish(session, made)
    outcome = publish(session, made, at=NOON + timedelta(days=3)).outcome
    assert (outcome.version, outcome.unchanged) == (None, 3)
    assert current(session, made)["revised_on"] == "2020-11-22"


def test_a_change_for_staff_alone_makes_no_version(session: Session) -> None:
    made = record(session, rich())[0]
    publish(session, made)
    amend(session, made, rich(internal_notes="They moved again."))
    assert publish(session, made).outcome.version is None


def test_a_correction_keeps_the_day_of_publication_and_its_past(session: Session) -> None:
    made = record(session, minimal())[0]
    publish(session, made)
    amend(session, made, minimal(title={"en": "A crew is turned away twice"}))
    publish(session, made, at=NOON + timedelta(days=3))
    told = current(session, made)
    assert (told["published_on"], told["revised_on"], told["revision"]) == ("2020-11-22", "2020-11-25", 2)
    assert natures(session, made) == ["addition", "correction"]
    assert session.scalars(select(PublicVersion.json).where(PublicVersion.valid_to.is_not(None))).one() is not None


def _withheld(raw: Raw) -> Raw:
    raw["acts"][0]["victims"][0] |= {"naming": "withheld"}
    raw["summary"] = {"en": "Two people were beaten."}
    return raw


def _consent_withdrawn(raw: Raw) -> Raw:
    raw["acts"][0]["victims"][0]["consent"] = {"publish_identity": "withdrawn", "publish_account": "given"}
    raw["summary"] = {"en": "Two people were beaten."}
    return raw


def _account_refused(raw: Raw) -> Raw:
    raw["acts"][0]["victims"][0]["consent"] = {"publish_account": "withdrawn"}
    return raw


def _coarser(raw: Raw) -> Raw:
    raw["place"]["public_precision"] = "admin1"
    return raw


def _accused_unnamed(raw: Raw) -> Raw:
    raw["acts"][2]["involvements"][0]["basis"] = "reported"
    return raw


@pytest.mark.parametrize("change", [_withheld, _consent_withdrawn, _account_refused, _coarser, _accused_unnamed])
def test_a_record_that_keeps_back_what_it_told_takes_its_past_with_it(
    session: Session, change: Callable[[Raw], Raw]
) -> None:
    made = record(session, rich())[0]
    publish(session, made)
    amend(session, made, change(rich()))
    publish(session, made)
    assert natures(session, made) == ["addition", "restriction"]
    past = session.execute(
        select(PublicVersion.json, PublicVersion.key).where(
            PublicVersion.nature == "addition", PublicVersion.record_id == made.id
        )
    ).one()
    assert tuple(past) == (None, None)


def test_a_source_that_becomes_confidential_takes_the_past_of_the_record_with_it(session: Session) -> None:
    made = record(session, minimal(sources=[{"source": "report"}, {"source": "wire"}]))[0]
    publish(session, made)
    operations.amend(
        session, found(session, Source, "report"), draft(SourceDraft, REPORT | {"confidential": True}), by="e"
    )
    publish(session, made)
    assert natures(session, made) == ["addition", "restriction"]
    assert current(session, made)["confidential_sources"] == 1


def test_a_correction_of_a_fact_is_no_restriction(session: Session) -> None:
    made = record(session, rich())[0]
    publish(session, made)
    raw = rich(verification="confirmed")
    raw["acts"][0]["victims"][0]["harm"] = None
    amend(session, made, raw)
    publish(session, made)
    assert natures(session, made) == ["addition", "correction"]


def test_an_amended_incident_is_not_published_because_another_that_it_names_is(session: Session) -> None:
    one, two = record(session, minimal("one", related=["two"]), minimal("two"))
    publish(session, one)
    amend(
        session,
        one,
        with_victims(victim("bakyt", naming="withheld"), key="one", related=["two"], title={"en": "Proberov"}),
    )
    publish(session, two)
    told = current(session, one)
    assert told["title"] == {"en": "A crew is turned away"}
    assert told["related"] == [two.reference]
    assert told["revision"] == 2


@pytest.mark.parametrize("verb", ["quarantine", "withdraw"])
def test_a_record_that_goes_is_no_longer_named_by_others(session: Session, verb: str) -> None:
    one, two = record(session, minimal("one", related=["two"]), minimal("two"))
    publish(session, one, two)
    assert current(session, one)["related"] == [two.reference]
    getattr(publication, verb)(session, two, by="editor", why="a threat")
    assert current(session, one)["related"] == []


def test_a_successor_that_is_not_public_is_not_named(session: Session) -> None:
    one, two = record(session, minimal("one"), minimal("two"))
    publish(session, one, two)
    publication.quarantine(session, two, by="editor", why="a threat")
    publication.withdraw(session, one, by="editor", why="merged", reason=WithdrawalReason.MERGED, successor=two)
    assert session.scalars(select(PublicTombstone.successor)).one() is None


def test_a_withdrawal_names_its_reason_and_successor_and_not_why(session: Session) -> None:
    one, two = record(session, minimal("one"), minimal("two"))
    publish(session, one, two)
    publication.withdraw(session, one, by="editor", why="secret", reason=WithdrawalReason.MERGED, successor=two)
    stone = session.scalars(select(PublicTombstone)).one()
    assert (stone.key, stone.reason, stone.successor) == ("KGZ-2020-0001", "merged", "KGZ-2020-0002")
    with pytest.raises(Refused):
        publish(session, one)


@pytest.mark.parametrize("verb", ["quarantine", "withdraw"])
@pytest.mark.parametrize("first", ["", "quarantine"])
def test_what_was_never_public_goes_without_a_trace_outside(session: Session, verb: str, first: str) -> None:
    made = record(session, minimal())[0]
    if first:
        getattr(publication, first)(session, made, by="editor", why="a threat")
    assert getattr(publication, verb)(session, made, by="editor", why="a threat").version is None
    assert session.scalars(select(PublicTombstone)).all() == []
    assert session.scalars(select(DatasetVersion)).all() == []


def test_a_quarantined_incident_is_not_published_again_and_can_be_withdrawn(session: Session) -> None:
    made = record(session, minimal())[0]
    publish(session, made)
    publication.quarantine(session, made, by="editor", why="a threat")
    assert store.current(session, Kind.INCIDENT, made.id) is None
    with pytest.raises(Refused):
        publish(session, made)
    publication.withdraw(session, made, by="editor", why="false", reason=WithdrawalReason.FALSE_REPORT)
    assert session.scalars(select(PublicTombstone.reason)).one() == "false_report"
    with pytest.raises(Refused):
        publication.quarantine(session, made, by="editor", why="again")


def test_a_restriction_of_what_is_not_public_changes_the_registry_alone(session: Session) -> None:
    made = record(session, rich())[0]
    outcome = publication.restrict(session, made, incident(_withheld(rich())), by="editor", why="asked")
    assert outcome.version is None
    assert operations.revisions(session, made)[1].action == "restrict"


def test_a_restriction_on_top_of_an_older_version_is_stale(session: Session) -> None:
    made = record(session, rich())[0]
    publish(session, made)
    with pytest.raises(Stale):
        publication.restrict(session, made, incident(_withheld(rich())), by="e", why="asked", expected_version=1)


def _restrict(session: Session, made: Incident) -> object:
    told_no_more = with_victims({"kind": "group"}, key="told")
    return publication.restrict(session, made, incident(told_no_more), by="editor", why="asked")


VERBS: dict[str, Verb] = {
    "restrict": _restrict,
    "withdraw": lambda session, made: publication.withdraw(session, made, by="editor", why="asked"),
    "quarantine": lambda session, made: publication.quarantine(session, made, by="editor", why="asked"),
}


@pytest.mark.parametrize("verb", VERBS)
def test_what_is_taken_back_is_gone_from_every_public_table_and_version(world: Database, verb: str) -> None:
    _publish_twice_and_take_back(world, verb)
    assert hits(public_dump(world), [SECRET, "qwxmanbetova", "Beaten at dawn"]) == []


@pytest.mark.parametrize("verb", VERBS)
def test_what_is_taken_back_is_gone_from_every_public_page_of_the_file(
    sqlite_url: str, tmp_path: Path, verb: str
) -> None:
    from tracker.settings import Settings

    database = Database(Settings(instance=tmp_path, database_url=sqlite_url))
    with database.write() as session:
        settle(session)
    path = sqlite_path(sqlite_url)
    assert path is not None
    _publish_twice_and_take_back(database, verb, look=lambda: _holds(database, path))
    store.purge_storage(database.writer_engine)
    assert not _holds(database, path)
    assert b"Qwxmanbetova" in path.read_bytes(), "the registry still knows it"
    with database.writer_engine.connect() as connection:
        assert connection.scalar(text("PRAGMA integrity_check")) == "ok"
    database.dispose()


def _holds(database: Database, path: Path) -> bool:
    with database.writer_engine.connect() as connection:
        connection.execute(text("COMMIT"))
        connection.execute(text("PRAGMA wal_checkpoint(FULL)"))
        connection.execute(text("BEGIN"))
    return b"qwxmanbetova" in public_bytes(database, path).lower()


def _publish_twice_and_take_back(database: Database, verb: str, look: Callable[[], bool] | None = None) -> None:
    """Publish an incident and a correction among many others, then take it back in a transaction of its own."""
    with database.write() as session:
        others = record(session, *(minimal(f"other-{n}", summary={"en": "Long. " * 99}) for n in range(30)))
        publish(session, *others[:15], *record(session, NAMED), *others[15:])
    with database.write() as session:
        made = found(session, Incident, "told")
        amend(session, made, NAMED | {"title": {"en": f"{SECRET}: Beaten at dawn"}})
        publish(session, made)
    if look is not None:
        assert look(), "it was there before"
    with database.write() as session:
        VERBS[verb](session, found(session, Incident, "told"))


def test_publishing_what_somebody_restricts_at_the_same_time_never_tells_the_name(world: Database) -> None:
    with world.write() as session:
        publish(session, *record(session, NAMED))
    with world.write() as session:
        amend(session, found(session, Incident, "told"), NAMED | {"verification": "confirmed"})
    read, restricted, outcomes = threading.Event(), threading.Event(), list[str]()

    def publish_slowly() -> None:
        try:
            with world.write() as session:
                made = found(session, Incident, "told")
                read.set()
                # On SQLite the other has to wait for us, on PostgreSQL it has not.
                restricted.wait(0.5)
                Gate(session, by="editor").publish([made])
        except Stale:
            outcomes.append("stale")

    def restrict() -> None:
        assert read.wait(10)
        with world.write() as session:
            _restrict(session, found(session, Incident, "told"))
        restricted.set()

    _at_once(publish_slowly, restrict)
    assert outcomes == ([] if world.is_sqlite else ["stale"])
    assert hits(public_dump(world), [SECRET]) == []


def test_references_stay_gapless_when_many_publish_at_once(world: Database) -> None:
    countries = ["KG", "KZ", "US"]
    with world.write() as session:
        record(
            session,
            *(minimal(f"{i}-{n}", place={"country": countries[(i + n) % 3]}) for i in range(4) for n in range(6)),
        )
    outcomes: list[BaseException] = []

    def work(worker: int) -> None:
        try:
            for part in (range(0, 3), range(3, 6)):
                with world.write() as session:
                    publish(session, *(found(session, Incident, f"{worker}-{n}") for n in part))
        except BaseException as error:
            outcomes.append(error)

    _at_once(*(lambda i=i: work(i) for i in range(4)))
    assert outcomes == []
    with world.read() as session:
        given = sorted(session.scalars(select(Incident.reference)))  # type: ignore[type-var]
        versions = sorted(session.scalars(select(DatasetVersion.version)))
    assert given == [f"{code}-2020-{n:04}" for code in ("KAZ", "KGZ", "USA") for n in range(1, 9)]
    assert versions == list(range(1, 9))


def test_of_two_sessions_that_amend_one_record_neither_loses_an_update(world: Database) -> None:
    with world.write() as session:
        record(session, minimal())
    accepted: list[int] = []

    def work(worker: int) -> None:
        for number in range(5):
            try:
                with world.write() as session:
                    made = found(session, Incident, "minimal")
                    notes = f"{made.internal_notes or ''}{worker}{number};"
                    operations.amend(session, made, incident(minimal(internal_notes=notes)), by=str(worker))
                accepted.append(number)
            except Stale:
                continue

    _at_once(lambda: work(1), lambda: work(2), lambda: work(3))
    with world.read() as session:
        made = found(session, Incident, "minimal")
        assert (made.internal_notes or "").count(";") == len(accepted)
        assert made.version == 1 + len(accepted)
    if world.is_sqlite:
        assert len(accepted) == 15


def _at_once(*works: Callable[[], None]) -> None:
    threads = [threading.Thread(target=work) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not any(thread.is_alive() for thread in threads)


def test_a_confidential_source_never_shows_through_a_topic(session: Session) -> None:
    made = record(session, rich())[0]
    publish(session, made)
    dump = str([row.json for row in session.scalars(select(PublicVersion))])
    assert INSIDER["title"] not in dump
    assert INSIDER["publisher"] not in dump
