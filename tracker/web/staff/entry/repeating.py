"""Another incident from the same source or of the same event: what the two have in common, and nothing about people."""

from sqlalchemy.orm import Session

from tracker.registry.drafts import ActDraft, IncidentDraft, InvolvementDraft
from tracker.registry.models import Incident
from tracker.web.staff.entry.conflict import draft_of_incident
from tracker.web.staff.entry.fields import Pair
from tracker.web.staff.entry.filling import form_from
from tracker.web.staff.entry.registry import RegistryNames


def repeated(session: Session, incident: Incident, *, same_event: bool) -> list[Pair]:
    """The pairs of a new form. Victims, what they agreed to, notes and texts are never carried over."""
    of = draft_of_incident(incident)
    draft = IncidentDraft(
        date=of.date,
        place=of.place,
        topics=of.topics,
        covering=of.covering,
        sources=of.sources,
        related=[of.key] if of.key else [],
        acts=[ActDraft(involvements=_perpetrators(of))] if same_event else [],
    )
    return form_from(draft, RegistryNames(session, incident), kept=False)


def _perpetrators(draft: IncidentDraft) -> list[InvolvementDraft]:
    """Everybody who had a part in an act, once."""
    found = {involvement.model_dump_json(): involvement for act in draft.acts for involvement in act.involvements}
    return list(found.values())
