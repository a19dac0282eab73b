"""What a safety reviewer should look at, point by point, computed from the record itself."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tracker.publication import names
from tracker.publication.places import public_place, recorded_precision
from tracker.publication.record import sources_of
from tracker.registry.models import Act, Incident, Place, Source, Victim
from tracker.vocabulary import Consent, VictimKind
from tracker.vocabulary.staff import ReviewCheck
from tracker.web.translation import gettext, ngettext
from tracker.web.wording import country, day, inside, label, reach


@dataclass(frozen=True, slots=True)
class Hint:
    """One thing to look at; `alarm` marks what has harmed people before."""

    words: str
    alarm: bool = False


def hints(session: Session, incident: Incident) -> Mapping[ReviewCheck, list[Hint]]:
    """The hints to each check, in the order in which the record tells of them."""
    found: dict[ReviewCheck, Iterator[Hint]] = {
        ReviewCheck.CONSENT: _consent(incident),
        ReviewCheck.PLACE: _place(incident),
        ReviewCheck.MINORS: _minors(incident),
        ReviewCheck.MOSAIC: _mosaic(session, incident),
        ReviewCheck.DETENTION: _detention(incident),
        ReviewCheck.SOURCES: _sources(incident),
    }
    return {check: list(each) for check, each in found.items()}


def _people(incident: Incident) -> Iterator[tuple[str, Victim]]:
    """Every person done something to, with what they are called here; nobody twice for the same reason."""
    for number_of_act, act in enumerate(incident.acts, start=1):
        for number_of_victim, victim in enumerate(act.victims, start=1):
            if victim.kind == VictimKind.PERSON:
                unnamed = gettext("Act %(act)s, victim %(victim)s", act=number_of_act, victim=number_of_victim)
                yield (victim.person.name if victim.person else unnamed), victim


def _consent(incident: Incident) -> Iterator[Hint]:
    shown = names.shown_sources(incident)
    by_key = {citation.source.key: citation.source for citation in incident.sources}
    told: set[str] = set()
    for name, victim in _people(incident):
        for hint in (_naming(name, victim, shown, by_key), _account(name, victim)):
            if hint.words not in told:
                told.add(hint.words)
                yield hint


def _naming(name: str, victim: Victim, shown: frozenset[str], by_key: Mapping[str | None, Source]) -> Hint:
    consent = inside(label(victim.consent_publish_identity, "consent"))
    if not names.may_name(victim, shown):
        return Hint(gettext("%(name)s is not named. Consent to be named: %(consent)s.", name=name, consent=consent))
    printed = [by_key[key] for key in victim.name_published_in if key in shown and key in by_key]
    words = ", ".join(source.title or source.publisher or source.url or "" for source in printed)
    if printed:
        said = gettext(
            "%(name)s is named. Consent to be named: %(consent)s. Printed by: %(sources)s.",
            name=name,
            consent=consent,
            sources=words,
        )
    else:
        said = gettext("%(name)s is named. Consent to be named: %(consent)s.", name=name, consent=consent)
    return Hint(said, alarm=victim.consent_publish_identity != Consent.GIVEN)


def _account(name: str, victim: Victim) -> Hint:
    consent = inside(label(victim.consent_publish_account, "consent"))
    if names.may_tell(victim):
        return Hint(
            gettext(
                "What happened to %(name)s is told. Consent to publish the account: %(consent)s.",
                name=name,
                consent=consent,
            )
        )
    return Hint(gettext("What happened to %(name)s is not told in detail: they did not agree.", name=name))


def _place(incident: Incident) -> Iterator[Hint]:
    public = public_place(incident.place)
    recorded = inside(label(recorded_precision(incident.place), "place_precision"))
    shown = inside(label(public.precision, "place_precision"))
    if public.generalised:
        yield Hint(gettext("Recorded as: %(recorded)s. Shown as: %(shown)s.", recorded=recorded, shown=shown))
    else:
        said = gettext("Shown as exactly as it is recorded: %(recorded)s.", recorded=recorded)
        yield Hint(said, alarm=incident.place.precision in {"site", "street"})
    parts = [public.venue, public.locality, public.admin2, public.admin1, country(public.country)]
    yield Hint(gettext("Readers are told: %(place)s.", place=", ".join(part for part in parts if part)))
    if public.latitude is None:
        yield Hint(gettext("There is no point on the map."))
    elif public.uncertainty_m is not None:
        said = gettext(
            "The point on the map stands for a circle of %(reach)s around it.", reach=reach(public.uncertainty_m)
        )
        yield Hint(said)


def _minors(incident: Incident) -> Iterator[Hint]:
    people = {name: victim.minor for name, victim in _people(incident)}
    for name in (name for name, minor in people.items() if minor):
        yield Hint(gettext("%(name)s is a child.", name=name), alarm=True)
    silent = sum(minor is None for minor in people.values())
    if silent:
        yield Hint(
            ngettext(
                "For %(num)s person nobody has said whether they are a child.",
                "For %(num)s people nobody has said whether they are children.",
                silent,
            )
        )


def _mosaic(session: Session, incident: Incident) -> Iterator[Hint]:
    shown = names.shown_sources(incident)
    told: set[str] = set()
    for name, victim in _people(incident):
        if victim.person is None or names.may_name(victim, shown):
            continue
        pieces = _pieces(incident, victim)
        if not pieces or name in told:
            continue
        told.add(name)
        others = _people_like(session, incident, victim)
        words = gettext("%(name)s is not named, but readers learn: %(pieces)s.", name=name, pieces=" · ".join(pieces))
        sharing = ngettext(
            "On record, %(num)s person fits that.", "On record, %(num)s people fit that.", max(others, 1)
        )
        yield Hint(f"{words} {sharing}", alarm=others <= 1)


def _pieces(incident: Incident, victim: Victim) -> list[str]:
    place = public_place(incident.place)
    when = day(incident.date_earliest) if incident.date_earliest else None
    outlet = victim.outlet.name if victim.outlet else None
    role = label(victim.role, "victim_role") if victim.role else None
    return [piece for piece in (role, outlet, place.locality or place.admin1, when) if piece]


def _people_like(session: Session, incident: Incident, victim: Victim) -> int:
    """How many people on record share role, outlet and town with a victim."""
    alike = (
        select(func.count(func.distinct(Victim.person_id)))
        .select_from(Victim)
        .join(Act, Act.id == Victim.act_id)
        .join(Place, Place.incident_id == Act.incident_id)
        .where(
            Victim.person_id.is_not(None),
            Victim.role.is_not_distinct_from(victim.role),
            Victim.outlet_id.is_not_distinct_from(victim.outlet_id),
            Place.country == incident.place.country,
            Place.locality.is_not_distinct_from(incident.place.locality),
        )
    )
    return session.scalar(alike) or 0


def _detention(incident: Incident) -> Iterator[Hint]:
    told: set[str] = set()
    for name, victim in _people(incident):
        if victim.custody_from and not victim.custody_until and name not in told:
            told.add(name)
            since = day(victim.custody_from)
            said = gettext("%(name)s has been held since %(day)s; no end is recorded.", name=name, day=since)
            yield Hint(said, alarm=True)


def _sources(incident: Incident) -> Iterator[Hint]:
    confidential = [source for source in sources_of(incident) if source.confidential]
    if confidential:
        yield Hint(
            ngettext(
                "%(num)s source is confidential; the record tells that there is one, and nothing else.",
                "%(num)s sources are confidential; the record tells how many, and nothing else.",
                len(confidential),
            ),
            alarm=True,
        )
    for source in confidential:
        said = gettext("Confidential: %(source)s.", source=source.publisher or source.title or source.url or "")
        yield Hint(said)
