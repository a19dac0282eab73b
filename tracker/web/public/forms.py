"""The filter form of the list: a plain GET form whose fields bear the names of the query string.

The form shows what was asked for and offers what there is; what a query *means*, and whether it is allowed, is
decided by `DatasetFilter` alone, so that pages, downloads and the command line never differ.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import Field, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.form import BaseForm

from tracker.dataset.parameters import LONGEST_TEXT, PARAMETERS, codes_allowed
from tracker.dataset.problems import Problem
from tracker.vocabulary import NOT_RECORDED, UNKNOWN
from tracker.web.translation import gettext, gettext_noop, page_locale, said
from tracker.web.wording import capital, country, day

Choice = tuple[str, str]

TEXT_FIELDS = ("q", "from", "to", "admin1", "place", "within", "as_of", "dataset")
DATE_FIELDS = frozenset({"from", "to", "as_of"})
COMMON_GROUPS = ("violation", "perpetrator", "outlet")
RARER_GROUPS = (
    "state",
    "completion",
    "harm",
    "role",
    "custody",
    "verification",
    "response",
    "country",
    "placed",
    "topic",
)
MOST_CHOICES = 60
"""Beyond this many outlets, topics or countries a list of boxes helps nobody: a text field takes its place."""


@dataclass(frozen=True, slots=True)
class Offered:
    """What the dataset holds to choose from: outlets, topics and countries as pairs of value and words."""

    outlet: Sequence[Choice] = ()
    topic: Sequence[Choice] = ()
    country: Sequence[Choice] = ()

    def of(self, name: str) -> Sequence[Choice]:
        """What is offered for a name of the query string."""
        return {"outlet": self.outlet, "topic": self.topic, "country": self.country}.get(name, ())


_LABELS = {
    "q": gettext_noop("Words"),
    "from": gettext_noop("From"),
    "to": gettext_noop("To"),
    "when": gettext_noop("Period"),
    "country": gettext_noop("Country"),
    "admin1": gettext_noop("Province or region"),
    "place": gettext_noop("Town or place"),
    "placed": gettext_noop("On the map"),
    "within": gettext_noop("Box of the map"),
    "violation": gettext_noop("Violation"),
    "completion": gettext_noop("Completion"),
    "perpetrator": gettext_noop("Perpetrator"),
    "state": gettext_noop("State or non-state perpetrator"),
    "outlet": gettext_noop("Outlet"),
    "topic": gettext_noop("Topic"),
    "role": gettext_noop("Role of the victim"),
    "harm": gettext_noop("Bodily harm"),
    "custody": gettext_noop("Custody"),
    "verification": gettext_noop("Verification"),
    "response": gettext_noop("Official response"),
    "as_of": gettext_noop("As of the end of"),
    "dataset": gettext_noop("Dataset version"),
    "limit": gettext_noop("Incidents on a page"),
    "fields": gettext_noop("Fields"),
    "after": gettext_noop("Page"),
}


def parameter_label(name: str) -> str:
    """What a name of the query string is called on the page."""
    return gettext(_LABELS[name]) if name in _LABELS else name


_HINTS = {
    "q": gettext_noop("Names, places, what happened; in any script."),
    "as_of": gettext_noop("The register as it stood at the end of a past day (UTC)."),
    "dataset": gettext_noop("The number of an earlier version."),
    "outlet": gettext_noop("The outlet’s name as in its address, such as kloop."),
    "topic": gettext_noop("The topic’s name as in its address."),
    "country": gettext_noop("Two letters, such as KG."),
    "within": gettext_noop("West, south, east and north in degrees, such as 69.2,39.1,80.3,43.3."),
}


def _hint(name: str) -> str:
    return gettext(_HINTS[name]) if name in _HINTS else ""


def value_label(name: str, value: str, offered: Offered) -> str:
    """What a value of the query string is called on the page; a value without a word of its own stays as it is."""
    if value == NOT_RECORDED:
        return gettext("not recorded")
    if name == "country":
        return gettext("unknown") if value == UNKNOWN else country(value)
    vocabulary = PARAMETERS[name].vocabulary
    if vocabulary and value in vocabulary.codes():
        return gettext(vocabulary(value).label)
    if value == UNKNOWN:
        return gettext("unknown")
    if name in DATE_FIELDS:
        return day(value)
    if name == "when":
        return gettext("certain") if value == "certain" else gettext("possible")
    return dict(offered.of(name)).get(value, value)


@cache
def _coded_choices(name: str, _language: str) -> tuple[SelectChoice, ...]:
    """The codes of a filter with their labels, put together once for each language."""
    vocabulary = PARAMETERS[name].vocabulary
    assert vocabulary is not None
    return tuple(SelectChoice(code, capital(value_label(name, code, Offered()))) for code in codes_allowed(vocabulary))


def _boxes(name: str, choices: Iterable[SelectChoice]) -> Any:
    return SelectMultipleField(parameter_label(name), choices=list(choices))


def _offered_choices(choices: Sequence[Choice]) -> list[SelectChoice]:
    silence = SelectChoice(NOT_RECORDED, gettext("Not recorded"))
    return [*(SelectChoice(value, words) for value, words in choices), silence]


def _text(name: str) -> Any:
    return StringField(parameter_label(name), description=_hint(name))


def _fields(offered: Offered) -> dict[str, Any]:
    fields = {name: _text(name) for name in TEXT_FIELDS}
    certain = SelectChoice("certain", gettext("Only incidents that certainly fall into this period"))
    fields["when"] = _boxes("when", [certain])
    language = str(page_locale())
    for name in (*COMMON_GROUPS, *RARER_GROUPS):
        if PARAMETERS[name].vocabulary:
            fields[name] = _boxes(name, _coded_choices(name, language))
        elif len(offered.of(name)) > MOST_CHOICES:
            fields[name] = _text(name)
        else:
            fields[name] = _boxes(name, _offered_choices(offered.of(name)))
    return fields


class FilterForm(BaseForm):  # type: ignore[misc]  # WTForms publishes no types.
    """The form as it stands for one query, with the problems of that query beside their fields."""

    def __init__(self, asked: MultiDict[str, str], offered: Offered, problems: Iterable[Problem] = ()) -> None:
        super().__init__(_fields(offered))
        self.process(asked)
        for problem in problems:
            if problem.name in self:
                self[problem.name].errors = (*self[problem.name].errors, said(problem.message))

    def _is_boxes(self, name: str) -> bool:
        return isinstance(self[name], SelectMultipleField)

    @property
    def common_groups(self) -> list[str]:
        """The names of the groups of boxes that stand in view."""
        return [name for name in COMMON_GROUPS if self._is_boxes(name)]

    @property
    def rarer_groups(self) -> list[str]:
        """The names of the groups of boxes that are folded away."""
        return [name for name in RARER_GROUPS if self._is_boxes(name)]

    @property
    def rarer_texts(self) -> list[str]:
        """The names of the text fields that are folded away."""
        too_many = [name for name in (*COMMON_GROUPS, *RARER_GROUPS) if not self._is_boxes(name)]
        return [*too_many, "admin1", "place", "within", "as_of", "dataset"]

    @property
    def rarer_chosen(self) -> int:
        """How many of the folded fields are in use."""
        return sum(bool(self[name].data) for name in (*self.rarer_groups, *self.rarer_texts))

    @property
    def has_rarer_problem(self) -> bool:
        """Whether one of the folded fields is wrong, so that they are to be in view."""
        return any(self[name].errors for name in (*self.rarer_groups, *self.rarer_texts))


def field_attributes(field: Field) -> dict[str, str]:
    """The attributes of a text field; a date that cannot be read stays in sight as text."""
    described = [f"{field.id}-hint"] if field.description else []
    attributes = {"autocomplete": "off", "maxlength": str(LONGEST_TEXT)}
    if field.errors:
        described.append(f"{field.id}-problem")
        attributes["aria-invalid"] = "true"
    elif field.name in DATE_FIELDS:
        attributes = {"type": "date"}
    if field.name == "q":
        attributes["type"] = "search"
    if field.name == "dataset":
        attributes["inputmode"] = "numeric"
    if described:
        attributes["aria-describedby"] = " ".join(described)
    return attributes


def chosen(field: Field) -> int:
    """How many boxes of a group are ticked."""
    return sum(choice.selected for choice in field.iter_choices())


FILTERS = {"chosen": chosen, "field_attributes": field_attributes}
