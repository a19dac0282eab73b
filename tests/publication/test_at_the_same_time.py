"""Taking something back while somebody else publishes, in two real transactions: what was taken back stays away.

The one that takes back has done its work and not committed yet; the other has read what stood before, and waits. On
SQLite it cannot even begin before the first has ended.
"""

import threading
import time
from collections.abc import Callable

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from tests.support.drafts import (
    ELECTION,
    REPORT,
    WIRE,
    draft,
    found,
    incident,
    minimal,
    publish,
    record,
    rich,
    victim,
    with_victims,
)
from tests.support.leaks import public_dump
from tracker import publication
from tracker.dataset import store
from tracker.dataset.fields import Kind
from tracker.db import Database
from tracker.publication import Gate, affected, refresh
from tracker.publication.restricting import Restriction, restrict_public
from tracker.registry import operations
from tracker.registry.drafts import SourceDraft, TopicDraft
from tracker.registry.mapping import draft_of
from tracker.registry.models import Incident, Outlet, Source, Topic
from tracker.registry.operations import Refused, Stale
from tracker.vocabulary import Status, WithdrawalReason

Work = Callable[[Session], object]
WAITING = text("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'")
HIDDEN = "KGZ-2020-0001"


def behind(database: Database, first: Work, second: Work) -> type[BaseException] | None:
    """Have `second` meet what `first` has done before that is committed; returns what the second was told."""
    told: list[type[BaseException]] = []

    def try_second() -> None:
        try:
            with database.write() as session:
                second(session)
        except BaseException as error:
            told.append(type(error))

    other = threading.Thread(target=try_second)
    with database.write() as session:
        first(session)
        session.flush()
        other.start()
        _wait_until_it_waits(database, other)
    other.join(30)
    assert not other.is_alive()
    return told[0] if told else None


def _wait_until_it_waits(database: Database, other: threading.Thread) -> None:
    until = time.monotonic() + (0.2 if database.is_sqlite else 20)
    while other.is_alive() and time.monotonic() < until:
        with database.read() as session:
            if not database.is_sqlite and session.scalar(WAITING):
                return
        time.sleep(0.02)


def quarantine(key: str) -> Work:
    return lambda session: publication.quarantine(session, found(session, Incident, key), by="editor", why=None)


def current(database: Database, key: str) -> dict[str, object] | None:
    with database.read() as session:
        standing = store.current(session, Kind.INCIDENT, found(session, Incident, key).id)
        return standing.record if standing else None


def test_what_is_published_beside_a_quarantine_does_not_name_what_was_quarantined(world: Database) -> None:
    with world.write() as session:
        publish(session, *record(session, minimal("hidden")))
        record(session, minimal("naming", related=["hidden"]))

    def publish_naming(session: Session) -> None:
        naming = found(session, Incident, "naming")
        # What a page shows before its button is pressed, and what the workflow checks, is read before the gate is.
        assert naming.related[0].status in {Status.PUBLISHED, Status.QUARANTINED}
        publish(session, naming)

    assert behind(world, quarantine("hidden"), publish_naming) is None
    assert HIDDEN not in public_dump(world)
    published = current(world, "naming")
    assert published is not None
    assert published["related"] == []


def test_a_quarantine_that_comes_behind_a_publication_takes_its_reference_out_of_it(world: Database) -> None:
    with world.write() as session:
        publish(session, *record(session, minimal("hidden")))
        record(session, minimal("naming", related=["hidden"]))

    def publish_naming(session: Session) -> None:
        publish(session, found(session, Incident, "naming"))

    assert behind(world, publish_naming, quarantine("hidden")) is None
    assert HIDDEN not in public_dump(world)


def test_a_tombstone_made_beside_a_quarantine_does_not_name_what_was_quarantined(world: Database) -> None:
    with world.write() as session:
        publish(session, *record(session, minimal("hidden"), minimal("twin")))

    def withdraw(session: Session) -> None:
        kept, twin = found(session, Incident, "hidden"), found(session, Incident, "twin")
        publication.withdraw(session, twin, by="editor", why="the same", reason=WithdrawalReason.MERGED, successor=kept)

    assert behind(world, quarantine("hidden"), withdraw) is None
    assert HIDDEN not in public_dump(world)


def amend(session: Session, table: type[Outlet] | type[Source], key: str, **known: object) -> Outlet | Source:
    """Change something that public records name."""
    entity = found(session, table, key)
    operations.amend(session, entity, draft_of(entity).model_copy(update=known), by="editor")
    return entity


def follow(session: Session, entity: Outlet | Source) -> None:
    """Have everything that is public and names it follow."""
    refresh(session, affected(session, entity), by="editor", entity=entity)


def close(session: Session) -> None:
    """Make the source of all these incidents confidential, everywhere."""
    follow(session, amend(session, Source, "report", confidential=True))


def withhold(session: Session) -> None:
    """No longer name the victim of the incident `told`."""
    told = found(session, Incident, "told")
    wanted = Restriction(names=frozenset({"aida"}))
    restrict_public(session, told, wanted, by="editor", why="a threat", expected_version=told.version)


def change(database: Database) -> Work:
    """Take the other names from the outlet; returns what has the public records follow."""
    with database.write() as session:
        amend(session, Outlet, "herald", other_names=[])
    return lambda session: follow(session, found(session, Outlet, "herald"))


def test_what_is_quarantined_does_not_come_back_as_an_outlet_that_it_names_is_changed(world: Database) -> None:
    with world.write() as session:
        publish(session, *record(session, rich("hidden"), rich("other")))
    changed = change(world)
    assert behind(world, quarantine("hidden"), changed) is (None if world.is_sqlite else Stale)
    assert current(world, "hidden") is None
    assert HIDDEN not in public_dump(world)


def test_a_name_that_is_withheld_does_not_come_back_as_an_outlet_is_changed(world: Database) -> None:
    with world.write() as session:
        publish(session, *record(session, rich("told")))
    changed = change(world)
    assert behind(world, withhold, changed) is (None if world.is_sqlite else Stale)
    assert "Aida" not in public_dump(world)


def test_a_source_that_is_closed_does_not_come_out_with_what_is_published_beside_it(world: Database) -> None:
    with world.write() as session:
        publish(session, *record(session, minimal("public")))
        record(session, minimal("naming"))

    def publish_naming(session: Session) -> None:
        naming = found(session, Incident, "naming")
        assert naming.sources[0].source.title
        publish(session, naming)

    assert behind(world, close, publish_naming) is None
    assert REPORT["title"] not in public_dump(world)
    published = current(world, "naming")
    assert published is not None
    assert (published["sources"], published["confidential_sources"]) == ([], 1)


def test_a_source_that_is_closed_beside_a_publication_does_not_stay_in_what_came_out(world: Database) -> None:
    with world.write() as session:
        record(session, minimal("naming"))

    def publish_naming(session: Session) -> None:
        publish(session, found(session, Incident, "naming"))

    told = behind(world, publish_naming, close)
    if told is not None:
        assert told is Stale
        with world.write() as session:
            close(session)
    assert REPORT["title"] not in public_dump(world)


def test_a_source_that_nobody_cited_in_public_is_closed_before_it_comes_out(world: Database) -> None:
    # Nothing public changes as it is closed, so that no dataset version keeps the two apart.
    with world.write() as session:
        record(session, minimal("naming"))
    other = with_victims(victim("aida"), key="other", related=[], sources=[{"source": "wire"}])
    with world.write() as session:
        other["acts"][0]["victims"][0]["name_published_in"] = ["wire"]
        publish(session, *record(session, other))

    def publish_naming(session: Session) -> None:
        naming = found(session, Incident, "naming")
        assert naming.sources[0].source.title
        publish(session, naming)

    assert behind(world, close, publish_naming) is None
    assert REPORT["title"] not in public_dump(world)


def test_a_topic_does_not_tell_a_name_that_is_withheld_at_the_same_time(world: Database) -> None:
    with world.write() as session:
        publish(session, *record(session, with_victims(victim("aida"), key="told", topics=["election"])))

    def tell(session: Session) -> None:
        topic = found(session, Topic, "election")
        words = ELECTION | {"summary": {"en": "It was told by Aida Testova."}}
        operations.amend(session, topic, draft(TopicDraft, words), by="editor")
        Gate(session, by="editor").publish_entities([topic])

    assert behind(world, withhold, tell) is Refused
    assert "Aida" not in public_dump(world)


@pytest.mark.parametrize("step", ["quarantine", "restrict", "withhold a source"])
def test_an_import_that_publishes_and_the_desk_do_not_wait_for_each_other_in_a_circle(
    world: Database, step: str
) -> None:
    with world.write() as session:
        publish(session, *record(session, rich("one"), minimal("two")))
    sources = ["report", "wire"]

    def write(session: Session) -> None:
        # As an import does: first what incidents name, and then the incidents.
        for raw in (WIRE, REPORT):
            renewed = draft(SourceDraft, raw | {"title": "Crews attacked"})
            operations.amend(session, found(session, Source, raw["key"]), renewed, by="import:x")
        topic = found(session, Topic, "election")
        operations.amend(session, topic, draft(TopicDraft, ELECTION | {"title": {"en": "The vote"}}), by="import:x")
        one = found(session, Incident, "one")
        gate = Gate(session, by="import:x")
        publication.take_turn(session, [one])
        gate.publish_entities([topic])
        gate.publish([one])

    def take_back(session: Session) -> None:
        one = found(session, Incident, "one")
        if step == "quarantine":
            publication.quarantine(session, one, by="editor", why=None)
        elif step == "withhold a source":
            less = Restriction(sources=frozenset({sources.pop()}))
            restrict_public(session, one, less, by="editor", why="a threat", expected_version=one.version)
        else:
            coarser = incident(rich("one", place={"country": "KG"}))
            publication.restrict(session, one, coarser, by="editor", why="a threat")

    assert behind(world, write, take_back) in {None, Stale}
    assert behind(world, take_back, write) in {None, Stale, Refused}


def test_two_who_withhold_the_same_source_of_two_incidents_at_once_leave_it_nowhere(world: Database) -> None:
    with world.write() as session:
        publish(session, *record(session, rich("one"), minimal("two", sources=[{"source": "wire"}])))

    def withhold_in(key: str) -> Work:
        less = Restriction(sources=frozenset({"wire"}))

        def work(session: Session) -> None:
            made = found(session, Incident, key)
            restrict_public(session, made, less, by="editor", why="a threat", expected_version=made.version)

        return work

    # Whoever comes second is told that the source was changed, or that nothing is left to be withheld.
    assert behind(world, withhold_in("one"), withhold_in("two")) in {Stale, Refused}
    assert WIRE["title"] not in public_dump(world)


def again(session: Session) -> None:
    """Record the same source once more."""
    operations.record_many(session, [draft(SourceDraft, WIRE | {"key": "again"})], by="monitor")


def test_two_who_withhold_two_records_of_the_same_source_at_once_leave_neither(world: Database) -> None:
    with world.write() as session:
        again(session)
        both = rich("one"), minimal("two", sources=[{"source": "again"}])
        publish(session, *record(session, *both))

    def withhold_in(key: str, source: str) -> Work:
        def work(session: Session) -> None:
            made, less = found(session, Incident, key), Restriction(sources=frozenset({source}))
            restrict_public(session, made, less, by="editor", why="a threat", expected_version=made.version)

        return work

    assert behind(world, withhold_in("one", "wire"), withhold_in("two", "again")) in {Stale, Refused}
    assert WIRE["title"] not in public_dump(world)


def test_another_record_of_a_source_that_comes_out_while_it_is_withheld_is_withheld_too(world: Database) -> None:
    with world.write() as session:
        publish(session, *record(session, rich("one")))

    def bring_out(session: Session) -> None:
        again(session)
        publish(session, *record(session, minimal("two", sources=[{"source": "again"}])))

    def take_back(session: Session) -> None:
        one, less = found(session, Incident, "one"), Restriction(sources=frozenset({"wire"}))
        restrict_public(session, one, less, by="editor", why="a threat", expected_version=one.version)

    if behind(world, bring_out, take_back) is Stale:
        with world.write() as session:
            take_back(session)
    assert WIRE["title"] not in public_dump(world)
