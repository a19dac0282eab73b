"""What stands against a publication, looked for in the very record that would be published."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from functools import partial
from typing import Any

from tracker import text
from tracker.publication import names
from tracker.publication.places import withheld_parts
from tracker.publication.record import sources_of
from tracker.registry.drafts import MISSING, Draft, Known, Path, Problem
from tracker.registry.models import Act, Entity, Incident, Topic, Victim
from tracker.registry.operations import PUBLISHABLE, problems_of
from tracker.vocabulary import PlacePrecision

# What the gate tells of an act or a victim only under conditions.
GATED_OF_ACTS = ("ground", "description")
GATED_OF_VICTIMS = (
    "gender",
    "description",
    "employment",
    "harm",
    "custody_from",
    "custody_until",
    "equipment",
    "followed",
)


def problems(
    incident: Incident,
    draft: Draft,
    known: Known,
    public_record: Callable[[], dict[str, Any]],
    at: datetime,
    ever_called: names.EverCalled,
) -> list[Problem]:
    """Everything that stands against publishing this incident, which stands as `draft`, as its public record then.

    The record is made only where something is withheld, for then it has to be searched, for former names too.
    """
    found = problems_of(draft, known)
    if incident.status not in PUBLISHABLE:
        allowed = ", ".join(sorted(PUBLISHABLE))
        found.append(Problem(("status",), "cannot be published from here", incident.status, allowed))
    if incident.embargo_until is not None and incident.embargo_until > at:
        over = incident.embargo_until.isoformat(timespec="minutes")
        found.append(Problem(("embargo_until",), "is not over yet", None, f"publication from {over}"))
    return [*found, *_untitled(incident), *_betrayals(incident, public_record, ever_called)]


def problems_of_less(told: Incident, old: dict[str, Any], new: dict[str, Any]) -> list[Problem]:
    """What stands against a record that says less than the old one: that a text tells what it keeps back from now on.

    What a text told before though it was withheld then, as of somebody who got another name since, hinders nothing.
    """
    before, after = {words for _path, words in texts_of(old)}, dict(texts_of(new))
    kept_back = told_by(old, told)
    found = (p for p in _betrayals(told, lambda: new) if p.value in kept_back or after[p.path] not in before)
    return [*_untitled(told), *found]


def told_by(old: dict[str, Any], told: Incident, ever_called: names.EverCalled = names.NOBODY) -> set[object]:
    """The names and places that an old record told as such, with all other names of the people whom it named."""
    people, place = people_in(old), old.get("place") or {}
    victims = (victim for act in told.acts for victim in act.victims)
    named = [v.person for v in victims if v.person and v.person.id in people]
    called = (name for each in named for name in (*names.names_of(each), *ever_called.get(each.id, ())))
    return {*called, *_actors(old), *(value for value in place.values() if isinstance(value, str))}


def _untitled(incident: Incident) -> list[Problem]:
    return [] if incident.title else [Problem(("title",), MISSING, None, "a title, before it is published")]


def betrays(incident: Incident, records: Iterable[dict[str, Any]], ever_called: names.EverCalled) -> bool:
    """Whether one of these public records tells in a text what the incident withholds."""
    return any(any(_betrayals(incident, partial(dict, record), ever_called)) for record in records)


def _betrayals(
    incident: Incident, public_record: Callable[[], dict[str, Any]], ever_called: names.EverCalled = names.NOBODY
) -> Iterator[Problem]:
    """A problem for each public text in which something withheld can still be read."""
    withheld, public = names.withheld_names(incident, ever_called), names.public_names(incident)
    parts = withheld_parts(incident.place)
    if not withheld and not parts:
        return

    def told_in(words: str) -> Iterator[tuple[str, str]]:
        yield from (("tells a name that is withheld", name) for name in names.found_in(words, withheld, but_not=public))
        yield from (("tells a place that is withheld", part) for part in parts if text.contains_name(words, part))

    texts = list(texts_of(public_record()))
    # What stands in no part of the whole stands in no single text, and nearly always nothing does.
    if any(told_in("\n".join(words for _path, words in texts))):
        for path, words in texts:
            yield from (Problem(path, message, told, "a text without it") for message, told in told_in(words))


def told_by_topic(
    topic: Topic, record: dict[str, Any], incidents: Iterable[Incident], ever_called: names.EverCalled = names.NOBODY
) -> Iterator[Problem]:
    """A problem for each text of a topic in which a name can be read that one of its incidents withholds.

    Only whole names are looked for: a topic tells of many people, with whom a part of a name may be shared.
    """
    texts: list[tuple[Path, str]] | None = None
    for incident in incidents:
        public = set(names.public_names(incident))
        for name in (name for name in names.withheld_names(incident, ever_called) if name not in public):
            texts = list(texts_of(record)) if texts is None else texts
            for path, words in texts:
                if text.contains_name(words, name):
                    said = f"tells a name that is withheld in incident {incident.key or incident.id}"
                    yield Problem((topic.key or topic.id, *path), said, name, "a text without it")


def texts_of(value: Any, path: Path = ()) -> Iterator[tuple[Path, str]]:
    """Every text in a public record, with its place in it."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield from texts_of(inner, (*path, name))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from texts_of(inner, (*path, number))


def says_less(old: dict[str, Any], new: dict[str, Any], entity: Entity) -> bool:
    """Whether a new record keeps back what the old one told: then its past must go too (a restriction).

    What the texts of the old one told is judged by `betrays`.
    """
    if people_in(old) - people_in(new) or _actors(old) - _actors(new) or _shows_confidential(old, entity):
        return True
    if isinstance(entity, Incident) and _kept_back(old, new, entity):
        return True
    before, after = old.get("place"), new.get("place")
    if not before or not after:
        return False
    finer = PlacePrecision(before["precision"]), PlacePrecision(after["precision"])
    return finer[0] is not finer[1] and finer[1].coarser_or_equal(finer[0]) and after["generalised"]


def _shows_confidential(old: dict[str, Any], entity: Entity) -> bool:
    """Whether an old record names a source that is confidential now."""
    shown = {(source["publisher"], source["title"], source["url"]) for source in old.get("sources", [])}
    return any(s.confidential and (s.publisher, s.title, s.url) in shown for s in sources_of(entity))


def _kept_back(old: dict[str, Any], new: dict[str, Any], incident: Incident) -> bool:
    """Whether the registry still holds what an old record told of an act or a victim and the new one does not."""
    for act, before, after in zip(incident.acts, old["acts"], new["acts"], strict=False):
        if _gone(GATED_OF_ACTS, act, before, after):
            return True
        victims = zip(act.victims, before["victims"], after["victims"], strict=False)
        if any(_gone(GATED_OF_VICTIMS, *each) for each in victims):
            return True
    return False


def _gone(names_of_fields: tuple[str, ...], thing: Act | Victim, old: dict[str, Any], new: dict[str, Any]) -> bool:
    return any(getattr(thing, name) and old.get(name) and not new[name] for name in names_of_fields)


def people_in(record: dict[str, Any]) -> set[str]:
    """The ids of the people whom a public record names as victims."""
    return {v["person"] for act in record.get("acts", []) for v in act["victims"] if v["person"]}


def _actors(record: dict[str, Any]) -> set[str]:
    actors = (i["named_actor"] for act in record.get("acts", []) for i in act["involvements"])
    return {actor for actor in actors if actor}
