"""The date of an incident: which days it may have, and which of them it surely has."""

from dataclasses import dataclass
from datetime import date
from typing import Self

from tracker.dates import edtf
from tracker.dates.edtf import DateProblem, Span
from tracker.dates.words import Speaker, span_words, unchanged
from tracker.phrases import Translate

PARTS_OF_DAY = ("night", "morning", "afternoon", "evening")
BASES = ("stated", "inferred")


@dataclass(frozen=True, slots=True)
class IncidentDate:
    """When something happened, as exactly as the sources say and no more.

    `earliest` and `latest` are the first and the last day, both included, that it can have taken. With
    `extent` it lasted through all of them; without, it happened on one of them. `precision` is a code of the
    vocabulary of that name; an extent has the precision of its ends, `range` for days. `ongoing` means that
    it has begun and has not ended. `as_reported` keeps the words of the source. Days are those of the place
    where it happened. Fields that do not belong together raise DateProblem.
    """

    earliest: date | None
    latest: date | None
    extent: bool = False
    precision: str = "unknown"
    part_of_day: str | None = None
    basis: str = "stated"
    as_reported: str | None = None
    ongoing: bool = False

    def __post_init__(self) -> None:
        """Hold that the fields are those of a date that can be printed and read back."""
        if edtf.read(self.edtf) != self._span:
            raise DateProblem(self.edtf, f"A date with the precision “{self.precision}” has other days than these.")
        if self.part_of_day is not None and self.part_of_day not in PARTS_OF_DAY:
            raise DateProblem(self.part_of_day, f"The part of the day is one of {', '.join(PARTS_OF_DAY)}.")
        if self.basis not in BASES:
            raise DateProblem(self.basis, f"The basis of a date is one of {', '.join(BASES)}.")

    @classmethod
    def from_edtf(
        cls,
        text: str,
        *,
        part_of_day: str | None = None,
        basis: str = "stated",
        as_reported: str | None = None,
    ) -> Self:
        """Read a date in the part of EDTF that edtf.ALLOWED lists; anything else raises DateProblem."""
        return cls._of(edtf.read(text), part_of_day, basis, as_reported)

    @classmethod
    def from_days(
        cls,
        earliest: date | None,
        latest: date | None,
        *,
        extent: bool = False,
        ongoing: bool = False,
        part_of_day: str | None = None,
        basis: str = "stated",
        as_reported: str | None = None,
    ) -> Self:
        """Make a date of the days that a form asks for, either of which may be missing, or raise DateProblem.

        Equal days are one day. Two days are a window, or a range if it lasted (`extent`); a range may have no
        last day only if it is `ongoing`.
        """
        if ongoing and latest:
            raise DateProblem(latest.isoformat(), "What has not ended has no last day.")
        if (extent or ongoing) and not earliest:
            raise DateProblem("", "Something that lasted needs the day on which it began.")
        if extent and not latest and not ongoing:
            raise DateProblem("", "Give the last day, or say that it has not ended.")
        lasted = (extent or ongoing) and earliest != latest
        span = Span(earliest, latest, lasted, _precision_of(earliest, latest, lasted), ongoing)
        return cls._of(span, part_of_day, basis, as_reported)

    @classmethod
    def _of(cls, span: Span, part_of_day: str | None, basis: str, as_reported: str | None) -> Self:
        return cls(
            earliest=span.earliest,
            latest=span.latest,
            extent=span.extent,
            precision=span.precision,
            part_of_day=part_of_day,
            basis=basis,
            as_reported=as_reported,
            ongoing=span.ongoing,
        )

    @property
    def _span(self) -> Span:
        return Span(self.earliest, self.latest, self.extent, self.precision, self.ongoing)

    @property
    def edtf(self) -> str:
        """The date as EDTF; `from_edtf` reads it back."""
        return edtf.write(self._span)

    def possibly_in(self, start: date | None, end: date | None) -> bool:
        """Whether any of its days lies between two days, both included; None leaves that side open.

        A date that is not known lies in no period that has a bound, so that it is counted apart and never in
        all periods at once.
        """
        _refuse_reversed(start, end)
        if self.earliest is None and self.latest is None:
            return start is None and end is None
        begins_in_time = end is None or self.earliest is None or self.earliest <= end
        ends_in_time = start is None or self.latest is None or self.latest >= start
        return begins_in_time and ends_in_time

    def certainly_in(self, start: date | None, end: date | None) -> bool:
        """Whether all of its days lie between two days, both included; None leaves that side open.

        The answer is the same for days through which it lasted and for days of which it was one. A date that
        is not known is certain in no period.
        """
        _refuse_reversed(start, end)
        if self.earliest is None and self.latest is None:
            return False
        begins_inside = start is None or (self.earliest is not None and self.earliest >= start)
        ends_inside = end is None or (self.latest is not None and self.latest <= end)
        return begins_inside and ends_inside

    def in_words(self, locale: str = "en", translate: Translate = unchanged) -> str:
        """The date as a reader says it, such as "night of 5–6 October 2020", to stand inside a sentence.

        Month names and their order are those of the locale; `translate` gives the phrases around them.
        """
        return span_words(self._span, self.part_of_day, Speaker(locale, translate))


def _precision_of(earliest: date | None, latest: date | None, lasted: bool) -> str:
    """The precision of a date that is given by its days."""
    if earliest == latest:
        return "day" if earliest else "unknown"
    if lasted:
        return "range"
    if earliest is None:
        return "before"
    return "window" if latest else "after"


def _refuse_reversed(start: date | None, end: date | None) -> None:
    if start and end and start > end:
        raise ValueError(f"the period from {start} to {end} ends before it begins")
