"""Commands for dataset releases: making one, and looking after them."""

from datetime import UTC

import click

from tracker.cli.telling import fail, opened, told_plainly
from tracker.cli.whole_file import stopped_in_order
from tracker.dataset import releases
from tracker.settings import Settings


class NamedGroup(click.Group):
    """A group whose first word may also be the name of a release, which is then made: `tracker release 2026.1`."""

    def resolve_command(
        self, context: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that was typed; what is none of ours is taken for a name."""
        if args and args[0] not in self.commands and not args[0].startswith("-"):
            args = ["create", *args]
        return super().resolve_command(context, args)

    def collect_usage_pieces(self, context: click.Context) -> list[str]:
        """How it is typed."""
        return ["NAME [--notes TEXT] | COMMAND [ARGS]..."]


@click.group(cls=NamedGroup, short_help="Freeze the dataset under a name, as files to cite.")
def release() -> None:
    """Freeze the newest dataset version as a release: files with hashes, kept on disk and listed at /releases.

    \b
        tracker release 2026.1
        tracker release 2026.2 --notes "With the incidents of the elections."

    A name is a year and a number and is used once. Docs: docs/releases.md.
    """


@release.command("create")
@click.argument("name")
@click.option("--notes", help="What readers should know of this release; published with it.")
def create(name: str, notes: str | None) -> None:
    """Make the release NAME; `tracker release NAME` is short for this.

    It is there whole or not at all: a full disk, a kill or a second run at the same time leave nothing half-made.
    """
    with told_plainly(), opened(settings := Settings.from_environment()) as database, stopped_in_order():
        try:
            made = releases.create(database, settings.releases, name, notes=notes, base_url=settings.base_url)
        except releases.ReleaseProblem as problem:
            fail(str(problem))
        with database.public() as session:
            found = releases.release(session, made.name)
    assert found is not None
    click.echo(f"Release {found.name}: dataset version {found.dataset_version}, {len(found.files)} files.")
    for file in found.files:
        click.echo(f"{file.sha256}  {file.name} ({file.bytes} bytes)")
    if found.folder:
        click.echo(f"They lie in {settings.releases / found.folder}")


@release.command("list")
def list_() -> None:
    """List all releases, the newest first."""
    with told_plainly(), opened(Settings.from_environment()) as database, database.public() as session:
        found = releases.all_releases(session)
    for one in found:
        day = one.created_at.astimezone(UTC).date().isoformat()
        state = "" if one.is_ready else ", waits to be issued anew"
        click.echo(f"{one.name}: dataset version {one.dataset_version}, {day}, issue {one.issue}{state}")
    if not found:
        click.echo("There are no releases yet. Make one with: tracker release 2026.1")


@release.command("verify")
@click.argument("name")
def verify(name: str) -> None:
    """Compare the files of the release NAME with the hashes under which they were issued."""
    with told_plainly(), opened(settings := Settings.from_environment()) as database:
        try:
            faults = releases.verify(database, settings.releases, name)
        except releases.ReleaseProblem as problem:
            fail(str(problem))
    if faults:
        fail(*faults)
    click.echo(f"Release {name}: all files are what was issued.")


@release.command("reissue")
@click.argument("name", required=False)
def reissue(name: str | None) -> None:
    """Issue anew what a restriction reached, without what was taken back; the jobs do so by themselves.

    With NAME also that release if its files are missing or damaged.
    """
    with told_plainly(), opened(settings := Settings.from_environment()) as database, stopped_in_order():
        try:
            made = releases.reissue(database, settings.releases, base_url=settings.base_url, name=name)
        except releases.ReleaseProblem as problem:
            fail(str(problem))
    click.echo(f"Issued anew: {', '.join(made)}." if made else "Nothing needs to be issued anew.")
