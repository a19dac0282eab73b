"""Somebody of each role at the desk, signed in."""

import dataclasses
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Page

from tests.support.run import Run
from tests.support.shared import application, database_of
from tests.web.conftest import served
from tracker.app import create_app
from tracker.db import Database
from tracker.registry.accounts import sessions
from tracker.registry.models import StaffMember
from tracker.settings import PasswordCost, Settings
from tracker.vocabulary.staff import Role

SECRET = "a key that is only good for tests"
# Judging a password is to take no time here.
CHEAP = PasswordCost(passes=1, kibibytes=64)


def member(database: Database, *roles: Role, name: str | None = None, language: str = "en") -> StaffMember:
    """A staff member with these roles; the same name always gives the same person."""
    name = name or "-".join(roles)
    email = f"{name}@desk.example.org"
    with database.write() as session:
        found = session.query(StaffMember).filter_by(email_key=email).one_or_none()
        if found is None:
            found = StaffMember(
                email=email, email_key=email, name=name.title(), roles=[str(role) for role in roles], language=language
            )
            session.add(found)
    return found


def sign_in(app: Flask, database: Database, staff: StaffMember) -> FlaskClient:
    """A client in whose cookie jar lies a living session of this person."""
    with database.write() as session:
        token, _ = sessions.begin(session, staff)
    client = app.test_client()
    client.set_cookie("staff", token)
    return client


@pytest.fixture
def staff_settings(settings: Settings) -> Settings:
    """The settings of an installation with a desk, on SQLite and on PostgreSQL in turn."""
    return dataclasses.replace(settings, secret_key=SECRET, development=True, password_cost=CHEAP)


@pytest.fixture
def staff_app(staff_settings: Settings, database: Database) -> Flask:
    """The application with its desk, on SQLite and on PostgreSQL in turn. Forms need no token in it."""
    app = application(staff_settings, database)
    app.config["WTF_CSRF_ENABLED"] = False
    return app


@pytest.fixture
def desk_settings(sqlite_url: str, tmp_path: Path) -> Settings:
    """The settings of an installation with a desk on SQLite alone."""
    return Settings(
        instance=tmp_path / "instance",
        database_url=sqlite_url,
        secret_key=SECRET,
        development=True,
        password_cost=CHEAP,
    )


@pytest.fixture
def desk_database(desk_settings: Settings) -> Iterator[Database]:
    """An open, migrated, empty database on SQLite."""
    opened = database_of(desk_settings)
    yield opened
    opened.dispose()


@pytest.fixture
def desk_app(desk_settings: Settings, desk_database: Database) -> Flask:
    """The application with its desk on SQLite alone, for what does not depend on the database. Forms need no token."""
    app = application(desk_settings, desk_database)
    app.config["WTF_CSRF_ENABLED"] = False
    return app


Signed = Callable[..., FlaskClient]


@pytest.fixture
def as_staff(desk_app: Flask, desk_database: Database) -> Signed:
    """Signs somebody in on SQLite: `as_staff(Role.EDITOR)`, `as_staff(Role.MONITOR, name="other")`."""

    def signed(*roles: Role, name: str | None = None, language: str = "en") -> FlaskClient:
        return sign_in(desk_app, desk_database, member(desk_database, *roles, name=name, language=language))

    return signed


@dataclasses.dataclass(frozen=True)
class DeskSite:
    """A running server with a desk, for the browser: its address without a slash at the end, and its database."""

    address: str
    app: Flask
    database: Database

    def token(self, *roles: Role, name: str | None = None, language: str = "en") -> str:
        """The token of a new living session of somebody with these roles."""
        staff = member(self.database, *roles, name=name, language=language)
        with self.database.write() as session:
            token, _ = sessions.begin(session, staff)
        return token


@pytest.fixture(scope="module")
def desk_site(run: Run, tmp_path_factory: pytest.TempPathFactory) -> Iterator[DeskSite]:
    """A running server over an empty database with a desk (SQLite), one for each module. Forms need tokens."""
    folder: Path = tmp_path_factory.mktemp("desk")
    path = folder / "tracker.sqlite"
    path.write_bytes(run.migrated_sqlite().read_bytes())
    settings = Settings(
        instance=folder,
        database_url=f"sqlite:///{path}",
        secret_key=SECRET,
        development=True,
        password_cost=CHEAP,
    )
    database = Database(settings)
    app = create_app(settings, database)
    with served(app) as address:
        yield DeskSite(address, app, database)
    database.dispose()


SignedPage = Callable[..., Page]


@pytest.fixture
def signed_page(desk_site: DeskSite, open_page: Callable[..., Page]) -> SignedPage:
    """Opens watched pages in which somebody is signed in: `signed_page(Role.EDITOR, viewport=PHONE)`.

    `name` and `language` choose the person; all else is handed to the browser. Addresses may begin with a slash:
    `page.goto("/staff/")`.
    """

    def opened(*roles: Role, name: str | None = None, language: str = "en", **choices: Any) -> Page:
        token = desk_site.token(*roles, name=name, language=language)
        page = open_page(base_url=desk_site.address, **choices)
        page.context.add_cookies([{"name": "staff", "value": token, "url": desk_site.address}])
        return page

    return opened
