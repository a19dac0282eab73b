"""What is wrong with a query, said so that whoever asked can mend it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from tracker.text import shorten

LONGEST_ECHO = 80


@dataclass(frozen=True, slots=True)
class Problem:
    """One refused parameter: its name, the value made safe to print, a sentence, and what is allowed.

    The sentence, and what is allowed where it is no code, are phrases, so that a page can say them in its language.
    """

    name: str
    value: str
    message: str
    allowed: tuple[str, ...] = ()

    @classmethod
    def of(cls, name: str, value: str, message: str, allowed: Iterable[str] = ()) -> Problem:
        """A problem with what came in made short and printable."""
        return cls(printable(name), printable(value), message, tuple(allowed))

    def as_dict(self) -> dict[str, object]:
        """For a JSON answer."""
        return {
            "name": self.name,
            "value": self.value,
            "message": self.message,
            "allowed": list(self.allowed),
        }


class FilterError(ValueError):
    """A query that is refused, with all that is wrong with it."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(f"{problem.name}: {problem.message}" for problem in self.problems))


def printable(value: str) -> str:
    """What came in, shortened and without characters that disturb a page, a log or a terminal."""
    shown = "".join(
        character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in value[: 2 * LONGEST_ECHO]
    )
    return shorten(shown, LONGEST_ECHO)
