"""Role × route × method × state, drawn from the map of addresses: nobody gets further than the table of rights says.

The table itself is `tracker.registry.permissions.RULES`. What a route answers to those who may is tested with its
feature; here it only must not be a refusal of rights, nor a fault.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask, url_for
from flask.testing import FlaskClient
from sqlalchemy import text, update
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tests.support.drafts import minimal, record, settle
from tests.web.staff.conftest import member, sign_in
from tracker.db import Base, Database
from tracker.registry.models import Incident, Outlet, Person, Source, StaffMember, Topic
from tracker.registry.permissions import RULES, Reach, actor_of, reach
from tracker.vocabulary import Status
from tracker.vocabulary.staff import Action, Role
from tracker.web.staff.routes import DECLARED
from tracker.web.staff.routing import Route

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")
UNKNOWN = "zzzzzzzzzzzzzzzzzzzzzzzzzz"
NEVER = (401, 403, 404, 405)
# What a GET may write: who read what, which sessions live, and who failed.
LOGS = frozenset({"audit_entry", "audit_head", "staff_session", "throttle", "saved_filter"})
# These lead in, and are open to whoever comes.
WAYS_IN = frozenset({"staff.sign_in", "staff.sign_in_code", "staff.sign_out", "staff.join", "staff.second_factor"})
ONCE_PUBLIC = frozenset({Status.PUBLISHED, Status.QUARANTINED, Status.WITHDRAWN})
STATES = [state for state in Status if state is not Status.ERASED]


@dataclass
class World:
    """A desk with one person of each role, an incident of the monitor, and what the addresses name."""

    app: Flask
    database: Database
    people: dict[Role, StaffMember]
    clients: dict[Role, FlaskClient]
    incident_id: str
    other_id: str
    ids: dict[str, str]

    def path(self, route: Route, *, incident_id: str | None = None) -> str:
        """The address of a route, with something in the place of each of its parts."""
        rule = next(rule for rule in self.app.url_map.iter_rules() if rule.endpoint == f"staff.{route.name}")
        values: dict[str, Any] = {name: self.ids.get(name, UNKNOWN) for name in rule.arguments}
        kinds = [kind for kind in ("outlet", "person", "source", "topic") if kind in route.name]
        if "record_id" in values and kinds:
            values["record_id"] = self.ids[kinds[0]]
        if "incident_id" in values:
            values["incident_id"] = incident_id or self.incident_id
        with self.app.test_request_context():
            return str(url_for(f"staff.{route.name}", **values))

    def stand(self, state: Status, *, of: Role) -> None:
        """Put the incident into a state, as the work of somebody with this role."""
        author = actor_of(self.people[of])
        # Only what was public once has a reference, and everything that is public has one.
        reference = "KGZ-2020-0001" if state in ONCE_PUBLIC else None
        with self.database.write() as session:
            session.execute(
                update(Incident)
                .where(Incident.id == self.incident_id)
                .values(status=str(state), amendment=None, embargo_until=None, created_by=author, reference=reference)
                .execution_options(synchronize_session=False)
            )


@pytest.fixture
def world(desk_app: Flask, desk_database: Database) -> World:
    people = {role: member(desk_database, role) for role in Role}
    with desk_database.write() as session:
        settle(session)
        record(session, minimal("first"), minimal("second"))
        ids = {kind: _first(session, model) for kind, model in KINDS.items()}
        first, second = (session.query(Incident).filter_by(key=key).one().id for key in ("first", "second"))
    ids |= {
        "kind": "outlets",
        "step": "take_up",
        "number": "1",
        "other_id": second,
        "staff_id": people[Role.MONITOR].id,
    }
    clients = {role: sign_in(desk_app, desk_database, person) for role, person in people.items()}
    return World(desk_app, desk_database, people, clients, first, second, ids)


KINDS = {"outlet": Outlet, "person": Person, "source": Source, "topic": Topic}


def _first(session: Session, model: type[Base]) -> str:
    return str(session.query(model).first().id)  # type: ignore[union-attr]


def _of_incidents() -> Iterator[Route]:
    return (route for route in DECLARED.values() if "<incident_id>" in route.rule)


def _content(database: Database) -> dict[str, list[str]]:
    """Everything in the database but logs."""
    names = [name for name in Base.metadata.tables if name not in LOGS]
    with database.read() as session:
        return {name: sorted(map(str, session.execute(text(f"SELECT * FROM {name}")).all())) for name in names}


def _told(answer: TestResponse) -> tuple[int, bytes, list[tuple[str, str]]]:
    """An answer without the token of its form, which is another one each time."""
    body = re.sub(rb'name="csrf_token" value="[^"]+"', b"", answer.data)
    return answer.status_code, body, [(name, value) for name, value in answer.headers if name != "Set-Cookie"]


def _same_refusal(one: TestResponse, other: TestResponse) -> bool:
    return _told(one) == _told(other)


def test_every_address_of_the_desk_declares_its_right(desk_app: Flask) -> None:
    below = {rule.endpoint for rule in desk_app.url_map.iter_rules() if rule.rule.startswith("/staff")}
    assert below == set(DECLARED)
    assert {endpoint for endpoint, route in DECLARED.items() if route.action is None} == WAYS_IN


def test_every_right_of_the_table_is_asked_for_somewhere_and_every_step_has_its_rule() -> None:
    assert set(RULES) == set(Action)
    # One form takes both answers of a safety review, under the right to give the first.
    assert RULES[Action.OBJECT] == RULES[Action.CLEAR]
    assert {route.action for route in DECLARED.values()} - {None} == set(Action) - {Action.OBJECT}


def test_who_is_not_signed_in_is_let_in_nowhere(world: World) -> None:
    stranger = world.app.test_client()
    for endpoint, route in DECLARED.items():
        if endpoint in WAYS_IN:
            continue
        for method in route.methods:
            answer = stranger.open(world.path(route), method=method)
            expected = {302, 303, 401} if method == "GET" else {401}
            assert answer.status_code in expected, f"{method} {route.rule}: {answer.status_code}"


@pytest.mark.parametrize("role", list(Role))
def test_whoever_lacks_the_right_gets_what_an_unknown_address_gets(world: World, role: Role) -> None:
    client = world.clients[role]
    before = _content(world.database)
    for route in DECLARED.values():
        if route.action is None or reach(world.people[role], route.action) is not Reach.NONE:
            continue
        for method in route.methods:
            answer = client.open(world.path(route), method=method)
            unknown = client.open("/staff/no-such-page", method=method)
            assert _same_refusal(answer, unknown), f"{role} {method} {route.rule}: {answer.status_code}"
    assert _content(world.database) == before


def test_a_route_answers_no_method_but_its_own(world: World) -> None:
    # The map of addresses refuses these before anybody asks for roles, so that one role stands for all.
    client = world.clients[Role.EDITOR]
    for route in DECLARED.values():
        same_address = (other for other in DECLARED.values() if other.rule == route.rule)
        own = {method for other in same_address for method in other.methods}
        own |= {"HEAD"} if "GET" in own else set()
        for method in METHODS:
            if method not in own:
                path = world.path(route)
                answer = client.open(path, method=method)
                # A fixed address can look like one with a part that varies, which then says that it knows no such part.
                refusals = {405} if _only_one_answers(world.app, path) else {404, 405}
                assert answer.status_code in refusals, f"{method} {route.rule}: {answer.status_code}"


def test_what_belongs_to_somebody_else_is_unknown_to_a_monitor(world: World) -> None:
    monitor = world.clients[Role.MONITOR]
    for state in (Status.DRAFT, Status.IN_REVIEW, Status.PUBLISHED, Status.QUARANTINED):
        world.stand(state, of=Role.EDITOR)
        for route in _of_incidents():
            for method in route.methods:
                theirs = monitor.open(world.path(route), method=method)
                nobodys = monitor.open(world.path(route, incident_id=UNKNOWN), method=method)
                # A form that lacks what it must hold is refused before anything is looked up.
                assert theirs.status_code in {400, 404}, f"{state} {method} {route.rule}: {theirs.status_code}"
                assert _same_refusal(theirs, nobodys), f"{state} {method} {route.rule}"


def _only_one_answers(app: Flask, path: str) -> bool:
    patterns = (re.sub(r"<[^>]+>", "[^/]+", rule.rule) for rule in app.url_map.iter_rules())
    return sum(bool(re.fullmatch(pattern, path)) for pattern in patterns) == 1


def _may(role: Role, action: Action, state: Status, *, own: bool) -> bool:
    """What the table says, spelled out anew."""
    rule = RULES[action]
    far = rule.reach.get(role, Reach.NONE)
    if far is Reach.NONE or (far is Reach.OWN and not own):
        return False
    states = rule.own_states if far is Reach.OWN and rule.own_states is not None else rule.states
    return states is None or state in states


@pytest.mark.parametrize("role", [Role.MONITOR, Role.EDITOR, Role.SAFETY_REVIEWER])
def test_an_incident_is_read_and_changed_in_the_states_of_the_table_and_in_no_other(world: World, role: Role) -> None:
    client = world.clients[role]
    for state in STATES:
        for route in _of_incidents():
            assert route.action is not None
            if "GET" not in route.methods or reach(world.people[role], route.action) is Reach.NONE:
                continue
            world.stand(state, of=role)
            answer = client.get(world.path(route))
            allowed = _may(role, route.action, state, own=True)
            place = f"{role} {state} GET {route.rule}: {answer.status_code}"
            assert answer.status_code < 500, place
            if allowed:
                assert answer.status_code not in {401, 405}, place
            else:
                assert answer.status_code in {403, 404}, place


@pytest.mark.parametrize("role", list(Role))
def test_looking_at_every_page_changes_nothing(world: World, role: Role) -> None:
    client = world.clients[role]
    world.stand(Status.IN_REVIEW, of=Role.MONITOR)
    before = _content(world.database)
    for route in DECLARED.values():
        if "GET" in route.methods:
            assert client.get(world.path(route)).status_code < 500, route.rule
    assert _content(world.database) == before


@pytest.mark.parametrize("role", list(Role))
def test_an_empty_form_is_answered_everywhere_and_never_with_a_fault(world: World, role: Role) -> None:
    client = world.clients[role]
    for route in DECLARED.values():
        if "POST" in route.methods and route.name not in {"sign_out", "end_everything", "end_session"}:
            world.stand(Status.IN_REVIEW, of=Role.MONITOR)
            assert client.post(world.path(route)).status_code < 500, route.rule
