"""What all drafts share: the types of their fields, and how they say what is wrong with them.

A draft is what somebody submitted: from a form, from incidents.yaml or from a partner's table. Its fields are all
optional, so that an unfinished one can be kept; what is missing or contradictory is said by `problems()`.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, fields
from datetime import date
from difflib import get_close_matches
from enum import StrEnum
from typing import Annotated, Any, get_args

from babel import Locale
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from tracker import text
from tracker.dates import DateProblem, IncidentDate
from tracker.vocabulary import DateBasis, PartOfDay

Path = tuple[str | int, ...]
LONGEST_SHOWN = 80
# Whose record, and which: both are codes, so that no words can hide in them.
_ENTRY = re.compile(r"(?=.{3,64}\Z)[a-z]+:[A-Za-z0-9][A-Za-z0-9_/-]*", re.ASCII)


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong in a draft: where, what stood there, and what is allowed."""

    path: Path
    message: str
    value: object = None
    allowed: str = ""

    @property
    def where(self) -> str:
        """The path as people write it: `acts[0].victims[1].role`."""
        return "".join(f"[{part}]" if isinstance(part, int) else f".{_printable(part)}" for part in self.path).lstrip(
            "."
        )

    def under(self, *prefix: str | int) -> "Problem":
        """The same problem, seen from the record that holds this one."""
        return Problem((*prefix, *self.path), self.message, self.value, self.allowed)

    def __str__(self) -> str:
        shown = "" if self.value is None else f" ({text.shorten(_written(self.value), LONGEST_SHOWN)})"
        allowed = f"; allowed: {self.allowed}" if self.allowed else ""
        return f"{self.where or 'record'}: {self.message}{shown}{allowed}"


def _printable(name: str) -> str:
    """A name from the path; one that nobody would give to a field is written so that it can do no harm."""
    return text.shorten(name if name.isprintable() else ascii(name), LONGEST_SHOWN)


def _written(value: object) -> str:
    """A value as Python writes it, or its type where it has too many digits or levels to be written."""
    try:
        return repr(value)
    except (ValueError, RecursionError):
        return type(value).__name__


@dataclass(frozen=True, slots=True)
class Known:
    """The keys that a draft may refer to."""

    sources: frozenset[str] = field(default=frozenset())
    shown_sources: frozenset[str] = field(default=frozenset())
    people: frozenset[str] = field(default=frozenset())
    outlets: frozenset[str] = field(default=frozenset())
    topics: frozenset[str] = field(default=frozenset())
    incidents: frozenset[str] = field(default=frozenset())

    def __or__(self, other: "Known") -> "Known":
        """What either knows."""
        return Known(*(getattr(self, each.name) | getattr(other, each.name) for each in fields(self)))


class Draft(BaseModel):
    """The base of all drafts: unknown keys are refused, and nothing is guessed from another type."""

    model_config = ConfigDict(extra="forbid", frozen=False, validate_default=False, ser_json_inf_nan="null")


def _text_type(limit: int, *, multiline: bool = False) -> AfterValidator:
    def check(value: str) -> str:
        problem = text.text_problem(value, limit=limit, multiline=multiline)
        if problem:
            raise PydanticCustomError("text", "{problem}", {"problem": problem})
        if not value.strip():
            raise PydanticCustomError("text", "holds no text; allowed: a text, or no such field at all")
        return value.strip()

    return AfterValidator(check)


def _language(code: str) -> str:
    # Regional forms such as en_GB are left out: they are not written so in BCP 47.
    if code not in Locale("en").languages or "_" in code:
        raise PydanticCustomError("language", "not a language code; allowed: such as en, ru, ky, es")
    return code


def _web_address(value: str) -> str:
    if not value.startswith(("http://", "https://")) or " " in value or "." not in value:
        raise PydanticCustomError("url", "not a web address; allowed: http:// or https:// and a host")
    return value


def _gazetteer_entry(value: str) -> str:
    if not _ENTRY.fullmatch(value):
        raise PydanticCustomError("entry", "not a record of a gazetteer; allowed: such as geonames:1527534, osm:N123")
    return value


def _iso_day(value: Any) -> Any:
    """Take days as ISO text alone: a bare number would be read as seconds since 1970."""
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        raise PydanticCustomError("day", "not a day; allowed: such as 2020-10-05") from None


def _not_bool(value: Any) -> Any:
    """Keep YAML's yes and no from being counted as one and nought."""
    if isinstance(value, bool):
        raise PydanticCustomError("number", "a number is needed, not yes or no")
    return value


Key = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=80)]
Line = Annotated[str, _text_type(300)]
Paragraphs = Annotated[str, _text_type(20_000, multiline=True)]
Notes = Annotated[str, _text_type(100_000, multiline=True)]
Language = Annotated[str, AfterValidator(_language)]
Lines = dict[Language, Line]
Texts = dict[Language, Paragraphs]
Url = Annotated[str, _text_type(2_000), AfterValidator(_web_address)]
Entry = Annotated[str, AfterValidator(_gazetteer_entry)]
Count = Annotated[int, BeforeValidator(_not_bool), Field(ge=0, le=1_000_000_000)]
Day = Annotated[date, BeforeValidator(_iso_day)]
Degrees = Annotated[float, BeforeValidator(_not_bool), Field(allow_inf_nan=False)]


class DateDraft(Draft):
    """When something happened, as EDTF (ISO 8601-2), and in the words of the report."""

    edtf: str | None = Field(
        None,
        description="2020-10-05, 2020-10, [2020-10-05..2020-10-06] (one of these days), 2020-10-05/2020-10-06",
    )
    as_reported: Line | None = None
    part_of_day: PartOfDay | None = None
    basis: DateBasis | None = Field(None, description="stated by a source, or inferred by us")

    def incident_date(self) -> IncidentDate:
        """The date, read; raises `DateProblem`."""
        return IncidentDate.from_edtf(
            self.edtf or "",
            part_of_day=self.part_of_day,
            basis=self.basis or DateBasis.STATED,
            as_reported=self.as_reported,
        )

    def problems(self) -> Iterator[Problem]:
        """What is wrong with the date."""
        if self.edtf is None:
            yield Problem(("edtf",), MISSING, None, "such as 2020-10-05, 2020-10 or [2020-10-05..2020-10-06]")
            return
        try:
            self.incident_date()
        except DateProblem as problem:
            yield Problem(("edtf",), "not a date that can be read", self.edtf, problem.allowed)


MISSING = "is missing"


def missing(draft: Draft, names: Sequence[str]) -> Iterator[Problem]:
    """A problem for each named field that has no value."""
    for name in names:
        if getattr(draft, name) in (None, [], {}):
            yield Problem((name,), MISSING, None, allowed_for(type(draft), name))


def allowed_for(model: type[Draft], name: str) -> str:
    """The codes that a field takes, or nothing where it takes free text."""
    annotation = model.model_fields[name].annotation
    for candidate in (annotation, *get_args(annotation)):
        if isinstance(candidate, type) and issubclass(candidate, StrEnum):
            return ", ".join(candidate)
    return ""


def unknown_key(path: Path, key: str | None, known: frozenset[str], what: str) -> Iterator[Problem]:
    """A problem where a key names nothing."""
    if key is not None and key not in known:
        near = ", ".join(get_close_matches(key, known, n=5, cutoff=0.4))
        yield Problem(path, f"names no known {what}", key, near or f"the key of a recorded {what}")


def repeated(path: Path, keys: Iterable[str | None], what: str) -> Iterator[Problem]:
    """A problem for each key that stands twice."""
    seen: set[str] = set()
    for number, key in enumerate(keys):
        if key is not None and key in seen:
            yield Problem((*path, number), f"the same {what} stands twice", key)
        seen.add(key or "")
