"""Drafts of what incidents refer to: sources, people, outlets, topics, follow-ups and the site itself."""

from collections.abc import Iterator, Sequence
from typing import Annotated, Literal, Protocol

from pydantic import Field

from tracker.registry.drafts.base import (
    DateDraft,
    Day,
    Draft,
    Key,
    Known,
    Language,
    Line,
    Lines,
    Notes,
    Problem,
    Texts,
    Url,
    missing,
    repeated,
    unknown_key,
)
from tracker.vocabulary import (
    COUNTRIES,
    FollowUpKind,
    Licence,
    Medium,
    Ownership,
    PlacePrecision,
    Reliability,
    SourceType,
)

Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class NameDraft(Draft):
    """Another name, spelling or script of a person or an outlet."""

    name: Line | None = None
    language: Language | None = None


class SourceDraft(Draft):
    """A document, post, statement or conversation that says something about incidents.

    A source is `confidential` where naming it could harm somebody; then only its number is ever published.
    """

    key: Key | None = None
    type: SourceType | None = None
    publisher: Line | None = None
    title: Line | None = None
    url: Url | None = None
    language: Language | None = None
    published_on: Day | None = None
    accessed_on: Day | None = None
    archived_url: Url | None = None
    archive_sha256: Sha256 | None = None
    confidential: bool = False
    reliability: Reliability | None = Field(None, description="A to F, of the source as such")
    independence_group: Key | None = Field(None, description="sources that repeat one another share a group")
    note: Notes | None = Field(None, description="for staff; never published")

    @property
    def shows_names(self) -> bool:
        """Whether it can prove that a name is public: it is open, and can be found (URL, or publisher and title)."""
        return not self.confidential and bool(self.url or (self.publisher and self.title))

    def problems(self, known: Known) -> Iterator[Problem]:
        """What is wrong with the source."""
        yield from missing(self, ("key", "type"))
        if not (self.publisher or self.title or self.url):
            yield Problem((), "a source needs a publisher, a title or a url")


class PersonDraft(Draft):
    """Somebody attacked, or named in the registry otherwise; the name is kept as printed and never split."""

    key: Key | None = None
    name: Line | None = None
    other_names: list[NameDraft] = []

    def problems(self, known: Known) -> Iterator[Problem]:
        """What is wrong with the person."""
        yield from missing(self, ("key", "name"))
        yield from names_missing(self.other_names)


class OutletDraft(Draft):
    """A newsroom, site, channel or agency; its key is also its address on the public site."""

    key: Key | None = None
    name: Line | None = None
    other_names: list[NameDraft] = []
    media: list[Medium] = []
    ownership: Ownership | None = None
    country: str | None = Field(None, description="ISO 3166-1 alpha-2")
    website: Url | None = None

    def problems(self, known: Known) -> Iterator[Problem]:
        """What is wrong with the outlet."""
        yield from missing(self, ("key", "name"))
        yield from names_missing(self.other_names)
        yield from country_problems(("country",), self.country)


class FollowUpDraft(Draft):
    """What happened after an incident, or was said about it by those responsible."""

    kind: FollowUpKind | None = None
    date: DateDraft | None = None
    by: Line | None = Field(None, description="who complained, decided, replied or denied")
    text: Texts = {}
    sources: list[Key] = []

    def problems(self, known: Known) -> Iterator[Problem]:
        """What is wrong with the follow-up."""
        yield from missing(self, ("kind", "text", "sources"))
        yield from dated(self.date)
        yield from cited(self.sources, known)


class TimelineEntryDraft(Draft):
    """One dated event around the attacks, with what the sources do not agree on."""

    date: DateDraft | None = None
    text: Texts = {}
    disagreement: Texts = {}
    sources: list[Key] = []

    def problems(self, known: Known) -> Iterator[Problem]:
        """What is wrong with the entry."""
        yield from missing(self, ("date", "text", "sources"))
        yield from dated(self.date)
        yield from cited(self.sources, known)


class TopicDraft(Draft):
    """A crisis, campaign or place in time that several incidents belong to."""

    key: Key | None = None
    title: Lines = {}
    summary: Texts = {}
    timeline: list[TimelineEntryDraft] = []
    follow_ups: list[FollowUpDraft] = []

    def problems(self, known: Known) -> Iterator[Problem]:
        """What is wrong with the topic."""
        yield from missing(self, ("key", "title"))
        yield from inside("timeline", self.timeline, known)
        yield from inside("follow_ups", self.follow_ups, known)


class SiteDraft(Draft):
    """How the organisation that runs the tracker presents itself; there is one, so its key is fixed."""

    key: Literal["site"] = "site"
    name: Lines = {}
    organisation: Line | None = None
    contact: Line | None = None
    licence: Licence | None = None
    introduction: Texts = {}
    about: Texts = {}
    languages: list[Language] = Field([], description="in which titles and summaries are to be given")
    default_public_precision: PlacePrecision | None = Field(None, description="unless somebody says otherwise")
    one_person: bool = Field(False, description="whether authors may review their own texts, for want of others")

    def problems(self, known: Known) -> Iterator[Problem]:
        """What is wrong with the site's description."""
        yield from missing(self, ("name", "licence"))


class Checked(Protocol):
    """Anything that can say what is wrong with it."""

    def problems(self, known: Known) -> Iterator[Problem]: ...


def inside(name: str, drafts: Sequence[Checked], known: Known) -> Iterator[Problem]:
    """The problems of a list of drafts, with their place in it."""
    for number, draft in enumerate(drafts):
        for problem in draft.problems(known):
            yield problem.under(name, number)


def dated(date: DateDraft | None) -> Iterator[Problem]:
    """The problems of a date, where there is one."""
    if date is not None:
        for problem in date.problems():
            yield problem.under("date")


def cited(keys: Sequence[str], known: Known) -> Iterator[Problem]:
    """The problems of a list of source keys."""
    yield from repeated(("sources",), keys, "source")
    for number, key in enumerate(keys):
        yield from unknown_key(("sources", number), key, known.sources, "source")


def names_missing(names: Sequence[NameDraft]) -> Iterator[Problem]:
    """A problem for each other name without a name."""
    for number, name in enumerate(names):
        for problem in missing(name, ("name",)):
            yield problem.under("other_names", number)


def country_problems(path: tuple[str | int, ...], code: str | None) -> Iterator[Problem]:
    """A problem where a country is not one of ISO 3166-1 (or XK, as in wide use for Kosovo)."""
    if code is not None and code not in COUNTRIES:
        yield Problem(path, "is not a country", code, "ISO 3166-1 alpha-2, such as KG")
