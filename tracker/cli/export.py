"""Commands that hand the dataset out: as files, and as pages."""

import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Literal

import click

from tracker import serving, upgrades
from tracker.cli.staff import tell_how_to_begin
from tracker.cli.telling import Advance, bar, fail, opened, told_plainly
from tracker.cli.whole_file import is_replaceable, written_whole
from tracker.dataset.exports import FORMATS, Export, prepare
from tracker.dataset.exports.batches import BATCH
from tracker.dataset.filters import DatasetFilter
from tracker.dataset.parameters import PARAMETERS
from tracker.dataset.problems import FilterError, Problem
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
            wanted = DatasetFilter.parse(_pairs(filters))
            with database.public() as session:
                made = prepare(session, wanted, columns=FORMATS[name].columns)
        except FilterError as error:
            fail(*(_line(problem) for problem in error.problems))
        if output == STANDARD_OUTPUT:
            _print(FORMATS[name].write(database.public, made))
        else:
            _write(database, name, made, output)


@click.command(short_help="Serve the pages.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on; 0.0.0.0 or :: for all.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535), help="Port; 0 for a free one.")
@click.option("--workers", default=2, show_default=True, type=click.IntRange(1, 64), help="Processes.")
@click.option("--threads", default=4, show_default=True, type=click.IntRange(1, 64), help="Threads in each.")
@click.option("--only", type=click.Choice(["public", "staff"]), help="Serve this part alone.")
@click.option("--no-jobs", is_flag=True, help="Leave embargoes and clearing up to `tracker jobs run`.")
def serve(
    host: str, port: int, workers: int, threads: int, only: Literal["public", "staff"] | None, no_jobs: bool
) -> None:
    """Serve the public pages and the staff desk until Ctrl-C (or SIGTERM).

    No log of readers is kept. Beyond one machine's own use, put a web server with HTTPS in front.
    """
    with told_plainly():
        settings = Settings.from_environment()
        upgrades.open_database(settings).dispose()
        if only != "public":
            # Public pages alone have nothing to sign.
            settings = settings.with_secret_key()
        listener = serving.listen(host, port)
        if settings.development and not serving.is_here(listener):
            fail("TRACKER_DEVELOPMENT is for one's own machine: listen on 127.0.0.1, or switch it off.")
    click.echo(f"Serving on {serving.address(listener)} (stop with Ctrl-C)")
    click.echo(f"Data folder: {settings.instance}")
    if only != "public":
        tell_how_to_begin(settings, serving.address(listener))
    serving.serve(settings, listener, workers=workers, threads=threads, only=only, jobs=not no_jobs)


def _pairs(filters: tuple[str, ...]) -> list[tuple[str, str]]:
    """The filters as pairs. An empty value, which a browser sends for an empty field, is a slip when typed here."""
    pairs = [(name, value) for name, _equals, value in (text.partition("=") for text in filters)]
    empty = [Problem.of(name, "", "A filter is written NAME=VALUE.", PARAMETERS) for name, value in pairs if not value]
    if empty:
        raise FilterError(empty)
    return pairs


def _line(problem: Problem) -> str:
    allowed = f" Allowed: {', '.join(problem.allowed)}." if problem.allowed else ""
    return f"{problem.name}={problem.value}: {problem.message}{allowed}"


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
