"""Builds a database of a million public incidents from one of some ten thousands that `bench.build` made.

    python -m bench.million /tmp/twenty.sqlite sqlite:////tmp/million.sqlite --incidents 1000000
    python -m bench.million /tmp/million.sqlite postgresql+psycopg://user@host/million --copy

Recording and publishing a million incidents one by one takes hours; what readers meet are the public tables alone. So
each incident that was really published is taken many times over, with a reference, an id, a year and rare words of its
own, in its JSON and in everything that is rendered from it. Whether a rendering is what the program would make of the
JSON is checked for one copy in a thousand. The copies spread over many dataset versions, and one in fifty was
corrected once, so that it has an earlier version too.

The indexes are made at the end, since sorting once is quicker than keeping order a million times.
"""

import argparse
import json
import re
import shutil
import sqlite3
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from bench import words
from bench.into_postgres import copy_to_postgres
from bench.machine import machine, peak_megabytes
from tracker import upgrades
from tracker.dataset import tallies
from tracker.dataset.map.points import months
from tracker.dataset.models import OPEN, PublicVersion
from tracker.dataset.rendering import Rendering, filter_columns, fingerprint, render
from tracker.dataset.renderings import RENDERED
from tracker.db import Database, sqlite_path
from tracker.settings import Settings

VERSIONS = 400
"""How many dataset versions they spread over."""
CORRECTED = 50
"""One in so many was corrected."""
CHECKED = 1_000
"""One in so many is compared with what the program itself would render."""
AT_ONCE = 2_000
YEARS = range(2011, 2026)
RARE = range(200, words.NOUNS)

# The public tables that hold incidents, with the columns that are written; the rest of the schema stays as it is.
TABLES = {table.__tablename__: list(table.__table__.columns.keys()) for table in (PublicVersion, *RENDERED)}
TABLES["public_search"] = ["rowid", "words"]
_RANKS = {words.noun_of_rank(rank): rank for rank in RARE}
_CAPITALISED = re.compile(r"[A-Z][a-z]{5,9}")


@dataclass
class Original:
    """A published incident, and how its copies differ from it."""

    record_id: str
    reference: str
    date: dict[str, Any]
    texts: dict[str, list[str]]
    made: Rendering
    year: str | None
    rare: list[str]

    @classmethod
    def of(cls, record_id: str, reference: str, text: str) -> "Original":
        """An incident by its stored JSON."""
        record, made = json.loads(text), render(text)
        year = _year(record["date"], text)
        rare = sorted({word for word in _CAPITALISED.findall(text) if word in _RANKS})[:4]
        parts = [re.escape(reference), re.escape(record_id), *(rf"\b{word}\b" for word in rare)]
        if year:
            # A number that only looks like the year is part of something longer: a coordinate, another reference.
            parts.append(rf"(?<!\d)(?<!\d\.)(?<![\-A-Za-z]){year}(?!\d|\.\d)")
        pattern = re.compile(f"({'|'.join(parts)})")
        told = {"json": text, "csv": made.csv, "feature": made.feature}
        # Every second piece is one that copies exchange.
        texts = {name: pattern.split(value) for name, value in told.items()}
        return cls(record_id, reference, record["date"], texts, replace(made, csv="", feature=""), year, rare)


def _year(date: dict[str, Any], text: str) -> str | None:
    """The one year of a date, which copies change; None where there is no such or a leap day in it."""
    found = set(re.findall(r"\d{4}", " ".join(str(value) for value in date.values() if value)))
    one = found.pop() if len(found) == 1 else ""
    return one if one.isdigit() and int(one) in YEARS and "-02-29" not in text else None


@dataclass
class Copies:
    """Makes copies, each the same for its number, with references that nobody else has."""

    originals: list[Original]

    def rows(self, number: int, version_id: int, valid_from: int, valid_to: int | None, at: str) -> dict[str, Any]:
        """The rows of all tables for one version of a copy."""
        original = self.originals[number % len(self.originals)]
        exchanged = self._exchanged(original, number, Random(number))
        texts = {name: _joined(pieces, exchanged) for name, pieces in original.texts.items()}
        made, key = original.made, exchanged[original.reference]
        told = filter_columns({"reference": key, "date": _date(original, exchanged)})
        columns = made.columns | {name: told[name] for name in ("earliest", "latest", "sort_key")}
        first, last = months(columns["earliest"], columns["latest"])
        point = made.point | {"first_month": first, "last_month": last}
        document = self._document(made.words, original, exchanged)
        if number % CHECKED == 0:
            got = replace(
                made, columns=columns, point=point, csv=texts["csv"], feature=texts["feature"], words=document
            )
            _compare(render(texts["json"]), got)
        end = OPEN if valid_to is None else valid_to
        key_of, span = {"version_id": version_id}, {"valid_from": valid_from, "valid_to": end}
        nature = "addition" if valid_to or number % CORRECTED else "correction"
        version = (version_id, "incident", exchanged[original.record_id], key, valid_from, valid_to)
        rows: dict[str, list[dict[str, Any]]] = {
            "public_incident": [columns | {"rendered_with": fingerprint()} | key_of | span],
            "public_line": [{"csv": texts["csv"], "feature": texts["feature"]} | key_of | span],
            "public_point": [point | key_of | span],
            "public_facet": [facet._asdict() | key_of | span for facet in made.facets],
            "public_incident_topic": [{"topic": topic} | key_of for topic in made.topics],
            "public_known": [{"bits": made.known} | key_of],
        }
        in_order = {name: [tuple(row[column] for column in TABLES[name]) for row in rows[name]] for name in rows}
        return in_order | {
            "public_version": [(*version, at, nature, 1, texts["json"])],
            "public_search": [(version_id, document)],
        }

    def _exchanged(self, original: Original, number: int, dice: Random) -> dict[str, str]:
        country, old_year, _ = original.reference.split("-")
        year = str(dice.choice(YEARS)) if original.year else old_year
        prefix = f"{country}-{year if original.year == old_year else old_year}"
        found = {
            original.reference: f"{prefix}-{100_000 + number}",
            original.record_id: f"{number:08x}-{original.record_id[9:]}",
        }
        if original.year:
            found[original.year] = year
        for word in original.rare:
            found[word] = words.noun_of_rank(dice.choice(RARE))
        return found

    def _document(self, document: str, original: Original, exchanged: dict[str, str]) -> str:
        folded = {old.lower(): new.lower() for old, new in exchanged.items()}
        tokens = set(document.split())
        # A word may also stand inside another text as it is written there; then both stay, as they would.
        for word in original.rare:
            tokens.discard(word.lower())
            tokens.add(folded[word.lower()])
        old, new = original.reference.lower().split("-"), exchanged[original.reference].lower().split("-")
        if old[2] in tokens:
            tokens.discard(old[2])
            tokens.update(new)
        return " ".join(sorted(tokens))


def _joined(pieces: list[str], exchanged: dict[str, str]) -> str:
    made = pieces.copy()
    made[1::2] = [exchanged[piece] for piece in pieces[1::2]]
    return "".join(made)


def _date(original: Original, exchanged: dict[str, str]) -> dict[str, Any]:
    date = original.date
    if original.year is None:
        return date
    limits = {name: date[name] and exchanged[original.year] + date[name][4:] for name in ("earliest", "latest")}
    return date | limits


def _compare(wanted: Rendering, got: Rendering) -> None:
    for name in ("columns", "point", "csv", "feature", "facets", "topics", "known"):
        if getattr(wanted, name) != getattr(got, name):
            raise RuntimeError(f"a copy differs in {name}: {getattr(wanted, name)!r} {getattr(got, name)!r}")
    # Years that stand in sentences, and words in both cases, may differ by a few of a hundred.
    differing = set(wanted.words.split()) ^ set(got.words.split())
    if len(differing) > 8:
        raise RuntimeError(f"a copy differs in words: {sorted(differing)}")


def originals_of(connection: sqlite3.Connection) -> list[Original]:
    """The incidents that are public in a database, rendered."""
    statement = "SELECT record_id, key, json FROM public_version WHERE kind = 'incident' AND valid_to IS NULL"
    return [Original.of(*row) for row in connection.execute(statement)]


def multiply(path: Path, incidents: int) -> None:
    """Add copies to a database until it has so many incidents that are public now."""
    connection = sqlite3.connect(path, isolation_level=None)
    # Should this be interrupted, the file is to be thrown away.
    for pragma in ("journal_mode=OFF", "synchronous=OFF", "locking_mode=EXCLUSIVE", "cache_size=-400000"):
        connection.execute(f"PRAGMA {pragma}")
    originals = originals_of(connection)
    print(f"{len(originals):,} originals rendered; {peak_megabytes():.0f} MB", flush=True)
    indexes = list(_without_indexes(connection))
    began = time.perf_counter()
    connection.execute("BEGIN")
    for done, batch in enumerate(_batches(connection, originals, incidents - len(originals)), start=1):
        for table, rows in batch.items():
            names = TABLES[table]
            gaps = ", ".join("?" * len(names))
            connection.executemany(f"INSERT INTO {table} ({', '.join(names)}) VALUES ({gaps})", rows)
        if done % 25 == 0:
            print(f"{done * AT_ONCE:,} copies after {time.perf_counter() - began:.0f} s", flush=True)
    connection.execute("COMMIT")
    for statement in indexes:
        connection.execute(statement)
        print(f"{statement.split()[2]} after {time.perf_counter() - began:.0f} s", flush=True)
    connection.execute("INSERT INTO public_search(public_search) VALUES ('optimize')")
    connection.execute("PRAGMA journal_mode=WAL")
    connection.close()


def _without_indexes(connection: sqlite3.Connection) -> Iterator[str]:
    """Drop the indexes of the tables that are filled; gives the statements that make them again."""
    marks = ", ".join("?" * len(TABLES))
    statement = f"SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql <> '' AND tbl_name IN ({marks})"
    for name, sql in connection.execute(statement, list(TABLES)).fetchall():
        connection.execute(f"DROP INDEX {name}")
        yield sql


def _batches(
    connection: sqlite3.Connection, originals: list[Original], count: int
) -> Iterator[dict[str, list[tuple[Any, ...]]]]:
    """The rows of all copies, dataset version by dataset version, in the order in which they were published."""
    copies = Copies(originals)
    (first,) = connection.execute("SELECT max(version) FROM public_dataset_version").fetchone()
    (version_id,) = connection.execute("SELECT max(id) FROM public_version").fetchone()
    (last_at,) = connection.execute("SELECT max(published_at) FROM public_dataset_version").fetchone()
    instant = datetime.fromisoformat(last_at)
    rows: dict[str, list[tuple[Any, ...]]] = {table: [] for table in TABLES}
    to_correct: dict[int, list[int]] = defaultdict(list)
    for step in range(VERSIONS):
        version, instant = first + 1 + step, instant + timedelta(minutes=1)
        at = instant.isoformat(" ", "microseconds")
        corrected = to_correct.pop(version, [])
        added = range(count * step // VERSIONS, count * (step + 1) // VERSIONS)
        for number in (*corrected, *added):
            is_new = number in added
            ends = version + 1 + number % 97 if is_new and number % CORRECTED == 0 else None
            if ends is not None and ends <= first + VERSIONS:
                to_correct[ends].append(number)
            else:
                ends = None
            version_id += 1
            for table, made in copies.rows(number, version_id, version, ends, at).items():
                rows[table] += made
            if len(rows["public_version"]) >= AT_ONCE:
                yield rows
                rows = {table: [] for table in TABLES}
        stamp = f"{Random(version).getrandbits(64):016x}"
        told = (version, at, stamp, len(added), len(corrected), 0, 0)
        connection.execute("INSERT INTO public_dataset_version VALUES (?, ?, ?, ?, ?, ?, ?)", told)
    yield rows
    connection.execute("UPDATE public_dataset SET version = ?", (first + VERSIONS,))


def main() -> None:
    """Build a database as the command line says."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("source", type=Path, help="an SQLite database that bench.build has made")
    parser.add_argument("url", help="address of a database that does not exist yet (SQLite) or is empty (PostgreSQL)")
    parser.add_argument("--incidents", type=int, default=1_000_000)
    parser.add_argument("--copy", action="store_true", help="bring the source into PostgreSQL as it is")
    choices = parser.parse_args()
    print(machine())
    settings = Settings.from_environment({"TRACKER_DATABASE_URL": choices.url})
    began = time.perf_counter()
    if choices.copy:
        upgrades.upgrade(settings)
        copy_to_postgres(choices.source, settings.database_url, list(TABLES))
    else:
        path = sqlite_path(settings.database_url)
        if path is None or path.exists():
            parser.error("give the address of an SQLite database that does not exist yet")
        shutil.copy(choices.source, path)
        multiply(path, choices.incidents)
    database = Database(settings)
    with database.write() as session:
        tallies.count_anew(session)
    database.dispose()
    print(f"done after {time.perf_counter() - began:.0f} s, {peak_megabytes():.0f} MB resident at most")


if __name__ == "__main__":
    main()
