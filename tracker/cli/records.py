"""Commands that bring records in from files: what is wrong with one, importing it, and what it may hold."""

import getpass
import json
from pathlib import Path
from typing import NoReturn

import click

from tracker.cli.telling import bar, fail, opened, told_plainly
from tracker.dataset.fields import export_schema
from tracker.importing.drafts import all_problems, entries_of, with_lines
from tracker.importing.load import Import
from tracker.importing.report import Fate, Report
from tracker.importing.schema import file_schema
from tracker.importing.yaml_file import read
from tracker.registry.operations import Refused
from tracker.settings import Settings
from tracker.text import text_problem

FILE = click.Path(path_type=Path, dir_okay=False)
SHOWN_PROBLEMS = 100
LONGEST_NAME = 100


@click.command(short_help="Say everything that is wrong with a file.")
@click.argument("file", type=FILE)
def check(file: Path) -> None:
    """Check FILE (YAML) and say everything that is wrong with it; no database is needed.

    Each problem is told with its line, its record, what stands there and what is allowed.
    """
    with told_plainly():
        document = read(file)
        entries, shape = entries_of(document)
        problems = all_problems(entries, shape)
        if problems:
            _refuse(with_lines(document, entries, problems), "nothing was written")
    incidents = sum(entry.kind == "incident" for entry in entries)
    click.echo(f"{file}: {incidents} incidents and {len(entries) - incidents} other records, nothing wrong.")


def _name(_context: click.Context, _parameter: click.Parameter, given: str | None) -> str:
    """Who imports: as given, or by the name of the account, which in a container may have none."""
    if given is not None:
        problem = text_problem(given, limit=LONGEST_NAME)
        if problem or not given.strip():
            raise click.BadParameter(problem or "a name is needed")
        return given.strip()
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "unknown"


@click.command("import", short_help="Import the records of a file.")
@click.argument("file", type=FILE)
@click.option("--dry-run", is_flag=True, help="Rehearse everything and write nothing.")
@click.option("--publish", is_flag=True, help="Let what is imported pass the publication gate at once.")
@click.option("--overwrite", is_flag=True, help="Set records that a person edited since back to the file's words.")
@click.option("--by", callback=_name, help="Who imports; by default the name of the account.")
def import_(file: Path, dry_run: bool, publish: bool, overwrite: bool, by: str) -> None:
    """Import the records of FILE (YAML): new ones are created, changed ones updated, the others left alone.

    If anything is wrong with the file, all of it is told and nothing is written. A record that a person edited since
    its last import is kept as it is, unless --overwrite is given; one that staff have taken into their workflow since
    or ever restricted is theirs in any case, and an import does not publish it. Files of more than 1,000 records are
    written in batches; an import that was cut off goes on when the command is given again.
    """
    with told_plainly(), opened(Settings.from_environment()) as database:
        document = read(file)
        entries, shape = entries_of(document)
        with bar("Importing") as advance:
            work = Import(database, f"import:{by}", publish, overwrite, dry_run, advance)
            try:
                report = work.run(entries, shape)
            except Refused as refused:
                said = with_lines(document, entries, refused.problems)
                _refuse(said, "what came before was written" if work.committed else "nothing was written")
    _tell(report, dry_run)


@click.command(short_help="Print a JSON Schema.")
@click.argument("what", type=click.Choice(["incidents", "dataset"]), default="incidents")
def schema(what: str) -> None:
    """Print the JSON Schema of incidents.yaml (`incidents`) or of the public JSON (`dataset`)."""
    found = file_schema() if what == "incidents" else export_schema()
    click.echo(json.dumps(found, indent=2, ensure_ascii=False))


def _tell(report: Report, dry_run: bool) -> None:
    """Say what an import did, or would do."""
    if dry_run:
        click.echo("Rehearsal only; nothing was written.")
    for kind in dict.fromkeys(kind for kind, _fate in report.counts):
        counts = ", ".join(f"{n} {fate}" for fate in Fate if (n := report.counts.get((kind, fate))))
        click.echo(f"  {kind}: {counts}")
    for kept in report.kept:
        click.echo(f"  kept as a person edited it: {kept} (--overwrite sets it back)")
    for kept in report.for_staff:
        click.echo(f"  kept for staff, who have gone on with it since: {kept}")
    for kept in report.pins_kept:
        click.echo(f"  point kept as a person set it: {kept}")
    for held in report.held_back:
        click.echo(f"  not published: {held}")
    if report.nothing_changed:
        click.echo("Nothing changed.")
    elif report.version:
        done = "would be published" if dry_run else "published"
        click.echo(f"{report.published} public records {done} as dataset version {report.version}.")


def _refuse(lines: list[str], outcome: str) -> NoReturn:
    more = [f"… and {len(lines) - SHOWN_PROBLEMS} more"] if len(lines) > SHOWN_PROBLEMS else []
    fail(*lines[:SHOWN_PROBLEMS], *more, f"{len(lines)} problem{'s' * (len(lines) != 1)}; {outcome}.")
