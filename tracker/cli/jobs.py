"""Commands for what is done without anybody asking."""

import signal
import threading
from types import FrameType

import click

from tracker import jobs as tracker_jobs
from tracker.cli.telling import fail, opened, told_plainly
from tracker.settings import Settings


@click.group()
def jobs() -> None:
    """End embargoes, clear what was taken back, and issue releases anew without it."""


@jobs.command("run")
@click.option("--once", is_flag=True, help="Do what is due and end.")
@click.option(
    "--every", default=tracker_jobs.SECONDS_BETWEEN_ROUNDS, show_default=True, type=click.IntRange(1), help="Seconds."
)
def run(once: bool, every: int) -> None:
    """Run the jobs until Ctrl-C (or SIGTERM); `tracker serve` runs them too, unless told --no-jobs.

    Two runners at once do no harm, and a job that was cut off is done again.
    """
    with told_plainly(), opened(settings := Settings.from_environment()) as database:
        kept = tracker_jobs.Releases.of(settings)
        if once:
            done = tracker_jobs.run_once(database, kept=kept)
            click.echo(f"{done.released} embargoes ended; {done.returned} incidents given back to review.")
            if not done.purged:
                click.echo("Clearing the files has to wait for a reader; the next run tries again.")
            if done.reissued:
                click.echo(f"Issued anew without what was taken back: release {', '.join(done.reissued)}.")
            if done.reissue_failed:
                fail(f"A release could not be issued anew: {done.reissue_failed}")
            return
        runner = tracker_jobs.Runner(database, kept=kept, every=every)
        ended = threading.Event()

        def end(_number: int, _frame: FrameType | None) -> None:
            ended.set()

        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, end)
        runner.start()
        click.echo("Running the jobs (stop with Ctrl-C)")
        ended.wait()
        runner.stop()
        runner.join()
