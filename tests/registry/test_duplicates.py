"""Incidents that may be the same, and what somebody decides about them."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from tests.support.drafts import Raw, minimal, record, settle, victim, with_victims
from tracker.db import Database
from tracker.registry import duplicates, operations
from tracker.registry.duplicates import Likely
from tracker.registry.models import AuditEntry, DuplicateRuling, Incident
from tracker.registry.operations import Refused
from tracker.vocabulary.staff import DuplicateDecision

DAY = date(2020, 10, 5)


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    """A transaction in which the world is recorded."""
    with database.write() as session:
        settle(session)
        yield session


def asked(session: Session, **changed: Any) -> list[Likely]:
    """What looks like an incident of that day in Kyrgyzstan."""
    values: dict[str, Any] = {
        "country": "KG", "earliest": DAY, "latest": DAY, "title": "", "people": ["aida"], "outlets": ["herald"],
        "violations": ["assault"],
    }  # fmt: skip
    return duplicates.likely(session, **(values | changed))


def on(edtf: str, key: str = "other", *victims: Raw, **known: Any) -> Raw:
    """An assault on Aida, who works for the Herald, on these days."""
    return with_victims(*(victims or (victim("aida", outlet="herald"),)), key=key, date={"edtf": edtf}, **known)


@pytest.mark.parametrize(
    ("edtf", "found"),
    [
        ("2020-10-05", True),
        ("2020-10-02", True),
        ("2020-10-08", True),
        ("2020-10-01", False),
        ("2020-10-09", False),
        ("2020-10-09/2020-10-12", False),
        ("2020-09-20/2020-10-02", True),
        ("2020-10", True),
        ("2020", True),
        ("2019", False),
        ("2018-01-01/2020-12-31", True),
    ],
)
def test_days_at_most_three_apart_look_alike(session: Session, edtf: str, found: bool) -> None:
    record(session, on(edtf))
    assert bool(asked(session)) is found


def test_what_two_have_in_common_is_said_the_weightiest_first(session: Session) -> None:
    record(session, on("2020-10-05", title={"ru": "Журналистку избили на площади"}))
    one = asked(session, title=["Journalist beaten", "Журналистку избили на площади!"])[0]
    assert one.reasons == (
        "the same person", "a similar title", "the same outlet", "the same violation", "the same day"
    )  # fmt: skip
    assert one.score == 130


@pytest.mark.parametrize(
    "other",
    [
        on("2020-10-05", "abroad", place={"country": "KZ"}),
        on("2020-10-05", "others", victim("bakyt")),
        on("2020-10-05", "group", victim()),
    ],
    ids=["another country", "another person", "only the violation"],
)
def test_too_little_in_common_does_not_look_alike(session: Session, other: Raw) -> None:
    record(session, other)
    assert asked(session) == []


def test_a_shared_outlet_or_a_similar_title_is_enough(session: Session) -> None:
    record(session, on("2020-10-06", "outlet", victim("bakyt", outlet="herald")))
    record(session, minimal("title", title={"en": "Crew turned away at the polling station"}))
    title = "A crew is turned away at polling station"
    assert {each.incident.key for each in asked(session, people=[], title=title)} == {"outlet", "title"}
    assert [each.incident.key for each in asked(session, people=[], outlets=[], title=title)] == ["title"]


def test_the_likeliest_comes_first_and_what_was_withdrawn_not_at_all(session: Session) -> None:
    gone = record(session, on("2020-10-05", "gone"))[0]
    record(session, on("2020-10-06", "outlet", victim("bakyt", outlet="herald")), on("2020-10-06", "person"))
    operations.withdraw_incident(session, gone, by="e", why="w")
    assert [each.incident.key for each in asked(session)] == ["person", "outlet"]


@pytest.mark.parametrize("missing", [{"country": None}, {"earliest": None, "latest": None}])
def test_without_a_country_and_a_day_nothing_is_looked_for(session: Session, missing: dict[str, None]) -> None:
    record(session, on("2020-10-05"))
    assert asked(session, **missing) == []
    assert len(asked(session, earliest=None)) == 1


def test_what_was_decided_is_heeded_and_logged_without_words(session: Session) -> None:
    one, other, third = record(session, on("2020-10-05", "one"), on("2020-10-05", "two"), on("2020-10-05", "three"))
    duplicates.rule(session, one, other, DuplicateDecision.DIFFERENT, by="staff:e")
    duplicates.rule(session, third, one, DuplicateDecision.RELATED, by="staff:e")
    found = asked(session, but_not=one.id)
    assert [(each.incident.key, each.ruling) for each in found] == [("three", DuplicateDecision.RELATED)]
    entries = session.scalars(select(AuditEntry).order_by(AuditEntry.number)).all()
    assert [(e.event, e.object_id, e.detail) for e in entries] == [
        ("duplicate_decided", one.id, {"decision": "different", "other": other.id}),
        ("duplicate_decided", third.id, {"decision": "related", "other": one.id}),
    ]


def test_related_incidents_are_linked_to_each_other_each_in_a_revision(session: Session) -> None:
    one, other = record(session, on("2020-10-05", "one"), on("2020-10-05", "two"))
    duplicates.rule(session, one, other, DuplicateDecision.RELATED, by="staff:e")
    duplicates.rule(session, one, other, DuplicateDecision.RELATED, by="staff:e")
    assert ([i.key for i in one.related], [i.key for i in other.related]) == (["two"], ["one"])
    assert [len(operations.revisions(session, i)) for i in (one, other)] == [2, 2]


def test_an_incident_without_a_key_can_be_related_too_and_the_other_be_left_alone(session: Session) -> None:
    raw = on("2020-10-05", "x")
    one, other = record(session, on("2020-10-05", "one"), {k: v for k, v in raw.items() if k != "key"})
    duplicates.rule(session, one, other, DuplicateDecision.RELATED, by="staff:e", link_other=False)
    assert ([i.id for i in one.related], other.related) == ([other.id], [])


def test_a_later_decision_replaces_the_earlier_one_whichever_way_round(session: Session) -> None:
    one, other = record(session, on("2020-10-05", "one"), on("2020-10-05", "two"))
    duplicates.rule(session, one, other, DuplicateDecision.DIFFERENT, by="a")
    duplicates.rule(session, other, one, DuplicateDecision.SAME, by="b")
    ruling = session.scalars(select(DuplicateRuling)).one()
    assert (ruling.decision, ruling.actor) == ("same", "b")
    with pytest.raises(Refused):
        duplicates.rule(session, one, one, DuplicateDecision.SAME, by="b")


def test_days_are_looked_up_by_a_range_of_the_index(session: Session) -> None:
    record(session, on("2020-10-05"))
    connection = session.connection()
    sqlite = connection.dialect.name == "sqlite"
    if not sqlite:
        connection.execute(text("SET LOCAL enable_seqscan = off"))
    statement = duplicates.in_window("KG", DAY, DAY).compile(connection, compile_kwargs={"literal_binds": True})
    plan = connection.execute(text(f"{'EXPLAIN QUERY PLAN' if sqlite else 'EXPLAIN'} {statement}")).all()
    assert "ix_incident_date_earliest_date_latest" in str(plan)
    assert session.scalar(select(Incident.id).limit(1)) is not None
