"""Incidents that may be the same as the one in the form: shown before it is handed in, and each ruled on once."""

from sqlalchemy.orm import Session

from tracker.dates import DateProblem
from tracker.registry import duplicates
from tracker.registry.duplicates import Likely
from tracker.vocabulary.staff import DuplicateDecision
from tracker.web.staff.entry.fields import Pair
from tracker.web.staff.entry.reading import Reading
from tracker.web.staff.entry.sentences import Wrong
from tracker.web.staff.references.duplicates import LOOKED_AT, for_me
from tracker.web.translation import gettext

START = "same-"
MOST_SHOWN = 5


def likely_of(session: Session, reading: Reading, *, but_not: str | None = None) -> list[Likely]:
    """The incidents like this one, of those that whoever types may know of."""
    draft = reading.incident
    try:
        when = draft.date.incident_date() if draft.date else None
    except DateProblem:
        when = None
    victims = [victim for act in draft.acts for victim in act.victims]
    people = {victim.person for victim in victims if victim.person}
    found = duplicates.likely(
        session,
        country=draft.place.country if draft.place else None,
        earliest=when.earliest if when else None,
        latest=when.latest if when else None,
        title=list(draft.title.values()),
        people=people,
        outlets={victim.outlet for victim in victims if victim.outlet},
        violations={str(act.violation) for act in draft.acts if act.violation},
        but_not=but_not,
        limit=LOOKED_AT,
    )
    return for_me(session, found, people)[:MOST_SHOWN]


def rulings_in(pairs: list[Pair], likely: list[Likely]) -> dict[str, DuplicateDecision]:
    """What was answered about these incidents; other answers are none."""
    asked = {f"{START}{each.incident.id}": each.incident.id for each in likely}
    answers = {code.value: code for code in DuplicateDecision}
    return {asked[name]: answers[value] for name, value in pairs if name in asked and value in answers}


def unruled(likely: list[Likely], rulings: dict[str, DuplicateDecision]) -> list[Wrong]:
    """What still has to be said about them before another incident is made."""
    found = []
    for each in likely:
        where = f"{START}{each.incident.id}"
        if each.incident.id not in rulings:
            found.append(Wrong(where, gettext("This looks like an incident on record. Say whether it is the same.")))
        elif rulings[each.incident.id] is DuplicateDecision.SAME:
            sentence = gettext(
                "It is on record already: open that one, add there what you know, and discard this form."
            )
            found.append(Wrong(where, sentence))
    return found
