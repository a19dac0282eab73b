"""Commands that keep the accounts of the staff: from the shell one can always get back in."""

from collections.abc import Callable

import click
from sqlalchemy.orm import Session

from tracker.cli.telling import fail, opened, told_plainly
from tracker.db import Database
from tracker.registry.accounts import invitations, people, sessions
from tracker.registry.models import StaffMember
from tracker.registry.roles_table import as_markdown
from tracker.settings import Settings
from tracker.vocabulary.staff import Role

BY = "cli:staff"
NO_ADDRESS = "http://127.0.0.1:8000"
ROLE = click.Choice([str(role) for role in Role])
SITE = click.option(
    "--site", metavar="ADDRESS", help=f"Where the desk is reached; else TRACKER_BASE_URL, else {NO_ADDRESS}."
)


@click.group()
def staff() -> None:
    """Invite staff, list them, close and open accounts."""


@staff.command("add")
@click.argument("email")
@click.option("--role", "roles", type=ROLE, multiple=True, required=True, help="May be given several times.")
@click.option("--name", help="How this person is called; they can change it.")
@SITE
def staff_add(email: str, roles: tuple[str, ...], name: str | None, site: str | None) -> None:
    """Print a link with which the person of EMAIL joins the staff. It works once, within 72 hours."""
    with told_plainly():
        settings = Settings.from_environment()
        problem = people.email_problem(email) or (people.name_problem(name) if name else None)
        if problem:
            fail(problem)
        with opened(settings) as database, database.write() as session:
            if people.by_email(session, email) is not None:
                fail(f"{email} has an account already; `tracker staff invite` makes a link for a new password.")
            token = invitations.invite(session, email=email, name=name, roles=[Role(role) for role in roles], by=BY)
    click.echo(_link(token, site or settings.base_url))


@staff.command("invite")
@click.argument("email")
@click.option("--start-over", is_flag=True, help="Take password and second factor away, where both are lost.")
@SITE
def staff_invite(email: str, start_over: bool, site: str | None) -> None:
    """Print another link for the person of EMAIL: to join, or to set a new password.

    The second factor stays, unless --start-over takes it away.
    """
    with told_plainly():
        settings = Settings.from_environment()
        with opened(settings) as database, database.write() as session:
            token = _again(session, email, start_over)
    click.echo(_link(token, site or settings.base_url))


@staff.command("list")
def staff_list() -> None:
    """List all accounts and the links that were not used yet."""
    with told_plainly(), opened(Settings.from_environment()) as database, database.read() as session:
        seen = sessions.last_seen(session)
        for one in people.everybody(session):
            state = "closed" if one.disabled_at else "open" if one.password_hash else "waits for a link"
            last = f"{seen[one.id]:%Y-%m-%d}" if one.id in seen else "never"
            click.echo(f"{one.email}\t{one.name}\t{','.join(one.roles)}\t{state}\tlast seen {last}")
        for link in invitations.pending(session):
            until = f"{link.expires_at:%Y-%m-%d %H:%M} UTC"
            click.echo(f"{link.email or '(first administrator)'}\t\t{','.join(link.roles)}\tinvited\tuntil {until}")


@staff.command("disable")
@click.argument("email")
def staff_disable(email: str) -> None:
    """Close the account of EMAIL; its sessions end at once."""
    _change(email, lambda session, one: people.disable(session, one, by=BY))
    click.echo(f"The account of {email} is closed.")


@staff.command("enable")
@click.argument("email")
def staff_enable(email: str) -> None:
    """Open the closed account of EMAIL again."""
    _change(email, lambda session, one: people.enable(session, one, by=BY))
    click.echo(f"The account of {email} is open.")


@staff.command("roles")
def staff_roles() -> None:
    """Print which role may do what, as docs/roles.md holds it."""
    click.echo(as_markdown(), nl=False)


def tell_how_to_begin(settings: Settings, address: str) -> None:
    """Where nobody has an account yet, say how the first administrator gets one.

    The link itself is printed only on one's own machine: elsewhere what a server prints is kept in logs.
    """
    with opened(settings) as database:
        if not settings.development:
            with database.read() as session:
                nobody = not people.is_anybody_there(session)
            if nobody:
                click.echo("Nobody can sign in yet. `tracker staff add EMAIL --role administrator` makes a link.")
            return
        token = _first_link(database)
    if token is not None:
        click.echo(f"To open the desk, make the first account (link valid once, for 72 hours): {_link(token, address)}")
        click.echo("It can enter, review and publish alone, and invite others: editor, safety reviewer, administrator.")


def _first_link(database: Database) -> str | None:
    with database.write() as session:
        if people.is_anybody_there(session):
            return None
        return invitations.invite(session, email="", roles=invitations.FIRST_ROLES, by="cli:serve")


def _again(session: Session, email: str, start_over: bool) -> str:
    found = people.by_email(session, email)
    if found is None:
        wanted = people.email_key(email)
        link = next((one for one in invitations.pending(session) if people.email_key(one.email) == wanted), None)
        if link is None:
            fail(f"Nobody with the address {email} has an account or an open invitation.")
        roles = [Role(role) for role in link.roles]
        return invitations.invite(session, email=link.email, name=link.name, roles=roles, by=BY)
    if found.disabled_at is not None:
        fail(f"The account of {email} is closed; `tracker staff enable` opens it.")
    if start_over:
        people.start_over(session, found, by=BY)
    roles = [Role(role) for role in found.roles]
    return invitations.invite(session, email=found.email, roles=roles, by=BY, staff=found)


def _change(email: str, change: Callable[[Session, StaffMember], None]) -> None:
    with told_plainly(), opened(Settings.from_environment()) as database:
        try:
            with database.write() as session:
                found = people.by_email(session, email)
                if found is None:
                    fail(f"Nobody with the address {email} has an account.")
                change(session, found)
        except people.Refused as refused:
            fail(refused.problem)


def _link(token: str, site: str | None) -> str:
    return f"{(site or NO_ADDRESS).rstrip('/')}/staff/join/{token}"
