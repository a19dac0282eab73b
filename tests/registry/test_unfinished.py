"""Unfinished forms are kept as typed, found by their owner alone, and never overwritten by an older save."""

import pytest
from sqlalchemy.orm import Session

from tests.support import drafts
from tests.web.staff.conftest import member
from tracker.db import Database
from tracker.registry import unfinished
from tracker.registry.unfinished import NotYours, OpenElsewhere, Outrun
from tracker.vocabulary.staff import Role

PAIRS = [("title-en", "A <b>title</b>\x00"), ("when", "sometime"), ("covering", "protest"), ("covering", "elections")]


@pytest.fixture
def people(database: Database) -> tuple[str, str]:
    """The ids of two monitors."""
    return member(database, Role.MONITOR).id, member(database, Role.MONITOR, name="other").id


def saved(session: Session, staff_id: str, form_id: str, sequence: int = 1, **more: str) -> int:
    kept = unfinished.save(session, staff_id, form_id, PAIRS, sequence=sequence, **more)  # type: ignore[arg-type]
    return kept.sequence


def test_a_form_is_kept_exactly_as_it_was_posted(database: Database, people: tuple[str, str]) -> None:
    me, other = people
    form_id = unfinished.new_id()
    with database.write() as session:
        saved(session, me, form_id, title="A \x00 title")
    with database.read() as session:
        found = unfinished.find(session, me, form_id)
        assert found is not None
        assert [tuple(pair) for pair in found.fields] == PAIRS
        assert found.title == "A title"
        assert [form.id for form in unfinished.mine(session, me)] == [form_id]
        assert unfinished.find(session, other, form_id) is None
        assert unfinished.mine(session, other) == []


def test_only_a_newer_save_takes_the_place_of_an_older_one(database: Database, people: tuple[str, str]) -> None:
    form_id = unfinished.new_id()
    with database.write() as session:
        saved(session, people[0], form_id, 2)
    for sequence in (1, 2):
        with pytest.raises(Outrun), database.write() as session:
            saved(session, people[0], form_id, sequence)
    with database.write() as session:
        assert saved(session, people[0], form_id, 3) == 3


def test_nobody_writes_into_the_form_of_another(database: Database, people: tuple[str, str]) -> None:
    form_id = unfinished.new_id()
    with database.write() as session:
        saved(session, people[0], form_id)
    with pytest.raises(NotYours), database.write() as session:
        saved(session, people[1], form_id, 9)
    with database.write() as session:
        assert not unfinished.discard(session, people[1], form_id)
        assert unfinished.discard(session, people[0], form_id)


@pytest.mark.parametrize("form_id", ["", "x", "a" * 27, "A" * 26, "a" * 25 + "\x00", "ä" * 26])
def test_an_id_that_was_never_given_is_nobodys(database: Database, people: tuple[str, str], form_id: str) -> None:
    with pytest.raises(NotYours), database.write() as session:
        saved(session, people[0], form_id)
    with database.read() as session:
        assert unfinished.find(session, people[0], form_id) is None


def test_changes_to_one_incident_are_in_one_form(database: Database, people: tuple[str, str]) -> None:
    with database.write() as session:
        drafts.settle(session)
        [incident] = drafts.record(session, drafts.minimal())
        incident_id = incident.id
    with database.write() as session:
        saved(session, people[0], unfinished.new_id(), incident_id=incident_id)
        saved(session, people[1], unfinished.new_id(), incident_id=incident_id)
    with pytest.raises(OpenElsewhere), database.write() as session:
        saved(session, people[0], unfinished.new_id(), incident_id=incident_id)


def test_nobody_keeps_more_forms_than_anybody_needs(
    database: Database, people: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unfinished, "MOST_FORMS", 1)
    with database.write() as session:
        saved(session, people[0], unfinished.new_id())
    with pytest.raises(unfinished.TooMany), database.write() as session:
        saved(session, people[0], unfinished.new_id())
