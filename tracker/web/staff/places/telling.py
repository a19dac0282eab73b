"""An answer of the list of places in words, for people who choose, with and without a script."""

from dataclasses import dataclass
from typing import Any

from tracker.geocoding import Answer, Candidate, Outcome
from tracker.registry.permissions import may
from tracker.vocabulary.staff import Action
from tracker.web.staff.context import me
from tracker.web.staff.entry.forms import IncidentForm
from tracker.web.staff.places.choosing import Choice, choice_of
from tracker.web.staff.places.looking import cannot_look_up
from tracker.web.translation import gettext, gettext_noop, ngettext, said
from tracker.web.wording import country, number

_SENTENCES = {
    Outcome.FOUND: gettext_noop("One place fits. It is taken only when you choose it."),
    Outcome.AMBIGUOUS: gettext_noop(
        "Several places may be meant. Choose the right one; a wrong pin is worse than none."
    ),
    Outcome.NOT_FOUND: gettext_noop(
        "No such place was found. Check the spelling and the country, or set the pin by hand; the form can be saved "
        "without a pin."
    ),
    Outcome.FAILED: gettext_noop("The place could not be looked up now. The form can be saved all the same."),
}


@dataclass(frozen=True, slots=True)
class Offered:
    """One candidate: what it is called, what is known of it in words, and what choosing it does."""

    found: Candidate
    label: str
    words: str
    choice: Choice


@dataclass(frozen=True, slots=True)
class Told:
    """An answer: what came of the search, why, the candidates, and whom to name for them."""

    outcome: Outcome
    sentence: str
    why: str
    offered: tuple[Offered, ...]
    attribution: str

    def as_json(self) -> dict[str, Any]:
        """The same for a script."""
        return {
            "outcome": str(self.outcome),
            "sentence": self.sentence,
            "why": self.why,
            "attribution": self.attribution,
            "candidates": [_as_json(each) for each in self.offered],
        }


def told(answer: Answer, form: IncidentForm) -> Told:
    """An answer in the language of the page, for this form."""
    unusable = answer.outcome is Outcome.FAILED and cannot_look_up() is not None
    return Told(
        outcome=answer.outcome,
        sentence=gettext(_SENTENCES[answer.outcome]),
        why=said(answer.problem) if answer.problem and not unusable else "",
        offered=tuple(Offered(each, _label(each), _words(each), choice_of(each, form)) for each in answer.candidates),
        attribution=said(answer.attribution) if answer.attribution else "",
    )


def origin_words(form: IncidentForm) -> str:
    """By which name the point of a form was found; nothing where there is none, or where a person set it."""
    name = form.place_matched.given()
    if not name or not form.place_point.given():
        return ""
    return gettext("The point was found by the name “%(name)s”.", name=name)


def why_unusable() -> str | None:
    """That places cannot be looked up here at all, and to administrators how to mend it; None where they can."""
    problem = cannot_look_up()
    if problem is None:
        return None
    calm = gettext("Places cannot be looked up at the moment. Everything else works, and the form can be saved.")
    if may(me(), Action.SETTINGS):
        return f"{calm} {said(problem)}"
    whom = gettext("Whoever runs this site can mend it.")
    return f"{calm} {whom}"


def _label(found: Candidate) -> str:
    return found.label_with(country(found.country))


def _words(found: Candidate) -> str:
    parts = [gettext(found.precision.label)]
    if found.latitude is None:
        parts.append(gettext("without a pin"))
    if found.population:
        parts.append(
            ngettext("%(count)s inhabitant", "%(count)s inhabitants", found.population, count=number(found.population))
        )
    if found.matched and found.matched != found.name:
        parts.append(gettext("found by the name “%(name)s”", name=found.matched))
    if found.provider != "gazetteer":
        parts.append(gettext("from an outside service"))
    return " · ".join(parts)


def _as_json(each: Offered) -> dict[str, Any]:
    found, choice = each.found, each.choice
    return {
        "entry": found.entry,
        "label": each.label,
        "words": each.words,
        "latitude": found.latitude,
        "longitude": found.longitude,
        "fills": choice.fills,
        "over": choice.over,
        "differences": [each.words for each in choice.differences],
    }
