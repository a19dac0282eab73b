"""The filter form of the list: its fields with their choices, what is chosen, and what is wrong with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.registry.models import StaffMember, Topic
from tracker.registry.permissions import Reach, reach
from tracker.registry.queries import FilterProblem, authors_listed
from tracker.registry.queries.filters import LANGUAGES
from tracker.vocabulary import COUNTRIES, NOT_RECORDED, Status, Verification, Violation
from tracker.vocabulary.desk import Only, Sort
from tracker.vocabulary.staff import Action
from tracker.web.translation import gettext, gettext_noop, said
from tracker.web.wording import country, label, language_name, plain

Pairs = Sequence[tuple[str, str]]
Choices = list[tuple[str, str]]

LABELS = {
    "q": gettext_noop("Search"),
    "status": gettext_noop("Status"),
    "country": gettext_noop("Country"),
    "since": gettext_noop("From"),
    "until": gettext_noop("To"),
    "violation": gettext_noop("Violation"),
    "outlet": gettext_noop("Outlet"),
    "topic": gettext_noop("Topic"),
    "author": gettext_noop("Recorded by"),
    "verification": gettext_noop("Verification"),
    "missing": gettext_noop("Title or summary missing in"),
    "only": gettext_noop("Only those"),
    "sort": gettext_noop("Order by"),
}
BOXES = frozenset({"status", "violation", "verification", "missing", "only"})


@dataclass(frozen=True, slots=True)
class Field:
    """One field: what it is called, what can be chosen, what is given, and what is wrong with that."""

    name: str
    label: str
    given: tuple[str, ...] = ()
    choices: Choices = field(default_factory=list)
    problems: tuple[str, ...] = ()

    @property
    def value(self) -> str:
        """What is given, for a field that takes one value."""
        return self.given[0] if self.given else ""

    @property
    def chosen(self) -> str:
        """What is given, in words."""
        words = dict(self.choices)
        return ", ".join(words.get(value, value) for value in self.given)


@dataclass(frozen=True, slots=True)
class FilterForm:
    """All fields by their names, and every problem in one list."""

    fields: Mapping[str, Field]
    summary: list[tuple[str, str]]

    @property
    def applied(self) -> list[Field]:
        """The fields in which something is given, apart from the order."""
        return [each for each in self.fields.values() if each.given and each.name != "sort"]


def filter_form(
    session: Session, staff: StaffMember, pairs: Pairs, problems: Sequence[FilterProblem], names: Mapping[str, str]
) -> FilterForm:
    """The form with what is given in it; `names` are those of the staff."""
    choices = _choices(session, staff, names)
    given: dict[str, list[str]] = {}
    for name, value in pairs:
        if value.strip():
            given.setdefault(name, []).append(value.strip())
    said_of = {name: tuple(_sentence(each, choices) for each in problems if each.name == name) for name in LABELS}
    fields = {
        name: Field(name, gettext(words), tuple(given.get(name, ())), choices.get(name, []), said_of[name])
        for name, words in LABELS.items()
        if name != "author" or choices["author"]
    }
    summary = [(f"filter-{name}", sentence) for name, sentences in said_of.items() for sentence in sentences]
    summary += [("filter-q", _sentence(each, choices)) for each in problems if each.name not in LABELS]
    return FilterForm(fields, summary)


def _sentence(problem: FilterProblem, choices: Mapping[str, Choices]) -> str:
    words = dict(choices.get(problem.name, ()))
    sentence = said(problem.message)
    if not problem.allowed:
        return sentence
    allowed = ", ".join(words.get(value, value) for value in problem.allowed)
    return gettext("%(sentence)s Allowed: %(allowed)s", sentence=sentence, allowed=allowed)


def _choices(session: Session, staff: StaffMember, names: Mapping[str, str]) -> dict[str, Choices]:
    topics = [(topic.key or "", plain(topic.title, topic.key or "")) for topic in session.scalars(select(Topic))]
    authors = [(actor, names[actor]) for actor in authors_listed(session)] if sees_all(staff) else []
    return {
        "status": [(s.value, gettext(s.label)) for s in Status if s is not Status.ERASED],
        "country": sorted(((code, country(code)) for code in COUNTRIES), key=lambda pair: pair[1].casefold()),
        "violation": [(v.value, gettext(v.label)) for v in Violation],
        "topic": sorted(topics, key=lambda pair: pair[1].casefold()),
        "author": sorted(authors, key=lambda pair: pair[1].casefold()),
        "verification": [
            *((v.value, label(v.value, "verification")) for v in Verification),
            (NOT_RECORDED, gettext("not recorded")),
        ],
        "missing": [(code, language_name(code)) for code in LANGUAGES],
        "only": [(each.value, gettext(each.label)) for each in Only if each is not Only.NOT_MINE or sees_all(staff)],
        "sort": [(each.value, gettext(each.label)) for each in Sort],
    }


def sees_all(staff: StaffMember) -> bool:
    """Whether somebody reads the incidents of others too."""
    return reach(staff, Action.READ) is Reach.ANY
