"""The staff list: its filters, its order, what waits for whom, and names behind keys."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from tests.support import drafts
from tests.support.drafts import minimal, victim
from tracker.db import Database, utc_now
from tracker.registry import operations, queries, saved_filters, search
from tracker.registry.models import Incident, Revision, SafetyReview, StaffMember
from tracker.registry.permissions import actor_of
from tracker.registry.queries import ListFilter, listing
from tracker.vocabulary import Status
from tracker.vocabulary.desk import QueueName
from tracker.vocabulary.staff import Role

Names = set[str]


def staff(session: Session, *roles: Role, name: str | None = None) -> StaffMember:
    name = name or "-".join(roles)
    made = StaffMember(email=name, email_key=name, name=name, roles=[str(role) for role in roles])
    session.add(made)
    session.flush()
    return made


@pytest.fixture
def desk(database: Database) -> Database:
    """Four incidents: full, minimal, one that lasted, one of which nobody knows when."""
    today = utc_now().date()
    with database.write() as session:
        drafts.settle(session)
        drafts.record(
            session,
            drafts.rich(verification="confirmed"),
            minimal("night", date={"edtf": "2020-11-01/2020-11-03"}, place={"country": "KZ", "precision": "online"}),
            minimal("undated", date={"edtf": "XXXX-XX-XX"}, title={"en": "Undated", "ru": "Когда-то", "ky": "Качан"}),
            minimal("due", look_again_on=(today - timedelta(days=1)).isoformat(), acts=[
                {"violation": "death_threat", "victims": [victim("aida", outlet="herald")]}
            ]),
        )  # fmt: skip
    return database


def listed(session: Session, *pairs: tuple[str, str], person: StaffMember | None = None) -> list[str]:
    person = person or staff(session, Role.EDITOR)
    wanted, problems = queries.parse(session, pairs)
    assert problems == []
    found = queries.list_incidents(session, person, wanted)
    assert found.total == len(found.incidents)
    return [incident.key or "" for incident in found.incidents]


@pytest.mark.parametrize(
    ("pairs", "expected"),
    [
        ([], {"rich", "night", "undated", "due"}),
        ([("q", "beaten rally")], {"rich"}),
        ([("status", "submitted")], {"rich", "night", "undated", "due"}),
        ([("status", "published"), ("status", "draft")], set()),
        ([("country", "KZ")], {"night"}),
        ([("country", "KZ"), ("country", "KG")], {"rich", "night", "undated", "due"}),
        ([("since", "2020-11-01")], {"night"}),
        ([("since", "2020-11-03"), ("until", "2020-11-03")], {"night"}),
        ([("since", "2020-11-04")], set()),
        ([("until", "2020-10-05")], {"rich", "due"}),
        ([("violation", "death_threat")], {"rich", "due"}),
        ([("violation", "arrest_detention"), ("violation", "access_denial")], {"rich", "night", "undated"}),
        ([("outlet", "The Herald")], {"rich", "due"}),
        ([("outlet", "herald")], {"rich", "due"}),
        ([("outlet", "Вестник")], {"rich", "due"}),
        ([("topic", "election")], {"rich"}),
        ([("author", "monitor")], {"rich", "night", "undated", "due"}),
        ([("author", "staff:other")], set()),
        ([("verification", "confirmed")], {"rich"}),
        ([("verification", "not_recorded")], {"night", "undated", "due"}),
        ([("missing", "ky")], {"rich", "night", "undated", "due"}),
        ([("only", "without_place")], {"undated", "due"}),
        ([("only", "without_second_source")], {"night", "undated", "due"}),
        ([("only", "overdue")], {"due"}),
        ([("only", "amended")], set()),
        ([("only", "overdue"), ("country", "KZ")], set()),
        ([("q", "testova"), ("violation", "death_threat"), ("only", "overdue")], {"due"}),
        ([("q", ""), ("country", " ")], {"rich", "night", "undated", "due"}),
    ],
)  # fmt: skip
def test_a_filter_lets_through_what_it_says(desk: Database, pairs: list[tuple[str, str]], expected: Names) -> None:
    with desk.write() as session:
        assert set(listed(session, *pairs)) == expected


def test_a_language_is_missing_where_the_title_or_the_summary_is(desk: Database) -> None:
    with desk.write() as session:
        whole = {"en": 'He said "ru": nothing'}
        drafts.record(session, minimal("both", title=whole, summary=whole))
        editor = staff(session, Role.EDITOR)
        assert "both" not in listed(session, ("missing", "en"), person=editor)
        assert "both" in listed(session, ("missing", "ru"), person=editor)


@pytest.mark.parametrize(
    ("pairs", "name", "allowed"),
    [
        ([("status", "erased")], "status", "in_review"),
        ([("country", "ZZ")], "country", "KG"),
        ([("violation", "nonsense")], "violation", "assault"),
        ([("verification", "1")], "verification", "not_recorded"),
        ([("missing", "de")], "missing", "ky"),
        ([("only", "x")], "only", "overdue"),
        ([("sort", "name")], "sort", "reference"),
        ([("topic", "nothing")], "topic", "election"),
        ([("outlet", "The Heral")], "outlet", "The Herald"),
        ([("since", "yesterday")], "since", "2020-10-05"),
        ([("since", "2020-10-05"), ("until", "2020-10-01")], "until", "2020-10-05 …"),
        ([("q", "—")], "q", None),
        ([("q", "a\0b")], "q", None),
        ([("q", "x" * 201)], "q", None),
        ([("outlet", "\0")], "outlet", None),
        ([("author", "\0")], "author", None),
        ([("q", "one"), ("q", "two")], "q", None),
        ([("status", str(n)) for n in range(60)], "status", None),
        ([("password", "x")], "", "country"),
    ],
    ids=[
        "status", "country", "violation", "verification", "language", "only", "sort", "topic", "outlet", "day",
        "reversed", "no word", "nul", "long", "outlet nul", "author nul", "twice", "many", "unknown",
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_refused_with_what_is_allowed(
    desk: Database, pairs: list[tuple[str, str]], name: str, allowed: str | None
) -> None:
    with desk.read() as session:
        _, problems = queries.parse(session, pairs)
    assert problems[0].name == name
    assert allowed is None or allowed in problems[0].allowed


def test_a_filter_that_was_read_is_written_as_it_was(desk: Database) -> None:
    pairs = [("q", "x"), ("country", "KG"), ("country", "KZ"), ("since", "2020-01-01"), ("sort", "date")]
    with desk.read() as session:
        made, problems = queries.parse(session, pairs)
        assert problems == []
        assert sorted(made.pairs()) == sorted(pairs)
        assert queries.parse(session, made.pairs()) == (made, [])
    assert ListFilter().is_empty
    assert not made.is_empty


def test_the_list_is_ordered_as_asked(desk: Database) -> None:
    with desk.write() as session:
        editor = staff(session, Role.EDITOR)
        operations.amend(
            session, drafts.found(session, Incident, "night"), drafts.incident(minimal("night")), by="editor"
        )
        drafts.found(session, Incident, "undated").reference = "KGZ-2020-0009"
        drafts.found(session, Incident, "rich").reference = "KGZ-2020-0010"
        drafts.found(session, Incident, "due").status = Status.DRAFT
        session.flush()
        assert listed(session, person=editor)[0] == "night"
        assert listed(session, ("sort", "date"), person=editor)[-1] == "undated"
        assert listed(session, ("sort", "reference"), person=editor)[:2] == ["rich", "undated"]
        assert listed(session, ("sort", "status"), person=editor)[0] == "due"


def test_pages_follow_one_another_without_gap_or_repetition(desk: Database) -> None:
    with desk.write() as session:
        editor = staff(session, Role.EDITOR)
        pages = [queries.list_incidents(session, editor, ListFilter(), n, size=3) for n in (1, 2)]
        beyond = queries.list_incidents(session, editor, ListFilter(), 999_999, size=3)
    ids = [incident.id for page in pages for incident in page.incidents]
    assert len(ids) == len(set(ids)) == 4
    assert beyond.incidents == pages[1].incidents
    assert (beyond.number, beyond.total) == (2, 4)


def test_what_is_too_much_to_count_still_leads_on_to_its_last_page(
    desk: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "COUNTED", 1)
    wanted = ListFilter(country=("KG", "KZ"))
    with desk.write() as session:
        editor = staff(session, Role.EDITOR)
        pages = [queries.list_incidents(session, editor, wanted, n, size=1) for n in (1, 3, 4)]
        assert [(page.total, page.more, page.number) for page in pages] == [(2, True, 1), (4, False, 3), (4, False, 4)]
        everything = queries.list_incidents(session, editor, ListFilter(sort="status"), size=1)
        assert (everything.total, everything.more) == (4, False)
        assert queries.count(session, editor, wanted, 2) == 2


def test_what_very_many_hold_is_found_all_the_same(desk: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "MANY", 1)
    with desk.write() as session:
        editor = staff(session, Role.EDITOR)
        assert listed(session, ("q", "testova"), ("violation", "death_threat"), ("only", "overdue"), person=editor) == [
            "due"
        ]
        assert set(listed(session, ("country", "KZ"), ("q", "crew"), person=editor)) == {"night"}


@pytest.mark.parametrize(
    ("role", "expected", "hits"),
    [(Role.EDITOR, 5, 3), (Role.SAFETY_REVIEWER, 5, 3), (Role.MONITOR, 1, 1), (Role.ADMINISTRATOR, 0, 0)],
    ids=["editor", "reviewer", "monitor", "administrator"],
)
def test_nobody_finds_or_counts_what_they_may_not_read(desk: Database, role: Role, expected: int, hits: int) -> None:
    with desk.write() as session:
        person = staff(session, role)
        drafts.record(session, minimal("mine"), by=actor_of(person if role is Role.MONITOR else StaffMember(id="x")))
        assert len(listed(session, person=person)) == expected
        assert len(listed(session, ("q", "crew turned away"), person=person)) == hits
        assert queries.count(session, person, ListFilter()) == expected


def waiting(session: Session, person: StaffMember) -> dict[str, Names]:
    return {
        queue.name: {
            incident.key or ""
            for incident in queries.list_incidents(session, person, queue.filter(person)).incidents
        }
        for queue in queries.queues_of(person)
    }  # fmt: skip


def test_each_incident_waits_for_those_who_can_do_something_about_it(desk: Database) -> None:
    with desk.write() as session:
        editor, reviewer = staff(session, Role.EDITOR), staff(session, Role.SAFETY_REVIEWER)
        monitor = staff(session, Role.MONITOR)
        drafts.record(session, *(minimal(status.value.replace("_", "-")) for status in Status), by=actor_of(monitor))
        for status in Status:
            drafts.found(session, Incident, status.value.replace("_", "-")).status = status
        amended = drafts.found(session, Incident, "published")
        amended.amendment = Status.SAFETY_REVIEW
        session.flush()
        for_editor = waiting(session, editor)
        assert for_editor[QueueName.SUBMITTED] == {"submitted", "rich", "night", "undated", "due"}
        assert for_editor[QueueName.IN_REVIEW] == {"in-review"}
        assert for_editor[QueueName.APPROVED] == {"approved"}
        assert for_editor[QueueName.EMBARGOED] == {"embargoed"}
        assert for_editor[QueueName.AMENDED] == {"published"}
        assert for_editor[QueueName.QUARANTINED] == {"quarantined"}
        assert for_editor[QueueName.OVERDUE] == {"due"}
        assert QueueName.SAFETY_REVIEW not in for_editor
        assert waiting(session, reviewer)[QueueName.SAFETY_REVIEW] == {"safety-review", "published"}
        for_monitor = waiting(session, monitor)
        assert for_monitor[QueueName.SENT_BACK] == {"draft"}
        assert for_monitor[QueueName.ON_THE_WAY] >= {"submitted", "in-review", "safety-review", "approved"}
        assert QueueName.SUBMITTED not in for_monitor
        assert waiting(session, staff(session, Role.ADMINISTRATOR)) == {}


def test_no_safety_review_waits_for_those_who_wrote_the_text(desk: Database) -> None:
    with desk.write() as session:
        author, other = (staff(session, Role.SAFETY_REVIEWER, Role.EDITOR, name=name) for name in ("one", "two"))
        drafts.record(session, minimal("written"), by=actor_of(author))
        incident = drafts.found(session, Incident, "written")
        incident.status = Status.SAFETY_REVIEW
        session.flush()
        assert waiting(session, author)[QueueName.SAFETY_REVIEW] == set()
        assert waiting(session, other)[QueueName.SAFETY_REVIEW] == {"written"}
        # Once it is public, those who change it answer for it, and nobody else.
        session.add(_revision(incident, number=incident.version + 1, action="publish", actor="x"))
        session.add(_revision(incident, number=incident.version + 2, action="amend", actor=actor_of(other)))
        session.flush()
        assert waiting(session, author)[QueueName.SAFETY_REVIEW] == {"written"}
        assert waiting(session, other)[QueueName.SAFETY_REVIEW] == set()


def _revision(incident: Incident, **known: Any) -> Revision:
    return Revision(entity_kind="incident", entity_id=incident.id, changes=[], snapshot={}, **known)


def test_a_safety_review_to_be_repeated_is_the_last_one_alone(desk: Database) -> None:
    today = utc_now().date()
    with desk.write() as session:
        for key, days in (("rich", [-30, -1]), ("night", [-30, 30]), ("due", [0])):
            incident = drafts.found(session, Incident, key)
            for version, day in enumerate(days, start=1):
                again = today + timedelta(days=day)
                session.add(
                    SafetyReview(
                        incident_id=incident.id,
                        incident_version=version,
                        reviewer="x",
                        decision="cleared",
                        record_digest="0" * 64,
                        review_again_on=again,
                    )
                )
        session.flush()
        assert set(listed(session, ("only", "review_again"))) == {"rich", "due"}


def test_names_are_found_behind_keys(desk: Database) -> None:
    with desk.read() as session:
        keys = queries.keys_in(drafts.rich())
        names = queries.names_of(session, keys | {("person", "nobody")})
    assert names[("person", "aida")] == "Aida Testova"
    assert names[("outlet", "herald")] == "The Herald"
    assert names[("topic", "election")] == "An election"
    assert names[("source", "report")] == "Forum, Attacks on the press"
    assert ("person", "nobody") not in names


def test_filters_are_kept_by_their_owners(database: Database) -> None:
    with database.write() as session:
        one, two = staff(session, Role.EDITOR, name="one"), staff(session, Role.EDITOR, name="two")
        saved_filters.keep(session, one.id, [("q", "x")])
        saved_filters.keep(session, one.id, [("q", "y")])
        saved_filters.keep(session, one.id, [("q", "z")], "Named")
        (named,) = saved_filters.named(session, one.id)
        assert saved_filters.last_used(session, one.id) == [("q", "y")]
        assert saved_filters.pairs_of(named.query) == [("q", "z")]
        assert saved_filters.last_used(session, two.id) == []
        assert saved_filters.named(session, two.id) == []
        assert saved_filters.find(session, two.id, named.id) is None
        saved_filters.forget(session, two.id, named.id)
        assert saved_filters.find(session, one.id, named.id) is not None
        saved_filters.forget(session, one.id, named.id)
        assert saved_filters.named(session, one.id) == []


def test_nobody_keeps_filters_without_end(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(saved_filters, "MOST_FILTERS", 2)
    with database.write() as session:
        one = staff(session, Role.EDITOR)
        for name in ("a", "b"):
            saved_filters.keep(session, one.id, [], name)
        with pytest.raises(saved_filters.TooMany):
            saved_filters.keep(session, one.id, [], "c")
