"""Taking an incident off the site: at once and until it was looked at, or for good."""

from flask import redirect, request, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from tracker.publication.steps import Particulars, take
from tracker.registry import audit, workflow
from tracker.registry.drafts import Problem
from tracker.registry.models import Incident
from tracker.registry.operations import Refused, Stale
from tracker.vocabulary import Status, WithdrawalReason
from tracker.vocabulary.staff import Action, AuditEvent
from tracker.web.staff.context import actor, page, reading, writing
from tracker.web.staff.objects import incident_for
from tracker.web.staff.review import answers
from tracker.web.staff.review.steps import asked_reason, asked_version, back_to, clear_up
from tracker.web.staff.routing import Route
from tracker.web.translation import gettext


def quarantine(incident_id: str) -> Response | answers.Answer:
    """Take an incident off the site now: whatever version somebody saw, and without a reason if need be."""
    why = asked_reason()
    try:
        with writing() as session:
            incident = incident_for(session, incident_id, Action.READ)
            take(session, incident, Action.QUARANTINE, by=actor(), why=why)
    except Refused as refused:
        return answers.not_now(incident_id, refused.problems)
    except Stale:
        # Somebody wrote it in this very moment: to be off the site must not wait for a second click.
        return quarantine(incident_id)
    clear_up()
    return redirect(url_for("staff.review", incident_id=incident_id, done="quarantine"))


def quarantine_reason(incident_id: str) -> Response | answers.Answer:
    """Keep the reason for a quarantine."""
    why = asked_reason()
    if not why:
        return redirect(url_for("staff.review", incident_id=incident_id))
    try:
        with writing() as session:
            incident = incident_for(session, incident_id, Action.REOPEN)
            workflow.explain_quarantine(session, incident, by=actor(), why=why)
            audit.write(
                session,
                AuditEvent.QUARANTINED,
                by=actor(),
                kind="incident",
                id=incident.id,
                detail={"step": workflow.EXPLAINED, "version": incident.version},
            )
    except Stale:
        return answers.overtaken(incident_id, why)
    return redirect(url_for("staff.review", incident_id=incident_id, done="quarantine_reason"))


def withdraw(incident_id: str) -> str | Response | answers.Answer:
    """The form for taking an incident back for good, and what it asks for."""
    if request.method != "POST":
        with reading() as session:
            return _form(incident_for(session, incident_id, Action.WITHDRAW))
    version, why = asked_version(), asked_reason()
    try:
        with writing() as session:
            _refuse_again(incident_for(session, incident_id, Action.READ))
            incident = incident_for(session, incident_id, Action.WITHDRAW)
            particulars, problems = _asked(session, incident, why)
            if not problems:
                take(
                    session,
                    incident,
                    Action.WITHDRAW,
                    by=actor(),
                    why=why,
                    expected_version=version,
                    particulars=particulars,
                )
    except Refused as refused:
        return answers.not_now(incident_id, refused.problems)
    except Stale:
        return answers.overtaken(incident_id, why or "")
    if problems:
        return _form(incident, problems), 422
    clear_up()
    return back_to(incident_id, "withdraw")


def _refuse_again(incident: Incident) -> None:
    """Say to whoever got no answer the first time that it was done, rather than that they may not."""
    if incident.status == Status.WITHDRAWN:
        raise Refused([Problem(("status",), "is withdrawn already", incident.status)])


def _form(incident: Incident, problems: list[tuple[str, str]] | None = None) -> str:
    return page(
        "staff/review/withdraw.html",
        incident=incident,
        problems=problems or [],
        wrong=dict(problems or []),
        reasons=list(WithdrawalReason),
        asked=request.form,
    )


def _asked(session: Session, incident: Incident, why: str | None) -> tuple[Particulars, list[tuple[str, str]]]:
    """What the tombstone is to tell, and what is wrong with that."""
    problems = [] if why else [("why", gettext("Say why."))]
    given, reference = request.form.get("reason", ""), request.form.get("successor", "").strip()
    reason = next((reason for reason in WithdrawalReason if reason == given), None)
    if reason is None:
        problems.append(("reason", gettext("Choose what readers are told.")))
    successor = _public_under(session, reference)
    if reason is WithdrawalReason.MERGED and (successor is None or successor is incident):
        problems.append(("successor", gettext("Give the reference of the public incident that stands for this one.")))
    elif reference and reason is not WithdrawalReason.MERGED:
        problems.append(("successor", gettext("Only an incident that was merged has a successor.")))
    return Particulars(reason=reason or WithdrawalReason.UNDISCLOSED, successor=successor), problems


def _public_under(session: Session, reference: str) -> Incident | None:
    if not reference or not (reference.isascii() and reference.isprintable()):
        return None
    wanted = select(Incident).where(Incident.reference == reference.upper(), Incident.status == Status.PUBLISHED)
    return session.scalars(wanted).first()


ROUTES = [
    Route("/incidents/<incident_id>/quarantine", "quarantine", quarantine, Action.QUARANTINE, ("POST",)),
    Route(
        "/incidents/<incident_id>/quarantine/reason", "quarantine_reason", quarantine_reason, Action.REOPEN, ("POST",)
    ),
    Route("/incidents/<incident_id>/withdraw", "withdraw", withdraw, Action.WITHDRAW, ("GET", "POST")),
]
