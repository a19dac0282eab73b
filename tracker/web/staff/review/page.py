"""The review page: what to weigh, the exact public record, what would change, and the decision."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from flask import request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from tracker.dataset.canonical import RecordProblem
from tracker.publication.steps import Particulars, Weighing, digest_of, open_problems, take
from tracker.registry import workflow
from tracker.registry.accounts.people import staff_names
from tracker.registry.drafts import Problem
from tracker.registry.models import Incident
from tracker.registry.operations import Refused, Stale
from tracker.registry.permissions import may
from tracker.vocabulary import Status
from tracker.vocabulary.staff import Action, ReviewAnswer, ReviewCheck
from tracker.web.staff import reading_log
from tracker.web.staff.context import actor, me, page, reading, writing
from tracker.web.staff.objects import incident_for
from tracker.web.staff.review import answers, mentions
from tracker.web.staff.review.hints import hints
from tracker.web.staff.review.record import Exact, as_article, as_page, exact, picture_of
from tracker.web.staff.review.steps import LONGEST_REASON, NOTICES, asked_reason, asked_version, back_to
from tracker.web.staff.routing import Route
from tracker.web.translation import gettext

DECISIONS = {"clear": Action.CLEAR, "object": Action.OBJECT}


@dataclass(frozen=True, slots=True)
class Answered:
    """The form as it was filled in: what was answered, what is wrong with it, and where."""

    answers: dict[str, tuple[str | None, str]] = field(default_factory=dict)
    residual_risk: str = ""
    review_again_on: str = ""
    why: str = ""
    problems: Sequence[tuple[str, str]] = ()

    def problem(self, id: str) -> str | None:
        """What is wrong with one field."""
        return dict(self.problems).get(id)


def review(incident_id: str) -> str:
    """The review page."""
    with reading() as session:
        incident = incident_for(session, incident_id, Action.READ)
        shown = _page(session, incident, Answered())
        groups = reading_log.groups_of(incident)
    reading_log.note(incident, groups, "review")
    return shown


def _page(session: Session, incident: Incident, answered: Answered) -> str:
    made, cannot = _exact(session, incident)
    names = staff_names(session)
    is_author = actor() in workflow.authors(session, incident)
    return page(
        "staff/review/review.html",
        notices=NOTICES,
        incident=incident,
        hints=hints(session, incident),
        checks=list(ReviewCheck),
        review_answers=list(ReviewAnswer),
        answered=answered,
        made=made,
        cannot=cannot,
        article=as_article(made) if made else None,
        picture=picture_of(made) if made else None,
        digest=digest_of(session, incident),
        problems=answers.sentences(open_problems(session, incident)),
        reviews=[(each, names[each.reviewer]) for each in workflow.reviews(session, incident)],
        may_decide=_may_decide(session, incident),
        is_author=is_author,
        one_person=workflow.one_person(session),
        open_steps=workflow.steps_open_to(session, me(), incident),
        needs_reason=_needs_reason(session, incident),
        named_elsewhere=mentions.named_elsewhere(session, incident),
        names_hidden=mentions.names_in_public(session, incident),
    )


def _exact(session: Session, incident: Incident) -> tuple[Exact | None, str | None]:
    try:
        return exact(session, incident), None
    except RecordProblem as problem:
        return None, problem.path


def _may_decide(session: Session, incident: Incident) -> bool:
    return Action.CLEAR in workflow.steps_open_to(session, me(), incident)


def _needs_reason(session: Session, incident: Incident) -> bool:
    """Whether somebody took this off the site without having said why yet."""
    if incident.status != Status.QUARANTINED or not may(me(), Action.REOPEN, incident):
        return False
    return not workflow.quarantine_explained(session, incident)


def decide(incident_id: str) -> Response | answers.Answer:
    """Take the decision of a safety reviewer."""
    version, action = asked_version(), DECISIONS.get(request.form.get("decision", ""), Action.OBJECT)
    answered, weighing = _asked()
    found = list(answered.problems)
    try:
        with writing() as session:
            incident = incident_for(session, incident_id, Action.READ)
            if incident.version != version or digest_of(session, incident) != request.form.get("record"):
                raise Stale
            if not found:
                told = Particulars(weighing=weighing)
                take(session, incident, action, by=actor(), why=asked_reason(), particulars=told)
    except Stale:
        return answers.overtaken(incident_id, answered.why)
    except Refused as refused:
        if any(problem.path[:1] in {("status",), ("by",)} for problem in refused.problems):
            return answers.not_now(incident_id, refused.problems)
        found += [(_field_of(problem), answers.sentence(problem)) for problem in refused.problems]
    if found:
        return _again(incident_id, answered, found)
    return back_to(incident_id, str(action))


def _again(incident_id: str, answered: Answered, found: Sequence[tuple[str, str]]) -> answers.Answer:
    """The page with the form as it was filled in, and everything that is wrong with it."""
    with reading() as session:
        incident = incident_for(session, incident_id, Action.READ)
        wrong = Answered(
            answered.answers, answered.residual_risk, answered.review_again_on, answered.why, list(dict.fromkeys(found))
        )
        return _page(session, incident, wrong), 422


def _asked() -> tuple[Answered, Weighing]:
    """The form as it was sent."""
    asked: dict[str, tuple[str | None, str]] = {
        check: (request.form.get(f"check-{check}") or None, request.form.get(f"note-{check}", "").strip())
        for check in ReviewCheck
    }
    risk, again_on = request.form.get("residual_risk", "").strip(), request.form.get("review_again_on", "").strip()
    problems, again = [], None
    if again_on:
        try:
            again = date.fromisoformat(again_on)
        except ValueError:
            problems.append(("review_again_on", gettext("This is not a day; write it as 2020-10-05.")))
    texts = {f"note-{check}": note for check, (_answer, note) in asked.items()} | {"residual_risk": risk}
    too_long = [name for name, words in texts.items() if len(words) > LONGEST_REASON or "\0" in words]
    problems += [(name, gettext("This text is too long.")) for name in too_long]
    why = request.form.get("why", "").strip()
    return Answered(asked, risk, again_on, why, problems), Weighing(asked, risk or None, again)


def _field_of(problem: Problem) -> str:
    """The id of the field that a problem belongs to."""
    if problem.path[:1] == ("checklist",):
        return f"{'note' if problem.path[-1] == 'note' else 'check'}-{problem.path[1]}"
    return "why" if problem.path == ("why",) else "problems"


def preview(incident_id: str) -> str:
    """The public page in full, as a reader would get it if the incident were published now."""
    with reading() as session:
        incident = incident_for(session, incident_id, Action.READ)
        return as_page(exact(session, incident))


ROUTES = [
    Route("/incidents/<incident_id>/review", "review", review, Action.READ),
    Route("/incidents/<incident_id>/review", "decide", decide, Action.CLEAR, ("POST",)),
    Route("/incidents/<incident_id>/preview", "preview", preview, Action.READ),
]
