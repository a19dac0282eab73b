"""Commands for the log of the desk: whether its chain holds, and its end to be noted elsewhere."""

import re

import click

from tracker.cli.telling import fail, opened, told_plainly
from tracker.registry import audit
from tracker.registry.audit import Head
from tracker.settings import Settings


@click.group()
def log() -> None:
    """The log of the desk."""


def _head(_context: click.Context, _parameter: click.Parameter, given: tuple[int, str] | None) -> Head | None:
    if not given:
        return None
    number, digest = given
    if not re.fullmatch("[0-9a-f]{64}", digest):
        raise click.BadParameter("a digest has 64 digits from 0 to 9 and a to f")
    return Head(number, digest)


@log.command("verify")
@click.option(
    "--known",
    type=(click.IntRange(1), str),
    callback=_head,
    metavar="NUMBER DIGEST",
    help="An end of the log that was noted earlier with `tracker log head`.",
)
def verify(known: Head | None) -> None:
    """Say whether any entry was changed, removed, put in or cut off.

    Somebody who can write to the whole database can write the whole log anew. Only an end that was noted where they
    cannot reach betrays that; give it with --known.
    """
    with told_plainly(), opened(Settings.from_environment(), stale=True) as database, database.read() as session:
        broken = audit.broken_at(session, known)
        head = audit.head_of(session)
    if broken is not None:
        fail(f"The chain is broken at entry {broken}: it was changed, removed, put in or cut off.")
    click.echo(f"The chain of {head.number} entries holds.")


@log.command("head")
def head() -> None:
    """Print the number and the digest of the last entry, to be noted outside of this machine."""
    with told_plainly(), opened(Settings.from_environment(), stale=True) as database, database.read() as session:
        found = audit.head_of(session)
    click.echo(f"{found.number} {found.digest}")
