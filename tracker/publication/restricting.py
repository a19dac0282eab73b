"""Making a public incident say less at once: a name, an account, an exact place or a source withheld.

What is restricted is the text that is public, in all its versions; changes that wait for review go on waiting, with
the same restriction applied to them.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.publication import names, verbs
from tracker.publication.closing import close, forget_sources, with_twins
from tracker.publication.gate import Gate, Outcome, without_history
from tracker.publication.less import only_without, tells_more, without
from tracker.publication.places import recorded_precision, withheld_parts
from tracker.publication.published import affected, as_shown, hush, hushed, published_text, take_turn_for
from tracker.publication.record import PublicRecord
from tracker.registry import audit, operations
from tracker.registry.directory import Directory
from tracker.registry.drafts import IncidentDraft, Path, Problem, VictimDraft
from tracker.registry.mapping import draft_of
from tracker.registry.models import Incident, Source
from tracker.registry.operations import Refused, Stale
from tracker.vocabulary import Consent, Naming, PlacePrecision, Status
from tracker.vocabulary.staff import Action, AuditEvent


@dataclass(frozen=True, slots=True)
class Restriction:
    """What shall no longer be told.

    Attributes:
        names: keys of the people who are no longer named.
        accounts: of whom nothing is told in detail any more: keys of people, and `#act.victim` (numbers from 0) for
            victims of whom no person is recorded.
        precision: how exactly the place is shown from now on.
        sources: keys of the sources that become confidential, here and everywhere.
        texts: public texts from which somebody took words, by their place such as `summary.en`.
    """

    names: frozenset[str] = frozenset()
    accounts: frozenset[str] = frozenset()
    precision: PlacePrecision | None = None
    sources: frozenset[str] = frozenset()
    texts: Mapping[str, str] = field(default_factory=dict)


def restrict_public(
    session: Session, incident: Incident, restriction: Restriction, *, by: str, why: str, expected_version: int
) -> Outcome:
    """Restrict what is public of an incident, in all its versions, and what waits to be published of it.

    Raises `Stale`, and `Refused` where the incident is not public, where nothing would change, where the new record
    would tell anything that the present one does not, and where a text still tells what is withheld. After the
    commit the caller has `publication.purge` clear what was taken back.
    """
    if incident.version != expected_version:
        raise Stale(f"incident {incident.id} is at version {incident.version}")
    if incident.status != Status.PUBLISHED:
        raise Refused([Problem(("status",), "is not public", incident.status, Status.PUBLISHED)])
    waiting = draft_of(incident) if incident.amendment is not None else None
    public = published_text(session, incident)
    sources = _closing(session, restriction)
    # Sources before incidents, as imports write them, and in one order, so that no two wait for each other.
    for source in sorted(sources, key=lambda each: each.id):
        close(session, source, by=by, why=why)
    others = _others(session, incident, sources)
    take_turn_for(session, [incident, *others], sources)
    less = restricted(session, incident, public, restriction)
    _refuse_more(session, incident, less)
    gate = Gate(session, by=by, why=why)
    outcome = verbs.restrict(session, incident, less, by=by, why=why, gate=gate)
    if isinstance(waiting, IncidentDraft):
        carried = _with_same_edits(waiting, public, restriction)
        again = restricted(session, incident, carried, restriction, edits=False)
        operations.amend(session, incident, again, by=by, why=why, action="reapply")
    hush(session, gate, others, by=by)
    forget_sources(session, gate, sources)
    detail: audit.Detail = {"step": str(Action.RESTRICT), "version": incident.version}
    audit.write(session, AuditEvent.RESTRICTED, by=by, kind="incident", id=incident.id, detail=detail)
    return outcome


def look(session: Session, incident: Incident, restriction: Restriction) -> tuple[PublicRecord, list[Problem]]:
    """The public record as this restriction would leave it, and what stands against it; nothing is written."""
    closing = _closing(session, restriction)
    whole = replace(restriction, sources=frozenset(source.key for source in closing if source.key))
    less = restricted(session, incident, published_text(session, incident), whole)
    told, gate = as_shown(session, incident, less, closing), Gate(session, by="look")
    old = gate.standing([incident])[incident.id]
    new = gate.record(told, old)
    against, _going = hushed(session, gate, _others(session, incident, closing), closing)
    return new, [*_more(old, new), *gate.problems_of_less(told, old, new), *against]


def restricted(
    session: Session, incident: Incident, draft: IncidentDraft, restriction: Restriction, *, edits: bool = True
) -> IncidentDraft:
    """A text of an incident with a restriction applied: fields first, then every text that tells what they withhold."""
    made = draft.model_copy(deep=True)
    # A source that was made confidential since, or that nobody can find any more, proves no name; it is one of those
    # changes that keep something back.
    proving = Directory(session).known([made]).shown_sources - restriction.sources
    for place, victim in _victims(made):
        _restrict_victim(victim, place, restriction, proving)
    _coarsen(session, incident, made, restriction.precision)
    if edits:
        _each_text(made, lambda path, words: restriction.texts.get(path, words))
    as_withheld = as_shown(session, incident, made)
    hidden, public = names.withheld_names(as_withheld), names.public_names(as_withheld)
    parts = withheld_parts(as_withheld.place)
    _each_text(made, lambda _path, words: without(without(words, hidden, public), parts, by_parts=False))
    return made


def public_texts(draft: IncidentDraft) -> dict[str, str]:
    """The texts of an incident that readers see, by their place such as `summary.en`."""
    found: dict[str, str] = {}

    def keep(path: str, words: str) -> str:
        found[path] = words
        return words

    _each_text(draft, keep)
    return found


def _victims(draft: IncidentDraft) -> Iterator[tuple[str, VictimDraft]]:
    for number, act in enumerate(draft.acts):
        yield from ((f"#{number}.{row}", victim) for row, victim in enumerate(act.victims))


def _restrict_victim(victim: VictimDraft, place: str, restriction: Restriction, proving: frozenset[str]) -> None:
    if victim.person is not None and victim.person in restriction.names:
        victim.naming = Naming.WITHHELD
        victim.name_published_in = []
    victim.name_published_in = [key for key in victim.name_published_in if key in proving]
    if (victim.person or place) in restriction.accounts:
        victim.consent = victim.consent.model_copy(update={"publish_account": Consent.WITHDRAWN})


def _coarsen(session: Session, incident: Incident, draft: IncidentDraft, wanted: PlacePrecision | None) -> None:
    place = draft.place
    if wanted is None or place is None:
        return
    recorded = recorded_precision(as_shown(session, incident, draft).place)
    shown = place.public_precision or recorded
    if wanted is not shown and wanted.coarser_or_equal(shown):
        place.precision = place.precision or recorded
        place.public_precision = wanted


def _each_text(draft: IncidentDraft, change: Callable[[str, str], str]) -> None:
    """Replace every text that people wrote for readers; one of which nothing is left goes."""

    def changed(prefix: str, texts: Mapping[str, str]) -> dict[str, str]:
        made = {language: change(f"{prefix}.{language}", words).strip() for language, words in texts.items()}
        return {language: words for language, words in made.items() if words}

    draft.title, draft.summary = changed("title", draft.title), changed("summary", draft.summary)
    for number, act in enumerate(draft.acts):
        act.description = changed(f"acts.{number}.description", act.description)
        rows = [*((f"victims.{n}", v) for n, v in enumerate(act.victims))]
        for name, victim in rows:
            if victim.description:
                victim.description = change(f"acts.{number}.{name}.description", victim.description).strip() or None
        for row, part in enumerate(act.involvements):
            if part.description:
                path = f"acts.{number}.involvements.{row}.description"
                part.description = change(path, part.description).strip() or None
    for number, follow_up in enumerate(draft.follow_ups):
        follow_up.text = changed(f"follow_ups.{number}.text", follow_up.text)


def _with_same_edits(waiting: IncidentDraft, public: IncidentDraft, restriction: Restriction) -> IncidentDraft:
    """What waits, with the words taken out that were taken out of the same texts in public."""
    made, before = waiting.model_copy(deep=True), public_texts(public)
    _each_text(made, lambda path, words: restriction.texts.get(path, words) if before.get(path) == words else words)
    return made


def _closing(session: Session, restriction: Restriction) -> list[Source]:
    """The sources that a restriction makes confidential."""
    chosen = select(Source).where(Source.key.in_(restriction.sources))
    return with_twins(session, session.scalars(chosen).all())


def _refuse_more(session: Session, incident: Incident, less: IncidentDraft) -> None:
    gate = Gate(session, by="check")
    old = gate.standing([incident])[incident.id]
    new: PublicRecord = gate.record(as_shown(session, incident, less), old)
    found = _more(old, new)
    if not found and without_history(new) == without_history(old):
        found = [Problem((), "nothing would be withheld by this", None, "at least one thing that is public now")]
    if found:
        raise Refused(found)


def _more(old: PublicRecord, new: PublicRecord) -> list[Problem]:
    message, allowed = "would tell more than is public now", "what is public now, or less"
    return [Problem(path, message, None, allowed) for path in tells_more(old, new)]


def _others(session: Session, incident: Incident, closing: Iterable[Source]) -> list[Incident]:
    """The other public incidents that cite sources which become confidential."""
    named = [each for source in closing for each in affected(session, source)]
    return [other for other in dict.fromkeys(named) if other is not incident]


def edit_problems(before: Mapping[str, str], edits: Mapping[str, str]) -> list[Problem]:
    """A problem for each edited text that is more than the old one with words taken out."""
    return [
        Problem(_path_of(place), "words can only be taken out here", None, "the present text with words taken out")
        for place, words in edits.items()
        if not only_without(before.get(place, ""), words)
    ]


def _path_of(place: str) -> Path:
    return tuple(int(part) if part.isdecimal() else part for part in place.split("."))
