"""A crosswalk as data: the counts and the mapping, as JSON and as CSV."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from tracker.dataset.crosswalks.results import RELATIONS, Counts, InListing, Tally
from tracker.dataset.flatten import to_line
from tracker.text import guard, join_list
from tracker.vocabulary import Relation
from tracker.vocabulary.crosswalks import Listing, Rule, Scheme

COUNT_COLUMNS = (
    ("list", "`acts` or `perpetrators`."),
    ("class", "Our code for a class of theirs; empty in the lines of what stands in no class."),
    ("class_number", "Their own number or code of the class, where it has one."),
    ("class_label", "Their own name of the class."),
    ("class_above", "The class above it: what stands in a class stands in that one too."),
    ("certainty", "How surely it is known that they have this class."),
    ("relation", "`exact`, `broader`, `narrower`; `none` in the lines of what stands in no class."),
    (
        "code",
        "In the lines of what stands in no class: our code of the violation or perpetrator; empty in the line of all "
        "that stands in none, which those of the codes may add up to more than.",
    ),
    ("incidents", "Incidents; each counts once in a class, by the strongest relation in which it stands."),
    ("acts", "Acts against a victim."),
    ("persons", "Persons who can be followed through the acts of an incident, once for each incident."),
    ("unnamed", "Of the acts, those against a person who cannot."),
    ("groups", "Of the acts, those against groups or classes of persons."),
)
MAPPING_COLUMNS = (
    ("list", "`acts` or `perpetrators`."),
    ("code", "Our code."),
    (
        "when",
        "What else must hold, as `field=code`; of several rules of a code the first that holds counts.",
    ),
    ("class", "Our code for the class of theirs; empty where there is none."),
    ("class_number", "Their own number or code of the class, where it has one."),
    ("class_label", "Their own name of the class."),
    ("relation", "How the class stands to our code."),
    ("note", "What has to be judged or known."),
    ("certainty", "How surely it is known what their list says."),
    ("sources", "Where it was read."),
)
_LISTS = ("acts", "perpetrators")


@dataclass(frozen=True, slots=True)
class MappedRule:
    """A rule as it is shown: of which code, from which list."""

    name: str
    listing: Listing
    code: str
    rule: Rule


def lists(scheme: Scheme) -> tuple[tuple[str, Listing], ...]:
    """The two lists of a scheme by their names in the data."""
    return tuple(zip(_LISTS, (scheme.acts, scheme.actors), strict=True))


def mapping(scheme: Scheme) -> Iterator[MappedRule]:
    """All rules of a scheme in their order, those that hold of every code first."""
    for name, listing in lists(scheme):
        for rule in listing.first:
            yield MappedRule(name, listing, "", rule)
        for code in listing.codes():
            for rule in listing.rules[code]:
                yield MappedRule(name, listing, code, rule)


def counts_as_json(scheme: Scheme, counts: Counts) -> dict[str, Any]:
    """The scheme, its counts and its mapping, as they stand in JSON below the metadata."""
    return {
        "scheme": {
            "code": scheme.code,
            "name": scheme.name,
            "keeper": scheme.keeper,
            "url": scheme.url,
            "about": scheme.about,
            "caution": scheme.caution,
        },
        "total": counts.total.as_dict(),
        "without_acts": counts.without_acts,
        "acts": _listing_as_json(scheme.acts, counts.acts),
        "perpetrators": _listing_as_json(scheme.actors, counts.actors),
        "mapping": [_rule_as_json(one) for one in mapping(scheme)],
    }


def _listing_as_json(listing: Listing, found: InListing) -> dict[str, Any]:
    return {
        "note": listing.note or None,
        "classes": [
            _class_as_json(listing, one.code)
            | {relation.value: getattr(one, relation.value).as_dict() for relation in RELATIONS}
            | {"belongs": one.belongs.as_dict(), "at_most": one.at_most.as_dict()}
            for one in found.classes
        ],
        "mapped": found.mapped.as_dict(),
        "not_mapped": found.nowhere.as_dict(),
        "not_mapped_by_code": {code: tally.as_dict() for code, tally in found.by_code.items()},
    }


def _class_as_json(listing: Listing, code: str) -> dict[str, Any]:
    one = listing.by_code[code]
    return {
        "class": one.code,
        "number": one.number,
        "label": one.label,
        "above": one.parent,
        "certainty": one.origin.certainty.value,
        "source": one.origin.title,
        "source_url": one.origin.url,
    }


def _rule_as_json(one: MappedRule) -> dict[str, Any]:
    return {
        "list": one.name,
        "code": one.code or None,
        "when": {condition.name: list(condition.codes) for condition in one.rule.conditions},
        "classes": [{"class": match.target, "relation": match.relation.value} for match in one.rule.matches],
        "note": one.rule.note or None,
        "certainty": one.listing.certainty(one.rule).value,
        "sources": [{"title": each.title, "url": each.url} for each in one.listing.origins(one.rule)],
    }


def counts_csv(scheme: Scheme, counts: Counts) -> Iterator[str]:
    """The counts as lines of a CSV: each class and relation, then all that stands in none and each code of it."""
    yield to_line([name for name, _ in COUNT_COLUMNS])
    for (name, listing), found in zip(lists(scheme), (counts.acts, counts.actors), strict=True):
        for one in found.classes:
            theirs = listing.by_code[one.code]
            about = (name, theirs.code, theirs.number or "", theirs.label, theirs.parent or "")
            for relation in RELATIONS:
                tally: Tally = getattr(one, relation.value)
                yield _line((*about, theirs.origin.certainty.value, relation.value, ""), tally)
        for code, tally in {"": found.nowhere, **found.by_code}.items():
            yield _line((name, "", "", "", "", "", Relation.NONE.value, code), tally)


def _line(cells: Iterable[str], tally: Tally) -> str:
    return to_line([*(guard(cell) for cell in cells), *(str(number) for number in tally.as_dict().values())])


def mapping_csv(scheme: Scheme) -> Iterator[str]:
    """The mapping as lines of a CSV: one for each rule and class."""
    yield to_line([name for name, _ in MAPPING_COLUMNS])
    for one in mapping(scheme):
        when = join_list([f"{each.name}={code}" for each in one.rule.conditions for code in each.codes])
        sources = join_list([f"{each.title} {each.url or ''}".strip() for each in one.listing.origins(one.rule)])
        rest = (one.rule.note, one.listing.certainty(one.rule).value, sources)
        for target, relation in _targets(one.rule):
            theirs = one.listing.by_code.get(target)
            about = (target, theirs.number or "", theirs.label) if theirs else ("", "", "")
            cells = (one.name, one.code, when, *about, relation.value, *rest)
            yield to_line([guard(cell) for cell in cells])


def _targets(rule: Rule) -> Sequence[tuple[str, Relation]]:
    return [(match.target, match.relation) for match in rule.matches] or [("", Relation.NONE)]
