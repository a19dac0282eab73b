"""What a form asks for, and whether anybody outside may hear of it."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.geocoding import Wanted
from tracker.publication.places import public_place
from tracker.registry.models import Incident, Source
from tracker.vocabulary import COUNTRIES, PlacePrecision, Status
from tracker.web.staff.entry.forms import IncidentForm
from tracker.web.staff.entry.rows import Row

NAMES = ("locality", "admin2", "admin1")
# As long as nobody may know of an incident, nobody outside is asked where it was.
KEPT_BACK = frozenset({Status.EMBARGOED, Status.QUARANTINED, Status.WITHDRAWN})


def wanted_in(form: IncidentForm) -> Wanted:
    """What the place fields ask for: the parts, or the words of the source where no part is filled."""
    parts = {name: form[f"place_{name}"].given() for name in NAMES}
    typed = form.place_country.given()
    country = typed if typed in COUNTRIES else None
    text = None if any(parts.values()) else form.place_as_reported.given()
    if parts["locality"] and "," in parts["locality"]:
        # "Osh, Kyrgyzstan", typed where only the town belongs.
        text = parts.pop("locality")
    return Wanted(text=text, venue=form.place_venue.given(), country=country, **parts)


def is_confidential(
    session: Session, tree: Row, incident: Incident | None, default: PlacePrecision | None = None
) -> bool:
    """Whether no outside service may be asked for this place.

    That is so where readers are shown a wider place than is recorded, by choice or by default; where a source is
    confidential; and where the incident is held back, off the site or withdrawn.
    """
    if incident is not None and (incident.stage in KEPT_BACK or public_place(incident.place).generalised):
        return True
    if _is_widened(tree.form, default):
        return True
    cited = incident.sources if incident is not None else ()
    return any(citation.source.confidential for citation in cited) or _cites_in_confidence(session, tree)


def _is_widened(form: IncidentForm, default: PlacePrecision | None) -> bool:
    recorded, shown = form.place_precision.given(), form.place_public_precision.given() or default
    return shown is not None and shown != recorded


def _cites_in_confidence(session: Session, tree: Row) -> bool:
    rows = [row.form for row in tree.rows["sources"] if not row.removed]
    if any(form.confidential.given() for form in rows):
        return True
    keys = {key for form in rows if (key := form.source_key.given()) and key.isprintable()}
    wanted = select(Source.id).where(Source.key.in_(sorted(keys)), Source.confidential).limit(1)
    return bool(keys) and session.scalars(wanted).first() is not None
