"""Commands for places: the list of places that the tracker looks them up in, and looking one up."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from tracker.cli.telling import bar, fail, told_plainly
from tracker.cli.whole_file import stopped_in_order
from tracker.geocoding import Answer, Candidate, Gazetteer, GazetteerProblem, Outcome, Wanted, locate
from tracker.geocoding.coordinates import CoordinatesProblem, looks_like_coordinates, read_coordinates
from tracker.geocoding.gazetteer import building
from tracker.geocoding.locate import no_such_country
from tracker.settings import Settings
from tracker.vocabulary import COUNTRIES

FILE = click.Path(path_type=Path, dir_okay=False, exists=True)


@click.group()
def gazetteer() -> None:
    """The list of places, by which places are found without asking anybody."""


@gazetteer.command("build")
@click.option("--if-needed", is_flag=True, help="Do nothing where it is there and current.")
def gazetteer_build(if_needed: bool) -> None:
    """Make the list of places anew: from the installed packages (GeoNames, 500 inhabitants and more) and our towns.

    The old list is used until the new one is whole. Files that were added have to be added again.
    """
    with told_plainly():
        path = Settings.from_environment().gazetteer
        if if_needed and building.is_built(path):
            return
        added = _added_files(path)
        click.echo(f"Making the list of places (once; it takes about half a minute): {path}", err=True)
        with stopped_in_order(), bar("Places") as advance:
            building.build(path, advance)
        found = Gazetteer(path).info()
    click.echo(f"{sum(found.counts.values()) - found.counts['names']:,} places with {found.counts['names']:,} names.")
    for name in added:
        click.echo(f"To be added again: {name}")


@gazetteer.command("add")
@click.argument("file", type=FILE)
def gazetteer_add(file: Path) -> None:
    """Add FILE of GeoNames: a country with all of its villages, or alternate names (text or zip, as published).

    If a line is bad, it is named and nothing is added.
    """
    with told_plainly(), stopped_in_order():
        done = building.add(Settings.from_environment().gazetteer, file)
    click.echo(
        f"{done.new:,} places added, {done.renewed:,} renewed, {done.names:,} names read; "
        f"{done.skipped:,} lines speak of nothing that is looked for here."
    )


@gazetteer.command("info")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def gazetteer_info(as_json: bool) -> None:
    """Say what the list of places holds, and what it was made from."""
    with told_plainly():
        found = Gazetteer(Settings.from_environment().gazetteer).info()
    if as_json:
        click.echo(json.dumps(asdict(found) | {"path": str(found.path)}, indent=2, ensure_ascii=False))
        return
    click.echo(f"{found.path} ({found.bytes / 1e6:.0f} MB, made {found.built_at})")
    for kind, count in found.counts.items():
        click.echo(f"  {kind}: {count:,}")
    click.echo(f"From: {', '.join(found.sources)}")
    click.echo(found.attribution)


@click.command(short_help="Look a place up.")
@click.argument("text")
@click.option("--country", metavar="CODE", help="Only in this country (ISO 3166-1 alpha-2, such as KG).")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def geocode(text: str, country: str | None, as_json: bool) -> None:
    """Look up what TEXT calls a place: "Osh, Kyrgyzstan", "Кыргызстан, Ош", "Minneapolis, MN".

    Nobody outside is asked. Where several places are close, it says ambiguous and lists them. Coordinates are read;
    with --country they have to lie there. The exit status is 0 for a place that was found, else 1.
    """
    with told_plainly():
        if looks_like_coordinates(text):
            _tell_coordinates(text, country, as_json)
            return
        answer = locate(Wanted(text=text, country=country), Gazetteer(Settings.from_environment().gazetteer))
    if as_json:
        click.echo(json.dumps(_as_dict(answer), indent=2, ensure_ascii=False))
    else:
        _tell(answer)
    if answer.outcome is not Outcome.FOUND:
        click.get_current_context().exit(1)


def _as_dict(answer: Answer) -> dict[str, Any]:
    candidates = [{"label": each.label, **asdict(each)} for each in answer.candidates]
    return asdict(answer) | {"candidates": candidates}


def _tell_coordinates(text: str, country: str | None, as_json: bool) -> None:
    try:
        if country is not None and country not in COUNTRIES:
            fail(no_such_country(country))
        point = read_coordinates(text, country=country)
    except CoordinatesProblem as problem:
        fail(problem.message)
    click.echo(json.dumps(asdict(point)) if as_json else f"{point.latitude:g}, {point.longitude:g}")


def _tell(answer: Answer) -> None:
    click.echo(f"{answer.outcome}{f': {answer.problem}' if answer.problem else ''}")
    for each in answer.candidates:
        click.echo(f"  {_line(each)}")
    if answer.attribution:
        click.echo(answer.attribution)


def _line(one: Candidate) -> str:
    where = "no pin" if one.latitude is None else f"{one.latitude:.4f}, {one.longitude:.4f}"
    called = "" if one.matched == one.name else f", as “{one.matched}”"
    return f"{one.score:.3f}  {one.label} ({one.precision.label.lower()}; {where}; {one.entry}{called})"


def _added_files(path: Path) -> list[str]:
    """What was added to the present list beside the packages."""
    try:
        return [each for each in Gazetteer(path).info().sources if "." in each and " " not in each]
    except GazetteerProblem:
        return []
