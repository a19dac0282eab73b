"""What is done without anybody asking: once, whoever does it, and again where it was cut off."""

import os
import subprocess
import sys
import threading
import time
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select, text

from tests.support.desk import Desk
from tests.support.drafts import found, incident, record, settle, victim, with_victims
from tests.web import records
from tests.web.conftest import as_publications, publish
from tracker import jobs, publication
from tracker.cli.jobs import jobs as command
from tracker.dataset import store
from tracker.dataset.exports import FORMATS
from tracker.dataset.exports.shelf import Shelf, export_recipe
from tracker.dataset.fields import Kind
from tracker.dataset.filters import EVERYTHING
from tracker.dataset.models import DatasetVersion
from tracker.db import Database, utc_now
from tracker.publication.steps import Particulars
from tracker.registry import operations, upkeep
from tracker.registry.mapping import draft_of
from tracker.registry.models import AuditEntry, Incident, Source, Upkeep
from tracker.registry.operations import Stale
from tracker.settings import Settings
from tracker.vocabulary import Status
from tracker.vocabulary.staff import Action

AFTER = timedelta(hours=2)
RAW = with_victims(victim("aida"), key="told")


@pytest.fixture
def held(database: Database) -> str:
    """The id of an incident under an embargo of an hour, on SQLite and on PostgreSQL in turn."""
    with database.write() as session:
        settle(session)
        made = Desk(session).bring(record(session, RAW)[0], Status.EMBARGOED)
    return made.id


@pytest.fixture
def later(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is after every embargo of these tests, for the gate too; what is held was so before."""
    if "held" in request.fixturenames:
        request.getfixturevalue("held")
    for module in ("gate", "verbs", "steps"):
        monkeypatch.setattr(f"tracker.publication.{module}.utc_now", lambda: utc_now() + AFTER)


def standing(database: Database, incident_id: str) -> tuple[str, bool, list[tuple[str, str]]]:
    """The status of an incident, whether it is public, and its last two revisions."""
    with database.read() as session:
        made = session.get_one(Incident, incident_id)
        public = store.current(session, Kind.INCIDENT, incident_id) is not None
        last = [(revision.action, revision.actor) for revision in operations.revisions(session, made)[-2:]]
        return made.status, public, last


def test_an_embargo_that_is_not_over_is_left_alone(database: Database, held: str) -> None:
    assert jobs.run_once(database).released == 0
    assert standing(database, held)[:2] == (Status.EMBARGOED, False)


@pytest.mark.usefixtures("later")
def test_an_incident_is_published_when_its_embargo_is_over_and_only_once(database: Database, held: str) -> None:
    rounds = [jobs.run_once(database, now=utc_now() + AFTER) for _ in range(2)]
    assert [(done.released, done.returned) for done in rounds] == [(1, 0), (0, 0)]
    status, public, last = standing(database, held)
    assert (status, public, last[-1]) == (Status.PUBLISHED, True, ("publish", jobs.EMBARGO))
    with database.read() as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.actor == jobs.EMBARGO)).one()
        assert (entry.event, entry.object_id) == ("published", held)


@pytest.mark.usefixtures("later")
def test_what_no_longer_holds_at_release_goes_back_to_review_with_the_reason_and_no_value(
    database: Database, held: str
) -> None:
    with database.write() as session:
        # The one source by which the name was public is confidential now.
        report = found(session, Source, "report")
        closed = draft_of(report).model_copy(update={"confidential": True})
        operations.amend(session, report, closed, by="staff:anna")
    done = jobs.run_once(database, now=utc_now() + AFTER)
    assert (done.released, done.returned) == (0, 1)
    status, public, last = standing(database, held)
    assert (status, public, last[-1]) == (Status.IN_REVIEW, False, ("send_back", jobs.EMBARGO))
    with database.read() as session:
        made = session.get_one(Incident, held)
        why = operations.revisions(session, made)[-1].why or ""
        assert "review: what would be published is not what was reviewed" in why
        assert made.embargo_until is None
        assert "Testova" not in why


def test_changes_to_a_public_incident_are_released_too(database: Database, request: pytest.FixtureRequest) -> None:
    with database.write() as session:
        settle(session)
        desk = Desk(session)
        made = desk.bring(record(session, RAW)[0], Status.PUBLISHED)
        operations.amend(session, made, incident(RAW | {"title": {"en": "Other words"}}), by=desk.monitor)
        desk.step(made, Action.ASK_SAFETY_REVIEW)
        desk.step(made, Action.CLEAR)
        desk.step(made, Action.EMBARGO, particulars=Particulars(until=utc_now() + AFTER - timedelta(minutes=1)))
    request.getfixturevalue("later")
    assert jobs.run_once(database, now=utc_now() + AFTER).released == 1
    with database.read() as session:
        public = store.current(session, Kind.INCIDENT, made.id)
        assert public is not None
        assert public.record["title"] == {"en": "Other words"}


@pytest.mark.usefixtures("later")
def test_what_was_quarantined_meanwhile_is_not_released(database: Database, held: str) -> None:
    with database.write() as session:
        publication.quarantine(session, session.get_one(Incident, held), by="staff:anna", why=None)
    assert jobs.run_once(database, now=utc_now() + AFTER).released == 0
    assert jobs.release(database, held, now=utc_now() + AFTER) is None
    assert standing(database, held)[:2] == (Status.QUARANTINED, False)


@pytest.mark.usefixtures("later")
def test_two_runners_at_once_publish_once(database: Database, held: str) -> None:
    now, gate = utc_now() + AFTER, threading.Barrier(2)
    results: list[bool | None] = []

    def run() -> None:
        gate.wait()
        results.append(jobs.release(database, held, now=now))

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results, key=str) == [None, True]
    with database.read() as session:
        assert session.scalar(select(func.count()).select_from(DatasetVersion)) == 1


@pytest.mark.usefixtures("later")
def test_a_release_that_is_cut_off_is_done_again(
    database: Database, held: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        """The end of the process, wherever it is."""

    steps = ("tracker.publication.verbs.publish", "tracker.registry.workflow.log")
    for step in steps:
        with monkeypatch.context() as killed:

            def end(*_given: object, **_named: object) -> None:
                raise Killed

            killed.setattr(step, end)
            with pytest.raises(Killed):
                jobs.run_once(database, now=utc_now() + AFTER)
        assert standing(database, held)[:2] == (Status.EMBARGOED, False)
    assert jobs.run_once(database, now=utc_now() + AFTER).released == 1


def test_somebody_who_is_at_the_incident_is_not_disturbed(
    database: Database, held: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stale(*_given: object, **_named: object) -> None:
        raise Stale("somebody is at it")

    monkeypatch.setattr(jobs, "take", stale)
    assert jobs.release(database, held, now=utc_now() + AFTER) is None
    assert standing(database, held)[0] == Status.EMBARGOED


# Clearing the files.


def _quarantined(database: Database) -> None:
    with database.write() as session:
        settle(session)
        made = record(session, RAW)[0]
        publication.publish(session, made, by="editor")
        publication.quarantine(session, made, by="editor", why=None)


def test_what_was_taken_back_is_cleared_once_and_asked_for_in_the_same_transaction(database: Database) -> None:
    _quarantined(database)
    assert _wanted(database)
    assert jobs.run_once(database).purged
    assert not _wanted(database)


def test_a_clearing_that_fails_or_is_cut_off_is_done_again(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    _quarantined(database)
    with monkeypatch.context() as busy:
        busy.setattr("tracker.publication.clearing.purge_storage", lambda _engine: False)
        assert not jobs.run_once(database).purged
    assert _wanted(database)
    with database.write() as session:
        # Whoever was at it died; nobody else takes it up before the lease ends.
        session.query(Upkeep).update({"leased_until": utc_now() + timedelta(minutes=1)})
    assert not jobs.run_once(database).purged
    with database.write() as session:
        session.query(Upkeep).update({"leased_until": utc_now() - timedelta(minutes=1)})
    assert jobs.run_once(database).purged


def test_nobody_takes_up_a_clearing_while_somebody_is_at_it_however_long_it_takes(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    _quarantined(database)
    monkeypatch.setattr(upkeep, "LEASE", timedelta(seconds=0.6))
    begun, finish, done = threading.Event(), threading.Event(), []

    def slow(_engine: object) -> bool:
        begun.set()
        return finish.wait(60)

    monkeypatch.setattr("tracker.publication.clearing.purge_storage", slow)
    at_it = threading.Thread(target=lambda: done.append(jobs.run_once(database).purged))
    at_it.start()
    assert begun.wait(60)
    time.sleep(1.5)
    with database.write() as session:
        until = session.query(Upkeep.leased_until).scalar()
    assert until > utc_now()
    assert not jobs.run_once(database).purged
    finish.set()
    at_it.join()
    assert done == [True]
    assert not _wanted(database)


def test_a_clearing_whose_process_was_killed_is_taken_up_by_another_soon(
    sqlite_database: Database, sqlite_url: str, tmp_path: Path
) -> None:
    _quarantined(sqlite_database)
    sqlite_database.dispose()
    stopped = """
import time
from tracker.publication import clearing
clearing.purge_storage = lambda _engine: print("begun", flush=True) or time.sleep(600)
from tracker.cli import main
main(["jobs", "run", "--once"])
"""
    environment = os.environ | {"TRACKER_DATABASE_URL": sqlite_url, "TRACKER_INSTANCE": str(tmp_path)}
    process = subprocess.Popen([sys.executable, "-c", stopped], env=environment, stdout=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stdout.readline() == b"begun\n"
    process.kill()
    process.communicate()
    with sqlite_database.read() as session:
        until = session.query(Upkeep.leased_until).scalar()
    assert utc_now() < until <= utc_now() + timedelta(minutes=2)


def test_a_reader_on_postgres_is_not_disturbed_by_a_clearing_and_does_not_stop_it_for_good(
    postgres_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = Database(Settings(instance=tmp_path, database_url=postgres_url))
    _quarantined(database)
    monkeypatch.setattr("tracker.dataset.maintenance.MILLISECONDS_TO_WAIT", 10)
    with database.writer_engine.connect() as reading:
        reading.execute(text("LOCK TABLE public_version IN ACCESS SHARE MODE"))
        assert not jobs.run_once(database).purged
    assert jobs.run_once(database).purged
    database.dispose()


def test_what_is_taken_back_while_files_are_cleared_is_cleared_too(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    _quarantined(database)

    def meanwhile(_engine: object) -> bool:
        with database.write() as session:
            upkeep.want(session, upkeep.PURGE)
        return True

    with monkeypatch.context() as slow:
        slow.setattr("tracker.publication.clearing.purge_storage", meanwhile)
        jobs.run_once(database)
    assert _wanted(database)
    assert jobs.run_once(database).purged
    assert not _wanted(database)


def _wanted(database: Database) -> bool:
    with database.read() as session:
        return upkeep.is_wanted(session, upkeep.PURGE)


# Running them.


def test_a_runner_goes_on_after_a_round_that_failed_and_ends_when_told(
    database: Database, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    rounds, done = [], threading.Event()

    def fail(_database: Database, **_kept: object) -> None:
        rounds.append(1)
        if len(rounds) == 1:
            raise RuntimeError("a secret")
        done.set()

    monkeypatch.setattr(jobs, "run_once", fail)
    runner = jobs.Runner(database, every=3600)
    runner.start()
    while not done.is_set():
        runner.wake()
        done.wait(0.01)
    runner.stop()
    runner.join(timeout=10)
    assert not runner.is_alive()
    assert [entry.getMessage() for entry in caplog.records] == ["A round of the jobs failed: RuntimeError"]


def test_the_command_does_what_is_due_and_says_so(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from click.testing import CliRunner

    monkeypatch.setenv("TRACKER_DATABASE_URL", sqlite_url)
    monkeypatch.setenv("TRACKER_INSTANCE", str(tmp_path))
    done = CliRunner().invoke(command, ["run", "--once"])
    assert (done.exit_code, done.output) == (0, "0 embargoes ended; 0 incidents given back to review.\n")


def test_files_made_before_something_was_taken_back_go_without_a_reader(database: Database, settings: Settings) -> None:
    publish(database, as_publications())
    with database.public() as session:
        export = FORMATS["zip"].prepare(session, EVERYTHING)
    recipe = export_recipe(database.public, FORMATS["zip"], export)
    Shelf(settings.exports, most=10_000_000, mark="any").get(database.public, recipe).file.close()
    (settings.exports / "of-somebody-else").mkdir()
    kept = jobs.Releases.of(settings)
    jobs.run_once(database, kept=kept)
    assert list(settings.exports.rglob("*.file"))
    with database.write() as session:
        version = store.next_version(session, utc_now())
        store.hide(session, dataset_version=version, kind=Kind.INCIDENT, record_id=records.INCIDENTS[0]["id"])
    jobs.run_once(database, kept=kept)
    assert [path.name for path in settings.exports.iterdir()] == ["of-somebody-else"]
