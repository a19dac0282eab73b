"""The way of an incident: what the table of steps says, and who counts as an author."""

import pytest
from sqlalchemy.orm import Session

from tests.support.desk import Desk, staff
from tests.support.drafts import incident, minimal, record, settle, site
from tests.support.run import PROJECT
from tracker.db import Database
from tracker.publication.restricting import Restriction, restrict_public
from tracker.registry import operations, workflow
from tracker.registry.models import Incident, Site, StaffMember
from tracker.registry.permissions import RULES
from tracker.registry.workflow import STEPS, authors, steps_open_to
from tracker.vocabulary import PlacePrecision, Status
from tracker.vocabulary.staff import Action, Role

PLACED = {"country": "KG", "locality": "Bishkek", "admin1": "Chuy", "precision": "locality"}


def member(session: Session, actor: str) -> StaffMember:
    return session.get_one(StaffMember, actor.removeprefix("staff:"))


def amend(session: Session, made: Incident, title: str, by: str, action: str = "amend") -> None:
    said = incident(minimal(made.key or "", title={"en": title}, place=PLACED))
    assert operations.amend(session, made, said, by=by, action=action)


def test_every_action_that_the_table_of_rights_binds_to_states_and_that_moves_an_incident_is_a_step() -> None:
    no_steps = {Action.READ, Action.WRITE, Action.RESTORE, Action.RESTRICT}
    assert set(STEPS) == {action for action, rule in RULES.items() if rule.states is not None} - no_steps


def test_no_step_but_publishing_leads_to_the_public() -> None:
    assert [action for action, step in STEPS.items() if step.to is Status.PUBLISHED] == [Action.PUBLISH]
    assert STEPS[Action.PUBLISH].before == {Status.APPROVED, Status.EMBARGOED}


@pytest.fixture
def session(database: Database):  # type: ignore[no-untyped-def]
    """A transaction in which the world is recorded."""
    with database.write() as session:
        settle(session)
        yield session


def test_what_one_may_do_depends_on_role_and_stage(session: Session) -> None:
    desk = Desk(session)
    made = record(session, minimal(), by=desk.monitor)[0]
    assert steps_open_to(session, member(session, desk.monitor), made) == []
    takes = [Action.TAKE_UP, Action.SEND_BACK, Action.QUARANTINE, Action.WITHDRAW]
    assert steps_open_to(session, member(session, desk.editor), made) == takes
    desk.bring(made, Status.SAFETY_REVIEW)
    assert steps_open_to(session, member(session, desk.reviewer), made) == [Action.CLEAR, Action.OBJECT]


def test_an_author_is_not_offered_the_review_of_their_own_words(session: Session) -> None:
    desk = Desk(session)
    both = staff(session, Role.MONITOR, Role.SAFETY_REVIEWER)
    made = desk.bring(record(session, minimal(), by=both)[0], Status.SAFETY_REVIEW)
    assert steps_open_to(session, member(session, both), made) == []
    operations.record(session, site().model_copy(update={"one_person": True}), by=desk.editor)
    assert session.query(Site).one().one_person
    assert steps_open_to(session, member(session, both), made) == [Action.CLEAR, Action.OBJECT]


def test_everybody_who_changed_words_since_the_last_publication_is_an_author(session: Session) -> None:
    desk = Desk(session)
    made = record(session, minimal(), by="staff:anna")[0]
    amend(session, made, "Two", "staff:ben")
    amend(session, made, "Three", "staff:cem", action="restore")
    desk.bring(made, Status.IN_REVIEW)
    assert authors(session, made) == {"staff:anna", "staff:ben", "staff:cem"}
    desk.bring(made, Status.PUBLISHED)
    assert authors(session, made) == set()
    amend(session, made, "Four", "staff:dina")
    assert authors(session, made) == {"staff:dina"}


def test_who_wrote_what_waits_stays_its_author_when_the_old_words_are_restricted_meanwhile(session: Session) -> None:
    desk = Desk(session)
    made = record(session, minimal(place=PLACED), by="staff:anna")[0]
    desk.bring(made, Status.PUBLISHED)
    amend(session, made, "Four", "staff:dina")
    for precision in (PlacePrecision.ADMIN1, PlacePrecision.COUNTRY):
        less = Restriction(precision=precision)
        restrict_public(session, made, less, by=desk.editor, why="asked", expected_version=made.version)
    assert made.amendment == Status.IN_REVIEW
    assert authors(session, made) == {"staff:dina", desk.editor}


def test_whoever_brings_a_quarantined_incident_back_counts_as_its_author(session: Session) -> None:
    desk = Desk(session)
    made = desk.bring(record(session, minimal(), by=desk.monitor)[0], Status.PUBLISHED)
    desk.step(made, Action.QUARANTINE)
    both = staff(session, Role.EDITOR, Role.SAFETY_REVIEWER)
    desk.step(made, Action.REOPEN, by=both)
    desk.step(made, Action.ASK_SAFETY_REVIEW, by=both)
    assert authors(session, made) == {both}
    assert not workflow.may_review(session, both, made)
    assert workflow.may_review(session, desk.reviewer, made)


def test_an_incident_that_was_sent_back_is_handed_in_by_its_author(session: Session) -> None:
    desk = Desk(session)
    made = desk.bring(record(session, minimal(), by=desk.monitor)[0], Status.DRAFT)
    workflow.submit(session, made, by=desk.monitor)
    assert (made.status, operations.revisions(session, made)[-1].action) == (Status.SUBMITTED, "submit")


def test_the_words_of_a_draft_can_change_without_a_step(session: Session) -> None:
    desk = Desk(session)
    stays = {Status.SUBMITTED, Status.DRAFT, Status.IN_REVIEW}
    for stage in (*stays, Status.SAFETY_REVIEW, Status.APPROVED, Status.EMBARGOED):
        made = desk.bring(record(session, minimal(f"a-{stage.replace('_', '-')}"))[0], stage)
        amend(session, made, "Other words", desk.editor)
        # What was weighed was another text.
        assert made.status == (stage if stage in stays else Status.IN_REVIEW)
        assert (made.amendment, made.embargo_until) == (None, None)
        assert made.version == operations.revisions(session, made)[-1].number


def test_the_documentation_prints_the_table_of_steps() -> None:
    page = (PROJECT / "docs" / "workflow.md").read_text(encoding="utf-8")
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in page.splitlines() if line[:1] == "|"]
    printed = {cells[0].split(",")[0]: cells for cells in rows[2:]}
    assert list(printed) == [step.action.label for step in STEPS.values()]
    for step in STEPS.values():
        said, before, to = printed[step.action.label]
        assert said.endswith(", with a reason") == step.needs_reason
        assert to.split(";")[0] == step.to.label.lower()
        named = {status for status in Status if status.label.lower() in before.split(", ")}
        assert named == step.before or before.startswith("anywhere but")
