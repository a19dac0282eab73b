"""What a list shows of an incident. Names that are to be kept back are marked here, and not shown."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from tracker.publication.names import may_name, shown_sources
from tracker.registry.models import Incident, Place
from tracker.vocabulary import VictimKind
from tracker.web.translation import gettext, ngettext, page_locale
from tracker.web.wording import Text, capital, country, label, tongue


@dataclass(frozen=True, slots=True)
class Row:
    """One incident of a list.

    Attributes:
        who: the people and outlets that may be named in public.
        withheld: how many people have names that may not; their names are for the page of the incident alone, where
            reading them is written down.
    """

    id: str
    title: Text | None
    status: str
    stage: str
    reference: str | None
    when: str
    where: str
    violations: list[str]
    who: list[str]
    withheld: int
    sources: int
    author: str
    updated_at: datetime
    embargo_until: datetime | None


def rows_of(incidents: Iterable[Incident], names: Mapping[str, str]) -> list[Row]:
    """The rows of these incidents; `names` are those of the staff."""
    return [_row(incident, names) for incident in incidents]


def _row(incident: Incident, names: Mapping[str, str]) -> Row:
    who, withheld = people_and_outlets(incident)
    return Row(
        id=incident.id,
        title=tongue(incident.title),
        status=incident.status,
        stage=incident.stage.value,
        reference=incident.reference,
        when=when_words(incident),
        where=where_words(incident.place),
        violations=list(dict.fromkeys(label(act.violation, "violation") for act in incident.acts)),
        who=who,
        withheld=withheld,
        sources=len(incident.sources),
        author=names[incident.created_by] if incident.created_by else gettext("not recorded"),
        updated_at=incident.updated_at,
        embargo_until=incident.embargo_until,
    )


def when_words(incident: Incident) -> str:
    """The date of an incident in words."""
    if incident.date is None:
        return gettext("date not recorded")
    return capital(incident.date.in_words(str(page_locale()), gettext)) or gettext("date not known")


def where_words(place: Place | None) -> str:
    """The town and the country, or what else is known of the place."""
    if place is None:
        return gettext("not recorded")
    nearest = place.locality or place.admin2 or place.admin1
    return ", ".join(part for part in (nearest, country(place.country) if place.country else None) if part)


def people_and_outlets(incident: Incident) -> tuple[list[str], int]:
    """Who may be named, then the outlets, each once; and how many people may not."""
    shown = shown_sources(incident)
    victims = [victim for act in incident.acts for victim in act.victims]
    named = {v.person_id: v.person.name for v in victims if v.person is not None and may_name(v, shown)}
    withheld = {v.person_id for v in victims if v.kind == VictimKind.PERSON and v.person_id} - set(named)
    outlets = (victim.outlet.name for victim in victims if victim.outlet is not None)
    return list(dict.fromkeys([*named.values(), *outlets])), len(withheld)


def withheld_words(number: int) -> str:
    """How many names are kept back."""
    return ngettext("%(num)s name withheld", "%(num)s names withheld", number) if number else ""
