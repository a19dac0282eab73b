"""The programs on the page for programs, taken from that page and run against a server of our own."""

import os
import re
import shutil
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

import pandas
import pytest
from flask import Flask

from tests.web.conftest import served


class _Reader(HTMLParser):
    """Collects the programs of a page: by the names of their headings, what each is run with and its lines."""

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, tuple[str, str]] = {}
        self._open: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "pre" and given.get("data-run"):
            self._open = str(given["aria-labelledby"])
            self.found[self._open] = (str(given["data-run"]), "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "pre":
            self._open = None

    def handle_data(self, data: str) -> None:
        if self._open:
            program, lines = self.found[self._open]
            self.found[self._open] = (program, lines + data)


@dataclass
class Examples:
    """The programs of the page, and where they are run."""

    found: dict[str, tuple[str, str]]
    folder: Path
    home: str
    run_names: set[str] = field(default_factory=set)

    def run(self, name: str) -> str:
        """Run one as a reader would who copies it, and return what it prints."""
        program, lines = self.found[name]
        commands = {
            "curl": ["bash", "-euo", "pipefail", "-c", lines],
            "python": [sys.executable, "-W", "error", "-c", lines],
            "r": ["Rscript", "--vanilla", "-e", lines],
        }
        done = subprocess.run(
            commands[program],
            cwd=self.folder,
            env={"PATH": os.environ["PATH"], "HOME": str(self.folder), "LC_ALL": "C.UTF-8", "no_proxy": "127.0.0.1"},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, f"{name}:\n{lines}\n{done.stdout}{done.stderr}"
        self.run_names.add(name)
        return done.stdout


@pytest.fixture(scope="module")
def site(seeded_app: Flask) -> Iterator[str]:
    """The address of a running server over the incidents of incidents.yaml."""
    with served(seeded_app) as address:
        yield address


@pytest.fixture
def examples(site: str, tmp_path: Path) -> Examples:
    """The programs as the page of that server gives them."""
    with urllib.request.urlopen(f"{site}/data/api") as answer:  # noqa: S310 - our own address
        reader = _Reader()
        reader.feed(answer.read().decode())
    return Examples(reader.found, tmp_path, site)


def test_the_page_shows_programs_of_each_kind_with_this_sites_addresses(examples: Examples) -> None:
    assert {program for program, _ in examples.found.values()} == {"curl", "python", "r"}
    tested = {
        "curl": ["file", "head", "as_of", "changed"],
        "python": ["file", "count", "pages", "changed"],
        "r": ["file", "json"],
    }
    assert set(examples.found) == {f"{program}-{name}" for program, names in tested.items() for name in names}
    assert all(examples.home in lines for _, lines in examples.found.values())


def test_the_programs_for_curl_do_what_they_say(examples: Examples) -> None:
    assert examples.run("curl-file") == ""
    rows = pandas.read_csv(examples.folder / "assaults.csv", dtype=str, keep_default_na=False)
    assert 0 < len(rows) < 18
    assert all("assault" in violations for violations in rows["act_violation"])
    head = examples.run("curl-head").lower()
    assert f"x-row-count: {len(rows)}" in head
    assert "x-dataset-version: 1" in head
    examples.run("curl-as_of")
    then = pandas.read_json(examples.folder / "then.json", typ="series")
    assert (then["meta"]["rows"], len(then["incidents"])) == (18, 18)
    assert examples.run("curl-changed").strip() == "304"
    assert (examples.folder / "incidents.json").stat().st_size > 10_000
    newer = examples.folder / "newer.json"
    assert not newer.exists() or newer.stat().st_size == 0


def test_the_programs_for_python_do_what_they_say(examples: Examples) -> None:
    assert examples.run("python-file").splitlines()[-1] == "18 incidents"
    counted = examples.run("python-count")
    assert re.search(r"^assault\s+[1-9]", counted, re.MULTILINE)
    assert "incidents without a certain year: 0" in counted
    assert examples.run("python-pages") == "18 of dataset version 1\n"
    assert examples.run("python-changed") == "dataset version 1\n"
    assert examples.run("python-changed") == "nothing was published since\n"


def _has_r(package: str) -> bool:
    command = ["Rscript", "--vanilla", "-e", f"quit(status = !requireNamespace('{package}', quietly = TRUE))"]
    return bool(shutil.which("Rscript")) and subprocess.run(command, check=False, capture_output=True).returncode == 0


@pytest.mark.parametrize(("name", "package"), [("r-file", "utils"), ("r-json", "jsonlite")])
def test_the_programs_for_r_do_what_they_say(examples: Examples, name: str, package: str) -> None:
    if not _has_r(package):
        pytest.skip(f"R or its package {package} is not installed here")
    printed = examples.run(name)
    assert printed.strip().endswith("18 incidents" if name == "r-file" else "dataset version 1")
    assert ("2020" if name == "r-file" else "assault") in printed
