"""The command that fills in missing points of incidents."""

import json
from dataclasses import asdict
from functools import partial

import click

from tracker.cli.telling import bar, opened, told_plainly
from tracker.geocoding import Gazetteer
from tracker.geocoding.anywhere import locate_anywhere
from tracker.geocoding.remote import remote_of
from tracker.geocoding.turns import Pace
from tracker.placing import Placed, Report, Result, fill_places
from tracker.settings import Settings
from tracker.vocabulary import COUNTRIES

# Nobody sits before a form and waits here.
PATIENT = Pace(patience=120.0)


def _country(_context: click.Context, _parameter: click.Parameter, given: str | None) -> str | None:
    if given is not None and given.upper() not in COUNTRIES:
        raise click.BadParameter("a country is given by the two letters of ISO 3166-1, such as KG")
    return given.upper() if given else None


@click.command("geocode-places", short_help="Fill in missing points of incidents.")
@click.option("--country", callback=_country, help="Only incidents there: two letters, such as KG.")
@click.option("--limit", type=click.IntRange(1), help="Fill in no more than so many.")
@click.option("--dry-run", is_flag=True, help="Say what would be filled in, and write nothing.")
@click.option("--json", "as_json", is_flag=True, help="Tell everything as JSON.")
def geocode_places(country: str | None, limit: int | None, dry_run: bool, as_json: bool) -> None:
    """Look up incidents that have words for a place and no point, and fill in what has one answer.

    Confidential places, points that are there already and incidents that are being weighed for publication are left
    alone. A public incident goes to review with the change, and readers see nothing of it before. It can be
    interrupted and called again.

    Our own list of places is asked, and the outside service, if one is chosen (TRACKER_GEOCODER).
    """
    with told_plainly():
        settings = Settings.from_environment()
        with opened(settings) as database, bar("Looking up") as advance:
            remote = remote_of(settings, database, PATIENT)
            # What is confidential is never looked up here.
            look_up = partial(
                locate_anywhere, gazetteer=Gazetteer(settings.gazetteer), remote=remote, confidential=False
            )
            report = fill_places(database, look_up, country=country, limit=limit, dry_run=dry_run, progress=advance)
    click.echo(_as_json(report, dry_run) if as_json else _as_text(report, dry_run))


def _as_json(report: Report, dry_run: bool) -> str:
    told = {
        "dry_run": dry_run,
        "counts": {str(result): report.count(result) for result in Result},
        "places": [asdict(each) for each in report.places],
    }
    return json.dumps(told, indent=2, ensure_ascii=False)


def _as_text(report: Report, dry_run: bool) -> str:
    lines = [_line(each) for each in report.places]
    counts = ", ".join(f"{report.count(result)} {result.replace('_', ' ')}" for result in Result)
    written = " Rehearsal only; nothing was written." if dry_run else ""
    return "\n".join([*lines, f"{len(report.places)} places without a point: {counts}.{written}"])


def _line(placed: Placed) -> str:
    found = f" {placed.answer} ({placed.entry})" if placed.answer else ""
    why = f": {placed.why}" if placed.why else ""
    return f"  {placed.key or placed.incident_id}: {placed.result.replace('_', ' ')}{found}{why}"
