"""The `tracker` command: thin click commands over the modules below. Exit status 0 done, 1 refused, 2 wrong use."""

import click

from tracker.cli.database import dataset, db
from tracker.cli.geocode_places import geocode_places
from tracker.cli.jobs import jobs
from tracker.cli.log import log
from tracker.cli.places import gazetteer, geocode
from tracker.cli.publishing import export, serve
from tracker.cli.records import check, import_, schema
from tracker.cli.staff import staff


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="press-freedom-tracker")
def main() -> None:
    """A registry of attacks on journalists that a small press-freedom organisation can run itself.

    To begin: `tracker db upgrade`, `tracker import incidents.yaml --publish`, `tracker serve`.

    Settings are taken from the environment (TRACKER_…); docs/settings.md lists them. The exit status is 0 when a
    command has done its work, 1 when something stood against it, and 2 when it was typed wrongly.
    """


for _command in (
    db,
    dataset,
    check,
    import_,
    export,
    serve,
    jobs,
    log,
    gazetteer,
    geocode,
    schema,
    staff,
    geocode_places,
):
    main.add_command(_command)
