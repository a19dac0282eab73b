"""The door of the desk: who gets past it, and what is asked of those who do not, without losing what they typed."""

import re
from datetime import timedelta

import pytest
from flask import Flask, g
from flask.testing import FlaskClient
from sqlalchemy import select, update
from werkzeug.exceptions import NotFound
from werkzeug.routing import Rule

from tests.web.staff.conftest import Signed, member, sign_in
from tests.web.staff.door import PASSWORD, code, events, hidden, joined
from tracker.db import Database, utc_now
from tracker.registry.accounts import sessions
from tracker.registry.accounts.sessions import CONFIRMED_FOR
from tracker.registry.models import AuditEntry, StaffMember, StaffSession
from tracker.registry.permissions import may
from tracker.vocabulary.staff import Role
from tracker.web.staff.context import me, writing
from tracker.web.staff.routes import DECLARED

NO_ID = "a" * 26
# What changes from one request to the next, and says nothing.
TOKEN = re.compile(r'name="csrf_token"\s+value="[^"]*"')


@pytest.mark.parametrize("role", list(Role))
def test_everybody_on_the_staff_can_open_the_desk(as_staff: Signed, role: Role) -> None:
    assert as_staff(role).get("/staff/").status_code == 200


def routes(app: Flask) -> list[tuple[Rule, str, str]]:
    """Each rule of the desk with each of its methods and an address for it."""
    with app.test_request_context():
        adapter = app.url_map.bind("localhost")
        found = []
        for rule in app.url_map.iter_rules():
            if rule.endpoint.startswith("staff."):
                values = {name: 1 if "int:" + name in rule.rule else NO_ID for name in rule.arguments}
                for method in sorted((rule.methods or set()) - {"HEAD"}):
                    found.append((rule, method, adapter.build(rule.endpoint, values, method=method)))
    return found


def test_every_route_is_declared_and_takes_the_declared_methods_alone(desk_app: Flask) -> None:
    for rule, method, _address in routes(desk_app):
        assert rule.endpoint in DECLARED
        assert method in DECLARED[rule.endpoint].methods


def test_a_route_that_is_not_declared_is_answered_to_nobody(
    desk_app: Flask, desk_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = sign_in(desk_app, desk_database, member(desk_database, *Role))
    assert client.get("/staff/me").status_code == 200
    monkeypatch.delitem(DECLARED, "staff.my_account")
    assert client.get("/staff/me").status_code == 404


def test_nothing_is_answered_to_those_who_are_not_signed_in(desk_app: Flask) -> None:
    for rule, method, address in routes(desk_app):
        if DECLARED[rule.endpoint].action is not None:
            answer = desk_app.test_client().open(address, method=method)
            if method == "GET":
                assert (answer.status_code, answer.location.partition("?")[0]) == (302, "/staff/sign-in"), address
            else:
                assert answer.status_code == 401, address
            assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("role", list(Role))
def test_what_a_role_may_not_open_looks_like_what_does_not_exist(
    desk_app: Flask, desk_database: Database, role: Role
) -> None:
    staff = member(desk_database, role)
    client = sign_in(desk_app, desk_database, staff)
    unknown = client.get("/staff/no-such-page")
    assert unknown.status_code == 404
    refused = 0
    for rule, method, address in routes(desk_app):
        action = DECLARED[rule.endpoint].action
        if action is not None and not may(staff, action):
            answer = client.open(address, method=method)
            assert answer.status_code == 404, address
            assert TOKEN.sub("", answer.text) == TOKEN.sub("", unknown.text), address
            assert {*answer.headers.keys()} - {"Set-Cookie"} == {*unknown.headers.keys()} - {"Set-Cookie"}
            refused += 1
    assert events(desk_database) == ["refused"] * refused


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
def test_other_methods_are_refused(desk_app: Flask, desk_database: Database, method: str) -> None:
    client = sign_in(desk_app, desk_database, member(desk_database, Role.EDITOR))
    assert client.open("/staff/me", method=method).status_code == 405


def test_what_the_desk_answers_is_kept_nowhere_and_found_by_no_search_engine(as_staff: Signed) -> None:
    client = as_staff(Role.EDITOR)
    for address in ("/staff/", "/staff/me", "/staff/accounts", "/staff/no-such-page", "/staff/sign-in"):
        headers = client.get(address).headers
        assert headers["Cache-Control"] == "no-store"
        assert headers["X-Robots-Tag"] == "noindex"
        assert "ETag" not in headers
        assert "default-src 'none'" in headers["Content-Security-Policy"]


# What somebody might have typed, with names that repeat and an order that counts.
TYPED = [("name", "Ақпар & <b>"), ("line", "1\r\n2"), ("tag", "b"), ("name", "again"), ("tag", ""), ("tag", "a")]


@pytest.fixture
def strict(desk_app: Flask) -> Flask:
    """The application in which forms need their token."""
    desk_app.config["WTF_CSRF_ENABLED"] = True
    return desk_app


@pytest.fixture
def sent(strict: Flask, monkeypatch: pytest.MonkeyPatch) -> list[list[tuple[str, str]]]:
    """What reaches a page behind the door, each time that something does."""
    from flask import request

    reached: list[list[tuple[str, str]]] = []

    def view() -> str:
        reached.append([pair for pair in request.form.items(multi=True) if pair[0] != "csrf_token"])
        return "done"

    monkeypatch.setitem(strict.view_functions, "staff.change_details", view)
    return reached


def grouped(pairs: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Pairs as a form gives them: by name, in the order within each."""
    names = dict.fromkeys(name for name, _ in pairs)
    return [(name, value) for name in names for other, value in pairs if other == name]


def token_of(client: FlaskClient, address: str = "/staff/me") -> str:
    return dict(hidden(client.get(address).text))["csrf_token"]


def body(pairs: list[tuple[str, str]]) -> dict[str, object]:
    """A form in its own order."""
    from urllib.parse import urlencode

    return {"data": urlencode(pairs), "content_type": "application/x-www-form-urlencoded"}


def test_a_form_that_is_sent_after_the_session_ran_out_goes_on_once_one_signs_in(
    strict: Flask, desk_database: Database, sent: list[list[tuple[str, str]]]
) -> None:
    staff = joined(desk_database, Role.EDITOR)
    client = sign_in(strict, desk_database, staff)
    token = token_of(client)
    with desk_database.write() as session:
        session.execute(update(StaffSession).values(seen_at=utc_now() - timedelta(minutes=31)))
    asked = client.post("/staff/me/details", **body([("csrf_token", token), *TYPED, ("old_password", "secret")]))
    assert asked.status_code == 401
    carried = hidden(asked.text)
    assert [pair for pair in carried if pair[0] != "csrf_token"] == TYPED
    answers = {"sign_in_email": staff.email, "sign_in_password": "not the right words", "sign_in_code": ""}
    wrong = client.post("/staff/me/details", **body([*carried, *answers.items()]))
    assert wrong.status_code == 401
    assert "E-mail address or password is wrong." in wrong.text
    carried = hidden(wrong.text)
    answers |= {"sign_in_password": PASSWORD, "sign_in_code": code()}
    done = client.post("/staff/me/details", **body([*carried, *answers.items()]))
    assert (done.status_code, done.text) == (200, "done")
    assert sent == [grouped(TYPED)]
    assert client.get("/staff/").status_code == 200


def test_a_form_of_an_earlier_session_is_sent_again_by_one_button(
    strict: Flask, desk_database: Database, sent: list[list[tuple[str, str]]]
) -> None:
    staff = joined(desk_database, Role.EDITOR, key=None)
    client = sign_in(strict, desk_database, staff)
    old = token_of(client)
    client.delete_cookie("staff")
    door = token_of(client, "/staff/sign-in")
    client.post("/staff/sign-in", data={"csrf_token": door, "email": staff.email, "password": PASSWORD})
    asked = client.post("/staff/me/details", **body([("csrf_token", old), *TYPED]))
    assert (asked.status_code, sent) == (400, [])
    carried = hidden(asked.text)
    assert [pair for pair in carried if pair[0] != "csrf_token"] == TYPED
    assert client.post("/staff/me/details", **body(carried)).text == "done"
    assert sent == [grouped(TYPED)]


def test_without_a_token_nothing_is_done_and_signing_in_carries_nothing(strict: Flask, desk_database: Database) -> None:
    staff = joined(desk_database, Role.EDITOR, key=None)
    client = sign_in(strict, desk_database, staff)
    assert client.post("/staff/me/sessions/end-all").status_code == 400
    assert client.get("/staff/").status_code == 200
    anew = strict.test_client().post("/staff/sign-in", data={"email": staff.email, "password": PASSWORD})
    assert anew.status_code == 400
    assert PASSWORD not in anew.text
    headers = {"X-Requested-With": "fetch"}
    script = client.post("/staff/me/sessions/end-all", headers=headers)
    assert script.status_code == 400
    retried = client.post(
        "/staff/me/sessions/end", headers=headers | {"X-CSRFToken": dict(script.get_json())["csrf_token"]}
    )
    assert retried.status_code == 303


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site", "Origin": "null"},
        {"Origin": "https://evil.example"},
        {"Origin": "http://localhost.evil.example"},
        {"Origin": "http://localhost:81"},
    ],
    ids=str,
)
def test_what_another_site_sends_is_refused_and_not_carried(
    strict: Flask, desk_database: Database, headers: dict[str, str]
) -> None:
    client = sign_in(strict, desk_database, joined(desk_database, Role.EDITOR, key=None))
    token = token_of(client)
    answer = client.post("/staff/me/details", headers=headers, data={"csrf_token": token, "name": "planted"})
    assert answer.status_code == 403
    assert "planted" not in answer.text
    assert client.get("/staff/sign-in", headers=headers).status_code == 302


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"},
        {"Origin": "null", "Sec-Fetch-Site": "same-origin"},
        {"Origin": "null"},
        {},
    ],
    ids=str,
)
def test_what_this_site_sends_is_taken(strict: Flask, desk_database: Database, headers: dict[str, str]) -> None:
    client = sign_in(strict, desk_database, joined(desk_database, Role.EDITOR, key=None))
    sent_form = {"csrf_token": token_of(client)}
    assert client.post("/staff/me/sessions/end", headers=headers, data=sent_form).status_code == 303


def let_proof_grow_old(database: Database) -> None:
    with database.write() as session:
        session.execute(update(StaffSession).values(confirmed_at=utc_now() - CONFIRMED_FOR))


def test_a_grave_step_asks_who_one_is_and_then_goes_on_with_what_was_sent(staff_app: Flask, database: Database) -> None:
    keeper = joined(database, Role.ADMINISTRATOR)
    other = joined(database, Role.MONITOR)
    client = sign_in(staff_app, database, keeper)
    let_proof_grow_old(database)
    address = f"/staff/accounts/{other.id}/roles"
    wanted = [("role", "monitor"), ("role", "editor")]
    asked = client.post(address, **body(wanted))
    assert asked.status_code == 403
    carried = hidden(asked.text)
    assert [pair for pair in carried if pair[0] != "csrf_token"] == wanted
    wrong = client.post(address, **body([*carried, ("confirm_password", "not the right words")]))
    assert wrong.status_code == 403
    assert "The password is wrong." in wrong.text
    wrong = client.post(address, **body([*carried, ("confirm_password", PASSWORD), ("confirm_code", "000000")]))
    assert wrong.status_code == 403
    with database.read() as session:
        assert session.get_one(StaffMember, other.id).roles == ["monitor"]
    right = [("confirm_password", PASSWORD), ("confirm_code", code())]
    assert client.post(address, **body([*carried, *right])).status_code == 303
    with database.read() as session:
        assert session.get_one(StaffMember, other.id).roles == ["monitor", "editor"]
        entries = list(session.scalars(select(AuditEntry).order_by(AuditEntry.number)))
    assert [one.event for one in entries] == ["sign_in_failed", "sign_in_failed", "confirmed", "roles_changed"]
    # It holds for a while.
    assert client.post(address, **body(wanted[:1])).status_code == 303


def test_a_grave_page_asks_who_one_is_and_leads_back_to_itself(desk_app: Flask, desk_database: Database) -> None:
    client = sign_in(desk_app, desk_database, joined(desk_database, Role.ADMINISTRATOR, key=None))
    assert client.get("/staff/accounts").status_code == 200
    let_proof_grow_old(desk_database)
    asked = client.get("/staff/accounts")
    assert asked.status_code == 403
    assert '"confirm_code"' not in asked.text
    assert "accounts" not in client.head("/staff/accounts").text
    answer = [*hidden(asked.text), ("confirm_password", PASSWORD)]
    done = client.post("/staff/confirm", **body(answer))
    assert (done.status_code, done.location) == (303, "/staff/accounts")
    assert client.get("/staff/accounts").status_code == 200


def test_guessing_is_slowed_down_where_one_confirms_too(desk_app: Flask, desk_database: Database) -> None:
    client = sign_in(desk_app, desk_database, joined(desk_database, Role.ADMINISTRATOR, key=None))
    let_proof_grow_old(desk_database)
    guess = {"confirm_password": "not the right words"}
    assert [client.post("/staff/confirm", data=guess).status_code for _ in range(4)] == [403, 403, 403, 429]


def test_a_closed_account_is_out_with_the_next_request(desk_app: Flask, desk_database: Database) -> None:
    staff = joined(desk_database, Role.EDITOR, key=None)
    client = sign_in(desk_app, desk_database, staff)
    assert client.get("/staff/").status_code == 200
    with desk_database.write() as session:
        session.get_one(StaffMember, staff.id).disabled_at = utc_now()
    assert client.get("/staff/").status_code == 302


def test_errors_inside_the_desk_wear_its_dress_and_tell_nothing(
    desk_app: Flask, desk_database: Database, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    client = sign_in(desk_app, desk_database, joined(desk_database, Role.EDITOR, key=None))

    def fails() -> str:
        raise RuntimeError("a fault of ours")

    monkeypatch.setitem(desk_app.view_functions, "staff.desk", fails)
    answer = client.get("/staff/?q=secret-word")
    assert answer.status_code == 500
    assert "a fault of ours" not in answer.text
    number = re.search(r'class="code">([0-9a-f]{8})<', answer.text)
    assert number is not None
    assert number[1] in caplog.text
    assert "secret-word" not in caplog.text
    assert answer.headers["Cache-Control"] == "no-store"
    large = client.post("/staff/me/details", data={"name": "x" * 1_100_000})
    assert (large.status_code, "Staff desk" in large.text) == (413, True)
    assert "Staff desk" not in client.get("/nothing").text


@pytest.mark.parametrize("change", ["ended", "closed"])
def test_who_is_put_out_while_a_request_is_under_way_writes_nothing_more(
    desk_app: Flask, desk_database: Database, change: str
) -> None:
    staff = joined(desk_database, Role.EDITOR, key=None)
    with desk_database.write() as session:
        token, _ = sessions.begin(session, staff)
    with desk_database.read() as session:
        mine = sessions.find(session, token)
        session.expunge_all()
    assert mine is not None
    with desk_app.test_request_context("/staff/"):
        g.staff_session = mine
        with writing() as session:
            assert me().id == staff.id
            ended = update(StaffSession).where(StaffSession.id == mine.id).values(ended_at=utc_now())
            closed = update(StaffMember).where(StaffMember.id == staff.id).values(disabled_at=utc_now())
            session.execute(ended if change == "ended" else closed, execution_options={"synchronize_session": False})
        with pytest.raises(NotFound), writing():
            pytest.fail("nothing may be written here")
