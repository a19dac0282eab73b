"""Hostile input: every form of the desk with what has broken programs like this one, and markup in every text."""

import re
from collections.abc import Iterator
from html import unescape
from typing import Any, cast

import pytest
from flask import Flask, url_for
from flask.testing import FlaskClient
from sqlalchemy import func, select

from tests.support.drafts import (
    ELECTION,
    HERALD,
    NOON,
    PEOPLE,
    SITE,
    SOURCES,
    draft,
    incident,
    rich,
    victim,
    with_victims,
)
from tests.web.staff.conftest import member, sign_in
from tests.web.staff.entry.forms import blank_form, hand_in, typed
from tracker.db import Database
from tracker.publication import Gate
from tracker.registry import audit, operations
from tracker.registry.accounts import invitations
from tracker.registry.drafts import OutletDraft, PersonDraft, SiteDraft, SourceDraft, TopicDraft
from tracker.registry.mapping import kind_of
from tracker.registry.models import Incident, Outlet, Person, Revision, Source, StaffMember, Topic
from tracker.registry.permissions import actor_of
from tracker.vocabulary import Status
from tracker.vocabulary.staff import Role
from tracker.web.staff.routes import DECLARED
from tracker.web.staff.routing import Route

VALUES = (
    "", " ", "\x00", "a\x00b", "\ufeffx", "\u202eabc", "²", "١٢", "-1", "9" * 5_000, str(2**63), "nan", "inf", "1e400",
    "90.0001,180.1", "0000-01-01", "9999-12-31", "2020-10-07/2020-10-05", "x" * 100_000, "🦉" * 500, "[]", "../..",
    "%s%n", "'; DROP TABLE incident; --", "yes", "add:acts-9999-victims", "remove:", "pick:when:nonsense", "submit",
)  # fmt: skip
FEW = ("\x00", "²", "9" * 400, "\u202eabc\ufeff", "9999-12-31", "nan", "x" * 600)
BODIES: tuple[tuple[str, bytes], ...] = (
    ("application/x-www-form-urlencoded", b"name=%ff%fe&title-en=%ed%a0%80&version=%00&q=\xff\xfe"),
    ("application/x-www-form-urlencoded", b"\xef\xbb\xbfname=x&&&=&=y&" + b"a[]=1&a[b]=2&" * 50),
    ("application/x-www-form-urlencoded", b"&".join(b"f%d=1" % n for n in range(10_000))),
    ("multipart/form-data; boundary=x", b"--y\r\n\r\nnothing"),
    ("multipart/form-data", b"--\r\n"),
    ("application/json", b'{"a":' * 5_000),
)
# What no form may ever set.
EXTRA = {
    "status": "published", "created_by": "staff:nobody", "id": "z" * 26, "reference": "KGZ-2020-9999",
    "first_published_on": "2020-01-01", "public_revision": "9", "amendment": "approved", "embargo_until": "2000-01-01",
    "is_admin": "1", "password_hash": "x", "totp_secret": "x", "disabled_at": "2020-01-01", "actor": "staff:nobody",
}  # fmt: skip


class World:
    """A desk with one of everything, and whoever has every role."""

    def __init__(self, app: Flask, database: Database) -> None:
        self.app, self.database = app, database
        self.people = {role: member(database, role) for role in Role}
        self.all = member(database, *Role, name="all")
        with database.write() as session:
            operations.record_many(session, world_of(lambda text, _name: text), by="import")
            made = operations.record_many(
                session, [incident(rich("first")), incident(rich("second"))], by=actor_of(self.all)
            )
            models = {"outlet": Outlet, "person": Person, "source": Source, "topic": Topic}
            self.ids = {kind: session.scalars(select(model.id)).first() or "" for kind, model in models.items()}
            self.ids |= {"incident_id": made[0].id, "other_id": made[1].id}
        self.ids |= {"kind": "outlets", "step": "take_up", "number": "1", "staff_id": self.people[Role.MONITOR].id}

    def client(self, *roles: Role) -> FlaskClient:
        """A new session of somebody: of whoever has every role, unless told otherwise."""
        return sign_in(self.app, self.database, self.people[roles[0]] if roles else self.all)

    def path(self, route: Route) -> str:
        """The address of a route, with something in the place of each of its parts."""
        rule = next(rule for rule in self.app.url_map.iter_rules() if rule.endpoint == f"staff.{route.name}")
        values: dict[str, Any] = {name: self.ids.get(name, "z" * 26) for name in rule.arguments}
        kinds = [kind for kind in ("outlet", "person", "source", "topic") if kind in route.name]
        if "record_id" in values and kinds:
            values["record_id"] = self.ids[kinds[0]]
        with self.app.test_request_context():
            return str(url_for(f"staff.{route.name}", **values))

    def names(self) -> list[str]:
        """The names of all fields of all pages."""
        client, found = self.client(), set()
        for route in DECLARED.values():
            if "GET" in route.methods:
                page = client.get(self.path(route), follow_redirects=True).get_data(as_text=True)
                found |= set(re.findall(r'<(?:input|select|textarea|button)[^>]*\sname="([^"]+)"', page))
        # Proofs that are tried too often have to wait, which would hide all else.
        return sorted(unescape(name) for name in found if not name.startswith(("confirm_", "sign_in_")))

    def check(self) -> None:
        """Nothing is half-written: each record has all of its revisions, and the log holds together."""
        with self.database.read() as session:
            counted = select(Revision.entity_id, func.count(), func.max(Revision.number)).group_by(Revision.entity_id)
            revisions = {row[0]: (row[1], row[2]) for row in session.execute(counted)}
            for model in (Incident, Outlet, Person, Source, Topic):
                for entity_id, version in session.execute(select(model.id, model.version)):
                    assert revisions[entity_id] == (version, version)
            assert audit.broken_at(session) is None
            assert set(session.scalars(select(Incident.status))) <= {Status.SUBMITTED, Status.QUARANTINED}


def world_of(changed: Any) -> list[Any]:
    """The site and everything that incidents refer to, each text of it changed."""

    def of(raw: Any, name: str = "") -> Any:
        if isinstance(raw, dict):
            return {key: of(value, name if name in TEXTS else key) for key, value in raw.items()}
        if isinstance(raw, list):
            return [of(value, name) for value in raw]
        return changed(raw, name) if isinstance(raw, str) and name in TEXTS else raw

    return [
        draft(SiteDraft, of(SITE)),
        *(draft(SourceDraft, of(raw)) for raw in SOURCES),
        *(draft(PersonDraft, raw) for raw in PEOPLE),
        draft(OutletDraft, of(HERALD)),
        draft(TopicDraft, of(ELECTION)),
        incident(of(rich("marked"))),
    ]


TEXTS = frozenset(
    {
        "affiliation", "as_reported", "admin1", "admin2", "by", "count_as_reported", "description", "disagreement",
        "internal_notes", "locality", "locator", "look_again_for", "name", "note", "organisation",
        "publisher", "summary", "text", "title", "venue",
    }
)  # fmt: skip


@pytest.fixture
def hostile(staff_app: Flask, database: Database) -> World:
    return World(staff_app, database)


def _posts() -> Iterator[Route]:
    return (route for route in DECLARED.values() if "POST" in route.methods)


def _ask_everything(world: World, values: tuple[str, ...], *roles: Role, turns: int = 1) -> None:
    """Send every form with every field, and a strange body; in each turn other values stand in other fields."""
    names = world.names()
    assert len(names) > 100
    for at, route in enumerate(_posts()):
        path = world.path(route)
        for turn in range(turns):
            some = [values[(number + turn) % len(values)] for number in range(len(names))]
            data: dict[str, Any] = {name: [value, value] for name, value in zip(names, some, strict=True)} | EXTRA
            answer = world.client(*roles).post(path, data=data)
            assert answer.status_code < 500, f"{route.rule}: turn {turn} gave {answer.status_code}"
            kind, body = BODIES[(at + turn) % len(BODIES)]
            answer = world.client(*roles).post(path, data=body, content_type=kind)
            assert answer.status_code < 500, f"{route.rule}: {body[:20]!r} gave {answer.status_code}"


def _look_everywhere(world: World, values: tuple[str, ...]) -> None:
    client = world.client()
    for route in DECLARED.values():
        if "GET" not in route.methods:
            continue
        for value in values:
            names = ("q", "page", "done", "before", "since", "until", "event", "actor", "object_id", "against", "next")
            query = dict.fromkeys((*names, "queue", "same", "check"), value[:400])
            assert client.get(world.path(route), query_string=query, buffered=True).status_code < 500, (
                f"{route.rule}: {value[:20]!r}"
            )


# PostgreSQL refuses more of it than SQLite does, which has its turn among the deep tests.
@pytest.mark.parametrize("backend", ["postgres", pytest.param("sqlite", marks=pytest.mark.deep)], indirect=True)
def test_no_form_breaks_on_what_has_broken_others(hostile: World) -> None:
    _ask_everything(hostile, FEW)
    _look_everywhere(hostile, FEW[:1])
    hostile.check()


@pytest.mark.deep
@pytest.mark.parametrize("role", list(Role))
def test_no_form_breaks_on_anything_in_any_role(hostile: World, role: Role) -> None:
    _ask_everything(hostile, VALUES, role, turns=len(VALUES))
    _look_everywhere(hostile, VALUES)
    hostile.check()


@pytest.mark.parametrize("strange", ["%00", "%ed%a0%80", "²"])
def test_no_address_breaks_on_strange_parts(hostile: World, strange: str) -> None:
    client = hostile.client()
    for route in DECLARED.values():
        if "<" in route.rule:
            path = "/staff" + re.sub(r"<[^>]+>", lambda _part: strange, route.rule)
            for method in route.methods:
                assert client.open(path, method=method, buffered=True).status_code < 500, f"{method} {route.rule}"


def test_keys_that_no_form_has_are_never_bound(as_staff: Any, desk_database: Database) -> None:
    with desk_database.write() as session:
        operations.record_many(session, [draft(OutletDraft, HERALD)], by="import")
    client = as_staff(Role.MONITOR, name="honest")
    extra = {**EXTRA, "version": "77", "roles": "administrator", "staff_id": "z" * 26}
    address = blank_form(client)
    assert hand_in(client, address, {**typed(), **extra}).status_code == 303
    client.post("/staff/me/details", data={"name": "Honest", "language": "en", **extra})
    with desk_database.read() as session:
        made = session.scalars(select(Incident)).one()
        me = session.scalars(select(StaffMember).where(StaffMember.email_key == "honest@desk.example.org")).one()
        assert (made.status, made.amendment, made.embargo_until) == (Status.SUBMITTED, None, None)
        assert (made.reference, made.first_published_on, made.version) == (None, None, 1)
        assert (made.created_by, made.id == EXTRA["id"]) == (actor_of(me), False)
        assert (me.roles, me.disabled_at, me.password_hash, me.totp_secret) == ([Role.MONITOR], None, None, None)


CALLS = ("alert(1)", "alert`1`", "confirm(1)", "import('//x')")
SHAPES = (
    "<script>{}</script>", "</script><script>{}</script>", "<img src=x onerror={}>", '"><svg/onload={}>',
    "'><b onmouseover={}>", '" autofocus onfocus="{}', "' onclick='{}", "</textarea><script>{}</script>",
    "</title><script>{}</script>", "</option></select><img src=x onerror={}>", "<iframe srcdoc='<script>{}</script>'>",
    "<a href=javascript:{}>x</a>", "<math><mtext><style><img src=x onerror={}>", "<!--><img src=x onerror={}>-->",
    "<details open ontoggle={}>", "<body onload={}>", "<input autofocus onfocus={}>", "<svg><script>{}</script>",
    "<form action=javascript:{}><button>", "<object data=javascript:{}>", "<base href=//x><p id={}>",
    "<style>@import '{}'</style>", "<template><script>{}</script></template>", "]]><script>{}</script>",
    "<marquee onstart={}>",
)  # fmt: skip
PAYLOADS = tuple(shape.format(call) for shape in SHAPES for call in CALLS)


class Marked(World):
    """A desk in whose every text stands markup, in turn each of a hundred."""

    def __init__(self, app: Flask, database: Database, turn: int = 0) -> None:
        self.app, self.database = app, database
        self._next = turn
        self.people = {role: member(database, role, name=f"{role} {self.take()}") for role in Role}
        self.all = member(database, *Role, name=f"all {self.take()}")
        drafts = world_of(lambda _text, name: f"x {self.take()}" if name != "name" else f"{self.take()} {self._next}")
        with database.write() as session:
            made = operations.record_many(session, drafts, by=actor_of(self.all))
            # Nobody is called so in public: a name that is kept back must not stand in any public text.
            person = draft(PersonDraft, {"key": "marked-person", "name": self.take()})
            actor = {"named_actor": self.take(), "named_actor_is": "person", "basis": "reported"}
            act = {"involvements": [{"role": "direct", "perpetrator": "police", **actor}]}
            other = with_victims(victim("marked-person"), key="other", title={"en": self.take()}, act=act)
            _person, open_ = operations.record_many(session, [person, incident(other)], by=actor_of(self.all))
            gate = Gate(session, by=actor_of(self.all), at=NOON)
            gate.publish([cast(Incident, made[-1])])
            models = {"outlet": Outlet, "person": Person, "source": Source, "topic": Topic}
            self.ids = {kind: next(one.id for one in made if kind_of(one) == kind) for kind, model in models.items()}
            self.ids |= {"incident_id": made[-1].id, "other_id": open_.id, "staff_id": self.people[Role.MONITOR].id}
            self.reference = made[-1].reference  # type: ignore[attr-defined]
            invited = {"email": "guest@example.org", "roles": [Role.EDITOR], "by": actor_of(self.all)}
            self.token = invitations.invite(session, name=self.take()[:90], **invited)  # type: ignore[arg-type]
        self.ids |= {"kind": "outlets", "number": "1", "token": self.token}

    def take(self) -> str:
        """The next payload."""
        self._next += 1
        return PAYLOADS[self._next % len(PAYLOADS)]

    def fill(self, client: FlaskClient) -> str:
        """Keep a filter and a form that was begun; returns the address of the form."""
        client.post("/staff/incidents", data={"q": self.take()})
        client.post("/staff/filters", data={"name": self.take()[:50]})
        address = blank_form(client)
        hand_in(client, address, {name: f"{self.take()}" for name in typed()}, do="save")
        return address

    def pages(self) -> Iterator[tuple[str, str]]:
        """Every page, of the desk and of the public site, with its address."""
        client = self.client()
        form = self.fill(client)
        paths = [self.path(route) for route in DECLARED.values() if "GET" in route.methods]
        public = ["/", f"/incidents/{self.reference}", "/outlets/herald", "/topics/election", "/about"]
        for path in [*paths, form, f"{form}?check=1", *public]:
            answer = client.get(path, follow_redirects=True, buffered=True)
            assert answer.status_code < 500, path
            if answer.mimetype == "text/html":
                yield path, answer.get_data(as_text=True)


def _raw_in(page: str) -> list[str]:
    links = re.findall(r'(?:href|src|action|formaction)="\s*((?:javascript|data|vbscript):[^"]*)"', page, re.IGNORECASE)
    return [payload for payload in PAYLOADS if payload in page] + links


def test_markup_in_any_text_is_shown_as_text_on_every_page(desk_app: Flask, desk_database: Database) -> None:
    marked = 0
    for path, page in Marked(desk_app, desk_database).pages():
        assert _raw_in(page) == [], path
        marked += any(word in page for word in ("&lt;script&gt;", "onerror=", "onfocus="))
    assert marked > 15


@pytest.mark.deep
@pytest.mark.parametrize("turn", range(0, 100, 5))
def test_each_of_a_hundred_payloads_in_each_text_is_shown_as_text(
    desk_app: Flask, desk_database: Database, turn: int
) -> None:
    for path, page in Marked(desk_app, desk_database, turn).pages():
        assert _raw_in(page) == [], path
