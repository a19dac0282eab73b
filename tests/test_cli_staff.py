"""The commands that keep the accounts of the staff."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.support.shared import database_of
from tracker.cli import main
from tracker.cli.staff import tell_how_to_begin
from tracker.db import Database
from tracker.registry.accounts import invitations, people
from tracker.registry.models import StaffMember
from tracker.settings import Settings
from tracker.vocabulary.staff import Role

Command = Callable[..., Result]
EMAIL = "aida@desk.example.org"


@pytest.fixture
def staff(monkeypatch: pytest.MonkeyPatch, sqlite_url: str, tmp_path: Path) -> Command:
    """Runs a command about staff in an installation of its own."""
    monkeypatch.setenv("TRACKER_INSTANCE", str(tmp_path))
    monkeypatch.setenv("TRACKER_DATABASE_URL", sqlite_url)
    return lambda *words: CliRunner().invoke(main, ["staff", *words])


@pytest.fixture
def kept(staff: Command, sqlite_url: str, tmp_path: Path) -> Database:
    """The database of that installation."""
    return database_of(Settings(instance=tmp_path, database_url=sqlite_url))


def join(database: Database, link: str, name: str = "Aida") -> StaffMember:
    """Let somebody join by a link, as the page does."""
    with database.write() as session:
        found = invitations.find(session, link.strip().rpartition("/")[2])
        assert found is not None
        if found.staff_id is not None:
            made = session.get_one(StaffMember, found.staff_id)
            people.set_password(session, made, "another hash", by="test")
        else:
            made = people.add(session, email=found.email or EMAIL, name=name, roles=found.roles, password_hash="a hash")
        invitations.use(session, found, made)
    return made


def test_an_account_is_made_listed_closed_and_opened(staff: Command, kept: Database) -> None:
    made = staff("add", EMAIL, "--role", "administrator", "--role", "editor", "--site", "https://desk.example.org/")
    assert made.exit_code == 0
    assert re.fullmatch(r"https://desk\.example\.org/staff/join/[\w-]{43}\n", made.output)
    assert EMAIL in staff("list").output
    again = staff("invite", EMAIL)
    with kept.read() as session:
        assert len(invitations.pending(session)) == 1
    join(kept, again.output)
    assert re.fullmatch(rf"{EMAIL}\tAida\tadministrator,editor\topen\tlast seen never\n", staff("list").output)
    refused = staff("disable", EMAIL)
    assert (refused.exit_code, refused.output) == (1, "Nobody else is an administrator. Make somebody one first.\n")
    join(kept, staff("add", "bakyt@desk.example.org", "--role", "administrator").output, "Bakyt")
    assert staff("disable", EMAIL.upper()).exit_code == 0
    assert staff("invite", EMAIL).exit_code == 1
    assert "closed" in staff("list").output
    assert staff("enable", EMAIL).exit_code == 0
    reset = staff("invite", EMAIL, "--start-over").output
    with kept.read() as session:
        assert people.by_email(session, EMAIL).password_hash is None  # type: ignore[union-attr]
    join(kept, reset)
    assert staff("list").output.count("open") == 2


@pytest.mark.parametrize(
    "words",
    [
        ["add", "no address", "--role", "editor"],
        ["invite", "nobody@desk.example.org"],
        ["disable", "nobody@desk.example.org"],
        ["add", EMAIL, "--role", "editor", "--name", " "],
    ],
    ids=str,
)
def test_what_cannot_be_done_is_said_in_one_line(staff: Command, words: list[str]) -> None:
    result = staff(*words)
    assert result.exit_code == 1
    assert len(result.output.splitlines()) == 1


def test_a_role_has_to_be_named_and_known(staff: Command) -> None:
    assert staff("add", EMAIL).exit_code == 2
    assert staff("add", EMAIL, "--role", "owner").exit_code == 2


@pytest.mark.parametrize("development", [True, False])
def test_a_first_link_is_printed_once_and_on_ones_own_machine_alone(
    kept: Database, sqlite_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], development: bool
) -> None:
    settings = Settings(instance=tmp_path, database_url=sqlite_url, development=development)
    tell_how_to_begin(settings, "http://127.0.0.1:8123/")
    told = capsys.readouterr().out
    links = re.findall(r"http://127\.0\.0\.1:8123/staff/join/[\w-]{43}", told)
    assert len(links) == development
    if not development:
        assert "tracker staff add" in told
        return
    tell_how_to_begin(settings, "http://127.0.0.1:8123/")
    assert capsys.readouterr().out == ""
    first = join(kept, links[0])
    assert set(first.roles) == {Role.EDITOR, Role.SAFETY_REVIEWER, Role.ADMINISTRATOR}
    tell_how_to_begin(settings, "http://127.0.0.1:8123/")
    assert capsys.readouterr().out == ""
