"""Every write to the registry: what it refuses, what it remembers, and that no update is ever lost."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as choices
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.support.any_drafts import INCIDENTS
from tests.support.drafts import (
    WIRE,
    Raw,
    draft,
    found,
    incident,
    minimal,
    record,
    rich,
    settle,
    site,
    victim,
    where,
    with_victims,
    world,
)
from tracker.db import Base, Database, utc_now
from tracker.registry import operations
from tracker.registry.directory import Directory
from tracker.registry.drafts import IncidentDraft, PersonDraft, SourceDraft
from tracker.registry.mapping import draft_of, kind_of, snapshot
from tracker.registry.models import Incident, Outlet, Person, ReferenceCounter, Revision, Site, Source, Topic
from tracker.registry.operations import Refused, Stale


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    """A transaction in which the world is recorded."""
    with database.write() as session:
        settle(session)
        yield session


def counts(session: Session) -> dict[str, int]:
    """How many rows every table holds."""
    tables = [table for table in Base.metadata.sorted_tables if not table.name.startswith("public_")]
    return {table.name: session.scalar(select(func.count()).select_from(table)) or 0 for table in tables}


# What is written can be read back.


def test_a_rich_incident_reads_back_as_the_draft_that_made_it(session: Session) -> None:
    made = record(session, rich())[0]
    session.flush()
    session.expire_all()
    assert draft_of(made) == incident(rich())


def test_all_other_records_read_back_as_the_drafts_that_made_them(session: Session) -> None:
    operations.record(session, site(), by="editor")
    session.flush()
    session.expire_all()
    tables = {"source": Source, "person": Person, "outlet": Outlet, "topic": Topic}
    for given_draft in world():
        table = tables[kind_of(given_draft)]
        assert draft_of(found(session, table, given_draft.key)) == given_draft  # type: ignore[attr-defined]
    assert draft_of(found(session, Site, "site")) == site()


@choices(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=20)
@given(raw=INCIDENTS)
def test_any_incident_reads_back_as_the_draft_that_made_it(session: Session, raw: Raw) -> None:
    with session.begin_nested() as attempt:
        (made,) = record(session, raw)
        fresh = snapshot(made)
        session.expire_all()
        assert snapshot(made) == fresh
        again = incident(fresh)
        assert operations.amend(session, made, again, by="monitor") is False
        assert again == incident(raw)
        attempt.rollback()


def test_an_emptied_incident_becomes_silent_everywhere(session: Session) -> None:
    made = record(session, rich())[0]
    operations.amend(session, made, incident(minimal("rich")), by="editor")
    session.expire_all()
    assert draft_of(made) == incident(minimal("rich"))
    assert counts(session)["involvement"] == 0
    assert counts(session)["follow_up_source"] == 1, "the topic's own"


def test_children_keep_their_ids_when_words_change(session: Session) -> None:
    made = record(session, rich())[0]
    before = [act.id for act in made.acts], made.place.id, made.acts[0].victims[0].id
    raw = rich()
    raw["acts"][0]["victims"][0]["harm"] = "none"
    operations.amend(session, made, incident(raw), by="editor")
    assert ([act.id for act in made.acts], made.place.id, made.acts[0].victims[0].id) == before


# Revisions.


def test_every_write_leaves_who_when_why_and_what_changed(session: Session) -> None:
    start = utc_now()
    made = record(session, minimal(), by="anna")[0]
    operations.amend(session, made, incident(minimal(title={"en": "Better"})), by="ben", why="a better title")
    operations.publish_incident(session, made, by="clara", why="approved")
    operations.quarantine_incident(session, made, by="dina", why="a threat")
    first, second, third, fourth = operations.revisions(session, made)
    assert [(r.number, r.action, r.actor, r.why) for r in (first, second, third, fourth)] == [
        (1, "record", "anna", None),
        (2, "amend", "ben", "a better title"),
        (3, "publish", "clara", "approved"),
        (4, "quarantine", "dina", "a threat"),
    ]
    assert second.changes == [{"path": "title.en", "before": "A crew is turned away", "after": "Better"}]
    assert fourth.changes == [{"path": "status", "before": "published", "after": "quarantined"}]
    assert second.snapshot["title"] == {"en": "Better"}
    assert all(start <= r.at <= start + timedelta(minutes=5) for r in (first, second, third, fourth))
    assert made.version == 4


def test_the_first_revision_holds_the_whole_record(session: Session) -> None:
    made = record(session, rich())[0]
    (first,) = operations.revisions(session, made)
    assert incident(first.snapshot) == incident(rich())


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("acts", 0, "victims", 0, "harm"), "none"),
        (("acts", 0, "involvements", 0, "affiliation"), "guards"),
        (("place", "venue"), "New Square"),
        (("sources", 0, "locator"), "p. 5"),
        (("follow_ups", 0, "by"), "The staff"),
        (("acts", 0, "victims", 0, "consent", "share"), "refused"),
        (("topics",), []),
    ],
    ids=lambda value: str(value[-1]) if isinstance(value, tuple) else None,
)
def test_the_version_rises_even_if_only_a_child_changed(
    session: Session, place: tuple[str | int, ...], value: object
) -> None:
    made = record(session, rich())[0]
    raw = inner = rich()
    for part in place[:-1]:
        inner = inner[part]  # type: ignore[index]
    inner[place[-1]] = value  # type: ignore[index]
    assert operations.amend(session, made, incident(raw), by="editor") is True
    session.flush()
    assert made.version == 2
    assert len(operations.revisions(session, made)[1].changes) == 1


def test_amending_without_a_change_leaves_no_trace(session: Session) -> None:
    made = record(session, rich())[0]
    before, touched = counts(session), made.updated_at
    assert operations.amend(session, made, incident(rich()), by="editor") is False
    assert (counts(session), made.version, made.updated_at) == (before, 1, touched)


def test_the_order_in_which_topics_and_sources_are_named_is_no_change(session: Session) -> None:
    raw = rich()
    raw["follow_ups"][0]["sources"].reverse()
    made = record(session, rich())[0]
    assert operations.amend(session, made, incident(raw), by="editor") is False


def test_what_a_database_sorts_otherwise_is_no_change(session: Session) -> None:
    made = record(session, rich())[0]
    before = snapshot(made)
    # Some collations skip hyphens, so that a database can hand keys back in another order than ours.
    made.follow_ups[0].sources.reverse()
    assert snapshot(made) == before


# What is refused.


def test_a_refused_record_names_each_draft_and_writes_nothing(session: Session) -> None:
    before = counts(session)
    bad = incident(minimal("bad", place={"country": "QQ"}, topics=["nowhere"]))
    with pytest.raises(Refused) as refused:
        operations.record_many(session, [incident(minimal()), bad], by="monitor")
    assert where(refused.value.problems) == ["[1].place.country", "[1].topics[0]"]
    session.flush()
    assert counts(session) == before


def test_a_refused_amendment_leaves_the_record_as_it_was(session: Session) -> None:
    made = record(session, rich())[0]
    before = counts(session)
    with pytest.raises(Refused):
        operations.amend(session, made, incident(minimal("rich", sources=[])), by="editor")
    session.flush()
    session.expire_all()
    assert draft_of(made) == incident(rich())
    assert (counts(session), made.version) == (before, 1)


def test_a_key_that_is_taken_is_refused_in_words(session: Session) -> None:
    record(session, minimal())
    with pytest.raises(Refused) as refused:
        operations.record_incident(session, incident(minimal()), by="monitor")
    assert where(refused.value.problems) == ["[0].key"]


def test_a_key_that_stands_twice_in_one_batch_is_refused_in_words(session: Session) -> None:
    with pytest.raises(Refused) as refused:
        record(session, minimal(), minimal("other"), minimal())
    assert where(refused.value.problems) == ["[2].key"]


def test_records_of_different_kinds_may_share_a_key(session: Session) -> None:
    operations.record(session, draft(PersonDraft, {"key": "herald", "name": "A Herald"}), by="monitor")


def test_incidents_of_one_batch_may_name_one_another_and_the_sources_that_come_with_them(session: Session) -> None:
    source = draft(SourceDraft, WIRE | {"key": "new-source"})
    one = incident(minimal("one", related=["two"], sources=[{"source": "new-source"}]))
    two = incident(minimal("two", related=["one"]))
    operations.record_many(session, [one, two, source], by="monitor")
    assert [other.key for other in found(session, Incident, "one").related] == ["two"]


def test_a_key_of_something_never_recorded_is_not_known(session: Session) -> None:
    known = Directory(session).known([incident(with_victims(victim("aida"), topics=["nowhere"], related=["nobody"]))])
    assert (known.people, known.topics, known.incidents, known.shown_sources) == (
        frozenset({"aida"}), frozenset(), frozenset(), frozenset({"report"}),
    )  # fmt: skip


def test_an_amendment_on_top_of_an_older_version_is_stale(session: Session) -> None:
    made = record(session, minimal())[0]
    operations.amend(session, made, incident(minimal(title={"en": "Two"})), by="anna", expected_version=1)
    with pytest.raises(Stale):
        operations.amend(session, made, incident(minimal(title={"en": "Three"})), by="ben", expected_version=1)
    assert made.title == {"en": "Two"}


# Statuses.


@pytest.mark.parametrize("status", ["draft", "quarantined", "withdrawn", "erased"])
def test_only_what_is_under_way_can_be_published(session: Session, status: str) -> None:
    made = record(session, minimal())[0]
    made.status = status
    with pytest.raises(Refused):
        operations.publish_incident(session, made, by="editor")
    assert (made.status, made.reference) == (status, None)


@pytest.mark.parametrize("status", ["withdrawn", "erased"])
def test_what_is_withdrawn_or_erased_stays_so(session: Session, status: str) -> None:
    made = record(session, minimal())[0]
    made.status = status
    with pytest.raises(Refused):
        operations.quarantine_incident(session, made, by="editor", why="to see what happens")
    if status == "erased":
        with pytest.raises(Refused):
            operations.withdraw_incident(session, made, by="editor", why="to see what happens")
    assert made.status == status


def test_a_write_without_a_change_of_status_leaves_no_revision(session: Session) -> None:
    made = record(session, minimal())[0]
    operations.publish_incident(session, made, by="editor")
    operations.publish_incident(session, made, by="editor")
    assert len(operations.revisions(session, made)) == 2


def test_revisions_number_each_record_on_its_own(session: Session) -> None:
    record(session, minimal("one"), minimal("two"))
    numbers = session.scalars(select(Revision.number).where(Revision.entity_kind == "incident")).all()
    assert list(numbers) == [1, 1]


# References.


def test_a_reference_names_country_and_year_and_counts_without_gaps(session: Session) -> None:
    raws = [minimal(f"i{n}") for n in range(3)]
    raws.append(minimal("undated", date={"edtf": "XXXX-XX-XX"}))
    raws.append(minimal("before", date={"edtf": "[..2020-10-05]"}))
    raws.append(minimal("kosovo", place={"country": "XK"}))
    raws.append(minimal("ancient", date={"edtf": "0001-01-01"}))
    made = record(session, *raws)
    for one in made:
        operations.publish_incident(session, one, by="editor")
    assert [one.reference for one in made] == [
        "KGZ-2020-0001",
        "KGZ-2020-0002",
        "KGZ-2020-0003",
        "KGZ-ND-0001",
        "KGZ-ND-0002",
        "XKX-2020-0001",
        "KGZ-0001-0001",
    ]


def test_a_draft_and_a_refused_record_take_no_reference(session: Session) -> None:
    made = record(session, minimal("one"), minimal("two"), minimal("three"))
    made[1].status = "draft"
    operations.publish_incident(session, made[0], by="editor")
    with pytest.raises(Refused):
        operations.publish_incident(session, made[1], by="editor")
    operations.publish_incident(session, made[2], by="editor")
    assert [one.reference for one in made] == ["KGZ-2020-0001", None, "KGZ-2020-0002"]


def test_a_reference_never_changes_and_is_never_given_again(session: Session) -> None:
    one, two = record(session, minimal("one"), minimal("two"))
    operations.publish_incident(session, one, by="editor")
    operations.amend(
        session, one, incident(minimal("one", place={"country": "US"}, date={"edtf": "1999"})), by="editor"
    )
    operations.publish_incident(session, one, by="editor")
    operations.withdraw_incident(session, one, by="editor", why="wrong")
    operations.publish_incident(session, two, by="editor")
    assert (one.reference, two.reference) == ("KGZ-2020-0001", "KGZ-2020-0002")


def test_the_ten_thousandth_incident_of_a_year_has_a_reference_too(session: Session) -> None:
    one, two = record(session, minimal("one"), minimal("two"))
    operations.publish_incident(session, one, by="editor")
    counter = session.scalars(select(ReferenceCounter)).one()
    counter.last = 9_999
    operations.publish_incident(session, two, by="editor")
    assert two.reference == "KGZ-2020-10000"


def test_a_draft_model_is_never_changed_by_recording_it(session: Session) -> None:
    given_draft: IncidentDraft = incident(rich())
    operations.record(session, given_draft, by="monitor")
    assert given_draft == incident(rich())
