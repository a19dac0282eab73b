"""What is wrong with a form, in sentences for whoever filled it, each at the field that it belongs to."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from tracker.registry.drafts import MISSING, Problem
from tracker.registry.drafts.base import Path
from tracker.web.translation import gettext, gettext_noop


@dataclass(frozen=True, slots=True)
class Wrong:
    """One thing that is wrong: the id of the field, and what to do about it."""

    id: str
    sentence: str


_NEEDED = {
    "date": gettext_noop("Say when it happened."),
    "edtf": gettext_noop("Say when it happened."),
    "place": gettext_noop("Choose the country in which it happened."),
    "country": gettext_noop("Choose the country in which it happened."),
    "sources": gettext_noop("Give at least one source."),
    "acts": gettext_noop("Say what was done."),
    "violation": gettext_noop("Say what was done."),
    "victims": gettext_noop("Say to whom it was done."),
    "kind": gettext_noop("Choose what it is."),
    "naming": gettext_noop("Choose whether the name is published, withheld or not named in the source."),
    "person": gettext_noop("Give the name of the person, or choose another answer to whether it is published."),
    "outlet": gettext_noop("Give the outlet to which it was done."),
    "fate": gettext_noop("Choose what became of the equipment."),
    "type": gettext_noop("Choose what kind of source it is."),
    "precision": gettext_noop("Say how exactly the place is known, since a public precision is chosen."),
    "named_actor_is": gettext_noop("Say whether the name is that of a person or of an organisation."),
    "named_actor": gettext_noop("Give the name."),
    "longitude": gettext_noop("Give latitude and longitude, such as 42.8764, 74.6038."),
    "latitude": gettext_noop("Give latitude and longitude, such as 42.8764, 74.6038."),
    "text": gettext_noop("Say in a sentence what happened."),
}
_SOMETHING = gettext_noop("This is needed.")
_MEANT = {
    "is less than count_least": gettext_noop("This is less than the smallest number."),
    "is before custody_from": gettext_noop("This is before the day on which custody began."),
    "only a victim of kind person is a person": gettext_noop("Only a person has a name here; choose “Person” above."),
    "a person is given, so the name is known": gettext_noop("A name is given: it is published or withheld."),
    "is not a source of this incident": gettext_noop("A source that prints the name has to be one of this incident."),
    "cannot show that a name is public": gettext_noop(
        "This source cannot show that a name is public: it needs an address, or a publisher and a title, and must not "
        "be confidential."
    ),
    "only a killing has a kind of killing": gettext_noop("Only a killing has a kind of killing."),
    "is a judgement on a deprivation of liberty": gettext_noop("Only a detention or a conviction is judged arbitrary."),
    "is finer than what is recorded": gettext_noop("The place cannot be shown more exactly than it is known."),
    "is not on the globe": gettext_noop("Latitude goes from -90 to 90, longitude from -180 to 180."),
    "a source needs a publisher, a title or a url": gettext_noop("Give an address, a publisher or a title."),
    "an incident is not related to itself": gettext_noop("An incident is not related to itself."),
    "is not a known code": gettext_noop("This is not one of the answers."),
    "is not a country": gettext_noop("This is not a country."),
    "is not a key": gettext_noop("Use lower-case letters, digits and single hyphens."),
    "not a day": gettext_noop("This is not a day; write it as 2020-10-05."),
    "not a web address": gettext_noop("This is not a web address; it begins with http:// or https://."),
    "not a language code": gettext_noop("This is not the code of a language, such as en, ru or ky."),
    "not a date that can be read": gettext_noop("This is not a date that can be read."),
    "is taken by another record": gettext_noop("This has been recorded already."),
}
_PATTERNS = (
    (r".*\bvalid (integer|number)\b.*", gettext_noop("A number is needed.")),
    (r".*(greater|less) than or equal.*", gettext_noop("This number is too small or too large.")),
    (r"names no known .*", gettext_noop("This is not on record any more.")),
    (r"the same .* stands twice", gettext_noop("This stands here twice.")),
    (r"a place known as .* has no point", gettext_noop("A place known so has no coordinates.")),
    (r"(the )?text has [0-9,]+ characters.*", gettext_noop("This text is too long.")),
    (r".*should have at most.*", gettext_noop("This text is too long.")),
    (r".*have to stand in one line.*|.*has to stand in one line.*", gettext_noop("This has to stand in one line.")),
    (r".*(control characters|divided character|no character|direction of the text|line break).*",
     gettext_noop("This text holds invisible characters that are not allowed. Type it anew.")),
)  # fmt: skip
_UNKNOWN = gettext_noop("This cannot be recorded so.")
_ROWS = {
    "acts": gettext_noop("act %(number)s"),
    "victims": gettext_noop("victim %(number)s"),
    "involvements": gettext_noop("perpetrator %(number)s"),
    "equipment": gettext_noop("equipment %(number)s"),
    "sources": gettext_noop("source %(number)s"),
    "follow_ups": gettext_noop("follow-up %(number)s"),
    "related": gettext_noop("related incident %(number)s"),
}


def message_words(problem: Problem) -> str:
    """What is wrong, in a sentence for people."""
    name = next((part for part in reversed(problem.path) if isinstance(part, str)), "")
    if problem.message == MISSING:
        return gettext(_NEEDED.get(name, _SOMETHING))
    known = _MEANT.get(problem.message) or next(
        (words for pattern, words in _PATTERNS if re.fullmatch(pattern, problem.message, re.IGNORECASE)), None
    )
    return gettext(known or _UNKNOWN)


def row_words(path: Path) -> str:
    """The row that a path leads into: "act 1, victim 2"; empty outside of rows."""
    steps = pairwise(path)
    found = [gettext(_ROWS[name], number=at + 1) for name, at in steps if name in _ROWS and isinstance(at, int)]
    return ", ".join(found)


def sentence(problem: Problem) -> str:
    """A problem with the row that it belongs to, for the summary and the field alike."""
    rows, said = row_words(problem.path), message_words(problem)
    return gettext("%(rows)s: %(problem)s", rows=rows[:1].upper() + rows[1:], problem=said) if rows else said


def limit_sentence(_name: str, limit: int) -> str:
    """That a list is longer than a form takes."""
    return gettext("There are more rows here than the %(limit)s that one form takes.", limit=limit)


def unique(wrong: Iterable[Wrong]) -> list[Wrong]:
    """Each thing once."""
    return list(dict.fromkeys(wrong))


def at_fields(wrong: Sequence[Wrong]) -> dict[str, list[str]]:
    """The sentences of each field."""
    found: dict[str, list[str]] = {}
    for each in wrong:
        found.setdefault(each.id, []).append(each.sentence)
    return found
