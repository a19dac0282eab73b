"""`tracker report`, as people type it."""

import io
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from playwright.sync_api import Page
from pypdf import PdfReader

from tracker.cli import main
from tracker.web.public.report import pdf

Command = Callable[..., Result]
OCTOBER = ("country=KG", "from=2020-10-01", "to=2020-10-31")


@pytest.fixture
def tracker(monkeypatch: pytest.MonkeyPatch, seed_url: str, tmp_path: Path) -> Command:
    """Runs a command that only reads where the file of the project is imported and published, on either database."""
    monkeypatch.setenv("TRACKER_INSTANCE", str(tmp_path))
    monkeypatch.setenv("TRACKER_DATABASE_URL", seed_url.replace("postgresql+psycopg", "postgresql"))
    return lambda *words: CliRunner().invoke(main, ["report", *map(str, words)])


def test_the_sample_holds_all_eighteen_incidents_as_pdf(
    tracker: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRACKER_BASE_URL", "https://tracker.example")
    monkeypatch.setenv("TRACKER_HOSTS", "tracker.example")
    made = tmp_path / "report.pdf"
    result = tracker(*OCTOBER, "-o", made, "--paper", "letter")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == f"{made}: report of 18 incidents of dataset version 1.\n"
    reader = PdfReader(io.BytesIO(made.read_bytes()))
    text = " ".join(page.extract_text() for page in reader.pages)
    assert len(set(re.findall(r"KGZ-2020-\d{4}", text))) == 18
    assert "https://tracker.example/report?" in re.sub(r"\s+", "", text)
    assert [round(float(side)) for side in reader.pages[0].mediabox[2:]] == [612, 792]
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith("report")] == ["report.pdf"]


def test_the_html_file_opens_from_disk_in_another_language_and_leads_nowhere_unknown(
    tracker: Command, tmp_path: Path, open_page: Callable[..., Page], axe: Callable[[Page], list[str]]
) -> None:
    made = tmp_path / "otchet.html"
    assert tracker(*OCTOBER, "-o", made, "--language", "ru").exit_code == 0
    html = made.read_text(encoding="utf-8")
    assert '<html lang="ru">' in html
    assert "localhost" not in html
    assert not re.search(r"<script|<link|(src|href)=\"(?!data:|#|https://creativecommons\.org/)", html)
    page = open_page(java_script_enabled=True)
    page.goto(made.as_uri())
    assert axe(page) == []
    assert page.evaluate("[...document.images].every(one => one.naturalWidth > 0)")


def test_what_cannot_be_made_is_said_and_leaves_no_file(
    tracker: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = tmp_path / "report.html"
    refused = tracker("violation=slap", "limit=3", "-o", made)
    assert refused.exit_code == 1
    assert "violation=slap: This code does not exist here. Allowed: " in refused.stderr
    assert tracker("limit=3", "-o", made).stderr.startswith("limit=3: A report has no pages.")
    assert tracker("country=", "-o", made).exit_code == 1
    assert tracker(*OCTOBER, "-o", tmp_path / "report.doc").exit_code == 2
    assert tracker(*OCTOBER, "-o", tmp_path / "none" / "report.html").exit_code == 1
    monkeypatch.setattr(pdf, "is_available", lambda: False)
    missing = tracker(*OCTOBER, "-o", tmp_path / "report.pdf")
    assert (missing.exit_code, "libpango-1.0-0" in missing.stderr) == (1, True)
    assert list(tmp_path.glob("*report*")) == []
