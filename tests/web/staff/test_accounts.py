"""Joining by a link, one's own account, and the accounts of all for administrators."""

import dataclasses
import re
from datetime import timedelta
from html import unescape

import pyotp
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from tests.web.staff.conftest import member, sign_in
from tests.web.staff.door import KEY, OTHER_PASSWORD, PASSWORD, code, enter, events, hidden, joined
from tracker.app import create_app
from tracker.db import Database, utc_now
from tracker.registry.accounts import invitations, people, sessions
from tracker.registry.accounts.passwords import Passwords
from tracker.registry.models import Invitation, RecoveryCode, StaffMember, StaffSession
from tracker.settings import Settings
from tracker.vocabulary.staff import Role


def link_for(database: Database, email: str = "aida@desk.example.org", *roles: Role, **more: object) -> str:
    """The address of a new link."""
    with database.write() as session:
        token = invitations.invite(session, email=email, roles=roles or [Role.EDITOR], by="cli:staff", **more)  # type: ignore[arg-type]
    return f"/staff/join/{token}"


@pytest.fixture
def real(desk_settings: Settings, desk_database: Database) -> Flask:
    """The application as it runs outside development. Forms need no token."""
    app = create_app(dataclasses.replace(desk_settings, development=False), desk_database)
    app.config["WTF_CSRF_ENABLED"] = False
    return app


HTTPS = "https://localhost"
NEW = {"name": "Aida Testova", "password": PASSWORD}


def set_up(client: FlaskClient, *, base_url: str = "http://localhost") -> str:
    """Set up a code generator as the page says; returns what the page then shows."""
    shown = client.get("/staff/second-factor", base_url=base_url)
    key = re.sub(r"\s", "", re.findall(r'<dd class="code">([^<]*)</dd>', shown.text)[0])
    fields = dict(hidden(shown.text)) | {"code": pyotp.TOTP(key).now()}
    return client.post("/staff/second-factor", data=fields, base_url=base_url).text


def test_somebody_joins_by_a_link_and_must_set_up_a_second_factor_before_anything_else(
    real: Flask, desk_database: Database
) -> None:
    client = real.test_client()
    link = link_for(desk_database)
    shown = client.get(link, base_url=HTTPS)
    assert "aida@desk.example.org" in shown.text
    assert "Reads, corrects, publishes and withdraws all incidents." in shown.text
    joining = client.post(link, data=NEW, base_url=HTTPS)
    assert (joining.status_code, joining.location) == (303, "/staff/second-factor")
    assert client.get("/staff/", base_url=HTTPS).location.startswith("/staff/second-factor")
    assert client.post("/staff/me/details", base_url=HTTPS).status_code == 401
    codes = re.findall(r"<li>([a-z2-9]{5}-[a-z2-9]{5})</li>", set_up(client, base_url=HTTPS))
    assert len(set(codes)) == 10
    assert client.get("/staff/", base_url=HTTPS).status_code == 200
    file = client.post("/staff/me/codes.txt", data={"code": codes}, base_url=HTTPS)
    assert file.text.split() == codes
    assert file.headers["Content-Disposition"] == 'attachment; filename="recovery-codes.txt"'
    assert client.post("/staff/me/codes.txt", data={"code": ["<b>"]}, base_url=HTTPS).status_code == 400
    with desk_database.read() as session:
        kept = set(session.scalars(select(RecoveryCode.code_hash)))
        made = session.scalars(select(StaffMember)).one()
    assert not kept & set(codes)
    assert (made.name, made.roles) == ("Aida Testova", ["editor"])
    assert (made.password_hash or "").startswith("$argon2id$")
    assert events(desk_database) == ["invited", "joined", "signed_in", "second_factor_changed", "signed_in"]


def test_in_development_the_second_factor_can_wait(desk_app: Flask, desk_database: Database) -> None:
    client = desk_app.test_client()
    client.post(link_for(desk_database), data=NEW)
    assert "Later" in client.get("/staff/second-factor").text
    assert client.get("/staff/").status_code == 200


def test_a_link_works_once_and_a_newer_one_makes_it_void(staff_app: Flask, database: Database) -> None:
    first, second = link_for(database), link_for(database)
    assert staff_app.test_client().get(first).status_code == 404
    assert staff_app.test_client().post(second, data=NEW).status_code == 303
    gone = staff_app.test_client().post(second, data=NEW)
    assert gone.status_code == 404
    unknown = staff_app.test_client().get("/staff/join/no-such-token")
    assert unknown.text == gone.text


@pytest.mark.parametrize("change", [{"expires_at": utc_now()}, {"revoked_at": utc_now()}], ids=["late", "revoked"])
def test_a_link_that_ran_out_or_was_taken_back_opens_nothing(
    desk_app: Flask, desk_database: Database, change: dict[str, object]
) -> None:
    link = link_for(desk_database)
    with desk_database.write() as session:
        made = session.scalars(select(Invitation)).one()
        assert made.expires_at - made.created_at == timedelta(hours=72)
        assert made.token_hash not in link
        session.execute(update(Invitation).values(change))
    assert desk_app.test_client().post(link, data=NEW).status_code == 404
    with desk_database.read() as session:
        assert people.everybody(session) == []


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"name": " "}, "Write the name by which the others know this person."),
        ({"password": "short words"}, "Use at least 15 characters"),
        ({"password": "passwordpassword1"}, "easy to guess"),
        ({"password": "Aida Testova 2026!"}, "easy to guess"),
        ({"password": "x" * 64 + "yz" * 40}, "Use at most 128 characters."),
        ({"email": "no address"}, "Write an e-mail address"),
    ],
)
def test_what_stands_against_joining_is_said_at_the_field_and_the_link_still_works(
    desk_app: Flask, desk_database: Database, typed: dict[str, str], sentence: str
) -> None:
    link = link_for(desk_database, "" if "email" in typed else "aida@desk.example.org")
    client = desk_app.test_client()
    answer = client.post(link, data={"email": "aida@desk.example.org"} | NEW | typed)
    assert answer.status_code == 422
    field = next(iter(typed))
    said = unescape(answer.text)
    assert said.count(sentence) == 2
    assert f'href="#{field}"' in answer.text
    assert f'aria-describedby="{field}' in answer.text
    assert typed.get("password", PASSWORD) not in said
    assert client.post(link, data={"email": "aida@desk.example.org"} | NEW).status_code == 303


def test_a_link_for_a_new_password_never_replaces_the_second_factor(desk_app: Flask, desk_database: Database) -> None:
    staff = joined(desk_database, Role.EDITOR)
    before = sign_in(desk_app, desk_database, staff)
    with desk_database.write() as session:
        token = invitations.invite(session, email=staff.email, roles=[Role.EDITOR], by="cli:staff", staff=staff)
    client = desk_app.test_client()
    answer = client.post(f"/staff/join/{token}", data={"password": OTHER_PASSWORD})
    assert answer.location == "/staff/sign-in?done=password"
    assert client.get("/staff/").status_code == 302
    assert before.get("/staff/").status_code == 302
    answer = client.post("/staff/sign-in", data={"email": staff.email, "password": OTHER_PASSWORD})
    assert answer.location.startswith("/staff/sign-in/code")
    client.post("/staff/sign-in/code", data={"code": code()})
    assert client.get("/staff/").status_code == 200


def test_one_changes_ones_name_and_language(desk_app: Flask, desk_database: Database) -> None:
    client = sign_in(desk_app, desk_database, joined(desk_database, Role.MONITOR))
    changed = client.post("/staff/me/details", data={"name": "Bakyt <b>Proberov", "language": "ru", "roles": "editor"})
    assert changed.location == "/staff/me?done=saved"
    shown = client.get("/staff/me")
    assert '<html lang="ru">' in shown.text
    assert "Bakyt &lt;b&gt;Proberov" in shown.text
    assert client.post("/staff/me/details", data={"name": "", "language": "xx"}).status_code == 422
    with desk_database.read() as session:
        assert session.scalars(select(StaffMember)).one().roles == ["monitor"]


def test_changing_the_password_ends_the_other_sessions_and_renews_this_one(
    staff_app: Flask, database: Database
) -> None:
    staff = joined(database, Role.EDITOR)
    client, other = sign_in(staff_app, database, staff), sign_in(staff_app, database, staff)
    token = client.get_cookie("staff")
    wrong = client.post("/staff/me/password", data={"current_password": "x", "new_password": OTHER_PASSWORD})
    assert wrong.status_code == 422
    client.post("/staff/me/password", data={"current_password": PASSWORD, "new_password": OTHER_PASSWORD})
    assert client.get("/staff/").status_code == 200
    assert other.get("/staff/").status_code == 302
    renewed = client.get_cookie("staff")
    assert token is not None
    assert renewed is not None
    assert renewed.value != token.value
    assert "password_changed" in events(database)


def test_one_sees_and_ends_ones_own_sessions_alone(desk_app: Flask, desk_database: Database) -> None:
    staff = joined(desk_database, Role.EDITOR)
    client, second, third = (sign_in(desk_app, desk_database, staff) for _ in range(3))
    stranger = member(desk_database, Role.MONITOR)
    foreign = sign_in(desk_app, desk_database, stranger)
    with desk_database.read() as session:
        mine = [one.id for one in sessions.living(session, staff)]
        theirs = [one.id for one in sessions.living(session, stranger)]
    assert all(id in client.get("/staff/me").text for id in mine)
    assert theirs[0] not in client.get("/staff/me").text
    assert client.post(f"/staff/me/sessions/{theirs[0]}/end").status_code == 404
    assert foreign.get("/staff/").status_code == 200
    client.post("/staff/me/sessions/end")
    assert [one.get("/staff/").status_code for one in (client, second, third)] == [200, 302, 302]
    over = client.post("/staff/me/sessions/end-all")
    assert "Clear-Site-Data" in over.headers
    assert client.get("/staff/").status_code == 302


def test_a_new_generator_takes_the_place_of_the_old_one_only_with_a_proof(
    desk_app: Flask, desk_database: Database
) -> None:
    staff = joined(desk_database, Role.EDITOR)
    client = sign_in(desk_app, desk_database, staff)
    with desk_database.write() as session:
        session.execute(update(StaffSession).values(confirmed_at=None))
    assert client.get("/staff/second-factor").status_code == 403
    assert client.post("/staff/me/codes").status_code == 403
    client.post("/staff/confirm", data={"confirm_password": PASSWORD, "confirm_code": code()})
    # A wrong code leaves the old key in use.
    shown = client.get("/staff/second-factor")
    wrong = client.post("/staff/second-factor", data=dict(hidden(shown.text)) | {"code": "000000"})
    assert wrong.status_code == 422
    with desk_database.read() as session:
        assert session.get_one(StaffMember, staff.id).totp_secret == KEY
    planted = client.post("/staff/second-factor", data={"key": KEY, "code": code(steps=1)})
    assert planted.status_code == 422
    assert "Your recovery codes" in set_up(client)
    with desk_database.read() as session:
        assert session.get_one(StaffMember, staff.id).totp_secret != KEY


def keeper(app: Flask, database: Database) -> FlaskClient:
    """An administrator who has proved just now who they are."""
    return sign_in(app, database, joined(database, Role.ADMINISTRATOR))


def test_an_administrator_invites_and_takes_back(staff_app: Flask, database: Database) -> None:
    client = keeper(staff_app, database)
    empty = client.post("/staff/accounts/invite", data={"email": "x", "role": "owner"})
    assert empty.status_code == 422
    assert empty.text.count("Choose at least one role.") == 2
    made = client.post(
        "/staff/accounts/invite", data={"email": "aida@desk.example.org", "role": ["monitor", "safety_reviewer"]}
    )
    link = re.findall(r"http://localhost(/staff/join/[\w-]+)", made.text)[0]
    assert "aida@desk.example.org" in client.get("/staff/accounts").text
    assert staff_app.test_client().get(link).status_code == 200
    with database.read() as session:
        waiting = invitations.pending(session)[0]
    assert waiting.roles == ["monitor", "safety_reviewer"]
    client.post(f"/staff/accounts/invitations/{waiting.id}/revoke")
    assert staff_app.test_client().get(link).status_code == 404
    taken = client.post("/staff/accounts/invite", data={"email": "ADMINISTRATOR@desk.example.org", "role": "monitor"})
    assert "There is an account with this e-mail address already." in taken.text
    assert events(database) == ["invited", "invitation_revoked"]


def test_an_administrator_changes_roles_address_and_state_and_ends_sessions(
    staff_app: Flask, database: Database
) -> None:
    client = keeper(staff_app, database)
    other = joined(database, Role.MONITOR)
    page = f"/staff/accounts/{other.id}"

    def is_in(visitor: FlaskClient) -> bool:
        return visitor.get("/staff/").status_code == 200

    visitor = sign_in(staff_app, database, other)
    assert client.post(f"{page}/roles", data={"role": ["editor"]}).location == f"{page}?done=roles"
    assert not is_in(visitor)
    visitor = sign_in(staff_app, database, other)
    client.post(f"{page}/sessions/end")
    assert not is_in(visitor)
    visitor = sign_in(staff_app, database, other)
    client.post(f"{page}/close")
    assert not is_in(visitor)
    enter(visitor, other)
    assert not is_in(visitor)
    client.post(f"{page}/reopen")
    client.post(f"{page}/email", data={"email": "new@desk.example.org"})
    taken = client.post(f"{page}/email", data={"email": "administrator@desk.example.org"})
    assert "There is an account with this e-mail address already." in taken.text
    # The address of before opens nothing any more.
    enter(visitor, other)
    assert not is_in(visitor)
    told = client.get(page).text
    assert "new@desk.example.org" in told
    assert events(database).count("session_ended") == 1
    assert {"roles_changed", "account_disabled", "account_enabled", "email_changed"} <= set(events(database))


def test_closing_an_account_makes_its_links_void_for_good(desk_app: Flask, desk_database: Database) -> None:
    other = joined(desk_database, Role.MONITOR)
    link = link_for(desk_database, other.email, Role.MONITOR, staff=other)
    client = keeper(desk_app, desk_database)
    assert desk_app.test_client().get(link).status_code == 200
    for done in ("close", "reopen"):
        assert client.post(f"/staff/accounts/{other.id}/{done}").status_code == 303
        assert desk_app.test_client().post(link, data={"password": OTHER_PASSWORD}).status_code == 404


def test_the_last_administrator_can_neither_give_up_the_role_nor_be_closed(
    staff_app: Flask, database: Database
) -> None:
    client = keeper(staff_app, database)
    with database.read() as session:
        mine = people.everybody(session)[0]
    page = f"/staff/accounts/{mine.id}"
    for address, sent in ((f"{page}/roles", {"role": "editor"}), (f"{page}/close", {})):
        refused = client.post(address, data=sent)
        assert refused.status_code == 422
        assert "Nobody else is an administrator." in refused.text
    # Who was invited as one and has not joined does not count.
    member(database, Role.ADMINISTRATOR, name="invited")
    assert client.post(f"{page}/close").status_code == 422
    joined(database, Role.ADMINISTRATOR, name="second")
    assert client.post(f"{page}/roles", data={"role": "editor"}).status_code == 303
    assert client.get("/staff/accounts").status_code == 302


def test_who_lost_everything_starts_over_by_a_link(desk_app: Flask, desk_database: Database) -> None:
    client = keeper(desk_app, desk_database)
    lost = joined(desk_database, Role.EDITOR)
    # Whoever holds the lost telephone may still be signed in.
    finder = sign_in(desk_app, desk_database, lost)
    assert finder.get("/staff/").status_code == 200
    made = client.post(f"/staff/accounts/{lost.id}/link", data={"start_over": "yes"})
    assert finder.get("/staff/").status_code == 302
    link = re.findall(r"http://localhost(/staff/join/[\w-]+)", made.text)[0]
    with desk_database.read() as session:
        found = session.get_one(StaffMember, lost.id)
    assert (found.password_hash, found.totp_secret) == (None, None)
    visitor = desk_app.test_client()
    visitor.post(link, data={"password": OTHER_PASSWORD})
    visitor.post("/staff/sign-in", data={"email": lost.email, "password": OTHER_PASSWORD})
    assert visitor.get("/staff/").status_code == 200


def test_the_list_says_of_a_browser_no_more_than_its_family(desk_app: Flask, desk_database: Database) -> None:
    client = keeper(desk_app, desk_database)
    staff = joined(desk_database, Role.EDITOR, key=None)
    told = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
    desk_app.test_client().post(
        "/staff/sign-in", data={"email": staff.email, "password": PASSWORD}, headers={"User-Agent": told}
    )
    with desk_database.read() as session:
        assert [one.browser for one in sessions.living(session, staff)] == ["Firefox"]
    page = client.get(f"/staff/accounts/{staff.id}").text
    assert "Firefox" in page
    assert "Gecko" not in page


def test_a_password_is_hashed_before_the_database_is_held(
    desk_app: Flask, desk_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    hashed = Passwords.hash

    def while_others_write(self: Passwords, password: str) -> str:
        with desk_database.write() as session:
            session.execute(update(StaffMember).values(language="en"))
        return hashed(self, password)

    monkeypatch.setattr(Passwords, "hash", while_others_write)
    assert desk_app.test_client().post(link_for(desk_database), data=NEW).status_code == 303
