"""Another incident of the same event or from the same source: what the two have in common, and nothing about people.

Of one event they share when and where it was, who did it and what was being covered. One source may tell of several
events in several towns: what is carried over from it is the source itself and the topics, so that no date or place
that belongs to the other incident is handed in unseen.
"""

from sqlalchemy.orm import Session

from tracker.registry.drafts import ActDraft, CitationDraft, IncidentDraft, InvolvementDraft
from tracker.registry.models import Incident
from tracker.web.staff.entry.conflict import draft_of_incident
from tracker.web.staff.entry.fields import Pair
from tracker.web.staff.entry.filling import form_from
from tracker.web.staff.entry.registry import RegistryNames


def repeated(session: Session, incident: Incident, *, same_event: bool) -> list[Pair]:
    """The pairs of a new form. Victims, what they agreed to, notes and texts are never carried over."""
    of = draft_of_incident(incident)
    draft = _of_the_event(of) if same_event else _from_the_source(of)
    return form_from(draft, RegistryNames(session, incident), kept=False)


def _from_the_source(of: IncidentDraft) -> IncidentDraft:
    # On which page it stands, and which facts it supports, is said of the other incident.
    sources = [CitationDraft(source=citation.source) for citation in of.sources]
    return IncidentDraft(topics=of.topics, sources=sources)


def _of_the_event(of: IncidentDraft) -> IncidentDraft:
    return IncidentDraft(
        date=of.date,
        place=of.place,
        topics=of.topics,
        covering=of.covering,
        sources=of.sources,
        related=[of.key] if of.key else [],
        acts=[ActDraft(involvements=_perpetrators(of))],
    )


def _perpetrators(draft: IncidentDraft) -> list[InvolvementDraft]:
    """Everybody who had a part in an act, once."""
    found = {involvement.model_dump_json(): involvement for act in draft.acts for involvement in act.involvements}
    return list(found.values())
