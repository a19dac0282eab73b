"""Writing down who was shown confidential parts of which record (OWASP ASVS 5.0, 16.3.2 and 14.2.8).

One entry per page, for one's own incidents too: whoever asks later has to know of every copy in every head.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from flask import request
from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.publication.names import withheld_names
from tracker.publication.places import public_place
from tracker.registry import audit
from tracker.registry.mapping import kind_of
from tracker.registry.models import Entity, Incident, Source
from tracker.registry.queries import keys_in
from tracker.vocabulary import Consent, Naming
from tracker.vocabulary.staff import AuditEvent, FieldGroup
from tracker.web.staff.context import actor, writing


def _has_notes(incident: Incident) -> bool:
    return bool(incident.internal_notes or incident.look_again_for)


def _has_confidential_source(incident: Incident) -> bool:
    cited = [citation.source for citation in incident.sources]
    return any(source.confidential for source in [*cited, *(s for f in incident.follow_ups for s in f.sources)])


def _has_withheld_name(incident: Incident) -> bool:
    return bool(withheld_names(incident))


def _has_exact_place(incident: Incident) -> bool:
    # The row is made with the incident; one without is of no place at all.
    return public_place(incident.place).generalised


def _has_consent(incident: Incident) -> bool:
    purposes = ("store", "publish_identity", "publish_account", "share", "legal")
    victims = (victim for act in incident.acts for victim in act.victims)
    return any(getattr(victim, f"consent_{purpose}") != Consent.UNKNOWN for victim in victims for purpose in purposes)


HELD: dict[FieldGroup, Callable[[Incident], bool]] = {
    FieldGroup.INTERNAL_NOTES: _has_notes,
    FieldGroup.CONFIDENTIAL_SOURCE: _has_confidential_source,
    FieldGroup.WITHHELD_NAME: _has_withheld_name,
    FieldGroup.EXACT_PLACE: _has_exact_place,
    FieldGroup.CONSENT: _has_consent,
}
"""How each group is found in an incident."""


def groups_of(incident: Incident) -> set[FieldGroup]:
    """The groups of confidential fields that hold anything in this incident; ask while its session is open."""
    return {group for group, holds in HELD.items() if holds(incident)}


def groups_in(session: Session, snapshots: Iterable[Mapping[str, Any]]) -> set[FieldGroup]:
    """The groups that hold anything in an incident or a topic as it stood at some time; where unsure, one too many."""
    found: set[FieldGroup] = set()
    cited: set[str] = set()
    for snapshot in snapshots:
        victims = [victim for act in snapshot.get("acts", ()) for victim in act.get("victims", ())]
        if snapshot.get("internal_notes") or snapshot.get("look_again_for"):
            found.add(FieldGroup.INTERNAL_NOTES)
        if any(victim.get("consent") for victim in victims):
            found.add(FieldGroup.CONSENT)
        if any(victim.get("person") and not _agreed(victim) for victim in victims):
            found.add(FieldGroup.WITHHELD_NAME)
        if snapshot.get("place", {}).get("public_precision"):
            found.add(FieldGroup.EXACT_PLACE)
        cited.update(key for kind, key in keys_in(snapshot) if kind == "source")
    confidential = select(Source.id).where(Source.key.in_(sorted(cited)), Source.confidential)
    if session.scalars(confidential.limit(1)).first() is not None:
        found.add(FieldGroup.CONFIDENTIAL_SOURCE)
    return found


def _agreed(victim: Mapping[str, Any]) -> bool:
    answer = victim.get("consent", {}).get("publish_identity")
    return victim.get("naming") == Naming.NAMED and (answer == Consent.GIVEN or bool(victim.get("name_published_in")))


def note(entity: Entity, groups: Iterable[FieldGroup], why: str | None = None) -> None:
    """Write down that whoever is signed in is shown these groups of a record, in a transaction of its own.

    `why` is a code, such as the name of the page, which it is where nothing is given; never anything that was typed.
    Nothing is written where no group is shown.
    """
    shown = sorted(str(group) for group in groups)
    if not shown:
        return
    reason = why or (request.endpoint or "").removeprefix("staff.")
    with writing() as session:
        audit.write(
            session,
            AuditEvent.READ_CONFIDENTIAL,
            by=actor(),
            kind=kind_of(entity),
            id=entity.id,
            detail={"groups": shown, "why": reason},
        )
