"""The command that hands the dataset out as pages, and serves the desk."""

from typing import Literal

import click

from tracker import serving, upgrades
from tracker.cli.staff import tell_how_to_begin
from tracker.cli.telling import fail, told_plainly
from tracker.settings import Settings


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
        try:
            listener = serving.listen(host, port)
        except serving.AddressProblem as problem:
            fail(str(problem))
        if settings.development and not serving.is_here(listener):
            fail("TRACKER_DEVELOPMENT is for one's own machine: listen on 127.0.0.1, or switch it off.")
    click.echo(f"Serving on {serving.address(listener)} (stop with Ctrl-C)")
    click.echo(f"Data folder: {settings.instance}")
    if only != "public":
        tell_how_to_begin(settings, serving.address(listener))
    serving.serve(settings, listener, workers=workers, threads=threads, only=only, jobs=not no_jobs)
