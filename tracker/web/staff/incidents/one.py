"""The staff view of one incident: everything that is recorded, what readers are told of it, and what can be done."""

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from tracker.registry import workflow
from tracker.registry.accounts.people import staff_names
from tracker.registry.models import DuplicateRuling, Incident
from tracker.registry.permissions import may
from tracker.vocabulary.staff import Action
from tracker.web.staff import reading_log
from tracker.web.staff.context import me, page, reading
from tracker.web.staff.entry.showing import DONE, site_languages
from tracker.web.staff.incidents.telling import told
from tracker.web.staff.objects import incident_for
from tracker.web.staff.places.placed import placed
from tracker.web.staff.references.notices import NOTICES as RULINGS
from tracker.web.staff.review import mentions
from tracker.web.staff.review.steps import NOTICES as STEPS
from tracker.web.translation import gettext_noop

NOTICES = {
    **RULINGS,
    **STEPS,
    **DONE,
    "restored": gettext_noop("Restored, as a new revision."),
}


def incident(incident_id: str) -> str:
    """The whole record of one incident; showing its confidential parts is written down."""
    with reading() as session:
        found = incident_for(session, incident_id, Action.READ)
        shown = page(
            "staff/incident.html",
            notices=NOTICES,
            incident=found,
            told=told(session, found),
            open_steps=workflow.steps_open_to(session, me(), found),
            author=staff_names(session)[found.created_by] if found.created_by else None,
            placed=placed(found, staff_names(session)),
            languages=site_languages(session),
            rulings=_rulings(session, found),
            named_elsewhere=mentions.named_elsewhere(session, found),
            names_hidden=mentions.names_in_public(session, found),
        )
        groups = reading_log.groups_of(found)
    # Only what is written down is shown: if this fails, so does the page.
    reading_log.note(found, groups)
    return shown


def _rulings(session: Session, incident: Incident) -> list[tuple[DuplicateRuling, Incident]]:
    """What was decided about other incidents like this one, of those that may be read."""
    mine = or_(DuplicateRuling.first_id == incident.id, DuplicateRuling.second_id == incident.id)
    found = []
    for ruling in session.scalars(select(DuplicateRuling).where(mine).order_by(DuplicateRuling.at.desc())):
        other_id = ruling.second_id if ruling.first_id == incident.id else ruling.first_id
        other = session.get(Incident, other_id)
        if other is not None and may(me(), Action.READ, other):
            found.append((ruling, other))
    return found
