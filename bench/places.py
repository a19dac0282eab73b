"""Judges the gazetteer by place texts with known coordinates (bench/places.txt), and measures how fast it is.

    python -m bench.places --half tuning
    python -m bench.places --half held-out --wrong
    python -m bench.places --list world --open
    python -m bench.places --incidents all_incidents_flat.csv --country US

The lists were written by hand; none of them comes from the gazetteer. They are split by place: weights and thresholds
are settled on one half alone, and the other is scored when they are done. An answer is *right* within 25 km of the
truth (a province: if the entry bears the name of that province, in whatever spelling), *wrong* if it is neither that
nor flagged as ambiguous, and *asked back* if a person has to choose. `--incidents` takes a table of others with the
columns city, state, lat and lon.
"""

import argparse
import csv
import math
import random
import sqlite3
import statistics
import time
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from zlib import crc32

from bench.machine import machine, p95, peak_megabytes
from tracker.geocoding import Answer, Candidate, Gazetteer, GazetteerProblem, Outcome, Wanted, locate
from tracker.geocoding.gazetteer.generic import peel
from tracker.geocoding.gazetteer.places import Rank
from tracker.settings import Settings
from tracker.text import fold
from tracker.vocabulary import PlacePrecision

LISTS = {
    "first": Path(__file__).with_name("places.txt"),
    "unseen": Path(__file__).with_name("places_unseen.txt"),
    "reporters": Path(__file__).with_name("places_reporters.txt"),
    "world": Path(__file__).with_name("places_world.txt"),
    "final": Path(__file__).with_name("places_final.txt"),
}
RIGHT_KM = 25
EXACT = 4_000
SLIPS = 1_500


@dataclass(frozen=True)
class Asked:
    """A text with what it means; `others` are more spellings of the name, which only a province needs."""

    text: str
    language: str
    country: str
    latitude: float
    longitude: float
    precision: PlacePrecision
    name: str
    others: tuple[str, ...] = ()

    @property
    def half(self) -> str:
        """To which half its place belongs; all texts of a place stay together."""
        return "tuning" if crc32(f"{self.country} {self.name}".encode()) % 2 else "held-out"


@dataclass(frozen=True)
class Judged:
    """What came of one text; `kilometres` is None where a province is judged, or nothing was answered."""

    asked: Asked
    answer: Answer
    verdict: str
    kilometres: float | None


def read_list(path: Path) -> Iterator[Asked]:
    """All texts of a list. A name with other spellings is written "Ysyk-Köl=Issyk-Kul"."""
    for line in path.read_text(encoding="utf-8").splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        place, *texts = line.split("|")
        country, latitude, longitude, kind, names = place.strip().split(" ", 4)
        name, *others = names.split("=")
        for each in texts:
            language, _blank, written = each.strip().partition(" ")
            for text in written.split(";"):
                yield Asked(
                    text.strip(), language, country, float(latitude), float(longitude), PlacePrecision(kind), name,
                    tuple(others),
                )  # fmt: skip


def read_incidents(path: Path, country: str) -> Iterator[Asked]:
    """Town and state of somebody else's incidents, each with the point that people put there."""
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["lat"] and row["city"]:
                yield Asked(
                    f"{row['city']}, {row['state']}", "en", country, float(row["lat"]), float(row["lon"]),
                    PlacePrecision.LOCALITY, row["city"],
                )  # fmt: skip


def judge(asked: Asked, gazetteer: Gazetteer, *, with_country: bool) -> Judged:
    """Look one text up and compare."""
    answer = locate(Wanted(text=asked.text, country=asked.country if with_country else None), gazetteer)
    best = answer.best
    if best is None:
        return Judged(asked, answer, "asked back" if answer.outcome is Outcome.AMBIGUOUS else "nothing", None)
    if asked.precision is not PlacePrecision.LOCALITY:
        return Judged(asked, answer, "right" if is_division_of(best, asked, gazetteer) else "wrong", None)
    if best.latitude is None or best.longitude is None:
        # A country is no pin, so it cannot be a wrong one.
        return Judged(asked, answer, "nothing", None)
    away = kilometres(asked.latitude, asked.longitude, best.latitude, best.longitude)
    return Judged(asked, answer, "right" if away <= RIGHT_KM else "wrong", away)


def is_division_of(best: Candidate, asked: Asked, gazetteer: Gazetteer) -> bool:
    """Whether a province or district is the one that is meant: not by how it is shown, but by all of its names."""
    if best.precision is not asked.precision or best.country != asked.country:
        return False
    spellings = (asked.name, *asked.others)
    if any(fold(name) in fold(best.name) for name in spellings):
        return True
    known = {_bare(name) for name in names_of(best, gazetteer.path)}
    return any(_bare(name) in known for name in spellings)


def names_of(best: Candidate, path: Path) -> list[str]:
    """All names that the list of places has for what was found, without the codes that stand for it."""
    with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as opened:
        query = "SELECT n.text FROM name n JOIN place p ON p.id = n.place WHERE n.rank < ? AND p.%s = ?"
        provider, _colon, number = best.entry.partition(":")
        column = "id" if provider == "geonames" else "code"
        return [text for (text,) in opened.execute(query % column, (int(Rank.CODE), number))]


def _bare(name: str) -> str:
    """A name without the words that say what it is: "Osh Region" and "Osh" are one."""
    return " ".join(peel(tuple(fold(name).split())).words)


def kilometres(latitude: float, longitude: float, other_latitude: float, other_longitude: float) -> float:
    """The distance of two points on a globe."""
    north, south = math.radians(latitude), math.radians(other_latitude)
    height = math.sin((north - south) / 2) ** 2
    width = math.sin(math.radians(longitude - other_longitude) / 2) ** 2
    return 12_742 * math.asin(math.sqrt(height + math.cos(north) * math.cos(south) * width))


def report(judged: list[Judged], title: str) -> None:
    """One line of the table."""
    if not judged:
        return
    verdicts = [each.verdict for each in judged]
    errors = [each.kilometres for each in judged if each.verdict == "right" and each.kilometres is not None]
    shares = [
        f"{100 * verdicts.count(one) / len(verdicts):.1f} %" for one in ("right", "wrong", "asked back", "nothing")
    ]
    middle = f"{statistics.median(errors):.1f}" if errors else "–"
    print(f"| {title} | {len(judged)} | {' | '.join(shares)} | {middle} |")


def show(judged: Iterable[Judged], verdicts: set[str]) -> None:
    """The texts of these verdicts, with the first candidates."""
    for each in judged:
        if each.verdict in verdicts:
            offered = " / ".join(f"{one.label} ({one.score})" for one in each.answer.candidates[:3])
            print(f"  {each.verdict}: {each.asked.country} {each.asked.text!r} → {offered}")


def speed(gazetteer: Gazetteer, asked: list[Asked], verdicts: set[str]) -> None:
    """How many names a second are looked up, how long a misspelt one takes, and what comes of it."""
    dice = random.Random(2020)
    names = [replace(each, text=each.name) for each in asked]
    # What is not on record is looked for among similar names, which is measured below.
    names = [each for each in names if judge(each, gazetteer, with_country=True).verdict == "right"]
    chosen = [dice.choice(names) for _each in range(EXACT)]
    began, worked = time.perf_counter(), time.process_time()
    for one in chosen:
        locate(Wanted(text=one.text, country=one.country), gazetteer)
    passed, worked = time.perf_counter() - began, time.process_time() - worked
    print(f"Exact: {EXACT / passed:,.0f} a second ({EXACT / worked:,.0f} by the time of the processor)")
    took, processor, judged = [], [], []
    for one in [dice.choice(names) for _each in range(SLIPS)]:
        spoilt = replace(one, text=misspelt(one.text, dice))
        began, worked = time.perf_counter(), time.process_time()
        judged.append(judge(spoilt, gazetteer, with_country=True))
        took.append(1000 * (time.perf_counter() - began))
        processor.append(1000 * (time.process_time() - worked))
    print(
        f"Misspelt: median {statistics.median(took):.1f} ms, p95 {p95(took):.1f} ms "
        f"(processor {statistics.median(processor):.1f}, {p95(processor):.1f})"
    )
    report(judged, "misspelt, with the country")
    show(judged, verdicts & {"wrong"})
    print(f"Peak memory of this process: {peak_megabytes():.0f} MB")


def misspelt(name: str, dice: random.Random) -> str:
    """A name with one letter left out, doubled, put in another's place or exchanged with its neighbour."""
    at = dice.randrange(1, max(2, len(name) - 1))
    letter = dice.choice("aeiorstn")
    return dice.choice([
        name[:at] + name[at + 1 :],
        name[:at] + letter + name[at:],
        name[:at] + letter + name[at + 1 :],
        name[:at] + name[at + 1 : at + 2] + name[at] + name[at + 2 :],
    ])  # fmt: skip


def main() -> None:
    """Read the words of the command, and print tables."""
    parser = argparse.ArgumentParser(prog="python -m bench.places")
    parser.add_argument("--list", choices=LISTS, default="first", help="which list is judged")
    parser.add_argument("--half", choices=["tuning", "held-out"], help="only this half of it")
    parser.add_argument("--wrong", action="store_true", help="show what went wrong")
    parser.add_argument("--open", action="store_true", help="show what was asked back or not found")
    parser.add_argument("--incidents", type=Path, help="a table of somebody else's incidents in the list's place")
    parser.add_argument("--country", default="US", help="the country of those")
    given = parser.parse_args()
    gazetteer = Gazetteer(Settings.from_environment().gazetteer)
    try:
        found = gazetteer.info()
    except GazetteerProblem as problem:
        parser.exit(1, f"{problem}\n")
    texts = read_incidents(given.incidents, given.country) if given.incidents else read_list(LISTS[given.list])
    asked = list(texts)
    asked = [each for each in asked if given.half in (None, each.half)]
    verdicts: set[str] = set()
    verdicts |= {"wrong"} if given.wrong else set()
    verdicts |= {"asked back", "nothing"} if given.open else set()
    print(machine())
    print(f"{found.bytes / 1e6:.0f} MB, from {', '.join(found.sources)}")
    print(
        "| texts | number | right | wrong | asked back | not found | median error, km |\n|---|--:|--:|--:|--:|--:|--:|"
    )
    for with_country in (True, False):
        judged = [judge(each, gazetteer, with_country=with_country) for each in asked]
        report(judged, "with the country" if with_country else "without")
        if not given.incidents:
            for language in sorted({each.asked.language for each in judged}):
                report([each for each in judged if each.asked.language == language], f"… in {language}")
        show(judged, verdicts)
    if not given.incidents:
        speed(gazetteer, [each for each in asked if each.precision is PlacePrecision.LOCALITY], verdicts)


if __name__ == "__main__":
    main()
