"""The command that writes the monitoring report of a filter to a file."""

from pathlib import Path

import click

from tracker.app import create_app
from tracker.cli.filters import line_of, pairs_of
from tracker.cli.telling import fail, opened, told_plainly
from tracker.cli.whole_file import written_whole
from tracker.dataset.editions import dataset_version
from tracker.dataset.problems import FilterError
from tracker.settings import Settings
from tracker.web.public.report import pdf
from tracker.web.public.report.document import PAPERS
from tracker.web.public.report.offline import made_offline
from tracker.web.translation import DEFAULT, LANGUAGES

FORMATS = ("html", "pdf")
TONGUES = click.Choice(list(LANGUAGES))
FILE = click.Path(path_type=Path, dir_okay=False)


@click.command(short_help="Write a monitoring report to a file.")
@click.option("-o", "--output", type=FILE, required=True, help="The file to write, ending in .html or .pdf.")
@click.option("--format", "name", type=click.Choice(FORMATS), help="The kind of file; else by its ending.")
@click.option("--language", type=TONGUES, default=DEFAULT, show_default=True, help="Its language.")
@click.option("--paper", type=click.Choice(PAPERS), default=PAPERS[0], show_default=True, help="The size of its pages.")
@click.argument("filters", metavar="[NAME=VALUE]...", nargs=-1)
def report(output: Path, name: str | None, language: str, paper: str, filters: tuple[str, ...]) -> None:
    """Write the monitoring report of the published incidents that match the filters.

    Filters have the names of the public site's query string, as for `tracker export`:

    \b
        tracker report country=KG from=2020-10-01 to=2020-10-31 -o report.pdf

    An .html file holds its styles and pictures and opens from disk; a .pdf file (PDF/UA) needs the extra `pdf` and
    Pango. With TRACKER_BASE_URL set the report says under which address it can be made again, and leads to the records.
    """
    kind = name or output.suffix.lower().lstrip(".")
    if kind not in FORMATS:
        raise click.UsageError(f"{output}: the name has to end in .html or .pdf, or --format has to say which it is.")
    if kind == "pdf" and not pdf.is_available():
        fail(pdf.HOW_TO_INSTALL)
    settings = Settings.from_environment()
    with told_plainly(), opened(settings) as database:
        try:
            app = create_app(settings, database, only="public")
            made = made_offline(app, pairs_of(filters), language=language, paper=paper)
        except FilterError as error:
            fail(*(line_of(problem) for problem in error.problems))
        content = pdf.pdf_of(made.html) if kind == "pdf" else made.html.encode()
        with database.public() as session:
            if dataset_version(session).stamp != made.stamp:
                fail("Records were published or taken back meanwhile, and no file was written. Type this once more.")
        written_whole({output: [content]})
    click.echo(f"{output}: report of {made.incidents} incidents of dataset version {made.version}.")
