"""Imports too large for one transaction: they go in batches, and go on where they were cut off."""

import json
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.importing.material import counts, file_of, imported, incident, meaning, rows, written
from tracker.db import Database
from tracker.importing import load
from tracker.importing.report import Fate
from tracker.registry.operations import Refused
from tracker.settings import Settings

SIZE = 4
NUMBER = 14

# Runs in a process of its own that ends itself in the middle, as a power cut would.
CUT_OFF = """
import os, signal, sys
from pathlib import Path
from tracker.db import Database
from tracker.importing import load
from tracker.importing.drafts import entries_of
from tracker.importing.yaml_file import read
from tracker.settings import Settings

load.LARGEST_TRANSACTION = int(sys.argv[2])
database = Database(Settings(instance=Path(), database_url=sys.argv[1]))
entries, shape = entries_of(read(Path(sys.argv[3])))

def progress(done, total):
    if done >= int(sys.argv[4]):
        os.kill(os.getpid(), signal.SIGKILL)

load.Import(database, "import:tester", publish=True, progress=progress).run(entries, shape)
"""


# What stands in the way on PostgreSQL (turns, locks, constraints) the other tests of this module meet as well.
DEEP_ON_POSTGRES = pytest.mark.parametrize(
    "backend", ["sqlite", pytest.param("postgres", marks=pytest.mark.deep)], indirect=True
)


class CutOff(Exception):
    """Plays the end of the process."""


@pytest.fixture(autouse=True)
def _small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(load, "LARGEST_TRANSACTION", SIZE)


@pytest.fixture
def second_database(tmp_path: Path, run: Any) -> Any:
    """Another installation, for an import that nothing disturbs."""
    path = tmp_path / "second.sqlite"
    path.write_bytes(run.migrated_sqlite().read_bytes())
    opened = Database(Settings(instance=tmp_path, database_url=f"sqlite:///{path}"))
    yield opened
    opened.dispose()


def large() -> dict[str, Any]:
    """Incidents that relate to the next ones, to the last and to the first, so that batches cross in both ways."""
    keys = [f"incident-{n:02}" for n in range(NUMBER)]
    relations = {n: {keys[(n + 1) % NUMBER], keys[(n + 5) % NUMBER], keys[-1], keys[0]} for n in range(NUMBER)}
    return file_of(*(incident(key, related=sorted(relations[n] - {key})) for n, key in enumerate(keys)))


def relations(database: Database) -> dict[str, list[str]]:
    """What each incident relates to, as its last revision has it."""
    found: dict[str, list[str]] = {}
    for kind, _number, action, _actor, _why, snapshot in meaning(database)["history"]:
        if kind == "incident" and action in {"record", "amend"}:
            content = load_json(snapshot)
            found[content["key"]] = content.get("related", [])
    return found


def load_json(content: Any) -> dict[str, Any]:
    found = json.loads(content)
    assert isinstance(found, dict)
    return found


def wanted(data: dict[str, Any]) -> dict[str, list[str]]:
    return {record["key"]: record["related"] for record in data["incidents"]}


def public_relations(database: Database) -> dict[str, int]:
    return {row[1]: len(load_json(row[3])["related"]) for row in meaning(database)["public"] if row[0] == "incident"}


def test_relations_across_batches_are_complete_in_the_registry_and_in_public(database: Database) -> None:
    data = large()
    report = imported(database, data, publish=True)
    assert (report.total(Fate.CREATED), report.total(Fate.UPDATED)) == (NUMBER + 4, 0)
    assert relations(database) == wanted(data)
    references = dict(meaning(database)["references"])
    assert public_relations(database) == {references[key]: len(keys) for key, keys in wanted(data).items()}


@DEEP_ON_POSTGRES
def test_a_second_import_in_batches_changes_nothing(database: Database) -> None:
    imported(database, large(), publish=True)
    before = rows(database)
    assert imported(database, large(), publish=True).nothing_changed
    assert rows(database) == before


@DEEP_ON_POSTGRES
def test_batches_end_with_the_same_words_as_one_transaction(
    database: Database, second_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    imported(database, large(), publish=True)
    monkeypatch.setattr(load, "LARGEST_TRANSACTION", 1_000)
    imported(second_database, large(), publish=True)
    assert meaning(database)["references"] == meaning(second_database)["references"]
    assert meaning(database)["origins"][0][:3] == meaning(second_database)["origins"][0][:3]
    assert public_relations(database) == public_relations(second_database)


@pytest.mark.parametrize("steps", [5, 19, *(pytest.param(steps, marks=pytest.mark.deep) for steps in (13, 18, 26, 30))])
def test_an_import_cut_off_anywhere_goes_on_and_ends_like_one_that_was_not(
    database: Database, second_database: Database, steps: int
) -> None:
    def cut_off(done: int, _total: int) -> None:
        if done >= steps:
            raise CutOff

    with pytest.raises(CutOff):
        imported(database, large(), publish=True, progress=cut_off)
    imported(database, large(), publish=True)
    imported(second_database, large(), publish=True)
    assert meaning(database) == meaning(second_database)


def test_an_import_that_was_killed_goes_on_and_ends_like_one_that_was_not(
    sqlite_url: str, second_database: Database, tmp_path: Path
) -> None:
    file = tmp_path / "large.yaml"
    file.write_text(written(large()), encoding="utf-8")
    killed = subprocess.run([sys.executable, "-c", CUT_OFF, sqlite_url, str(SIZE), str(file), "11"], check=False)
    assert killed.returncode == -signal.SIGKILL
    database = Database(Settings(instance=tmp_path, database_url=sqlite_url))
    try:
        assert 0 < counts(database)["incident"] < NUMBER
        imported(database, large(), publish=True)
        imported(second_database, large(), publish=True)
        assert meaning(database) == meaning(second_database)
    finally:
        database.dispose()


@DEEP_ON_POSTGRES
def test_a_rehearsal_in_batches_writes_nothing_and_tells_the_same(database: Database) -> None:
    before = rows(database)
    rehearsed = imported(database, large(), publish=True, dry_run=True)
    assert rows(database) == before
    assert rehearsed.counts == imported(database, large(), publish=True).counts


@DEEP_ON_POSTGRES
def test_changed_records_with_relations_to_new_ones_are_updated_once(database: Database) -> None:
    data = large()
    first = data | {"incidents": [record | {"related": []} for record in data["incidents"][:6]]}
    imported(database, first, publish=True)
    report = imported(database, data, publish=True)
    assert (report.total(Fate.CREATED), report.total(Fate.UPDATED)) == (NUMBER - 6, 6)
    assert relations(database) == wanted(data)


def test_what_the_gate_refuses_in_a_batch_is_told_and_what_came_before_stays(database: Database) -> None:
    data = large()
    data["incidents"][-1]["title"] = {}
    work: list[tuple[int, int]] = []
    with pytest.raises(Refused) as refused:
        imported(database, data, publish=True, progress=lambda done, total: work.append((done, total)))
    assert [problem.path for problem in refused.value.problems] == [("incidents", NUMBER - 1, "title")]
    assert counts(database)["incident"] == NUMBER
    imported(database, large(), publish=True)
    assert relations(database) == wanted(large())


def test_a_fault_anywhere_in_a_large_file_is_found_before_anything_is_written(database: Database) -> None:
    before = counts(database)
    data = large()
    data["incidents"][-1]["topics"] = ["none"]
    with pytest.raises(Refused):
        imported(database, data, publish=True)
    assert counts(database) == before
