"""The ZIP of tables: what its description promises is true of its files."""

import csv
import io
import json
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from frictionless import Package, system

from tests.dataset.made_up import MadeUp
from tests.dataset.samples import act, by, incident, publish, site, victim
from tracker.dataset.exports import FORMATS
from tracker.dataset.exports.descriptor import how_to_undo
from tracker.dataset.fields import tables
from tracker.dataset.filters import DatasetFilter
from tracker.db import Database


def _package(database: Database) -> bytes:
    with database.public() as session:
        export = FORMATS["zip"].prepare(session, DatasetFilter(), site="https://example.org")
    return b"".join(FORMATS["zip"].write(database.public, export))


def _unpacked(content: bytes, folder: Path) -> dict[str, Any]:
    with ZipFile(BytesIO(content)) as package:
        assert package.testzip() is None
        package.extractall(folder)
    described: dict[str, Any] = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    return described


def _problems(folder: Path) -> list[str]:
    with system.use_context(trusted=True):
        report = Package(str(folder / "datapackage.json")).validate()
    found = [*report.errors, *(error for task in report.tasks for error in task.errors)]
    return [error.message for error in found]


def test_frictionless_finds_the_tables_as_they_are_described(sqlite_database: Database, tmp_path: Path) -> None:
    publish(sqlite_database, site(), *MadeUp(3).incidents(40))
    described = _unpacked(_package(sqlite_database), tmp_path)
    assert _problems(tmp_path) == []
    assert [resource["name"] for resource in described["resources"]] == [table.name for table in tables()]
    assert described["version"] == "1"
    assert described["licenses"][0]["name"] == "CC-BY-4.0"
    assert described["homepage"] == "https://example.org/"
    assert described["meta"]["rows"] == described["resources"][0]["rows"] == 40
    for resource in described["resources"]:
        content = (tmp_path / resource["path"]).read_bytes()
        assert resource["bytes"] == len(content)
        assert resource["hash"] == f"sha256:{sha256(content).hexdigest()}"
        rows = list(csv.reader(io.StringIO(content.decode(), newline="")))
        assert resource["rows"] == len(rows) - 1
        assert [field["name"] for field in resource["schema"]["fields"]] == rows[0]
        assert all(field["description"] for field in resource["schema"]["fields"])


def test_frictionless_would_find_a_broken_key_a_strange_code_and_a_changed_file(
    sqlite_database: Database, tmp_path: Path
) -> None:
    publish(sqlite_database, site(), incident("KGZ-2020-0001", acts=[act("threat", [victim()], [by("police")])]))
    _unpacked(_package(sqlite_database), tmp_path)
    assert _problems(tmp_path) == []
    acts, victims = tmp_path / "acts.csv", tmp_path / "victims.csv"
    acts.write_bytes(acts.read_bytes().replace(b"threat", b"thread"))
    victims.write_bytes(victims.read_bytes().replace(b"KGZ-2020-0001,1,1", b"KGZ-2020-0001,2,1"))
    found = " ".join(_problems(tmp_path))
    assert "enum" in found
    assert "foreign key" in found.lower()
    assert "hash" in found


def test_the_readme_tells_what_the_tables_are_and_how_to_read_them_back(
    sqlite_database: Database, tmp_path: Path
) -> None:
    publish(sqlite_database, site(), incident("KGZ-2020-0001", title={"en": "=1+1"}))
    _unpacked(_package(sqlite_database), tmp_path)
    readme = (tmp_path / "README.txt").read_text(encoding="utf-8")
    for words in ("dataset version 1", "2026-03-01T12:00:00Z", "all incidents", "creativecommons.org/licenses/by/4.0"):
        assert words in readme
    given: dict[str, Any] = {}
    exec(how_to_undo(), given)  # noqa: S102  # What readers are told to run.
    assert all(line.strip() in readme for line in how_to_undo().splitlines())
    assert [row["title"] for row in given["rows"](str(tmp_path / "incidents.csv"))] == ["=1+1"]
    assert given["entries"](r"a\|b|c\\||d") == ["a|b", "c\\", "", "d"]
    assert given["entries"]("") == []
