"""Making a gazetteer from the installed packages, and adding to it what an operator brings."""

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from tracker.geocoding.gazetteer import towns
from tracker.geocoding.gazetteer.file import GazetteerProblem, info, is_current, opened
from tracker.geocoding.gazetteer.geonames import Contents, read_geonames
from tracker.geocoding.gazetteer.packages import Packages, sources
from tracker.geocoding.gazetteer.places import Entry, Kind
from tracker.geocoding.gazetteer.weighing import distance
from tracker.geocoding.gazetteer.writer import Writer, replaced, writing
from tracker.phrases import phrase

Advance = Callable[[int, int], None]
# Reading is most of the work; the rest, for the bar, is indexing.
_SHARE_OF_READING = 0.85
_STEPS = 1_000
# GeoNames mends positions, here and there by far; a file in which many places have moved is another thing.
_AWAY_KM, _FEW_AWAY, _SHARE_AWAY = 200, 2, 0.1


@dataclass(frozen=True, slots=True)
class Added:
    """What became of a file: places that are new, places that were known, names, and lines of no use here."""

    new: int
    renewed: int
    names: int
    skipped: int


def _nothing(_done: int, _total: int) -> None:
    """Where nobody watches."""


def build(path: Path, advance: Advance = _nothing) -> None:
    """Make the gazetteer at `path`, whole or not at all; raises `GazetteerProblem` where the packages are missing."""
    made_from = sources()
    packages = Packages()
    with replaced(path) as hidden, writing(hidden, made_from) as writer:
        for entry in (*packages.countries(), *packages.divisions()):
            writer.add(entry)
        shown = 0
        for done, size, entry in packages.localities():
            writer.add(entry)
            step = int(_STEPS * _SHARE_OF_READING * done / size)
            if step > shown:
                shown = step
                advance(step, _STEPS)
        for entry in towns.entries(writer.divisions()):
            writer.add(entry)
        writer.finish()
        advance(_STEPS, _STEPS)


def is_built(path: Path) -> bool:
    """Whether a gazetteer of this format lies at `path`, made from the packages as they are installed."""
    return is_current(path, sources())


def add(path: Path, file: Path) -> Added:
    """Add a file of GeoNames to the gazetteer at `path`, wholly or not at all.

    A place that is known is renewed, the others are new; a file of alternate names only adds names to known places.
    Raises `GazetteerProblem` for a gazetteer that cannot be used and for a file with bad lines, and `OSError`.
    """
    made_from = [*info(path).sources]
    contents = read_geonames(file)
    with closing(opened(path)) as connection:
        _refuse_elsewhere(connection, contents, file.name)
    with replaced(path) as hidden:
        shutil.copyfile(path, hidden)
        with writing(hidden, [*dict.fromkeys([*made_from, file.name])]) as writer:
            done = _take(writer, contents)
            writer.finish()
    return done


def _refuse_elsewhere(connection: sqlite3.Connection, contents: Contents, name: str) -> None:
    """Refuse a file that has many known places far from where they lie, as with latitude and longitude exchanged."""
    known = away = 0
    examples: list[str] = []
    for entry, _admin1, _admin2 in contents.entries:
        query = "SELECT latitude, longitude FROM place WHERE id = ? AND kind = ?"
        for latitude, longitude in connection.execute(query, (entry.place.id, Kind.LOCALITY)):
            known += 1
            if distance(entry.place, entry.place._replace(latitude=latitude, longitude=longitude)) > _AWAY_KM:
                away += 1
                examples.append(entry.place.name)
    if away > _FEW_AWAY and away > known * _SHARE_AWAY:
        raise GazetteerProblem(
            phrase(
                "{file}: {away} of {known} known places lie over {distance} km from where they are ({examples}); are "
                "latitude and longitude exchanged? Nothing was added.",
                file=name,
                away=away,
                known=known,
                distance=_AWAY_KM,
                examples=", ".join(examples[:3]),
            )
        )


def _take(writer: Writer, contents: Contents) -> Added:
    kinds, codes = writer.known()
    for entry, _admin1, _admin2 in contents.entries:
        if entry.geonames:
            codes.setdefault(entry.geonames, entry.place.id)
    # Divisions keep the names and codes that other lists gave them, and get further ones.
    renewed = [each for each in contents.entries if each[0].place.id in kinds]
    writer.forget_names([entry.place.id for entry, *_ in renewed if entry.place.kind is Kind.LOCALITY])
    names = 0
    for entry, admin1, admin2 in contents.entries:
        place = entry.place
        if place.kind is not Kind.LOCALITY and kinds.get(place.id) is place.kind:
            writer.add_names(place.id, place.kind, entry.names[:-1])
        else:
            above = codes.get(admin1) if place.kind is not Kind.ADMIN1 else None
            within = codes.get(admin2) if place.kind is Kind.LOCALITY else None
            writer.add(Entry(place._replace(admin1=above, admin2=within), entry.names, geonames=entry.geonames))
        names += len(entry.names)
    for number, more in contents.names.items():
        if number in kinds:
            writer.add_names(number, kinds[number], more)
            names += len(more)
    return Added(len(contents.entries) - len(renewed), len(renewed), names, contents.skipped)
