"""Nothing private comes out: canaries in every private column, and gates with holes that must be noticed."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import count
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest
from sqlalchemy import Column, String, select, text, update
from sqlalchemy.orm import Session

import tracker.dataset.canonical
import tracker.geocoding.models
import tracker.publication.record
from tests.support.asking import every_address, said
from tests.support.drafts import HERALD, NOON, Raw, draft, incident, site
from tests.support.leaks import hits, public_dump
from tests.support.shared import application, database_of
from tracker import publication
from tracker.dataset import releases
from tracker.dataset.fields import TREES, FieldType, Kind, PublicField, Tree
from tracker.db import Base, Database, Json, UTCDateTime
from tracker.publication import Gate
from tracker.registry import operations
from tracker.registry.drafts import Draft, OutletDraft, PersonDraft, SourceDraft, TopicDraft
from tracker.registry.models import AuditHead, ImportOrigin, Incident, Outlet, Person, Source
from tracker.settings import Settings
from tracker.vocabulary import Consent, Status

# Shorter columns hold codes and nothing else; a canary has more characters.
LONGEST_CODE = 20

# Columns of codes and of what others are found by: their values are not free, so that no canary fits into them.
CODED = {
    "licence",
    "ownership",
    "media",
    "country",
    "type",
    "language",
    "languages",
    "reliability",
    "status",
    "covering",
    "work_related",
    "verification",
    "supports",
    "credibility",
    "precision",
    "public_precision",
    "placed_by",
    "violation",
    "killing_kind",
    "completion",
    "method",
    "ground",
    "arbitrary",
    "kind",
    "naming",
    "role",
    "employment",
    "gender",
    "harm",
    "equipment",
    "followed",
    "perpetrator",
    "named_actor_is",
    "basis",
    "date_edtf",
    "date_part_of_day",
    "date_basis",
    "prefix",
    "entity_kind",
    "action",
    "reference",
    "archive_sha256",
}
# What an editor writes for the public alone: topics, outlets and the site have no confidential part.
PUBLIC_ALWAYS = {
    ("topic", "title"),
    ("topic", "summary"),
    ("outlet", "name"),
    ("outlet", "other_names"),
    ("outlet", "website"),
    ("timeline_entry", "text"),
    ("timeline_entry", "disagreement"),
    ("timeline_entry", "date_as_reported"),
} | {("site", name) for name in ("name", "organisation", "contact", "introduction", "about")}


@dataclass
class Canaries:
    """Unique words of 24 letters that stand nowhere but in private values."""

    draw: random.Random = field(default_factory=lambda: random.Random(5))
    made: list[str] = field(default_factory=list)

    def __call__(self) -> str:
        self.made.append("".join(self.draw.choices("bcdfghjkmnpqrtvwxz", k=24)))
        return self.made[-1]

    def fraction(self) -> float:
        """A part of a degree whose digits stand nowhere else."""
        digits = "".join(self.draw.choices("123456789", k=13))
        self.made.append(digits)
        return float(f"0.{digits}")

    def texts(self) -> dict[str, str]:
        return {"en": self()}


def _people_and_sources(number: int, secret: Canaries) -> list[Draft]:
    """Somebody withheld and a confidential source, private through and through, and an open source with a note."""
    return [
        draft(PersonDraft, {"key": f"p{number}-{secret()}", "name": secret(), "other_names": [{"name": secret()}]}),
        draft(
            SourceDraft,
            {
                "key": f"s{number}",
                "type": "interview",
                "publisher": secret(),
                "title": secret(),
                "confidential": True,
                "url": f"https://{secret()}.example.org/",
                "archived_url": f"https://{secret()}.example.org/",
                "independence_group": secret(),
                "note": secret(),
            },
        ),
        draft(
            SourceDraft, {"key": f"o{number}-{secret()}", "type": "other", "title": f"Paper {number}", "note": secret()}
        ),
    ]


def _hidden_incident(number: int, person: str, sources: list[str], consent: str, secret: Canaries) -> Raw:
    """An incident of which the title, the country and the codes are public, and nothing else."""
    hidden, told = sources
    accused = {"role": "direct", "basis": "reported", "named_actor": secret(), "named_actor_is": "person"}
    return {
        "key": f"i{number}-{secret()}",
        "title": {"en": f"Incident {number}"},
        "internal_notes": secret(),
        "date": {"edtf": "2020-10-05"},
        "place": {
            "country": "KG",
            "precision": "site",
            "public_precision": "country",
            "as_reported": secret(),
            "venue": secret(),
            "locality": secret(),
            "admin2": secret(),
            "admin1": secret(),
            "latitude": 40 + secret.fraction(),
            "longitude": 70 + secret.fraction(),
            "placed_by": "gazetteer",
            "entry": f"geonames:{secret()}",
            "matched": secret(),
        },
        "sources": [{"source": hidden, "locator": secret()}, {"source": told}],
        "acts": [
            {
                "violation": "assault",
                "description": secret.texts(),
                "involvements": [accused],
                "victims": [
                    {
                        "kind": "person",
                        "person": person,
                        "naming": "withheld",
                        "description": secret(),
                        "consent": {"publish_account": "refused", "publish_identity": consent},
                    }
                ],
            }
        ],
    }


def _never_public(number: int, hidden: Raw, secret: Canaries) -> Raw:
    """The same with canaries in what an incident that is not published would otherwise tell."""
    act = hidden["acts"][0]
    involvement = {"role": "direct", "basis": "reported", "affiliation": secret(), "description": secret(),
                   "count_as_reported": secret()}  # fmt: skip
    victim = act["victims"][0] | {"count_as_reported": secret()}
    follow_up = {"kind": "trial", "text": secret.texts(), "by": secret(), "sources": [hidden["sources"][1]["source"]],
                 "date": {"edtf": "2020", "as_reported": secret()}}  # fmt: skip
    return hidden | {
        "title": secret.texts(), "summary": secret.texts(), "date": {"edtf": "2020-10-05", "as_reported": secret()},
        "acts": [act | {"victims": [victim], "involvements": [*act["involvements"], involvement]}],
        "follow_ups": [follow_up],
    }  # fmt: skip


def populate(database: Database, secret: Canaries, *, number_of_incidents: int) -> None:
    """Incidents in every status with every consent, each with its own people and sources."""
    statuses, consents = list(Status), Consent.codes()
    published: list[Incident] = []
    with database.write() as session:
        operations.record_many(session, [draft(OutletDraft, HERALD), site()], by=secret())
        for number in range(number_of_incidents):
            status, consent = statuses[number % len(statuses)], consents[number // len(statuses) % len(consents)]
            others = _people_and_sources(number, secret)
            person, hidden, told = (str(other.key) for other in others)  # type: ignore[attr-defined]
            raw = _hidden_incident(number, person, [hidden, told], consent, secret)
            if status in {Status.PUBLISHED, Status.QUARANTINED, Status.WITHDRAWN}:
                *_, made = operations.record_many(session, [*others, incident(raw)], by=secret(), why=secret())
                published.append(made)  # type: ignore[arg-type]
                continue
            raw = _never_public(number, raw, secret)
            *_, made = operations.record_many(session, [*others, incident(raw)], by=secret(), why=secret())
            made.status = status  # type: ignore[attr-defined]
            operations.amend(session, made, incident(raw | {"internal_notes": secret()}), by=secret(), why=secret())
            session.add(
                ImportOrigin(entity_kind="incident", key=secret(), entity_id=made.id, digest=secret(), revision=1)
            )
    with database.write() as session:
        there = [session.merge(made) for made in published]
        Gate(session, by=secret(), why=secret(), at=NOON).publish(there)
        for made, number in zip(there, count()):
            if number % 3:
                verb = publication.quarantine if number % 3 == 1 else publication.withdraw
                verb(session, made, by=secret(), why=secret())


def fill_the_desk(database: Database, secret: Canaries) -> None:
    """A row, with a canary in each of its words, in every private table in which no record of an incident stands."""
    with database.write() as session:
        for table in Base.metadata.sorted_tables:
            if table.name.startswith("public_") or session.execute(select(table).limit(1)).first() is not None:
                continue
            row = {column.name: _some_value(session, column, secret) for column in table.columns}
            session.execute(table.insert().values({name: value for name, value in row.items() if value is not None}))
        # What no draft of this world fills.
        session.execute(update(Incident).values(look_again_for=secret()))
        for model in (Person, Outlet, Source):
            session.execute(update(model).values(merged_into=secret()))
        session.execute(update(AuditHead).values(digest=secret()))


def _some_value(session: Session, column: Column[Any], secret: Canaries) -> Any:
    for key in column.foreign_keys:
        return session.scalar(select(key.column).limit(1))
    if isinstance(column.type, Json):
        return [secret()]
    if isinstance(column.type, String):
        return secret() if _holds_words(column) else "code"
    if isinstance(column.type, UTCDateTime):
        return NOON
    made: dict[type, Any] = {date: NOON.date(), bool: True, int: 1, float: 1.0}
    return made[column.type.python_type]


def _holds_words(column: Column[Any]) -> bool:
    """Whether a column is long enough for a word that could give somebody away; shorter ones hold codes."""
    length = getattr(column.type, "length", None)
    return isinstance(column.type, Json) or length is None or length > LONGEST_CODE


def _confidential_topic(secret: Canaries) -> TopicDraft:
    return draft(TopicDraft, {"key": secret(), "title": secret.texts()})


def test_no_canary_of_any_private_column_reaches_a_public_table(database: Database) -> None:
    _nothing_leaks(database, number_of_incidents=40)


def test_no_canary_of_any_private_column_stands_in_any_answer(sqlite_url: str, tmp_path: Path) -> None:
    settings = Settings(instance=tmp_path, database_url=sqlite_url, secret_key="only for tests")
    database, secret = database_of(settings), Canaries()
    populate(database, secret, number_of_incidents=13)
    fill_the_desk(database, secret)
    releases.create(database, settings.releases, "2026.1")
    reader = application(settings, database).test_client()
    answers = [said(reader, address) for address in every_address(reader, (1,), records=2)]
    assert sum('"title":{"en":"Incident ' in answer for answer in answers) > 3, "something was published"
    assert [hits(answer, secret.made) for answer in answers if hits(answer, secret.made)] == []
    database.dispose()


@pytest.mark.deep
def test_no_canary_of_a_thousand_incidents_reaches_a_public_table(database: Database) -> None:
    _nothing_leaks(database, number_of_incidents=1_000)


def _nothing_leaks(database: Database, number_of_incidents: int) -> None:
    secret = Canaries()
    populate(database, secret, number_of_incidents=number_of_incidents)
    fill_the_desk(database, secret)
    dump = public_dump(database)
    assert len(secret.made) > 15 * number_of_incidents
    assert '"title":{"en":"Incident ' in dump, "something was published"
    assert hits(dump, secret.made) == []


@pytest.fixture
def canaries_on_sqlite(sqlite_url: str, tmp_path: Any) -> Iterator[tuple[Database, Canaries]]:
    database = Database(Settings(instance=tmp_path, database_url=sqlite_url))
    yield database, Canaries()
    database.dispose()


def test_every_private_column_that_can_hold_a_word_held_a_canary(canaries_on_sqlite: tuple[Database, Canaries]) -> None:
    database, secret = canaries_on_sqlite
    populate(database, secret, number_of_incidents=13)
    with database.write() as session:
        operations.record(session, _confidential_topic(secret), by="monitor")
    fill_the_desk(database, secret)
    with database.write() as session:
        without = [column for column in _private_words() if not _holds_any(session, column, secret.made)]
    assert without == []


def _private_words() -> list[tuple[str, str]]:
    """Every column of a private table that holds words and is neither coded nor public by its nature."""
    found = []
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            wordy = isinstance(column.type, String | Json) and not column.foreign_keys
            identifier = column.name == "id" or column.name == "entity_id" or column.name.startswith("consent_")
            kept = (
                column.name in CODED or (table.name, column.name) in PUBLIC_ALWAYS or (table.name, column.name) in KEYS
            )
            private = not table.name.startswith("public_")
            if wordy and private and not identifier and not kept and _holds_words(column):
                found.append((table.name, column.name))
    return found


# Keys that are addresses (outlets), fixed (the site) or that these canaries name with their other words.
KEYS = {("outlet", "key"), ("site", "key"), ("victim", "name_published_in"), ("topic", "key"), ("upkeep", "name")}


def _holds_any(session: Session, column: tuple[str, str], canaries: list[str]) -> bool:
    table, name = column
    words = " ".join(map(str, session.scalars(text(f'SELECT "{name}" FROM "{table}"'))))
    return any(canary in words for canary in canaries)


# The control: a gate with a hole must be caught.


@pytest.fixture
def holes(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """Holes for the gate, which has to forget what it put together of the table and the rules, before and after."""
    memories = (tracker.publication.record._steps, tracker.dataset.canonical._check_of_kind)
    for memory in memories:
        memory.cache_clear()
    yield monkeypatch
    monkeypatch.undo()
    for memory in memories:
        memory.cache_clear()


@pytest.mark.parametrize("path", ["internal_notes", "key", "sources.note", "sources.key"])
def test_a_private_column_that_is_listed_by_mistake_is_noticed(
    canaries_on_sqlite: tuple[Database, Canaries], holes: pytest.MonkeyPatch, path: str
) -> None:
    trees = MappingProxyType({**TREES, Kind.INCIDENT: _with_field(TREES[Kind.INCIDENT], path.split("."))})
    holes.setattr(tracker.publication.record, "TREES", trees)
    holes.setattr(tracker.dataset.canonical, "TREES", trees)
    database, secret = canaries_on_sqlite
    populate(database, secret, number_of_incidents=13)
    assert hits(public_dump(database), secret.made) != []


def _with_field(tree: Tree, path: list[str]) -> Tree:
    """The tree with one more field of text at this path."""
    if len(path) == 1:
        return (*tree, PublicField(path[0], FieldType.TEXT, "Listed by mistake.", "nowhere"))
    return tuple(
        PublicField(item.name, item.type, item.description, item.source, fields=_with_field(item.fields, path[1:]))
        if item.name == path[0]
        else item
        for item in tree
    )


@pytest.mark.parametrize(
    ("path", "leaky"),
    [
        ("incident.acts.victims.name", lambda victim, _printing: victim.person.name),
        ("incident.acts.victims.description", lambda victim, _printing: victim.description),
        ("incident.acts.involvements.named_actor", lambda involvement, _printing: involvement.named_actor),
        ("incident.acts.description", lambda act, _printing: act.description),
    ],
)
def test_a_rule_that_holds_nothing_back_is_noticed(
    canaries_on_sqlite: tuple[Database, Canaries], holes: pytest.MonkeyPatch, path: str, leaky: Any
) -> None:
    holes.setitem(tracker.publication.record.RULES, path, leaky)
    holes.setattr("tracker.publication.checks._betrayals", lambda *_: iter(()))
    database, secret = canaries_on_sqlite
    populate(database, secret, number_of_incidents=13)
    assert hits(public_dump(database), secret.made) != []


def test_a_canary_is_found_in_any_case_and_in_part() -> None:
    secret = Canaries()
    canary = secret()
    assert hits(f"… {canary.upper()} …", [canary]) == [canary]
    assert hits(f"… {canary[5:17]} …", [canary]) == [canary]
    assert hits(f"… {canary[5:16]} …", [canary]) == []
