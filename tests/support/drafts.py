"""Builders of drafts: the world that incidents refer to, a minimal incident, a rich one, hostile values, any at all.

Raw drafts are plain data in the shape of incidents.yaml. Every name in them is invented.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, TypeVar, cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.publication import Gate
from tracker.registry import operations
from tracker.registry.drafts import (
    Draft,
    IncidentDraft,
    Known,
    OutletDraft,
    PersonDraft,
    Problem,
    SiteDraft,
    SourceDraft,
    TopicDraft,
    read,
)
from tracker.registry.models import Entity, Incident

Raw = dict[str, Any]
D = TypeVar("D", bound=Draft)
E = TypeVar("E", bound=Entity)

NOON = datetime(2020, 11, 22, 12, tzinfo=UTC)
SHA = "0123456789abcdef" * 4

# Two open sources that show names, one that shows none since nobody could find it, and one confidential.
REPORT: Raw = {
    "key": "report", "type": "ngo_report", "publisher": "Forum", "title": "Attacks on the press",
    "url": "https://example.org/report", "language": "en", "published_on": "2020-10-20", "accessed_on": "2020-11-01",
    "archived_url": "https://archive.example.org/report", "archive_sha256": SHA, "reliability": "a",
    "independence_group": "forum", "note": "Their author is known to us.",
}  # fmt: skip
WIRE: Raw = {"key": "wire", "type": "wire_report", "publisher": "Agency", "title": "Crews attacked in the capital"}
LEAFLET: Raw = {"key": "leaflet", "type": "other", "title": "A leaflet"}
INSIDER: Raw = {
    "key": "insider", "type": "interview", "publisher": "Somebody inside", "title": "What they told us",
    "url": "https://example.org/inside", "note": "Met twice.", "confidential": True,
}  # fmt: skip
SOURCES = (REPORT, WIRE, LEAFLET, INSIDER)

AIDA: Raw = {"key": "aida", "name": "Aida Testova", "other_names": [{"name": "Аида Тестова", "language": "ru"}]}
BAKYT: Raw = {"key": "bakyt", "name": "Bakyt Proberov", "other_names": [{"name": "Бакыт Проберов", "language": "ru"}]}
PEOPLE = (AIDA, BAKYT)

HERALD: Raw = {
    "key": "herald", "name": "The Herald", "other_names": [{"name": "Вестник", "language": "ru"}, {"name": "Herald"}],
    "media": ["online", "television"], "ownership": "private", "country": "KG", "website": "https://herald.example.org",
}  # fmt: skip
ELECTION: Raw = {
    "key": "election", "title": {"en": "An election"}, "summary": {"en": "A disputed vote."},
    "timeline": [
        {"date": {"edtf": "2020-10-04"}, "text": {"en": "The vote."}, "sources": ["insider", "report"],
         "disagreement": {"en": "The turnout is disputed."}},
    ],
    "follow_ups": [{"kind": "state_reply", "by": "The ministry", "text": {"en": "It regrets."}, "sources": ["wire"]}],
}  # fmt: skip
SITE: Raw = {
    "name": {"en": "A tracker"},
    "licence": "cc_by_4_0",
    "organisation": "A forum",
    "contact": "desk@example.org",
}


def world() -> list[Draft]:
    """Everything that the incidents of these tests refer to."""
    return [
        *(draft(SourceDraft, raw) for raw in SOURCES),
        *(draft(PersonDraft, raw) for raw in PEOPLE),
        draft(OutletDraft, HERALD),
        draft(TopicDraft, ELECTION),
    ]


KNOWN = Known(
    sources=frozenset(raw["key"] for raw in SOURCES),
    shown_sources=frozenset({"report", "wire"}),
    people=frozenset({"aida", "bakyt"}),
    outlets=frozenset({"herald"}),
    topics=frozenset({"election"}),
    incidents=frozenset({"earlier"}),
)


def minimal(key: str = "minimal", **known: Any) -> Raw:
    """The least that can be submitted and published: a title, a day, a country, one violation, victim and source."""
    return {
        "key": key,
        "title": {"en": "A crew is turned away"},
        "date": {"edtf": "2020-10-05"},
        "place": {"country": "KG"},
        "sources": [{"source": "report"}],
        "acts": [{"violation": "access_denial", "victims": [{"kind": "group"}]}],
    } | known


def victim(person: str | None = None, **known: Any) -> Raw:
    """A person in an act: named, with a source that prints the name, unless told otherwise."""
    if person is None:
        return {"kind": "group"} | known
    return {"kind": "person", "person": person, "naming": "named", "name_published_in": ["report"]} | known


def with_victims(*victims: Raw, key: str = "with-victims", act: Raw | None = None, **known: Any) -> Raw:
    """A minimal incident whose one act has these victims."""
    return minimal(key, acts=[{"violation": "assault", "victims": list(victims)} | (act or {})], **known)


def rich(key: str = "rich", **known: Any) -> Raw:
    """An incident in which every field is filled, some of what it holds being for staff alone."""
    return {
        "key": key,
        "title": {"en": "Crew beaten at a rally", "ru": "Съёмочную группу избили на митинге"},
        "summary": {"en": "Aida Testova and a colleague were beaten.\n\nTheir camera was broken."},
        "internal_notes": "The colleague hides with relatives.",
        "date": {
            "edtf": "[2020-10-05..2020-10-06]",
            "as_reported": "that night",
            "part_of_day": "night",
            "basis": "inferred",
        },
        "place": {
            "as_reported": "by the fountain on the square",
            "venue": "Old Square",
            "locality": "Bishkek",
            "admin2": "Pervomay",
            "admin1": "Chuy",
            "country": "KG",
            "latitude": 42.8764,
            "longitude": 74.6038,
            "precision": "site",
            "public_precision": "locality",
            "placed_by": "hand",
            "entry": "geonames:1528675",
            "matched": "Bischkek",
        },
        "topics": ["election"],
        "covering": ["elections", "protest"],
        "work_related": "confirmed",
        "verification": "corroborated",
        "sources": [
            {"source": "report", "supports": ["what", "date"], "credibility": "1", "locator": "p. 4"},
            {"source": "insider", "supports": ["victims"], "credibility": "2", "locator": "minute 12"},
        ],
        "acts": [_beating(), _detention(), _threat()],
        "follow_ups": [
            {
                "kind": "complaint",
                "date": {"edtf": "2020-10-07"},
                "by": "The editors",
                "text": {"en": "They complained."},
                "sources": ["insider", "wire"],
            },
            {"kind": "denial", "text": {"en": "The police deny it."}, "sources": ["report"]},
        ],
    } | known


def _beating() -> Raw:
    return {
        "violation": "assault",
        "completion": "completed",
        "method": "beating",
        "ground": "gender",
        "description": {"en": "They were beaten."},
        "victims": [
            {
                "kind": "person",
                "person": "aida",
                "naming": "named",
                "name_published_in": ["report"],
                "role": "reporter",
                "employment": "staff",
                "gender": "woman",
                "outlet": "herald",
                "harm": "injured",
                "description": "in a red coat",
                "minor": False,
                "equipment": [{"item": "camera", "count": 1, "fate": "damaged", "returned": "no"}],
                "followed": ["hospitalised", "left_scene"],
                "consent": {"store": "given", "publish_identity": "unknown", "publish_account": "given"},
            },
            {
                "kind": "person",
                "person": "bakyt",
                "naming": "withheld",
                "role": "camera_operator",
                "employment": "freelance",
                "gender": "man",
                "outlet": "herald",
                "harm": "injured",
                "minor": False,
                "description": "a tall man with a limp",
                "followed": ["relocated"],
            },
        ],
        "involvements": [
            {
                "role": "direct",
                "perpetrator": "police",
                "named_actor": "Unit Seven",
                "named_actor_is": "organisation",
                "affiliation": "riot police",
                "count_least": 2,
                "count_most": 3,
                "count_as_reported": "two or three",
                "basis": "reported",
                "description": "men in black",
            },
            {
                "role": "ordered",
                "perpetrator": "executive_official",
                "named_actor": "Kalyk Komandirov",
                "named_actor_is": "person",
                "basis": "reported",
            },
        ],
    }


def _detention() -> Raw:
    return {
        "violation": "arrest_detention", "arbitrary": "arbitrary", "completion": "completed",
        "description": {"en": "One was held over night."},
        "victims": [
            {
                "kind": "person", "person": "bakyt", "naming": "withheld", "harm": "none", "custody_from": "2020-10-06",
                "custody_until": "2020-10-07", "equipment": [{"item": "phone", "fate": "searched"}],
                "followed": ["sought_protection"],
                "consent": {"store": "given", "publish_identity": "refused", "publish_account": "refused",
                            "share": "refused", "legal": "given"},
            }
        ],
        "involvements": [{"role": "direct", "perpetrator": "police", "basis": "claimed"}],
    }  # fmt: skip


def _threat() -> Raw:
    return {
        "violation": "death_threat",
        "ground": "language",
        "victims": [
            {"kind": "outlet", "outlet": "herald"},
            {
                "kind": "group",
                "description": "two crews",
                "count_least": 4,
                "count_most": 6,
                "count_as_reported": "about five",
            },
        ],
        "involvements": [
            {
                "role": "direct",
                "perpetrator": "unknown",
                "named_actor": "Ermek Obvinov",
                "named_actor_is": "person",
                "basis": "charged",
            },
        ],
    }


def draft(model: type[D], raw: Raw) -> D:
    """The draft of raw data that is known to have the right shape."""
    made, problems = read(model, raw)
    assert problems == []
    return made


def incident(raw: Raw) -> IncidentDraft:
    """The draft of an incident."""
    return draft(IncidentDraft, raw)


def said_of(raw: Raw, known: Known = KNOWN) -> list[Problem]:
    """Everything that is wrong with a raw incident, in shape and in meaning."""
    made, shape = read(IncidentDraft, raw)
    return [*shape, *made.problems(known)]


def record(session: Session, *raws: Raw, by: str = "monitor") -> list[Incident]:
    """Record incidents; the world must be there."""
    made = operations.record_many(session, [incident(raw) for raw in raws], by=by)
    return cast(list[Incident], made)


def settle(session: Session) -> None:
    """Record the world."""
    operations.record_many(session, world(), by="monitor")


def publish(session: Session, *incidents: Incident, at: datetime = NOON) -> Gate:
    """Publish incidents in one sitting of the gate."""
    gate = Gate(session, by="editor", at=at)
    gate.publish(incidents)
    return gate


def found(session: Session, model: type[E], key: str) -> E:
    """The record of a key."""
    return session.scalars(select(model).where(model.key == key)).one()


def site() -> SiteDraft:
    """The description of the site."""
    return draft(SiteDraft, SITE)


def where(problems: Iterable[Problem]) -> list[str]:
    """The places that problems speak of."""
    return [problem.where for problem in problems]
