"""The command that hands the dataset out as files."""

import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import click

from tracker.cli.filters import line_of, pairs_of
from tracker.cli.telling import Advance, bar, fail, opened, told_plainly
from tracker.cli.whole_file import is_replaceable, written_whole
from tracker.dataset.exports import FORMATS, Export, prepare
from tracker.dataset.exports.batches import BATCH
from tracker.dataset.filters import DatasetFilter
from tracker.dataset.problems import FilterError
from tracker.db import Database
from tracker.settings import Settings

FILE = click.Path(path_type=Path, dir_okay=False, allow_dash=True)
STANDARD_OUTPUT = Path("-")


@click.command(short_help="Write published incidents to a file.")
@click.option("--format", "name", type=click.Choice(list(FORMATS)), required=True, help="The kind of file.")
@click.option("-o", "--output", type=FILE, default=STANDARD_OUTPUT, help="The file to write; else standard output.")
@click.argument("filters", metavar="[NAME=VALUE]...", nargs=-1)
def export(name: str, output: Path, filters: tuple[str, ...]) -> None:
    """Write the published incidents, or those that match the filters, to a file.

    Filters have the names of the public site's query string (q, from, to, country, violation, perpetrator, outlet,
    …); a name given several times means any of its values:

    \b
        tracker export --format csv violation=assault violation=threat -o attacks.csv

    A file that is there already is replaced when the new one is whole. A CSV file cannot say what it holds, so that
    version, day, filter and licence are written beside it, to FILE.meta.json.
    """
    with told_plainly(), opened(Settings.from_environment()) as database:
        try:
            wanted = DatasetFilter.parse(pairs_of(filters))
            with database.public() as session:
                made = prepare(session, wanted, columns=FORMATS[name].columns)
        except FilterError as error:
            fail(*(line_of(problem) for problem in error.problems))
        if output == STANDARD_OUTPUT:
            _print(FORMATS[name].write(database.public, made))
        else:
            _write(database, name, made, output)


def _print(pieces: Iterator[bytes]) -> None:
    output = sys.stdout.buffer
    for piece in pieces:
        output.write(piece)
    output.flush()


def _write(database: Database, name: str, made: Export, output: Path) -> None:
    with bar("Exporting") as advance:
        files: dict[Path, Iterable[bytes]] = {
            output: _counted(FORMATS[name].write(database.public, made), made, advance)
        }
        if FORMATS[name].columns and is_replaceable(output):
            files[output.with_name(f"{output.name}.meta.json")] = [_meta(made)]
        written_whole(files)
    words = "; ".join(made.meta.filter) or "no filter"
    click.echo(f"{output}: {made.meta.rows} incidents of dataset version {made.meta.dataset_version} ({words}).")


def _meta(made: Export) -> bytes:
    return (json.dumps(made.meta.as_dict(), indent=2, ensure_ascii=False) + "\n").encode()


def _counted(pieces: Iterator[bytes], made: Export, advance: Advance) -> Iterator[bytes]:
    for number, piece in enumerate(pieces):
        yield piece
        advance(min(number * BATCH, made.meta.rows), made.meta.rows)
