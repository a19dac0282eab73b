"""Judging a form: the draft that it gives and everything that stands against it, each thing at its field."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from tracker.registry.directory import Directory, offered
from tracker.registry.drafts import MISSING, Known, Problem
from tracker.registry.models import Incident
from tracker.vocabulary import PlacePrecision
from tracker.web.staff.entry.dating import today
from tracker.web.staff.entry.reading import Reading, draft_from
from tracker.web.staff.entry.registry import RegistryNames
from tracker.web.staff.entry.rows import Row
from tracker.web.staff.entry.sentences import Wrong, sentence, unique


@dataclass(frozen=True, slots=True)
class Judged:
    """A form as it was read, and what is wrong with it."""

    reading: Reading
    wrong: list[Wrong]

    def blaming(self, problems: Sequence[Problem]) -> "Judged":
        """The same with problems that only the registry could find."""
        return replace(self, wrong=unique([*self.wrong, *(self._of_write(problem) for problem in problems)]))

    def _of_write(self, problem: Problem) -> Wrong:
        """A problem of one of several drafts, the new records first, at the field that it belongs to."""
        number, *path = problem.path or (len(self.reading.new),)
        if isinstance(number, int) and number < len(self.reading.new):
            return Wrong(self.reading.where_new[number], sentence(Problem((), problem.message)))
        return Wrong(self.reading.id_of(tuple(path)), sentence(replace(problem, path=tuple(path))))


def judge(
    session: Session,
    tree: Row,
    *,
    key: str | None,
    languages: Sequence[str],
    public_precision: PlacePrecision | None = None,
    of: Incident | None = None,
) -> Judged:
    """Read a form and say everything that is wrong with it.

    `public_precision` is for a place without one; `of` is the incident that is changed.
    """
    _generalise(tree, public_precision)
    names = RegistryNames(session, of)
    reading = draft_from(tree, names, key=key, today=today(), languages=languages)
    known = names.knows(Directory(session).known([reading.incident])) | offered(reading.new)
    return judged(reading, known)


def _generalise(tree: Row, default: PlacePrecision | None) -> None:
    """Show a place no more exactly than the site does by default; the page then shows that it is so."""
    form = tree.form
    known = form.place_precision.given()
    if default is None or form.place_public_precision.given() or known not in PlacePrecision.codes():
        return
    if default.coarser_or_equal(PlacePrecision(known)):
        form.place_public_precision.data = str(default)


def judged(reading: Reading, known: Known) -> Judged:
    """Everything that is wrong, once for each field: what cannot be read is not called missing too."""
    wrong = list(reading.wrong)
    shape = [Wrong(reading.id_of(problem.path), sentence(problem)) for problem in reading.shape]
    wrong += shape
    blamed = {each.id for each in wrong}
    for problem in reading.incident.problems(known):
        where = reading.id_of(problem.path)
        if not (where in blamed and problem.message == MISSING):
            wrong.append(Wrong(where, sentence(problem)))
    return Judged(reading, unique(wrong))
