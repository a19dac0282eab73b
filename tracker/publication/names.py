"""Who may be named, and what may be told of a person: decided here and nowhere else.

Unknown consent is a refusal. A name is public only where its bearer agreed, or where an open source that can be found
(a URL, or publisher and title) has already printed it; and never against a refusal, nor for a minor without consent.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType

from tracker import text
from tracker.registry.models import Act, Incident, Involvement, Person, Victim
from tracker.vocabulary import Basis, Consent, Naming, VictimKind

AGAINST = frozenset({Consent.REFUSED, Consent.WITHDRAWN})

# An accused person is named only where somebody with the standing to do so has named them.
NAMES_THE_ACCUSED = frozenset({Basis.CLAIMED, Basis.CHARGED, Basis.CONVICTED})

# Parts of a name shorter than this are too common to be looked for on their own.
SHORTEST_PART = 4

EverCalled = Mapping[str, Sequence[str]]
"""All names that people ever had, by the id of the person; by that of an incident, those of whom it has let go of."""
NOBODY: EverCalled = MappingProxyType({})


def shown_sources(incident: Incident) -> frozenset[str]:
    """The keys of the sources of this incident that can prove that a name is public."""
    return frozenset(c.source.key for c in incident.sources if c.source.key and c.source.shows_names)


def may_name(victim: Victim, shown: frozenset[str]) -> bool:
    """Whether the victim's name may be published, given the sources that can prove that it is public."""
    if victim.kind != VictimKind.PERSON or victim.person is None or victim.naming != Naming.NAMED:
        return False
    if victim.consent_publish_identity in AGAINST:
        return False
    if victim.consent_publish_identity == Consent.GIVEN:
        return True
    return not victim.minor and any(key in shown for key in victim.name_published_in)


def public_naming(victim: Victim, shown: frozenset[str]) -> Naming | None:
    """How the public record speaks of a victim's name; None for groups, outlets and the public at large."""
    if victim.kind != VictimKind.PERSON:
        return None
    if may_name(victim, shown):
        return Naming.NAMED
    return Naming.WITHHELD if victim.person is not None else Naming(victim.naming or Naming.WITHHELD)


def may_tell(victim: Victim) -> bool:
    """Whether what happened to this victim may be told in detail (consent to publish the account not refused)."""
    return victim.consent_publish_account not in AGAINST


def may_describe(victim: Victim, shown: frozenset[str]) -> bool:
    """Whether personal traits may be told: not of somebody whose name is kept back, as they help to find them."""
    return may_tell(victim) and public_naming(victim, shown) is not Naming.WITHHELD


def may_tell_ground(act: Act) -> bool:
    """Whether the ground of an act may be told: of a person it says what only they may tell (GDPR, Art. 9)."""
    return all(v.kind != VictimKind.PERSON or v.consent_publish_account == Consent.GIVEN for v in act.victims)


def may_name_actor(involvement: Involvement) -> bool:
    """Whether a named actor may be published: organisations, and persons who claimed it or were charged."""
    return involvement.named_actor_is == "organisation" or involvement.basis in NAMES_THE_ACCUSED


def withheld_names(incident: Incident, ever_called: EverCalled = NOBODY) -> list[str]:
    """Every name in the incident that may not stand in its public record, and what its bearers were called before.

    What others are called who are named stays, as when a merge had lent somebody their name by mistake.
    """
    actors = [involvement for act in incident.acts for involvement in act.involvements]
    withheld = withheld_people(incident)
    found = [name for person in withheld for name in names_of(person)]
    once = [name for each in (incident.id, *(person.id for person in withheld)) for name in ever_called.get(each, ())]
    public = {text.fold(name) for name in public_names(incident)} if once else set()
    found += [name for name in once if text.fold(name) not in public]
    return list(dict.fromkeys(found)) + [i.named_actor for i in actors if i.named_actor and not may_name_actor(i)]


def withheld_people(incident: Incident) -> list[Person]:
    """The people in the incident who may not be named anywhere in its public record, each once."""
    shown = shown_sources(incident)
    victims = [victim for act in incident.acts for victim in act.victims]
    public = {victim.person.id for victim in victims if victim.person is not None and may_name(victim, shown)}
    people = {v.person.id: v.person for v in victims if v.person is not None and v.person.id not in public}
    return list(people.values())


def keeps_back_a_stranger(incident: Incident) -> bool:
    """Whether the name of a victim is withheld of whom the incident does not say who it is.

    Then it may be anybody whom it named before.
    """
    victims = (victim for act in incident.acts for victim in act.victims)
    return any(v.person is None and public_naming(v, frozenset()) is Naming.WITHHELD for v in victims)


def public_names(incident: Incident) -> list[str]:
    """Every name of a victim in the incident that may stand in its public record."""
    shown = shown_sources(incident)
    victims = [victim for act in incident.acts for victim in act.victims]
    return [n for v in victims if v.person is not None and may_name(v, shown) for n in names_of(v.person)]


def names_of(person: Person) -> list[str]:
    """A person's name and its other forms."""
    return [person.name, *(other["name"] for other in person.other_names if other.get("name"))]


def found_in(words: str, names: Iterable[str], but_not: Iterable[str]) -> Iterator[str]:
    """Of these names, those that stand in a text: whole, or by a part that no public name shares."""
    common = {token for name in but_not for token in text.tokens(name)}
    standing = set(text.tokens(words))
    for name in names:
        parts = {token for token in text.tokens(name) if len(token) >= SHORTEST_PART} - common
        if text.contains_name(words, name) or parts & standing:
            yield name
