"""Filters as they are typed, NAME=VALUE, and what is said of those that cannot be used."""

from tracker.dataset.parameters import PARAMETERS
from tracker.dataset.problems import FilterError, Problem


def pairs_of(filters: tuple[str, ...]) -> list[tuple[str, str]]:
    """The filters as pairs. An empty value, which a browser sends for an empty field, is a slip when typed here."""
    pairs = [(name, value) for name, _equals, value in (text.partition("=") for text in filters)]
    empty = [Problem.of(name, "", "A filter is written NAME=VALUE.", PARAMETERS) for name, value in pairs if not value]
    if empty:
        raise FilterError(empty)
    return pairs


def line_of(problem: Problem) -> str:
    """A refusal in one line."""
    allowed = f" Allowed: {', '.join(problem.allowed)}." if problem.allowed else ""
    return f"{problem.name}={problem.value}: {problem.message}{allowed}"
