"""Answers that what was typed already gives: offered into empty fields of the form, marked as such, free to change.

Only what follows is offered: the country of a well-known city, and the role and outlet that somebody on record had
last. Nothing is filled in by the server; the page does it where its reader sees it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from babel import Locale
from babel.core import get_global
from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.publication import names as naming
from tracker.registry.models import Act, Incident, Person, Victim
from tracker.registry.permissions import may
from tracker.text import fold
from tracker.vocabulary import COUNTRIES, Status
from tracker.vocabulary.staff import Action
from tracker.web.staff.context import me
from tracker.web.staff.entry.rows import Row

LOOKED_AT = 5
LANGUAGES_OF_CITIES = ("en", "ru", "ky")


@dataclass(frozen=True, slots=True)
class Answer:
    """What may stand in the field of a name; `key` is that of a record, where the field names one."""

    name: str
    value: str
    key: str = ""


def answers(session: Session, tree: Row) -> list[Answer]:
    """What can be offered for the empty fields of a form."""
    return [*_country(tree), *(answer for row in tree.walk() for answer in _as_before(session, row))]


def _country(tree: Row) -> Iterator[Answer]:
    form = tree.form
    country = _cities().get(fold(form.place_locality.data or ""))
    if country and not form.place_country.data:
        yield Answer(form.place_country.name, country)


@cache
def _cities() -> dict[str, str]:
    """Countries by the names of the cities that the CLDR calls time zones after; cities of several are left out."""
    found: dict[str, set[str]] = {}
    for zone, country in get_global("zone_territories").items():
        if country not in COUNTRIES or zone.startswith("Etc/"):
            continue
        names = {zone.rpartition("/")[2].replace("_", " ")}
        names |= {Locale(code).time_zones.get(zone, {}).get("city", "") for code in LANGUAGES_OF_CITIES}
        for name in names - {""}:
            found.setdefault(fold(name), set()).add(country)
    return {name: next(iter(countries)) for name, countries in found.items() if len(countries) == 1}


def _as_before(session: Session, row: Row) -> Iterator[Answer]:
    """Role and outlet of a person on record, from the latest of their incidents that tells them to whoever types."""
    form = row.form
    if "person_key" not in form or not form.person_key.data or (form.role.data and form.outlet.data):
        return
    last = _last(session, form.person_key.data)
    if last is None:
        return
    if last.role and not form.role.data:
        yield Answer(form.role.name, last.role)
    if last.outlet is not None and last.outlet.key and not form.outlet.data:
        yield Answer(form.outlet.name, last.outlet.name, last.outlet.key)


def _last(session: Session, key: str) -> Victim | None:
    if not key.isprintable():
        return None
    found = session.execute(
        select(Victim, Incident)
        .join(Person, Victim.person_id == Person.id)
        .join(Act, Victim.act_id == Act.id)
        .join(Incident, Act.incident_id == Incident.id)
        .where(Person.key == key)
        .order_by(Incident.date_earliest.desc().nulls_last(), Incident.id)
        .limit(LOOKED_AT)
    )
    return next((victim for victim, incident in found if _tells(victim, incident)), None)


def _tells(victim: Victim, incident: Incident) -> bool:
    """Whether whoever types may know of it: they may read the incident, or readers are told who the victim is."""
    if may(me(), Action.READ, incident):
        return True
    public = incident.status == Status.PUBLISHED and incident.amendment is None
    return public and naming.may_name(victim, naming.shown_sources(incident))
