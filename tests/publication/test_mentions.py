"""Texts that people wrote and that name what was quarantined: who named it is told, and loses it as they amend it."""

from datetime import timedelta
from typing import Any

import pytest

from tests.support.drafts import ELECTION, NOON, REPORT, draft, found, incident, minimal, publish, record
from tests.support.leaks import public_dump
from tracker import publication
from tracker.dataset.models import DatasetVersion
from tracker.db import Database
from tracker.publication import Gate, affected, refresh
from tracker.publication.mentions import Mention, all_mentions, mentions, named_off_the_site, off_the_site
from tracker.registry import operations
from tracker.registry.drafts import SourceDraft, TopicDraft
from tracker.registry.models import Incident, Source, Topic
from tracker.vocabulary import Status

HIDDEN, TELLS = "KGZ-2020-0001", "KGZ-2020-0002"
SUMMARY = {"summary": {"en": f"As before, see https://tracker.example.org/incidents/{HIDDEN.lower()}.json."}}


@pytest.fixture
def told(world: Database) -> Database:
    """A public incident that is named in the texts of two others, one of them in its past, and of a topic."""
    with world.write() as session:
        publish(
            session,
            *record(
                session,
                minimal("hidden"),
                minimal("tells", title={"en": f"Again, as in {HIDDEN}"}, **SUMMARY),
                minimal("told", title={"en": f"Like {HIDDEN}"}, topics=["election"]),
                minimal("another", title={"en": f"Like {HIDDEN}1 and X{HIDDEN}"}),
            ),
        )
    with world.write() as session:
        after = found(session, Incident, "told")
        operations.amend(session, after, incident(minimal("told", topics=["election"])), by="editor")
        publish(session, after, at=NOON + timedelta(days=1))
        topic = found(session, Topic, "election")
        words = ELECTION | {"summary": {"en": f"{HIDDEN} began it."}}
        operations.amend(session, topic, draft(TopicDraft, words), by="editor")
        Gate(session, by="editor").publish_entities([topic])
    return world


def quarantine(database: Database) -> None:
    with database.write() as session:
        publication.quarantine(session, found(session, Incident, "hidden"), by="editor", why=None)


def summed(mention: Mention) -> tuple[Any, ...]:
    return str(mention.kind), mention.key, mention.places, mention.in_past


def test_every_text_that_names_it_is_found_with_its_place_and_nothing_else(told: Database) -> None:
    quarantine(told)
    with told.read() as session:
        found_in = mentions(session, [HIDDEN])
        assert [summed(each) for each in found_in] == [
            ("incident", TELLS, (("title", "en"), ("summary", "en")), False),
            ("incident", "KGZ-2020-0003", (), True),
            ("topic", "election", (("summary", "en"),), False),
        ]
        assert all_mentions(session) == found_in
        assert {each.references for each in found_in} == {(HIDDEN,)}


def test_nothing_is_said_of_what_is_on_the_site_or_has_a_tombstone(told: Database) -> None:
    with told.read() as session:
        assert all_mentions(session) == []
        assert off_the_site(session) == []
    with told.write() as session:
        publication.withdraw(session, found(session, Incident, "hidden"), by="editor", why="a threat")
    with told.read() as session:
        assert all_mentions(session) == []
        assert named_off_the_site(session, {"title": {"en": HIDDEN}}) == []


def test_the_text_that_is_amended_loses_it_in_its_past_too_and_is_then_no_longer_told(told: Database) -> None:
    quarantine(told)
    with told.write() as session:
        tells = found(session, Incident, "tells")
        operations.amend(session, tells, incident(minimal("tells")), by="editor")
        publish(session, tells, at=NOON + timedelta(days=3))
        topic = found(session, Topic, "election")
        operations.amend(session, topic, draft(TopicDraft, ELECTION), by="editor")
        Gate(session, by="editor").publish_entities([topic])
    with told.read() as session:
        # What was amended before the quarantine names it in its past alone, until it is restricted.
        assert [each.key for each in all_mentions(session)] == ["KGZ-2020-0003"]
        assert session.get_one(DatasetVersion, 4).restrictions == 1
        assert session.get_one(DatasetVersion, 5).restrictions == 1
    with told.write() as session:
        before = found(session, Incident, "told")
        publication.restrict(session, before, incident(minimal("told")), by="editor", why="it names another")
    with told.read() as session:
        assert all_mentions(session) == []
    assert HIDDEN not in public_dump(told).replace(f"{HIDDEN}1", "").replace(f"X{HIDDEN}", "")


def test_the_title_of_a_source_that_names_it_goes_from_the_past_as_the_source_is_mended(world: Database) -> None:
    with world.write() as session:
        source = found(session, Source, "report")
        named = draft(SourceDraft, REPORT | {"title": f"On {HIDDEN}"})
        operations.amend(session, source, named, by="editor")
        publish(session, *record(session, minimal("hidden"), minimal("cites")))
    quarantine(world)
    with world.read() as session:
        assert [summed(each) for each in all_mentions(session)] == [
            ("incident", TELLS, (("sources", 0, "title"),), False)
        ]
    with world.write() as session:
        source = found(session, Source, "report")
        operations.amend(session, source, draft(SourceDraft, REPORT), by="editor")
        refresh(session, affected(session, source), by="editor", entity=source)
    assert HIDDEN not in public_dump(world)


def test_the_mentions_that_are_kept_follow_what_comes_back(told: Database) -> None:
    quarantine(told)
    with told.read() as session:
        assert len(all_mentions(session)) == 3
    with told.write() as session:
        hidden = found(session, Incident, "hidden")
        hidden.status = Status.IN_REVIEW
    with told.read() as session:
        assert len(all_mentions(session)) == 3
    with told.write() as session:
        publish(session, found(session, Incident, "hidden"), at=NOON + timedelta(days=4))
    with told.read() as session:
        assert all_mentions(session) == []
