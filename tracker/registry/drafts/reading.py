"""Reading raw data as a draft, and saying everything that has the wrong shape at once."""

from collections.abc import Iterable
from typing import Any, TypeVar, get_args

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from tracker.registry.drafts.base import MISSING, Draft, Path, Problem

D = TypeVar("D", bound=Draft)


def read(model: type[D], raw: object) -> tuple[D, list[Problem]]:
    """Read raw data as a draft, together with every part of it that has the wrong shape.

    A part with the wrong shape is reported and left out, so that the rest can still be read and judged; hence the
    two lists, of shape and of meaning, can be reported together.
    """
    if not isinstance(raw, dict):
        return model(), [Problem((), "a record with named fields is needed", raw, ", ".join(model.model_fields))]
    found: list[Problem] = []
    while True:
        try:
            return model.model_validate(raw), found
        except ValidationError as error:
            details = error.errors(include_url=False, include_context=True)
            found += [_problem(model, detail) for detail in details]
            places = [_place_in(raw, detail["loc"]) for detail in details]
            raw = {} if () in places else _without(raw, places, model)
        except RecursionError:
            return model(), [Problem((), "is nested too deeply to be read")]


def prune_missing(problems: Iterable[Problem]) -> list[Problem]:
    """Drop "is missing" about a place whose value was already refused for its shape."""
    listed = list(problems)
    refused = {problem.path for problem in listed if problem.message != MISSING}

    def stands(problem: Problem) -> bool:
        own = problem.path
        return not any(path[: len(own)] == own[: len(path)] for path in refused)

    return [problem for problem in listed if problem.message != MISSING or stands(problem)]


def _problem(model: type[Draft], detail: ErrorDetails) -> Problem:
    loc = tuple(part for part in detail["loc"] if part != "[key]")
    context = detail.get("ctx") or {}
    if detail["type"] == "extra_forbidden":
        return Problem(loc, "is not a known field", None, ", ".join(_fields_at(model, loc[:-1])))
    if detail["type"] == "enum":
        allowed = str(context.get("expected", "")).replace(" or ", ", ").replace("'", "")
        return Problem(loc, "is not a known code", detail["input"], allowed)
    if detail["type"] == "string_pattern_mismatch":
        return Problem(loc, "is not a key", detail["input"], "lower-case letters, digits and single hyphens")
    message, _, allowed = detail["msg"].partition("; allowed: ")
    return Problem(loc, message[:1].lower() + message[1:], detail["input"], allowed)


def _fields_at(model: type[Draft], path: Path) -> list[str]:
    """The field names of the draft that stands at a path."""
    for part in path:
        if isinstance(part, str) and part in model.model_fields:
            model = _draft_in(model.model_fields[part].annotation) or model
    return list(model.model_fields)


def _draft_in(annotation: Any) -> type[Draft] | None:
    if isinstance(annotation, type) and issubclass(annotation, Draft):
        return annotation
    return next((found for part in get_args(annotation) if (found := _draft_in(part))), None)


def _place_in(raw: Any, loc: Path) -> Path:
    """The part of an error's location that leads to something in the raw data, as far as `_without` takes it apart."""
    place: list[str | int] = []
    for part in loc:
        if not isinstance(raw, dict | list):
            break
        try:
            raw = raw[part]  # type: ignore[index]
        except (KeyError, IndexError, TypeError):
            break
        place.append(part)
    return tuple(place)


def _without(raw: Any, places: list[Path], model: type[Draft] | None) -> Any:
    """A copy of the raw data without what stands at these places; `model` is the draft that they belong to.

    A refused item of a list of records leaves an empty record behind, so that the numbers of the others still hold.
    """
    if isinstance(raw, dict):
        inner = {key: [place[1:] for place in places if place[0] == key] for key in raw}
        return {
            key: _without(raw[key], below, _model_of(model, key)) for key, below in inner.items() if () not in below
        }
    if isinstance(raw, list):
        empty: list[dict[str, Any]] = [] if model is None else [{}]
        kept: list[Any] = []
        for number, item in enumerate(raw):
            below = [place[1:] for place in places if place[0] == number]
            kept += empty if () in below else [_without(item, below, model)]
        return kept
    return raw


def _model_of(model: type[Draft] | None, name: object) -> type[Draft] | None:
    """The draft in a field of a draft, or None where the field holds plain values."""
    found = model.model_fields.get(name) if model is not None and isinstance(name, str) else None
    return None if found is None else _draft_in(found.annotation)
