"""Everything that is recorded of an incident, in words, each with whether readers of the public site are told it.

What readers are told is asked of the gate itself: a fact is public where the public record holds something at its
place, so that this page can never promise more than the gate keeps.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session

from tracker.publication import names as naming
from tracker.publication.places import public_place
from tracker.publication.record import public_record
from tracker.registry.mapping import snapshot
from tracker.registry.models import Citation, Incident, Involvement, Victim
from tracker.registry.queries import keys_in, names_of
from tracker.vocabulary import Consent, Naming, VictimKind
from tracker.web.staff.field_words import Path, Speaker, field_label
from tracker.web.staff.incidents.rows import when_words
from tracker.web.translation import gettext
from tracker.web.wording import capital, inside, label


@dataclass(frozen=True, slots=True)
class Fact:
    """One field in words, and whether readers are told it."""

    label: str
    words: str
    public: bool


@dataclass(frozen=True, slots=True)
class Party:
    """A victim or somebody involved: what they are called, whether readers are told so and why, and what is known."""

    name: str
    public: bool
    why: str
    facts: list[Fact]
    record_id: str | None = None
    outlet_id: str | None = None


@dataclass(frozen=True, slots=True)
class ToldAct:
    """One act with its parties."""

    violation: str
    facts: list[Fact]
    victims: list[Party]
    involvements: list[Party]


@dataclass(frozen=True, slots=True)
class ToldSource:
    """One cited source."""

    id: str
    name: str
    url: str | None
    confidential: bool
    facts: list[Fact]


@dataclass(frozen=True, slots=True)
class Told:
    """The whole record in words."""

    when: str
    date: list[Fact]
    place: list[Fact]
    readers_place: str
    acts: list[ToldAct]
    sources: list[ToldSource]
    follow_ups: list[list[Fact]]
    more: list[Fact]
    private: list[Fact] = field(default_factory=list)


# What stands at its own place on the page.
OWN_PLACE = frozenset({"key", "title", "summary", "date", "place", "sources", "acts", "follow_ups"})
STAFF_ONLY = frozenset({"internal_notes", "look_again_on", "look_again_for"})


def told(session: Session, incident: Incident) -> Told:
    """The record in words; ask while its session is open."""
    recorded = snapshot(incident)
    teller = _Teller(Speaker("incident", names_of(session, keys_in(recorded))), recorded, _public(incident), incident)
    more = [name for name in recorded if name not in OWN_PLACE | STAFF_ONLY]
    return Told(
        when=when_words(incident),
        date=teller.facts(("date",), leave_out={"edtf"}),
        place=teller.facts(("place",)),
        readers_place=_readers_place(incident),
        acts=[teller.act(number) for number in range(len(incident.acts))],
        sources=[teller.source(number, citation) for number, citation in enumerate(incident.sources)],
        follow_ups=[teller.facts(("follow_ups", number)) for number in range(len(incident.follow_ups))],
        more=teller.facts((), only=more),
        private=teller.facts((), only=STAFF_ONLY),
    )


def _public(incident: Incident) -> Mapping[str, Any]:
    today = incident.updated_at.date()
    return public_record(incident, published_on=today, revised_on=today, revision=1)


def _readers_place(incident: Incident) -> str:
    public = public_place(incident.place)
    precision = inside(label(public.precision, "place_precision"))
    if not public.generalised:
        return gettext("Readers are shown the place as it is recorded (%(precision)s).", precision=precision)
    return gettext("Readers are shown a wider place than is recorded (%(precision)s).", precision=precision)


@dataclass(frozen=True, slots=True)
class _Teller:
    speaker: Speaker
    recorded: Mapping[str, Any]
    public: Mapping[str, Any]
    incident: Incident

    def facts(self, path: Path, *, leave_out: Iterable[str] = (), only: Iterable[str] | None = None) -> list[Fact]:
        """The fields at a place of the record that say anything."""
        values = _at(self.recorded, path) or {}
        wanted = [name for name in values if name not in set(leave_out) and (only is None or name in only)]
        told = ((name, self.speaker.value((*path, name), values[name])) for name in wanted)
        return [
            Fact(capital(field_label(name)), words, self._is_public((*path, name))) for name, words in told if words
        ]

    def _is_public(self, path: Path) -> bool:
        return _tells(_at(self.public, path), _at(self.recorded, path))

    def act(self, number: int) -> ToldAct:
        act, path = self.incident.acts[number], ("acts", number)
        return ToldAct(
            violation=label(act.violation, "violation"),
            facts=self.facts(path, leave_out={"violation", "victims", "involvements"}),
            victims=[self._victim((*path, "victims", place), victim) for place, victim in enumerate(act.victims)],
            involvements=[
                self._involvement((*path, "involvements", place), each) for place, each in enumerate(act.involvements)
            ],
        )

    def _victim(self, path: Path, victim: Victim) -> Party:
        public, why = naming_of(victim, naming.shown_sources(self.incident))
        return Party(
            name=_name(victim),
            public=public,
            why=why,
            facts=self.facts(path, leave_out={"person", "naming"}),
            record_id=victim.person_id,
            outlet_id=victim.outlet_id,
        )

    def _involvement(self, path: Path, involvement: Involvement) -> Party:
        name = involvement.named_actor or involvement.description or label(involvement.perpetrator, "perpetrator")
        public, why = True, ""
        if involvement.named_actor:
            public = naming.may_name_actor(involvement)
            why = (
                gettext("Readers are told the name.")
                if public
                else gettext("Readers are not told the name: nobody with the standing to do so has accused them.")
            )
        facts = self.facts(path, leave_out={"named_actor"})
        return Party(capital(name or gettext("not recorded")), public, why, facts)

    def source(self, number: int, citation: Citation) -> ToldSource:
        source = citation.source
        # A confidential source is never told of, whatever is known of it.
        facts = self.facts(("sources", number), leave_out={"source"})
        facts = [Fact(f.label, f.words, not source.confidential) for f in facts]
        speaker, recorded = Speaker("source", {}), snapshot(source)
        for name in (
            "type",
            "published_on",
            "accessed_on",
            "reliability",
            "independence_group",
            "archived_url",
            "note",
        ):
            words = speaker.value((name,), recorded.get(name))
            if words:
                facts.append(Fact(capital(field_label(name)), words, name != "note" and not source.confidential))
        name = ", ".join(part for part in (source.publisher, source.title) if part) or source.url or source.key or ""
        return ToldSource(source.id, name, source.url, source.confidential, facts)


def _tells(public: Any, recorded: Any) -> bool:
    """Whether the public record holds what is recorded there, and not something coarser, or a part of it."""
    if public is None or public in ([], {}, ""):
        return False
    if isinstance(public, list) and isinstance(recorded, list):
        return len(public) == len(recorded)
    single = (str, int, float, bool)
    return bool(public == recorded) if isinstance(public, single) and isinstance(recorded, single) else True


def _at(value: Any, path: Path) -> Any:
    for part in path:
        if isinstance(part, int):
            value = value[part] if isinstance(value, list) and part < len(value) else None
        else:
            value = value.get(part) if isinstance(value, Mapping) else None
    return value


def _name(victim: Victim) -> str:
    if victim.person is not None:
        return victim.person.name
    if victim.kind == VictimKind.OUTLET and victim.outlet is not None:
        return victim.outlet.name
    if victim.kind == VictimKind.PERSON:
        return gettext("Somebody not named")
    return capital(victim.description or label(victim.kind, "victim_kind"))


def naming_of(victim: Victim, shown: frozenset[str]) -> tuple[bool, str]:
    """Whether readers are told who a victim is, and why."""
    if victim.kind != VictimKind.PERSON:
        return True, ""
    public = naming.may_name(victim, shown)
    if public and victim.consent_publish_identity == Consent.GIVEN:
        return True, gettext("Readers are told the name: the person agreed.")
    if public:
        return True, gettext("Readers are told the name: an open source has printed it.")
    if victim.person is None:
        return False, gettext("There is no name to tell.")
    if victim.naming != Naming.NAMED:
        return False, gettext("Readers are not told the name: it is recorded as withheld.")
    if victim.consent_publish_identity in naming.AGAINST:
        return False, gettext("Readers are not told the name: the person refused.")
    if victim.minor:
        return False, gettext("Readers are not told the name: a child has not agreed.")
    return False, gettext("Readers are not told the name: nobody agreed, and no open source cited here prints it.")
