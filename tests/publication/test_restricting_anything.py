"""Whatever was saved or published before: a restriction takes away what it names, and brings nothing out."""

import re
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.support.drafts import found, minimal, record, rich
from tests.support.restricting import COARSER, NAME, WITHOUT_WIRE, all_versions, amend, restrict, save
from tracker import publication
from tracker.dataset.models import PublicVersion
from tracker.publication import Gate
from tracker.publication.restricting import Restriction
from tracker.registry.drafts import FollowUpDraft
from tracker.registry.mapping import draft_of
from tracker.registry.models import Entity, Incident, Outlet, Person, Source, Topic
from tracker.registry.operations import Refused
from tracker.vocabulary import FollowUpKind

SAVED = re.compile(r"saved\d+")
LINES: dict[str, tuple[type[Entity], str]] = {
    "aida": (Person, "name"),
    "bakyt": (Person, "name"),
    "wire": (Source, "title"),
    "report": (Source, "title"),
    "insider": (Source, "title"),
    "herald": (Outlet, "name"),
}
TABLES: dict[str, type[Entity]] = {key: table for key, (table, _field) in LINES.items()} | {"election": Topic}
STEPS = st.tuples(
    st.sampled_from([*LINES, "election", "timeless", "open wire", "close wire", "open insider", "full", "second"]),
    st.booleans(),
)


def _take(session: Session, number: int, what: str, published: bool) -> None:
    """Save a change, told apart by its number, and publish it or leave it waiting."""
    word = f"saved{number}"
    if what in {"full", "second"}:
        made = found(session, Incident, what)
        known: dict[str, Any] = {"title": {"en": word}}
        if number % 2 and what == "second":
            known["sources"] = [{"source": "report"}]
        amend(session, made, **known)
        if published:
            publication.publish(session, made, by="editor")
        return
    key = {"timeless": "election"}.get(what, what.rpartition(" ")[2])
    if " " in what:
        _save(session, key, confidential=what.startswith("close"))
    elif what == "timeless":
        told = draft_of(found(session, Topic, key)).follow_ups  # type: ignore[attr-defined]
        _save(
            session,
            key,
            follow_ups=[] if told else [FollowUpDraft(kind=FollowUpKind.TRIAL, text={"en": "A"}, sources=["wire"])],
        )
    elif what == "election":
        _save(session, key, summary={"en": word})
    else:
        _save(session, key, **{LINES[key][1]: word})
    if published:
        entity = found(session, TABLES[key], key)
        publication.refresh(session, publication.affected(session, entity), by="editor", entity=entity)


def _save(session: Session, key: str, **known: object) -> None:
    if any(getattr(found(session, TABLES[key], key), name) != value for name, value in known.items()):
        save(session, TABLES[key], key, **known)


@pytest.mark.parametrize("restriction", [NAME, WITHOUT_WIRE, COARSER], ids=["name", "source", "place"])
@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps=st.lists(STEPS, max_size=8))
def test_a_restriction_takes_away_what_it_names_and_brings_out_nothing(
    session: Session, restriction: Restriction, steps: list[tuple[str, bool]]
) -> None:
    with session.begin_nested() as whole:
        full, second = record(session, rich("full"), minimal("second", sources=[{"source": "wire"}]))
        Gate(session, by="editor").publish([full, second])
        ever: dict[str, set[str]] = {"aida": {"Testova", "Тестова"}, "wire": {"Agency"}}
        for number, (what, published) in enumerate(steps):
            ever.setdefault(what, set()).add(f"saved{number}")
            try:
                with session.begin_nested():
                    _take(session, number, what, published)
            except Refused:
                session.expire_all()
        _restrict(session, full, restriction, ever)
        whole.rollback()
    session.expire_all()


def _restrict(session: Session, full: Incident, restriction: Restriction, ever: dict[str, set[str]]) -> None:
    before = set(SAVED.findall(all_versions(session)))
    try:
        restrict(session, full, restriction)
    except Refused as refused:
        # It was taken away before, by a step above.
        if "nothing would be withheld" not in str(refused):
            raise
        return
    everything = all_versions(session)
    assert set(SAVED.findall(everything)) <= before
    if restriction is WITHOUT_WIRE:
        assert not [word for word in ever["wire"] if re.search(rf"{word}\b", everything)]
    if restriction is NAME:
        of_it = (PublicVersion.record_id == full.id, PublicVersion.json.is_not(None))
        told = str(session.scalars(select(PublicVersion.json).where(*of_it)).all())
        assert not [word for word in ever["aida"] if re.search(rf"{word}\b", told)]
