"""Taking the steps of the workflow: none can be skipped, and each is judged in the transaction that writes."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.support.desk import ALL_YES, AMENDED, WEIGHED, Desk, staff
from tests.support.drafts import found, incident, minimal, record, settle, site, victim, where, with_victims
from tracker import publication
from tracker.dataset import store
from tracker.dataset.fields import Kind
from tracker.db import Database, utc_now
from tracker.publication.steps import Particulars, Weighing, open_problems, review_problems, take
from tracker.registry import audit, operations, upkeep
from tracker.registry.drafts import PersonDraft
from tracker.registry.mapping import draft_of, snapshot
from tracker.registry.models import AuditEntry, Incident, Person, Revision, SafetyReview
from tracker.registry.operations import Refused, Stale
from tracker.registry.workflow import STEPS, can_begin, stage_after
from tracker.vocabulary import Status, WithdrawalReason
from tracker.vocabulary.staff import Action, ReviewCheck, Role

SUBMITTED = (
    Status.SUBMITTED,
    Status.DRAFT,
    Status.IN_REVIEW,
    Status.SAFETY_REVIEW,
    Status.APPROVED,
    Status.EMBARGOED,
    Status.PUBLISHED,
    Status.QUARANTINED,
    Status.WITHDRAWN,
)


@pytest.fixture
def world(database: Database) -> Database:
    """A database in which the world is recorded, on SQLite and on PostgreSQL in turn."""
    with database.write() as session:
        settle(session)
    return database


@pytest.fixture
def session(world: Database) -> Iterator[Session]:
    """A transaction in which the world is recorded."""
    with world.write() as session:
        yield session


@pytest.fixture
def desk(session: Session) -> Desk:
    """The people of the desk."""
    return Desk(session)


def amend(session: Session, made: Incident, **known: object) -> None:
    raw = snapshot(made) | {"title": {"en": "Other words"}} | known
    operations.amend(session, made, incident(raw), by="staff:anna")


def refused(session: Session, made: Incident, action: Action, by: str, **told: object) -> list[str]:
    with pytest.raises(Refused) as said:
        take(session, made, action, by=by, **{"why": "a reason", **told})  # type: ignore[arg-type]
    return where(said.value.problems)


def standing(session: Session, made: Incident) -> tuple[object, ...]:
    """All that a step could change."""
    rows = [session.scalar(select(func.count()).select_from(table)) for table in (Revision, AuditEntry, SafetyReview)]
    return made.status, made.amendment, made.embargo_until, made.version, snapshot(made), *rows


# Every step at every stage.


@pytest.mark.parametrize("published", [False, True], ids=["never-published", "published"])
def test_each_step_at_each_stage_moves_as_the_table_says_or_changes_nothing(
    session: Session, desk: Desk, published: bool
) -> None:
    everything = staff(session, Role.MONITOR, Role.EDITOR, Role.SAFETY_REVIEWER, name="all")
    for stage in AMENDED if published else SUBMITTED:
        made = record(session, minimal(f"a-{stage.replace('_', '-')}"))[0]
        if published:
            desk.bring(made, Status.PUBLISHED)
            amend(session, made)
        desk.bring(made, stage)
        assert made.stage is stage
        for action in STEPS:
            _try(session, desk, made, action, everything)


def _try(session: Session, desk: Desk, made: Incident, action: Action, by: str) -> None:
    before, to, status = standing(session, made), stage_after(made, action), made.status
    moves = can_begin(made, action)
    trial = session.begin_nested()
    if moves:
        early = Particulars(weighing=ALL_YES, until=utc_now() + timedelta(days=2), early=True)
        desk.step(made, action, by=by, particulars=early)
        assert made.stage is to, (before, action)
        assert made.status == (Status.PUBLISHED if status == Status.PUBLISHED and made.amendment else to)
        revision = operations.revisions(session, made)[-1]
        assert (revision.number, revision.action, revision.actor) == (made.version, action, by)
        entry = session.scalars(select(AuditEntry).order_by(AuditEntry.number.desc())).first()
        assert entry is not None
        assert (entry.event, entry.object_id) == (STEPS[action].event, made.id)
    else:
        assert "status" in refused(session, made, action, by)
    trial.rollback()
    session.expire_all()
    assert standing(session, made) == before, (before, action)


def test_the_reason_for_a_refusal_names_the_stages_from_which_it_can_be_done(session: Session, desk: Desk) -> None:
    made = record(session, minimal())[0]
    with pytest.raises(Refused, match=r"publish cannot be done from here.*approved, embargoed"):
        take(session, made, Action.PUBLISH, by=desk.editor)


@pytest.mark.parametrize("action", [a for a, step in STEPS.items() if step.needs_reason])
def test_some_steps_need_a_reason(session: Session, desk: Desk, action: Action) -> None:
    from_here = {Action.SEND_BACK: Status.APPROVED, Action.OBJECT: Status.SAFETY_REVIEW, Action.REOPEN: "quarantined"}
    made = desk.bring(record(session, minimal())[0], Status(from_here.get(action, Status.SUBMITTED)))
    by = desk.reviewer if action is Action.OBJECT else desk.editor
    assert refused(session, made, action, by, why="  ") == ["why"]


def test_each_step_leaves_one_revision_and_one_entry_in_an_unbroken_log(session: Session, desk: Desk) -> None:
    made = desk.bring(record(session, minimal())[0], Status.PUBLISHED)
    actions = [revision.action for revision in operations.revisions(session, made)]
    assert actions == ["record", "take_up", "ask_safety_review", "clear", "publish"]
    assert session.scalar(select(func.count()).select_from(AuditEntry)) == 4
    assert audit.broken_at(session) is None


def test_a_step_on_top_of_an_older_version_is_stale(session: Session, desk: Desk) -> None:
    made = record(session, minimal())[0]
    amend(session, made)
    with pytest.raises(Stale):
        take(session, made, Action.TAKE_UP, by=desk.editor, expected_version=1)


# Rights are judged where the step is taken.


@pytest.mark.parametrize("role", [Role.MONITOR, Role.SAFETY_REVIEWER, Role.ADMINISTRATOR])
def test_nobody_but_an_editor_publishes(session: Session, desk: Desk, role: Role) -> None:
    somebody = staff(session, role, name="somebody")
    made = desk.bring(record(session, minimal(), by=somebody)[0], Status.APPROVED)
    assert refused(session, made, Action.PUBLISH, somebody) == ["by"]
    assert refused(session, made, Action.PUBLISH, "staff:nobody") == ["by"]
    assert refused(session, made, Action.PUBLISH, "import:anna") == ["by"]


def test_an_author_cannot_be_the_safety_reviewer(session: Session, desk: Desk) -> None:
    both = staff(session, Role.MONITOR, Role.SAFETY_REVIEWER)
    made = desk.bring(record(session, minimal(), by=both)[0], Status.SAFETY_REVIEW)
    for action in (Action.CLEAR, Action.OBJECT):
        assert refused(session, made, action, both, particulars=WEIGHED) == ["by"]


def test_an_organisation_of_one_person_reviews_its_own_texts_knowingly_and_it_is_noted(
    session: Session, desk: Desk
) -> None:
    alone = staff(session, Role.EDITOR, Role.SAFETY_REVIEWER)
    operations.record(session, site().model_copy(update={"one_person": True}), by=alone)
    made = desk.bring(record(session, minimal(), by=alone)[0], Status.SAFETY_REVIEW)
    take(session, made, Action.CLEAR, by=alone, particulars=WEIGHED)
    assert session.scalars(select(SafetyReview)).one().by_author is True


# The safety review.


def test_a_review_is_kept_with_its_answers_and_the_version_that_it_read(session: Session, desk: Desk) -> None:
    made = desk.bring(record(session, minimal())[0], Status.SAFETY_REVIEW)
    read = made.version
    answers = Weighing({**ALL_YES.answers, ReviewCheck.PLACE: ("no", "too near")}, "some", date(2027, 1, 1))
    take(session, made, Action.CLEAR, by=desk.reviewer, particulars=Particulars(weighing=answers))
    review = session.scalars(select(SafetyReview)).one()
    assert (review.incident_version, review.decision, review.by_author) == (read, "cleared", False)
    assert review.checklist["place"] == {"answer": "no", "note": "too near"}
    assert (review.residual_risk, review.review_again_on) == ("some", date(2027, 1, 1))


@pytest.mark.parametrize("check", list(ReviewCheck))
def test_a_text_is_not_cleared_while_a_check_is_unanswered(session: Session, desk: Desk, check: ReviewCheck) -> None:
    made = desk.bring(record(session, minimal())[0], Status.SAFETY_REVIEW)
    for answer, missing in (((None, ""), ""), (("no", " "), ".note"), (("perhaps", ""), "")):
        told = Particulars(weighing=Weighing({**ALL_YES.answers, check: answer}))
        said = refused(session, made, Action.CLEAR, desk.reviewer, particulars=told)
        assert said == [f"checklist.{check}{missing}"]


def test_an_objection_leads_back_to_review_and_stands_in_the_history(session: Session, desk: Desk) -> None:
    made = desk.bring(record(session, minimal())[0], Status.SAFETY_REVIEW)
    desk.step(made, Action.OBJECT, particulars=Particulars())
    assert (made.stage, session.scalars(select(SafetyReview.decision)).one()) == (Status.IN_REVIEW, "objected")


def test_no_review_is_asked_for_with_an_open_problem(session: Session, desk: Desk) -> None:
    raw = with_victims(victim("bakyt", naming="withheld", name_published_in=[]), summary={"en": "Bakyt Proberov."})
    made = desk.bring(record(session, raw)[0], Status.IN_REVIEW)
    assert where(open_problems(session, made)) == ["summary.en"]
    assert refused(session, made, Action.ASK_SAFETY_REVIEW, desk.editor) == ["summary.en"]


def test_a_cleared_review_holds_for_no_other_words(session: Session, desk: Desk) -> None:
    made = desk.bring(record(session, minimal())[0], Status.APPROVED)
    assert review_problems(session, made) == []
    amend(session, made)
    assert made.stage is Status.IN_REVIEW
    # Even if somebody wrote the status by hand.
    made.status = Status.APPROVED
    assert refused(session, made, Action.PUBLISH, desk.editor) == ["review"]


def test_a_cleared_review_holds_for_no_other_public_record(session: Session, desk: Desk) -> None:
    made = desk.bring(record(session, with_victims(victim("aida")))[0], Status.APPROVED)
    aida = found(session, Person, "aida")
    operations.amend(session, aida, PersonDraft(key="aida", name="Aida Otherova"), by="staff:anna")
    assert refused(session, made, Action.PUBLISH, desk.editor) == ["review"]


# Embargoes.


def test_nobody_publishes_before_an_embargo_ends_but_knowingly(session: Session, desk: Desk) -> None:
    made = desk.bring(record(session, minimal())[0], Status.EMBARGOED)
    assert refused(session, made, Action.PUBLISH, desk.editor) == ["embargo_until"]
    with pytest.raises(Refused):
        publication.publish(session, made, by="import:anna")
    take(session, made, Action.PUBLISH, by=desk.editor, particulars=Particulars(early=True))
    assert [r.action for r in operations.revisions(session, made)][-2:] == ["lift", "publish"]
    assert (made.status, made.embargo_until) == (Status.PUBLISHED, None)


def test_an_embargo_needs_an_instant_to_come(session: Session, desk: Desk) -> None:
    made = desk.bring(record(session, minimal())[0], Status.APPROVED)
    for until in (None, utc_now() - timedelta(seconds=1)):
        told = Particulars(until=until)
        assert refused(session, made, Action.EMBARGO, desk.editor, particulars=told) == ["embargo_until"]


def test_an_embargo_on_changes_leaves_what_is_public_as_it_is(session: Session, desk: Desk) -> None:
    made = desk.bring(record(session, minimal())[0], Status.PUBLISHED)
    amend(session, made)
    desk.bring(made, Status.EMBARGOED)
    assert (made.status, made.stage) == (Status.PUBLISHED, Status.EMBARGOED)
    assert _title(session, made) == "A crew is turned away"


def _title(session: Session, made: Incident) -> str | None:
    public = store.current(session, Kind.INCIDENT, made.id)
    return public.record["title"]["en"] if public else None


# What is public stays so, or goes at once.


def test_changes_to_a_public_incident_are_public_only_at_the_end_of_their_way(session: Session, desk: Desk) -> None:
    made = desk.bring(record(session, minimal())[0], Status.PUBLISHED)
    amend(session, made)
    for action in (Action.ASK_SAFETY_REVIEW, Action.CLEAR):
        desk.step(made, action)
        assert (made.status, _title(session, made)) == (Status.PUBLISHED, "A crew is turned away")
    desk.step(made, Action.PUBLISH)
    assert (made.amendment, _title(session, made)) == (None, "Other words")


def test_a_record_that_comes_back_from_quarantine_keeps_its_day_and_counts_on(session: Session, desk: Desk) -> None:
    made = record(session, minimal())[0]
    past = utc_now() - timedelta(days=400)
    publication.Gate(session, by="editor", at=past).publish([made])
    amend(session, made)
    desk.bring(made, Status.PUBLISHED)
    desk.step(made, Action.QUARANTINE)
    assert _title(session, made) is None
    desk.step(made, Action.REOPEN)
    desk.bring(made, Status.PUBLISHED)
    public = store.current(session, Kind.INCIDENT, made.id)
    assert public is not None
    assert (public.record["published_on"], public.record["revision"]) == (past.date().isoformat(), 3)
    assert made.version == operations.revisions(session, made)[-1].number


def test_a_withdrawal_tells_its_reason_and_successor(session: Session, desk: Desk) -> None:
    one, two = (desk.bring(record(session, minimal(key))[0], Status.PUBLISHED) for key in ("one", "two"))
    told = Particulars(reason=WithdrawalReason.MERGED, successor=two)
    desk.step(one, Action.WITHDRAW, particulars=told)
    assert (one.status, _title(session, one)) == (Status.WITHDRAWN, None)


@pytest.mark.parametrize("action", [Action.QUARANTINE, Action.WITHDRAW])
def test_taking_something_back_asks_for_the_files_to_be_cleared_in_the_same_transaction(
    session: Session, desk: Desk, action: Action
) -> None:
    made = desk.bring(record(session, minimal())[0], Status.PUBLISHED)
    assert not upkeep.is_wanted(session, upkeep.PURGE)
    desk.step(made, action)
    assert upkeep.is_wanted(session, upkeep.PURGE)


def test_a_draft_reads_back_after_all_steps(session: Session, desk: Desk) -> None:
    made = desk.bring(record(session, minimal())[0], Status.PUBLISHED)
    assert draft_of(made) == incident(minimal())
