"""The desk in Russian: that no page, no answer to a form and no word for a script is left in English.

What is recorded is written in Cyrillic letters here, so that every Latin word on a page is code, an address, or a word
that nobody translated.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

import tracker.web
from tests.support.drafts import AIDA, ELECTION, HERALD, NOON, PEOPLE, SITE, SOURCES, draft, incident, rich
from tests.support.run import Run
from tests.web.reading import tags
from tests.web.russian import untranslated
from tests.web.staff.conftest import CHEAP, SECRET, member, sign_in
from tests.web.staff.door import OTHER_PASSWORD, PASSWORD, code, joined
from tracker.app import create_app
from tracker.db import Database
from tracker.publication import Gate
from tracker.registry import operations
from tracker.registry.accounts import invitations
from tracker.registry.drafts import OutletDraft, PersonDraft, SiteDraft, SourceDraft, TopicDraft
from tracker.registry.models import Entity, Incident, Outlet, Person, Source, StaffMember, Topic
from tracker.registry.permissions import Reach, actor_of, reach
from tracker.settings import Settings
from tracker.vocabulary import Status
from tracker.vocabulary.staff import Role
from tracker.web.staff.routes import DECLARED
from tracker.web.staff.routing import Route

NAMES = {
    Role.MONITOR: "Айгуль",
    Role.EDITOR: "Бермет",
    Role.SAFETY_REVIEWER: "Виктор",
    Role.ADMINISTRATOR: "Гульнара",
}
# Each of these is answered by a file, or leads away from the page that is looked at.
NO_PAGE = frozenset({"audit_csv", "audit_json", "suggest"})
# Texts of drafts; all else in them are codes, keys, days and addresses.
TEXTS = frozenset(
    {
        "affiliation", "as_reported", "admin1", "admin2", "by", "count_as_reported", "description", "disagreement",
        "internal_notes", "introduction", "locality", "locator", "look_again_for", "matched", "name",
        "named_actor", "note", "organisation", "publisher", "summary", "text", "title", "venue",
    }
)  # fmt: skip
# Each Latin letter has its own: names have to stay different from one another.
CYRILLIC = str.maketrans(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", "абцдефгхийклмнопярстувшжызАБЦДЕФГХИЙКЛМНОПЯРСТУВШЖЫЗ"
)
# What stands on a page as it is recorded, stored or typed: addresses, keys, the cells of the CSV file, texts; and what
# is written so in Russian too.
AS_IT_IS = re.compile(
    r"""[^\s<>"]+@(desk\.)?example\.org|https://[a-z.]*example\.org[^\s<>"]*|\b(first|second|third|forum)\b"""
    r"""|<table class="cells">.*?</table>|<textarea.*?</textarea>|placeholder="ru\""""
    r"""|\bru(, | или )ky\b|например,? en\b|\b(Aegis|FreeOTP|Google Authenticator|QR)\b|Asia/Bishkek"""
    r"""|\bgeonames:\d+\b""",
    re.DOTALL,
)


def in_cyrillic(raw: Any, name: str = "") -> Any:
    """A raw draft with every Latin letter of its texts replaced."""
    if isinstance(raw, dict):
        return {key: in_cyrillic(value, name if name in TEXTS else key) for key, value in raw.items()}
    if isinstance(raw, list):
        return [in_cyrillic(value, name) for value in raw]
    return raw.translate(CYRILLIC) if isinstance(raw, str) and name in TEXTS else raw


def english(response: TestResponse) -> list[str]:
    """The English words of a page, with the text around them."""
    response.set_data(AS_IT_IS.sub("", response.get_data(as_text=True)))
    return untranslated(response)


@dataclass
class Desk:
    """A desk with one person of each role, all of whom read Russian, and records without a Latin letter."""

    app: Flask
    database: Database
    people: Mapping[Role, StaffMember]
    ids: Mapping[str, str]

    def client(self, role: Role) -> FlaskClient:
        """Somebody with a role, signed in."""
        return sign_in(self.app, self.database, self.people[role])

    def path(self, route: Route, **chosen: str) -> str:
        """The address of a route, with something in the place of each of its parts."""
        rule = next(rule for rule in self.app.url_map.iter_rules() if rule.endpoint == f"staff.{route.name}")
        values: dict[str, Any] = {name: {**self.ids, **chosen}.get(name, "z" * 26) for name in rule.arguments}
        if "record_id" in values:
            values["record_id"] = next(self.ids[kind] for kind in KINDS if kind in route.name)
        with self.app.test_request_context():
            return str(self.app.url_for(f"staff.{route.name}", **values))

    def stand(self, state: Status, role: Role) -> None:
        """Put the first incident into a state, as the work of somebody with this role."""
        with self.database.write() as session:
            found = session.get_one(Incident, self.ids["incident_id"])
            found.status, found.created_by = state, actor_of(self.people[role])


KINDS: Mapping[str, type[Entity]] = {"outlet": Outlet, "person": Person, "source": Source, "topic": Topic}


@pytest.fixture(scope="module")
def desk(run: Run, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """One for all of these tests: what takes its time is that each new application reads its templates anew."""
    folder = tmp_path_factory.mktemp("russian")
    (folder / "tracker.sqlite").write_bytes(run.migrated_sqlite().read_bytes())
    settings = Settings(
        instance=folder,
        database_url=f"sqlite:///{folder / 'tracker.sqlite'}",
        secret_key=SECRET,
        development=True,
        password_cost=CHEAP,
    )
    database = Database(settings)
    app = create_app(settings, database)
    app.config["WTF_CSRF_ENABLED"] = False
    yield _settled(app, database)
    database.dispose()


def _settled(app: Flask, database: Database) -> Desk:
    people = {role: member(database, role, name=name, language="ru") for role, name in NAMES.items()}
    twin = {**AIDA, "key": "aida-two"}
    with database.write() as session:
        world = [
            *(draft(SourceDraft, in_cyrillic(raw)) for raw in SOURCES),
            *(draft(PersonDraft, in_cyrillic(raw)) for raw in (*PEOPLE, twin)),
            draft(OutletDraft, in_cyrillic(HERALD)),
            draft(TopicDraft, in_cyrillic(ELECTION)),
            draft(SiteDraft, {**in_cyrillic(SITE), "key": "site"}),
        ]
        monitor = actor_of(people[Role.MONITOR])
        operations.record_many(session, world, by=monitor)
        drafts = [incident(in_cyrillic(rich(key))) for key in ("first", "second", "third")]
        first, second, third = operations.record_many(session, drafts, by=monitor)
        Gate(session, by=actor_of(people[Role.EDITOR]), at=NOON).publish([cast(Incident, third)])
        ids = {
            kind: session.scalars(select(model.id).order_by(model.key)).first() or "" for kind, model in KINDS.items()
        }
    ids |= {"number": "1", "incident_id": first.id, "other_id": second.id, "staff_id": people[Role.MONITOR].id}
    return Desk(app, database, people, ids | {"public_id": third.id})


# The entry form has hundreds of fields: it is read once, not by each role.
LARGE = frozenset({"new_incident", "repeat_incident", "edit_incident"})
STATES = (Status.DRAFT, Status.SUBMITTED, Status.SAFETY_REVIEW, Status.APPROVED, Status.EMBARGOED, Status.QUARANTINED)
# These end the session that asks.
ENDING = frozenset({"sign_out", "end_everything", "end_session", "change_roles", "close_account", "end_sessions"})


def _routes(desk: Desk, role: Role, method: str) -> Iterable[Route]:
    """What somebody with a role may ask for."""
    for route in DECLARED.values():
        may = route.action is None or reach(desk.people[role], route.action) is not Reach.NONE
        if may and method in route.methods and route.name not in NO_PAGE:
            yield route


@pytest.mark.parametrize("role", list(Role))
def test_no_word_of_a_page_is_left_in_english(desk: Desk, role: Role) -> None:
    client = desk.client(role)
    desk.stand(Status.DRAFT if role is Role.MONITOR else Status.IN_REVIEW, Role.MONITOR)
    left: dict[str, list[str]] = {}
    for route in _routes(desk, role, "GET"):
        if role is Role.MONITOR or route.name not in LARGE:
            response = client.get(desk.path(route), follow_redirects=True)
            assert tags(response, "html") == [{"lang": "ru"}], route.rule
            left[route.rule] = english(response)
    assert {rule: words for rule, words in left.items() if words} == {}


def test_an_incident_tells_its_state_in_russian(desk: Desk) -> None:
    client = desk.client(Role.EDITOR)
    for state in STATES:
        desk.stand(state, Role.MONITOR)
        for name in ("desk", "incident", "review"):
            assert english(client.get(desk.path(DECLARED[f"staff.{name}"]))) == [], f"{state} {name}"
    for name in ("incident", "review", "preview", "restrict", "withdraw", "history"):
        path = desk.path(DECLARED[f"staff.{name}"], incident_id=desk.ids["public_id"])
        assert english(client.get(path)) == [], name


def test_the_reading_finds_english_where_a_page_is_in_english(desk: Desk) -> None:
    client = sign_in(desk.app, desk.database, member(desk.database, Role.EDITOR, name="жанна", language="en"))
    for name in ("desk", "incident", "review", "outlet"):
        assert len(english(client.get(desk.path(DECLARED[f"staff.{name}"])))) > 10, name


def test_the_log_is_told_in_russian(desk: Desk) -> None:
    for role in (Role.MONITOR, Role.EDITOR, Role.ADMINISTRATOR):
        client = desk.client(role)
        for name in ("incident", "source", "account", "audit"):
            response = client.get(desk.path(DECLARED[f"staff.{name}"]))
    assert english(response) == []


@pytest.mark.parametrize("role", [Role.MONITOR, Role.EDITOR, Role.ADMINISTRATOR])
def test_an_empty_form_is_answered_in_russian(desk: Desk, role: Role) -> None:
    client = desk.client(role)
    left: dict[str, list[str]] = {}
    for route in _routes(desk, role, "POST"):
        if route.name not in ENDING:
            desk.stand(Status.DRAFT if role is Role.MONITOR else Status.IN_REVIEW, Role.MONITOR)
            response = client.post(desk.path(route), follow_redirects=True)
            if response.mimetype == "text/html" and len(response.data) < 200_000:
                left[route.rule] = english(response)
    assert {rule: words for rule, words in left.items() if words} == {}


def test_a_recorded_date_stands_in_the_form_as_a_russian_would_type_it(desk: Desk) -> None:
    client = desk.client(Role.MONITOR)
    desk.stand(Status.DRAFT, Role.MONITOR)
    form = client.get(desk.path(DECLARED["staff.edit_incident"]), follow_redirects=True)
    typed = [
        " ".join(str(each["value"]).split()) for each in tags(form, "input") if str(each.get("name")).endswith("when")
    ]
    assert {"5 или 6 октября 2020 г.", "7 октября 2020 г."} <= set(typed)


def test_the_way_in_is_told_in_the_language_that_the_browser_asks_for(desk: Desk) -> None:
    stranger = desk.app.test_client()
    asked = {"Accept-Language": "ru-KG,ru;q=0.9,en;q=0.1"}
    with desk.database.write() as session:
        token = invitations.invite(session, email="new@example.org", roles=[Role.MONITOR], by="cli:staff")
    link = f"/staff/join/{token}"
    answers = [
        stranger.get("/staff/", headers=asked, follow_redirects=True),
        stranger.get("/staff/no-such-page", headers=asked, follow_redirects=True),
        stranger.get("/staff/join/unknown", headers=asked),
        stranger.get(link, headers=asked),
        stranger.post(link, data={"name": "Дамир", "password": "short"}, headers=asked),
        stranger.post(link, data={"name": "Дамир", "password": OTHER_PASSWORD}, headers=asked, follow_redirects=True),
        stranger.get("/staff/me", headers=asked, follow_redirects=True),
    ]
    somebody = joined(desk.database, Role.EDITOR, name="елена", language="ru")
    client = desk.app.test_client()
    answers += [
        client.post("/staff/sign-in", data={"email": somebody.email, "password": "wrong"}, headers=asked),
        client.post(
            "/staff/sign-in", data={"email": somebody.email, "password": PASSWORD}, headers=asked, follow_redirects=True
        ),
        client.post("/staff/sign-in/code", data={"code": "000000"}, headers=asked),
        client.post("/staff/sign-in/code", data={"code": code()}, headers=asked, follow_redirects=True),
        client.get("/staff/me"),
        client.post("/staff/me/codes", follow_redirects=True),
        client.get("/staff/no-such-page"),
        client.post("/staff/sign-out", follow_redirects=True, headers=asked),
    ]
    assert [(answer.request.path, words) for answer in answers if (words := english(answer))] == []


def test_what_a_script_says_and_is_told_stands_on_the_page_in_russian(desk: Desk) -> None:
    client = desk.client(Role.MONITOR)
    page = client.get("/staff/incidents/new", follow_redirects=True)
    told = next(each for each in tags(page, "div") if each.get("id") == "entry-words")
    sentences = [str(words) for name, words in told.items() if name.startswith("data-")]
    assert len(sentences) > 10
    for typed in ("05.06.2020", "30 февраля 2020", "когда-то", "с 5 октября 2020"):
        answer = client.post("/staff/forms/date", data={"typed": typed, "part": ""}).get_json()
        sentences += [reading["words"] for reading in answer["readings"]]
        sentences += [answer["words"] or "", answer["problem"] or ""]
    sentences = [re.sub(r"\{[a-z]+\}", "", words) for words in sentences if words]
    assert [words for words in sentences if re.search("[A-Za-z]{2,}", words) or not re.search("[а-я]", words)] == []


def test_no_word_is_settled_in_one_language_when_a_template_is_compiled() -> None:
    """A filter over a constant is worked out once, in the language of whoever opens the page first."""
    folder = Path(str(tracker.web.__file__)).with_name("templates")
    settled = re.compile(r"""["'][\w ]+["']\s*\|\s*(staff_)?(label|definition|said|language_name)\b""")
    assert [path.name for path in folder.rglob("*.html") if settled.search(path.read_text(encoding="utf-8"))] == []
