"""What every controlled vocabulary of the tracker has in common: a code, a label and a definition."""

from enum import StrEnum
from typing import Self

UNKNOWN = "unknown"
"""The code for "a source says that this is not known": a fact about what is known, stored like any other."""

NOT_RECORDED = "not_recorded"
"""The word for silence in filters and counts. Never stored: where no source speaks, a record holds None."""


class Vocabulary(StrEnum):
    """A closed list of codes, each with a label for tables and a definition for the methodology page.

    A member is declared as `CODE = "code", "Label", "One-sentence definition."` and is equal to its code, so
    that it can be stored, compared and written to JSON as plain text. The docstring of a vocabulary opens
    its section of the methodology page. A code is never renamed and never used again for something else.
    """

    _value_: str
    label: str
    definition: str

    def __new__(cls, code: str, label: str = "", definition: str = "", *_more: object) -> Self:
        """Make the member out of its code; what follows the definition is for the `__init__` of the list."""
        member = str.__new__(cls, code)
        member._value_ = code
        member.label = label
        member.definition = definition
        return member

    @classmethod
    def codes(cls) -> tuple[str, ...]:
        """All codes in the order in which they are printed."""
        return tuple(member.value for member in cls)

    @classmethod
    def introduction(cls) -> str:
        """The docstring as running text for the reader, with an empty line between paragraphs."""
        paragraphs = (cls.__doc__ or "").split("\n\n")
        return "\n\n".join(" ".join(paragraph.split()) for paragraph in paragraphs)
