"""What every crosswalk is made of: classes, the rules that lead to them, and where both come from.

A rule looks at a case: one act against one victim by one perpetrator, as the facets of an incident have it. The rules
of a code are tried in their order, and the first one whose conditions all hold says to which classes the case belongs
and in which relation; the last rule of each code has no condition, so that every case is answered.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from tracker.phrases import Phrase, phrase
from tracker.vocabulary.base import NOT_RECORDED, Vocabulary
from tracker.vocabulary.conduct import ArbitraryJudgement, Completion
from tracker.vocabulary.perpetrators import PerpetratorSide, PerpetratorType
from tracker.vocabulary.relations import Certainty, Relation
from tracker.vocabulary.victims import Harm, VictimKind, VictimRole
from tracker.vocabulary.violations import KillingKind, Violation

FIELDS: Mapping[str, type[Vocabulary]] = MappingProxyType(
    {
        "violation": Violation,
        "completion": Completion,
        "killing_kind": KillingKind,
        "arbitrary": ArbitraryJudgement,
        "perpetrator": PerpetratorType,
        "side": PerpetratorSide,
        "kind": VictimKind,
        "role": VictimRole,
        "harm": Harm,
    }
)
"""What a rule may look at, each by the name of its column among the facets; silence is `not_recorded` in all."""

Case = Mapping[str, str]
"""One act against one victim by one perpetrator: a code, or `not_recorded`, for each of `FIELDS`."""

NO_WORDS = ""
NO_NOTE = phrase(NO_WORDS)
"""No note at all. Written within the call, the empty text would be collected as a message, which heads a catalogue."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where something about another list was read, and how surely it is known from there."""

    title: str
    certainty: Certainty
    url: str | None = None


@dataclass(frozen=True, slots=True)
class SchemeClass:
    """A class of another list: our code for it, its own name, its own number if it has one, the class above it."""

    code: str
    label: str
    origin: Origin
    parent: str | None = None
    number: str | None = None


@dataclass(frozen=True, slots=True)
class Condition:
    """What a case must have: one of these codes in this field."""

    name: str
    codes: tuple[str, ...]

    def holds(self, case: Case) -> bool:
        """Whether a case has it."""
        return case[self.name] in self.codes


@dataclass(frozen=True, slots=True)
class Match:
    """A class and the relation in which it stands to our code."""

    target: str
    relation: Relation


@dataclass(frozen=True, slots=True)
class Rule:
    """Where the cases of a code belong for which all conditions hold; without a match, to no class.

    `note` says what a person must judge or know. `origin` is given where the rule rests on less than its classes do.
    """

    matches: tuple[Match, ...] = ()
    conditions: tuple[Condition, ...] = ()
    note: Phrase = NO_NOTE
    origin: Origin | None = None

    def holds(self, case: Case) -> bool:
        """Whether the rule speaks of a case."""
        return all(condition.holds(case) for condition in self.conditions)


Rules = Mapping[Any, tuple[Rule, ...]]
"""The rules of each code; the keys are members of one vocabulary, which are texts."""


@dataclass(frozen=True)
class Listing:
    """One list of another organisation, and how ours leads to it.

    Attributes:
        column: which of our codes it is about, `violation` or `perpetrator`.
        classes: its classes, each after the one above it.
        rules: the rules of every code of ours.
        first: rules that are tried before those of any code.
        origin: where the list as a whole was read, for what is not in it.
        note: what the list is, if that needs saying.
    """

    column: str
    classes: tuple[SchemeClass, ...]
    rules: Rules
    origin: Origin
    first: tuple[Rule, ...] = ()
    note: Phrase = NO_NOTE
    by_code: Mapping[str, SchemeClass] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_code", {one.code: one for one in self.classes})

    def codes(self) -> tuple[str, ...]:
        """Our codes, in the order of their vocabulary."""
        return FIELDS[self.column].codes()

    def rule_of(self, case: Case) -> Rule | None:
        """The rule that speaks of a case; None where our code is not recorded."""
        code = case[self.column]
        if code == NOT_RECORDED:
            return None
        return next(rule for rule in (*self.first, *self.rules[code]) if rule.holds(case))

    def reached(self, case: Case) -> dict[str, Relation]:
        """The classes to which a case belongs, those above them included, each with its strongest relation.

        What is exact in a class lies in a broader one above it; what may belong to a class may belong to that one.
        """
        rule, found = self.rule_of(case), dict[str, Relation]()
        for match in rule.matches if rule else ():
            above = Relation.NARROWER if match.relation is Relation.NARROWER else Relation.BROADER
            for step, one in enumerate(self.upwards(match.target)):
                relation = above if step else match.relation
                found[one.code] = min(found.get(one.code, relation), relation, key=lambda each: each.rank)
        return found

    def upwards(self, code: str) -> Iterator[SchemeClass]:
        """A class and those above it."""
        here: str | None = code
        while here is not None:
            yield self.by_code[here]
            here = self.by_code[here].parent

    def depth(self, code: str) -> int:
        """How many classes stand above a class."""
        return sum(1 for _ in self.upwards(code)) - 1

    def certainty(self, rule: Rule) -> Certainty:
        """How surely a rule is known: no better than the least sure of its classes and what it rests on."""
        return max((origin.certainty for origin in self.origins(rule)), key=lambda each: each.doubt)

    def origins(self, rule: Rule) -> tuple[Origin, ...]:
        """Where a rule comes from: where its classes were read, or the list without one, and what else it rests on."""
        of_classes = [self.by_code[match.target].origin for match in rule.matches] or [self.origin]
        return tuple(dict.fromkeys((*of_classes, *((rule.origin,) if rule.origin else ()))))

    def looked_at(self) -> dict[str, frozenset[str]]:
        """The fields that decide, besides the code itself, each with the codes that any condition names."""
        found: dict[str, frozenset[str]] = {}
        for rule in (*self.first, *(rule for rules in self.rules.values() for rule in rules)):
            for condition in rule.conditions:
                found[condition.name] = found.get(condition.name, frozenset()) | frozenset(condition.codes)
        return found


@dataclass(frozen=True, slots=True)
class Scheme:
    """Another organisation's way of classing attacks on the press.

    Attributes:
        code: its name in addresses.
        name, short: its own name, and a short one.
        keeper: who keeps it.
        about: what it is.
        caution: why our counts are not theirs.
        acts, actors: its lists of acts and of perpetrators.
    """

    code: str
    name: str
    short: str
    keeper: str
    url: str
    about: Phrase
    caution: Phrase
    acts: Listing
    actors: Listing


def exact(target: str) -> Match:
    """Their class means the same as our code."""
    return Match(target, Relation.EXACT)


def broader(target: str) -> Match:
    """Their class is broader than our code."""
    return Match(target, Relation.BROADER)


def narrower(target: str) -> Match:
    """Their class is narrower than our code, or only overlaps with it."""
    return Match(target, Relation.NARROWER)


def only(name: str, *codes: str) -> Condition:
    """The condition that a field has one of these codes."""
    return Condition(name, tuple(str(code) for code in codes))


def to(*matches: Match, when: Iterable[Condition] = (), note: Phrase = NO_NOTE, origin: Origin | None = None) -> Rule:
    """A rule that leads to these classes."""
    return Rule(matches, tuple(when), note, origin)


def nowhere(note: Phrase = NO_NOTE, *when: Condition, origin: Origin | None = None) -> Rule:
    """A rule that leads to no class."""
    return Rule((), when, note, origin)


def if_done(matches: tuple[Match, ...], note: Phrase = NO_NOTE, *when: Condition) -> tuple[Rule, ...]:
    """Rules of an act that belongs to its classes where it was carried out, and may belong where that is not said."""
    perhaps = tuple(dict.fromkeys(narrower(match.target) for match in matches))
    return (
        Rule(matches, (DONE, *when), note),
        Rule(perhaps, (NOT_SAID, *when), NOT_SAID_NOTE),
    )


DONE = only("completion", Completion.COMPLETED)
THREATENED = only("completion", Completion.THREATENED)
NOT_DONE = only("completion", Completion.ATTEMPTED, Completion.THREATENED)
NOT_SAID = only("completion", NOT_RECORDED)
MUST_BE_JUDGED = phrase("Which acts of this kind belong there has to be judged case by case.")
NOT_SAID_NOTE = phrase("How far the act went is not recorded.")
ONLY_THREATENED = phrase("It was announced or warned of and not begun, so that it can count as a threat at most.")
NOT_IN_LIST = phrase("The list has no class for it.")
NO_VICTIM = phrase("No victim of the act is recorded.")
