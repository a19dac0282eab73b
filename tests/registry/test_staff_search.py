"""The text search of the desk: the same hits on both databases, and always what stands in the records now."""

from typing import Any

import pytest
from sqlalchemy import delete, select, text
from sqlalchemy.orm import Session

from tests.support import drafts
from tracker.db import Database
from tracker.registry import operations, search
from tracker.registry.drafts import OutletDraft, PersonDraft, SourceDraft, TopicDraft
from tracker.registry.models import Entity, Incident, Outlet, Person, SearchedIncident, Source, Topic


def found(session: Session, query: str) -> set[str]:
    condition = search.hits(session, query)
    assert condition is not None
    return {key or "" for key in session.scalars(select(Incident.key).where(condition))}


@pytest.fixture
def desk(database: Database) -> Database:
    with database.write() as session:
        drafts.settle(session)
        drafts.record(session, drafts.rich(), drafts.minimal())
    return database


@pytest.mark.parametrize(
    "query",
    [
        "Crew beaten",
        "группу избили",
        "hides with relatives",
        "fountain",
        "old square BISHKEK",
        "that night",
        "beaten Testova",
        "Проберов",
        "Вестник",
        "limp",
        "crews",
        "Unit Seven",
        "riot police",
        "Komandirov",
        "two or three",
        "Attacks on the press",
        "Somebody inside",
        "Met twice",
        "minute 12",
        "complained",
        "election",
        "example.org/inside",
        "hides Testova Вестник insi",
    ],
)
def test_every_text_of_an_incident_and_of_what_it_names_is_found(desk: Database, query: str) -> None:
    with desk.read() as session:
        assert "rich" in found(session, query)


@pytest.mark.parametrize(
    "query", ["Tes beaten", "nothing of the kind", "beaten* OR x", '"', "'; drop table", "words:nothing"]
)
def test_what_does_not_stand_there_is_not_found_and_no_operator_works(desk: Database, query: str) -> None:
    with desk.read() as session:
        condition = search.hits(session, query)
        assert condition is None or found(session, query) == set()


def test_the_last_word_may_be_just_begun(desk: Database) -> None:
    with desk.read() as session:
        assert found(session, "crew turn") == {"minimal"}
        assert found(session, "cre") == {"minimal", "rich"}


def test_a_query_without_letters_looks_for_nothing(desk: Database) -> None:
    with desk.read() as session:
        assert search.hits(session, " —… ") is None


def test_a_reference_is_found_whole_or_begun(desk: Database) -> None:
    with desk.write() as session:
        drafts.found(session, Incident, "rich").reference = "KGZ-2020-0001"
    with desk.read() as session:
        assert found(session, "kgz-2020-0001") == {"rich"}
        assert found(session, "KGZ-2020") == {"rich"}
        assert found(session, "KGZ-2021") == set()


def test_a_change_is_found_at_once_and_what_it_took_away_no_more(desk: Database) -> None:
    with desk.write() as session:
        changed = drafts.rich(internal_notes="They went to Osh.")
        operations.amend(session, drafts.found(session, Incident, "rich"), drafts.incident(changed), by="editor")
    with desk.read() as session:
        assert found(session, "went osh") == {"rich"}
        assert found(session, "relatives") == set()


@pytest.mark.parametrize(
    ("model", "draft", "raw", "old", "new"),
    [
        (Person, PersonDraft, drafts.AIDA | {"name": "Aida Novaya", "other_names": []}, "Аида", "Novaya"),
        (Outlet, OutletDraft, drafts.HERALD | {"other_names": [{"name": "Kabarchy"}]}, "Вестник", "Kabarchy"),
        (Source, SourceDraft, drafts.INSIDER | {"publisher": "A clerk"}, "Somebody inside", "clerk"),
        (Topic, TopicDraft, drafts.ELECTION | {"title": {"en": "A vote"}}, "an election rich", "A vote"),
    ],
    ids=["person", "outlet", "source", "topic"],
)
def test_a_new_name_of_what_an_incident_names_is_found_at_once(
    desk: Database, model: type[Entity], draft: Any, raw: drafts.Raw, old: str, new: str
) -> None:
    with desk.write() as session:
        operations.amend(session, drafts.found(session, model, raw["key"]), drafts.draft(draft, raw), by="editor")
    with desk.read() as session:
        assert found(session, new) == {"rich"}
        assert found(session, old) == set()


def test_a_write_that_is_taken_back_leaves_the_words_as_they_were(desk: Database) -> None:
    with desk.write() as session:
        changed = drafts.rich(internal_notes="They went to Osh.")
        operations.amend(session, drafts.found(session, Incident, "rich"), drafts.incident(changed), by="editor")
        session.rollback()
    with desk.read() as session:
        assert found(session, "osh") == set()
        assert found(session, "relatives") == {"rich"}


def test_records_without_words_get_them_and_only_they(desk: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "AT_ONCE", 1)
    with desk.write() as session:
        rich = drafts.found(session, Incident, "rich")
        session.execute(delete(SearchedIncident).where(SearchedIncident.incident_id == rich.id))
        session.execute(text("DELETE FROM staff_search"))
    done: list[tuple[int, int]] = []
    assert search.rebuild(desk, lambda number, total: done.append((number, total))) == 1
    assert done == [(1, 1)]
    with desk.read() as session:
        assert found(session, "relatives") == {"rich"}
    monkeypatch.setattr(search, "MADE_WITH", 2)
    assert search.rebuild(desk) == 2
    assert search.rebuild(desk) == 0
    with desk.read() as session:
        assert found(session, "cre") == {"minimal", "rich"}
