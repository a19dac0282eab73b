"""Registries that differ in private values alone cannot be told apart from outside."""

import re
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.support.asking import every_address, said, without_chance
from tests.support.drafts import (
    AIDA,
    ELECTION,
    HERALD,
    INSIDER,
    LEAFLET,
    NOON,
    REPORT,
    WIRE,
    Raw,
    draft,
    incident,
    rich,
)
from tests.support.leaks import public_rows
from tests.support.shared import application, database_of
from tracker.dataset import releases
from tracker.db import Database
from tracker.publication import Gate
from tracker.registry import operations
from tracker.registry.drafts import Draft, OutletDraft, PersonDraft, SourceDraft, TopicDraft
from tracker.registry.models import Outlet, Person, Topic
from tracker.settings import Settings

ID = re.compile(r"\b[a-z0-9]{26}\b")


def test_private_values_change_no_public_byte(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    first = _published_with(database, monkeypatch, "qaxwone")
    second = _published_with(database, monkeypatch, "zbxwtwo")
    differing = [pair for pair in zip(first, second, strict=True) if pair[0] != pair[1]]
    assert differing == []
    assert len(first) > 10


def _published_with(database: Database, monkeypatch: pytest.MonkeyPatch, word: str) -> list[str]:
    """What is public of a registry whose private values are made of a word; ids stand as what they are of."""
    monkeypatch.setattr(secrets, "token_hex", lambda size: "0" * 2 * size)
    with Session(database.writer_engine, expire_on_commit=False) as session:
        incidents = _publish(session, word)
        rows = public_rows(session)
        everything = [made for table in (Person, Outlet, Topic) for made in session.scalars(select(table))]
        ids = {made.id: f"{type(made).__name__} {made.key}" for made in (*incidents, *everything)}
        session.rollback()
    return sorted(_with_fixed_ids(_without_number(row), ids) for found in rows.values() for row in found)


def _publish(session: Session, word: str) -> list[Any]:
    """Record a registry whose private values are made of a word and publish what is no draft; returns its incidents."""
    operations.record_many(session, _private_world(word), by=word)
    incidents: list[Any] = operations.record_many(
        session, [incident(raw) for raw in _private_incidents(word)], by=word, why=word
    )
    published = [made for made in incidents if made.key != "draft"]
    next(made for made in incidents if made.key == "draft").status = "draft"
    Gate(session, by=word, why=word, at=NOON).publish(published)
    return incidents


def test_private_values_change_no_answer(
    tmp_path: Path, new_database: Callable[[str, str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(secrets, "token_hex", lambda size: "0" * 2 * size)
    answers = []
    for word in ("qaxwone", "zbxwtwo"):
        url = new_database("sqlite", word)
        settings = Settings(instance=tmp_path / word, database_url=url, secret_key="only for tests")
        database = database_of(settings)
        with database.write() as session:
            _publish(session, word)
        releases.create(database, settings.releases, "2026.1")
        reader = application(settings, database).test_client()
        answers.append({address: without_chance(said(reader, address)) for address in every_address(reader, (1,))})
        database.dispose()
    first, second = answers
    assert "/acts.csv" in first
    assert [address for address in first if first[address] != second.get(address)] == []
    assert set(first) == set(second)


def _with_fixed_ids(row: str, ids: dict[str, str]) -> str:
    """A row with what its random ids stand for in their place."""
    return ID.sub(lambda found: ids[found[0]], row)


def _without_number(row: str) -> str:
    """A row without the number that a sequence gave it, as sequences go on after a rollback."""
    return row.split(", ", 1)[1] if row.split(", ", 1)[0].strip("(").isdigit() else row


def _private_world(word: str) -> list[Draft]:
    return [
        draft(PersonDraft, AIDA | {"other_names": [{"name": f"Aida {word}"}]}),
        draft(PersonDraft, {"key": "bakyt", "name": f"Bakyt {word}", "other_names": [{"name": f"Б. {word}"}]}),
        draft(OutletDraft, HERALD),
        draft(SourceDraft, REPORT | {"note": word}),
        draft(SourceDraft, WIRE),
        draft(SourceDraft, LEAFLET),
        draft(
            SourceDraft,
            INSIDER | {"publisher": word, "title": word, "url": f"https://{word}.example.org", "note": word},
        ),
        draft(TopicDraft, ELECTION),
    ]


def _private_incidents(word: str) -> list[Raw]:
    first = word == "qaxwone"
    told = rich(internal_notes=word)
    told["place"] |= {
        "as_reported": word,
        "venue": f"{word} square",
        "placed_by": "hand" if first else "geocoder",
        "latitude": 42.81 if first else 42.89,
        "longitude": 74.61 if first else 74.69,
    }
    assault, detention, _threat = told["acts"]
    assault["ground"] = "gender" if first else "religion"
    assault["victims"][0]["consent"] |= {
        "store": "refused" if first else "given",
        "legal": "refused" if first else "given",
    }
    assault["victims"][1] |= {
        "gender": "man" if first else "woman",
        "description": word,
        "minor": first,
        "employment": "staff" if first else "stringer",
    }
    assault["involvements"][1]["named_actor"] = word
    detention["victims"][0] |= {
        "harm": "none" if first else "injured",
        "custody_until": "2020-10-07" if first else "2020-10-09",
        "followed": ["relocated"] if first else [],
        "equipment": [],
    }
    detention["description"] = {"en": word}
    told["sources"][1] |= {
        "locator": word,
        "supports": ["what"] if first else ["date"],
        "credibility": "1" if first else "5",
    }
    return [told, rich("draft", title={"en": word}, related=[told["key"]])]
