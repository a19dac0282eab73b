"""The one way to a place's coordinates, which the form, imports and the command line share."""

import re

from tracker.geocoding.answers import Answer, Outcome, Wanted
from tracker.geocoding.coordinates import looks_like_coordinates
from tracker.geocoding.gazetteer import Gazetteer, GazetteerProblem
from tracker.phrases import Phrase, phrase
from tracker.text import text_problem
from tracker.vocabulary import COUNTRIES

LONGEST_TEXT = 300
"""Names of places with all that they lie in are shorter; what is longer is a story, in which nothing is looked for."""

_NOTHING_THERE = frozenset(
    ["nan", "NaN", "NAN", "NaT", "none", "None", "null", "NULL", "undefined", "N/A", "n/a", "#N/A", "inf"]
)
"""What programs write into empty cells; Nan, a town of Thailand, is written with one capital."""

_LINES = str.maketrans({"\n": ",", "\r": ",", "\t": ",", "\u2028": ",", "\u2029": ","})


def locate(wanted: Wanted, gazetteer: Gazetteer) -> Answer:
    """Look a place up in the gazetteer.

    Whatever is typed gets an answer: where it names no place, the answer says why, and where the gazetteer cannot be
    used, the answer has failed. Nothing is raised, nobody outside is asked, and a country never gets coordinates.
    """
    problem = problem_of(wanted)
    if problem is not None:
        return Answer(Outcome.NOT_FOUND, problem=problem)
    try:
        return gazetteer.search(wanted)
    except GazetteerProblem as unusable:
        return Answer(Outcome.FAILED, problem=unusable.args[0])


def no_such_country(code: str) -> Phrase:
    """That a code is no country's."""
    return phrase("There is no country with the code {code}.", code=repr(code[:10]))


def problem_of(wanted: Wanted) -> str | None:
    """Why this cannot be the name of any place, as a phrase; None where it may be one."""
    if wanted.country is not None and wanted.country not in COUNTRIES:
        return no_such_country(wanted.country)
    texts = [text for text in (wanted.text, wanted.locality, wanted.admin2, wanted.admin1) if text]
    if not texts:
        return phrase("A place needs a name: a town or village, a district, or a region.")
    for text in texts:
        if problem := text_problem(text.translate(_LINES), limit=LONGEST_TEXT):
            return problem
        if _NOTHING_THERE.issuperset(re.split(r"[\s,;]+", text.strip(" ,;"))):
            return phrase("This is how a program writes that there is nothing, and no name of a place.")
        if looks_like_coordinates(text):
            return phrase("These are coordinates and no name of a place.")
    return None
