"""A real Chromium for the tests, and what is watched while a page is open in it."""

import hashlib
import os
import shutil
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

VENDOR = Path(__file__).with_name("vendor")
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
OWN_HOSTS = frozenset({"127.0.0.1", "127.0.0.2", "localhost", "::1"})
MILLISECONDS_TO_WAIT = 15_000

# The browser is to talk to the server under test and to nobody else: its own services are switched off,
# and every other name is answered as unknown, so that a stray request fails at once on any network.
FLAGS = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE 127.0.0.2, EXCLUDE localhost, EXCLUDE [::1]",
)


def find_chromium() -> str:
    """The path of an installed Chromium or Chrome; none is ever downloaded."""
    for name in (os.environ.get("TRACKER_TEST_CHROMIUM"), *NAMES):
        if name and (path := shutil.which(name)):
            return path
    raise RuntimeError("no Chromium was found; `requirements/system.sh chromium` sees to it")


@contextmanager
def chromium() -> Iterator[Browser]:
    """A running headless browser. Root cannot have the browser's sandbox; everyone else keeps it."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=find_chromium(), args=list(FLAGS), chromium_sandbox=os.geteuid() != 0
        )
        try:
            yield browser
        finally:
            browser.close()


class PageWatch:
    """What went wrong in the pages of one test.

    Console errors (a breach of the content security policy is one), uncaught exceptions, and requests to any
    host but the server under test.
    """

    def __init__(self) -> None:
        self.problems: list[str] = []
        self._forgiven: list[str] = []

    def forgive(self, words: str) -> None:
        """Let problems that contain these words pass: for a test that opens an error page on purpose."""
        self._forgiven.append(words)

    def unforgiven(self) -> list[str]:
        """The problems that no `forgive` covers."""
        return [one for one in self.problems if not any(words in one for words in self._forgiven)]

    def over(self, context: BrowserContext) -> None:
        """Begin to watch all pages of a browser context."""
        context.on("console", lambda message: self._on_console(message.type, message.text, message.location))
        context.on("weberror", lambda error: self.problems.append(f"uncaught in the page: {error.error}"))
        context.on("request", lambda request: self._on_request(request.url))

    def _on_console(self, kind: str, text: str, location: Any) -> None:
        if kind == "error":
            self.problems.append(f"console error: {text} ({location.get('url', '')})")

    def _on_request(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme in {"http", "https", "ws", "wss"} and parts.hostname not in OWN_HOSTS:
            self.problems.append(f"request to a foreign host: {url}")


@cache
def vendored(name: str) -> str:
    """The text of a file under `vendor/`, refused if it is not the one that the manifest names."""
    manifest = tomllib.loads((VENDOR / "MANIFEST").read_text(encoding="utf-8"))
    content = (VENDOR / name).read_bytes()
    if hashlib.sha256(content).hexdigest() != manifest[name]["sha256"]:
        raise RuntimeError(f"{name} is not the file that tests/support/vendor/MANIFEST names")
    return content.decode("utf-8")


def accessibility_problems(page: Page) -> list[str]:
    """What axe-core finds wrong with the page as it now stands, one line for each kind of problem.

    The script goes in through the debugger: our own content security policy would refuse a script element.
    """
    page.evaluate(vendored("axe.min.js"))
    found: dict[str, Any] = page.evaluate("() => axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{one['id']} ({one['impact']}): {one['help']}: "
        + "; ".join(" ".join(map(str, node["target"])) for node in one["nodes"])
        for one in found["violations"]
    ]
