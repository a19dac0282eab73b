"""What stood against a step, in sentences, and the pages that say so."""

from collections.abc import Iterable, Sequence

from tracker.registry.drafts import MISSING, Problem
from tracker.web.staff.context import page, staff_label
from tracker.web.staff.differences import place_words
from tracker.web.staff.field_words import LABELS
from tracker.web.translation import gettext, gettext_noop

Answer = tuple[str, int]

_MEANT = {
    "tells a name that is withheld": gettext_noop("%(where)s: the text tells a name that is withheld: “%(value)s”."),
    "tells a place that is withheld": gettext_noop("%(where)s: the text tells a place that is withheld: “%(value)s”."),
    "is not answered": gettext_noop("Answer this point: %(where)s."),
    "no safety review has cleared this text": gettext_noop("No safety review has cleared this text."),
    "what would be published is not what was reviewed": gettext_noop(
        "What would be published is not what was reviewed: a name, a source or an outlet has changed since. Send it "
        "back and have it reviewed again."
    ),
    "is not over yet": gettext_noop("The embargo is not over yet."),
    "is not in the future": gettext_noop("Give a time in the future."),
    "wrote this text, and cannot review it": gettext_noop(
        "You had a hand in this text. Somebody else has to be its safety reviewer."
    ),
    "would tell more than is public now": gettext_noop("%(where)s: this would tell more than is public now."),
    "nothing would be withheld by this": gettext_noop("Nothing would be withheld by this. Choose what shall go."),
    "words can only be taken out here": gettext_noop(
        "%(where)s: words can only be taken out here. To say it in other words, change the incident afterwards."
    ),
    "is not public": gettext_noop("This incident is not public."),
    "cannot show that a name is public": gettext_noop(
        "%(where)s: a source that prints a name there would become confidential. Withhold that name first."
    ),
}
_NEEDED = {
    "why": gettext_noop("Say why."),
    "note": gettext_noop("Say in the note why not, and what follows: %(where)s."),
    "title": gettext_noop("Give it a title before it is published."),
    "sources": gettext_noop("Give at least one source."),
}


def sentence(problem: Problem) -> str:
    """What stands against something, as a sentence for whoever wanted it."""
    where, value = _where(problem), str(problem.value or "")
    # Of a topic it is said which of its incidents withholds the name; what to do is the same.
    message = problem.message.partition(" in incident ")[0]
    if problem.message == MISSING and problem.path and problem.path[-1] in _NEEDED:
        return gettext(_NEEDED[str(problem.path[-1])], where=where)
    if problem.path == ("status",):
        return gettext("This cannot be done with the incident as it stands now.")
    if problem.path == ("by",) and problem.message not in _MEANT:
        return gettext("Your roles do not allow this.")
    if message in _MEANT:
        return gettext(_MEANT[message], where=where, value=value)
    return gettext("%(where)s: this has to be looked at again before publication.", where=where)


def _where(problem: Problem) -> str:
    """The place in words; codes of the checklist are said by their labels."""
    if problem.path[:1] == ("checklist",) and len(problem.path) > 1:
        return staff_label(str(problem.path[1]), "review_check")
    record, *rest = problem.path or ("",)
    if rest and isinstance(record, str) and record not in LABELS:
        # Another record, by its reference or its key, and the place in it.
        kind = "topic" if rest[0] == "timeline" else "incident"
        return gettext("%(row)s: %(field)s", row=record, field=place_words(tuple(rest), kind))
    return place_words(problem.path) or gettext("The record")


def sentences(problems: Iterable[Problem]) -> list[str]:
    """Each sentence once."""
    return list(dict.fromkeys(sentence(problem) for problem in problems))


def not_now(incident_id: str, problems: Sequence[Problem]) -> Answer:
    """The page for a step that was refused: nothing was changed, and why."""
    wrong_state = any(problem.path == ("status",) for problem in problems)
    words = sentences(problems)
    return page("staff/review/refused.html", incident_id=incident_id, sentences=words), 409 if wrong_state else 422


def overtaken(incident_id: str, why: str = "") -> Answer:
    """The page for a step that somebody else's change came before; the reason that was typed is shown again."""
    return page("staff/review/stale.html", incident_id=incident_id, why=why), 409
