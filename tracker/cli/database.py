"""Commands that keep the database and what is rendered in it up to the code."""

import click

from tracker import upgrades
from tracker.cli.telling import bar, fail, opened, told_plainly
from tracker.dataset import rebuild
from tracker.dataset.editions import NOTHING_PUBLISHED
from tracker.dataset.exports import shelf
from tracker.settings import Settings


@click.group()
def db() -> None:
    """Make the database, and bring it up to the code."""


@db.command("upgrade")
def db_upgrade() -> None:
    """Make the database, or bring it up to the code.

    Public renderings are remade where that is needed. It can be interrupted and called again.
    """
    with told_plainly():
        settings = Settings.from_environment()
        with bar("Rendering the dataset") as advance:
            remade = upgrades.upgrade(settings, advance)
    click.echo(f"The database is up to date{f'; {remade} public records rendered anew' if remade else ''}.")


@db.command("downgrade")
@click.argument("revision")
@click.confirmation_option(prompt="What only later revisions can hold will be lost. Go on?")
def db_downgrade(revision: str) -> None:
    """Take the database back to REVISION (`base` empties it)."""
    with told_plainly():
        upgrades.downgrade(Settings.from_environment(), revision)
    click.echo(f"The database is at revision {revision}.")


@db.command("check")
def db_check() -> None:
    """Say whether the database fits the code."""
    with told_plainly():
        settings = Settings.from_environment()
        found = upgrades.state(settings)
        if found is not upgrades.State.CURRENT:
            fail(upgrades.ADVICE[found])
        differences = upgrades.check(settings)
    if differences:
        fail("The tables differ from what the code describes:", *differences)
    click.echo("The database fits the code.")


@click.group()
def dataset() -> None:
    """The public dataset."""


@dataset.command("rebuild")
@click.option("--all", "everything", is_flag=True, help="Remake all renderings, not only outdated ones.")
def dataset_rebuild(everything: bool) -> None:
    """Remake CSV lines, filter columns, facets and search texts from the published JSON.

    It can be interrupted and called again; without --all it then goes on where it stopped.
    """
    settings = Settings.from_environment()
    with (
        told_plainly(),
        opened(settings, stale=True) as database,
        bar("Rendering the dataset") as advance,
    ):
        remade = rebuild.rebuild(database, advance, everything=everything)
    if remade:
        # What was made of the renderings before them must not be served on.
        shelf.sweep(settings.exports, NOTHING_PUBLISHED)
    click.echo(f"{remade} public records rendered anew.")
