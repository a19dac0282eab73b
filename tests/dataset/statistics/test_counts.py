"""Every figure is that of the public records: counted again with pandas, for hundreds of random questions."""

import json
import random

import pytest

from tests.dataset.samples import publish
from tests.dataset.statistics import brute, invented
from tracker.dataset import statistics
from tracker.dataset.exports import FORMATS, prepare
from tracker.dataset.statistics.question import DIMENSIONS, Unit
from tracker.db import Database
from tracker.vocabulary import Nature

# Figures and lists come out of the same columns; here the list is found by the other way.
pytestmark = pytest.mark.usefixtures("by_the_database")

UNITS, NAMES = tuple(Unit), tuple(DIMENSIONS)


def listed(database: Database, pairs: brute.Pairs) -> list[dict[str, object]]:
    """The incidents of a filter, as the JSON file has them."""
    _, wanted = statistics.parse(pairs)
    with database.public() as session:
        export = prepare(session, wanted)
    content = b"".join(FORMATS["json"].write(database.public, export))
    return json.loads(content)["incidents"]  # type: ignore[no-any-return]


def engine(table: object) -> dict[tuple[str, brute.Key], tuple[int, int]]:
    """The cells of a table that hold anything."""
    found: dict[tuple[str, brute.Key], tuple[int, int]] = {}
    for cell in table.iterate():  # type: ignore[attr-defined]
        for measure, counted in zip(table.measures, cell.counts, strict=True):  # type: ignore[attr-defined]
            if counted.possible or counted.certain:
                key: brute.Key = (cell.row,) if cell.column is None else (cell.row, cell.column)
                found[measure, key] = (counted.possible, counted.certain)
    return found


def check(database: Database, pairs: brute.Pairs, question: brute.Pairs) -> None:
    asked, wanted = statistics.parse([*question, *pairs])
    with database.public() as session:
        table = statistics.summary(session, wanted, asked)
    again = brute.Brute(listed(database, pairs), pairs)
    dimensions = tuple(dimension.name for dimension in asked.dimensions)
    said = f"{question} {pairs}"
    assert engine(table) == again.count(asked.unit, dimensions), said
    total = again.count(asked.unit, ())
    for number, measure in enumerate(table.measures):
        assert int(table.total.possible[number]) == total.get((measure, ()), (0, 0))[0], said
    rows = again.count(asked.unit, dimensions[:1])
    for place, key in enumerate(table.rows):
        for number, measure in enumerate(table.measures):
            counted = table.at(table.of_rows, place)[number]
            assert (counted.possible, counted.certain) == rows.get((measure, (key,)), (0, 0)), said


def check_many(database: Database, seed: int, count: int) -> None:
    publish(database, *invented.others(), *invented.incidents(80, seed))
    publish(database, *invented.incidents(20, seed + 50), nature=Nature.CORRECTION)
    dice = random.Random(seed)
    for _ in range(count):
        check(database, invented.filter_pairs(dice), invented.question_pairs(dice, UNITS, NAMES))


@pytest.mark.parametrize("seed", range(5))
def test_every_figure_equals_a_count_over_the_public_json(sqlite_database: Database, seed: int) -> None:
    check_many(sqlite_database, seed, 100)


def test_every_figure_equals_a_count_over_the_public_json_on_postgresql_too(postgres_database: Database) -> None:
    check_many(postgres_database, 9, 60)
