"""Making a public incident say less, at once: what to withhold, what that would leave, and doing it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from flask import request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from tracker.dataset import store
from tracker.dataset.fields import Kind
from tracker.publication import names
from tracker.publication.checks import texts_of
from tracker.publication.gate import without_history
from tracker.publication.places import public_place
from tracker.publication.published import as_shown
from tracker.publication.restricting import (
    Restriction,
    edit_problems,
    look,
    public_texts,
    restrict_public,
)
from tracker.registry.drafts import IncidentDraft, Problem
from tracker.registry.mapping import draft_of
from tracker.registry.models import Incident
from tracker.registry.operations import Refused, Stale, changes_between
from tracker.vocabulary import PlacePrecision, Status
from tracker.vocabulary.staff import Action
from tracker.web.staff import reading_log
from tracker.web.staff.context import actor, page, reading, writing
from tracker.web.staff.differences import Line, place_words, readable
from tracker.web.staff.objects import incident_for
from tracker.web.staff.review import answers
from tracker.web.staff.review.steps import asked_reason, asked_version, back_to, clear_up
from tracker.web.staff.routing import Route
from tracker.web.translation import gettext
from tracker.web.wording import capital, label

# A place is shown as a point or as an area; nobody is led to the internet by coarsening.
NEVER_COARSER = frozenset({PlacePrecision.ONLINE, PlacePrecision.UNKNOWN})


@dataclass(frozen=True, slots=True)
class Offer:
    """What can be withheld of the text that is public.

    Attributes:
        named: people who are named, by key.
        told: people of whom something is told in detail, by key or by `#act.victim`.
        precisions: coarser precisions for the place, by code.
        sources: open sources, by key.
        texts: the texts that readers see, by their place: what they are, and what they say.
    """

    named: Mapping[str, str]
    told: Mapping[str, str]
    precisions: Mapping[str, str]
    sources: Mapping[str, str]
    texts: Mapping[str, tuple[str, str]] = field(default_factory=dict)


def restrict(incident_id: str) -> str | Response | answers.Answer:
    """The form for a restriction, a look at what it would leave, and the restriction itself."""
    if request.method != "POST":
        with reading() as session:
            incident = _public(session, incident_id)
            groups = reading_log.groups_of(incident)
            shown = _form(session, incident)
        reading_log.note(incident, groups, "restrict")
        return shown
    version, why = asked_version(), asked_reason()
    if request.form.get("look") == "yes":
        with reading() as session:
            incident = _public(session, incident_id)
            return _looked_at(session, incident)
    try:
        with writing() as session:
            incident = incident_for(session, incident_id, Action.RESTRICT)
            asked = _asked(as_shown(session, incident), _said(session, incident))
            _refuse(asked, as_shown(session, incident), why)
            restrict_public(session, incident, asked, by=actor(), why=why or "", expected_version=version)
    except Stale:
        return answers.overtaken(incident_id, why or "")
    except Refused as refused:
        with reading() as session:
            return _form(session, _public(session, incident_id), refused.problems), 422
    clear_up()
    return back_to(incident_id, "restrict")


def _public(session: Session, incident_id: str) -> Incident:
    return incident_for(session, incident_id, Action.RESTRICT)


def _refuse(asked: Restriction, text: Incident, why: str | None) -> None:
    before = public_texts(_draft(text))
    found = edit_problems(before, {path: words for path, words in asked.texts.items() if before.get(path) != words})
    if not why:
        found.append(Problem(("why",), "is missing"))
    if found:
        raise Refused(found)


def _form(
    session: Session, incident: Incident, problems: Sequence[Problem] = (), changes: Sequence[Line] | None = None
) -> str:
    is_public = incident.status == Status.PUBLISHED
    return page(
        "staff/review/restrict.html",
        incident=incident,
        is_public=is_public,
        offer=_offer(as_shown(session, incident), _said(session, incident)) if is_public else None,
        asked=request.form,
        problems=[(_field_of(problem), answers.sentence(problem)) for problem in problems],
        wrong={_field_of(problem): answers.sentence(problem) for problem in problems},
        changes=changes,
    )


def _looked_at(session: Session, incident: Incident) -> answers.Answer:
    """The form with what would change; nothing is written."""
    if incident.status != Status.PUBLISHED:
        return answers.not_now(incident.id, [Problem(("status",), "is not public")])
    text = as_shown(session, incident)
    asked = _asked(text, _said(session, incident))
    public = store.current(session, Kind.INCIDENT, incident.id)
    assert public is not None
    new, problems = look(session, incident, asked)
    changes = readable(changes_between(without_history(public.record), without_history(new)))
    try:
        _refuse(asked, text, "only looked at")
    except Refused as refused:
        problems = refused.problems
    return _form(session, incident, problems, changes), 422 if problems else 200


def _said(session: Session, incident: Incident) -> set[str]:
    """Every text that the public record of an incident holds."""
    public = store.current(session, Kind.INCIDENT, incident.id)
    return {words for _path, words in texts_of(public.record)} if public else set()


def _asked(text: Incident, said: set[str]) -> Restriction:
    """What was chosen, of what is on offer; anything else is left out."""
    offer = _offer(text, said)
    precision = request.form.get("precision", "")
    texts = {path: _as_typed(request.form[f"text-{path}"]) for path in offer.texts if f"text-{path}" in request.form}
    return Restriction(
        names=frozenset(request.form.getlist("name")) & offer.named.keys(),
        accounts=frozenset(request.form.getlist("account")) & offer.told.keys(),
        precision=PlacePrecision(precision) if precision in offer.precisions else None,
        sources=frozenset(request.form.getlist("source")) & offer.sources.keys(),
        texts={path: words for path, words in texts.items() if words != offer.texts[path][1]},
    )


def _as_typed(words: str) -> str:
    """A text as it was before the browser sent it: forms end lines in their own way."""
    return words.replace("\r\n", "\n").replace("\r", "\n").strip()


def _offer(text: Incident, said: set[str]) -> Offer:
    shown = names.shown_sources(text)
    named: dict[str, str] = {}
    told: dict[str, str] = {}
    for number, act in enumerate(text.acts):
        for row, victim in enumerate(act.victims):
            unnamed = gettext("Act %(act)s, victim %(victim)s", act=number + 1, victim=row + 1)
            key = victim.person.key if victim.person and victim.person.key else f"#{number}.{row}"
            called = victim.person.name if victim.person else unnamed
            if victim.person and names.may_name(victim, shown):
                named[key] = called
            if victim.kind == "person" and names.may_tell(victim):
                told[key] = called
    texts = public_texts(_draft(text))
    present = public_place(text.place).precision
    coarser = [each for each in PlacePrecision if each.coarser_or_equal(present) and each is not present]
    return Offer(
        named,
        told,
        {each: label(each, "place_precision") for each in coarser if each not in NEVER_COARSER},
        _open_sources(text),
        {path: (place_words(_path(path)), words) for path, words in texts.items() if words in said},
    )


def _open_sources(text: Incident) -> dict[str, str]:
    found: dict[str, str] = {}
    cited = [citation.source for citation in text.sources]
    for source in [*cited, *(source for follow_up in text.follow_ups for source in follow_up.sources)]:
        if source.key and not source.confidential:
            parts = [part for part in (source.publisher, source.title) if part] or [source.url or source.key]
            found[source.key] = capital(", ".join(parts))
    return found


def _draft(text: Incident) -> IncidentDraft:
    draft = draft_of(text)
    assert isinstance(draft, IncidentDraft)
    return draft


def _path(place: str) -> tuple[str | int, ...]:
    return tuple(int(part) if part.isdecimal() else part for part in place.split("."))


def _field_of(problem: Problem) -> str:
    """The id of the field that a problem belongs to."""
    if problem.path == ("why",):
        return "why"
    place = ".".join(str(part) for part in problem.path)
    return f"text-{place}" if problem.message == "words can only be taken out here" else "what"


ROUTES = [Route("/incidents/<incident_id>/restrict", "restrict", restrict, Action.RESTRICT, ("GET", "POST"))]
