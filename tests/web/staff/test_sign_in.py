"""Signing in: password, then code; delays and no lock; the same answer for accounts that do not exist."""

import dataclasses
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from tests.web.staff.door import KEYS, PASSWORD, code, enter, events, joined
from tracker.app import create_app
from tracker.db import Database, utc_now
from tracker.registry.accounts import second_factor, sessions
from tracker.registry.accounts.passwords import Passwords
from tracker.registry.models import StaffMember, StaffSession, Throttle
from tracker.settings import Settings
from tracker.vocabulary.staff import Role
from tracker.web.staff.accounts import signing


def test_who_is_not_signed_in_is_led_to_the_door_and_from_there_to_what_they_asked_for(
    staff_app: Flask, database: Database
) -> None:
    staff = joined(database, Role.EDITOR)
    client = staff_app.test_client()
    asked = client.get("/staff/me?x=1")
    assert (asked.status_code, asked.location) == (302, "/staff/sign-in?next=/staff/me?x%3D1")
    first = client.post(asked.location, data={"email": f" {staff.email.upper()} ", "password": PASSWORD})
    assert first.location == "/staff/sign-in/code?next=/staff/me?x%3D1"
    assert client.get("/staff/me").status_code == 302
    second = client.post(first.location, data={"code": code()})
    assert (second.status_code, second.location) == (303, "/staff/me?x=1")
    assert client.get("/staff/me").status_code == 200
    assert events(database) == ["signed_in"]


def test_the_token_changes_with_each_step_and_the_database_holds_only_its_hash(
    desk_app: Flask, desk_database: Database
) -> None:
    staff = joined(desk_database, Role.EDITOR)
    client = desk_app.test_client()
    client.set_cookie("staff", "a token that somebody planted")
    client.post("/staff/sign-in", data={"email": staff.email, "password": PASSWORD})
    half = client.get_cookie("staff")
    client.post("/staff/sign-in/code", data={"code": code()})
    full = client.get_cookie("staff")
    assert half is not None
    assert full is not None
    assert len({"a token that somebody planted", half.value, full.value}) == 3
    assert len(full.value) >= 43
    with desk_database.read() as session:
        kept = list(session.scalars(select(StaffSession)))
        assert {one.stage for one in kept if one.ended_at is None} == {"full"}
        assert full.value not in {one.token_hash for one in kept}


def test_the_cookie_is_bound_to_the_host_and_to_https_outside_development(
    desk_settings: Settings, desk_database: Database
) -> None:
    app = create_app(dataclasses.replace(desk_settings, development=False), desk_database)
    app.config["WTF_CSRF_ENABLED"] = False
    staff = joined(desk_database, Role.EDITOR)
    client = app.test_client()
    answer = client.post(
        "/staff/sign-in", data={"email": staff.email, "password": PASSWORD}, base_url="https://localhost"
    )
    cookies = [one for one in answer.headers.getlist("Set-Cookie") if one.startswith("__Host-staff=")]
    assert len(cookies) == 1
    parts = set(cookies[0].split("; ")[1:])
    assert parts == {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"}
    form = client.get("/staff/sign-in", base_url="https://localhost").headers.get("Set-Cookie", "")
    assert form.startswith("__Host-form=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(form.split("; "))


def test_public_pages_set_no_cookie_for_somebody_who_is_signed_in_either(
    desk_app: Flask, desk_database: Database
) -> None:
    client = desk_app.test_client()
    enter(client, joined(desk_database, Role.EDITOR))
    for address in ("/", "/incidents", "/nothing"):
        assert "Set-Cookie" not in client.get(address).headers


@pytest.mark.parametrize("email", ["editor@desk.example.org", "nobody@desk.example.org", "closed@desk.example.org", ""])
def test_a_wrong_password_and_an_unknown_or_closed_account_get_the_same_answer_after_the_same_work(
    desk_app: Flask, desk_database: Database, monkeypatch: pytest.MonkeyPatch, email: str
) -> None:
    joined(desk_database, Role.EDITOR)
    closed = joined(desk_database, Role.MONITOR, name="closed")
    with desk_database.write() as session:
        session.get_one(StaffMember, closed.id).disabled_at = utc_now()
    judged: list[str] = []
    match = Passwords.match

    def watched(self: Passwords, stored: str | None, typed: str) -> bool:
        judged.append(typed)
        return match(self, stored, typed)

    monkeypatch.setattr(Passwords, "match", watched)
    client = desk_app.test_client()
    typed = PASSWORD if email.startswith("closed") else "another password of good length"
    answer = client.post("/staff/sign-in", data={"email": email, "password": typed})
    assert answer.status_code == 422
    assert answer.text.count("E-mail address or password is wrong.") == 2
    assert judged == [typed]
    assert "Set-Cookie" not in answer.headers or "staff=" not in answer.headers["Set-Cookie"]
    assert events(desk_database) == ["sign_in_failed"]


def test_a_code_is_taken_once_however_the_rest_went(desk_app: Flask, desk_database: Database) -> None:
    staff = joined(desk_database, Role.EDITOR)
    now = code()
    first, second, third = desk_app.test_client(), desk_app.test_client(), desk_app.test_client()
    enter(first, staff, with_code=now)
    assert first.get("/staff/").status_code == 200
    enter(second, staff, with_code=now)
    assert second.get("/staff/").status_code == 302
    # A right code that came with a wrong password is spent as well.
    later = code(steps=1)
    together = {"sign_in_email": staff.email, "sign_in_password": "x" * 15, "sign_in_code": later}
    assert third.post("/staff/me/details", data=together).status_code == 401
    together["sign_in_password"] = PASSWORD
    again = third.post("/staff/me/details", data=together)
    assert again.status_code == 401
    assert "was used before" in again.text


def test_a_recovery_code_replaces_the_generator_once(staff_app: Flask, database: Database) -> None:
    staff = joined(database, Role.EDITOR)
    with database.write() as session:
        codes = second_factor.new_recovery_codes(session, session.get_one(StaffMember, staff.id), KEYS)
    for tried, status in ((codes[0].upper(), 200), (codes[0], 302), (codes[1].replace("-", " "), 200)):
        client = staff_app.test_client()
        enter(client, staff, with_code=tried)
        assert client.get("/staff/").status_code == status
    assert events(database).count("recovery_code_used") == 2


def pass_time(database: Database, seconds: int) -> None:
    """Let what was tried have been so much earlier."""
    with database.write() as session:
        for row in session.scalars(select(Throttle)):
            row.failed_at -= timedelta(seconds=seconds)


def test_guessing_is_slowed_down_and_the_right_password_works_after_the_delay(
    staff_app: Flask, database: Database
) -> None:
    staff = joined(database, Role.EDITOR, key=None)
    client = staff_app.test_client()
    wrong = {"email": staff.email, "password": "wrong words in a row"}
    right = {"email": staff.email, "password": PASSWORD}
    assert [client.post("/staff/sign-in", data=wrong).status_code for _ in range(3)] == [422] * 3
    early = client.post("/staff/sign-in", data=right)
    assert early.status_code == 429
    assert 1 <= int(early.headers["Retry-After"]) <= 6
    assert f"Try again in {early.headers['Retry-After']} seconds." in early.text
    assert staff.email in early.text
    pass_time(database, 6)
    assert client.post("/staff/sign-in", data=right).status_code == 303
    # The account starts anew after that.
    with database.read() as session:
        assert sum(row.failures for row in session.scalars(select(Throttle))) == 3 * 2


def test_codes_are_counted_apart_from_passwords(desk_app: Flask, desk_database: Database) -> None:
    staff = joined(desk_database, Role.EDITOR)
    client = desk_app.test_client()
    client.post("/staff/sign-in", data={"email": staff.email, "password": PASSWORD})
    tries = [client.post("/staff/sign-in/code", data={"code": "000000"}).status_code for _ in range(4)]
    assert tries == [422, 422, 422, 429]
    assert client.post("/staff/sign-in/code", data={"code": code()}).status_code == 429
    other = desk_app.test_client()
    assert other.post("/staff/sign-in", data={"email": staff.email, "password": PASSWORD}).status_code == 303


@pytest.mark.parametrize(
    "change",
    [
        {"seen_at": timedelta(minutes=30)},
        {"created_at": timedelta(hours=8)},
        {"ended_at": timedelta(0)},
    ],
    ids=["idle", "old", "ended"],
)
def test_a_session_ends_when_idle_when_old_and_when_ended(
    desk_app: Flask, desk_database: Database, change: dict[str, timedelta]
) -> None:
    client = desk_app.test_client()
    enter(client, joined(desk_database, Role.EDITOR, key=None))
    assert client.get("/staff/").status_code == 200
    with desk_database.write() as session:
        session.execute(update(StaffSession).values({name: utc_now() - ago for name, ago in change.items()}))
    assert client.get("/staff/").status_code == 302


def test_use_keeps_a_session_alive_and_is_noted_at_most_every_half_minute(staff_app: Flask, database: Database) -> None:
    client = staff_app.test_client()
    enter(client, joined(database, Role.EDITOR, key=None))

    def seen_after(ago: timedelta) -> timedelta:
        before = utc_now() - ago
        with database.write() as session:
            session.execute(update(StaffSession).values(seen_at=before))
        assert client.get("/staff/").status_code == 200
        with database.read() as session:
            return session.scalars(select(StaffSession.seen_at)).one() - before

    assert seen_after(timedelta(seconds=20)) == timedelta(0)
    assert seen_after(timedelta(minutes=29)) > timedelta(minutes=28)


def test_a_page_is_shown_while_something_long_is_written(desk_app: Flask, desk_database: Database) -> None:
    client = desk_app.test_client()
    enter(client, joined(desk_database, Role.EDITOR, key=None))
    with desk_database.write() as session:
        session.execute(update(StaffSession).values(seen_at=utc_now() - timedelta(minutes=5)))
    with desk_database.write() as session:
        session.execute(update(StaffSession).values(browser="Other"))
        began = utc_now()
        assert client.get("/staff/").status_code == 200
        assert utc_now() - began < timedelta(seconds=5)


def test_signing_out_ends_the_session_and_clears_the_browser(desk_app: Flask, desk_database: Database) -> None:
    client = desk_app.test_client()
    enter(client, joined(desk_database, Role.EDITOR, key=None))
    token = client.get_cookie("staff")
    assert token is not None
    answer = client.post("/staff/sign-out")
    assert answer.headers["Clear-Site-Data"] == '"cache", "cookies", "storage"'
    assert client.get_cookie("staff") is None
    client.set_cookie("staff", token.value)
    assert client.get("/staff/").status_code == 302
    assert events(desk_database) == ["signed_in", "signed_out"]


def test_half_of_a_sign_in_opens_nothing_and_lasts_ten_minutes(desk_app: Flask, desk_database: Database) -> None:
    client = desk_app.test_client()
    staff = joined(desk_database, Role.ADMINISTRATOR)
    client.post("/staff/sign-in", data={"email": staff.email, "password": PASSWORD})
    assert client.get("/staff/me").location.startswith("/staff/sign-in/code")
    assert client.post("/staff/me/details", data={"name": "x"}).status_code == 401
    assert client.get("/staff/second-factor").location == "/staff/sign-in"
    with desk_database.write() as session:
        session.execute(update(StaffSession).values(created_at=utc_now() - sessions.HALF_OPEN))
    assert client.post("/staff/sign-in/code", data={"code": code()}).location == "/staff/sign-in"


def test_the_hash_of_a_password_is_renewed_when_its_cost_has_changed(
    desk_settings: Settings, desk_database: Database
) -> None:
    dearer = dataclasses.replace(desk_settings.password_cost, passes=2)
    app = create_app(dataclasses.replace(desk_settings, password_cost=dearer), desk_database)
    app.config["WTF_CSRF_ENABLED"] = False
    staff = joined(desk_database, Role.EDITOR, key=None)
    enter(app.test_client(), staff)
    with desk_database.read() as session:
        kept = session.get_one(StaffMember, staff.id).password_hash or ""
    assert kept.startswith("$argon2id$")
    assert "t=2" in kept
    assert Passwords(dearer).match(kept, PASSWORD)


ELSEWHERE = (
    "//evil.example",
    "/\\evil.example",
    "\t//evil.example",
    "https:evil.example",
    "https://evil.example/staff/",
    "/staff//evil.example",
    "/staff/..//evil.example",
    "/staff/%2e%2e//evil.example",
    "/staff/../incidents",
    "/staff/%2E%2e/incidents",
    "/staff\\..\\evil",
    "/staff/\n//evil.example",
    "%2f%2fevil.example",
    "/%09/evil.example",
    "javascript:alert(1)",
    "/incidents",
    "/staffevil",
    "staff/",
    "/staff@evil.example",
    " /staff/",
    "/staff/\u2028",
    "",
)


def test_only_addresses_of_the_desk_are_gone_to_afterwards(desk_app: Flask, desk_database: Database) -> None:
    assert [address for address in ELSEWHERE if signing.local(address)] == []
    for address in ("/staff", "/staff/", "/staff/incidents/abc123/edit", "/staff/incidents?page=2&done=saved"):
        assert signing.local(address) == address
    staff = joined(desk_database, Role.EDITOR, key=None)
    for address in ELSEWHERE[:5]:
        answer = desk_app.test_client().post(
            "/staff/sign-in", query_string={"next": address}, data={"email": staff.email, "password": PASSWORD}
        )
        assert (answer.status_code, answer.location) == (303, "/staff/")


def told(answer: TestResponse) -> dict[str, Any]:
    """What a script is answered."""
    return dict(answer.get_json())


def test_a_script_signs_in_without_leaving_its_page(desk_app: Flask, desk_database: Database) -> None:
    staff = joined(desk_database, Role.EDITOR)
    desk_app.config["WTF_CSRF_ENABLED"] = True
    client = desk_app.test_client()
    asks = {"Accept": "application/json"}
    refused = client.post("/staff/sign-in", headers=asks)
    assert refused.status_code == 400
    sent = asks | {"X-CSRFToken": told(refused)["csrf_token"]}
    wrong = client.post("/staff/sign-in", headers=sent, data={"email": staff.email, "password": "wrong words in a row"})
    assert (wrong.status_code, told(wrong)) == (401, {"problem": "E-mail address or password is wrong."})
    first = client.post("/staff/sign-in", headers=sent, data={"email": staff.email, "password": PASSWORD})
    assert told(first)["stage"] == "code"
    sent = asks | {"X-CSRFToken": told(first)["csrf_token"]}
    second = client.post("/staff/sign-in/code", headers=sent, data={"code": code()})
    assert told(second)["stage"] == "full"
    sent = asks | {"X-CSRFToken": told(second)["csrf_token"]}
    assert client.post("/staff/me/sessions/end", headers=sent).status_code == 303
    over = desk_app.test_client().post("/staff/me/sessions/end", headers=asks)
    assert (over.status_code, told(over)) == (401, {"sign_in": "/staff/sign-in"})
