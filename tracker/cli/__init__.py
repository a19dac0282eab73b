"""The `tracker` command: thin click commands over the modules below. Exit status 0 done, 1 refused, 2 wrong use."""

import click

from tracker.cli.lazy import LazyGroup

PLACES = {
    "check": "tracker.cli.records:check",
    "dataset": "tracker.cli.database:dataset",
    "db": "tracker.cli.database:db",
    "export": "tracker.cli.export:export",
    "gazetteer": "tracker.cli.places:gazetteer",
    "geocode": "tracker.cli.places:geocode",
    "geocode-places": "tracker.cli.geocode_places:geocode_places",
    "import": "tracker.cli.records:import_",
    "jobs": "tracker.cli.jobs:jobs",
    "log": "tracker.cli.log:log",
    "release": "tracker.cli.release:release",
    "report": "tracker.cli.report:report",
    "schema": "tracker.cli.records:schema",
    "serve": "tracker.cli.serve:serve",
    "staff": "tracker.cli.staff:staff",
}


@click.group(
    cls=LazyGroup, places=PLACES, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
@click.version_option(package_name="press-freedom-tracker")
def main() -> None:
    """A registry of attacks on journalists that a small press-freedom organisation can run itself.

    To begin: `tracker db upgrade`, `tracker import incidents.yaml --publish`, `tracker serve`.

    Settings are taken from the environment (TRACKER_…); docs/settings.md lists them. The exit status is 0 when a
    command has done its work, 1 when something stood against it, and 2 when it was typed wrongly.
    """
