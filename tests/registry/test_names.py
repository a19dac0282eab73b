"""Looking records up by their names: in any script, from any word on, and never slowly."""

from collections.abc import Iterator
from functools import partial

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from tests.support.drafts import draft, found, minimal, publish, record, settle, victim, with_victims
from tracker.db import Database
from tracker.registry import name_keys, names, operations
from tracker.registry.drafts import OutletDraft, PersonDraft, SourceDraft, TopicDraft
from tracker.registry.models import NameKey, Outlet, Person


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    """A transaction in which the world is recorded."""
    with database.write() as session:
        settle(session)
        yield session


def person(session: Session, key: str, name: str, *others: str) -> Person:
    """Somebody with these names."""
    made = operations.record(
        session, draft(PersonDraft, {"key": key, "name": name, "other_names": [{"name": n} for n in others]}), by="m"
    )
    assert isinstance(made, Person)
    return made


def keys(session: Session, kind: str, typed: str) -> list[str | None]:
    """The keys of what is suggested."""
    return [each.key for each in names.suggest(session, kind, typed)]


@pytest.mark.parametrize("typed", ["aida", "AIDA T", "test", "Тест", "аида тес", "testova aida", "тестова аид", "Aída"])
def test_every_word_of_every_spelling_is_a_way_in(session: Session, typed: str) -> None:
    assert keys(session, "people", typed) == ["aida"]


def test_cyrillic_finds_a_name_that_is_kept_in_latin_alone_and_the_other_way_round(session: Session) -> None:
    person(session, "yulia", "Yuliya Shcherbak")
    person(session, "olga", "Ольга Өмүрбекова")
    assert keys(session, "people", "Юлия") == ["yulia"]
    assert keys(session, "people", "щерб") == ["yulia"]
    assert keys(session, "people", "Iulii") == ["yulia"]
    assert keys(session, "people", "Olga") == ["olga"]
    assert keys(session, "people", "omur") == ["olga"]


@pytest.mark.parametrize("typed", ["", " ", "a", "'", "%", "_", "\x00", "a\x00", "\ud800", "*", "z" * 5_000, "-- ' ;"])
def test_too_little_and_too_strange_finds_nothing(session: Session, typed: str) -> None:
    assert keys(session, "people", typed) == []


def test_no_more_than_asked_for_are_suggested_and_whole_names_come_first(session: Session) -> None:
    for number in range(12):
        person(session, f"many-{number}", f"Zarina Vtoraya {number:02}")
    person(session, "vtoraya", "Vtoraya")
    suggested = keys(session, "people", "vtoraya")
    assert (len(suggested), suggested[0]) == (8, "vtoraya")


def test_outlets_sources_topics_and_incidents_are_found_too(session: Session) -> None:
    publish(session, record(session, minimal())[0])
    assert keys(session, "outlets", "вест") == ["herald"]
    assert keys(session, "sources", "press") == ["report"]
    assert keys(session, "sources", "forum") == ["report"]
    assert keys(session, "sources", "https://example.org/rep") == ["report"]
    assert keys(session, "topics", "electio") == ["election"]
    assert keys(session, "incidents", "turned") == ["minimal"]
    assert keys(session, "incidents", "KGZ-2020-0001") == ["minimal"]


def test_what_is_renamed_is_found_by_its_new_names_only(session: Session) -> None:
    herald = found(session, Outlet, "herald")
    operations.amend(session, herald, draft(OutletDraft, {"key": "herald", "name": "The Messenger"}), by="e")
    assert keys(session, "outlets", "herald") == []
    assert keys(session, "outlets", "messenger") == ["herald"]


def test_a_merged_record_leads_to_the_one_that_was_kept(session: Session) -> None:
    gone = person(session, "gone", "Bakyt Drugoi")
    gone.merged_into = found(session, Person, "bakyt").id
    session.flush()
    assert keys(session, "people", "drugoi") == ["bakyt"]
    assert keys(session, "people", "bakyt") == ["bakyt"]


def test_somebody_whom_an_incident_does_not_name_is_marked(session: Session) -> None:
    record(session, with_victims(victim("bakyt", naming="withheld", name_published_in=[])))
    notes = {each.key: each.note for each in names.suggest(session, "people", "bakyt")}
    assert notes == {"bakyt": "name withheld"}
    assert [each.note for each in names.suggest(session, "people", "aida")] == [""]


def test_only_what_may_be_offered_is_suggested(session: Session) -> None:
    made = [person(session, f"many-{number}", f"Zarina {number:04}") for number in range(30)]

    def last_one(_session: Session, ids: object) -> dict[str, None]:
        return {made[-1].id: None}

    assert [each.key for each in names.suggest(session, "people", "zarina", only=last_one)] == ["many-29"]
    assert names.near(session, "people", "Zarina 0003", only=lambda _session, _ids: {}) == []


@pytest.mark.parametrize("typed", ["Zarina", "Zar", "Zarina Iusupova", "iusupova", "Зарина"])
def test_by_a_spelling_that_is_not_open_to_them_nobody_is_found(session: Session, typed: str) -> None:
    made = person(session, "zarina", "Aigul Testova", "Zarina Iusupova", "Зарина")
    for spelled, known in ((["Aigul Testova"], False), (["Aigul Testova", "Zarina Iusupova", "Зарина"], True)):
        only = partial(_by_these, {made.id: spelled})
        found = [look(session, "person", typed, only=only) for look in (names.suggest, names.near, names.exact)]
        assert any(found) is known
        assert [each.note for some in found for each in some if each.note] == []
        assert names.suggest(session, "person", "testova aig", only=only)


def _by_these(spelled: dict[str, list[str]], _session: Session, _ids: object) -> dict[str, list[str]]:
    return spelled


@pytest.mark.parametrize("name", ["Bakyt Proberow", "Proberov Bakyt", "Бакит Проберов", "Bakyt  Proberov!"])
def test_names_that_may_be_the_same_are_near(session: Session, name: str) -> None:
    assert [each.key for each in names.near(session, "people", name)] == ["bakyt"]


def test_other_names_are_not_near(session: Session) -> None:
    assert names.near(session, "people", "Bakyt Inoi") == []
    assert names.near(session, "people", "Bakyt Proberov", but_not=found(session, Person, "bakyt").id) == []


def test_the_very_same_name_is_found_whatever_its_case(session: Session) -> None:
    assert [each.key for each in names.exact(session, "people", "AIDA TESTOVA")] == ["aida"]
    assert names.exact(session, "people", "Aida") == []
    assert [each.key for each in names.exact(session, "sources", "http://www.example.org/report/")] == ["report"]


def test_a_database_from_before_is_given_its_keys_once(session: Session) -> None:
    before = {(key.entity_id, key.words, key.whole) for key in session.scalars(select(NameKey))}
    session.execute(NameKey.__table__.delete())  # type: ignore[attr-defined]
    assert name_keys.reindex_everything(session) == 8
    assert {(key.entity_id, key.words, key.whole) for key in session.scalars(select(NameKey))} == before
    assert name_keys.reindex_everything(session) == 0


def test_names_are_looked_up_by_a_range_of_the_index(session: Session) -> None:
    sqlite = session.get_bind().dialect.name == "sqlite"
    if not sqlite:
        session.execute(text("SET LOCAL enable_seqscan = off"))
    explain = "EXPLAIN QUERY PLAN" if sqlite else "EXPLAIN"
    sql = "SELECT entity_id FROM name_key WHERE entity_kind = 'person' AND words >= 'a' AND words < 'b' ORDER BY words"
    assert "ix_name_key_entity_kind_words" in str(session.execute(text(f"{explain} {sql}")).all())


def test_unfitting_names_are_cut_and_still_found(session: Session) -> None:
    long = " ".join(f"slovo{number}" for number in range(30))
    made = operations.record(session, draft(SourceDraft, {"key": "long", "type": "other", "title": long}), by="m")
    operations.record(session, draft(TopicDraft, {"key": "t", "title": {"en": long}}), by="m")
    assert keys(session, "sources", long) == [made.key]
    assert keys(session, "sources", "slovo7 slovo8") == [made.key]
    assert keys(session, "topics", "slovo7 slovo8") == ["t"]
