"""Building a public record by allowlist: the table of public fields is walked, and nothing else is read.

A field takes the value of the attribute of its own name, unless a rule is given for its path here. A column that the
table does not list cannot come out, whatever it is called.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any, NamedTuple

from tracker.dataset.fields import TREES, FieldType, Kind, Tree
from tracker.publication import names
from tracker.publication.places import public_place
from tracker.registry.models import (
    Act,
    Citation,
    Entity,
    FollowUp,
    Incident,
    Involvement,
    Outlet,
    Site,
    Source,
    TimelineEntry,
    Topic,
    Victim,
)
from tracker.vocabulary import Status

PublicRecord = dict[str, Any]

KIND_OF: dict[type[Entity], Kind] = {
    Incident: Kind.INCIDENT,
    Topic: Kind.TOPIC,
    Outlet: Kind.OUTLET,
    Site: Kind.SITE,
}

# Set from the record's own publication history, not from what it says.
HISTORY = ("published_on", "revised_on", "revision")


@dataclass(frozen=True)
class Printing:
    """What the rules need to know besides the thing whose field they fill."""

    entity: Entity
    published_on: date
    revised_on: date
    revision: int
    shown: frozenset[str] = frozenset()
    numbers: dict[str, int] = field(default_factory=dict)


class Cited(NamedTuple):
    """An open source, numbered, as one record cites it."""

    number: int
    source: Source
    citation: Citation | None

    def __getattr__(self, name: str) -> Any:
        return getattr(self.source, name)


Rule = Callable[[Any, Printing], Any]


def public_record(entity: Entity, *, published_on: date, revised_on: date, revision: int) -> PublicRecord:
    """The public record of a registry record, exactly as it would be published: plain JSON values, codes only."""
    kind = KIND_OF[type(entity)]
    printing = Printing(
        entity,
        published_on,
        revised_on,
        revision,
        shown=names.shown_sources(entity) if isinstance(entity, Incident) else frozenset(),
        numbers={source.id: number for number, source in enumerate(_open_sources(entity), start=1)},
    )
    return _walk(_steps(kind), entity, printing)


def told_inside(name: str, entity: Entity) -> PublicRecord:
    """What the public record of an incident would tell of a record that it names, in its list of this name."""
    step = next(step for step in _steps(Kind.INCIDENT) if step.name == name)
    thing = Cited(0, entity, None) if isinstance(entity, Source) else entity
    return _walk(step.inside, thing, Printing(entity, date.min, date.min, 0))


class Step(NamedTuple):
    """One field on the way through the table of public fields, with its rule and the steps inside it."""

    name: str
    type: FieldType
    rule: Rule | None
    inside: tuple["Step", ...]


@cache
def _steps(kind: Kind) -> tuple[Step, ...]:
    return _steps_under(kind, TREES[kind])


def _steps_under(path: str, tree: Tree) -> tuple[Step, ...]:
    """The fields of a tree, each with the rule that is given for its path."""
    places = ((f"{path}.{item.name}", item) for item in tree)
    return tuple(
        Step(item.name, item.type, RULES.get(place), _steps_under(place, item.fields)) for place, item in places
    )


def _walk(steps: Sequence[Step], thing: Any, printing: Printing) -> dict[str, Any]:
    return {step.name: _field(step, thing, printing) for step in steps}


def _field(step: Step, thing: Any, printing: Printing) -> Any:
    value = step.rule(thing, printing) if step.rule else getattr(thing, step.name)
    if step.type is FieldType.OBJECTS:
        return [_walk(step.inside, each, printing) for each in value]
    if step.type is FieldType.OBJECT:
        return None if value is None else _walk(step.inside, value, printing)
    return _plain(value)


def _plain(value: Any) -> Any:
    """A value as JSON has it; codes become plain text and days ISO text."""
    if isinstance(value, str):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    return value


def sources_of(entity: Entity) -> list[Source]:
    """The sources of a record, each once, in the order in which readers first meet them."""
    groups: Iterable[Sequence[Source]] = []
    if isinstance(entity, Incident):
        groups = [[c.source for c in entity.sources], *(f.sources for f in entity.follow_ups)]
    elif isinstance(entity, Topic):
        groups = [*(e.sources for e in entity.timeline), *(f.sources for f in entity.follow_ups)]
    return list({source.id: source for group in groups for source in group}.values())


def _open_sources(entity: Entity) -> list[Source]:
    return [source for source in sources_of(entity) if not source.confidential]


def _cited(entity: Incident | Topic, printing: Printing) -> list[Cited]:
    citations = {c.source_id or c.source.id: c for c in entity.sources} if isinstance(entity, Incident) else {}
    return [Cited(printing.numbers[s.id], s, citations.get(s.id)) for s in _open_sources(entity)]


def _numbers(thing: FollowUp | TimelineEntry, printing: Printing) -> list[int]:
    return sorted(printing.numbers[source.id] for source in thing.sources if not source.confidential)


def _outlets(incident: Incident, _printing: Printing) -> list[Outlet]:
    victims = (victim for act in incident.acts for victim in act.victims)
    return list({v.outlet.id: v.outlet for v in victims if v.outlet is not None}.values())


def related_references(incident: Incident) -> list[str]:
    """The references of the related incidents that are public."""
    return public_references(incident.related)


def public_references(incidents: Iterable[Incident]) -> list[str]:
    """The references of those among these incidents that are public."""
    return sorted(each.reference for each in incidents if each.reference and each.status == Status.PUBLISHED)


def _of_citation(name: str, silent: Any) -> Rule:
    """A field of how a source is cited here; silent for one that only a follow-up cites."""
    return lambda cited, _printing: silent if cited.citation is None else getattr(cited.citation, name)


def _of_person(name: str) -> Rule:
    """A field of a victim's person, where the victim may be named."""

    def rule(victim: Victim, printing: Printing) -> Any:
        allowed = victim.person is not None and names.may_name(victim, printing.shown)
        return getattr(victim.person, name) if allowed else None

    return rule


def _if_told(name: str, silent: Any = None) -> Rule:
    """A field of what happened to a victim, unless they refused that it be told."""
    return lambda victim, _printing: getattr(victim, name) if names.may_tell(victim) else silent


def _trait(name: str) -> Rule:
    """A personal trait of a victim, unless it helps to find somebody whose name is kept back."""
    return lambda v, printing: getattr(v, name) if names.may_describe(v, printing.shown) else None


def _ground(act: Act, _printing: Printing) -> str | None:
    return act.ground if names.may_tell_ground(act) else None


def _act_description(act: Act, _printing: Printing) -> dict[str, str]:
    return act.description if all(names.may_tell(victim) for victim in act.victims) else {}


def _named_actor(involvement: Involvement, _printing: Printing) -> str | None:
    return involvement.named_actor if names.may_name_actor(involvement) else None


def _history(name: str) -> Rule:
    return lambda _thing, printing: getattr(printing, name)


RULES: dict[str, Rule] = {
    "incident.place": lambda incident, _printing: public_place(incident.place),
    "incident.acts.ground": _ground,
    "incident.acts.description": _act_description,
    "incident.acts.victims.naming": lambda v, printing: names.public_naming(v, printing.shown),
    "incident.acts.victims.name": _of_person("name"),
    "incident.acts.victims.person": _of_person("id"),
    "incident.acts.victims.outlet.slug": lambda outlet, _printing: outlet.key,
    "incident.acts.victims.gender": _trait("gender"),
    "incident.acts.victims.description": _trait("description"),
    "incident.acts.victims.employment": _trait("employment"),
    "incident.acts.victims.harm": _if_told("harm"),
    "incident.acts.victims.custody_from": _if_told("custody_from"),
    "incident.acts.victims.custody_until": _if_told("custody_until"),
    "incident.acts.victims.equipment": _if_told("equipment", silent=[]),
    "incident.acts.victims.equipment.item": lambda item, _printing: item.get("item"),
    "incident.acts.victims.equipment.count": lambda item, _printing: item.get("count"),
    "incident.acts.victims.equipment.fate": lambda item, _printing: item.get("fate"),
    "incident.acts.victims.equipment.returned": lambda item, _printing: item.get("returned"),
    "incident.acts.victims.followed": _if_told("followed", silent=[]),
    "incident.acts.involvements.named_actor": _named_actor,
    "incident.outlets": _outlets,
    "incident.outlets.slug": lambda outlet, _printing: outlet.key,
    "incident.outlets.other_names": lambda o, _printing: [n["name"] for n in o.other_names if n.get("name")],
    "incident.sources": _cited,
    "incident.sources.credibility": _of_citation("credibility", None),
    "incident.sources.supports": _of_citation("supports", []),
    "incident.sources.locator": _of_citation("locator", None),
    "incident.confidential_sources": lambda i, _printing: sum(source.confidential for source in sources_of(i)),
    "incident.topics.slug": lambda topic, _printing: topic.key,
    "incident.follow_ups.sources": _numbers,
    "incident.related": lambda incident, _printing: related_references(incident),
    "topic.slug": lambda topic, _printing: topic.key,
    "topic.timeline.sources": _numbers,
    "topic.follow_ups.sources": _numbers,
    "topic.sources": _cited,
    "outlet.slug": lambda outlet, _printing: outlet.key,
    "outlet.other_names.name": lambda name, _printing: name.get("name"),
    "outlet.other_names.language": lambda name, _printing: name.get("language"),
    **{f"{kind}.{name}": _history(name) for kind in Kind for name in HISTORY},
}
