"""Reading YAML that may be careless or hostile: a small, safe part of YAML 1.2, with the line of everything in it.

Refused: anchors and aliases (a few of them can unfold into gigabytes), tags, the same key twice, nesting without end,
more than one document. Words stay words: `no` is not false, and a date is the text that was written.
"""

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn, TypeAlias

import yaml

from tracker.text import shorten

LARGEST_FILE = 256 * 1024 * 1024
DEEPEST = 40
LONGEST_SHOWN = 80

Place: TypeAlias = tuple[str | int, ...]
_WHOLE_NUMBER = re.compile(r"[-+]?[0-9]{1,18}")
_DECIMAL = re.compile(r"[-+]?[0-9]{1,18}\.[0-9]{1,18}")
# What YAML allows in a file at all; half of a surrogate pair can only come in as an escape.
_NOT_TEXT = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_WORDS: dict[str, Any] = {"": None, "~": None, "null": None, "true": True, "false": False}
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class FileProblem(ValueError):
    """A file that cannot be read at all; the message says where and why."""


@dataclass(frozen=True)
class Document:
    """A file's content as plain values, and the way back from each of them to its line."""

    name: str
    data: Any
    text: str = field(repr=False)

    def lines(self) -> dict[Place, int]:
        """The line, from 1, on which everything in the file stands; read anew, as only problems need it."""
        lines: dict[Place, int] = {}
        _Builder(self.name, lines).build(self.text)
        return lines


def read(path: Path) -> Document:
    """Read a file. Raises `FileProblem` with the line and what is allowed."""
    try:
        # Devices and pipes tell no size beforehand, so that what comes out of them is measured.
        with path.open("rb") as file:
            raw = file.read(LARGEST_FILE + 1)
    except OSError as error:
        raise FileProblem(f"{path}: cannot be read: {error.strerror}") from error
    if len(raw) > LARGEST_FILE:
        raise FileProblem(f"{path}: is too long; at most {LARGEST_FILE:,} bytes are read")
    return parse(raw, str(path))


def parse(raw: bytes, name: str) -> Document:
    """Read the bytes of a file called `name`. Raises `FileProblem`."""
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise FileProblem(f"{name}:{line}: is not UTF-8 text (byte {raw[error.start]:#04x})") from error
    if not text.strip():
        raise FileProblem(f"{name}: is empty")
    forbidden = _NOT_TEXT.search(text)
    if forbidden:
        line = text.count("\n", 0, forbidden.start()) + 1
        raise FileProblem(f"{name}:{line}: holds U+{ord(forbidden[0]):04X}, a character that no text may hold")
    return Document(name, _Builder(name).build(text), text)


class _Builder:
    """Builds values from the events of a YAML parser, with a stack of its own, so that depth cannot harm it."""

    def __init__(self, name: str, lines: dict[Place, int] | None = None) -> None:
        self._name = name
        self._lines = lines
        self._stack: list[tuple[Any, Place]] = []
        self._key: list[tuple[str, int] | None] = []
        self._result: Any = None
        self._documents = 0

    def build(self, text: str) -> Any:
        try:
            for event in yaml.parse(text, Loader=_Loader):
                self._take(event)
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            line = f":{mark.line + 1}" if mark else ""
            reason = getattr(error, "problem", None) or getattr(error, "reason", None) or "cannot be read"
            raise FileProblem(f"{self._name}{line}: is not YAML: {reason}") from error
        except (RecursionError, ValueError) as error:
            if isinstance(error, FileProblem):
                raise
            raise FileProblem(f"{self._name}: is not YAML that can be read safely") from error
        return self._result

    def _take(self, event: Any) -> None:
        if isinstance(event, yaml.DocumentStartEvent):
            self._documents += 1
            if self._documents > 1:
                self._refuse(event, "a second document begins; one is allowed")
        elif isinstance(event, yaml.AliasEvent):
            self._refuse(event, f"aliases (*{_shown(event.anchor or '')}) are not allowed; write the value out")
        elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
            self._stack.pop()
            self._key.pop()
        elif isinstance(event, yaml.NodeEvent):
            self._node(event)

    def _node(self, event: Any) -> None:
        if event.anchor:
            self._refuse(event, f"anchors (&{_shown(event.anchor or '')}) are not allowed; write each value out")
        if event.tag and event.tag != "!":
            self._refuse(event, f"tags ({_shown(event.tag)}) are not allowed; leave it out")
        if isinstance(event, yaml.ScalarEvent):
            self._check_text(event)
            if self._expects_key():
                self._set_key(event)
            else:
                self._put(event, _scalar(event))
            return
        if self._expects_key():
            self._refuse(event, "the name of a field must be plain text")
        value: Any = {} if isinstance(event, yaml.MappingStartEvent) else []
        place = self._put(event, value)
        self._stack.append((value, place))
        self._key.append(None)
        if len(self._stack) > DEEPEST:
            self._refuse(event, f"is nested more than {DEEPEST} levels deep")

    def _expects_key(self) -> bool:
        return bool(self._stack) and isinstance(self._stack[-1][0], dict) and self._key[-1] is None

    def _set_key(self, event: Any) -> None:
        if event.value in self._stack[-1][0]:
            self._refuse(event, f"{_shown(event.value)!r} stands twice in the same record; once is allowed")
        self._key[-1] = event.value, event.start_mark.line + 1

    def _check_text(self, event: Any) -> None:
        forbidden = _NOT_TEXT.search(event.value)
        if forbidden:
            self._refuse(event, f"holds U+{ord(forbidden[0]):04X}, a character that no text may hold")

    def _put(self, event: Any, value: Any) -> Place:
        """Set a value where it belongs, and return its place; what has a name stands where its name stands."""
        line: int = event.start_mark.line + 1
        if not self._stack:
            self._result = value
            return self._remember((), line)
        parent, place = self._stack[-1]
        if isinstance(parent, list):
            parent.append(value)
            return self._remember((*place, len(parent) - 1), line)
        key, line = self._key[-1] or ("", line)
        parent[key] = value
        self._key[-1] = None
        return self._remember((*place, key), line)

    def _remember(self, place: Place, line: int) -> Place:
        if self._lines is not None:
            self._lines[place] = line
        return place

    def _refuse(self, event: Any, message: str) -> NoReturn:
        place = self._stack[-1][1] if self._stack else ()
        where = f"{written(place)}: " if place else ""
        raise FileProblem(f"{self._name}:{event.start_mark.line + 1}: {self._record()}{where}{message}")

    def _record(self) -> str:
        """The key of the record that is being read, where it has come by already."""
        record = next((value for value, place in self._stack if len(place) == 2), None)
        key = record.get("key") if isinstance(record, dict) else None
        return f"{_shown(key)}: " if isinstance(key, str) else ""


def _scalar(event: Any) -> Any:
    """The value of a scalar: only plain ones can be anything but text."""
    value: str = event.value
    # The two parsers of PyYAML tell a plain scalar by an empty style or by none.
    if event.style:
        return value
    if value in _WORDS:
        return _WORDS[value]
    if _WHOLE_NUMBER.fullmatch(value):
        return int(value)
    return float(value) if _DECIMAL.fullmatch(value) else value


def _shown(value: str) -> str:
    return shorten(value, LONGEST_SHOWN)


def written(place: Place) -> str:
    """A place as people write it: `incidents[0].acts[1].victims`."""
    return "".join(f"[{part}]" if isinstance(part, int) else f".{_shown(part)}" for part in place).lstrip(".")


def nearest_line(lines: dict[Place, int], place: Place) -> int:
    """The line of the innermost thing on the way to a place; for what is missing, that is what should hold it."""
    return next((lines[place[:length]] for length in range(len(place), -1, -1) if place[:length] in lines), 1)
