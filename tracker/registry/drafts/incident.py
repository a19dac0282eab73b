"""The draft of an incident: who did what to whom, when, where, and how we know (HURIDOCS Events Standard Formats)."""

import math
from collections.abc import Iterator

from pydantic import Field

from tracker.registry.drafts.acts import ActDraft
from tracker.registry.drafts.base import (
    MISSING,
    DateDraft,
    Day,
    Degrees,
    Draft,
    Entry,
    Key,
    Known,
    Line,
    Lines,
    Notes,
    Problem,
    Texts,
    missing,
    repeated,
    unknown_key,
)
from tracker.registry.drafts.documents import FollowUpDraft, country_problems, dated, inside
from tracker.vocabulary import (
    Coverage,
    Credibility,
    Fact,
    PlacedBy,
    PlacePrecision,
    Verification,
    WorkRelatedness,
)

# Places that are not points: the record may name them, but no coordinates stand for them.
WITHOUT_POINT = frozenset({PlacePrecision.COUNTRY, PlacePrecision.ONLINE, PlacePrecision.UNKNOWN})


class PlaceDraft(Draft):
    """Where it occurred, in the words of the report and in parts; the public place can only be coarser."""

    as_reported: Line | None = None
    venue: Line | None = None
    locality: Line | None = None
    admin2: Line | None = None
    admin1: Line | None = None
    country: str | None = Field(None, description="ISO 3166-1 alpha-2")
    latitude: Degrees | None = None
    longitude: Degrees | None = None
    precision: PlacePrecision | None = None
    public_precision: PlacePrecision | None = None
    placed_by: PlacedBy | None = None
    entry: Entry | None = Field(None, description="the record of a gazetteer that was chosen: geonames:1527534")
    matched: Line | None = Field(None, description="the name on that record that matched")

    def problems(self) -> Iterator[Problem]:
        """What is wrong with the place."""
        yield from missing(self, ("country",))
        yield from country_problems(("country",), self.country)
        yield from self._coordinate_problems()
        if self.public_precision and not self.precision:
            yield Problem(("precision",), MISSING, None, "the recorded precision, as a public one is chosen")
        elif self.public_precision and self.precision and not self.public_precision.coarser_or_equal(self.precision):
            allowed = ", ".join(code for code in PlacePrecision if code.coarser_or_equal(self.precision))
            yield Problem(("public_precision",), "is finer than what is recorded", self.public_precision, allowed)

    def _coordinate_problems(self) -> Iterator[Problem]:
        for name, value, limit in (("latitude", self.latitude, 90), ("longitude", self.longitude, 180)):
            if value is not None and not (math.isfinite(value) and abs(value) <= limit):
                yield Problem((name,), "is not on the globe", value, f"-{limit} to {limit}")
        if (self.latitude is None) != (self.longitude is None):
            yield Problem(("longitude" if self.longitude is None else "latitude",), MISSING, None, "both or neither")
        if self.latitude is not None and self.precision in WITHOUT_POINT:
            yield Problem(("latitude",), f"a place known as {self.precision} has no point", self.latitude)


class CitationDraft(Draft):
    """That a source says something about this incident, and about which of its facts."""

    source: Key | None = None
    supports: list[Fact] = []
    credibility: Credibility | None = Field(None, description="1 to 6, of what it says here")
    locator: Line | None = Field(None, description="page, minute or paragraph")


class IncidentDraft(Draft):
    """One continuous episode at one place: what is to be recorded about it.

    To submit it a monitor needs a date, a country, one violation, one victim and one source. All else is optional.
    """

    key: Key | None = None
    title: Lines = {}
    summary: Texts = {}
    internal_notes: Notes | None = Field(None, description="for staff; never published")
    look_again_on: Day | None = Field(None, description="when somebody should look at it again; never published")
    look_again_for: Line | None = Field(None, description="what is to be found out then; never published")
    date: DateDraft | None = None
    place: PlaceDraft | None = None
    topics: list[Key] = []
    covering: list[Coverage] = []
    work_related: WorkRelatedness | None = None
    verification: Verification | None = None
    related: list[Key] = []
    sources: list[CitationDraft] = []
    acts: list[ActDraft] = []
    follow_ups: list[FollowUpDraft] = []

    def problems(self, known: Known) -> list[Problem]:
        """Everything that stands against submitting this incident, in the order of its fields."""
        return list(self._problems(known))

    def _problems(self, known: Known) -> Iterator[Problem]:
        yield from missing(self, ("date", "place", "sources", "acts"))
        yield from dated(self.date)
        if self.place is not None:
            for problem in self.place.problems():
                yield problem.under("place")
        yield from self._reference_problems(known)
        own = frozenset(citation.source for citation in self.sources if citation.source)
        for number, act in enumerate(self.acts):
            for problem in act.problems(known, own):
                yield problem.under("acts", number)
        yield from inside("follow_ups", self.follow_ups, known)

    def _reference_problems(self, known: Known) -> Iterator[Problem]:
        yield from repeated(("topics",), self.topics, "topic")
        yield from repeated(("covering",), self.covering, "code")
        yield from repeated(("related",), self.related, "incident")
        yield from repeated(("sources",), [citation.source for citation in self.sources], "source")
        for number, topic in enumerate(self.topics):
            yield from unknown_key(("topics", number), topic, known.topics, "topic")
        for number, other in enumerate(self.related):
            if other == self.key:
                yield Problem(("related", number), "an incident is not related to itself", other)
            else:
                yield from unknown_key(("related", number), other, known.incidents, "incident")
        for number, citation in enumerate(self.sources):
            for problem in missing(citation, ("source",)):
                yield problem.under("sources", number)
            yield from unknown_key(("sources", number, "source"), citation.source, known.sources, "source")
