"""The command that hands the dataset out as files."""

import json
import sys
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Protocol

import click

from tracker.cli.filters import line_of, pairs_of
from tracker.cli.telling import Advance, bar, fail, note, opened, told_plainly
from tracker.cli.whole_file import is_replaceable, stopped_in_order, written_whole
from tracker.dataset.editions import still_holds
from tracker.dataset.exports import FORMATS, ExportMeta, Format
from tracker.dataset.exports.workroom import workroom
from tracker.dataset.filters import DatasetFilter
from tracker.dataset.problems import FilterError
from tracker.db import Database
from tracker.settings import Settings

FILE = click.Path(path_type=Path, dir_okay=False, allow_dash=True)
STANDARD_OUTPUT = Path("-")
OF_THE_SITE = ("atom", "bib", "csl")
NAMES = [*FORMATS, *OF_THE_SITE]
TRIES = 3
BEING_TAKEN_BACK = "Records are being taken back just now, so that no file could be written. Try again in a minute."


class Hash(Protocol):
    """Takes in bytes and tells their digest, as the objects of hashlib do."""

    def update(self, content: bytes, /) -> None: ...

    def hexdigest(self) -> str: ...


@click.command(short_help="Write published incidents to a file.")
@click.option("--format", "name", type=click.Choice(NAMES), required=True, help="The kind of file.")
@click.option("-o", "--output", type=FILE, default=STANDARD_OUTPUT, help="The file to write; else standard output.")
@click.argument("filters", metavar="[NAME=VALUE]...", nargs=-1)
def export(name: str, output: Path, filters: tuple[str, ...]) -> None:
    """Write the published incidents, or those that match the filters, to a file.

    Filters have the names of the public site's query string (q, from, to, country, violation, perpetrator, outlet,
    …); a name given several times means any of its values:

    \b
        tracker export --format csv violation=assault violation=threat -o attacks.csv

    A file that is there already is replaced when the new one is whole. Version, day, filter, rows, licence and the
    SHA-256 are written beside it, to FILE.meta.json. The feed (atom) and the citations (bib, csl) lead to the site, so
    that TRACKER_BASE_URL has to say where it is.
    """
    settings = Settings.from_environment()
    with told_plainly(), opened(settings) as database, stopped_in_order(), ExitStack() as stack:
        try:
            wanted = DatasetFilter.parse(pairs_of(filters))
            if name in OF_THE_SITE:
                _write_what_leads_to_the_site(settings, database, name, wanted, output)
                return
            form = FORMATS[name]
            export = Exporting(database, form, wanted, settings.base_url)
            export.prepare()
        except FilterError as error:
            fail(*(line_of(problem) for problem in error.problems))
        room = stack.enter_context(workroom(settings.exports)) if form.is_stored else None
        if output == STANDARD_OUTPUT:
            _print(export.pieces(room))
        else:
            export.write_to(output, room)


class _TakenBack(Exception):
    """Something that may be in the file was taken back while it was written."""


class Exporting:
    """One file on its way out."""

    def __init__(self, database: Database, form: Format, wanted: DatasetFilter, site: str | None) -> None:
        self._database = database
        self._form = form
        self._wanted = wanted
        self._site = site

    def prepare(self) -> None:
        """Decide what it will hold; raises `FilterError`."""
        with self._database.public() as session:
            self._export = self._form.prepare(session, self._wanted, site=self._site)

    def pieces(self, room: Path | None, told: Advance | None = None) -> Iterator[bytes]:
        """The file, piece by piece; what has to be made before lies in a `room`. `told` is told how far it is."""
        return self._form.write(self._database.public, replace(self._export, told=told), within=room)

    def write_to(self, output: Path, room: Path | None) -> None:
        """Write the file, and beside it what it cannot say itself; anew where something is taken back meanwhile."""
        for _ in range(TRIES):
            try:
                self._write(output, room)
            except _TakenBack:
                self.prepare()
            else:
                _tell(output, self._export.meta)
                return
        fail(BEING_TAKEN_BACK)

    def _write(self, output: Path, room: Path | None) -> None:
        digest = sha256()
        with bar("Exporting") as advance:
            files: dict[Path, Iterable[bytes]] = {output: self._watched(digest, advance, room)}
            if is_replaceable(output):
                # Written when the file before it is whole.
                files[_beside(output)] = _described(self._export.meta, digest)
            written_whole(files)

    def _watched(self, digest: Hash, advance: Advance, room: Path | None) -> Iterator[bytes]:
        for piece in self.pieces(room, self._counted(advance)):
            digest.update(piece)
            yield piece
        with self._database.public() as session:
            if not still_holds(session, self._export.edition):
                raise _TakenBack

    def _counted(self, advance: Advance) -> Advance:
        """Counts what is read, which costs nothing, and takes most of the time in which a file is packed too."""

        def told(done: int, total: int) -> None:
            advance(done, total)
            if self._form.is_stored and done == total:
                note("\nPacking the file …")

        return told


def _beside(output: Path) -> Path:
    return output.with_name(f"{output.name}.meta.json")


def _described(meta: ExportMeta, digest: Hash) -> Iterator[bytes]:
    """What a file says of itself, as it stands beside it."""
    content = {**meta.as_dict(), "sha256": digest.hexdigest()}
    yield (json.dumps(content, indent=2, ensure_ascii=False) + "\n").encode()


def _tell(output: Path, meta: ExportMeta) -> None:
    words = "; ".join(meta.filter) or "no filter"
    click.echo(f"{output}: {meta.rows} {meta.unit} of dataset version {meta.dataset_version} ({words}).")


def _write_what_leads_to_the_site(
    settings: Settings, database: Database, name: str, wanted: DatasetFilter, output: Path
) -> None:
    if not settings.base_url:
        fail("A feed and a citation lead to the site. Say in TRACKER_BASE_URL under which address readers reach it.")
    # The pages are loaded where they are needed; no other kind of file is made by them.
    from tracker.app import create_app
    from tracker.web.public.offline import made_offline

    made = made_offline(create_app(settings, database, only="public"), name, wanted)
    if made is None:
        fail("Nothing has been published yet, so that there is nothing to cite.")
    with database.public() as session:
        if not still_holds(session, made.edition):
            fail(BEING_TAKEN_BACK)
    content = made.text.encode()
    if output == STANDARD_OUTPUT:
        _print(iter([content]))
        return
    files: dict[Path, Iterable[bytes]] = {output: [content]}
    if is_replaceable(output):
        files[_beside(output)] = _described(made.meta, sha256(content))
    written_whole(files)
    _tell(output, made.meta)


def _print(pieces: Iterator[bytes]) -> None:
    output = sys.stdout.buffer
    for piece in pieces:
        output.write(piece)
    output.flush()
